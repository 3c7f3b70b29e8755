"""The quality and cost of finding copies: `make bench-dedup` compares newslake with others.

  quality    recall and precision on a corpus of planted copies (news_copies.py) and of cases that
             look like copies (news_cases.py), for newslake from file to lake, and for other rules
             on the same texts (copy_finders.py). Recall is the share of the planted copies that
             are in ``duplicates``, or kept and marked. Precision is the share of the drops that are
             right. A second lake gets the same articles in several runs, day by day.
  speed      on one core: fingerprints compared with rensa; the whole run with near-duplicates on
             and off, and compared with datatrove
  resolver   the decision alone, on the columns of a million articles (resolver.py)

Ratios are medians of rounds in which the contenders take turns. A result that misses its goal is
marked.
"""

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))

from alone import Measured, NotThereError, in_own_process, keep_to_one_core, timed, verdict
from copy_finders import FINDERS, MARKED, Found, Labels, Repeat, find_with_newslake, run_datatrove
from grammar import ARABIC, CHINESE, ENGLISH, JAPANESE, RUSSIAN, THAI, Tongue, begin_story, paragraphs, sentence
from news_cases import CASE, CASES, RUNS, Right, add_cases, case_of, judge, run_of
from news_copies import FIRST_DAY, GENRES, KINDS, NOT_LATIN, PAGES, Article, make_corpus, write_many

SHINGLE = 9
"""Code points in a shingle, as in the fingerprint. Here the similarity of pairs is exact."""
UNRELATED_PAIRS = 3_000
"""The number of random pairs of each genre, which show how similar unrelated articles are."""
APART = "service page"
"""The genre that the sums leave out. By every rule here each of its pages repeats all others."""
ONE_TOPIC, LONG_WORDS = 20, 450
"""The number of articles of each topic that are compared with each other, and their words."""
WITHOUT_APART = f"all without {APART}s"
EXAMPLES_OF_ONE = 2
WIDTH = 190
"""The width of the tables, if the output is not a terminal."""
PARTS = ("quality", "speed", "resolver")
CLOCKS = ("seconds", "cpu")

