"""Hops: one request to one address, when its turn comes, and the redirects that follow.

Redirects are followed by hand, so each hop is checked like the first request. The address is
checked on the socket that connects. So a name that resolves to another address a moment later (DNS
rebinding) does not get through. If a feed has a proxy, that socket leads to the proxy, and the
proxy's address is checked. Its targets are checked by their text only, because the proxy finds
their addresses. The proxies that environment variables name are not used.
"""

import asyncio
import base64
import datetime as dt
import re
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from newslake.schemas.redact import redact
from newslake.schemas.reject import Reason
from newslake.transforms.feeds.addresses import host_of, is_public_address, names_private_host
from newslake.transforms.feeds.decoding import ACCEPT_ENCODING, Refusal, codings_of, decode_content, too_large
from newslake.transforms.feeds.document import FeedRequest, FetchLimits, Postponed
from newslake.transforms.feeds.http_dates import retry_after_seconds

NOT_MODIFIED = 304
READ = frozenset({200, 203})
"""The answers that hold a feed. 203 is 200 from a proxy that changed the answer (RFC 9110 section
15.3.4)."""
_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_BAD_BYTE = re.compile("[\udc80-\udcff]")
_SCHEMES = frozenset({"http", "https"})
_BLOCK_BYTES = 65_536
_MOST_HEADER_BYTES = 65_536
"""Servers send Content-Security-Policy and cookies of more than the 8 kB that aiohttp reads."""
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


class _ForbiddenAddressError(OSError):
    """The socket would reach into a private network.

    Its text is the same for every address. If the texts of several errors differ, asyncio merges
    the errors into one OSError, and this class is lost.
    """

    def __init__(self) -> None:
        super().__init__("the host has no public address")


@dataclass(slots=True)
class Reply:
    """The last answer to a request. ``fault`` is why its body cannot be used.

    ``url`` is what was asked last, ``moved_to`` where permanent redirects led. ``is_conditional``
    tells whether validators were sent.
    """

    url: URL
    status: int
    words: str
    headers: CIMultiDictProxy[str]
    charset: str | None
    body: bytes = b""
    cut: str = ""
    fault: Refusal | None = None
    moved_to: URL | None = None
    is_conditional: bool = False

    def header(self, name: str) -> str:
        """Return a header, the values of several lines joined, or ""."""
        return ", ".join(self.headers.getall(name, ()))


@dataclass(frozen=True, slots=True)
class Ask:
    """One hop: what to send where. ``is_conditional`` tells whether ``headers`` hold validators."""

    url: URL
    headers: CIMultiDict[str]
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class Net:
    """What all requests of one call share."""

    guarded: aiohttp.ClientSession
    unguarded: aiohttp.ClientSession
    limits: FetchLimits
    allow_private: bool
    now: dt.datetime
    slots: asyncio.Semaphore
    turns: dict[str, asyncio.Semaphore]
    waits: dict[str, int] = field(default_factory=dict)
    """The seconds that hosts ask to wait."""


@asynccontextmanager
async def open_net(
    user_agent: str,
    now: dt.datetime,
    allow_private: bool,
    limits: FetchLimits,
    resolver: AbstractResolver | None,
) -> AsyncIterator[Net]:
    """Open what the requests of one call share, and close all connections at the end."""

    def session(guard: Callable[[Any], socket.socket] | None) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, socket_factory=guard, resolver=resolver),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # decode_content does it, and counts the bytes
            timeout=aiohttp.ClientTimeout(total=None, connect=limits.connect_seconds, sock_read=limits.read_seconds),
            headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING},
            trust_env=False,
            max_line_size=_MOST_HEADER_BYTES,
            max_field_size=_MOST_HEADER_BYTES,
        )

    async with session(_public_socket) as guarded, session(None) as unguarded:
        turns: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limits.per_host))
        yield Net(guarded, unguarded, limits, allow_private, now, asyncio.Semaphore(limits.concurrency), turns)


@dataclass(slots=True)
class Budget:
    """The seconds that are left for a feed, without those in which it waits for its turn."""

    seconds: float


async def follow(net: Net, request: FeedRequest, ask: Ask | Refusal, budget: Budget) -> Reply | Refusal | Postponed:
    """Return the answer at the end of the redirects, and take a slot."""
    moved_to: URL | None = None
    is_permanent = True
    for hop in range(_MAX_REDIRECTS + 1):
        reply = await _take_turn(net, request, ask, budget)
        if not isinstance(reply, Reply) or isinstance(ask, Refusal):
            return reply
        reply.moved_to = moved_to
        if not _leads_on(reply):
            return reply
        if hop == _MAX_REDIRECTS:
            reply.words = f"{reply.words}: more than {_MAX_REDIRECTS} redirects"
            return reply
        net.slots.release()
        ask = _next_ask(ask, reply.headers["Location"])
        is_permanent = is_permanent and reply.status in _PERMANENT
        if is_permanent and isinstance(ask, Ask):
            moved_to = ask.url.with_fragment(None)
    raise AssertionError


