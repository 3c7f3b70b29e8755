"""Dates and metadata compared with other libraries: `make bench-metadata` prints quality and speed.

It also prints the time of each step. The rules of ``score.py`` judge the answers to the labelled
cases of the shared data. That data is in NEWSLAKE_SHARED, by default the folder ``shared`` beside
the checkout. A language is right if the feed declares it. Without the data, the bench measures what
does not need it.

  lost    true, but coarser than the text
  miss    refused although there is a value; also an error, and a language "und"
  wrong   any other answer that is not right
"""

import argparse
import datetime as dt
import importlib.util
import io
import json
import os
import random
import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))

from contenders import BYLINES, CAPTIONS, DATES, LANGUAGE, MOST_RIGHT, URLS, Case, Contender
from steps import html_reader, steps_table

SHARED = Path(os.environ.get("NEWSLAKE_SHARED", Path(__file__).parents[2].parent / "shared"))
HOSTILE_CHARS = 25_000
HOSTILE_GOAL_MS = 5
WIDTH = 160
"""The width of the tables, if the output is not a terminal."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Cases of one kind, and the rules to judge the answers.

    ``judge`` returns "exact", "lost", "miss" or "wrong" for a value. ``remark`` returns a remark on
    a contender's verdicts.
    """

    title: str
    cases: list[Case]
    judge: Callable[[Case, Any], str]
    contenders: tuple[Contender, ...]
    remark: Callable[[list[str]], str] = lambda verdicts: ""


@dataclass(frozen=True, slots=True)
class Outcome:
    contender: Contender
    verdicts: list[str]
    seconds: float
    raised: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=2_000, help="for the steps")
    parser.add_argument("--dates", type=int, default=2_000, help="of those that are made up as machines write them")
    options = parser.parse_args()
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    contests = [*labelled_contests(console), machine_dates(options.dates)]
    console.print(contests_table(contests, options.rounds))
    console.print(hostile_table(options.rounds))
    console.print(steps_table(options.articles, options.rounds))


def labelled_contests(console: Console) -> list[Contest]:
    """Return the contests for which the shared data exists, and print what is missing."""
    contests = []
    folder = SHARED / "cases"
    if (folder / "score.py").is_file():
        score = load_score(folder)
        contests += [
            make(score, read_cases(folder, kind))
            for kind, make in LABELLED.items()
            if (folder / f"{kind}.jsonl").is_file()
        ]
    else:
        console.print(
            f"No labelled cases: {folder} has no score.py; "
            "set NEWSLAKE_SHARED to the folder of the shared data to measure on them."
        )
    if cases := language_cases(SHARED / "feeds"):
        contests.append(Contest("language", cases, judge_language, LANGUAGE))
    else:
        console.print(f"No feeds that declare a language in {SHARED / 'feeds'}: languages are not measured.")
    return contests


