"""HTML pages to articles: what the page states, and what it does not state."""

import datetime as dt
import subprocess
import sys

import pytest
from commandline import CHECKOUT
from hypothesis import given, settings
from hypothesis import strategies as st
from news_pages import FIELDS, LAYOUTS, Layout, judge, story

from newslake.schemas.raw import RawArticle, RunFacts, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.pages import text as pagetext
from newslake.transforms.files.pages.page import Page, TooCostly, page_article, read_page
from newslake.transforms.normalise.article import normalise_article

pytest.importorskip("trafilatura", reason="the extra html is not installed")

TEXT = "The council opened the old harbour on Monday, after nine months of work near the market. "
BODY = f"<p>{TEXT * 3}</p><p>{TEXT * 2}</p>"


def read(html: str, **options: str) -> Page:
    page = read_page(html.encode(), **options)
    assert isinstance(page, Page)
    return page


def head(markup: str, body: str = f"<h1>Harbour opens</h1>{BODY}") -> Page:
    return read(f"<!DOCTYPE html><html><head>{markup}</head><body>{body}</body></html>")


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


KNOWN_NOISE = frozenset({"bare", "gb2312", "tables", "facebook_author", "several_json_ld"})
"""Layouts in whose text trafilatura leaves a menu or a teaser."""
KNOWN_GAPS = {("bare", "authors")}
"""A byline without any mark, which would have to be guessed."""


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_eight_pages_of_each_layout_are_read_right(layout: Layout) -> None:
    for seed in range(3, 11):
        data, right = layout.page(seed)
        page = read_page(data)
        assert isinstance(page, Page)
        wrong = {name for name, is_right in judge(page, right).items() if not is_right}
        assert (
            wrong
            - ({"clean"} if layout.name in KNOWN_NOISE else set())
            - {field for name, field in KNOWN_GAPS if name == layout.name}
            == set()
        )
        assert page.warnings == ()


def test_a_page_becomes_a_record() -> None:
    data, right = LAYOUTS[0].page(5)
    item = page_article(read_page(data), "x.html", "byte 0", SourceSettings(), data)
    assert isinstance(item, RawArticle)
    assert (item.body_source, item.html, item.payload) == ("page", False, data)
    record = normalise_article(item, SourceSettings(), RunFacts("run", dt.datetime(2024, 6, 1, tzinfo=dt.UTC)))
    assert not isinstance(record, Reject)
    assert record["date_published"] == right.date
    assert (record["date_source"], record["body_source"], record["warnings"]) == ("json_ld", "page", [])
    assert record["article_body"] == "\n\n".join(right.paragraphs)
    assert (record["authors"], record["publisher"]) == (list(right.authors), right.publisher)


@pytest.mark.parametrize(
    "json",
    [
        '{"@type":"NewsArticle","headline":"A","datePublished":"2024-03-04"}',
        '[{"@type":"NewsArticle","headline":"A","datePublished":"2024-03-04"}]',
        '[[{"@type":["Thing","NewsArticle"],"headline":"A","datePublished":["2024-03-04"]}]]',
        '{"@graph":[{"@type":"WebSite"},{"@type":"https://schema.org/NewsArticle","headline":"A","datePublished":"2024-03-04"}]}',
        '{"@type":"WebPage","mainEntity":{"@type":"schema:BlogPosting","headline":"A","datePublished":"2024-03-04"}}',
        '{"@type":"NewsArticle","headline":"A","datePublished":{"@type":"Date","@value":"2024-03-04"}}',
        '\n<!--\n{"@type":"NewsArticle","headline":"A","datePublished":"2024-03-04"}\n-->\n',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"A","datePublished":"2024-03-04"}\n//]]>',
        '{"@type":"NewsArticle","headline":"A","description":"two\nlines\tand a tab","datePublished":"2024-03-04",}',
        '{"@type":"NewsArticle","headline":"A","keywords":["a","b",],"datePublished":"2024-03-04"};',
        '{"@type":"NewsArticle","headline":"A","description":"it\\\'s \\x","datePublished":"2024-03-04"}',
        '{"@type":"WebSite","name":"S"}{"@type":"NewsArticle","headline":"A","datePublished":"2024-03-04"}',
        '/* article */ {"@type":"NewsArticle", // type\n"headline":"A","datePublished":"2024-03-04"}',
        '{"@type":"NewsArticle","headline":"A","url":"https://x.example/a//b,}","datePublished":"2024-03-04",}',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;A&quot;,&quot;datePublished&quot;:&quot;2024-03-04&quot;}",
        '\ufeff{"@type":"NewsArticle","headline":"<i>A</i>","datePublished":"2024-03-04"}',
    ],
)
def test_json_ld_of_every_shape_is_read(json: str) -> None:
    page = head(ld(json))
    assert (page.headline, page.dates) == ("A", (("json_ld", "2024-03-04"),))


