"""JSON documents: an array of objects, or objects one after another, in any layout.

They are read block by block, never as a whole.
"""

import re
from collections.abc import Iterator

from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.fields import FieldMapper
from newslake.transforms.files.jsonl import read_object, too_large
from newslake.transforms.files.lines import KEPT_BYTES

_STRUCTURE = re.compile(rb'["\[\]{}]')
_STRING_END = re.compile(rb'["\\]')
_BETWEEN = b" \t\r\n,"


def read_json(
    blocks: Iterator[bytes], source_uri: str, mapper: FieldMapper, *, max_record_bytes: int
) -> Iterator[RawItem]:
    """Yield an article for each object at the top level, or directly in an array at the top level.

    A document may hold several objects and arrays. Arrays inside an object are not opened:
    ``{"articles": [...]}`` is one article. Anything else is a reject: a number, a text, bad JSON,
    an element above ``max_record_bytes``, and a last element that breaks off.
    """
    yield from _Scanner(source_uri, mapper, max_record_bytes).scan(blocks)


class _Scanner:
    def __init__(self, source_uri: str, mapper: FieldMapper, max_record_bytes: int) -> None:
        self._source_uri = source_uri
        self._mapper = mapper
        self._max_bytes = max_record_bytes
        self._closers = bytearray()
        """The closing brackets of those that are open."""
        self._outside = 0
        """How many open brackets stand around the elements: 1 inside the outermost array, else
        0."""
        self._in_string = self._escaped = False
        self._element = bytearray()
        self._length = self._begins = 0
        self._offset = 0
        self._in_element = False

    def scan(self, blocks: Iterator[bytes]) -> Iterator[RawItem]:
        for block in blocks:
            start = place = 0
            while (place := self._next(block, place)) < len(block):
                byte = block[place : place + 1]
                if byte in (b"{", b"["):
                    if byte == b"[" and not self._closers and not self._outside:
                        self._take(block[start:place])
                        yield from self._finish(is_object=False)
                        self._closers += b"]"
                        self._outside = 1
                        start = place + 1
                    else:
                        if len(self._closers) == self._outside and byte == b"{":
                            self._take(block[start:place])
                            yield from self._finish(is_object=False)
                            self._begins, self._in_element, start = self._offset + place, True, place
                        self._closers += b"}" if byte == b"{" else b"]"
                elif self._closers[-1:] == byte:
                    self._closers.pop()
                    if len(self._closers) < self._outside:
                        self._take(block[start:place])
                        yield from self._finish(is_object=False)
                        self._outside, start = 0, place + 1
                    elif len(self._closers) == self._outside and self._in_element:
                        self._take(block[start : place + 1])
                        yield from self._finish(is_object=True)
                        start = place + 1
                place += 1
            self._take(block[start:])
            self._offset += len(block)
        if self._closers:
            detail = f"byte {self._begins if self._in_element else self._offset}: the document breaks off"
            yield Reject(
                Stage.READ_ARTICLES, Reason.TRUNCATED, self._source_uri, detail, bytes(self._element[:KEPT_BYTES])
            )
        else:
            yield from self._finish(is_object=False)

    def _next(self, block: bytes, place: int) -> int:
        """Return the place of the next bracket outside of strings, or the length of the block."""
        while place < len(block):
            if self._escaped:
                self._escaped = False
                place += 1
            elif self._in_string:
                match = _STRING_END.search(block, place)
                if match is None:
                    return len(block)
                self._escaped = match[0] == b"\\"
                self._in_string = self._escaped
                place = match.end()
            else:
                match = _STRUCTURE.search(block, place)
                if match is None:
                    return len(block)
                if match[0] != b'"':
                    return match.start()
                self._in_string = True
                place = match.end()
        return len(block)

    def _take(self, data: bytes) -> None:
        if not self._length and not self._in_element:
            self._begins = self._offset
        self._length += len(data)
        if self._length <= self._max_bytes:
            self._element += data
        elif len(self._element) > KEPT_BYTES:
            del self._element[KEPT_BYTES:]

    def _finish(self, *, is_object: bool) -> Iterator[RawItem]:
        element, length = bytes(self._element), self._length
        self._element, self._length, self._in_element = bytearray(), 0, False
        if length > self._max_bytes:
            yield too_large(self._source_uri, self._begins, length, element[:KEPT_BYTES])
        elif is_object:
            yield read_object(element, self._source_uri, f"byte {self._begins}", self._mapper)
        elif between := element.strip(_BETWEEN):
            detail = f"near byte {self._begins}: this is not an object"
            yield Reject(Stage.READ_ARTICLES, Reason.NOT_AN_OBJECT, self._source_uri, detail, between[:KEPT_BYTES])
