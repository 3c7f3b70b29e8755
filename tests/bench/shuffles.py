"""The elements of a whole run that cross a shuffle, and their bytes in Beam's own coders.

The run has its usual graph. A tap stands beside the input of each GroupByKey, also of those in a
Reshuffle. It encodes each element with the coder that Beam takes for the type of the input.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam import coders
from apache_beam.metrics import Metrics, MetricsFilter
from apache_beam.pipeline import AppliedPTransform, PipelineVisitor
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.faults import unwrapped
from newslake.pipeline.run.once import run
from newslake.pipeline.runners import ENGINES
from newslake.pipeline.runners.base import Build
from newslake.pipeline.runners.local import beam_options
from newslake.schemas.raw import RunFacts
from newslake.schemas.tables import RunSummary
from newslake.transforms.lake.progress import Counts
from newslake.transforms.storage.base import Storage

NAMESPACE = "shuffles"
ENGINE = "tapped"
_WITHIN_RESHUFFLE = "/ReshufflePerKey/GroupByKey"


@dataclass(frozen=True, slots=True)
class Crossing:
    """The elements of one kind that cross one shuffle: how many, and their encoded bytes."""

    shuffle: str
    kind: str
    elements: int
    bytes: int


def crossings_of(options: RunOptions) -> tuple[RunSummary, list[Crossing]]:
    """Run once in this process, and return the summary and all that crossed a shuffle."""
    engine = _TappedEngine()

    @contextmanager
    def opened(_: RunOptions) -> Iterator[_TappedEngine]:
        yield engine

    ENGINES[ENGINE] = opened
    try:
        outcome = run(options)
    finally:
        del ENGINES[ENGINE]
    return outcome.summary, engine.crossings


class _TappedEngine:
    """The local engine with one process, and with taps."""

    workers_end_with_it = True

    def __init__(self) -> None:
        self.crossings: list[Crossing] = []

    def execute(self, build: Build) -> None:
        pipeline = beam.Pipeline(runner=FnApiRunner(), options=beam_options(()))
        build(pipeline)
        _tap(pipeline)
        with unwrapped():
            done = pipeline.run()
            done.wait_until_finish()
        self.crossings = _counted(done)

    def counts(self, run: RunFacts, store: Storage) -> Counts:
        return Counts()


def _tap(pipeline: beam.Pipeline) -> None:
    found: list[AppliedPTransform] = []

    class Finder(PipelineVisitor):  # type: ignore[misc]
        def enter_composite_transform(self, node: AppliedPTransform) -> None:
            self.visit_transform(node)

        def visit_transform(self, node: AppliedPTransform) -> None:
            if isinstance(node.transform, beam.GroupByKey):
                found.append(node)

    pipeline.visit(Finder())
    for number, node in enumerate(found):
        elements = node.inputs[0]
        is_reshuffle = node.full_label.endswith(_WITHIN_RESHUFFLE)
        shuffle = node.full_label.removesuffix(_WITHIN_RESHUFFLE)
        coder = coders.registry.get_coder(elements.element_type)
        elements | f"Tap {number}" >> beam.ParDo(_TapFn(shuffle, coder, is_reshuffle=is_reshuffle))


class _TapFn(beam.DoFn):
    def __init__(self, shuffle: str, coder: coders.Coder, *, is_reshuffle: bool) -> None:
        self._shuffle = shuffle
        self._coder = coder
        self._is_reshuffle = is_reshuffle

    def process(self, element: tuple[Any, Any]) -> None:
        # A Reshuffle groups (random number, ((run, item), time)), the others (commit, item).
        item = element[1][0][1] if self._is_reshuffle else element[1]
        kind = f"{type(item[0]).__name__} group" if isinstance(item, tuple) else type(item).__name__
        name = f"{self._shuffle}\t{kind}"
        Metrics.distribution(NAMESPACE, name).update(len(self._coder.encode(element)))


def _counted(done: Any) -> list[Crossing]:
    found = done.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["distributions"]
    return sorted(
        (Crossing(*one.key.metric.name.split("\t"), one.result.count, one.result.sum) for one in found),
        key=lambda one: (one.shuffle, one.kind),
    )