def load_score(folder: Path) -> ModuleType:
    """Return the module that judges the labelled cases, loaded from ``folder``."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    return score


def read_cases(folder: Path, kind: str) -> list[Case]:
    return [json.loads(line) for line in (folder / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()]


def _dates(score: ModuleType, cases: list[Case]) -> Contest:
    def judge(case: Case, value: str | None) -> str:
        return str(score.judge_date(case["expected"], value, case.get("also_accept") or ()))

    return Contest("dates", cases, judge, DATES)


def _urls(_: ModuleType, cases: list[Case]) -> Contest:
    kept = [case.get("group") == "keep" for case in cases]

    def remark(verdicts: list[str]) -> str:
        changed = sum(verdict != "exact" for verdict, keep in zip(verdicts, kept, strict=True) if keep)
        return f"merges or changes {changed} of {sum(kept)} that must stay"

    return Contest("urls", cases, judge_equal, URLS, remark)


def _captions(score: ModuleType, cases: list[Case]) -> Contest:
    def judge(case: Case, caption: Any) -> str:
        if caption is None or caption.credit is None:
            return "miss"
        found = set(score.words(caption.credit))
        is_same = score.words(caption.text) == score.words(case["caption"])
        return (
            "exact" if is_same and all(found.issuperset(score.words(credit)) for credit in case["authors"]) else "wrong"
        )

    return Contest("captions", cases, judge, CAPTIONS)


def _bylines(_: ModuleType, cases: list[Case]) -> Contest:
    return Contest("bylines", [case | {"expected": case["authors"]} for case in cases], judge_equal, BYLINES)


LABELLED: dict[str, Callable[[ModuleType, list[Case]], Contest]] = {
    "dates": _dates,
    "urls": _urls,
    "captions": _captions,
    "bylines": _bylines,
}


def judge_equal(case: Case, value: Any) -> str:
    return "exact" if value == case["expected"] else "wrong"


def judge_language(case: Case, tag: str | None) -> str:
    if tag in (None, "und"):
        return "miss"
    return "exact" if primary_subtag(tag) == primary_subtag(case["expected"]) else "wrong"


def primary_subtag(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def language_cases(folder: Path) -> list[Case]:
    """Return headline, text and declared language of every entry of feeds that declare one.

    The declaration counts as true.
    """
    import feedparser

    from newslake.transforms.normalise.text import one_line

    html_to_text = html_reader()
    cases = []
    for path in sorted(folder.glob("*.xml")):
        parsed = feedparser.parse(io.BytesIO(path.read_bytes()), sanitize_html=False, resolve_relative_uris=False)
        for entry in parsed.entries:
            declared = (entry.get("title_detail") or {}).get("language") or parsed.feed.get("language")
            headline = one_line(html_to_text(entry.get("title") or ""))
            body = html_to_text(entry.content[0].value if entry.get("content") else entry.get("summary") or "")
            if declared and (headline or body):
                cases.append({"headline": headline, "body": body, "expected": declared})
    return cases


_MACHINE_ZONES = (
    (0, "Z", "GMT"),
    (0, "+00:00", "+0000"),
    (60, "+01:00", "+0100"),
    (-300, "-05:00", "EST"),
    (330, "+05:30", "+0530"),
)


def machine_dates(count: int, seed: int = 1) -> Contest:
    """Return a contest of dates in the forms of RFC 822 and RFC 3339.

    All dates are different, so that no cache answers.
    """
    chance = random.Random(seed)
    cases: list[Case] = []
    for number in range(count):
        offset, iso_zone, rfc_zone = chance.choice(_MACHINE_ZONES)
        moment = dt.datetime(2004, 1, 1) + dt.timedelta(minutes=1_507 * number, seconds=chance.randrange(60))
        local = moment.isoformat()
        rfc_822 = format_datetime(moment).removesuffix("-0000") + rfc_zone
        text = chance.choice((rfc_822, rfc_822, local + iso_zone, local + iso_zone, local[:10]))
        value = (
            local[:10] if text == local[:10] else local + ("+00:00" if offset == 0 else iso_zone).replace("+00:00", "Z")
        )
        cases.append({"text": text, "lang": "en", "expected": value})

    def judge(case: Case, value: str | None) -> str:
        return "miss" if value is None else judge_equal(case, value)

    return Contest(
        "dates of RFC 822 and ISO 8601",
        cases,
        judge,
        tuple(contender for contender in DATES if MOST_RIGHT not in contender.name),
    )


def measure(contest: Contest, rounds: int) -> list[Outcome | tuple[Contender, str]]:
    """Return the verdicts and the median time of each contender; the contenders take turns.

    For a contender that cannot take part, return it and the reason.
    """
    calls: dict[Contender, Callable[[Case], Any]] = {}
    absent: dict[Contender, str] = {}
    for contender in contest.contenders:
        try:
            calls[contender] = contender.load()
        except ImportError as error:
            absent[contender] = f"not there: {error}"
    verdicts: dict[Contender, list[str]] = {}
    raised: Counter[Contender] = Counter()
    seconds: dict[Contender, list[float]] = {contender: [] for contender in calls}
    for contender, call in calls.items():  # untimed, because the first call may load data
        verdicts[contender] = []
        value_of = judged(contender, call)
        for case in contest.cases:
            value, has_raised = ask(value_of, case)
            raised[contender] += has_raised
            verdicts[contender].append(contest.judge(case, value))
    for _ in range(rounds):
        for contender, call in calls.items():
            began = time.perf_counter()
            for case in contest.cases:
                ask(call, case)
            seconds[contender].append(time.perf_counter() - began)
    return [
        Outcome(contender, verdicts[contender], statistics.median(seconds[contender]), raised[contender])
        if contender in calls
        else (contender, absent[contender])
        for contender in contest.contenders
    ]


def judged(contender: Contender, call: Callable[[Case], Any]) -> Callable[[Case], Any]:
    return lambda case: contender.value(case, call(case))


def ask(call: Callable[[Case], Any], case: Case) -> tuple[Any, bool]:
    try:
        return call(case), False
    except Exception:  # noqa: BLE001  a contender refuses by any error
        return None, True


def contests_table(contests: Iterable[Contest], rounds: int) -> Table:
    table = Table(
        title=f"right and wrong, and per second on one core: medians of {rounds}, side by side", title_justify="left"
    )
    table.add_column("", no_wrap=True)
    for heading in ("cases", "right", "", "lost", "miss", "wrong", "", "a second"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("settings", min_width=24)
    for contest in contests:
        table.add_section()
        table.add_row(f"[bold]{contest.title}[/bold]")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some libraries warn of forms that they will drop later
            outcomes = measure(contest, rounds)
        for outcome in outcomes:
            table.add_row(*(contest_row(contest, outcome) if isinstance(outcome, Outcome) else absent_row(*outcome)))
        if len(contest.contenders) == 1:
            table.add_row("  -", *["-"] * 8, "no peer does this")
    return table


def contest_row(contest: Contest, outcome: Outcome) -> list[str]:
    tally, cases = Counter(outcome.verdicts), len(contest.cases)
    remarks = [
        outcome.contender.setting,
        contest.remark(outcome.verdicts),
        f"raised {outcome.raised:,}x" if outcome.raised else "",
    ]
    return [
        "  " + outcome.contender.name,
        f"{cases:,}",
        f"{tally['exact']:,}",
        f"{tally['exact'] / cases:.1%}",
        f"{tally['lost']:,}",
        f"{tally['miss']:,}",
        f"{tally['wrong']:,}",
        f"{tally['wrong'] / cases:.1%}",
        f"{cases / outcome.seconds:,.0f}",
        "; ".join(filter(None, remarks)),
    ]


def absent_row(contender: Contender, why: str) -> list[str]:
    return ["  " + contender.name, *["-"] * 8, why]


HOSTILE = {
    "digits": "7",
    "digits of another script": "٣",
    "spaced numbers": "1 ",
    "years": "2023-",
    "weekdays": "Mon, ",
    "times": "12:00 ",
    "opening brackets": "(",
    "closing brackets": ")",
    "comments": "(a) ",
    "dashes": " - ",
    "commas": ",",
    "names and names": "A. Bee and ",
    "labels": "Photo: ",
    "labels of bylines": "By ",
    "slashes": "/",
    "queries": "&a=1",
    "semicolons": ";a",
    "tags": "<p>",
    "spaces": " ",
    "letters": "a",
}
"""Strings for which a pattern might take long. Each is repeated up to HOSTILE_CHARS."""

_PREFIXES = {"urls": "https://example.org/?"}
_FIELDS_OF_CASE = {"urls": "url"}


def hostile_table(rounds: int) -> Table:
    """Return a table of the longest time that each of our functions takes for a hostile string.

    The time for a string is the best of ``rounds``.
    """
    table = Table(title=f"hostile strings of {HOSTILE_CHARS:,} characters: the slowest", title_justify="left")
    for heading in ("", "milliseconds", "at most", "string"):
        table.add_column(heading, justify="left" if heading in ("", "string") else "right", no_wrap=True)
    for kind, contenders in {"dates": DATES, "urls": URLS, "captions": CAPTIONS, "bylines": BYLINES}.items():
        try:
            call = contenders[0].load()
        except ImportError as error:
            table.add_row(kind, "-", "", f"not there: {error}")
            continue
        slowest = {}
        for name, part in HOSTILE.items():
            text = _PREFIXES.get(kind, "") + part * (HOSTILE_CHARS // len(part))
            for ending in ("", "!"):  # a mismatch at the last character is the worst case for a pattern
                case = {_FIELDS_OF_CASE.get(kind, "text"): text + ending, "lang": "und"}
                slowest[name + (" and a mark" if ending else "")] = min(_seconds(call, case) for _ in range(rounds))
        worst = max(slowest, key=slowest.__getitem__)
        table.add_row(kind, f"{slowest[worst] * 1000:.2f}", f"{HOSTILE_GOAL_MS}", worst)
    return table


def _seconds(call: Callable[[Case], Any], case: Case) -> float:
    began = time.perf_counter()
    ask(call, case)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