@pytest.mark.parametrize(
    "json", ["", "{", '{"@type":', "not json", '"text"', "[1, null]", "{" * 100_000, "[" * 100_000]
)
def test_json_ld_beyond_repair_costs_nothing_else(json: str) -> None:
    assert head(ld(json) + '<meta property="og:title" content="Title">').headline == "Title"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"Ann Lee"', ("Ann Lee",)),
        ('["Ann Lee", "Bo"]', ("Ann Lee", "Bo")),
        ('{"name":"Ann Lee"}', ("Ann Lee",)),
        ('{"@type":"Person","name":["Ann Lee","Bo"]}', ("Ann Lee", "Bo")),
        ('{"givenName":"Ann","familyName":"Lee"}', ("Ann Lee",)),
        ('[{"@id":"#a"},{"@type":"Organization","name":"dpa"}]', ("Ann Ref", "dpa")),
        ('{"@list":[]}', ()),
        ('"https://www.facebook.com/ann"', ()),
        ("null", ()),
        ('{"name":"Ann O&#39;Neill &amp; Bo"}', ("Ann O'Neill & Bo",)),
    ],
)
def test_authors_of_every_shape_are_read(author: str, names: tuple[str, ...]) -> None:
    graph = f'{{"@graph":[{{"@type":"Article","author":{author}}},{{"@type":"Person","@id":"#a","name":"Ann Ref"}}]}}'
    assert head(ld(graph)).bylines == names


def test_a_person_comes_before_the_publisher_as_the_author() -> None:
    own = ld('{"@type":"NewsArticle","author":{"name":"The Paper"},"publisher":{"name":"The Paper"}}')
    assert head(own + '<meta name="author" content="Ann Lee">').bylines == ("Ann Lee",)
    assert head(own).bylines == ("The Paper",)


def test_the_dates_are_named_by_their_place_and_the_most_trusted_comes_first() -> None:
    page = head(
        ld('{"@type":"NewsArticle","datePublished":"2024-03-01","dateModified":"2024-03-09"}')
        + '<meta property="article:published_time" content="2024-03-02"><meta name="date" content="2024-03-03">',
        f"<article><h1>H</h1><time datetime='2024-03-04'>x</time><time datetime='2024-03-05'>y</time>{BODY}</article>",
    )
    assert page.dates == (
        ("json_ld", "2024-03-01"),
        ("meta", "2024-03-02"),
        ("meta", "2024-03-03"),
        ("time", "2024-03-04"),
        ("updated", "2024-03-09"),
    )
    assert page.modified == "2024-03-09"


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>H</h1>{BODY}<p>Published on 4 March 2024</p>",
        f"<header><time datetime='2024-06-01'>today</time></header><h1>H</h1>{BODY}",
        f"<article><h1>H</h1>{BODY}<section class='comments'><time datetime='2024-03-05'>x</time></section></article>",
        f"<article><h1>H</h1>{BODY}<article><time datetime='2024-03-05'>x</time></article></article>",
        f"<article><h1>H</h1>{BODY}<a href='/b'>Other <time datetime='2024-03-05'>x</time></a></article>",
        f"<article><h1>H</h1>{BODY}</article><aside><time datetime='2024-03-05'>x</time></aside>",
        f"<h1>H</h1>{BODY}<footer>© 2024 <time datetime='2024-03-05'>x</time></footer>",
        f"<h1>H</h1>{BODY}<div class='comment'><meta itemprop=datePublished content=2024-03-05></div>",
        f"<article><h1>H</h1><p>On <time>5 March 2019</time> that {TEXT}</p>{BODY}</article>",
        "<article><h2>A</h2><time datetime='2024-03-05'>x</time></article>" * 2,
        f"<h1>H</h1>{BODY}<img src='/2024/03/05/a.jpg'>",
    ],
)
def test_a_date_that_the_article_does_not_state_is_not_invented(body: str) -> None:
    assert head("<meta property='og:updated' content='x'>", body).dates == ()


