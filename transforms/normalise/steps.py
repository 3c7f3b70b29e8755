"""Normalisation, as Beam sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam

from schemas.raw import ArticleBatch, NormalisedBatch, RunFacts
from schemas.reject import Reject, Stage
from transforms import outcome
from transforms.normalise.article import detect, make_record, read_texts
from transforms.outcome import RejectsOutput


@dataclass(eq=False)
class NormaliseArticles(beam.PTransform):
    """Raw articles in, articles with trusted dates and metadata out; what cannot be normalised goes to ``rejects``."""

    run: RunFacts

    def expand(self, batches: beam.PCollection[ArticleBatch]) -> Any:
        return batches | "Normalise" >> beam.ParDo(_NormaliseFn(self.run)).with_outputs(outcome.REJECTS, main="articles")


class _NormaliseFn(beam.DoFn):
    def __init__(self, run: RunFacts) -> None:
        self._run = run

    def process(self, batch: ArticleBatch) -> Iterator[NormalisedBatch | RejectsOutput]:
        base = self._run.now if batch.is_fetched else None
        make = partial(make_record, settings=batch.settings, run=self._run, base=base)
        made: list[tuple[Any, ...]] = [(raw,) for raw in batch.articles]
        rejected: list[Reject] = []
        for step in (read_texts, detect, make):
            sorted_out = outcome.attempt(step, made, Stage.NORMALISE_ARTICLES)
            made = sorted_out.made
            rejected += sorted_out.rejected
        if made:
            yield NormalisedBatch([(record, raw) for record, *_, raw in made])
        yield from outcome.rejects(rejected)
