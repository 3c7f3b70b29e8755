"""Asking feeds over HTTP (RFC 9110): conditional GETs, limited in time, size and reach.

Redirects are followed by hand, so each hop is checked like the first request. The address is
checked on the socket that connects. So a name that resolves to another address a moment later (DNS
rebinding) does not get through. If a feed has a proxy, that socket leads to the proxy, and the
proxy's address is checked. Its targets are checked by their text only, because the proxy finds
their addresses. The proxies that environment variables name are not used.

This module imports aiohttp, which takes 0.2 s: import it where a feed is fetched.
"""

import asyncio
import base64
import datetime as dt
import hashlib
import socket
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from newslake.schemas.feed_state import AnswerFacts, Validators
from newslake.schemas.redact import hide, redact, secret_values, secret_words, source_key, source_name
from newslake.schemas.reject import Reason, Reject, Stage, hide_secrets
from newslake.transforms.feeds.addresses import is_public_address, names_private_host
from newslake.transforms.feeds.decoding import ACCEPT_ENCODING, Refusal, codings_of, decode_content, too_large
from newslake.transforms.feeds.document import (
    Answer,
    FeedDocument,
    FeedRequest,
    FetchLimits,
    NotModified,
    Postponed,
)
from newslake.transforms.feeds.http_dates import fresh_seconds, retry_after_seconds

_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_READ = frozenset({200, 203})
"""203 is 200 from a proxy that changed the answer (RFC 9110 section 15.3.4)."""
_NOT_MODIFIED = 304
_DEFAULT_PORTS = {"http": 80, "https": 443}
_BLOCK_BYTES = 65_536
_HASH_DIGITS = 32
_MOST_VALIDATOR_CHARS = 1_000
"""A longer validator is not remembered, so that the states of feeds stay small."""
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
class _Reply:
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
class _Ask:
    """One hop: what to send where."""

    url: URL
    headers: CIMultiDict[str]


@dataclass(frozen=True, slots=True)
class _Net:
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


async def fetch_feeds(
    requests: Sequence[FeedRequest],
    *,
    user_agent: str,
    now: dt.datetime,
    allow_private: bool = False,
    limits: FetchLimits = FetchLimits(),  # noqa: B008 (it is frozen)
    resolver: AbstractResolver | None = None,
) -> AsyncGenerator[Answer, None]:
    """Ask feeds, and yield their answers as they come.

    A request starts only when fewer than ``limits.concurrency`` are on their way or wait to be
    taken. Close the iterator to cancel the others. ``allow_private`` lets all requests reach
    loopback, link-local and private addresses; ``SourceSettings.allow_private`` lets one.
    ``resolver`` takes the place of the system's.

    The results: a FeedDocument (a body that ends too early is one; its ``cut`` says why);
    NotModified (status 304, or the body of ``validators.body_hash``); Postponed (the host asked to
    wait before the request began); or a Reject of the whole source: HTTP_STATUS (any status but
    200, 203 and 304, a 304 that nothing asked for, too many redirects), NETWORK, TIMEOUT,
    TOO_LARGE, EMPTY, CORRUPT, FORBIDDEN_ADDRESS.
    """
    async with _open(user_agent, now, allow_private, limits, resolver) as net:
        answered: asyncio.Queue[asyncio.Task[Answer]] = asyncio.Queue()
        tasks = {asyncio.create_task(_answer(net, request)) for request in requests}
        for task in tasks:
            task.add_done_callback(answered.put_nowait)
        try:
            for _ in requests:
                yield (await answered.get()).result()
                net.slots.release()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _open(
    user_agent: str,
    now: dt.datetime,
    allow_private: bool,
    limits: FetchLimits,
    resolver: AbstractResolver | None,
) -> AsyncIterator[_Net]:
    def session(guard: Callable[[Any], socket.socket] | None) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, socket_factory=guard, resolver=resolver),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # decode_content does it, and counts the bytes
            timeout=aiohttp.ClientTimeout(total=None, connect=limits.connect_seconds, sock_read=limits.read_seconds),
            headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING},
            trust_env=False,
        )

    async with session(_public_socket) as guarded, session(None) as unguarded:
        turns: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limits.per_host))
        yield _Net(guarded, unguarded, limits, allow_private, now, asyncio.Semaphore(limits.concurrency), turns)


async def _answer(net: _Net, request: FeedRequest) -> Answer:
    """Return the answer to one request. It then holds one of ``net.slots``."""
    reply = await _follow(net, request)
    if isinstance(reply, Postponed):
        return Answer(request, reply)
    if isinstance(reply, Refusal):
        return Answer(request, _reject(request, reply))
    facts = _facts(net, request, reply)
    result = _result(request, reply, facts)
    return Answer(request, _reject(request, result) if isinstance(result, Refusal) else result, facts)


