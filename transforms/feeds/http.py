"""Fetching feeds over HTTP (RFC 9110): plain GETs without state, limited in time, size and reach.

Redirects are followed by hand, so each hop is checked like the first request. The address is
checked on the socket that connects. So a name that resolves to another address a moment later (DNS
rebinding) does not get through.
"""

import asyncio
import re
import socket
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from newslake.schemas.redact import hide, redact, secret_words, source_key, source_name
from newslake.schemas.reject import Reason, Reject, Stage, hide_secrets
from newslake.transforms.feeds.document import FeedDocument, FeedRequest
from newslake.transforms.feeds.guard import is_public_address
from newslake.transforms.storage.compression import TruncatedDataError, compression_of, inflate

_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_PER_HOST = 2
"""Requests to one server at once, as browsers and crawlers limit them."""
_PAYLOAD_BYTES = 64_000
_BLOCK_BYTES = 65_536
_READ = frozenset({200, 203})
"""203 is 200 from a proxy that changed the answer (RFC 9110 section 15.3.4)."""
_MOST_LAYERS = 4
"""Servers and proxies compress a body twice by mistake. More layers are an attack."""
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[]|\xff\xfe|\xfe\xff|\0<|\0\0\0<")
_PLAIN = re.compile(rb"[\t\n\r\x20-\x7e]{0,100}")
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

    A body that ends too early is a document all the same: its ``cut`` says why. Every Reject is of
    the whole source: HTTP_STATUS (anything but 200 and 203, or too many redirects), NETWORK,
    TIMEOUT, TOO_LARGE, EMPTY, CORRUPT, FORBIDDEN_ADDRESS.
    """
    everywhere = asyncio.Semaphore(concurrency)
    by_host: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_MAX_PER_HOST))
    connector = aiohttp.TCPConnector(limit=0, socket_factory=None if allow_private else _public_socket)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # _decompress does it, and counts the bytes
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
            name = source_name(request.location)
            reject = Reject(Stage.FETCH_FEEDS, refused.reason, name, refused.detail, refused.payload, whole_source=True)
            return hide_secrets(reject, dict(request.settings.headers).values()), refused.status

        return await asyncio.gather(*map(fetch, requests))


async def _fetch_feed(session: aiohttp.ClientSession, request: FeedRequest, max_body_bytes: int) -> FeedDocument:
    url = request.location
    headers = dict(request.settings.headers)
    for _ in range(_MAX_REDIRECTS + 1):
        _check_url(url)
        try:
            async with session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status in _READ:
                    try:
                        body, cut = await _read_body(response, max_body_bytes)
                    except _RefusedError as refused:
                        refused.status = response.status
                        raise
                    return FeedDocument(
                        source_name(request.location),
                        hide(source_key(url), secret_words(dict(request.settings.headers).values())),
                        body,
                        response.status,
                        request.settings,
                        response.charset,
                        language=_language(response),
                        cut=cut,
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


async def _read_body(response: aiohttp.ClientResponse, max_body_bytes: int) -> tuple[bytes, str]:
    """Return the decompressed body of an answer, and why it ends too early or "".

    Raise _RefusedError if no part of it can be used.
    """
    received = bytearray()
    cut = ""
    try:
        async for block in response.content.iter_chunked(_BLOCK_BYTES):
            received += block
            if len(received) > max_body_bytes:
                raise _too_large(received, max_body_bytes)
    except (aiohttp.ClientPayloadError, ConnectionError):
        cut = "the connection broke"
    body, fault = _decompress(bytes(received), _codings(response), max_body_bytes)
    if not body:
        told = cut or fault
        raise _RefusedError(Reason.NETWORK, told) if told else _RefusedError(Reason.EMPTY, "the body is empty")
    return body, cut or fault


def _decompress(body: bytes, codings: list[str], max_body_bytes: int) -> tuple[bytes, str]:
    """Return a body without its compressions, and why it ends too early or "".

    The bytes tell the compression where they can, because headers lie: a body without a header may
    be gzip, one with it may be plain, and some are compressed twice. Only "deflate" is believed
    (RFC 9110 section 8.4.1.2), unless the body is text. Any other coding of a text counts as none.
    """
    is_deflate = "deflate" in codings
    layers = 0
    while layers < _MOST_LAYERS:
        compression = compression_of(body)
        if not compression and is_deflate and not _is_text(body):
            compression, is_deflate = "deflate", False
        if not compression:
            break
        layers += 1
        body, fault = inflate(body, compression, max_body_bytes)
        if len(body) > max_body_bytes:
            raise _too_large(body, max_body_bytes)
        if fault and not body and not isinstance(fault, TruncatedDataError):
            raise _RefusedError(Reason.CORRUPT, str(fault))
        if fault:
            return body, str(fault)
    if codings and not layers and not _is_text(body):
        raise _unreadable(codings, body)
    return body, ""


def _unreadable(codings: list[str], body: bytes) -> _RefusedError:
    told = ", ".join(codings)[:40]
    if "gzip" in told:
        detail = f"the body is neither gzip nor text; its header says {told!r}"
        return _RefusedError(Reason.CORRUPT, detail, body[:_PAYLOAD_BYTES])
    return _RefusedError(
        Reason.NETWORK,
        f"the server answers in a content coding that was not asked for: {told!r}",
        body[:_PAYLOAD_BYTES],
    )


def _is_text(body: bytes) -> bool:
    """Tell whether a body begins like a feed, or like a message of a server in ASCII."""
    return _MARKUP.match(body) is not None or _PLAIN.fullmatch(body[:100]) is not None


def _codings(response: aiohttp.ClientResponse) -> list[str]:
    """Return the content codings that were applied to a body, but for "identity"."""
    told = ",".join(response.headers.getall("Content-Encoding", []))
    names = (part.partition(";")[0].strip().lower() for part in told.split(","))
    return [name for name in names if name not in ("", "identity", "none")]


def _language(response: aiohttp.ClientResponse) -> str | None:
    """Return the one language that a body is meant for (RFC 9110 section 8.5), or None."""
    told = response.headers.get("Content-Language", "").strip()
    return told if told and "," not in told else None


def _too_large(body: bytes | bytearray, max_body_bytes: int) -> _RefusedError:
    return _RefusedError(Reason.TOO_LARGE, f"it is larger than {max_body_bytes} bytes", bytes(body[:_PAYLOAD_BYTES]))


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
