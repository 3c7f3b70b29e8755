"""WARC, the archive of web crawlers (ISO 28500, versions 1.0 and 1.1): its HTML pages.

A page is a record of the type ``response`` with the HTTP status 200 and an HTML type, or one of the
type ``resource`` with an HTML type. Every other record is skipped, and counted by its kind. A
``conversion`` is skipped too, because it is made from a record that stands beside it.

The date of a record tells when the crawler came. It is no date of publication.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newslake.schemas.raw import RawItem, SourceSettings
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.answers import Body, Head, body_of, charset_of, read_head, type_of
from newslake.transforms.files.formats.html import looks_like_html
from newslake.transforms.files.lines import KEPT_BYTES
from newslake.transforms.files.pages import page_article, read_page
from newslake.transforms.files.pagetext import PAGE_CUT

_HEAD_BYTES = 64_000
"""The head of a record and that of its HTTP answer must end within so many bytes each."""
_BLANKS = b"\r\n\t \0"
_RECORD = re.compile(rb"WARC/\d\.\d+\r?\n")
_NEXT_RECORD = re.compile(rb"\n\r?\n(WARC/\d\.\d+\r?\n)")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_KNOWN_TYPES = frozenset({"warcinfo", "request", "metadata", "revisit", "conversion", "continuation"})
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,40}")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that holds no page. ``kind`` says why: "request", "status 404", "type image/png"."""

    kind: str


@dataclass(frozen=True, slots=True)
class _Record:
    """A record's place, its head, and the length of its content."""

    offset: int
    head: Head
    length: int

    @property
    def url(self) -> str | None:
        """Return the URL of the page; some programs put it into ``<>``."""
        url = self.head.get("warc-target-uri", "").removeprefix("<").removesuffix(">").strip().replace(" ", "%20")
        return url if url.startswith(("http://", "https://")) else None

    @property
    def position(self) -> str:
        return f"byte {self.offset}"


def looks_like_warc(head: bytes) -> bool:
    """Tell whether a file that begins so is a WARC file (decompressed)."""
    return _RECORD.match(head.lstrip(_BLANKS)) is not None


def read_warc(
    blocks: Iterator[bytes], source_uri: str, settings: SourceSettings, *, max_record_bytes: int
) -> Iterator[RawItem | Skipped]:
    """Yield an article, a Reject or a Skipped for each record, in their order.

    ``blocks`` are decompressed and not decoded. ``settings.encoding`` takes the place of the
    charset of the HTTP header. One record is in memory at a time. A record that is cut (TRUNCATED),
    whose length is wrong or whose head cannot be read (CORRUPT) gives a Reject with its beginning,
    and the reading goes on with the next one.
    """
    stream = _Stream(blocks)
    while stream.pass_blanks():
        yield _read_record(stream, source_uri, settings, max_record_bytes)


class _Stream:
    """The bytes of an iterator of blocks, with a look ahead."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._data = b""
        self._at = 0
        self.offset = 0

    def peek(self, count: int) -> bytes:
        """Return the next ``count`` bytes without taking them; less at the end."""
        parts = [self._data[self._at :]]
        held = len(parts[0])
        while held < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            held += len(block)
        if len(parts) > 1:
            self._data, self._at = b"".join(parts), 0
        return self._data[self._at : self._at + count]

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes; less at the end."""
        taken = self.peek(count)
        self._at += len(taken)
        self.offset += len(taken)
        return taken

    def put_back(self, data: bytes) -> None:
        self._data, self._at = data + self._data[self._at :], 0
        self.offset -= len(data)

    def skip(self, count: int) -> int:
        """Pass over ``count`` bytes in little memory; return how many there were."""
        skipped = 0
        while skipped < count and (taken := self.take(min(count - skipped, 1_000_000))):
            skipped += len(taken)
        return skipped

    def pass_blanks(self) -> bool:
        """Pass over what parts records; return False at the end of the stream."""
        while data := self.peek(_HEAD_BYTES):
            rest = data.lstrip(_BLANKS)
            self.skip(len(data) - len(rest))
            if rest:
                return True
        return False

    def pass_to_record(self) -> bytes:
        """Pass over everything before the next record; return the beginning of that."""
        begun = b""
        while data := self.peek(1_000_000):
            found = _NEXT_RECORD.search(data)
            # A record may begin in these bytes and go on in the next ones.
            passed = found.start(1) if found else max(len(data) - 20, 1)
            begun += self.take(passed)[: KEPT_BYTES - len(begun)]
            if found:
                break
        return begun