def _result(request: FeedRequest, reply: _Reply, facts: AnswerFacts) -> FeedDocument | NotModified | Refusal:
    if reply.status == _NOT_MODIFIED and reply.is_conditional:
        return NotModified()
    if reply.status == _NOT_MODIFIED:
        detail = "HTTP 304 says that the feed is as it was, but the request did not ask that"
        return Refusal(Reason.HTTP_STATUS, detail)
    if reply.status not in _READ:
        return Refusal(Reason.HTTP_STATUS, f"HTTP {reply.status} {reply.words}".strip())
    if reply.fault:
        return reply.fault
    if facts.validators.body_hash and facts.validators.body_hash == request.validators.body_hash:
        return NotModified()
    return FeedDocument(
        source_name(request.location),
        hide(source_key(str(reply.url)), _secrets(request)),
        reply.body,
        reply.status,
        request.settings,
        reply.charset,
        language=_language(reply),
        cut=reply.cut,
    )


def _reject(request: FeedRequest, refusal: Refusal) -> Reject:
    name = source_name(request.location)
    reject = Reject(Stage.FETCH_FEEDS, refusal.reason, name, refusal.detail, refusal.payload, whole_source=True)
    return hide_secrets(reject, _secret_values(request))


def _secret_values(request: FeedRequest) -> list[str]:
    settings = request.settings
    in_urls = (*secret_values(request.location), *secret_values(settings.proxy or ""))
    return [*dict(settings.headers).values(), *settings.secrets, *in_urls]


def _secrets(request: FeedRequest) -> tuple[str, ...]:
    """Return the words that no validator, address or text of an answer may show."""
    return secret_words(_secret_values(request))


# What an answer tells


def _facts(net: _Net, request: FeedRequest, reply: _Reply) -> AnswerFacts:
    date = reply.header("Date")
    return AnswerFacts(
        reply.status,
        _validators(request, reply),
        fresh_seconds(
            cache_control=reply.header("Cache-Control"),
            expires=reply.header("Expires"),
            date=date,
            age=reply.header("Age"),
            now=net.now,
        ),
        _retry_after(net, reply),
        _harmless(request, reply.moved_to) if reply.status in (*_READ, _NOT_MODIFIED) else None,
    )


def _retry_after(net: _Net, reply: _Reply) -> int | None:
    told = reply.header("Retry-After")
    return retry_after_seconds(told, date=reply.header("Date"), now=net.now) if told else None


def _validators(request: FeedRequest, reply: _Reply) -> Validators:
    """Return the validators for the next request.

    They are for the address that was asked, so those of another origin are not kept. A 304 keeps
    what it does not name (RFC 9110 section 15.4.5). A body that was cut off is asked for again.
    """
    if reply.status not in (*_READ, _NOT_MODIFIED) or reply.cut or reply.fault:
        return Validators()
    told = Validators(_validator(request, reply, "ETag"), _validator(request, reply, "Last-Modified"))
    if reply.url.origin() != URL(request.address or request.location).origin():
        told = Validators()
    if reply.status == _NOT_MODIFIED:
        before = request.validators
        return Validators(told.etag or before.etag, told.last_modified or before.last_modified, before.body_hash)
    return replace(told, body_hash=hashlib.sha256(reply.body).hexdigest()[:_HASH_DIGITS])


def _validator(request: FeedRequest, reply: _Reply, name: str) -> str | None:
    """Return a validator that can be stored and sent back byte for byte; else None.

    Bytes that are not UTF-8 cannot. A validator that repeats a secret of the request must not.
    """
    told = reply.headers.get(name, "")
    if not told or len(told) > _MOST_VALIDATOR_CHARS or hide(told, _secrets(request)) != told:
        return None
    try:
        told.encode()
    except UnicodeEncodeError:
        return None
    return told


def _harmless(request: FeedRequest, url: URL | None) -> str | None:
    """Return an address that may be remembered; None if it holds a secret."""
    address = "" if url is None else str(url)
    return address if address and hide(redact(address), _secrets(request)) == address else None


def _language(reply: _Reply) -> str | None:
    """Return the one language that a body is meant for (RFC 9110 section 8.5), or None."""
    told = reply.header("Content-Language").strip()
    return told if told and "," not in told else None


# Hops


