import asyncio
import bz2
import gzip
import random
import socket
import ssl
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
import zstandard
from aiohttp import web
from commandline import CHECKOUT
from feed_servers import FEED, NOTHING_SAID, Handler, Resolver, answering, ask, public_only_at, served

from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import FeedDocument, FeedRequest

SECRET = (("Authorization", "Bearer abc"), ("X-Plan", "gold"))


async def fetch(*requests: FeedRequest, allow_private: bool = True, **options: Any) -> list[FeedDocument | Reject]:
    return [result for result, _ in await fetch_with_status(*requests, allow_private=allow_private, **options)]


async def fetch_with_status(
    *requests: FeedRequest, allow_private: bool = True, **options: Any
) -> list[tuple[FeedDocument | Reject, int | None]]:
    answers = await ask(*requests, allow_private=allow_private, **options)
    return [(answer.result, answer.facts.status) for answer in answers]  # type: ignore[misc]


def fetch_one(
    handler: Handler, path: str = "/feed", settings: SourceSettings = NOTHING_SAID, **options: Any
) -> FeedDocument | Reject:
    async def run() -> FeedDocument | Reject:
        async with served(handler) as url:
            [answer] = await fetch(FeedRequest(url + path, settings), **options)
            return answer

    return asyncio.run(run())


def rejected(answer: FeedDocument | Reject, reason: Reason) -> Reject:
    assert isinstance(answer, Reject), answer
    assert (answer.stage, answer.reason, answer.whole_source) == (Stage.FETCH_FEEDS, reason, True)
    return answer


def test_a_feed_is_fetched_with_its_url_status_and_charset() -> None:
    settings = SourceSettings(publisher="P")
    answer = fetch_one(
        answering(Content_Type="application/rss+xml; charset=iso-8859-1"), "/feed?token=abc&x=1", settings
    )
    assert isinstance(answer, FeedDocument)
    assert (answer.body, answer.status, answer.charset, answer.settings) == (FEED, 200, "iso-8859-1", settings)
    assert answer.source_uri == answer.url
    assert answer.source_uri.endswith("/feed?token=***&x=1")


def test_the_request_says_who_asks_and_what_is_read() -> None:
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        return web.Response(body=FEED)

    fetch_one(handler, settings=SourceSettings(headers=SECRET))
    [request] = seen
    assert (request.method, request.headers["User-Agent"], request.headers["Authorization"]) == (
        "GET",
        "newslake-test",
        "Bearer abc",
    )
    assert request.headers["Accept-Encoding"] == "gzip, deflate, br, zstd"


@pytest.mark.parametrize("status", [204, 205, 206, 304, 403, 404, 410, 429, 500, 503])
def test_any_status_but_200_and_203_is_a_reject_that_names_it(status: int) -> None:
    reject = rejected(fetch_one(answering(b"", status)), Reason.HTTP_STATUS)
    assert f"HTTP {status}" in reject.detail


def test_a_reject_comes_with_the_status_of_the_last_answer() -> None:
    async def run() -> list[tuple[FeedDocument | Reject, int | None]]:
        async with served(handler) as url:
            paths = ("/gone", "/moved", "/empty", "/whole")
            nobody = FeedRequest("http://127.0.0.1:1/", NOTHING_SAID)
            return await fetch_with_status(*(FeedRequest(url + path, NOTHING_SAID) for path in paths), nobody)

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/moved":
            return web.Response(status=302, headers={"Location": "/moved"})
        body = FEED if request.path == "/whole" else b""
        return web.Response(status=410 if request.path == "/gone" else 200, body=body)

    assert [status for _, status in asyncio.run(run())] == [410, 302, 200, 200, None]


def test_an_empty_body_is_a_reject() -> None:
    rejected(fetch_one(answering(b"")), Reason.EMPTY)
    rejected(fetch_one(answering(gzip.compress(b""), Content_Encoding="gzip")), Reason.EMPTY)


# Secrets

TOKEN = "s3cret-0123456789"
HEADERS = SourceSettings(headers=(("Authorization", f"Bearer {TOKEN}"),))


