"""The fast reader gives what the reader that asks feedparser gives, or it is in doubt."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_feeds import random_feed
from stress import IS_FULL

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.fast.doubt import Doubt
from newslake.transforms.feeds.fast.read import MAX_BODY_BYTES, read_fast
from newslake.transforms.feeds.pieces import PIECE_CHARS, PIECE_ENTRIES
from newslake.transforms.feeds.read import read_document

DATA = Path(__file__).parents[2] / "data"
SHARED = Path(os.environ.get("NEWSLAKE_SHARED", Path(__file__).parents[4] / "shared"))
RANDOM_FEEDS = 20_000 if IS_FULL else 250

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
M = ' xmlns:m="http://search.yahoo.com/mrss/"'


def document(body: bytes | str, **fields: object) -> FeedDocument:
    raw = body.encode() if isinstance(body, str) else body
    url = "https://news.example/feed"
    return FeedDocument(url, url, raw, 200, SourceSettings(), **fields)  # type: ignore[arg-type]


def same(body: bytes | str, **fields: object) -> list[RawItem] | Doubt:
    """Return what the fast reader gives, after a look whether the other reader gives the same."""
    found = read_fast(document(body, **fields))
    assert isinstance(found, Doubt) or found == list(read_document(document(body, **fields)))
    return found


def plain(body: bytes | str, **fields: object) -> list[RawItem]:
    """Return the items of a feed that is not in doubt."""
    found = same(body, **fields)
    assert not isinstance(found, Doubt), found.reason
    return found


def doubt(body: bytes | str, **fields: object) -> str:
    found = same(body, **fields)
    assert isinstance(found, Doubt)
    return found.reason


def rss(items: str, *, head: str = "", attributes: str = "") -> str:
    link = "<link>https://news.example/</link>"
    return f'<rss version="2.0"{attributes}><channel><title>Paper</title>{link}{head}{items}</channel></rss>'


def atom(entries: str, *, head: str = "", attributes: str = "") -> str:
    return f'<feed xmlns="{ATOM}"{attributes}><title>Paper</title>{head}{entries}</feed>'


# Feeds of all kinds


@pytest.mark.parametrize("name", sorted(p.name for p in (DATA / "feeds").iterdir() if p.suffix != ".jsonl"))
def test_our_own_feeds_are_read_as_by_feedparser(name: str) -> None:
    same((DATA / "feeds" / name).read_bytes())


@pytest.mark.parametrize("path", sorted((DATA / "plain-feeds").iterdir()), ids=lambda path: path.stem)
def test_feeds_of_well_known_programs_are_plain(path: Path) -> None:
    assert plain(path.read_bytes())


@pytest.mark.skipif(not SHARED.is_dir(), reason="NEWSLAKE_SHARED names no folder with feeds")
def test_shared_feeds_are_plain() -> None:
    paths = sorted((SHARED / "feeds").glob("*.xml"))
    reasons = [found.reason for path in paths if isinstance(found := same(path.read_bytes()), Doubt)]
    assert len(reasons) <= len(paths) / 20, reasons


@pytest.mark.skipif(not SHARED.is_dir(), reason="NEWSLAKE_SHARED names no folder with feeds")
def test_shared_odd_feeds_are_read_as_by_feedparser() -> None:
    for path in sorted((SHARED / "found").glob("*.xml")):
        same(path.read_bytes())


@settings(max_examples=RANDOM_FEEDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**48), st.sampled_from((0.0, 0.1, 0.4)))
def test_random_feeds_are_read_as_by_feedparser(seed: int, oddness: float) -> None:
    same(random_feed(Random(seed), oddness))


def test_most_random_feeds_without_oddness_are_plain() -> None:
    found = [same(random_feed(Random(seed), 0)) for seed in range(100)]
    assert sum(not isinstance(one, Doubt) for one in found) > 60


# Documents


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<!DOCTYPE rss>" + rss("<item/>"), "DOCTYPE"),
        (f"<!-- <a> {'x' * 20_000} -->" + "<!DOCTYPE rss>" + rss("<item/>"), "DOCTYPE"),
        (rss("<item><title>a & b</title></item>"), "not well-formed"),
        (rss("<item><title>&nbsp;</title></item>"), "not well-formed"),
        (rss("<item><title>\x0b</title></item>"), "not well-formed"),
        (rss("<item><dc:date>2021</dc:date></item>"), "not well-formed"),
        (rss("<item><description><![CDATA[&#55357;&#56832;]]></description></item>"), "odd characters"),
        (rss("<item><description><![CDATA[&#0;]]></description></item>"), "odd characters"),
        (rss("<item><description><![CDATA[ <![CDATA[ <item> ]]></description></item>"), "in one another"),
        (rss("<item><title>a<!-- </item><item> --></title></item>"), "in a comment"),
        (rss("<item><x><item><title>b</title></item></x></item>"), "in another element"),
        (rss("<category>a<item><title>b</title></item></category>"), "in another element"),
        (rss("<item><title>b</title></item><title><![CDATA[T]]></title>"), "after its entries"),
        (rss("<item><description><b>a</b></description></item>"), "not escaped"),
        ("<html><body>No feed</body></html>", "format is not known"),
        (rss("<item/>", attributes=f' xmlns:dc="{ATOM}" xmlns:x="http://purl.org/dc/elements/1.1/"'), "prefix dc"),
        (b"<rss><channel><item><title>\xff</title></item></channel></rss>", "not well-formed"),
        (" " * MAX_BODY_BYTES + rss("<item/>"), "large"),
    ],
)
def test_a_feed_with_something_to_repair_or_to_guess_is_in_doubt(body: bytes | str, reason: str) -> None:
    assert reason in doubt(body)


def test_a_cut_document_is_in_doubt() -> None:
    assert "cut" in doubt(rss("<item><title>a</title></item>"), cut="its archive is damaged")


@pytest.mark.parametrize("charset", [None, "utf-8", "iso-8859-1"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "utf-16", "windows-1252"])
def test_a_feed_in_a_declared_encoding_is_plain(encoding: str, charset: str | None) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>' + rss("<item><title>Café «x» in the été</title></item>")
    [article] = plain(text.encode(encoding), charset=charset)
    assert isinstance(article, RawArticle)
    assert article.headline == "Café «x» in the été"


def test_a_feed_in_a_guessed_encoding_carries_the_warning() -> None:
    text = '<?xml version="1.0" encoding="iso-8859-1"?>' + rss("<item><title>Café été déjà</title></item>" * 3)
    assert {item.warnings for item in plain(text.encode()) if isinstance(item, RawArticle)} == {("invalid_utf8",)}


def test_white_space_before_a_feed_changes_nothing() -> None:
    assert plain('\n\n<?xml version="1.0"?>' + rss("<item><title>a</title></item>"))


def test_numeric_dates_are_shared() -> None:
    items = "".join(f"<item><title>{day}</title><pubDate>{day}/04/2023</pubDate></item>" for day in (3, 25))
    found = plain(rss(items))
    assert {item.sibling_dates for item in found if isinstance(item, RawArticle)} == {("25/04/2023", "3/04/2023")}


def test_a_feed_of_several_pieces_is_plain_unless_they_would_differ() -> None:
    text = "x" * 1_000
    items = f"<item><title>a</title><description>{text}</description></item>" * (PIECE_CHARS // 900)
    assert len(plain(rss(items))) == PIECE_CHARS // 900
    assert "pieces" in doubt(rss(items + "<item><title>b</title><pubDate>03/04/2023</pubDate></item>"))


def test_json_feeds_are_plain() -> None:
    version = "https://jsonfeed.org/version/1.1"
    assert len(plain(f'{{"version": "{version}", "items": [{{"id": 1, "title": "a"}}, 3]}}')) == 2
    assert len(plain(f'{{"version": "{version}", "items": [{{"id": 1, "title": "a"}}, {{"id"')) == 2


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        (rss("<item/>" * PIECE_ENTRIES), "many entries"),
        (rss(f"<item>{'<a>' * 200}{'</a>' * 200}</item>"), "deeply"),
        (atom(f"<entry><content type='xhtml'>{'<p>' * 200}{'</p>' * 200}</content></entry>"), "deeply"),
        (rss("<item " + " ".join(f"a{number}='1'" for number in range(50_000)) + "/>"), "many attributes"),
        (rss("<item>" + "".join(f"<a xmlns:p{number}='urn:a'/>" for number in range(2_000)) + "</item>"), "namespaces"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [' + "1," * 500_000 + "1]}", "large"),
    ],
    ids=["entries", "levels", "levels of XHTML", "attributes", "namespaces", "items"],
)
def test_a_feed_beyond_the_bounds_is_in_doubt(feed: str, reason: str) -> None:
    found = read_fast(document(feed))
    assert isinstance(found, Doubt)
    assert reason in found.reason


@pytest.mark.parametrize("text", ["<a " + "href=" * 400_000, "<img " + "a" * 2_000_000, "<a href=" * 250_000])
def test_a_text_that_is_hostile_to_patterns_is_read(text: str) -> None:
    """A pattern that goes back over the text takes hours here."""
    assert len(read_fast(document(rss(f"<item><description><![CDATA[{text}]]></description></item>")))) == 1  # type: ignore[arg-type]


# Elements


@pytest.mark.parametrize(
    "feed",
    [
        rss("<item><title>a</title><title>b</title><x:title>c</x:title></item>", attributes=' xmlns:x="urn:x"'),
        rss("<item><description>a</description><description>b &lt;b&gt;c&lt;/b&gt;</description></item>"),
        rss("<item><guid>no-url</guid></item><item><guid isPermaLink=' FALSE '>https://news.example/1</guid></item>"),
        rss("<item><link/><guid>https://news.example/1</guid></item><item><link>?a=1&amp;b=2;</link></item>"),
        rss("<item><image><url>/a.jpg</url><title>T</title></image><title>b</title><image href='c.png'/></item>"),
        rss("<item><source url='https://other.example/'>Other</source><title>a</title></item>"),
        rss("<item><author><person>Ann</person><last>Lee</last></author><author>b@c.example (B)</author></item>"),
        rss("<item><date>2021-01-01</date><url>u</url><items>x</items></item>", head="<language>nl</language>"),
        rss("<item><category/><category domain='d'>a</category><category>a</category><category>a</category></item>"),
        rss("<item><title>\x80\x93 &#150;</title><description>&#x92;s</description></item>"),
        rss("<item><title>a</title></item>", head="<image><title>I</title><link>l</link></image><link>x</link>"),
        rss("<item xml:base='https://b.example/x/'><link>y</link></item><item><link>z</link></item>"),
        rss("<item><link>y</link></item>", attributes=' xml:base="https://b.example/x/" xml:lang="nl"'),
        atom("<entry><content type='html' xml:base='https://b.example/'>a</content><link href='y'/></entry>"),
        atom(f"<entry><title type='xhtml'><div xmlns='{XHTML}'>a <b>&lt;</b></div></title></entry>"),
        atom("<entry><content type='image/png' src='/a.png'/><summary>&lt;p&gt;a&lt;/p&gt;</summary></entry>"),
        atom("<entry><source><title>S</title><updated>2021-01-01</updated><author><name>A</name></author></source></entry>"),
        atom("<entry xml:lang='nl'><content xml:lang=''>a</content></entry>", attributes=' xml:lang="en_GB"'),
        atom("<entry><title>a</title></entry>", head="<author><name>Ann</name><email>a@b.example</email></author>"),
        atom("<entry><m:content url='a.jpg'><m:title>T</m:title></m:content></entry>", attributes=M),
        atom("<entry><a:b xmlns:a='urn:a' a:c='1' D='2' type='X'/></entry>"),
    ],
)  # fmt: skip
def test_an_element_is_read_as_by_feedparser(feed: str) -> None:
    assert plain(feed)
