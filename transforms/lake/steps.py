"""Staging, building and committing, as Beam sees it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.staged import PublishTask, Resolution, RunPlace, Shard, SourceManifest, StagedBatch, StagedFile
from transforms.lake.commit import Outcome, RunMeta, commit_run, write_outcome
from transforms.lake.publish import FileBuilder
from transforms.lake.stage import ARTICLES, REJECTS, ShardBuffer


@dataclass(eq=False)
class StageArticles(beam.PTransform):
    """Encoded lines in, names of staged shards out: from here on no text is shuffled."""

    place: RunPlace

    def expand(self, batches: beam.PCollection[StagedBatch]) -> beam.PCollection[Shard]:
        return batches | "WriteShards" >> beam.ParDo(_StageFn(self.place)).with_output_types(Shard)


class _StageFn(beam.DoFn):
    def __init__(self, place: RunPlace) -> None:
        self._folder = Path(place.lake, place.staging)

    def start_bundle(self) -> None:
        self._buffers: dict[Any, dict[str, ShardBuffer]] = {}

    def process(self, batch: StagedBatch, window: Any = beam.DoFn.WindowParam) -> Iterator[Shard]:
        buffers = self._buffers.setdefault(window, {kind: ShardBuffer(self._folder, kind) for kind in (ARTICLES, REJECTS)})
        yield from buffers[batch.kind].add(batch)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for window, buffers in self._buffers.items():
            timestamp = GlobalWindow().max_timestamp() if isinstance(window, GlobalWindow) else window.max_timestamp()
            for buffer in buffers.values():
                for shard in buffer.flush():
                    yield WindowedValue(shard, timestamp, (window,))


@dataclass(eq=False)
class PublishFiles(beam.PTransform):
    """Tasks in, files out: built in staging under the names of the attempt, not yet part of the lake."""

    place: RunPlace
    compression: str = "gzip"

    def expand(self, tasks: beam.PCollection[PublishTask]) -> beam.PCollection[StagedFile]:
        return (
            tasks
            | "SpreadTasks" >> beam.Reshuffle()
            | "BuildFiles" >> beam.ParDo(_BuildFn(self.place, self.compression)).with_output_types(StagedFile)
        )


class _BuildFn(beam.DoFn):
    def __init__(self, place: RunPlace, compression: str) -> None:
        self._place = place
        self._compression = compression

    def setup(self) -> None:
        self._builder = FileBuilder(self._place, self._compression)

    def process(self, task: PublishTask) -> Iterator[StagedFile]:
        yield self._builder.build(task)


@dataclass(eq=False)
class CommitRun(beam.PTransform):
    """Everything that the run counted and built in; one outcome out, after one entry was appended to the log, or none.

    The input holds manifests, the resolution, staged files and, always, the run's heartbeat, so that a run with no news commits too.
    """

    place: RunPlace
    meta: RunMeta
    preview: bool = False

    def expand(self, parts: beam.PCollection[Any]) -> beam.PCollection[Outcome]:
        return (
            parts
            | "UnderOneKey" >> beam.WithKeys(0)
            | "Gather" >> beam.GroupByKey()
            | "Commit" >> beam.ParDo(_CommitFn(self.place, self.meta, self.preview)).with_output_types(Outcome)
        )


class _CommitFn(beam.DoFn):
    def __init__(self, place: RunPlace, meta: RunMeta, preview: bool) -> None:
        self._place = place
        self._meta = meta
        self._preview = preview

    def process(self, gathered: tuple[int, Iterable[Any]]) -> Iterator[Outcome]:
        manifests: list[SourceManifest] = []
        built: list[StagedFile] = []
        resolution = Resolution()
        for part in gathered[1]:
            match part:
                case SourceManifest():
                    manifests.append(part)
                case StagedFile():
                    built.append(part)
                case Resolution():
                    resolution = part
        meta = self._meta.after(time.time())
        outcome = commit_run(self._place, meta, manifests, resolution, built, preview=self._preview)
        write_outcome(self._place, outcome)
        yield outcome
