"""An HTTP answer in an archive: its head, and its body without transfer and content encodings.

Archives keep answers as they came (RFC 9112), but many programs undo the encodings and leave the
head as it was. So a body that is not encoded as its head says is taken as it is.
"""

import re
from dataclasses import dataclass

from newslake.transforms.storage.compression import TruncatedDataError, inflate

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(r"\r?\n[ \t]+")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_ENCODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "zstd": "zstd", "br": "br"}
_MOST_ENCODINGS = 5


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a head, its fields by their names in small letters, and its length.

    ``length`` is in bytes, with the blank line.
    """

    first_line: str
    fields: dict[str, str]
    length: int

    def get(self, name: str, default: str = "") -> str:
        return self.fields.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    @property
    def status(self) -> int | None:
        """Return the HTTP status; None if the first line is no status line."""
        found = _STATUS.match(self.first_line)
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body. ``is_cut`` tells that it ends in the middle."""

    data: bytes
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Why a body cannot be decoded."""

    detail: str
    is_too_large: bool = False


def read_head(data: bytes) -> Head | None:
    """Return the head that ``data`` begins with; None if its blank line is not there.

    A field may go on in a line that begins with a space. Fields of one name are joined by a comma.
    """
    end = _HEAD_END.search(data)
    if end is None:
        return None
    text = data[: end.start()].decode("utf-8", "replace")
    first_line, *lines = re.split(r"\r?\n", _FOLDED.sub(" ", text))
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            fields[name] = f"{fields[name]}, {value.strip()}" if name in fields else value.strip()
    return Head(first_line.strip(), fields, end.end())


def type_of(content_type: str) -> str:
    """Return the media type of a Content-Type in small letters, without its parameters."""
    return re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()


def charset_of(content_type: str) -> str | None:
    """Return the charset of a Content-Type, or None."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def body_of(head: Head, content: bytes, most_bytes: int) -> Body | Undecodable:
    """Return the body of an answer decoded, of at most ``most_bytes``.

    The encodings are chunks, gzip, deflate, zstd and br. A body that ends early comes back as far
    as it goes.
    """
    body = Body(content)
    if "chunked" in head.get("transfer-encoding").lower():
        body = _join_chunks(content) or body
    names = [name.strip().lower() for name in head.get("content-encoding").split(",")]
    names = [_ENCODINGS[name] for name in reversed(names) if name in _ENCODINGS]
    for name in names[:_MOST_ENCODINGS]:
        decoded = _decode(body.data, name, most_bytes)
        if isinstance(decoded, Undecodable):
            if body.data.lstrip().startswith(b"<"):
                continue
            return decoded
        body = Body(decoded.data, body.is_cut or decoded.is_cut)
    if len(body.data) > most_bytes:
        return Undecodable(f"it has more than {most_bytes} bytes", is_too_large=True)
    return body


def _join_chunks(data: bytes) -> Body | None:
    """Return the data of chunks (RFC 9112 section 7.1); None if the body has no chunks."""
    parts: list[bytes] = []
    place = 0
    while size := _CHUNK_SIZE.match(data, place):
        length = int(size[1], 16)
        if length == 0:
            return Body(b"".join(parts))
        parts.append(data[size.end() : size.end() + length])
        place = size.end() + length
    return Body(b"".join(parts), is_cut=True) if parts else None


def _decode(data: bytes, encoding: str, most_bytes: int) -> Body | Undecodable:
    decoded, fault = inflate(data, encoding, most_bytes)
    if len(decoded) > most_bytes:
        return Undecodable(f"it has more than {most_bytes} bytes when decompressed", is_too_large=True)
    if fault is None or (decoded and isinstance(fault, TruncatedDataError)):
        return Body(decoded, is_cut=fault is not None)
    return Undecodable(str(fault))