@pytest.mark.parametrize(
    "handler",
    [
        answering(b"", 403),
        answering(b"\x1f\x8b\x08\x00" + TOKEN.encode() + bytes(90)),
        answering(TOKEN.encode() * 100, Content_Encoding="gzip"),
        answering(b"", 302, Location=f"ftp://x.example/{TOKEN}"),
        answering(b"", 302, Location=f"http://127.0.0.1:1/{TOKEN}?echo=Bearer%20{TOKEN}"),
        answering(b"", 302, Location=f"http://{TOKEN}.invalid/"),
        answering(b"x" * 100 + TOKEN.encode()),
    ],
)
def test_the_values_of_headers_are_shown_nowhere(handler: Handler) -> None:
    answer = fetch_one(handler, settings=HEADERS, max_body_bytes=110)
    assert isinstance(answer, Reject)
    assert TOKEN not in answer.detail + answer.source_uri
    assert TOKEN.encode() not in answer.payload


@pytest.mark.parametrize("user", ["me:pa55word-1", "t0ken-12345"])
def test_credentials_of_a_url_that_a_server_repeats_are_shown_nowhere(user: str) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(status=500, reason=f"you sent {request.headers['Authorization']}")

    async def run() -> FeedDocument | Reject:
        async with served(handler) as url:
            [answer] = await fetch(FeedRequest(url.replace("//", f"//{user}@"), SourceSettings()))
            return answer

    assert rejected(asyncio.run(run()), Reason.HTTP_STATUS).detail == "HTTP 500 you sent Basic ***"


def test_the_url_after_a_redirect_does_not_show_the_values_of_headers() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/feed":
            return web.Response(status=302, headers={"Location": f"/personal/{TOKEN}/feed?as={TOKEN}"})
        return web.Response(body=FEED)

    answer = fetch_one(handler, settings=HEADERS)
    assert isinstance(answer, FeedDocument)
    assert str(answer.url).endswith("/personal/***/feed?as=***")


# Redirects


def test_redirects_are_followed_and_the_last_url_is_told() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        step = int(request.query.get("step", 0))
        if step < 5:
            return web.Response(
                status=[301, 302, 303, 307, 308][step], headers={"Location": f"/moved/x?step={step + 1}&key=k{step}"}
            )
        return web.Response(body=FEED)

    answer = fetch_one(handler)
    assert isinstance(answer, FeedDocument)
    assert answer.source_uri.endswith("/feed")
    assert answer.url is not None
    assert answer.url.endswith("/moved/x?step=5&key=***")


