"""Fetching feeds over HTTP (RFC 9110): plain GETs without state, limited in time, size and reach.

Redirects are followed by hand, so each hop is checked like the first request. The address is
checked on the socket that connects. So a name that resolves to another address a moment later (DNS
rebinding) does not get through.
"""

import asyncio
import socket
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from newslake.schemas.redact import redact
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import FeedDocument, FeedRequest
from newslake.transforms.feeds.guard import is_public_address
from newslake.transforms.storage.compression import CorruptDataError, Inflater

_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_PER_HOST = 2
"""Requests to one server at once, as browsers and crawlers limit them."""
_PAYLOAD_BYTES = 64_000
_BLOCK_BYTES = 65_536
_CONTENT_CODINGS = {"": "", "identity": "", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


class _RefusedError(Exception):
    """Why a feed could not be fetched; it becomes a Reject.

    ``status`` is the HTTP status of the last answer, or None if no answer came.
    """

    def __init__(self, reason: Reason, detail: str, payload: bytes = b"", status: int | None = None) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.payload = payload
        self.status = status


class _ForbiddenAddressError(OSError):
    """The socket would reach into a private network.

    Its text is the same for every address. If the texts of several errors differ, asyncio merges
    the errors into one OSError, and this class is lost.
    """

    def __init__(self) -> None:
        super().__init__("the host has no public address")


async def fetch_feeds(
    requests: Sequence[FeedRequest],
    *,
    user_agent: str,
    total_timeout_seconds: float = 30.0,
    max_body_bytes: int = 10_000_000,
    concurrency: int = 16,
    allow_private: bool,
) -> list[tuple[FeedDocument | Reject, int | None]]:
    """Fetch feeds, ``concurrency`` at once and 2 from one host.

    Return for each request, in order, its document or Reject, and the HTTP status of the last
    answer (None if no answer came).

    ``total_timeout_seconds`` is for one feed with its redirects, from the start of its first
    request. ``max_body_bytes`` limits the body after decompression. ``allow_private`` lets requests
    reach loopback, link-local and private addresses.

    Every Reject is of the whole source: HTTP_STATUS (anything but 200, or too many redirects),
    NETWORK, TIMEOUT, TOO_LARGE, EMPTY, CORRUPT, FORBIDDEN_ADDRESS.
    """
    everywhere = asyncio.Semaphore(concurrency)
    by_host: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_MAX_PER_HOST))
    connector = aiohttp.TCPConnector(limit=0, socket_factory=None if allow_private else _public_socket)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # the Inflater decompresses, and counts the bytes
        timeout=aiohttp.ClientTimeout(total=total_timeout_seconds),
        headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
    ) as session:

        async def fetch(request: FeedRequest) -> tuple[FeedDocument | Reject, int | None]:
            async with by_host[_host(request.location)], everywhere:
                try:
                    async with asyncio.timeout(total_timeout_seconds):
                        document = await _fetch_feed(session, request, max_body_bytes)
                        return document, document.status
                except _RefusedError as error:
                    refused = error
                except TimeoutError:
                    refused = _RefusedError(Reason.TIMEOUT, f"it took longer than {total_timeout_seconds:g} s")
            location = redact(request.location)
            reject = Reject(
                Stage.FETCH_FEEDS, refused.reason, location, refused.detail, refused.payload, whole_source=True
            )
            return reject, refused.status

        return await asyncio.gather(*map(fetch, requests))


