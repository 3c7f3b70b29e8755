"""The Beam transforms that give articles their identity and their verdicts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

import apache_beam as beam
from apache_beam import pvalue

from newslake.schemas import codec
from newslake.schemas.raw import NormalisedBatch, RunFacts
from newslake.schemas.reject import Reject
from newslake.schemas.staging import BuildTask, Decision, Shard, SourceManifest, StagedBatch
from newslake.transforms.deduplicate.decider import Decider
from newslake.transforms.deduplicate.keys import identify_articles, identify_rejects
from newslake.transforms.lake.attempt import Attempt, open_attempt
from newslake.transforms.lake.recover import state_in_place
from newslake.transforms.storage.base import LakeError

DECISIONS = "decisions"
DecisionsOutput: TypeAlias = pvalue.TaggedOutput[Literal["decisions"], tuple[str, Decision]]


@dataclass(eq=False)
class IdentifyArticles(beam.PTransform):
    """Turn articles into encoded lines with the id, keys, hashes and fingerprints for deciding."""

    with_fingerprints: bool = True

    def expand(
        self, batches: beam.PCollection[tuple[RunFacts, NormalisedBatch]]
    ) -> beam.PCollection[tuple[RunFacts, StagedBatch]]:
        identify = partial(_identified_articles, with_fingerprints=self.with_fingerprints)
        return batches | "Identify" >> beam.Map(identify).with_output_types(tuple[RunFacts, StagedBatch])


def _identified_articles(
    element: tuple[RunFacts, NormalisedBatch], with_fingerprints: bool
) -> tuple[RunFacts, StagedBatch]:
    run, batch = element
    return run, identify_articles(batch, with_fingerprints)


@dataclass(eq=False)
class IdentifyRejects(beam.PTransform):
    """Turn the rejects of every step into encoded lines, each with its key.

    The key tells whether the lake has met the reject before.
    """

    def expand(
        self, rejects: beam.PCollection[tuple[RunFacts, list[Reject]]]
    ) -> beam.PCollection[tuple[RunFacts, StagedBatch]]:
        return rejects | "Identify" >> beam.Map(_identified_rejects).with_output_types(tuple[RunFacts, StagedBatch])


def _identified_rejects(element: tuple[RunFacts, list[Reject]]) -> tuple[RunFacts, StagedBatch]:
    run, rejects = element
    return run, identify_rejects(rejects, codec.timestamp(run.now), run.run_id)


@dataclass(eq=False)
class DecideArticles(beam.PTransform):
    """Turn all that a run staged into files to build, and the output ``decisions``.

    The input holds shards, manifests and the RunFacts, under the key of the run's commit. The
    columns of all articles of a run are decided together, in memory; the text stays in its shards.
    A dry run decides at the head of the log too, and commits nothing.
    """

    decider: Decider

    def expand(self, parts: beam.PCollection[tuple[str, Any]]) -> Any:
        decide = beam.ParDo(_DecideFn(self.decider)).with_outputs(DECISIONS, main="tasks")
        return parts | "Gather" >> beam.GroupByKey() | "Decide" >> decide


class _DecideFn(beam.DoFn):
    def __init__(self, decider: Decider) -> None:
        self._decider = decider

    def process(self, gathered: tuple[str, Iterable[Any]]) -> Iterator[tuple[RunFacts, BuildTask] | DecisionsOutput]:
        parts = list(gathered[1])
        run = next(part for part in parts if isinstance(part, RunFacts))
        tasks, decision = self._decided(run, parts)
        for task in tasks:
            yield run, task
        yield pvalue.TaggedOutput(DECISIONS, (run.commit, decision))

    def _decided(self, run: RunFacts, parts: list[Any]) -> tuple[list[BuildTask], Decision]:
        attempt = self._opened(run)
        shards = [part for part in parts if isinstance(part, Shard)]
        manifests = [part for part in parts if isinstance(part, SourceManifest)]
        if attempt.fate is None:
            try:
                return self._decider.decide(run, attempt.state, shards, manifests)
            except (LakeError, OSError):
                # The same step may run twice at once. If the log has the run's end by now, its
                # staged files are gone, and that is no fault.
                if self._opened(run).fate is None:
                    raise
        return [], Decision(base=attempt.state.number)

    def _opened(self, run: RunFacts) -> Attempt:
        lake = self._decider.lake
        return open_attempt(lake, run) if self._decider.store == lake else Attempt(state_in_place(lake))