@pytest.mark.parametrize(("target", "path"), [("/caf\udce9", "/caf%E9"), ("/café", "/caf%C3%A9"), ("/a b", "/a%20b")])
def test_a_redirect_with_bytes_that_no_url_has_is_followed(target: str, path: str) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=FEED, status=200 if request.raw_path == path else 404)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        location = (inner + target).encode("utf-8", "surrogateescape")
        writer.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
        writer.close()

    async def run() -> FeedDocument | Reject:
        nonlocal inner
        async with served(handler) as inner, await asyncio.start_server(talk, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            [answer] = await fetch(FeedRequest(f"http://127.0.0.1:{port}/", SourceSettings()))
            return answer

    inner = ""
    assert isinstance(asyncio.run(run()), FeedDocument)


def test_a_sixth_redirect_is_one_too_many() -> None:
    asked = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": "/again"})

    assert "5 redirects" in rejected(fetch_one(handler), Reason.HTTP_STATUS).detail
    assert len(asked) == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/feed", "gopher://127.0.0.1/", "http://[::1"])
def test_a_redirect_to_anything_but_a_web_address_is_refused(target: str) -> None:
    rejected(fetch_one(answering(b"", 302, Location=target)), Reason.FORBIDDEN_ADDRESS)


def test_configured_headers_stay_with_their_origin() -> None:
    seen: dict[str, list[bool]] = {"first": [], "second": []}

    async def run() -> FeedDocument | Reject:
        async def second(request: web.Request) -> web.StreamResponse:
            seen["second"].append("Authorization" in request.headers or "X-Plan" in request.headers)
            if request.path == "/elsewhere":
                return web.Response(status=302, headers={"Location": f"{first_url}/back"})
            return web.Response(body=FEED)

        async def first(request: web.Request) -> web.StreamResponse:
            seen["first"].append("Authorization" in request.headers)
            if request.path == "/back":
                return web.Response(body=FEED)
            location = "/second" if request.path == "/feed" else f"{second_url}/elsewhere"
            return web.Response(status=302, headers={"Location": location})

        async with served(first) as first_url, served(second) as second_url:
            [answer] = await fetch(FeedRequest(f"{first_url}/feed", SourceSettings(headers=SECRET)))
            return answer

    assert isinstance(asyncio.run(run()), FeedDocument)
    assert seen == {"first": [True, True, False], "second": [False]}


# Addresses


def test_a_private_address_is_refused_before_anything_is_sent() -> None:
    asked = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(body=FEED)

    async def run() -> list[FeedDocument | Reject]:
        async with served(handler) as url:
            port = url.rpartition(":")[2]
            hosts = [
                "127.0.0.1",
                "localhost",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "0.0.0.0",
                "2130706433",
                "127.1",
                "0x7f000001",
            ]
            return await fetch(
                *(FeedRequest(f"http://{host}:{port}/", SourceSettings()) for host in hosts), allow_private=False
            )

    for answer in asyncio.run(run()):
        rejected(answer, Reason.FORBIDDEN_ADDRESS)
    assert asked == []


def test_a_redirect_reaches_no_private_address_that_the_first_url_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first hop needs a server that counts as public. The check is called for each socket, so
    # the test can make one port public.
    async def run() -> tuple[FeedDocument | Reject, list[str]]:
        asked: list[str] = []

        async def inner(request: web.Request) -> web.StreamResponse:
            asked.append(request.path)
            return web.Response(body=FEED)

        async def outer(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": f"{inner_url}/admin"})

        async with served(inner) as inner_url, served(outer) as outer_url:
            outer_port = int(outer_url.rpartition(":")[2])
            monkeypatch.setattr("newslake.transforms.feeds.hops._public_socket", public_only_at(outer_port))
            request = FeedRequest(f"http://outer.test:{outer_port}/feed", SourceSettings())
            [answer] = await fetch(request, allow_private=False, resolver=Resolver("127.0.0.1"))
        return answer, asked

    answer, asked = asyncio.run(run())
    assert "private addresses" in rejected(answer, Reason.FORBIDDEN_ADDRESS).detail
    assert asked == []


ODD_HOSTS = (
    *(
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0",
        "0.0.0.0",
        "localhost",
        "LOCALHOST.",
    ),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1%25lo]"),
    *(
        "example.org@127.0.0.1",
        "example.org:80@127.0.0.1",
        "127.0.0.1.",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
    ),
)
"""Ways to write the address of this machine, or to hide it from a check of the text."""


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_no_form_of_a_private_address_is_fetched(host: str) -> None:
    asked, answer = asyncio.run(_fetch_from_oneself(host, is_redirect=False))
    assert isinstance(answer, Reject)
    assert answer.reason in (Reason.FORBIDDEN_ADDRESS, Reason.NETWORK)
    assert asked == []


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_no_redirect_reaches_a_private_address(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = asyncio.run(_fetch_from_oneself(host, is_redirect=True, monkeypatch=monkeypatch))
    assert isinstance(answer, Reject)
    assert answer.reason in (Reason.FORBIDDEN_ADDRESS, Reason.NETWORK)
    assert asked == ["/outer"]


async def _fetch_from_oneself(
    host: str, *, is_redirect: bool, monkeypatch: pytest.MonkeyPatch | None = None
) -> tuple[list[str], FeedDocument | Reject]:
    asked: list[str] = []

    async def inner(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(body=FEED)

    async with served(inner) as inner_url:
        target = f"http://{host}:{inner_url.rpartition(':')[2]}/inner"

        async def outer(request: web.Request) -> web.StreamResponse:
            asked.append(request.path)
            return web.Response(status=302, headers={"Location": target})

        async with served(outer) as outer_url:
            if monkeypatch:
                port = int(outer_url.rpartition(":")[2])
                monkeypatch.setattr("newslake.transforms.feeds.hops._public_socket", public_only_at(port))
            url = f"http://outer.test:{outer_url.rpartition(':')[2]}/outer" if is_redirect else target
            resolver = Resolver("127.0.0.1") if is_redirect else None
            [answer] = await fetch(FeedRequest(url, SourceSettings()), allow_private=False, resolver=resolver)
    return asked, answer


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "/etc/passwd",
        "http://",
        "http://[::1",
        "",
        "http://xn--a.example/",
        "http://[::1]@",
    ],
)
def test_an_address_that_is_not_http_is_refused(url: str) -> None:
    [answer] = asyncio.run(fetch(FeedRequest(url, SourceSettings())))
    rejected(answer, Reason.FORBIDDEN_ADDRESS)


# Size and compression


def deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


def pack(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)  # the tests' names hold the bytes, so they must not change


PACKED = pack(FEED)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("identity", FEED),
        ("gzip", PACKED),
        ("x-gzip", gzip.compress(FEED[:9], mtime=0) + gzip.compress(FEED[9:], mtime=0)),
        ("GZIP;q=1.0", PACKED),
        ("deflate", zlib.compress(FEED)),
        ("deflate", deflate(FEED)),
        ("gzip", pack(PACKED)),
        ("gzip, gzip", pack(PACKED)),
        ("gzip, identity", PACKED),
        ("identity, gzip", PACKED),
        ("deflate, gzip", pack(zlib.compress(FEED))),
        ("gzip, deflate", zlib.compress(PACKED)),
        ("gzip, deflate", deflate(PACKED)),
        ("gzip", bz2.compress(FEED)),
    ],
)
def test_a_compressed_body_is_decompressed(coding: str, body: bytes) -> None:
    answer = fetch_one(answering(body, Content_Encoding=coding))
    assert isinstance(answer, FeedDocument), answer
    assert (answer.body, answer.cut) == (FEED, "")