async def _take_turn(net: Net, request: FeedRequest, ask: Ask | Refusal, budget: Budget) -> Reply | Refusal | Postponed:
    """Return the answer to one hop, when its host and a slot are free. Take the slot.

    No hop waits for its host while it has a slot: hops that wait for each other would never end.
    """
    if isinstance(ask, Refusal):
        await net.slots.acquire()
        return ask
    host = host_of(str(ask.url))
    async with net.turns[host]:
        await net.slots.acquire()
        if seconds := net.waits.get(host):
            return Postponed(seconds)
        clock = asyncio.get_running_loop().time
        began = clock()
        reply = await _timed(net, request, ask, budget.seconds)
        budget.seconds -= clock() - began
    if isinstance(reply, Reply) and not _leads_on(reply) and (seconds := retry_after(reply, net.now)):
        net.waits[host] = seconds
    return reply


def _leads_on(reply: Reply) -> bool:
    """Tell whether an answer is a redirect with a target.

    Its Retry-After is not heeded. A server that sends one with every redirect would never be asked
    for the feed.
    """
    return reply.status in _REDIRECTS and "Location" in reply.headers


def first_ask(request: FeedRequest, url: URL) -> Ask:
    """Return the hop to the address of a feed, which asks for a body only if it changed."""
    ask = ask_at(request, url)
    told = {"If-None-Match": request.validators.etag, "If-Modified-Since": request.validators.last_modified}
    conditions = {name: value for name, value in told.items() if value}
    ask.headers.update(conditions)
    return Ask(ask.url, ask.headers, is_conditional=bool(conditions))


def ask_at(request: FeedRequest, url: URL) -> Ask:
    """Return a hop to an address.

    The user's headers and credentials are for the origin of the feed's own URL. A feed that moved
    may be asked at another one.
    """
    own = web_address(request.location)
    if isinstance(own, Refusal) or own.origin() != url.origin():
        return Ask(url, CIMultiDict())
    headers = CIMultiDict(request.settings.headers)
    if own.user or own.password:
        headers.setdefault("Authorization", _basic(own))
    if url.user or url.password:
        url = url.with_user(None)
    return Ask(url, headers)


