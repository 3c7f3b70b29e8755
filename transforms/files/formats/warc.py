"""WARC, the archive of web crawlers (ISO 28500, versions 1.0 and 1.1): its HTML pages.

A page is a record of the type ``response`` with the HTTP status 200 and an HTML type, or one of the
type ``resource`` with an HTML type. Every other record is skipped, and counted by its kind. A
``conversion`` is skipped too, because it is made from a record that stands beside it.

The date of a record tells when the crawler came. It is no date of publication.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from newslake.schemas.raw import RawItem, SourceSettings
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.formats.base import Head as FileHead
from newslake.transforms.files.formats.base import Item, Layout, Part, Refused, Skipped
from newslake.transforms.files.formats.html import looks_like_html
from newslake.transforms.files.lines import KEPT_BYTES
from newslake.transforms.files.pages.answers import Body, Head, body_of, charset_of, read_head, type_of
from newslake.transforms.files.pages.page import page_article, read_page
from newslake.transforms.files.pages.text import PAGE_CUT, missing_extra

WRONG_LENGTH = "wrong_length"
_HEAD_BYTES = 64_000
"""The head of a record and that of its HTTP answer must end within so many bytes each."""
_BLANKS = b"\r\n\t \0"
_RECORD = re.compile(rb"WARC/\d\.\d+\r?\n")
_PAGE = re.compile(rb"^WARC-Type: *(?:response|resource)\s", re.IGNORECASE | re.MULTILINE)
_NEXT_RECORD = re.compile(rb"\n\r?\n(WARC/\d\.\d+\r?\n)")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_KNOWN_TYPES = frozenset({"warcinfo", "request", "metadata", "revisit", "conversion", "continuation"})
_LENGTH = re.compile(r"[0-9]{1,15}")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,40}")


@dataclass(frozen=True, slots=True)
class _Record:
    """A record's place and its head."""

    offset: int
    head: Head

    @property
    def length(self) -> int | None:
        """Return the length of the content as the head tells it; None if it does not."""
        told = self.head.get("content-length")
        return int(told) if _LENGTH.fullmatch(told) else None

    @property
    def url(self) -> str | None:
        """Return the URL of the page; some programs put it into ``<>``."""
        url = self.head.get("warc-target-uri", "").removeprefix("<").removesuffix(">").strip().replace(" ", "%20")
        return url if url.startswith(("http://", "https://")) else None

    @property
    def position(self) -> str:
        return f"byte {self.offset}"


class WarcFormat:
    name = "warc"
    is_text = False

    def recognise(self, head: FileHead) -> Layout | Refused | None:
        if not looks_like_warc(head.raw):
            detail = "it does not begin with a WARC record; remove format = 'warc' or get the file again"
            return Refused(Reason.CORRUPT, detail, head.raw[:1000]) if head.is_told else None
        missing = missing_extra()
        return Refused(Reason.MISSING_EXTRA, missing, head.raw[:1000]) if missing else Layout()

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        return [(0, size)]

    def read(self, part: Part) -> Iterator[Item]:
        yield from read_warc(part.blocks, part.source_uri, part.settings, max_record_bytes=part.max_record_bytes)

    def count(self, sample: bytes, layout: Layout) -> int:
        return len(_PAGE.findall(sample))


WARC = WarcFormat()


def looks_like_warc(head: bytes) -> bool:
    """Tell whether a file that begins so is a WARC file (decompressed)."""
    return _RECORD.match(head.lstrip(_BLANKS)) is not None


def read_warc(
    blocks: Iterator[bytes], source_uri: str, settings: SourceSettings, *, max_record_bytes: int
) -> Iterator[RawItem | Skipped]:
    """Yield an article, a Reject or a Skipped for each record, in their order.

    ``blocks`` are decompressed and not decoded. ``settings.encoding`` takes the place of the
    charset of the HTTP header. One record is in memory at a time. A record that is cut (TRUNCATED)
    or whose head cannot be read (CORRUPT) gives a Reject with its beginning, and the reading goes
    on with the next one. A page whose record has a wrong length gets the warning ``wrong_length``.
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
        held = len(self._data) - self._at
        if held >= count:
            return self._data[self._at : self._at + count]
        parts = [self._data[self._at :]]
        while held < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            held += len(block)
        self._data, self._at = b"".join(parts), 0
        return self._data[:count]

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes; less at the end."""
        taken = self.peek(count)
        self._at += len(taken)
        self.offset += len(taken)
        return taken

    def put_back(self, data: bytes) -> None:
        self._data, self._at = data + self._data[self._at :], 0
        self.offset -= len(data)

    def is_at_record(self) -> bool:
        """Tell whether a record or the end of the stream comes next, behind blanks."""
        rest = self.peek(100).lstrip(_BLANKS)
        return not rest or _RECORD.match(rest) is not None

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

    def take_to_record(self, most_bytes: int) -> bytes:
        """Pass over everything before the next record; return at most ``most_bytes`` of that."""
        taken = bytearray()
        while data := self.peek(1_000_000):
            found = _NEXT_RECORD.search(data)
            # A record may begin in these bytes and go on in the next ones.
            passed = self.take(found.start(1) if found else max(len(data) - 20, 1))
            taken += passed[: most_bytes - len(taken)]
            if found:
                break
        return bytes(taken)


