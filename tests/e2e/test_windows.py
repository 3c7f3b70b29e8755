"""Feeds that show a window of their entries each day: every entry is one article, every edit one
revision.

Each feed here makes it hard in its own way to tell which entries are one article. The same days
also come in other groupings: several in one run, with days left out, and in any order.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from commandline import rows, run_here
from prose import prose
from stress import IS_FULL

DAYS = 30 if IS_FULL else 15
WINDOW = 4
"""A feed shows this many of its latest entries."""
NOW = "2023-06-01T00:00:00Z"
FIRST = datetime(2023, 3, 1, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """An entry of a feed on one day. ``link`` and ``guid`` may be empty."""

    title: str
    link: str
    guid: str
    text: str
    day: int


Feed = Callable[[int, bool], Entry]
"""Returns entry ``number``, before or after its edit."""


def entry(
    number: int, is_edited: bool, link: str = "", guid: str = "", title: str = "", day: int | None = None
) -> Entry:
    text = prose(f"{link or guid} {number} {is_edited}", 5)
    return Entry(title or f"Entry {number}", link, guid, text, number if day is None else day)


def status(number: int, is_edited: bool) -> Entry:
    """One link for all, and an edit that changes the headline and the date too."""
    title = f"Resolved: incident {number}" if is_edited else f"Incident {number}"
    return entry(number, is_edited, "https://a.example/status", f"inc-{number}", title, number + is_edited)


def changelog(number: int, is_edited: bool) -> Entry:
    return entry(number, is_edited, f"https://b.example/log#v1.{number}")


def broadcaster(number: int, is_edited: bool) -> Entry:
    """The guid counts the edits, which change the headline and the date."""
    link = f"https://c.example/news/{number}"
    title = f"Update on {number}" if is_edited else f"News {number}"
    return entry(number, is_edited, f"{link}?utm_source=rss", f"{link}#{int(is_edited)}", title, number + is_edited)


def blog(number: int, is_edited: bool) -> Entry:
    """An edit changes the headline and the slug with it."""
    slug = f"thoughts-on-{number}" if is_edited else f"some-thoughts-{number}"
    return entry(
        number, is_edited, f"https://d.example/{slug}", f"https://d.example/?p={number}", slug.replace("-", " ")
    )


def without_guids(number: int, is_edited: bool) -> Entry:
    title = f"Corrected {number}" if is_edited else f"Story {number}"
    return entry(number, is_edited, f"https://e.example/{number}", "", title, number + is_edited)


def without_guids_in_sections(number: int, is_edited: bool) -> Entry:
    return entry(number, is_edited, f"https://f.example/today#part-{'abcdefghijklmnopqrstuvwxyzABCD'[number]}")


def without_keys(number: int, is_edited: bool) -> Entry:
    """Nothing but its text names the entry, so it is never edited."""
    return entry(number, False)


def repeated_guids(number: int, is_edited: bool) -> Entry:
    """The place in the feed is the guid, so that each day every guid names another entry."""
    return entry(number, is_edited, f"https://g.example/{number}", f"{number % WINDOW}")


FEEDS: dict[str, Feed] = {
    feed.__name__: feed
    for feed in (
        status,
        changelog,
        broadcaster,
        blog,
        without_guids,
        without_guids_in_sections,
        without_keys,
        repeated_guids,
    )
}


def shown_on(feed: Feed, day: int) -> list[Entry]:
    """Return the entries that a feed shows on a day: each is edited two days after it came."""
    return [feed(number, number % 3 == 0 and day >= number + 2) for number in range(max(day - WINDOW + 1, 0), day + 1)]


def is_seen_edited(number: int, days: Sequence[int]) -> bool:
    return number % 3 == 0 and any(number + 2 <= day < number + WINDOW for day in days)


def write_feed(folder: Path, name: str, day: int) -> Path:
    def item(one: Entry) -> str:
        date = (FIRST + timedelta(days=one.day)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        fields = {"title": one.title, "link": one.link, "description": one.text, "pubDate": date}
        told = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in fields.items() if text)
        guid = f'<guid isPermaLink="false">{escape(one.guid)}</guid>' if one.guid else ""
        return f"<item>{told}{guid}</item>"

    items = "".join(item(one) for one in reversed(shown_on(FEEDS[name], day)))
    path = folder / f"{name}.xml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"<rss version='2.0'><channel><title>{name}</title><link>https://{name}.example/</link>{items}</channel></rss>"
    )
    return path


def read_days(lake: Path, folder: Path, runs: Sequence[Sequence[int]]) -> dict[str, int]:
    """Read the feeds of some days in each run, and return the counts of all runs together."""
    counts = {"new": 0, "revised": 0, "duplicates": 0, "rejected": 0}
    for number, days in enumerate(runs):
        for place, day in enumerate(days):
            for name in FEEDS:
                write_feed(folder / f"{number}/{place:02}", name, day)
        summary = run_here(lake, "--feeds", folder / f"{number}/*/*.xml", "--now", NOW, "--near-duplicates", "off")
        for name in counts:
            counts[name] += summary[name]
    return counts


@dataclass(frozen=True)
class Kept:
    """How many articles and revisions the lake has of a feed, and how many headlines and texts."""

    articles: int
    revisions: int
    latest: int


def kept(lake: Path, name: str) -> Kept:
    [(articles,)] = rows(lake, f"SELECT count(*) FROM articles WHERE publisher = '{name}'")
    [(revisions,)] = rows(lake, f"SELECT count(*) FROM revisions WHERE publisher = '{name}'")
    [(latest,)] = rows(lake, f"SELECT count(DISTINCT article_body) FROM articles_latest WHERE publisher = '{name}'")
    return Kept(articles, revisions, latest)


def expected(name: str, days: Sequence[int]) -> Kept:
    seen = {number for day in days for number in range(max(day - WINDOW + 1, 0), day + 1)}
    shown = {(one.title, one.text) for day in days for one in shown_on(FEEDS[name], day)}
    return Kept(len(seen), len(shown) - len(seen), len(seen))


GROUPINGS: dict[str, list[list[int]]] = {
    "a day each run": [[day] for day in range(DAYS)],
    "five days each run": [list(range(day, day + 5)) for day in range(0, DAYS, 5)],
    "all days in one run": [random.Random(1).sample(range(DAYS), DAYS)],
    "later days first, some left out": [[day] for day in range(DAYS - 1, -1, -6)],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, list[int]]]:
    """Return a function that makes the lake of a grouping, each once."""

    @cache
    def make(grouping: str) -> tuple[Path, list[int]]:
        folder = tmp_path_factory.mktemp("windows")
        runs = GROUPINGS[grouping]
        counts = read_days(folder / "lake", folder / "feeds", runs)
        assert counts["rejected"] == 0
        return folder / "lake", [day for days in runs for day in days]

    return make


@pytest.fixture(params=GROUPINGS)
def read(request: pytest.FixtureRequest, made: Callable[[str], tuple[Path, list[int]]]) -> tuple[Path, list[int]]:
    return made(request.param)


@pytest.mark.xdist_group("windows")
@pytest.mark.parametrize("name", FEEDS)
def test_every_entry_is_one_article_and_every_edit_one_revision(read: tuple[Path, list[int]], name: str) -> None:
    lake, days = read
    assert kept(lake, name) == expected(name, days)
