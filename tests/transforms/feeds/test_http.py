import asyncio
import bz2
import datetime as dt
import gzip
import random
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ThreadedResolver, web
from aiohttp.abc import AbstractResolver, ResolveResult

from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import Answer, FeedDocument, FeedRequest, FetchLimits
from newslake.transforms.feeds.http import fetch_feeds

FEED = b"<rss><channel><title>Paper</title></channel></rss>"
NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
NOTHING_SAID = SourceSettings()
SECRET = (("Authorization", "Bearer abc"), ("X-Plan", "gold"))

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    """Yield the URL of a server on a free port of 127.0.0.1 that answers with ``handler``."""
    server = web.Server(handler, handler_cancellation=True)  # type: ignore[arg-type]
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [(_, port)] = [address[:2] for address in runner.addresses]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def fetch(*requests: FeedRequest, allow_private: bool = True, **options: Any) -> list[FeedDocument | Reject]:
    return [result for result, _ in await fetch_with_status(*requests, allow_private=allow_private, **options)]


async def fetch_with_status(
    *requests: FeedRequest, allow_private: bool = True, **options: Any
) -> list[tuple[FeedDocument | Reject, int | None]]:
    answers = await ask(*requests, allow_private=allow_private, **options)
    return [(answer.result, answer.facts.status) for answer in answers]  # type: ignore[misc]


async def ask(*requests: FeedRequest, allow_private: bool = True, resolver: Any = None, **limits: Any) -> list[Answer]:
    """Return the answers in the order of the requests."""
    fetched = fetch_feeds(
        requests,
        user_agent="newslake-test",
        now=NOW,
        allow_private=allow_private,
        limits=FetchLimits(**limits),
        resolver=resolver,
    )
    answers = [answer async for answer in fetched]
    return sorted(answers, key=lambda answer: requests.index(answer.request))


class Resolver(AbstractResolver):
    """Gives ``outer.test`` the next of some addresses at each look-up, and the last one for ever.

    The system answers for other names.
    """

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host != "outer.test":
            return await self._system.resolve(host, port, family)
        address = self._addresses.pop(0) if len(self._addresses) > 1 else self._addresses[0]
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        await self._system.close()


def fetch_one(
    handler: Handler, path: str = "/feed", settings: SourceSettings = NOTHING_SAID, **options: Any
) -> FeedDocument | Reject:
    async def run() -> FeedDocument | Reject:
        async with served(handler) as url:
            [answer] = await fetch(FeedRequest(url + path, settings), **options)
            return answer

    return asyncio.run(run())


def answering(body: bytes = FEED, status: int = 200, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=body, status=status, headers={key.replace("_", "-"): value for key, value in headers.items()}
        )

    return handler


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
            monkeypatch.setattr("newslake.transforms.feeds.http._public_socket", public_only_at(outer_port))
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
                monkeypatch.setattr("newslake.transforms.feeds.http._public_socket", public_only_at(port))
            url = f"http://outer.test:{outer_url.rpartition(':')[2]}/outer" if is_redirect else target
            resolver = Resolver("127.0.0.1") if is_redirect else None
            [answer] = await fetch(FeedRequest(url, SourceSettings()), allow_private=False, resolver=resolver)
    return asked, answer


def public_only_at(port: int) -> Callable[[tuple[int, int, int, str, tuple[str, int]]], socket.socket]:
    from newslake.transforms.feeds import http as module

    judge = module._public_socket

    def factory(address_info: tuple[int, int, int, str, tuple[str, int]]) -> socket.socket:
        family, kind, protocol, name, address = address_info
        if address[1] == port:
            address = ("93.184.216.34", port)
        return judge((family, kind, protocol, name, address))

    return factory


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "file:///etc/passwd", "/etc/passwd", "http://", "http://[::1", ""]
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


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_bomb_is_too_large(coding: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(50_000_000))
    reject = rejected(fetch_one(answering(bomb, Content_Encoding=coding), max_body_bytes=1_000_000), Reason.TOO_LARGE)
    assert len(reject.payload) == 64_000


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


def test_a_body_that_drips_is_a_timeout() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<rss>")
        await asyncio.Event().wait()
        return response

    rejected(fetch_one(handler, total_seconds=0.2), Reason.TIMEOUT)


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