@pytest.mark.parametrize("body", [PACKED, pack(PACKED), pack(pack(PACKED))])
@pytest.mark.parametrize("kind", ["application/rss+xml", "application/x-gzip"])
def test_gzip_needs_no_header(kind: str, body: bytes) -> None:
    answer = fetch_one(answering(body, Content_Type=kind))
    assert isinstance(answer, FeedDocument)
    assert answer.body == FEED


@pytest.mark.parametrize(
    "coding", ["gzip", "gzip, gzip", "deflate", "br", "utf-8", "UTF-8", "none", "null", "x, y", ""]
)
@pytest.mark.parametrize(
    "body",
    [
        FEED,
        b"\n\n" + FEED,
        b"\xef\xbb\xbf" + FEED,
        FEED.decode().encode("utf-16"),
        FEED.decode().encode("utf-16-be"),
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        b"Notice: Undefined index: page in /srv/feed.php on line 7\n" + FEED,
        "<title>Мост</title>".encode("cp1251"),
    ],
)
def test_a_plain_body_is_read_whatever_its_header_says(coding: str, body: bytes) -> None:
    answer = fetch_one(answering(body, Content_Encoding=coding))
    assert isinstance(answer, FeedDocument), answer
    assert answer.body == body


def test_a_feed_that_a_proxy_changed_is_read() -> None:
    answer = fetch_one(answering(FEED, 203))
    assert isinstance(answer, FeedDocument)
    assert (answer.body, answer.status) == (FEED, 203)


@pytest.mark.parametrize(("told", "language"), [("nl-BE", "nl-BE"), (" de ", "de"), ("de, en", None), ("", None)])
def test_the_language_of_the_header_is_told_if_it_is_one(told: str, language: str | None) -> None:
    answer = fetch_one(answering(Content_Language=told))
    assert isinstance(answer, FeedDocument)
    assert answer.language == language


