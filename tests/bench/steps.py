"""The time of each step of normalisation, compared with the whole of NormaliseArticles.

A step is a pure function, called with the arguments that it gets in a run. Steps and the whole are
timed in turns over the same articles (news.py). A step whose module is missing is named and left
out.
"""

import argparse
import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))

from news import raw_articles

from newslake.schemas.raw import ArticleBatch, RawArticle, RunFacts, SourceSettings

GOAL_ARTICLES_A_SECOND = 3_000
SETTINGS = SourceSettings(zone="Europe/Amsterdam", publisher="The Example News", country="NL")
RUN = RunFacts("run", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article, and its texts in the form that the steps after ``text`` get."""

    raw: RawArticle
    headline: str
    body: str
    paragraphs: list[str]
    language: str


Pass = Callable[[], None]
"""One pass of a step over all articles."""


def html_reader() -> Callable[[str], str]:
    from newslake.transforms.normalise.markup import read_html

    return lambda html: read_html(html).text


def steps_table(articles: int = 2_000, rounds: int = 3) -> Table:
    """Return a table with the time for an article of each step and of the whole.

    It holds microseconds as medians of ``rounds``, and the articles in a second.
    """
    prepared = prepare(raw_articles(articles))
    passes: dict[str, Pass] = {}
    absent: dict[str, str] = {}
    for name, load in STEPS.items():
        try:
            passes[name] = load(prepared)
        except ImportError as error:
            absent[name] = f"not there: {error}"
    microseconds = {name: seconds * 1e6 / articles for name, seconds in take_turns(passes, rounds).items()}
    whole = microseconds.pop(WHOLE)
    chars = sum(len(article.body) for article in prepared) / articles
    table = Table(
        title=f"what a step takes: {articles:,} articles of {chars:,.0f} characters, medians of {rounds}",
        title_justify="left",
    )
    for heading in ("", "µs an article", "share"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    table.add_column("")
    for name in STEPS:
        if name in absent:
            table.add_row(name, "-", "-", absent[name])
        elif name != WHOLE:
            table.add_row(name, f"{microseconds[name]:.1f}", f"{microseconds[name] / whole:.0%}", "")
    together = sum(microseconds.values())
    if together < whole:
        table.add_row("the rest", f"{whole - together:.1f}", f"{1 - together / whole:.0%}", "")
    else:
        table.add_row(
            "the rest",
            "-",
            "-",
            f"the steps take {together:.1f}: the whole does not call each of them for each article",
        )
    table.add_section()
    table.add_row(
        WHOLE, f"{whole:.1f}", "100%", f"{1e6 / whole:,.0f} articles a second (at least {GOAL_ARTICLES_A_SECOND:,})"
    )
    return table


def take_turns(passes: dict[str, Pass], rounds: int) -> dict[str, float]:
    """Return the median seconds of each pass.

    The first round does not count, because it includes late imports.
    """
    seconds: dict[str, list[float]] = {name: [] for name in passes}
    for number in range(rounds + 1):
        for name, run_pass in passes.items():
            began = time.perf_counter()
            run_pass()
            if number:
                seconds[name].append(time.perf_counter() - began)
    return {name: statistics.median(spent) for name, spent in seconds.items()}


def prepare(raws: list[RawArticle]) -> list[Prepared]:
    from wordlists import LANGUAGES

    from newslake.transforms.normalise.text import one_line, plain_text

    html_to_text = html_reader()
    prepared = []
    for number, raw in enumerate(raws):
        body = html_to_text(raw.body or "") if raw.html else plain_text(raw.body or "")
        headline = one_line(html_to_text(raw.headline or "") if raw.html else raw.headline or "")
        prepared.append(Prepared(raw, headline, body, body.split("\n\n"), LANGUAGES[number % len(LANGUAGES)].tag))
    return prepared


def _dates(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.dates import Refused, parse_date, record_date

    def run_pass() -> None:
        for article in articles:
            for _, text in article.raw.dates:
                parsed = parse_date(text, language=article.language)
                if not isinstance(parsed, Refused):
                    record_date(parsed, RUN.now)

    return run_pass


def _urls(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.urls import absolute_url, canonical_url, registrable_domain

    def run_pass() -> None:
        for article in articles:
            if canonical := canonical_url(article.raw.url or ""):
                registrable_domain(canonical)
            for url, _, _ in article.raw.images:
                absolute_url(url, article.raw.url)

    return run_pass


def _text(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.text import one_line, plain_text, word_count

    html_to_text = html_reader()

    def run_pass() -> None:
        for article in articles:
            raw = article.raw
            for text, as_plain in ((raw.headline, one_line), (raw.description, plain_text), (raw.body, plain_text)):
                if text:
                    as_plain(html_to_text(text) if raw.html and ("<" in text or "&" in text) else text)
            word_count(article.body)

    return run_pass


def _language(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.language import detect_languages

    texts = [(article.headline, article.body) for article in articles]

    def run_pass() -> None:
        for start in range(0, len(texts), BATCH):
            detect_languages(texts[start : start + BATCH])

    return run_pass


def _countries(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.countries import count_countries

    texts = [(f"{article.headline}\n\n{article.body}", article.language) for article in articles]

    def run_pass() -> None:
        for text, language in texts:
            count_countries(text, language)

    return run_pass


def _captions(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.credits import lift_captions

    def run_pass() -> None:
        for article in articles:
            lift_captions(article.paragraphs)

    return run_pass


def _datelines(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.datelines import split_dateline

    def run_pass() -> None:
        for article in articles:
            split_dateline(article.paragraphs[0])

    return run_pass


def _bylines(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.bylines import split_byline

    def run_pass() -> None:
        for article in articles:
            for byline in article.raw.bylines:
                split_byline(byline)

    return run_pass


def _whole(articles: list[Prepared]) -> Pass:
    from newslake.transforms.normalise.steps import _NormaliseFn

    step = _NormaliseFn()
    raws = [article.raw for article in articles]
    batches = [ArticleBatch(SETTINGS, raws[start : start + BATCH]) for start in range(0, len(raws), BATCH)]

    def run_pass() -> None:
        for batch in batches:
            for _ in step.process((RUN, batch)):
                pass

    return run_pass


WHOLE = "the whole: NormaliseArticles"
BATCH = 200
"""The number of articles in a batch, as the file readers make them."""
STEPS: dict[str, Callable[[list[Prepared]], Pass]] = {
    "dates": _dates,
    "URLs": _urls,
    "text": _text,
    "language": _language,
    "countries": _countries,
    "captions": _captions,
    "datelines": _datelines,
    "bylines": _bylines,
    WHOLE: _whole,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    console = Console() if sys.stdout.isatty() else Console(width=120)
    console.print(steps_table(options.articles, options.rounds))


if __name__ == "__main__":
    main()
