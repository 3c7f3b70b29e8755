"""Beam steps that normalise raw articles into records."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam

from newslake.schemas.raw import ArticleBatch, NormalisedBatch, RunFacts
from newslake.schemas.reject import Reject, Stage
from newslake.transforms import side_outputs
from newslake.transforms.normalise.article import find_languages, make_record, name_countries, read_texts
from newslake.transforms.side_outputs import RejectsOutput


@dataclass(eq=False)
class NormaliseArticles(beam.PTransform):
    """Turns batches of raw articles into records (``articles``) and ``rejects``."""

    def expand(self, batches: beam.PCollection[tuple[RunFacts, ArticleBatch]]) -> Any:
        return batches | "Normalise" >> beam.ParDo(_NormaliseFn()).with_outputs(side_outputs.REJECTS, main="articles")


class _NormaliseFn(beam.DoFn):
    def process(
        self, element: tuple[RunFacts, ArticleBatch]
    ) -> Iterator[tuple[RunFacts, NormalisedBatch] | RejectsOutput]:
        run, batch = element
        normalised, rejected = normalise_batch(run, batch)
        if normalised.articles:
            yield run, normalised
        yield from side_outputs.rejects(run, rejected)


def normalise_batch(run: RunFacts, batch: ArticleBatch) -> tuple[NormalisedBatch, list[Reject]]:
    """Return the records of a batch in its order, and a reject for each other article.

    Each step runs over the whole batch before the next one, because the steps use large tables.
    """
    base = run.now if batch.is_fetched else None
    make = partial(make_record, settings=batch.settings, run=run, base=base)
    read = side_outputs.attempt(read_texts, [(raw,) for raw in batch.articles], Stage.NORMALISE_ARTICLES)
    languages = find_languages(read.made, batch.settings)
    known = [(found, *texts_and_raw) for found, texts_and_raw in zip(languages, read.made, strict=True)]
    placed = side_outputs.attempt(name_countries, known, Stage.NORMALISE_ARTICLES)
    records = side_outputs.attempt(make, placed.made, Stage.NORMALISE_ARTICLES)
    articles = [(record, raw) for record, *_, raw in records.made]
    return NormalisedBatch(articles), read.rejected + placed.rejected + records.rejected