@pytest.mark.parametrize(
    "body",
    [
        f"<main><h1>H</h1><time datetime='2024-03-05'>x</time>{BODY}</main>",
        f"<h1>H</h1><p>By Ann, <time>2024-03-05</time></p>{BODY}",
        f"<header><h1>H</h1></header><article><time datetime='2024-03-05'>x</time>{BODY}</article>",
        f"<article><h2>H</h2><time datetime='2024-03-05'>x</time>{BODY}</article>",
        f"<article><h1>H</h1><time class='updated'>2024-03-07</time><time>2024-03-05</time>{BODY}</article>",
        f"<article><h1>H</h1><a href='/x'><time>2024-03-05</time><time class='updated'>x</time></a>{BODY}</article>",
        f"<div itemscope><h1>H</h1><time itemprop='datePublished' content='2024-03-05'>x</time>{BODY}</div>",
        f"<article><h1>H</h1><time>2024-01-01</time><time itemprop='datePublished'>2024-03-05</time>{BODY}</article>",
    ],
)
def test_the_time_of_the_article_is_its_date(body: str) -> None:
    assert head("", body).dates[0] == ("time", "2024-03-05")


def test_a_home_page_has_not_the_date_of_its_first_story() -> None:
    story_of_page = ld(
        '{"@type":"NewsArticle","headline":"A","url":"https://x.example/a","datePublished":"2024-03-05"}'
    )
    for address, dates in (("https://x.example/", ()), ("https://x.example/a", (("json_ld", "2024-03-05"),))):
        link = f'<link rel="canonical" href="{address}"><title>The Paper</title>'
        assert head(link + story_of_page, "<h1>Other</h1>").dates == dates


def test_a_time_that_is_an_update_alone_is_no_date_of_publication() -> None:
    page = head("", f"<article><h1>H</h1><time class='updated' datetime='2024-03-05'>x</time>{BODY}</article>")
    assert page.dates == (("updated", "2024-03-05"),)


@pytest.mark.parametrize(
    ("title", "site", "headline"),
    [
        ("Harbour opens | The Paper", "The Paper", "Harbour opens"),
        ("Harbour opens – the paper", "The Paper", "Harbour opens"),
        ("Harbour opens|The Paper", "The Paper", "Harbour opens"),
        ("Harbour opens - The Paper Mill", "The Paper", "Harbour opens - The Paper Mill"),
        ("Why I read The Paper", "The Paper", "Why I read The Paper"),
        ("The Paper", "The Paper", "The Paper"),
        ("Tea - and what it costs", "The Paper", "Tea - and what it costs"),
    ],
)
def test_the_name_of_the_site_is_cut_from_the_headline(title: str, site: str, headline: str) -> None:
    metas = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{site}">'
    assert head(metas).headline == headline


def test_the_headline_comes_from_the_next_best_place() -> None:
    assert head("<title>T</title>", f"<h1>Harbour</h1>{BODY}").headline == "Harbour"
    assert head("<title>T | S</title>", BODY).headline == "T | S"
    site = "<meta property='og:site_name' content='The Paper'><title>T</title>"
    assert head(site, f"<h1>The Paper</h1><main><h1>Two<br>lines</h1>{BODY}</main>").headline == "Two lines"
    cut = ld('{"@type":"NewsArticle","headline":"The harbour opens after nine…"}')
    whole = "<meta property='og:title' content='The harbour opens after nine months'>"
    assert head(cut + whole).headline == "The harbour opens after nine months"


def test_the_url_of_the_caller_counts_and_else_that_of_the_page() -> None:
    link = '<link rel="canonical" href="/a/1"><meta property="og:url" content="https://x.example/a/2">'
    html = f"<html><head>{link}</head><body><h1>H</h1>{BODY}</body></html>"
    assert read(html, url="https://y.example/b").url == "https://y.example/b"
    assert read(html).url == "https://x.example/a/2"
    assert read(f"<!-- saved from url=(0022)https://z.example/s/1 -->{html}").url == "https://z.example/a/1"
    home = '<link rel="canonical" href="https://x.example/"><meta property="og:url" content="https://x.example/a">'
    assert head(home).url == "https://x.example/a"