OURS, RENSA = "newslake", "rensa"
FINGERPRINTED = 600
FINGERPRINTED_CHARS = 2_500
UNSPACED = "Chinese, Japanese, Thai"
FINGERPRINTED_TONGUES = {
    "English": (ENGLISH,),
    "half English, half Arabic and Russian": (ENGLISH, ARABIC, ENGLISH, RUSSIAN),
    UNSPACED: (CHINESE, JAPANESE, THAI),
}
RENSA_RATIO_GOAL = 4
NEAR_RATIO_GOAL = 1.5
DATATROVE_RATIO_GOAL = 10
RAND_GOAL = 0.99
FOUND_GOAL = 0.95
RULES = ("identity", "content", "near")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; by default all")
    parser.add_argument("--pairs", type=int, default=60, help="planted for each kind of copy")
    parser.add_argument("--sets", type=int, default=24, help="of related articles for each kind of case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=6, help="of false and of missed ones, printed in full")
    parser.add_argument("--articles", type=int, default=20_000, help="for the speed of whole runs")
    parser.add_argument("--rows", type=int, default=1_000_000, help="for the resolver")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if options.contender:
        contender = CONTENDERS[options.contender]
        keep_to_one_core()
        contender.load()
        print(json.dumps(timed(lambda: contender.run(options.corpus, options.folder))))
        return
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    parts = options.parts or PARTS
    if "quality" in parts:
        articles = make_corpus(options.pairs, options.seed)
        add_cases(articles, options.sets, options.seed)
        random.Random(options.seed).shuffle(articles)
        show_quality(articles, options.examples, console)
    if "speed" in parts:
        show_speed(options.articles, options.rounds, console)
    if "resolver" in parts:
        from resolver import show_resolver

        show_resolver(options.rows, options.rounds, console)


# Quality


@dataclass(frozen=True, slots=True)
class Tally:
    """A share: ``true`` out of ``all``."""

    true: int
    all: int

    def __str__(self) -> str:
        return f"{self.true:,}/{self.all:,} {self.true / self.all:.1%}" if self.all else "-"


def show_quality(articles: list[Article], examples: int, console: Console) -> None:
    console.print(unrelated_table(articles))
    found: dict[str, Found] = {}
    absent: dict[str, str] = {}
    for name, find in FINDERS.items():
        with tempfile.TemporaryDirectory(prefix="newslake-bench-") as folder:
            try:
                found[name] = find(articles, Path(folder))
            except ImportError as error:
                absent[name] = f"{name} is not there: {error}"
    for why in absent.values():
        console.print(why)
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as folder:
        by_day = find_with_newslake(articles, Path(folder), run_of)
    once = found[OURS]
    console.print(recall_table(articles, {name: one.labels for name, one in found.items()}))
    console.print(sums_table(articles, found))
    console.print(precision_table(articles, found, by_day))
    console.print(cases_table(articles, found, by_day))
    console.print(runs_table(articles, once, by_day))
    show_examples(articles, once, examples, console)


def adjusted_rand_index(one: Sequence[int], other: Sequence[int]) -> float:
    """Return how far two groupings of the same items agree: at most 1, about 0 by chance.

    Source: Hubert and Arabie, "Comparing partitions", 1985.
    """
    together, first, second = (
        sum(count * (count - 1) / 2 for count in Counter(labels).values())
        for labels in (zip(one, other, strict=True), one, other)
    )
    expected = first * second / (len(one) * (len(one) - 1) / 2)
    most = (first + second) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def recall(articles: Sequence[Article], labels: Labels) -> dict[tuple[str, str], Tally]:
    """Return the share of planted pairs whose articles have one label, by genre and kind.

    The kind "all" holds the sum of a genre.
    """
    planted: Counter[tuple[str, str]] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for article in articles:
        if article.kind in KINDS:
            for key in ((article.genre, article.kind), (article.genre, "all")):
                planted[key] += 1
                together[key] += labels[article.number] == labels[article.group]
    return {key: Tally(together[key], count) for key, count in planted.items()}


SUMS: dict[str, Callable[[Article], bool]] = {
    "long": lambda article: article.genre == "long" and article.kind in KINDS,
    "short, under 60 words": lambda article: article.genre == "short" and article.kind in KINDS,
    "scripts": lambda article: article.genre in {genre.name for genre in NOT_LATIN} and article.kind in KINDS,
    "cuts": lambda article: article.kind.startswith("cut to "),
    "again at one outlet": lambda article: article.kind in CASES and is_wanted(article) and not SUMS["cuts"](article),
    "all": lambda article: is_wanted(article),
}
"""The groups of copies, some of which overlap."""


def is_wanted(article: Article) -> bool:
    """Return whether a finder should find the article, be it dropped or marked."""
    return article.kind in KINDS or (article.kind in CASES and CASES[article.kind].is_wanted)


def found_of(articles: Iterable[Article], labels: Labels) -> Tally:
    """Return how many of the articles have the label of the first article of their group."""
    hits = [labels[article.number] == labels[article.group] for article in articles]
    return Tally(sum(hits), len(hits))


@dataclass(frozen=True, slots=True)
class Drops:
    """The number of drops, by their verdict."""

    right: int = 0
    wrong: int = 0
    open: int = 0

    @property
    def all(self) -> int:
        return self.right + self.wrong + self.open

    def __str__(self) -> str:
        """Return the precision. Open drops do not count."""
        return str(Tally(self.right, self.right + self.wrong))


def count_drops(
    articles: Sequence[Article], repeats: Iterable[Repeat], key: Callable[[Article, Article], str]
) -> dict[str, Drops]:
    """Return the verdicts of the drops, by the ``key`` of the dropped and the kept article.

    "all" sums them. "all without ..." leaves out APART.
    """
    by_number = {article.number: article for article in articles}
    counts: Counter[tuple[str, str]] = Counter()
    for repeat in repeats:
        article, kept = by_number[repeat.number], by_number[repeat.of]
        verdict_of = judge(article, kept)
        for name in (key(article, kept), "all", *([WITHOUT_APART] if article.kind != APART else [])):
            counts[name, verdict_of] += 1
    names = {name for name, _ in counts}
    return {name: Drops(counts[name, "right"], counts[name, "wrong"], counts[name, "open"]) for name in names}


def sums_table(articles: Sequence[Article], found: dict[str, Found]) -> Table:
    table = Table(title="recall: copies found, dropped or marked, and copies dropped", title_justify="left")
    table.add_column("", no_wrap=True)
    table.add_column("planted", justify="right")
    table.add_column(f"{OURS}: found", justify="right", no_wrap=True)
    table.add_column(f"{OURS}: dropped", justify="right", no_wrap=True)
    others = [name for name in found if name != OURS]
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    for name, belongs in SUMS.items():
        members = [article for article in articles if belongs(article)]
        labels = [found[OURS].labels, found[OURS].drop_labels, *(found[other].labels for other in others)]
        tallies = [found_of(members, one) for one in labels]
        table.add_row(name, f"{len(members):,}", *(f"{one.true / max(1, one.all):.1%}" for one in tallies))
    return table


def recall_table(articles: Sequence[Article], labels: dict[str, Labels]) -> Table:
    table = Table(title="planted copies found together with their original", title_justify="left")
    table.add_column("", no_wrap=True)
    table.add_column("planted", justify="right")
    for name in labels:
        table.add_column(name, justify="right", no_wrap=True)
    tallies = {name: recall(articles, one) for name, one in labels.items()}
    for genre in GENRES:
        table.add_section()
        table.add_row(f"[bold]{genre.name}[/bold]", *_row(tallies, (genre.name, "all")))
        for kind in KINDS:
            table.add_row(f"  {kind}", *_row(tallies, (genre.name, kind)))
    return table


def _row(tallies: dict[str, dict[tuple[str, str], Tally]], key: tuple[str, str]) -> list[str]:
    cells = [tally[key] for tally in tallies.values()]
    return [f"{cells[0].all:,}", *(f"{cell.true / cell.all:.1%}" for cell in cells)]


def precision_table(articles: Sequence[Article], found: dict[str, Found], by_day: Found) -> Table:
    table = Table(
        title="precision: right drops of all drops (without open ones), and marks that name a related article",
        title_justify="left",
    )
    table.add_column("", no_wrap=True)
    table.add_column("articles", justify="right")
    drops = {name: count_drops(articles, one.drops, lambda article, kept: article.genre) for name, one in found.items()}
    drops[f"{OURS}, {RUNS} runs"] = count_drops(articles, by_day.drops, lambda article, kept: article.genre)
    for name in (*drops, f"marks of {OURS}"):
        table.add_column(name, justify="right", no_wrap=True)
    marks = count_marks(articles, found[OURS].marks)
    counts = Counter(article.genre for article in articles)
    counts |= Counter({"all": len(articles), WITHOUT_APART: len(articles) - counts[APART]})
    for genre in (*(genre.name for genre in GENRES), *PAGES, CASE, "all", WITHOUT_APART):
        if genre == "all":
            table.add_section()
        cells = [one.get(genre, Drops()) for one in drops.values()]
        table.add_row(genre, f"{counts[genre]:,}", *map(str, cells), str(marks.get(genre, Tally(0, 0))))
    return table


def count_marks(articles: Sequence[Article], marks: Iterable[Repeat]) -> dict[str, Tally]:
    """Return the share of marks that name a related article, by genre and for all."""
    by_number = {article.number: article for article in articles}
    true: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for mark in marks:
        article = by_number[mark.number]
        for name in (article.genre, "all", *([WITHOUT_APART] if article.kind != APART else [])):
            rows[name] += 1
            true[name] += article.group == by_number[mark.of].group
    return {name: Tally(true[name], rows[name]) for name in rows}


def cases_table(articles: Sequence[Article], found: dict[str, Found], by_day: Found) -> Table:
    """Return a table of the kinds of cases: how many were dropped and marked, and what is right.

    "3, 2 wrong" are three drops, two of them wrong. A drop is wrong for unrelated articles, and
    for related ones if the kind says so. A kind meets its goal if no drop is wrong and, if the kind
    is wanted, enough articles are found.
    """
    title = f"cases of real news: dropped, marked and found in one run, then in {RUNS} runs, then by others: dropped"
    table = Table(title=title, title_justify="left")
    others = [name for name in found if name != OURS]
    ours = ("dropped", "marked", "found")
    for name in ("", "right", "articles", *ours, *ours, *others, ""):
        table.add_column(name, justify="left" if name in ("", "right") else "right", no_wrap=True)
    dropped = {name: count_drops(articles, one.drops, case_of) for name, one in found.items()}
    in_runs = (found[OURS], dropped[OURS]), (by_day, count_drops(articles, by_day.drops, case_of))
    for kind, right in CASES.items():
        members = [article for article in articles if article.kind == kind]
        numbers = {article.number for article in members}
        cells: list[str] = []
        is_met = True
        for one, drops in in_runs:
            hits = found_of(members, one.labels)
            share = hits.true / max(1, hits.all)
            marked = sum(repeat.number in numbers for repeat in one.marks)
            cells += [
                str_drops(drops.get(kind, Drops())),
                str(marked or "-"),
                f"{share:.0%}" if right.is_wanted else "",
            ]
            is_met &= not drops.get(kind, Drops()).wrong and (share >= FOUND_GOAL or not right.is_wanted)
        cells += [str_drops(dropped[name].get(kind, Drops())) for name in others]
        table.add_row(kind, what_is_right(right), f"{len(members):,}", *cells, verdict(is_met))
    return table


def str_drops(drops: Drops) -> str:
    """
    >>> str_drops(Drops(right=2, wrong=1)), str_drops(Drops(wrong=3)), str_drops(Drops(open=4))
    ('3, 1 wrong', '3 wrong', '4')
    """
    if drops.wrong:
        return f"{drops.wrong} wrong" if drops.wrong == drops.all else f"{drops.all}, {drops.wrong} wrong"
    return str(drops.all or "-")


def what_is_right(right: Right) -> str:
    if right.is_wanted:
        return "drop or mark" if right.drop == "right" else "mark, no drop"
    return "no drop" if right.drop == "wrong" else "reported"


def runs_table(articles: Sequence[Article], once: Found, by_day: Found) -> Table:
    """Return a table that compares one run with several runs, day by day, over the articles."""
    kept_apart = [article.number for article in articles if article.kind != APART]

    def agreement(one: Labels, other: Labels) -> float:
        return adjusted_rand_index([one[number] for number in kept_apart], [other[number] for number in kept_apart])

    of_drops = agreement(once.drop_labels, by_day.drop_labels)
    of_both = agreement(once.labels, by_day.labels)
    title = (
        f"{RUNS} runs, day by day, beside one run: adjusted Rand index of drops {of_drops:.4f} "
        f"(goal >= {RAND_GOAL}: {verdict(of_drops >= RAND_GOAL)}), of drops and marks {of_both:.4f}"
    )
    table = Table(title=title, title_justify="left")
    for heading in ("records", "in one run", f"in {RUNS} runs", "in one of both only"):
        table.add_column(heading, justify="right" if heading != "records" else "left")

    def numbers(found: Found, rules: Sequence[str]) -> set[int]:
        return {repeat.number for repeat in found.repeats if repeat.rule in rules}

    rows = {f"dropped by {rule}": [rule] for rule in RULES} | {"dropped": RULES, "marked": [MARKED]}
    for name, rules in rows.items():
        one, other = numbers(once, rules), numbers(by_day, rules)
        table.add_row(name, f"{len(one):,}", f"{len(other):,}", f"{len(one ^ other):,}")
    targets = {repeat.number: repeat.of for repeat in once.drops}
    both = [repeat for repeat in by_day.drops if repeat.number in targets]
    moved = sum(targets[repeat.number] != repeat.of for repeat in both)
    table.add_row("dropped in both, for another article", "", f"{len(both):,}", f"{moved:,}")
    return table


def shingles(text: str) -> frozenset[str]:
    """
    >>> sorted(shingles("Ten  o'clock!"))
    ['en o cloc', 'n o clock', 'ten o clo']
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    words = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded).split()
    clean = " ".join(words)
    return frozenset(clean[place : place + SHINGLE] for place in range(len(clean) - SHINGLE + 1))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / (len(left | right) or 1)


def containment(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / (min(len(left), len(right)) or 1)


def unrelated_table(articles: Sequence[Article]) -> Table:
    """Return a table of the similarity of articles that are not of one group.

    The pairs are random pairs of a genre, and pairs that are made to look similar.
    """
    title = f"in common without being copies: exact Jaccard of shingles of {SHINGLE} code points"
    table = Table(title=title, title_justify="left")
    table.add_column("", no_wrap=True)
    for heading in ("pairs", "median", "99 of 100 below", "largest"):
        table.add_column(heading, justify="right")
    sets = {article.number: shingles(article.text) for article in articles}
    chance = random.Random(1)

    def add(name: str, pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> None:
        shares = sorted(jaccard(left, right) for left, right in pairs)
        if shares:
            cells = [statistics.median(shares), shares[int(len(shares) * 0.99)], shares[-1]]
            table.add_row(name, f"{len(shares):,}", *(f"{cell:.3f}" for cell in cells))

    def add_drawn(name: str, members: list[frozenset[str]]) -> None:
        add(name, (tuple(chance.sample(members, 2)) for _ in range(UNRELATED_PAIRS)))  # type: ignore[misc]

    for genre in GENRES:
        add_drawn(
            f"{genre.name}, at random",
            [sets[one.number] for one in articles if one.genre == genre.name and one.kind == "original"],
        )
    add("long, at random, of one topic", _one_topic_pairs())
    for page in PAGES:
        add_drawn(f"{page}s", [sets[one.number] for one in articles if one.kind == page])
    add(
        "follow-ups and what they follow",
        ((sets[one.number], sets[one.number - 1]) for one in articles if one.kind == "follow-up"),
    )
    return table


def _one_topic_pairs() -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    for topic in ENGLISH.topics:
        stories = (
            begin_story(replace(ENGLISH, topics=(topic,)), FIRST_DAY, random.Random(number))
            for number in range(ONE_TOPIC)
        )
        yield from combinations([shingles("".join(map(" ".join, paragraphs(one, LONG_WORDS)))) for one in stories], 2)


def show_examples(articles: Sequence[Article], found: Found, count: int, console: Console) -> None:
    by_number = {article.number: article for article in articles}
    false = [repeat for repeat in found.drops if judge(by_number[repeat.number], by_number[repeat.of]) == "wrong"]
    missed = [one for one in articles if is_wanted(one) and found.labels[one.number] != found.labels[one.group]]
    for repeat in _some_of_each(false, lambda repeat: by_number[repeat.number], count):
        score = "" if repeat.score is None else f", score {repeat.score:.2f}"
        _show_pair(f"false, by {repeat.rule}{score}", by_number[repeat.number], by_number[repeat.of], console)
    for article in _some_of_each(missed, lambda article: article, count):
        _show_pair("missed", article, by_number[article.group], console)


def _some_of_each(ones: Sequence[Any], article: Callable[[Any], Article], count: int) -> list[Any]:
    """Return at most ``count`` items, and at most EXAMPLES_OF_ONE of one genre and kind."""
    chosen: list[Any] = []
    met: Counter[tuple[str, str]] = Counter()
    for one in random.Random(1).sample(ones, len(ones)):
        key = article(one).genre, article(one).kind
        met[key] += 1
        if met[key] <= EXAMPLES_OF_ONE and len(chosen) < count:
            chosen.append(one)
    return chosen


def _show_pair(what: str, article: Article, other: Article, console: Console) -> None:
    left, right = shingles(article.text), shingles(other.text)
    measures = (
        f"exact Jaccard {jaccard(left, right):.2f}, containment {containment(left, right):.2f}, "
        f"shingles {len(left):,} and {len(right):,}"
    )
    console.print(f"{what}: {article.genre}, {article.kind}; {measures}", style="bold", markup=False)
    for one in (article, other):
        text = one.text.replace("\n\n", " / ")
        console.print(
            f"  {one.day} {one.url}: {text[:300]}{'…' if len(text) > 300 else ''}", markup=False, highlight=False
        )


# Speed


def run_whole(corpus: Path, folder: Path, near: str) -> None:
    from newslake.pipeline.cli import main as newslake

    lake = str(folder / "lake")
    code = newslake(
        ["run", "--files", str(corpus), "--lake", lake, "--workers", "1", "--quiet", "--near-duplicates", near]
    )
    if code != 0:
        sys.exit(f"the run ended with exit code {code}")


def _load_newslake() -> None:
    import newslake.pipeline.run.once  # noqa: F401  loaded before the clock starts


def _load_datatrove() -> None:
    import spacy  # noqa: F401


@dataclass(frozen=True, slots=True)
class Contender:
    load: Callable[[], None]
    run: Callable[[Path, Path], None]


OFF, ON, DATATROVE = "newslake, near off", "newslake, near on", "datatrove"
CONTENDERS = {
    OFF: Contender(_load_newslake, lambda corpus, folder: run_whole(corpus, folder, "off")),
    ON: Contender(_load_newslake, lambda corpus, folder: run_whole(corpus, folder, "drop")),
    DATATROVE: Contender(_load_datatrove, lambda corpus, folder: run_datatrove(corpus, folder)),
}


def show_speed(articles: int, rounds: int, console: Console) -> None:
    console.print(fingerprints_table(rounds))
    folder = Path(tempfile.mkdtemp(prefix="newslake-bench-"))
    measured: defaultdict[str, list[Measured]] = defaultdict(list)
    try:
        corpus = folder / "corpus.jsonl"
        write_many(corpus, articles)
        for number in range(rounds):
            for name in CONTENDERS:
                work = folder / f"work-{number}-{name}"
                try:
                    answer = in_own_process(__file__, "--contender", name, "--corpus", corpus, "--folder", work)
                except NotThereError as error:
                    console.print(f"{name} is not there: {error}")
                    continue
                shutil.rmtree(work)
                measured[name].append(answer)
                console.print(
                    f"round {number + 1}: {name}: {answer['seconds']:.2f} s, {answer['megabytes']:.0f} MB", style="dim"
                )
    finally:
        shutil.rmtree(folder)
    console.print(speed_table(articles, rounds, measured))


def fingerprints_table(rounds: int) -> Table:
    """Return a table that compares our fingerprints with rensa's signatures of the same news.

    It holds the processor time for a text, as medians of ``rounds`` in turns. rensa gets the words
    of ``split``. In scripts without spaces these are whole sentences, so rensa has little to do,
    and its signature says little. For these scripts there is also a row in which each character is
    a word.
    """
    from fingerprints import contenders

    runs = {name: run for name, run in contenders().items() if name in (OURS, RENSA)}
    title = (
        f"fingerprints of {FINGERPRINTED:,} texts of {FINGERPRINTED_CHARS:,} characters, one core, "
        f"medians of {rounds}, side by side"
    )
    table = Table(title=title, title_justify="left")
    for heading in ("", "newslake, µs a text", "rensa, µs a text", "ratio", "goal", ""):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for kind, tongues in FINGERPRINTED_TONGUES.items():
        texts = [_news_text(tongues[number % len(tongues)], number) for number in range(FINGERPRINTED)]
        words = {kind: texts}
        if kind == UNSPACED:
            words[f"{kind}, each character a word"] = [" ".join("".join(text.split())) for text in texts]
        for name, given in words.items():
            ours, theirs = _median_seconds(rounds, partial(runs[OURS], texts), partial(runs[RENSA], given))
            ratio = theirs / ours
            cells = [f"{spent / FINGERPRINTED * 1e6:.0f}" for spent in (ours, theirs)]
            table.add_row(name, *cells, f"{ratio:.1f}", f"≥ {RENSA_RATIO_GOAL}", verdict(ratio >= RENSA_RATIO_GOAL))
    return table


def _median_seconds(rounds: int, *runs: Callable[[], object]) -> list[float]:
    """Return the median processor seconds of each run, in turns.

    The first round does not count, because it includes late imports.
    """
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds + 1):
        for run, spent in zip(runs, seconds, strict=True):
            began = time.process_time()
            run()
            spent.append(time.process_time() - began)
    return [statistics.median(spent[1:]) for spent in seconds]


def _news_text(tongue: Tongue, seed: int) -> str:
    story = begin_story(tongue, FIRST_DAY, random.Random(seed))
    text = sentence(story, "lead")
    while len(text) < FINGERPRINTED_CHARS:
        text += tongue.gap + sentence(story)
    return text


def speed_table(articles: int, rounds: int, measured: dict[str, list[Measured]]) -> Table:
    table = Table(
        title=f"whole runs of {articles:,} articles of 2 kB on one core, medians of {rounds}, side by side",
        title_justify="left",
    )
    for heading in ("", "seconds", "of the processor", "MB", "ratio", "of the processor's", "goal", ""):
        table.add_column(heading, justify="right" if heading else "left")
    medians = {
        (name, clock): statistics.median(one[clock] for one in answers)
        for name, answers in measured.items()
        for clock in CLOCKS
    }
    for name, answers in measured.items():
        goal: tuple[str, ...] = ("", "", "", "")
        if name == ON:
            ratios = [medians[ON, clock] / medians[OFF, clock] for clock in CLOCKS]
            goal = (
                *(f"{ratio:.2f}" for ratio in ratios),
                f"≤ {NEAR_RATIO_GOAL}",
                verdict(ratios[0] <= NEAR_RATIO_GOAL),
            )
        if name == DATATROVE:
            ratios = [medians[DATATROVE, clock] / medians[ON, clock] for clock in CLOCKS]
            goal = (
                *(f"{ratio:.1f}" for ratio in ratios),
                f"≥ {DATATROVE_RATIO_GOAL}",
                verdict(ratios[0] >= DATATROVE_RATIO_GOAL),
            )
        label = {ON: f"{ON}: beside off", DATATROVE: f"{DATATROVE}: beside {ON}"}.get(name, name)
        seconds = [f"{medians[name, clock]:.2f}" for clock in CLOCKS]
        table.add_row(label, *seconds, f"{max(one['megabytes'] for one in answers):.0f}", *goal)
    return table


if __name__ == "__main__":
    main()