def _basic(url: URL) -> str:
    """Return the credentials of a URL as a header's value (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{url.user or ''}:{url.password or ''}".encode()).decode()


def _next_ask(ask: Ask, location: str) -> Ask | Refusal:
    """Return the hop that a redirect leads to (RFC 9110 section 10.2.2).

    Headers, credentials and validators go no further than the origin that they are for. A byte that
    is not UTF-8 is sent as it came, as browsers do.
    """
    location = _BAD_BYTE.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", location)
    try:
        url = web_address(urljoin(str(ask.url), location))
    except ValueError:
        return Refusal(Reason.FORBIDDEN_ADDRESS, "it redirects to something that is not a URL")
    if isinstance(url, Refusal):
        return Refusal(url.reason, f"it redirects to another kind of address: {url.detail}")
    if url.origin() != ask.url.origin():
        return Ask(url, CIMultiDict())
    return replace(ask, url=url.with_user(None))


@lru_cache(maxsize=1_000)
def web_address(text: str) -> URL | Refusal:
    """Return the URL that aiohttp asks; a Refusal FORBIDDEN_ADDRESS if it is not http or https."""
    scheme, colon, _ = text.strip().partition(":")
    if not colon or scheme.lower() not in _SCHEMES:
        begin = redact(text)[:40]
        return Refusal(Reason.FORBIDDEN_ADDRESS, f"only http:// and https:// are fetched, and not {begin!r}")
    try:
        url = URL(text.strip())
        host = url.origin().host  # a ValueError if it begins with "xn--" and is no name in Punycode
        return url if host else Refusal(Reason.FORBIDDEN_ADDRESS, "it is not a URL")
    except (ValueError, IndexError):  # yarl raises IndexError for "http://[::1]@"
        return Refusal(Reason.FORBIDDEN_ADDRESS, "it is not a URL")


async def _timed(net: Net, request: FeedRequest, ask: Ask, seconds: float) -> Reply | Refusal:
    limits = net.limits
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            return await _hop(net, request, ask)
    except aiohttp.ConnectionTimeoutError:
        detail = f"there was no connection within {limits.connect_seconds:g} s"
    except aiohttp.SocketTimeoutError:
        detail = f"nothing came for {limits.read_seconds:g} s"
    except TimeoutError:
        detail = f"it took longer than {limits.total_seconds:g} s"
    return Refusal(Reason.TIMEOUT, detail)


async def _hop(net: Net, request: FeedRequest, ask: Ask) -> Reply | Refusal:
    may_be_private = net.allow_private or request.settings.allow_private
    session = net.unguarded if may_be_private else net.guarded
    if not may_be_private and names_private_host(ask.url.host or ""):
        return _private(redact(str(ask.url)))
    try:
        async with session.get(
            ask.url, headers=ask.headers, proxy=request.settings.proxy, allow_redirects=False
        ) as response:
            return await _read(response, ask, net.limits.max_body_bytes)
    except aiohttp.InvalidURL:
        return Refusal(Reason.FORBIDDEN_ADDRESS, "it is not a URL")
    except aiohttp.ClientConnectorCertificateError as error:
        return Refusal(Reason.NETWORK, f"{error.host}: its certificate is not valid: {error.certificate_error}")
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, _ForbiddenAddressError):
            return _private("the proxy" if request.settings.proxy else redact(str(ask.url)))
        return Refusal(Reason.NETWORK, f"{error.host}: {error.os_error.strerror or error.os_error}")
    except aiohttp.ClientHttpProxyError as error:
        return Refusal(Reason.NETWORK, f"the proxy answers HTTP {error.status} {error.message}".strip())
    except aiohttp.ClientResponseError as error:  # its text holds the URL, its message what was sent
        return Refusal(Reason.NETWORK, f"the answer is not HTTP: {error.message.partition(':')[0]}")
    except ValueError as error:  # a header that cannot be sent, or credentials given twice
        return Refusal(Reason.NETWORK, f"the request cannot be made: {error}")
    except TimeoutError:
        raise
    except (aiohttp.ClientError, OSError) as error:
        return Refusal(Reason.NETWORK, f"{type(error).__name__}: {error}")


def _private(where: str) -> Refusal:
    detail = (
        f"{where}: the host has no public address; private addresses are fetched only "
        "if the feed has allow_private = true or the run has --allow-private-addresses"
    )
    return Refusal(Reason.FORBIDDEN_ADDRESS, detail)


async def _read(response: aiohttp.ClientResponse, ask: Ask, max_body_bytes: int) -> Reply:
    """Return an answer, with its body if the status says that it is the feed."""
    reply = Reply(
        ask.url,
        response.status,
        response.reason or "",
        response.headers,
        response.charset,
        is_conditional=ask.is_conditional,
    )
    if response.status in READ:
        body = await _read_body(response, codings_of(reply.header("Content-Encoding")), max_body_bytes)
        if isinstance(body, Refusal):
            reply.fault = body
        else:
            reply.body, reply.cut = body
    return reply


async def _read_body(
    response: aiohttp.ClientResponse, codings: Sequence[str], max_body_bytes: int
) -> tuple[bytes, str] | Refusal:
    """Return the decoded body of an answer, and why it ends too early or "".

    Return a Refusal if no part of it can be used.
    """
    received = bytearray()
    cut = ""
    try:
        async for block in response.content.iter_chunked(_BLOCK_BYTES):
            received += block
            if len(received) > max_body_bytes:
                return too_large(received, max_body_bytes)
    except (aiohttp.ClientPayloadError, ConnectionError):
        cut = "the connection broke"
    decoded = decode_content(bytes(received), codings, max_body_bytes)
    if isinstance(decoded, Refusal):
        return decoded
    body, fault = decoded
    if not body:
        told = cut or fault
        return Refusal(Reason.NETWORK, told) if told else Refusal(Reason.EMPTY, "the body is empty")
    return body, cut or fault


def _public_socket(address_info: tuple[Any, ...]) -> socket.socket:
    """Return a socket for one resolved address. Raise _ForbiddenAddressError if it is not public.

    aiohttp calls this right before it connects.
    """
    family, kind, protocol, _, address = address_info
    if family not in (socket.AF_INET, socket.AF_INET6) or not is_public_address(str(address[0])):
        raise _ForbiddenAddressError
    return socket.socket(family, kind, protocol)


def retry_after(reply: Reply, now: dt.datetime) -> int | None:
    """Return the seconds that an answer asks to wait; None if it does not say."""
    told = reply.header("Retry-After")
    return retry_after_seconds(told, date=reply.header("Date"), now=now) if told else None
