"""Normalisation, as Beam sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam

from schemas.raw import ArticleBatch, NormalisedBatch, RunFacts
from schemas.reject import Stage
from transforms import outcome
from transforms.normalise.article import find_languages, make_record, name_countries, read_texts
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
        read = outcome.attempt(read_texts, [(raw,) for raw in batch.articles], Stage.NORMALISE_ARTICLES)
        languages = find_languages(read.made, batch.settings)
        known = [(found, *texts_and_raw) for found, texts_and_raw in zip(languages, read.made, strict=True)]
        placed = outcome.attempt(name_countries, known, Stage.NORMALISE_ARTICLES)
        records = outcome.attempt(make, placed.made, Stage.NORMALISE_ARTICLES)
        if records.made:
            yield NormalisedBatch([(record, raw) for record, *_, raw in records.made])
        yield from outcome.rejects(read.rejected + placed.rejected + records.rejected)