def test_the_address_of_an_article_keeps_no_secret() -> None:
    page = Page(url="https://x.example/a?token=abcdef", headline="H")
    item = page_article(page, "x", "byte 0", SourceSettings(source="s"), b"")
    assert isinstance(item, RawArticle)
    assert item.url is not None
    assert "abcdef" not in item.url
    assert item.source == "s"


@pytest.mark.parametrize(
    ("encoding", "meta", "charset"),
    [
        ("utf-8", "", None),
        ("utf-8", '<meta charset="windows-1251">', None),
        ("utf-8", "", "iso-8859-1"),
        ("utf-8-sig", '<meta charset="windows-1251">', None),
        ("utf-16", '<meta charset="utf-8">', None),
        ("windows-1251", '<meta charset="cp1251">', None),
        ("windows-1251", '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1251">', None),
        ("windows-1251", "", "windows-1251"),
        ("windows-1251", '<meta charset="utf-8">', "windows-1251"),
        ("windows-1251", "", None),
        ("koi8-r", '<meta charset="koi8-r">', "no-such-set"),
        ("koi8-r", '<?xml version="1.0" encoding="koi8-r"?>', None),
    ],
)
def test_the_encoding_is_told_as_browsers_do(encoding: str, meta: str, charset: str | None) -> None:
    text = story("ru", 3).paragraphs[0]
    html = f"<html><head>{meta}<title>{text[:40]}</title></head><body><p>{text}</p></body></html>".encode(encoding)
    page = read_page(html, charset=charset)
    assert isinstance(page, Page)
    assert (page.headline, page.body) == (text[:40].strip(), text)


def test_one_bad_byte_costs_one_character() -> None:
    text = story("ru", 3).paragraphs[0]
    for meta, charset in (("", None), ("", "windows-1251"), ("<meta charset=iso-8859-1>", None)):
        page = read_page(f"{meta}<title>x</title><p>{text}".encode() + b"\xff</p>", charset=charset)
        assert isinstance(page, Page)
        assert (page.body, page.warnings) == (f"{text}ÿ", (pagetext.INVALID_BYTES,))


def test_short_chinese_text_is_not_taken_for_utf_8() -> None:
    page = read_page("<meta charset=gbk><title>一一联通</title>".encode("gbk"))
    assert isinstance(page, Page)
    assert page.headline == "一一联通"


def test_bytes_without_a_meaning_are_named() -> None:
    page = read_page(b"<meta charset=utf-8><title>caf\xe9 t\xfcr</title><p>" + TEXT.encode() * 5)
    assert isinstance(page, Page)
    assert page.warnings == (pagetext.INVALID_BYTES,)


@pytest.mark.parametrize("html", ["", "   ", "<html></html>", "<!-- -->", "<html><body><img src=x></body></html>"])
def test_a_page_without_headline_and_text_is_a_reject(html: str) -> None:
    item = page_article(read_page(html.encode()), "x", "byte 7", SourceSettings(), html.encode())
    assert isinstance(item, Reject)
    assert (str(item.reason), item.payload) == ("no_content", html.encode())
    assert "byte 7" in item.detail


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "ul><li", "table><tr><td", "font", "article"])
@pytest.mark.parametrize("depth", [300, 1_900, 60_000])
def test_deep_nesting_does_no_harm_and_is_never_silent(tag: str, depth: int) -> None:
    html = f"<html><body><h1>H</h1><p>{TEXT * 3}</p>" + f"<{tag}>" * depth + f"<p>{TEXT * 9}</p>"
    page = read_page(html.encode())
    if isinstance(page, TooCostly):
        assert depth > 1_000
        return
    assert page.headline == "H"
    assert page.body is not None or page.warnings
    assert pagetext.PAGE_CUT in page.warnings or depth < 2_000