def _read_record(
    stream: _Stream, source_uri: str, settings: SourceSettings, max_record_bytes: int
) -> RawItem | Skipped:
    offset = stream.offset

    def reject(reason: Reason, detail: str, payload: bytes) -> Reject:
        return Reject(Stage.READ_ARTICLES, reason, source_uri, f"byte {offset}: {detail}", payload[:KEPT_BYTES])

    data = stream.peek(_HEAD_BYTES)
    head = read_head(data) if _RECORD.match(data) else None
    if head is None:
        is_cut = _RECORD.match(data) is not None and len(data) < _HEAD_BYTES
        fault = "the file ends in the head of a record" if is_cut else "no record begins here"
        return reject(Reason.TRUNCATED if is_cut else Reason.CORRUPT, fault, stream.pass_to_record())
    length = head.get("content-length", "")
    if not length.isascii() or not length.isdigit() or len(length) > 15:
        return reject(Reason.CORRUPT, f"a record has the Content-Length {length[:40]!r}", stream.pass_to_record())
    stream.skip(head.length)
    record = _Record(offset, head, int(length))
    name = f"the record of {record.url}" if record.url else "a record"
    begun = stream.peek(min(record.length, _HEAD_BYTES))
    page = _page_in(record, begun)
    content = b""
    if record.length <= max_record_bytes + _HEAD_BYTES:
        content = stream.take(record.length)
        found = len(content)
    else:
        found = stream.skip(record.length)
    kept = content or begun
    if found < record.length:
        return reject(Reason.TRUNCATED, f"{name} ends after {found} of {record.length} bytes", kept)
    if stream.pass_blanks() and not _RECORD.match(stream.peek(20)):
        stream.put_back(content)  # the next record may begin in it
        stream.pass_to_record()
        return reject(Reason.CORRUPT, f"{name} is not {record.length} bytes long, as it says", kept)
    if isinstance(page, Skipped):
        return page
    if page is None:
        return reject(Reason.CORRUPT, f"{name} has no HTTP head", kept)
    if not content and record.length:
        return reject(Reason.TOO_LARGE, f"{name} has {record.length} bytes", kept)
    return _read_page(record, page, content[page.length :], source_uri, settings, max_record_bytes)


def _page_in(record: _Record, begun: bytes) -> Head | Skipped | None:
    """Return the HTTP head of a page, or why there is no page; None if the head is unreadable.

    ``begun`` is the beginning of the record's content. The head of a ``resource`` is made of that
    of its record.
    """
    kind = record.head.get("warc-type", "").lower()
    if kind not in ("response", "resource"):
        return Skipped(kind if kind in _KNOWN_TYPES else "unknown record type")
    if "warc-segment-number" in record.head:
        return Skipped("segment")
    own_type = record.head.get("content-type", "")
    if kind == "response" and type_of(own_type) in ("", "application/http"):
        http = read_head(begun)
        if http is None or http.status is None:
            return None
        if http.status != 200:
            return Skipped(f"status {http.status}")
    else:
        http = Head("", {"content-type": own_type}, 0)
    media_type = type_of(http.get("content-type", ""))
    if media_type in _HTML_TYPES:
        return http
    if media_type:
        return Skipped(f"type {media_type}" if _MEDIA_TYPE.fullmatch(media_type) else "unknown type")
    # Without a type the content tells it (RFC 9110 section 8.3).
    return http if looks_like_html(begun[http.length :]) else Skipped("no type")


def _read_page(
    record: _Record, http: Head, content: bytes, source_uri: str, settings: SourceSettings, max_record_bytes: int
) -> RawItem:
    body = body_of(http, content, max_record_bytes)
    if not isinstance(body, Body):
        reason = Reason.TOO_LARGE if body.is_too_large else Reason.CORRUPT
        detail = f"{record.position}: the page {record.url}: {body.detail}"
        return Reject(Stage.READ_ARTICLES, reason, source_uri, detail, content[:KEPT_BYTES])
    charset = settings.encoding or charset_of(http.get("content-type", ""))
    page = read_page(body.data, url=record.url, charset=charset)
    item = page_article(page, source_uri, record.position, settings, body.data)
    if not isinstance(item, Reject) and (body.is_cut or "warc-truncated" in record.head):
        item = replace(item, warnings=tuple(dict.fromkeys((*item.warnings, PAGE_CUT))))
    return item
