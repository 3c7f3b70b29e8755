"""The content codings of an HTTP body (RFC 9110 section 8.4), undone within a limit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newslake.schemas.reject import Reason
from newslake.transforms.storage.compression import TruncatedDataError, compression_of, inflate

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_MOST_LAYERS = 4
"""Servers and proxies compress a body twice by mistake. More layers are an attack."""
_UNMARKED = {"deflate": "deflate", "br": "br"}
"""Codings whose bytes begin with no mark. Only the header tells them."""
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[][^\x00-\x08\x0e-\x1f]*")
_WIDE_MARKUP = re.compile(rb"\xff\xfe|\xfe\xff|\0<|\0\0\0<")
_PLAIN = re.compile(rb"[\t\n\r\x20-\x7e]{0,100}")
_PAYLOAD_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a feed could not be fetched; it becomes a Reject."""

    reason: Reason
    detail: str
    payload: bytes = b""


def codings_of(content_encoding: str) -> list[str]:
    """Return the codings that a Content-Encoding header names, in small letters.

    >>> codings_of("GZIP;q=1.0, identity")
    ['gzip']

    "identity" and "none" are left out.
    """
    names = (part.partition(";")[0].strip().lower() for part in content_encoding.split(","))
    return [name for name in names if name not in ("", "identity", "none")]


def decode_content(body: bytes, codings: Sequence[str], max_body_bytes: int) -> tuple[bytes, str] | Refusal:
    """Return a body without its codings, and why it ends too early or "".

    The bytes tell the coding where they can, because headers lie: a body without a header may be
    gzip, one with it may be plain, and some are compressed twice. Only "deflate" and "br" are
    believed, because their bytes have no mark, and only if the body is no text. Any other coding of
    a text counts as none.

    Return a Refusal TOO_LARGE if a layer is larger than ``max_body_bytes``. No more than about that
    much is ever unpacked. CORRUPT means that the body does not fit its coding, and NETWORK that the
    coding was not asked for.
    """
    unmarked = [_UNMARKED[name] for name in codings if name in _UNMARKED]
    layers = 0
    while layers < _MOST_LAYERS:
        compression = compression_of(body)
        if not compression and unmarked and not _is_text(body):
            compression = unmarked.pop()
        if not compression:
            break
        layers += 1
        body, fault = inflate(body, compression, max_body_bytes)
        if len(body) > max_body_bytes:
            return too_large(body, max_body_bytes)
        if fault and not body and not isinstance(fault, TruncatedDataError):
            return Refusal(Reason.CORRUPT, str(fault))
        if fault:
            return body, str(fault)
    if codings and not layers and not _is_text(body):
        return _unreadable(codings, body)
    return body, ""


def too_large(body: bytes | bytearray, max_body_bytes: int) -> Refusal:
    """Return the Refusal of a body that is larger than the limit."""
    return Refusal(Reason.TOO_LARGE, f"it is larger than {max_body_bytes} bytes", bytes(body[:_PAYLOAD_BYTES]))


def _unreadable(codings: Sequence[str], body: bytes) -> Refusal:
    told = ", ".join(codings)[:40]
    payload = body[:_PAYLOAD_BYTES]
    if "gzip" in told or "zstd" in told:
        detail = f"the body is neither compressed nor text; its header says {told!r}"
        return Refusal(Reason.CORRUPT, detail, payload)
    detail = f"the server answers in a content coding that was not asked for: {told!r}"
    return Refusal(Reason.NETWORK, detail, payload)


def _is_text(body: bytes) -> bool:
    """Tell whether a body begins like a feed, or like a message of a server in ASCII.

    Many bodies in br begin with ``[``. The control characters among their next bytes tell them.
    """
    head = body[:100]
    is_markup = _MARKUP.fullmatch(head) or _WIDE_MARKUP.match(head)
    return is_markup is not None or _PLAIN.fullmatch(head) is not None