HOSTILE = {
    "attributes": "<p " + " ".join(f"a{number}=1" for number in range(200_000)) + f">{TEXT * 9}",
    "long attribute": f"<p title='{'x' * 5_000_000}'>{TEXT * 9}",
    "one text": f"<p>{TEXT * 50_000}",
    "nuls": f"<p>{TEXT * 9}".replace(" ", "\0 "),
    "entities": "<p>&#0; &#xD800; &#x110000; &nosuch; &amp &lt &#99999999999; &" + TEXT * 9,
    "unclosed": f"<p>{TEXT * 9}<a href='x" + "<b" * 10_000,
    "doctype": "<!DOCTYPE html [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><p>&c;" + TEXT * 9,
    "cdata": f"<![CDATA[<p>x]]><p>{TEXT * 9}",
    "script": "<script>" + "<" * 200_000 + f"</script><p>{TEXT * 9}",
    "comments": "<!--" * 50_000 + f"--><p>{TEXT * 9}",
    "metas": "<meta name=date content='2024'>" * 20_000 + f"<p>{TEXT * 9}",
    "escaped quotes": ld('{"a":,' + '\\"' * 200_000) + f"<p>{TEXT * 9}",
    "spaces between": ld('{"a":,}' + " " * 300_000 + "x") + f"<p>{TEXT * 9}",
    "open comments": ld('{"a":,' + "/*" * 100_000) + f"<p>{TEXT * 9}",
    "times": "<div>" * 200 + "<time>x</time>" * 900 + "</div>" * 200 + f"<p>{TEXT * 9}",
    "figures": "<div>" * 200 + "<figure><img><figcaption>a</figure>" * 300 + f"<p>{TEXT * 9}",
    "authors": "<div>" * 200 + "<a rel=author>x</a>" * 900 + "</div>" * 200 + f"<p>{TEXT * 9}",
    "quotes": ld('{"@type":"NewsArticle","headline":"' + "\\" * 200_000) + f"<p>{TEXT * 9}",
    "spaces": ld("{" + " " * 200_000 + '"a":1,,}') + f"<p>{TEXT * 9}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_does_no_harm(name: str) -> None:
    page = read("<html><body><h1>Harbour</h1>" + HOSTILE[name])
    assert page.headline == "Harbour"
    assert page.body is None or "\0" not in page.body


def test_a_page_with_too_many_elements_is_refused_before_it_costs_time() -> None:
    deep = read_page(b"<html><body>" + b"<div>" * 1_000 + b"<a rel=author>x</a>" * 30_000)
    assert isinstance(deep, TooCostly)
    html = b"<html><body><h1>H</h1>" + b"<i>x</i>" * (pagetext.MAX_DEPTHS // 3)
    page = read_page(html)
    assert isinstance(page, TooCostly)
    item = page_article(page, "x", "byte 0", SourceSettings(), html)
    assert isinstance(item, Reject)
    assert (str(item.reason), len(item.payload)) == ("too_large", 64_000)


def test_paragraphs_lists_tables_and_line_breaks_keep_their_words_apart() -> None:
    more = (
        "<ul><li>one <b>b</b>old</li><li>two</li></ul><table><tr><td>1</td><td>2</td></tr></table><p>verse<br>line</p>"
    )
    page = head("", f"<main><article><h1>Harbour opens</h1>{BODY}{more}{BODY}</article></main>")
    assert page.body is not None
    assert page.body.split("\n\n")[2:-2] == ["one bold", "two", "1 2", "verse\nline"]
    assert page.body.startswith(TEXT.strip())


def test_the_headline_and_the_author_are_no_part_of_the_text() -> None:
    page = head("", f"<main><article><h1>Harbour</h1><p><a rel=author>Ann Lee</a></p>{BODY}</article></main>")
    assert page.body is not None
    assert (page.headline, page.bylines) == ("Harbour", ("Ann Lee",))
    assert page.body.startswith("The council")


def test_a_text_of_json_ld_alone_keeps_its_paragraphs() -> None:
    data, right = next(layout for layout in LAYOUTS if layout.name == "json_ld_alone").page(4)
    page = read_page(data)
    assert isinstance(page, Page)
    assert page.body == "\n\n".join(right.paragraphs)


def test_a_time_within_a_sentence_stays_in_the_text() -> None:
    page = head(
        "", f"<main><h1>H</h1><p>The vote on <time datetime='2024-03-04'>4 March</time> was close. {TEXT}</p>{BODY}"
    )
    assert page.body is not None
    assert page.body.startswith("The vote on 4 March was close.")


@pytest.mark.parametrize(
    "byline",
    [
        "<p>By <a rel='author' href='/a'>Ann Lee</a></p>",
        "<span itemprop='author' itemscope><a itemprop='url' href='/a'><span itemprop='name'>Ann Lee</span></a></span>",
        "<span class='author vcard'><a class='url fn n' href='/author/ann'>Ann Lee</a></span>",
        "<div itemprop='author' itemscope><meta itemprop='name' content='Ann Lee'></div>",
    ],
)
def test_marked_authors_of_the_article_are_read(byline: str) -> None:
    other = "<div class='related'><a rel='author'>Bo</a></div>"
    assert head("", f"<article><h1>H</h1>{byline}{BODY}{other}</article>").bylines == ("Ann Lee",)


def test_pictures_keep_their_captions_and_credits() -> None:
    own = ld(
        '{"@type":"NewsArticle",'
        '"image":[{"@type":"ImageObject","url":"/a.jpg","caption":"The harbour","creditText":"AP"}]}'
        ""
    )
    figures = "<figure><img src='b.jpg?w=9'><figcaption>A boat. <b>Photo:</b> Ann</figcaption></figure>"
    aside = "<aside><figure><img src='c.jpg'><figcaption>Other</figcaption></figure></aside>"
    html = f"<html><head>{own}</head><body><article><h1>H</h1>{figures}{BODY}{aside}</article></body></html>"
    assert read(html, url="https://x.example/1/").images == (
        ("https://x.example/a.jpg", "The harbour", "AP"),
        ("https://x.example/1/b.jpg?w=9", "A boat. Photo: Ann", None),
    )


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        (ld('{"@type":"Article","inLanguage":"pt_BR"}'), "pt-BR"),
        (ld('{"@type":"Article","inLanguage":{"@type":"Language","name":"English","alternateName":"en"}}'), "en"),
        ("<meta property='og:locale' content='nl_NL'>", "nl-NL"),
        ("<meta http-equiv='Content-Language' content='sv'>", "sv"),
        ("<meta name='language' content='English'>", None),
    ],
)
def test_the_language_is_a_tag(markup: str, language: str | None) -> None:
    assert head(markup).language == language


