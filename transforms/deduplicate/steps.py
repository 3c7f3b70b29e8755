"""Identity and judgement, as Beam sees it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import apache_beam as beam
from apache_beam import pvalue

from schemas import codec
from schemas.raw import NormalisedBatch, RunFacts
from schemas.reject import Reject
from schemas.staged import PublishTask, Resolution, RunPlace, Shard, SourceManifest, StagedBatch
from transforms.deduplicate.decide import Policy, decide
from transforms.deduplicate.identity import identify_articles, identify_rejects

RESOLUTION = "resolution"
ResolutionOutput: TypeAlias = pvalue.TaggedOutput[Literal["resolution"], Resolution]


@dataclass(eq=False)
class IdentifyArticles(beam.PTransform):
    """Articles in, encoded lines out, with the id, keys, hashes and fingerprints that the resolver decides by."""

    with_fingerprints: bool = True

    def expand(self, batches: beam.PCollection[NormalisedBatch]) -> beam.PCollection[StagedBatch]:
        return batches | "Identify" >> beam.Map(identify_articles, self.with_fingerprints).with_output_types(StagedBatch)


@dataclass(eq=False)
class IdentifyRejects(beam.PTransform):
    """Rejects of every step in, encoded lines out, with the key by which one that was met before is known."""

    run: RunFacts

    def expand(self, rejects: beam.PCollection[list[Reject]]) -> beam.PCollection[StagedBatch]:
        ingested_at = codec.timestamp(self.run.now)
        return rejects | "Identify" >> beam.Map(identify_rejects, ingested_at, self.run.run_id).with_output_types(StagedBatch)


@dataclass(eq=False)
class DeduplicateArticles(beam.PTransform):
    """Shards, manifests and the heartbeat in; files to build out, and the ``resolution`` of the whole run.

    One key: the columns of all articles are judged together, in memory, while the text stays in its shards.
    """

    place: RunPlace
    policy: Policy

    def expand(self, parts: beam.PCollection[Any]) -> Any:
        return (
            parts
            | "UnderOneKey" >> beam.WithKeys(0)
            | "Gather" >> beam.GroupByKey()
            | "Decide" >> beam.ParDo(_DecideFn(self.place, self.policy)).with_outputs(RESOLUTION, main="tasks")
        )


class _DecideFn(beam.DoFn):
    def __init__(self, place: RunPlace, policy: Policy) -> None:
        self._place = place
        self._policy = policy

    def process(self, gathered: tuple[int, Iterable[Any]]) -> Iterator[PublishTask | ResolutionOutput]:
        parts = list(gathered[1])
        shards = [part for part in parts if isinstance(part, Shard)]
        manifests = [part for part in parts if isinstance(part, SourceManifest)]
        tasks, resolution = decide(self._place, shards, manifests, self._policy)
        yield from tasks
        yield pvalue.TaggedOutput(RESOLUTION, resolution)