@dataclass(frozen=True, slots=True)
class _Content:
    """A record's content, at most ``most_bytes`` of it and one byte more.

    ``fault`` is that of the record, if it has one. ``is_repaired`` tells that the length in its
    head is wrong, so the content ends where the next record begins.
    """

    data: bytes
    fault: tuple[Reason, str] | None = None
    is_repaired: bool = False


def _read_record(
    stream: _Stream, source_uri: str, settings: SourceSettings, max_record_bytes: int
) -> RawItem | Skipped:
    offset = stream.offset

    def reject(reason: Reason, detail: str, payload: bytes) -> Reject:
        return Reject(Stage.READ_ARTICLES, reason, source_uri, f"byte {offset}: {detail}", payload[:KEPT_BYTES])

    data = stream.peek(_HEAD_BYTES)
    if _RECORD.match(data) is None:
        return reject(Reason.CORRUPT, "no record begins here", stream.take_to_record(KEPT_BYTES))
    head = read_head(data)
    if head is None:
        reason = Reason.TRUNCATED if len(data) < _HEAD_BYTES else Reason.CORRUPT
        return reject(reason, "the head of the record does not end", stream.take_to_record(KEPT_BYTES))
    stream.skip(head.length)
    record = _Record(offset, head)
    content = _take_content(stream, record, max_record_bytes + _HEAD_BYTES)
    page = _page_in(record, content.data[:_HEAD_BYTES], source_uri)
    name = f"the record of {record.url}" if record.url else "the record"
    if content.fault:
        return reject(content.fault[0], f"{name} {content.fault[1]}", content.data)
    if isinstance(page, Skipped):
        return page
    if page is None:
        return reject(Reason.CORRUPT, f"{name} has no HTTP head", content.data)
    if len(content.data) > max_record_bytes + _HEAD_BYTES:
        return reject(Reason.TOO_LARGE, f"{name} is larger than {max_record_bytes} bytes", content.data)
    item = _read_page(record, page, content.data[page.length :], source_uri, settings, max_record_bytes)
    return _with_warning(item, WRONG_LENGTH) if content.is_repaired else item


def _take_content(stream: _Stream, record: _Record, most_bytes: int) -> _Content:
    """Take the content of a record from the stream.

    If its length does not lead to another record, the content ends where that begins.
    """
    length = record.length
    if length is None:
        return _Content(stream.take_to_record(most_bytes + 1), is_repaired=True)
    if length > most_bytes:
        begun = stream.peek(most_bytes + 1)
        found = stream.skip(length)
        if found == length and not stream.is_at_record():
            stream.take_to_record(0)
            return _Content(begun, (Reason.CORRUPT, f"is not {length} bytes long, as it says"))
    else:
        begun = stream.take(length)
        found = len(begun)
        if (found == length and not stream.is_at_record()) or (found < length and _NEXT_RECORD.search(begun)):
            stream.put_back(begun)
            return _Content(stream.take_to_record(most_bytes + 1), is_repaired=True)
    if found < length:
        return _Content(begun, (Reason.TRUNCATED, f"ends after {found} of {length} bytes"))
    return _Content(begun)


def _page_in(record: _Record, begun: bytes, source_uri: str) -> Head | Skipped | None:
    """Return the HTTP head of a page, or why there is no page; None if the head is unreadable.

    ``begun`` is the beginning of the record's content. The head of a ``resource`` is made of that
    of its record.
    """
    kind = record.head.get("warc-type", "").lower()
    if kind not in ("response", "resource"):
        return Skipped(source_uri, kind if kind in _KNOWN_TYPES else "unknown record type")
    if "warc-segment-number" in record.head:
        return Skipped(source_uri, "segment")
    own_type = record.head.get("content-type", "")
    if kind == "response" and type_of(own_type) in ("", "application/http"):
        http = read_head(begun)
        if http is None or http.status is None:
            return None
        if http.status != 200:
            return Skipped(source_uri, f"status {http.status}")
    else:
        http = Head("", {"content-type": own_type}, 0)
    media_type = type_of(http.get("content-type", ""))
    if media_type in _HTML_TYPES:
        return http
    if media_type:
        return Skipped(source_uri, f"type {media_type}" if _MEDIA_TYPE.fullmatch(media_type) else "unknown type")
    # Without a type the content tells it (RFC 9110 section 8.3).
    return http if looks_like_html(begun[http.length :]) else Skipped(source_uri, "no type")


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
    return _with_warning(item, PAGE_CUT) if body.is_cut or "warc-truncated" in record.head else item


def _with_warning(item: RawItem, warning: str) -> RawItem:
    if isinstance(item, Reject):
        return item
    return replace(item, warnings=tuple(dict.fromkeys((*item.warnings, warning))))