def test_a_body_of_just_the_limit_is_read_and_one_more_byte_is_too_large() -> None:
    assert isinstance(fetch_one(answering(b"x" * 5000), max_body_bytes=5000), FeedDocument)
    reject = rejected(fetch_one(answering(b"x" * 5001), max_body_bytes=5000), Reason.TOO_LARGE)
    assert "5000 bytes" in reject.detail
    assert reject.payload == b"x" * 5001


ZSTD = zstandard.ZstdCompressor()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": ZSTD.compress,
}


@pytest.mark.parametrize("coding", PACKERS)
def test_each_coding_that_is_asked_for_is_read(coding: str) -> None:
    body = PACKERS[coding](FEED)
    for told in (coding, coding.upper(), f"{coding}, identity"):
        answer = fetch_one(answering(body, Content_Encoding=told))
        assert isinstance(answer, FeedDocument), answer
        assert (answer.body, answer.cut) == (FEED, "")


@pytest.mark.parametrize("outer", PACKERS)
@pytest.mark.parametrize("inner", PACKERS)
def test_codings_are_undone_from_the_last_to_the_first(inner: str, outer: str) -> None:
    answer = fetch_one(answering(PACKERS[outer](PACKERS[inner](FEED)), Content_Encoding=f"{inner}, {outer}"))
    assert isinstance(answer, FeedDocument), answer
    assert answer.body == FEED


@pytest.mark.parametrize("coding", PACKERS)
def test_what_came_of_a_cut_body_is_kept(coding: str) -> None:
    feed = bytes(random.Random(1).choices(b"abcdefghijklmnop<>", k=600_000))
    answer = fetch_one(answering(PACKERS[coding](feed)[:-9], Content_Encoding=coding))
    assert isinstance(answer, FeedDocument), answer
    assert answer.cut
    assert feed.startswith(answer.body)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_is_too_large_and_never_unpacked_whole(coding: str) -> None:
    bomb = PACKERS[coding](bytes(100_000_000))
    tracemalloc.start()
    try:
        answer = fetch_one(answering(bomb, Content_Encoding=coding), max_body_bytes=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert len(rejected(answer, Reason.TOO_LARGE).payload) == 64_000


@pytest.mark.parametrize("outer", PACKERS)
@pytest.mark.parametrize("inner", PACKERS)
def test_a_bomb_in_a_bomb_is_too_large(inner: str, outer: str) -> None:
    bomb = PACKERS[outer](PACKERS[inner](bytes(30_000_000)))
    handler = answering(bomb, Content_Encoding=f"{inner}, {outer}")
    rejected(fetch_one(handler, max_body_bytes=1_000_000), Reason.TOO_LARGE)


def test_a_body_without_end_is_cut_off_at_the_limit() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(100_000))

    rejected(fetch_one(handler, max_body_bytes=1_000_000), Reason.TOO_LARGE)


@pytest.mark.parametrize(
    "pack", [lambda data: gzip.compress(gzip.compress(data)), lambda data: zlib.compress(gzip.compress(data))]
)
def test_the_limit_holds_for_every_layer(pack: Callable[[bytes], bytes]) -> None:
    handler = answering(pack(gzip.compress(bytes(50_000_000))), Content_Encoding="gzip, deflate")
    rejected(fetch_one(handler, max_body_bytes=1_000_000), Reason.TOO_LARGE)


def test_layers_without_end_are_left_alone() -> None:
    body = FEED
    for _ in range(9):
        body = gzip.compress(body, mtime=0)
    answer = fetch_one(answering(body))
    assert isinstance(answer, FeedDocument)
    assert answer.body.startswith(b"\x1f\x8b")


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", bytes(range(200)), Reason.CORRUPT),
        ("gzip", b"\x1f\x8b\x08\x00" + bytes(90), Reason.CORRUPT),
        ("deflate", b"\x01\x02" + b"\xff" * 90, Reason.CORRUPT),
        ("br", bytes(range(200)), Reason.CORRUPT),
        ("gzip", PACKED[:10], Reason.NETWORK),
    ],
)
def test_a_body_that_does_not_fit_its_coding_is_a_reject(coding: str, body: bytes, reason: Reason) -> None:
    rejected(fetch_one(answering(body, Content_Encoding=coding)), reason)


