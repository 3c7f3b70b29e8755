"""JSON in every arrangement (RFC 8259): one object a line, arrays, laid out, joined, wrapped.

- JSON Lines (jsonlines.org): one object a line. Only LF ends a line.
- JSON text sequences (RFC 7464): a record separator before each object.
- Arrays, laid out objects, objects one after another, and any mixture of these.
- A wrapper: an object without columns of an article, in which an array, or an object by keys, holds
  the articles. That is how most interfaces answer.
- Columns: an object with a list, or an object by row numbers, for each column. pandas writes both.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, BinaryIO

from newslake.schemas import codec
from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.blocks import repaired
from newslake.transforms.files.columns.mapper import FieldMapper
from newslake.transforms.files.formats.base import Head, Layout, Part, Refused
from newslake.transforms.files.json_rows import GivesArticle, find_rows, is_part_of_article
from newslake.transforms.files.json_scanner import BETWEEN, Element, Scanner, open_brackets
from newslake.transforms.files.lines import LongLine, line_spans, read_lines, too_large

_LITERAL = rb"(?:-?\d[\d.eE+-]*|true|false|null|NaN)"
_BEGINNING = re.compile(
    rb'\{\s*(?:"|\}|\Z)|\[\s*(?:\{|\[|"(?:[^"\\]|\\.)*(?:"\s*[,\]]|\Z)|\]|\Z|' + _LITERAL + rb"\s*[,\]])"
)
"""How JSON begins. "[Update] The mayor" and "{{Infobox" are texts."""
_SCALAR = re.compile(rb'(?:"(?:[^"\\]|\\.)*"|' + _LITERAL + rb")\s*\Z")
_COLUMNS = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"\d+"\s*:\s*[^\s\{\[]')
"""How columns begin that are objects by row numbers."""
_FIRST_MEMBER = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"\s*:\s*(?=\{)')
_LIST_OF_OBJECTS = re.compile(rb"\[\s*\{")
_LIST = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*:\s*\[\s*(?=\{)')
_SEPARATOR = b"\x1e"
_LINES_LOOKED_AT = 20
_LISTS_LOOKED_AT = 10
_MAX_COLUMNS_BYTES = 100_000_000
"""A file of columns is read as a whole, because its first row ends near its end."""


class Arrangement(StrEnum):
    LINES = "lines"
    SEQUENCE = "sequence"
    DOCUMENT = "document"
    """Objects and arrays in any layout."""
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class JsonLayout:
    """The arrangement of a file, and the brackets that are open at the beginning of its rows."""

    arrangement: Arrangement
    closers: bytes = b""


class JsonFormat:
    name = "json"
    is_text = True

    def recognise(self, head: Head) -> Layout | Refused | None:
        text = head.text.lstrip(BETWEEN)
        if not _BEGINNING.match(text):
            lines = [line.strip(BETWEEN) for line in text.splitlines()[:_LINES_LOOKED_AT]]
            if any(lines) and all(_SCALAR.match(line) for line in lines if line):
                return Refused(Reason.NOT_AN_OBJECT, "it holds JSON values that are no objects", head.raw[:1000])
            if head.is_told:
                detail = "it does not begin like JSON, with { or [; remove format = 'json' or get the file again"
                return Refused(Reason.INVALID_JSON, detail, head.raw[:1000])
            return None
        start = len(head.text) - len(text)
        if _SEPARATOR in head.text[:start]:
            return Layout(JsonLayout(Arrangement.SEQUENCE), has_columns=True)
        if text.startswith(b"{"):
            if _has_lines(text):
                return Layout(JsonLayout(Arrangement.LINES), start, has_columns=True)
            if not head.is_whole and (opened := _open_wrapper(text, FieldMapper(head.settings).gives_article)):
                place, closers = opened
                return Layout(JsonLayout(Arrangement.DOCUMENT, closers), start + place, has_columns=True)
            if not head.is_whole and _COLUMNS.match(text):
                return Layout(JsonLayout(Arrangement.COLUMNS), start, has_columns=True)
        return Layout(JsonLayout(Arrangement.DOCUMENT), start, has_columns=True)

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        if layout.details.arrangement is not Arrangement.LINES:
            return [(start, size)]
        return line_spans(file, start, size, chunk_bytes)

    def read(self, part: Part) -> Iterator[RawItem]:
        match part.layout.details.arrangement:
            case Arrangement.LINES:
                yield from _read_lines(part, b"\n")
            case Arrangement.SEQUENCE:
                yield from _read_lines(part, _SEPARATOR)
            case Arrangement.COLUMNS:
                yield from _read_columns(part)
            case _:
                yield from _read_document(part)

    def count(self, sample: bytes, layout: Layout) -> int:
        if layout.details.arrangement is Arrangement.LINES:
            return sample.count(b"\n") + (not sample.endswith(b"\n"))
        scanner = Scanner(len(sample) + 1, closers=layout.details.closers)
        return sum(one.is_object or one.is_cut for one in scanner.scan(iter([sample])))


JSON = JsonFormat()


def _has_lines(text: bytes) -> bool:
    """Tell whether a text that begins with an object has one object a line.

    That is so if its first line is an object and the next line begins with one, or if at least half
    of its first lines begin and end with braces.
    """
    lines = [line for line in (line.strip(BETWEEN) for line in text.split(b"\n")) if line]
    if len(lines) < 2:
        return False
    if _is_object(lines[0]):
        return lines[1].startswith(b"{") or _value_of(lines[1]) is not None
    looked_at = lines[:_LINES_LOOKED_AT]
    return sum(line.startswith(b"{") and line.endswith(b"}") for line in looked_at) * 2 >= len(looked_at)


def _is_object(line: bytes) -> bool:
    return type(_value_of(line)) is dict


def _value_of(line: bytes) -> Any:
    """Return the JSON value of a line, or None if it is no JSON."""
    try:
        return codec.decode_foreign(line)[0]
    except codec.InvalidJsonError:
        return None


def _open_wrapper(text: bytes, gives_article: GivesArticle) -> tuple[int, bytes] | None:
    """Return where the rows of a wrapper begin that goes on after ``text``, else None.

    The rows are in the first list of an object whose first row gives an article, or are the members
    of the object itself. The second value are the closing brackets of what is open there.
    """
    if _FIRST_MEMBER.match(text) and (row := _first_row(text, 1, b"}")) is not None and gives_article(row):
        return 1, b"}"
    for found in islice(_LIST.finditer(text), _LISTS_LOOKED_AT):
        closers = open_brackets(text[: found.start()])
        if closers is None or b"]" in closers or is_part_of_article(found[1].decode("utf-8", "replace")):
            continue
        row = _first_row(text, found.end(), b"]" + closers)
        if row is None or not gives_article(row):
            continue
        try:
            around, _ = codec.decode_foreign(text[: found.end(1) + 1] + b": null" + closers)
        except codec.InvalidJsonError:
            return None
        return None if gives_article(around) else (found.end(), closers[::-1] + b"]")
    return None


def _first_row(text: bytes, place: int, closers: bytes) -> dict[str, Any] | None:
    """Return the first object from ``place`` on, or None if it is not complete."""
    scanner = Scanner(len(text), closers=closers[::-1])
    first = next(scanner.scan(iter([text[place:]])), None)
    if first is None or not first.is_object:
        return None
    row = _value_of(first.data)
    return row if type(row) is dict else None


def _read_lines(part: Part, end: bytes) -> Iterator[RawItem]:
    mapper, source_uri = part.mapper, part.source_uri
    for offset, line in read_lines(part.blocks, part.first, part.until, part.max_record_bytes, end):
        if isinstance(line, LongLine):
            yield too_large(source_uri, offset, line.length, line.beginning)
            continue
        try:
            value, warnings = codec.decode_foreign(line)
        except codec.InvalidJsonError:
            value, warnings = None, ()
        if type(value) is dict and not warnings and mapper.is_plain(value):
            yield mapper.article(value, source_uri, f"byte {offset}", line)
        elif type(value) is dict and not warnings:
            yield from _articles_of(value, warnings, line.strip(BETWEEN), offset, part)
        elif data := line.strip(BETWEEN):
            yield from _read_value(data, offset, part)


def _read_document(part: Part) -> Iterator[RawItem]:
    scanner = Scanner(part.max_record_bytes, offset=part.first, closers=part.layout.details.closers)
    for element in scanner.scan(part.blocks):
        if element.is_rest:
            if _LIST_OF_OBJECTS.search(element.data) or element.length > len(element.data):
                yield _reject(part, Reason.NOT_AN_OBJECT, element, "a second list of the document is not read")
        elif element.is_cut:
            yield _reject(part, Reason.TRUNCATED, element, "the document breaks off")
        elif element.length > part.max_record_bytes:
            yield too_large(part.source_uri, element.offset, element.length, element.data)
        elif element.is_object:
            yield from _read_value(element.data, element.offset, part)
        else:
            yield _reject(part, Reason.NOT_AN_OBJECT, element, "this is not an object")


def _read_columns(part: Part) -> Iterator[RawItem]:
    data = bytearray()
    for block in part.blocks:
        data += block
        if len(data) > _MAX_COLUMNS_BYTES:
            detail = f"it holds columns, and more than {_MAX_COLUMNS_BYTES:,} bytes; write it as one object a line"
            yield Reject(Stage.READ_ARTICLES, Reason.TOO_LARGE, part.source_uri, detail, bytes(data[:1000]), True)
            return
    yield from _read_value(bytes(data.strip(BETWEEN)), part.first, part)


def _read_value(data: bytes, offset: int, part: Part) -> Iterator[RawItem]:
    """Yield the articles of one JSON value, or a Reject."""
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    told: tuple[str, ...] = ()
    plain = data
    try:
        data.decode()
    except UnicodeDecodeError:
        told, plain = ("invalid_utf8",), repaired(data).encode()
    try:
        value, warnings = codec.decode_foreign(plain)
        warnings = (*told, *warnings)
    except codec.InvalidJsonError as error:
        joined = _split(data)
        if joined:
            for element in joined:
                yield from _read_value(element.data, offset + element.offset, part)
        else:
            detail = f"byte {offset}: {error}"
            yield Reject(Stage.READ_ARTICLES, Reason.INVALID_JSON, part.source_uri, detail, data)
        return
    yield from _articles_of(value, warnings, data, offset, part)


def _articles_of(value: Any, warnings: tuple[str, ...], data: bytes, offset: int, part: Part) -> Iterator[RawItem]:
    """Yield the articles of a decoded value, whose JSON is ``data``, or Rejects."""
    position = f"byte {offset}"
    if type(value) is dict and part.mapper.is_plain(value):
        yield part.mapper.article(value, part.source_uri, position, data, warnings)
        return
    rows = find_rows(value, part.mapper.gives_article, part.mapper.gives_text)
    if rows is None:
        detail = f"{position}: a {type(value).__name__}, not an object"
        yield Reject(Stage.READ_ARTICLES, Reason.NOT_AN_OBJECT, part.source_uri, detail, data)
        return
    for number, row in enumerate(rows, 1):
        place, payload = (position, data) if row is value else (f"{position}, item {number}", codec.encode(row))
        if type(row) is dict:
            yield part.mapper.article(row, part.source_uri, place, payload, warnings)
        else:
            detail = f"{place}: a {type(row).__name__}, not an object"
            yield Reject(Stage.READ_ARTICLES, Reason.NOT_AN_OBJECT, part.source_uri, detail, payload)


def _split(data: bytes) -> list[Element]:
    """Return the objects that stand on one line without line ends; [] if that is not what it is."""
    elements = list(Scanner(len(data) + 1).scan(iter([data])))
    is_joined = len(elements) > 1 and all(one.is_object and _is_object(one.data) for one in elements)
    return elements if is_joined else []


def _reject(part: Part, reason: Reason, element: Element, what: str) -> Reject:
    return Reject(Stage.READ_ARTICLES, reason, part.source_uri, f"byte {element.offset}: {what}", element.data)