async def _follow(net: _Net, request: FeedRequest) -> _Reply | Refusal | Postponed:
    """Return the answer at the end of the redirects.

    Headers, credentials and validators go to the origin of the first request only, and no more
    after a redirect to another origin.
    """
    ask = _first_ask(request)
    left = net.limits.total_seconds
    moved_to: URL | None = None
    is_permanent = True
    clock = asyncio.get_running_loop().time
    for hop in range(_MAX_REDIRECTS + 1):
        if isinstance(ask, Refusal):
            return await _with_slot(net, ask)
        async with net.turns[_host(ask.url)]:
            await net.slots.acquire()
            if seconds := net.waits.get(_host(ask.url)):
                return Postponed(seconds)
            began = clock()
            reply = await _timed(net, request, ask, left)
            left -= clock() - began
        if isinstance(reply, Refusal):
            return reply
        if seconds := _retry_after(net, reply):
            net.waits[_host(ask.url)] = seconds
        reply.moved_to = moved_to
        location = reply.headers.get("Location")
        if reply.status not in _REDIRECTS or location is None:
            return reply
        if hop == _MAX_REDIRECTS:
            reply.words = f"{reply.words}: more than {_MAX_REDIRECTS} redirects"
            return reply
        net.slots.release()
        ask = _next_ask(ask, location)
        is_permanent = is_permanent and reply.status in _PERMANENT
        if is_permanent and isinstance(ask, _Ask):
            moved_to = ask.url.with_fragment(None)
    raise AssertionError


async def _with_slot(net: _Net, refusal: Refusal) -> Refusal:
    await net.slots.acquire()
    return refusal


def _first_ask(request: FeedRequest) -> _Ask | Refusal:
    """Return the first hop. The user's headers and credentials are for the origin of the feed.

    A feed that moved may be asked at another origin.
    """
    own, url = _web_address(request.location), _web_address(request.address or request.location)
    if isinstance(url, Refusal):
        return url
    headers: CIMultiDict[str] = CIMultiDict()
    if isinstance(own, URL) and own.origin() == url.origin():
        headers.update(request.settings.headers)
        if own.user or own.password:
            headers.setdefault("Authorization", _basic(own))
        url = url.with_user(None)
    headers.update(_conditions(request))
    return _Ask(url, headers)


def _basic(url: URL) -> str:
    """Return the credentials of a URL as a header's value (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{url.user or ''}:{url.password or ''}".encode()).decode()


def _conditions(request: FeedRequest) -> dict[str, str]:
    """Return the headers that ask for a body only if it changed (RFC 9110 section 13.1)."""
    validators = request.validators
    told = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in told.items() if value}


def _next_ask(ask: _Ask, location: str) -> _Ask | Refusal:
    """Return the hop that a redirect leads to (RFC 9110 section 10.2.2)."""
    try:
        url = _web_address(urljoin(str(ask.url), location))
    except ValueError:
        return Refusal(Reason.FORBIDDEN_ADDRESS, "it redirects to something that is not a URL")
    if isinstance(url, Refusal):
        return Refusal(url.reason, f"it redirects, but {url.detail}")
    if url.origin() != ask.url.origin():
        return _Ask(url, CIMultiDict())
    return _Ask(url.with_user(None), ask.headers)


def _web_address(text: str) -> URL | Refusal:
    """Return the URL that aiohttp asks; a Refusal FORBIDDEN_ADDRESS if it is not http or https."""
    try:
        url = URL(text)
        url.origin()
    except ValueError:
        url = URL()
    scheme = url.scheme or text.partition(":")[0] if ":" in text else ""
    if scheme.lower() not in _DEFAULT_PORTS:
        named = f"not {scheme[:40]!r}" if scheme else "and the address names neither"
        return Refusal(Reason.FORBIDDEN_ADDRESS, f"only http and https are fetched, {named}")
    return url if url.raw_host else Refusal(Reason.FORBIDDEN_ADDRESS, "it is not a URL")


def _host(url: URL) -> str:
    """Return what counts as one host: its name, and its port if that is not usual."""
    return f"{url.raw_host}" if url.port == _DEFAULT_PORTS[url.scheme] else f"{url.raw_host}:{url.port}"


async def _timed(net: _Net, request: FeedRequest, ask: _Ask, seconds: float) -> _Reply | Refusal:
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


async def _hop(net: _Net, request: FeedRequest, ask: _Ask) -> _Reply | Refusal:
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
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, _ForbiddenAddressError):
            return _private("the proxy" if request.settings.proxy else redact(str(ask.url)))
        return Refusal(Reason.NETWORK, f"{error.host}: {error.os_error.strerror or error.os_error}")
    except aiohttp.ClientConnectorCertificateError as error:
        return Refusal(Reason.NETWORK, f"{error.host}: its certificate is not valid: {error.certificate_error}")
    except aiohttp.ClientHttpProxyError as error:
        return Refusal(Reason.NETWORK, f"the proxy answers HTTP {error.status} {error.message}".strip())
    except aiohttp.ClientResponseError as error:  # use its message, because its text holds the URL
        return Refusal(Reason.NETWORK, f"the answer is not HTTP: {error.message}")
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


async def _read(response: aiohttp.ClientResponse, ask: _Ask, max_body_bytes: int) -> _Reply:
    """Return an answer, with its body if the status says that it is the feed."""
    is_conditional = "If-None-Match" in ask.headers or "If-Modified-Since" in ask.headers
    reply = _Reply(
        ask.url,
        response.status,
        response.reason or "",
        response.headers,
        response.charset,
        is_conditional=is_conditional,
    )
    if response.status in _READ:
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