@pytest.mark.parametrize("coding", ["gzip", ""])
def test_what_came_of_a_damaged_body_is_kept(coding: str) -> None:
    feed = bytes(random.Random(1).choices(b"abcdefghijklmnop<>", k=60_000))
    whole = gzip.compress(feed, mtime=0)
    for packed in (whole[:-6], whole[:-9000], whole[:-5000] + b"damage" + whole[-5000:]):
        answer = fetch_one(answering(packed, Content_Encoding=coding))
        assert isinstance(answer, FeedDocument)
        assert answer.cut
        assert len(answer.body) > 20_000
        assert feed.startswith(answer.body[:20_000])


# Time and the network


def test_a_server_that_takes_too_long_is_a_timeout() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    assert "0.2 s" in rejected(fetch_one(handler, total_seconds=0.2), Reason.TIMEOUT).detail


async def begin_and_stop(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"<rss>")
    await asyncio.Event().wait()
    return response


def test_a_body_that_drips_is_a_timeout() -> None:
    rejected(fetch_one(begin_and_stop, total_seconds=0.2), Reason.TIMEOUT)


@pytest.mark.parametrize("headers", [{"Content-Length": "1000"}, {"Transfer-Encoding": "chunked"}])
@pytest.mark.parametrize("sent", [b"<rss><item/>", b""])
def test_what_came_of_a_body_that_breaks_off_is_kept(headers: dict[str, str], sent: bytes) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        if sent:
            await response.write(sent)
        assert request.transport is not None
        request.transport.close()
        return response

    answer = fetch_one(handler)
    if sent:
        assert isinstance(answer, FeedDocument)
        assert (answer.body, answer.cut) == (sent, "the connection broke")
    else:
        rejected(answer, Reason.NETWORK)


def test_a_server_that_does_not_speak_http_is_a_reject_without_secrets() -> None:
    async def run() -> FeedDocument | Reject:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"SSH-2.0-x\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            [answer] = await fetch(FeedRequest(f"http://user:word@127.0.0.1:{port}/feed?token=abc", SourceSettings()))
            return answer

    reject = rejected(asyncio.run(run()), Reason.NETWORK)
    assert "***@127.0.0.1" in reject.source_uri
    assert not [text for text in ("word", "abc") if text in reject.detail + reject.source_uri]


@pytest.mark.parametrize("answer", [b"HTTP/1.1 500 " + b"sorry " * 5_000 + b"\r\n\r\n", FEED * 1_000])
def test_the_detail_of_a_reject_is_one_short_line(answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async def run() -> FeedDocument | Reject:
        async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            [found] = await fetch(FeedRequest(f"http://127.0.0.1:{port}/", SourceSettings()))
            return found

    result = asyncio.run(run())
    assert isinstance(result, Reject)
    assert len(result.detail) <= 500
    assert "\n" not in result.detail


def test_a_closed_port_is_a_reject() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        [answer] = asyncio.run(fetch(FeedRequest(f"http://127.0.0.1:{port}/", SourceSettings())))
    assert "127.0.0.1" in rejected(answer, Reason.NETWORK).detail


def test_a_host_name_that_cannot_be_one_is_a_reject() -> None:
    [answer] = asyncio.run(fetch(FeedRequest(f"http://{'a' * 70}.invalid/", SourceSettings())))
    rejected(answer, Reason.NETWORK)


def test_headers_that_cannot_be_sent_are_a_reject() -> None:
    rejected(fetch_one(answering(), settings=SourceSettings(headers=(("X-Bad", "a\r\nb: c"),))), Reason.NETWORK)
    [answer] = asyncio.run(fetch(FeedRequest("http://user:word@127.0.0.1:9/", SourceSettings(headers=SECRET))))
    assert "word" not in rejected(answer, Reason.NETWORK).detail


def test_a_header_of_57_000_bytes_is_no_fault() -> None:
    answer = fetch_one(answering(Content_Security_Policy="img-src x.example; " * 3_000))
    assert isinstance(answer, FeedDocument)


def test_a_body_that_stops_is_a_timeout_between_blocks() -> None:
    assert "nothing came for 0.2 s" in rejected(fetch_one(begin_and_stop, read_seconds=0.2), Reason.TIMEOUT).detail


def test_a_body_that_drips_without_end_is_a_timeout() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"<")
            await asyncio.sleep(0)

    answer = fetch_one(handler, total_seconds=0.2, read_seconds=9, max_body_bytes=10**9)
    assert "0.2 s" in rejected(answer, Reason.TIMEOUT).detail


