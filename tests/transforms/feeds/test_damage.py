"""Feeds that are damaged at one place: the damage costs no more than the entry that it is in."""

import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.read import read_document

SEEDS = 1_500 if os.environ.get("NEWSLAKE_STRESS") else 150
WORDS = ["harbour", "ferry", "bridge", "mill", "council", "market", "river", "school", "tower", "late", "new", "old"]
ENTRY = re.compile(r"<(?:item|entry)(?: [^>]*)?>.*?</(?:item|entry)>", re.DOTALL)
STARTS = re.compile(r"<(?:item|entry)(?=[\s/>])")
CDATA_OR_COMMENT = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count))


def rss_entry(chance: random.Random, number: int) -> str:
    text = f"<p>{words(chance, 12)} &amp; <b>{words(chance, 3)}</b></p>"
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    parts = [
        f"<title>{words(chance, 4)} {number}</title>",
        f"<link>https://p.example/{number:04}?a=1&amp;b=2</link>",
        f'<guid isPermaLink="false">id-{number:04}</guid>',
        f"<pubDate>Mon, 20 Mar 2023 10:00:{number % 60:02} GMT</pubDate>",
        f"<description><![CDATA[{text}]]></description>"
        if chance.random() < 0.5
        else f"<description>{escaped}</description>",
        f"<dc:creator>{words(chance, 2)}</dc:creator>",
        f'<media:content url="https://p.example/{number:04}.jpg" medium="image"/>',
        f"<content:encoded><![CDATA[{text}{text}]]></content:encoded>",
        "<!-- a comment -->",
    ]
    kept = [parts[0], *(part for part in parts[1:] if chance.random() < 0.8)]
    chance.shuffle(kept)
    return f"<item>{''.join(kept)}</item>"


def atom_entry(chance: random.Random, number: int) -> str:
    return (
        f"<entry><title>{words(chance, 4)} {number}</title><id>urn:{number:04}</id>"
        f'<link rel="alternate" href="https://p.example/{number:04}"/>'
        f"<updated>2023-03-20T10:00:{number % 60:02}Z</updated>"
        f'<content type="html">&lt;p&gt;{words(chance, 10)}&lt;/p&gt;</content>'
        f"<author><name>{words(chance, 2)}</name></author></entry>"
    )


def made_feed(chance: random.Random) -> str:
    count = chance.randint(3, 30)
    space = chance.choice(["", "\n"])
    if chance.random() < 0.3:
        entries = space.join(atom_entry(chance, number) for number in range(count))
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>{entries}</feed>'
    entries = space.join(rss_entry(chance, number) for number in range(count))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Paper</title><link>https://p.example/</link>{entries}</channel></rss>"
    )


@dataclass(frozen=True)
class Damaged:
    """A damaged feed, and where in the sound one the damage is."""

    text: str
    start: int
    end: int


def inside(feed: str, chance: random.Random) -> int:
    """A random place between the first entry's start and the last entry's end."""
    spans = [match.span() for match in ENTRY.finditer(feed)]
    return chance.randrange(spans[0][0], spans[-1][1])


def drop_a_character(feed: str, chance: random.Random) -> Damaged:
    at = inside(feed, chance)
    return Damaged(feed[:at] + feed[at + 1 :], at, at + 1)


def change_an_end_tag(feed: str, chance: random.Random) -> Damaged:
    match = chance.choice([tag for tag in re.finditer(r"</[\w:]+>", feed) if tag.start() >= feed.index("</title>") + 8])
    return Damaged(f"{feed[: match.start()]}</wrong>{feed[match.end() :]}", *match.span())


def cut_a_tag(feed: str, chance: random.Random) -> Damaged:
    tags = [tag for tag in re.finditer(r"<[^<>]+>", feed) if ENTRY.search(feed).start() <= tag.start()]  # type: ignore[union-attr]
    match = chance.choice(tags[:-2])
    at = chance.randrange(*match.span())
    return Damaged(feed[:at] + feed[match.end() :], at, match.end())


def open_cdata(feed: str, chance: random.Random) -> Damaged:
    at = inside(feed, chance)
    return Damaged(f"{feed[:at]}<![CDATA[{feed[at:]}", at, at + 1)


def open_a_comment(feed: str, chance: random.Random) -> Damaged:
    at = inside(feed, chance)
    return Damaged(f"{feed[:at]}<!--{feed[at:]}", at, at + 1)


def add_a_less_than(feed: str, chance: random.Random) -> Damaged:
    at = inside(feed, chance)
    return Damaged(f"{feed[:at]}<{feed[at:]}", at, at + 1)


DAMAGE = [drop_a_character, change_an_end_tag, cut_a_tag, open_cdata, open_a_comment, add_a_less_than]


def read(feed: str) -> list[RawItem]:
    return list(read_document(FeedDocument("feed.xml", None, feed.encode(), None, SourceSettings())))


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_costs_only_the_entry_that_it_is_in(damage: Callable[[str, random.Random], Damaged]) -> None:
    starts = back = 0
    for seed in range(SEEDS):
        chance = random.Random(seed)
        feed = made_feed(chance)
        damaged = damage(feed, chance)
        spans = [match.span() for match in ENTRY.finditer(feed)]
        sound = {
            item.headline: replace(item, position="")
            for item, (start, end) in zip(read(feed), spans, strict=True)
            if isinstance(item, RawArticle) and not (damaged.start < end and damaged.end > start)
        }
        items = read(damaged.text)
        articles = {
            item.headline: replace(item, position="", sibling_dates=())
            for item in items
            if isinstance(item, RawArticle)
        }
        told = seed, feed[damaged.start - 60 : damaged.start], damaged.text[damaged.start : damaged.start + 60]
        assert {headline: articles.get(headline) for headline in sound} == sound, told
        # Where the damage makes a second start of an entry, there is one more to account for.
        expected = max(len(spans), len(STARTS.findall(CDATA_OR_COMMENT.sub("", damaged.text))))
        assert len(items) == expected, (told, [item for item in items if isinstance(item, Reject)])
        starts += len(spans)
        back += sum(isinstance(item, RawArticle) for item in items)
    assert back >= 0.95 * starts, (back, starts)
