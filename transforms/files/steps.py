"""Matching and reading files, as Beam sees it."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeAlias

import apache_beam as beam
from apache_beam import pvalue

from schemas.raw import ArticleBatch, RawArticle
from schemas.reject import Reject
from schemas.staged import SourceManifest
from transforms import outcome
from transforms.files.fields import missing_columns
from transforms.files.match import HEAD_BYTES, FileChunk, FileMatch, OpenBytes
from transforms.files.patterns import FilePattern, match_patterns
from transforms.files.plan import FilePlan, PlannedChunk, plan_files
from transforms.files.read import read_chunk
from transforms.lake import progress
from transforms.outcome import ManifestsOutput, RejectsOutput

_LOGGER = logging.getLogger("newslake")

FEEDS = "feeds"
FeedsOutput: TypeAlias = pvalue.TaggedOutput[Literal["feeds"], FileChunk]
BATCH_ARTICLES = 200
BATCH_BYTES = 8_000_000

MatchRemote = Callable[[str], list[FileMatch]]


@dataclass(eq=False)
class MatchFiles(beam.PTransform):
    """All patterns of a run, or the plan of what they matched, in one element in; chunks of files out, saved feeds as ``feeds``, what
    cannot be read as ``rejects``."""

    staging: str
    open_bytes: OpenBytes
    match_remote: MatchRemote
    lake: str
    limit: int = 0

    def expand(self, files: beam.PCollection[tuple[FilePattern, ...] | FilePlan]) -> Any:
        match = _MatchFn(self.staging, self.open_bytes, self.match_remote, self.lake, self.limit)
        return files | "Match" >> beam.ParDo(match).with_outputs(outcome.REJECTS, outcome.MANIFESTS, FEEDS, main="chunks")


class _MatchFn(beam.DoFn):
    def __init__(self, staging: str, open_bytes: OpenBytes, match_remote: MatchRemote, lake: str, limit: int) -> None:
        self._staging = staging
        self._open_bytes = open_bytes
        self._match_remote = match_remote
        self._lake = lake
        self._limit = limit

    def process(self, files: tuple[FilePattern, ...] | FilePlan) -> Iterator[FileChunk | FeedsOutput | RejectsOutput | ManifestsOutput]:
        rejects: list[Reject] = []
        for found in files.parts() if isinstance(files, FilePlan) else self._found(files):
            if isinstance(found, Reject):
                rejects.append(found)
                continue
            progress.note(self._staging, planned=len(found))
            for planned in found:
                chunk = planned.chunk
                if planned.is_last:
                    yield outcome.manifest(SourceManifest(chunk.source_uri, 0, size=chunk.size, modified=planned.modified))
                _warn_of_missing_columns(chunk)
                yield pvalue.TaggedOutput(FEEDS, chunk) if planned.is_feed else chunk
        for reject in rejects:
            yield outcome.failed_manifest(reject)
        yield from outcome.rejects(rejects)

    def _found(self, patterns: tuple[FilePattern, ...]) -> Iterator[tuple[PlannedChunk, ...] | Reject]:
        matches, rejects = match_patterns(patterns, self._match_remote, self._lake)
        yield from rejects
        # A limit counts the articles of a source from its beginning: such a file is one chunk.
        yield from plan_files(matches, self._open_bytes, is_one_chunk=self._limit > 0)


def _warn_of_missing_columns(chunk: FileChunk) -> None:
    """A column that is configured and not there is mostly misspelt: its field would be empty in every row, in silence."""
    if chunk.header and chunk.start <= HEAD_BYTES:  # the first chunk of a table
        for column in missing_columns(chunk.header, chunk.settings):
            _LOGGER.warning("%s: there is no column %r, which the configuration names", chunk.source_uri, column)


@dataclass(eq=False)
class ReadArticles(beam.PTransform):
    """Chunks of files in; batches of raw articles out, what cannot be read as ``rejects``, what was met as ``manifests``."""

    staging: str
    open_bytes: OpenBytes
    limit: int = 0

    def expand(self, chunks: beam.PCollection[FileChunk]) -> Any:
        read = _ReadFn(self.staging, self.open_bytes, self.limit)
        return (
            chunks
            | "SpreadChunks" >> beam.Reshuffle()
            | "Read" >> beam.ParDo(read).with_outputs(outcome.REJECTS, outcome.MANIFESTS, main="batches")
        )


class _ReadFn(beam.DoFn):
    def __init__(self, staging: str, open_bytes: OpenBytes, limit: int) -> None:
        self._staging = staging
        self._open_bytes = open_bytes
        self._limit = limit

    def process(self, chunk: FileChunk) -> Iterator[ArticleBatch | RejectsOutput | ManifestsOutput]:
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
                yield batch
                yield from outcome.rejects(rejects)
                progress.note(self._staging, articles=len(batch.articles))
                batch, rejects, gathered_bytes = ArticleBatch(chunk.settings), [], 0
        yield batch
        yield from outcome.rejects(rejects)
        progress.note(self._staging, done=1, articles=len(batch.articles))
        yield outcome.failed_manifest(failed, items=items) if failed else outcome.manifest(SourceManifest(chunk.source_uri, items))