async def _fetch_feed(session: aiohttp.ClientSession, request: FeedRequest, max_body_bytes: int) -> FeedDocument:
    url = request.location
    headers = dict(request.settings.headers)
    for _ in range(_MAX_REDIRECTS + 1):
        _check_url(url)
        try:
            async with session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status == 200:
                    try:
                        body = await _read_body(response, max_body_bytes)
                    except _RefusedError as refused:
                        refused.status = response.status
                        raise
                    return FeedDocument(
                        redact(request.location), redact(url), body, 200, request.settings, response.charset
                    )
                target = response.headers.get("Location")
                if response.status not in _REDIRECTS or target is None:
                    detail = f"HTTP {response.status} {response.reason or ''}".strip()
                    raise _RefusedError(Reason.HTTP_STATUS, detail, status=response.status)
                status = response.status
        except aiohttp.InvalidURL as error:
            raise _RefusedError(Reason.FORBIDDEN_ADDRESS, "it is not a URL") from error
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, _ForbiddenAddressError):
                detail = (
                    f"{redact(url)}: {error.os_error}; "
                    "private addresses are fetched only where the configuration allows it"
                )
                raise _RefusedError(Reason.FORBIDDEN_ADDRESS, detail) from error
            raise _RefusedError(Reason.NETWORK, f"{error.host}: {error.os_error.strerror or error.os_error}") from error
        except aiohttp.ClientResponseError as error:  # use its message, because its text holds the URL
            raise _RefusedError(Reason.NETWORK, f"the answer is not HTTP: {error.message}") from error
        except ValueError as error:  # a header that cannot be sent, or credentials given twice
            raise _RefusedError(Reason.NETWORK, f"the request cannot be made: {error}") from error
        except TimeoutError:
            raise
        except (aiohttp.ClientError, OSError) as error:
            raise _RefusedError(Reason.NETWORK, f"{type(error).__name__}: {error}") from error
        target = _resolve(url, target)
        if _origin(target) != _origin(url):
            headers = {}  # headers such as tokens are only for the server of the first URL
        url = target
    raise _RefusedError(Reason.HTTP_STATUS, f"more than {_MAX_REDIRECTS} redirects", status=status)


async def _read_body(response: aiohttp.ClientResponse, max_body_bytes: int) -> bytes:
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in _CONTENT_CODINGS:
        raise _RefusedError(
            Reason.NETWORK, f"the server answers in a content coding that was not asked for: {coding[:40]!r}"
        )
    inflater = Inflater(_CONTENT_CODINGS[coding])
    body = bytearray()
    async for block in response.content.iter_chunked(_BLOCK_BYTES):
        try:
            body += inflater.push(block, max_body_bytes - len(body))
        except CorruptDataError as error:
            raise _RefusedError(Reason.CORRUPT, str(error), bytes(body[:_PAYLOAD_BYTES])) from error
        if len(body) > max_body_bytes:
            raise _RefusedError(
                Reason.TOO_LARGE, f"it is larger than {max_body_bytes} bytes", bytes(body[:_PAYLOAD_BYTES])
            )
    if not inflater.is_complete:
        raise _RefusedError(Reason.NETWORK, "the body breaks off", bytes(body[:_PAYLOAD_BYTES]))
    if not body:
        raise _RefusedError(Reason.EMPTY, "the body is empty")
    return bytes(body)


def _check_url(url: str) -> None:
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        raise _RefusedError(Reason.FORBIDDEN_ADDRESS, "it is not a URL") from None
    if scheme not in ("http", "https"):
        raise _RefusedError(Reason.FORBIDDEN_ADDRESS, f"only http and https are fetched, not {scheme[:40]!r}")


def _resolve(url: str, location: str) -> str:
    """Return the target of a redirect (RFC 9110 section 10.2.2)."""
    try:
        return urljoin(url, location)
    except ValueError:
        raise _RefusedError(Reason.FORBIDDEN_ADDRESS, "it redirects to something that is not a URL") from None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port (RFC 6454 section 4); the URL itself if it cannot be read."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return url, None, None


def _host(url: str) -> str:
    return _origin(url)[1] or ""


def _public_socket(address_info: tuple[Any, ...]) -> socket.socket:
    """Return a socket for one resolved address. Raise _ForbiddenAddressError if it is not public.

    aiohttp calls this right before it connects.
    """
    family, kind, protocol, _, address = address_info
    if family not in (socket.AF_INET, socket.AF_INET6) or not is_public_address(str(address[0])):
        raise _ForbiddenAddressError
    return socket.socket(family, kind, protocol)
