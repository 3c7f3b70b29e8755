"""The Beam transforms that plan and read files."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

import apache_beam as beam
from apache_beam import pvalue

from newslake.schemas.raw import ArticleBatch, RawArticle, RawItem, RunFacts
from newslake.schemas.reject import Reject
from newslake.schemas.staging import SourceManifest
from newslake.transforms import side_outputs
from newslake.transforms.files.chunk import FileChunk
from newslake.transforms.files.columns.extra import EXTRA_CUT
from newslake.transforms.files.find import OpenBytes
from newslake.transforms.files.formats.base import Item, Noted, SavedFeed, Skipped
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.files.read import read_chunk
from newslake.transforms.lake.steps import note_progress
from newslake.transforms.side_outputs import ManifestsOutput, RejectsOutput

FEEDS = "feeds"
FeedsOutput: TypeAlias = pvalue.TaggedOutput[Literal["feeds"], tuple[RunFacts, FileChunk]]
BATCH_ARTICLES = 200
BATCH_BYTES = 8_000_000
_EXTRA_WAS_CUT = "articles whose extra was cut"


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
            note_progress(run, planned=len(found))
            for planned in found:
                chunk = planned.chunk
                if planned.is_last:
                    read = SourceManifest(
                        chunk.source_uri,
                        0,
                        size=chunk.size,
                        modified=planned.modified,
                        notes=chunk.notes,
                        is_container=chunk.is_archive,
                        settings=chunk.settings.digest(run.version),
                        is_whole=not self._limit,
                    )
                    yield side_outputs.manifest(run, read)
                yield pvalue.TaggedOutput(FEEDS, (run, chunk)) if planned.is_feed else (run, chunk)
        for reject in rejects:
            yield side_outputs.failed_manifest(run, reject)
        yield from side_outputs.rejects(run, rejects)


class FeedParser(Protocol):
    """Parses feeds that are members of an archive."""

    def parse(self, feed: SavedFeed) -> Iterator[RawItem]:
        """Yield the entries of a feed."""

    def close(self) -> None:
        """End what ``parse`` began."""


@dataclass(eq=False)
class ReadArticles(beam.PTransform):
    """Turn chunks of files into batches of raw articles.

    Records that cannot be read go to ``rejects``. The count of each source's records goes to
    ``manifests``.
    """

    open_bytes: OpenBytes
    feed_parser: FeedParser
    limit: int = 0

    def expand(self, chunks: beam.PCollection[tuple[RunFacts, FileChunk]]) -> Any:
        read = _ReadFn(self.open_bytes, self.feed_parser, self.limit)
        return (
            chunks
            | "SpreadChunks" >> beam.Reshuffle()
            | "Read" >> beam.ParDo(read).with_outputs(side_outputs.REJECTS, side_outputs.MANIFESTS, main="batches")
        )


@dataclass(slots=True)
class _Tally:
    """What was met of one source: its records, its first fault, and records worth a note."""

    items: int = 0
    failed: Reject | None = None
    notes: Counter[str] = field(default_factory=Counter)


class _ReadFn(beam.DoFn):
    def __init__(self, open_bytes: OpenBytes, feed_parser: FeedParser, limit: int) -> None:
        self._open_bytes = open_bytes
        self._feed_parser = feed_parser
        self._limit = limit

    def teardown(self) -> None:
        self._feed_parser.close()

    def process(
        self, element: tuple[RunFacts, FileChunk]
    ) -> Iterator[tuple[RunFacts, ArticleBatch] | RejectsOutput | ManifestsOutput]:
        run, chunk = element
        tallies: dict[str, _Tally] = {} if chunk.is_archive else {chunk.source_uri: _Tally()}
        gathered_bytes = 0
        batch, rejects = ArticleBatch(chunk.settings), list[Reject]()
        for item in self._limited(read_chunk(chunk, self._open_bytes), tallies, is_one=not chunk.is_archive):
            if isinstance(item, RawArticle):
                batch.articles.append(item)
            else:
                rejects.append(item)
            gathered_bytes += len(item.payload)
            if len(batch.articles) + len(rejects) >= BATCH_ARTICLES or gathered_bytes >= BATCH_BYTES:
                yield run, batch
                yield from side_outputs.rejects(run, rejects)
                note_progress(run, articles=len(batch.articles))
                batch, rejects, gathered_bytes = ArticleBatch(chunk.settings), [], 0
        yield run, batch
        yield from side_outputs.rejects(run, rejects)
        note_progress(run, done=1, articles=len(batch.articles))
        for source, tally in tallies.items():
            told: dict[str, Any] = {"items": tally.items, "notes": tuple(sorted(tally.notes.items()))}
            if tally.failed:
                yield side_outputs.failed_manifest(run, tally.failed, **told)
            else:
                yield side_outputs.manifest(run, SourceManifest(source, **told))

    def _limited(self, items: Iterator[Item], tallies: dict[str, _Tally], *, is_one: bool) -> Iterator[RawItem]:
        """Yield the records up to the limit of each source, and count them in ``tallies``.

        ``is_one`` tells that all items are of one source.
        """
        for item in items:
            if isinstance(item, SavedFeed):
                yield from self._limited(self._feed_parser.parse(item), tallies, is_one=True)
                continue
            tally = tallies.setdefault(item.source_uri, _Tally())
            if isinstance(item, Noted):
                tally.notes[item.what] = 0
                continue
            if isinstance(item, Skipped):
                tally.notes[f"records skipped ({item.kind})"] += 1
                continue
            if self._limit and tally.items >= self._limit:
                if is_one:
                    return
                continue
            if isinstance(item, Reject) and item.whole_source:
                tally.failed = tally.failed or item
            else:
                tally.items += 1
            if isinstance(item, RawArticle) and EXTRA_CUT in item.warnings:
                tally.notes[_EXTRA_WAS_CUT] += 1
            yield item