def test_a_name_that_is_never_resolved_is_a_timeout() -> None:
    class Never(Resolver):
        async def resolve(self, *_: Any, **__: Any) -> Any:
            await asyncio.Event().wait()

    [answer] = asyncio.run(
        fetch(FeedRequest("http://outer.test/", NOTHING_SAID), resolver=Never(""), connect_seconds=0.1)
    )
    assert "no connection within 0.1 s" in rejected(answer, Reason.TIMEOUT).detail


def test_redirects_share_one_time_limit() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/feed":
            return web.Response(status=302, headers={"Location": "/slow"})
        await asyncio.Event().wait()
        raise AssertionError

    rejected(fetch_one(handler, total_seconds=0.2), Reason.TIMEOUT)


def test_a_certificate_that_nobody_signed_is_told() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CHECKOUT / "tests/data/self-signed.pem")

    async def run() -> FeedDocument | Reject:
        async with served(answering(), ssl_context=context) as url:
            [answer] = await fetch(FeedRequest(f"{url}/feed", NOTHING_SAID))
            return answer

    assert "its certificate is not valid" in rejected(asyncio.run(run()), Reason.NETWORK).detail


@pytest.mark.parametrize(
    "told", ["text/xml; charset=", ";;;", "x" * 3000, 'text/xml; charset="', "a/b; c*0=d; c*1=e", "é"]
)
def test_no_content_type_is_a_fault(told: str) -> None:
    assert isinstance(fetch_one(answering(Content_Type=told)), FeedDocument)


@pytest.mark.parametrize(
    "target", ["", "http://", "http://\udcff/", "//", "http://a b/", "?", "http://[v1.x]/", "https:/x", "http://[::1]@"]
)
def test_no_target_of_a_redirect_is_a_fault(target: str) -> None:
    assert isinstance(fetch_one(answering(b"", 302, Location=target), total_seconds=5), Reject)


# Proxies and private addresses


