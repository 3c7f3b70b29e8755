"""The Beam transforms that stage articles, build files and commit runs; the progress of a run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import BuildTask, Decision, Shard, SourceManifest, StagedBatch, StagedFile
from newslake.transforms.lake import progress
from newslake.transforms.lake.attempt import check_staging
from newslake.transforms.lake.build import FileBuilder
from newslake.transforms.lake.commit import (
    Acts,
    CommitSettings,
    Outcome,
    Status,
    Work,
    commit_run,
    preview_run,
    write_outcome,
)
from newslake.transforms.lake.staging import ARTICLES, REJECTS, ShardBuffer, Staging
from newslake.transforms.storage.base import Storage


def note_progress(run: RunFacts, *, planned: int = 0, done: int = 0, articles: int = 0) -> None:
    """Add to the counts that show how far a run is.

    They are Beam's counters. The local runner tells those at the end only, so its workers also note
    them in a file.
    """
    for name, count in zip(progress.COUNTERS, (planned, done, articles), strict=True):
        if count:
            Metrics.counter("newslake", name).inc(count)
    progress.note(run.scratch, planned=planned, done=done, articles=articles)


@dataclass(eq=False)
class StageArticles(beam.PTransform):
    """Turn encoded lines into staged shards, each under the key of its commit.

    After this step no text is shuffled. ``store`` is the lake, or a folder outside it for a dry
    run.
    """

    store: Storage

    def expand(self, batches: beam.PCollection[tuple[RunFacts, StagedBatch]]) -> beam.PCollection[tuple[str, Shard]]:
        return batches | "WriteShards" >> beam.ParDo(_StageFn(self.store)).with_output_types(tuple[str, Shard])


class _StageFn(beam.DoFn):
    def __init__(self, store: Storage) -> None:
        self._store = store

    def start_bundle(self) -> None:
        self._buffers: dict[tuple[RunFacts, Any], dict[str, ShardBuffer]] = {}

    def process(
        self, element: tuple[RunFacts, StagedBatch], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[tuple[str, Shard]]:
        run, batch = element
        if (run, window) not in self._buffers:
            check_staging(self._store, run)
            staging = Staging(self._store, run.staging)
            self._buffers[run, window] = {kind: ShardBuffer(staging, kind) for kind in (ARTICLES, REJECTS)}
        for shard in self._buffers[run, window][batch.kind].add(batch):
            yield run.commit, shard

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for (run, window), buffers in self._buffers.items():
            timestamp = GlobalWindow().max_timestamp() if isinstance(window, GlobalWindow) else window.max_timestamp()
            for buffer in buffers.values():
                for shard in buffer.flush():
                    yield WindowedValue((run.commit, shard), timestamp, (window,))


@dataclass(eq=False)
class BuildFiles(beam.PTransform):
    """Turn tasks into files in staging, each under the key of its commit.

    The files are not part of the lake before the commit.
    """

    store: Storage
    compression: str = "gzip"

    def expand(self, tasks: beam.PCollection[tuple[RunFacts, BuildTask]]) -> beam.PCollection[tuple[str, StagedFile]]:
        build = _BuildFn(self.store, self.compression)
        return (
            tasks
            | "SpreadTasks" >> beam.Reshuffle()
            | "Build" >> beam.ParDo(build).with_output_types(tuple[str, StagedFile])
        )


class _BuildFn(beam.DoFn):
    def __init__(self, store: Storage, compression: str) -> None:
        self._store = store
        self._compression = compression

    def start_bundle(self) -> None:
        self._builders: dict[RunFacts, FileBuilder] = {}

    def process(self, element: tuple[RunFacts, BuildTask]) -> Iterator[tuple[str, StagedFile]]:
        run, task = element
        if run not in self._builders:
            self._builders[run] = FileBuilder(Staging(self._store, run.staging), run.run_id, self._compression)
        yield run.commit, self._builders[run].build(task)


@dataclass(eq=False)
class CommitRun(beam.PTransform):
    """Turn all that a run counted, staged, decided and built into the run's outcome.

    The input has the key of the run's commit. It always holds the RunFacts, so a run without news
    commits too. ``acts`` are the functions for deciding again. In a dry run ``store`` is not the
    lake, and nothing is committed.
    """

    lake: Storage
    store: Storage
    acts: Acts
    settings: CommitSettings

    def expand(self, parts: beam.PCollection[tuple[str, Any]]) -> beam.PCollection[Outcome]:
        commit = _CommitFn(self.lake, self.store, self.acts, self.settings)
        return parts | "Gather" >> beam.GroupByKey() | "Commit" >> beam.ParDo(commit).with_output_types(Outcome)


class _CommitFn(beam.DoFn):
    def __init__(self, lake: Storage, store: Storage, acts: Acts, settings: CommitSettings) -> None:
        self._lake = lake
        self._store = store
        self._acts = acts
        self._settings = settings

    def process(self, gathered: tuple[str, Iterable[Any]]) -> Iterator[Outcome]:
        parts = list(gathered[1])
        run = next(part for part in parts if isinstance(part, RunFacts))
        work = Work(
            manifests=[part for part in parts if isinstance(part, SourceManifest)],
            shards=[part for part in parts if isinstance(part, Shard)],
            decision=next(part for part in parts if isinstance(part, Decision)),
            built=[part for part in parts if isinstance(part, StagedFile)],
        )
        staging = Staging(self._store, run.staging)
        if self._store == self._lake:
            outcome = commit_run(self._lake, run, work, self._acts, self._settings)
        else:
            outcome = preview_run(staging, run, work, self._settings)
        if outcome.status not in (Status.COMMITTED, Status.NO_SOURCE):  # the log holds these two
            write_outcome(staging, outcome)
        yield outcome
