"""The Beam transforms that plan and read files."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeAlias

import apache_beam as beam
from apache_beam import pvalue

from newslake.schemas.raw import ArticleBatch, RawArticle, RunFacts
from newslake.schemas.reject import Reject
from newslake.schemas.staging import SourceManifest
from newslake.transforms import side_outputs
from newslake.transforms.files.fields import missing_columns
from newslake.transforms.files.match import HEAD_BYTES, FileChunk, OpenBytes
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.files.read import read_chunk
from newslake.transforms.lake import progress
from newslake.transforms.side_outputs import ManifestsOutput, RejectsOutput

_LOGGER = logging.getLogger("newslake")

FEEDS = "feeds"
FeedsOutput: TypeAlias = pvalue.TaggedOutput[Literal["feeds"], tuple[RunFacts, FileChunk]]
BATCH_ARTICLES = 200
BATCH_BYTES = 8_000_000


@dataclass(eq=False)
class PlanFiles(beam.PTransform):
    """Turn the plan of each run into chunks of files. Saved feeds go to ``feeds``.

    Files that cannot be read go to ``rejects``, and the size and time of each file to
    ``manifests``.
    """

    open_bytes: OpenBytes
    limit: int = 0

    def expand(self, plans: beam.PCollection[tuple[RunFacts, FilePlan]]) -> Any:
        plan = _PlanFn(self.open_bytes, self.limit)
        return plans | "Plan" >> beam.ParDo(plan).with_outputs(
            side_outputs.REJECTS, side_outputs.MANIFESTS, FEEDS, main="chunks"
        )


class _PlanFn(beam.DoFn):
    def __init__(self, open_bytes: OpenBytes, limit: int) -> None:
        self._open_bytes = open_bytes
        self._limit = limit

    def process(
        self, element: tuple[RunFacts, FilePlan]
    ) -> Iterator[tuple[RunFacts, FileChunk] | FeedsOutput | RejectsOutput | ManifestsOutput]:
        run, plan = element
        rejects: list[Reject] = []
        # A limit counts the articles of a source from its beginning, so the file is one chunk.
        for found in plan.parts(self._open_bytes, is_one_chunk=self._limit > 0):
            if isinstance(found, Reject):
                rejects.append(found)
                continue
            progress.note(run.scratch, planned=len(found))
            for planned in found:
                chunk = planned.chunk
                if planned.is_last:
                    read = SourceManifest(chunk.source_uri, 0, size=chunk.size, modified=planned.modified)
                    yield side_outputs.manifest(run, read)
                _warn_of_missing_columns(chunk)
                yield pvalue.TaggedOutput(FEEDS, (run, chunk)) if planned.is_feed else (run, chunk)
        for reject in rejects:
            yield side_outputs.failed_manifest(run, reject)
        yield from side_outputs.rejects(run, rejects)


def _warn_of_missing_columns(chunk: FileChunk) -> None:
    """Warn of configured columns that the table does not have.

    Such a name is mostly misspelt, and its field would silently be empty in every row.
    """
    if chunk.header and chunk.start <= HEAD_BYTES:  # the first chunk of a table
        for column in missing_columns(chunk.header, chunk.settings):
            _LOGGER.warning(
                "%s: there is no column %r, which the configuration names; the columns are %s",
                chunk.source_uri,
                column,
                ", ".join(map(repr, chunk.header)),
            )


@dataclass(eq=False)
class ReadArticles(beam.PTransform):
    """Turn chunks of files into batches of raw articles.

    Records that cannot be read go to ``rejects``. The count of each chunk's records goes to
    ``manifests``.
    """

    open_bytes: OpenBytes
    limit: int = 0

    def expand(self, chunks: beam.PCollection[tuple[RunFacts, FileChunk]]) -> Any:
        read = _ReadFn(self.open_bytes, self.limit)
        return (
            chunks
            | "SpreadChunks" >> beam.Reshuffle()
            | "Read" >> beam.ParDo(read).with_outputs(side_outputs.REJECTS, side_outputs.MANIFESTS, main="batches")
        )


class _ReadFn(beam.DoFn):
    def __init__(self, open_bytes: OpenBytes, limit: int) -> None:
        self._open_bytes = open_bytes
        self._limit = limit

    def process(
        self, element: tuple[RunFacts, FileChunk]
    ) -> Iterator[tuple[RunFacts, ArticleBatch] | RejectsOutput | ManifestsOutput]:
        run, chunk = element
        items, gathered_bytes = 0, 0
        failed: Reject | None = None
        batch, rejects = ArticleBatch(chunk.settings), list[Reject]()
        for item in islice(read_chunk(chunk, self._open_bytes), self._limit or None):
            items += 1
            if isinstance(item, RawArticle):
                batch.articles.append(item)
            else:
                rejects.append(item)
                failed = failed or (item if item.whole_source else None)
            gathered_bytes += len(item.payload)
            if len(batch.articles) + len(rejects) >= BATCH_ARTICLES or gathered_bytes >= BATCH_BYTES:
                yield run, batch
                yield from side_outputs.rejects(run, rejects)
                progress.note(run.scratch, articles=len(batch.articles))
                batch, rejects, gathered_bytes = ArticleBatch(chunk.settings), [], 0
        yield run, batch
        yield from side_outputs.rejects(run, rejects)
        progress.note(run.scratch, done=1, articles=len(batch.articles))
        read = SourceManifest(chunk.source_uri, items)
        yield side_outputs.failed_manifest(run, failed, items=items) if failed else side_outputs.manifest(run, read)
