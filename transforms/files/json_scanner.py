"""The elements of a JSON document in any layout, block by block, never as a whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newslake.transforms.files.lines import KEPT_BYTES

_STRUCTURE = re.compile(rb'["\[\]{}]')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|["\[\]{}]')
_STRING_END = re.compile(rb'["\\]')
BETWEEN = b" \t\r\n,\0\x1e\xef\xbb\xbf"
"""What may stand between two elements, also where documents were joined: commas, NULs, the record
separator of RFC 7464, and byte order marks."""


@dataclass(frozen=True, slots=True)
class Element:
    """An object of a document, or what stands between objects and should not.

    ``length`` is its length in bytes. ``data`` holds all of it, or its beginning if it is too long.
    ``is_object`` tells that it is an object. ``is_cut`` tells that the document breaks off in it.
    ``is_rest`` tells that it is the rest of a wrapper behind its rows.
    """

    offset: int
    data: bytes
    length: int
    is_object: bool = False
    is_cut: bool = False
    is_rest: bool = False


class Scanner:
    """Finds the objects at the top level of a document, or directly in an array at the top level.

    A document may hold several objects and arrays. Arrays inside an object are not opened, unless
    ``closers`` says so: these are the closing brackets of those that are open where the scan
    begins, at ``offset`` of the document. Then the elements are those within the innermost of them.
    If that one is an object, its keys are passed over.
    """

    def __init__(self, max_record_bytes: int, *, offset: int = 0, closers: bytes = b"") -> None:
        self._max_bytes = max_record_bytes
        self._closers = bytearray(closers)
        """The closing brackets of those that are open."""
        self._outside = len(closers)
        """How many open brackets stand around the elements: 1 in an array at the top level."""
        self._has_keys = closers.endswith(b"}")
        self._is_rest = False
        self._in_string = self._escaped = False
        self._element = bytearray()
        self._length = self._begins = 0
        self._offset = offset
        self._in_element = False

    def scan(self, blocks: Iterator[bytes]) -> Iterator[Element]:
        """Yield the elements of the blocks, which begin at ``offset``."""
        for block in blocks:
            start = place = 0
            while (place := self._next(block, place)) < len(block):
                byte = block[place : place + 1]
                if byte in (b"{", b"["):
                    if byte == b"[" and not self._closers and not self._outside:
                        self._take(block, start, place)
                        yield from self._finish()
                        self._closers += b"]"
                        self._outside = 1
                        start = place + 1
                    else:
                        if len(self._closers) == self._outside and byte == b"{" and not self._is_rest:
                            self._take(block, start, place)
                            yield from self._finish()
                            self._begins, self._in_element, start = self._offset + place, True, place
                        self._closers += b"}" if byte == b"{" else b"]"
                elif self._closers[-1:] == byte:
                    self._closers.pop()
                    if len(self._closers) < self._outside:
                        self._take(block, start, place)
                        yield from self._finish()
                        self._outside, self._has_keys, start = 0, False, place + 1
                        self._is_rest = bool(self._closers)
                    elif self._is_rest and not self._closers:
                        self._take(block, start, place + 1)
                        yield from self._finish()
                        start = place + 1
                    elif len(self._closers) == self._outside and self._in_element:
                        self._take(block, start, place + 1)
                        yield from self._finish(is_object=True)
                        start = place + 1
                place += 1
            self._take(block, start, len(block))
            self._offset += len(block)
        if self._closers:
            begins = self._begins if self._in_element else self._offset
            yield Element(begins, bytes(self._element[:KEPT_BYTES]), self._length, is_cut=True)
        else:
            yield from self._finish()

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

    def _take(self, block: bytes, start: int, stop: int) -> None:
        if not self._length and not self._in_element:
            self._begins = self._offset + start
        data = block[start:stop]
        self._length += len(data)
        if self._length <= self._max_bytes:
            self._element += data
        elif len(self._element) > KEPT_BYTES:
            del self._element[KEPT_BYTES:]

    def _finish(self, *, is_object: bool = False) -> Iterator[Element]:
        element, length = bytes(self._element), self._length
        self._element, self._length, self._in_element = bytearray(), 0, False
        if self._is_rest:
            self._is_rest = False
            yield Element(self._begins, element[:KEPT_BYTES], length, is_rest=True)
        elif length > self._max_bytes:
            yield Element(self._begins, element[:KEPT_BYTES], length, is_object)
        elif is_object:
            yield Element(self._begins, element, length, is_object=True)
        elif not self._has_keys and (between := element.strip(BETWEEN)):
            yield Element(self._begins, between[:KEPT_BYTES], length)


def open_brackets(text: bytes) -> bytes | None:
    """Return what closes the brackets that are open at the end of ``text``, the innermost first.

    Return None if the text ends within a string, or if its brackets do not match.

    >>> open_brackets(b'{"data": {"rows": [')
    b']}}'
    """
    closers = bytearray()
    for token in _TOKEN.finditer(text):
        match token[0]:
            case b"{" | b"[" as opening:
                closers += b"}" if opening == b"{" else b"]"
            case b"}" | b"]" as closing:
                if bytes(closers[-1:]) != closing:
                    return None
                closers.pop()
            case b'"':
                return None
    return bytes(reversed(closers))