class Proxy:
    """A plain HTTP proxy that answers each request itself, and notes the targets."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(str(request.url))
        if "moved" in request.path:
            return web.Response(status=302, headers={"Location": "http://127.0.0.1/"})
        return web.Response(body=FEED)


def through_a_proxy(url: str, *, credentials: str = "", **settings: Any) -> tuple[Proxy, FeedDocument | Reject]:
    async def run() -> tuple[Proxy, FeedDocument | Reject]:
        proxy = Proxy()
        async with served(proxy) as proxy_url:
            own = SourceSettings(proxy=proxy_url.replace("http://", f"http://{credentials}"), **settings)
            [answer] = await fetch(FeedRequest(url, own), allow_private=False)
        return proxy, answer

    return asyncio.run(run())


def test_a_feed_is_asked_through_its_proxy() -> None:
    proxy, answer = through_a_proxy("http://feeds.example/feed", credentials="me:pass-word@", allow_private=True)
    assert isinstance(answer, FeedDocument)
    assert proxy.asked == ["http://feeds.example/feed"]


def test_the_address_of_the_proxy_is_checked() -> None:
    proxy, answer = through_a_proxy("http://feeds.example/feed")
    assert "the proxy" in rejected(answer, Reason.FORBIDDEN_ADDRESS).detail
    assert proxy.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::1]", "2130706433", "169.254.169.254"])
def test_a_private_target_is_not_given_to_a_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[Proxy, FeedDocument | Reject, FeedDocument | Reject]:
        proxy = Proxy()
        async with served(proxy) as proxy_url:
            port = int(proxy_url.rpartition(":")[2])
            monkeypatch.setattr("newslake.transforms.feeds.hops._public_socket", public_only_at(port))
            own = SourceSettings(proxy=proxy_url)
            requests = (FeedRequest(f"http://{host}/feed", own), FeedRequest("http://feeds.example/moved", own))
            return proxy, *(await fetch(*requests, allow_private=False))  # type: ignore[return-value]

    proxy, direct, redirected = asyncio.run(run())
    rejected(direct, Reason.FORBIDDEN_ADDRESS)
    rejected(redirected, Reason.FORBIDDEN_ADDRESS)
    assert proxy.asked == ["http://feeds.example/moved"]


def test_the_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert isinstance(fetch_one(answering()), FeedDocument)


def test_the_password_of_a_proxy_is_shown_nowhere() -> None:
    settings = SourceSettings(proxy="http://me:pass-word@127.0.0.1:1/", allow_private=True)
    answer = fetch_one(answering(), settings=settings)
    assert "pass-word" not in repr(rejected(answer, Reason.NETWORK))


def test_one_feed_may_have_a_private_address() -> None:
    async def run() -> list[FeedDocument | Reject]:
        async with served(answering()) as url:
            own = SourceSettings(allow_private=True)
            return await fetch(FeedRequest(url, own), FeedRequest(url, NOTHING_SAID), allow_private=False)

    allowed, refused = asyncio.run(run())
    assert isinstance(allowed, FeedDocument)
    assert "allow_private = true" in rejected(refused, Reason.FORBIDDEN_ADDRESS).detail


def test_a_name_that_changes_its_address_does_not_get_through() -> None:
    asked = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(body=FEED)

    async def run() -> FeedDocument | Reject:
        async with served(handler) as url:
            port = url.rpartition(":")[2]
            first = FeedRequest(f"http://outer.test:{port}/feed", NOTHING_SAID)
            # Any check before the connection would see the public address.
            resolver = Resolver("93.184.216.34", "127.0.0.1")
            await resolver.resolve("outer.test")
            [answer] = await fetch(first, allow_private=False, resolver=resolver)
            return answer

    assert "no public address" in rejected(asyncio.run(run()), Reason.FORBIDDEN_ADDRESS).detail
    assert asked == []


# Many at once


def test_answers_come_in_the_order_of_the_requests_and_a_host_gets_two_at_once() -> None:
    in_flight = 0
    most = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        for _ in range(5):
            await asyncio.sleep(0)  # lets the other requests run
        in_flight -= 1
        return web.Response(body=request.path.encode())

    async def run() -> list[FeedDocument | Reject]:
        async with served(handler) as url:
            return await fetch(*(FeedRequest(f"{url}/{n}", SourceSettings()) for n in range(20)))

    answers = asyncio.run(run())
    assert [answer.body for answer in answers if isinstance(answer, FeedDocument)] == [
        f"/{n}".encode() for n in range(20)
    ]
    assert most <= 2


def test_no_requests_give_no_answers() -> None:
    assert asyncio.run(fetch()) == []


def test_hops_that_wait_for_each_other_come_to_an_end() -> None:
    async def run() -> list[FeedDocument | Reject]:
        async def last(request: web.Request) -> web.StreamResponse:
            await asyncio.sleep(0)
            return web.Response(body=FEED)

        async with served(last) as last_url, served(answering(b"", 302, Location=f"{last_url}/x")) as first_url:
            urls = [f"{url}/{number}" for number in range(20) for url in (first_url, last_url)]
            requests = [FeedRequest(url, NOTHING_SAID) for url in urls]
            return await fetch(*requests, concurrency=2, per_host=1)

    assert all(isinstance(answer, FeedDocument) for answer in asyncio.run(run()))


def test_each_port_is_a_host_of_its_own() -> None:
    met = asyncio.Barrier(4)

    async def handler(request: web.Request) -> web.StreamResponse:
        await met.wait()
        return web.Response(body=FEED)

    async def run() -> list[FeedDocument | Reject]:
        async with served(handler) as first, served(handler) as second:
            return await fetch(*(FeedRequest(f"{url}/{n}", NOTHING_SAID) for url in (first, second) for n in range(2)))

    assert all(isinstance(answer, FeedDocument) for answer in asyncio.run(run()))
