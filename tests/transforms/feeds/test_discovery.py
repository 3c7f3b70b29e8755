"""From the page of a site to its feed."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web
from commandline import SHARED
from feed_servers import FEED, Resolver, ask, public_only_at, served

from newslake.schemas.feed_state import FeedState, Validators
from newslake.schemas.raw import SourceSettings
from newslake.transforms.feeds.discovery import USUAL_PATHS, feed_candidates, is_feed, is_page
from newslake.transforms.feeds.document import Answer, FeedDocument, FeedRequest

PAGE = "https://example.org/news/today?x=1#top"
TYPED = 'rel="alternate" type="application/rss+xml"'


def linked(head: str, url: str = PAGE) -> list[str]:
    """Return the candidates before the usual paths."""
    found = feed_candidates(f"<!DOCTYPE html><html><head>{head}</head><body></body></html>".encode(), url)
    return found[: found.index("https://example.org/news/today/feed")]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (f'<link {TYPED} href="https://example.org/a.xml">', "https://example.org/a.xml"),
        (f"<LINK {TYPED.upper()} HREF='/a.xml' />", "https://example.org/a.xml"),
        (f"<link {TYPED} href=/a.xml>", "https://example.org/a.xml"),
        (f'<link {TYPED} href="a.xml">', "https://example.org/news/a.xml"),
        (f'<link {TYPED} href="?feed=rss2&amp;lang=nl">', "https://example.org/news/today?feed=rss2&lang=nl"),
        (f'<link {TYPED} href="//feeds.example.com/a">', "https://feeds.example.com/a"),
        (f'<link {TYPED} href=" https://example.org/a.xml#x ">', "https://example.org/a.xml"),
        (f'<base href="https://example.com/b/"><link {TYPED} href="a">', "https://example.com/b/a"),
        (f'<base target="_blank"><base href="/c/"><link {TYPED} href="a">', "https://example.org/c/a"),
        ('<link title="a > b" rel="alternate" type="application/atom+xml" href="/a">', "https://example.org/a"),
        ('<link rel="home alternate" type="text/xml; charset=utf-8" href="/a">', "https://example.org/a"),
        ('<link rel="alternate" type="application/feed+json" href="/a.json">', "https://example.org/a.json"),
        ('<link rel="feed" href="/a">', "https://example.org/a"),
        (f'<link\n{TYPED}\n  href="/a">', "https://example.org/a"),
        (f'<body><p>x</p><link {TYPED} href="/a">', "https://example.org/a"),
        (f'<link href="" {TYPED}><link {TYPED} href="/a">', "https://example.org/a"),
    ],
)
def test_the_feed_that_a_page_links_to_is_found(head: str, found: str) -> None:
    assert linked(head) == [found]


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" type="application/rss+xml" href="/a">',
        '<link rel="alternate" hreflang="nl" href="/nl/">',
        '<link rel="alternate" type="text/html" href="/m/">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        f'<!-- <link {TYPED} href="/a"> -->',
        f"<script>document.write('<link {TYPED} href=\"/a\">')</script>",
        f'<template><link {TYPED} href="/a"></template>',
        f'<link {TYPED} href="feed://example.org/a">',
        f'<link {TYPED} href="javascript:alert(1)">',
        f'<link {TYPED} href="http://[::1">',
        f'<link {TYPED} href="{PAGE}">'.replace("#top", "").replace('"https', '"file'),
        f"<link {TYPED} href='/a",
    ],
)
def test_what_is_no_link_to_a_feed_is_left_out(head: str) -> None:
    assert linked(head) == []


def test_feeds_of_comments_come_only_where_there_is_no_other() -> None:
    comments = f'<link {TYPED} title="Site &raquo; Comments Feed" href="/comments/feed/">'
    own = f'<link {TYPED} title="Site" href="/feed/"><link {TYPED} href="/sport/feed/">'
    assert linked(comments + own) == ["https://example.org/feed/", "https://example.org/sport/feed/"]
    assert linked(comments) == ["https://example.org/comments/feed/"]


def test_the_usual_paths_come_below_the_page_and_at_the_root() -> None:
    assert feed_candidates(b"<html></html>", "https://example.org/") == [
        f"https://example.org{path}" for path in USUAL_PATHS
    ]
    assert feed_candidates(b"<html></html>", "https://example.org/blog/")[:3] == [
        "https://example.org/blog/feed",
        "https://example.org/feed",
        "https://example.org/blog/rss",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><head>", b"<!DOCTYPE html>\n<html lang='nl'>", b"\xef\xbb\xbf\n<!-- x --><HTML>",
        b"<head><title>A</title>", "<html>".encode("utf-16"), b"Warning: x in y\n<html>",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
        b"<html><body><pre>&lt;rss <rss></pre>",
    ],
)  # fmt: skip
def test_a_page_is_no_feed(body: bytes) -> None:
    assert (is_page(body), is_feed(body)) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'>", b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>", b"<rdf:RDF >",
        b"<!-- <html> --><rss>", b"<atom:feed >", b"Notice: x\n<rss >",
        b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1"}',
        b"<!DOCTYPE rss><rss><title>&lt;html></title>", "<rss>".encode("utf-16"),
    ],
)  # fmt: skip
def test_a_feed_is_no_page(body: bytes) -> None:
    assert (is_page(body), is_feed(body)) == (False, True)


@pytest.mark.parametrize(
    "body", [b"", b"plain text", b'{"id": 7, "slug": "about"}', b"<opml><body>", b"<urlset>", b"\x89PNG"]
)
def test_other_documents_are_neither(body: bytes) -> None:
    assert (is_page(body), is_feed(body)) == (False, False)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public feeds are not here")
def test_no_public_feed_is_taken_for_a_page() -> None:
    assert [path.name for path in (SHARED / "feeds").glob("*.xml") if is_page(path.read_bytes())] == []


# Against a server


class Site:
    """A site with pages, other bodies and redirects by their paths. It notes what is asked."""

    def __init__(self, **bodies: str | bytes) -> None:
        self.bodies: dict[str, str | bytes] = bodies
        self.asked: list[str] = []
        self.headers: list[tuple[str | None, str | None]] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        self.headers.append((request.headers.get("Authorization"), request.headers.get("If-None-Match")))
        body = self.bodies.get(request.path.strip("/").replace(".", "_") or "home")
        if body is None:
            return web.Response(status=404)
        if isinstance(body, str) and body.startswith(("/", "http")):
            return web.Response(status=301, headers={"Location": body})
        is_page = isinstance(body, str)
        text = body.encode() if isinstance(body, str) else body
        return web.Response(body=text, content_type="text/html" if is_page else "text/xml", headers={"ETag": '"e"'})


def visit(site: Site, path: str = "/", check: Callable[[str, Answer], None] | None = None, **request: object) -> Answer:
    async def run() -> Answer:
        async with served(site) as url:
            [answer] = await ask(FeedRequest(url + path, **{"settings": SourceSettings(), **request}))  # type: ignore[arg-type]
            if check:
                check(url, answer)
            return answer

    return asyncio.run(run())


def found_at(path: str) -> Callable[[str, Answer], None]:
    def check(url: str, answer: Answer) -> None:
        assert isinstance(answer.result, FeedDocument)
        assert (answer.result.body, answer.facts.found_at) == (FEED, url + path)
        assert answer.result.source_uri in (f"{url}/", f"{url}/blog")

    return check


def test_the_feed_that_a_page_names_is_the_document() -> None:
    site = Site(home=f'<html><link {TYPED} href="/news.xml">', news_xml=FEED)
    answer = visit(site, check=found_at("/news.xml"))
    assert site.asked == ["/", "/news.xml"]
    assert answer.facts.validators.etag == '"e"'


def test_a_page_that_names_no_feed_leads_to_the_usual_paths() -> None:
    site = Site(blog="<html>", atom_xml=FEED, rss="<html>also a page")
    visit(site, "/blog")
    assert site.asked[:3] == ["/blog", "/blog/feed", "/feed"]
    assert len(site.asked) == 1 + 8
    site = Site(blog="<html>", rss=FEED)
    visit(site, "/blog", check=found_at("/rss"))


def test_a_named_address_that_is_no_feed_is_passed_over() -> None:
    links = "".join(f'<link {TYPED} href="{path}">' for path in ("/gone", "/page", "/empty", "/wp.json", "/good"))
    site = Site(home=f"<html>{links}", page="<html>", empty=b"", wp_json=b'{"id": 7}', good=FEED)
    visit(site, check=found_at("/good"))


def test_a_feed_that_moved_for_good_is_found_where_it_is() -> None:
    site = Site(home=f'<html><link {TYPED} href="/old">', old="/new", new=FEED)
    answer = visit(site, check=found_at("/new"))
    assert answer.facts.moved_to is None


def test_a_site_without_a_feed_gives_its_page_after_a_few_requests() -> None:
    site = Site(home="<html>" + "".join(f'<link {TYPED} href="/{n}">' for n in range(100)))
    answer = visit(site)
    assert isinstance(answer.result, FeedDocument)
    assert answer.result.body.startswith(b"<html>")
    assert answer.facts.found_at is None
    assert len(site.asked) == 9


def test_a_page_where_a_feed_was_is_not_searched_unless_it_lasts() -> None:
    body = f'<html><link {TYPED} href="/news.xml">'
    for failures, asked in ((0, 1), (4, 1), (5, 2)):
        site = Site(home=body, news_xml=FEED)
        state = FeedState("f", "", "", succeeded_at="2026-03-01T00:00:00Z", failures=failures)
        visit(site, state=state, validators=Validators('"a"', None, "0" * 32))
        assert len(site.asked) == asked
        assert site.headers[1:] in ([], [(None, None)])  # validators are for the page alone


def test_an_address_with_a_secret_is_not_told_nor_are_its_validators() -> None:
    site = Site(home=f'<html><link {TYPED} href="/feed?token=abcdefgh">', feed=FEED)
    answer = visit(site)
    assert isinstance(answer.result, FeedDocument)
    assert (answer.facts.found_at, answer.facts.validators.etag) == (None, None)
    assert "abcdefgh" not in repr((answer.facts, answer.result.url, answer.result.source_uri))


def test_secrets_go_to_the_feeds_of_the_own_origin_only() -> None:
    settings = SourceSettings(headers=(("Authorization", "Bearer abcdefgh"),))

    async def run() -> tuple[Site, Site]:
        other = Site(x=FEED)
        async with served(other) as other_url:
            site = Site(home=f'<html><link {TYPED} href="/gone"><link {TYPED} href="{other_url}/x">')
            async with served(site) as url:
                [answer] = await ask(FeedRequest(f"{url}/", settings))
        assert answer.facts.found_at == f"{other_url}/x"
        return site, other

    site, other = asyncio.run(run())
    assert [authorization for authorization, _ in site.headers] == ["Bearer abcdefgh"] * 2
    assert [authorization for authorization, _ in other.headers] == [None]


def test_a_page_cannot_lead_to_private_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[Site, Answer]:
        secret = Site(x=FEED)
        site = Site()
        async with served(secret) as secret_url, served(site) as url:
            site.bodies["home"] = f'<html><link {TYPED} href="{secret_url}/x">'
            port = int(url.rpartition(":")[2])
            monkeypatch.setattr("newslake.transforms.feeds.hops._public_socket", public_only_at(port))
            request = FeedRequest(f"http://outer.test:{port}/", SourceSettings())
            [answer] = await ask(request, allow_private=False, resolver=Resolver("127.0.0.1"))
        return secret, answer

    secret, answer = asyncio.run(run())
    assert secret.asked == []
    assert isinstance(answer.result, FeedDocument)
    assert (answer.result.body[:6], answer.facts.found_at) == (b"<html>", None)


def test_an_opml_list_is_left_as_it_is() -> None:
    site = Site(home=b"<opml><body><outline xmlUrl='https://example.org/feed'/></body></opml>")
    visit(site)
    assert site.asked == ["/"]