@pytest.mark.parametrize("address", ["http://[x", "//[", "https://x.example:port/a", "http://\\ud800/", "\x00", "//"])
def test_an_address_that_is_no_url_does_no_harm(address: str) -> None:
    metas = (
        f'<link rel=canonical href="{address}"><base href="{address}"><meta property="og:image" content="{address}">'
    )
    own = ld(f'{{"@type":"NewsArticle","headline":"A","url":"{address}","image":"{address}"}}')
    html = f"<html><head>{metas}{own}</head><body><h1>H</h1>{BODY}</body></html>"
    for url in (None, address):
        page = read_page(html.encode("utf-8", "replace"), url=url)
        assert isinstance(page, Page)
        assert page.body is not None


PIECES = ("<", ">", "</p>", '"', "<p>", "<div>", "<script>", "<!--", "-->", "\0", "&", "{", "}", "</article>", "\ufffd")


@given(
    st.integers(0, len(LAYOUTS) - 1),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(PIECES)), max_size=30),
)
@settings(max_examples=150)
def test_no_damage_of_a_page_raises(layout: int, changes: list[tuple[float, int, str]]) -> None:
    data = LAYOUTS[layout].page(3)[0]
    for place, cut, piece in changes:
        at = int(place * len(data))
        data = data[:at] + piece.encode() + data[at + cut :]
    item = page_article(read_page(data), "x", "byte 0", SourceSettings(), data)
    assert isinstance(item, RawArticle) or str(item.reason) == "no_content"


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    page_article(read_page(b"<p>" + data), "x", "byte 0", SourceSettings(), data)


WITHOUT_EXTRA = """
import sys
sys.modules["trafilatura"] = None
from newslake.transforms.files.pages.text import missing_extra
from newslake.transforms.files.pages import page as pages
from newslake.transforms.files.formats import html, warc
print(missing_extra())
"""


def test_without_the_extra_a_sentence_names_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRA], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert done.stdout == "HTML pages need the extra html: pip install 'newslake[html]'\n"
    assert pagetext.missing_extra() is None


def test_every_field_is_judged() -> None:
    data, right = LAYOUTS[0].page(3)
    assert set(judge(read_page(data), right)) == set(FIELDS)
