"""Cut the text of an XML feed into pieces at the starts of its entries.

A feed of any size is read piece by piece, so memory does not grow with the number of its entries.
The cutter counts the starts of entries by itself, so that the reader can tell what the parser lost.
It knows no more of XML than tags, comments and CDATA sections (XML 1.0 section 2).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PIECE_CHARS = 1_000_000
PIECE_ENTRIES = 5_000
MAX_ENTRY_CHARS = 16_000_000

Span = tuple[int, int]

_CDATA, _COMMENT, _INSTRUCTION = "<![CDATA[", "<!--", "<?"
_ENDS = {_CDATA: "]]>", _COMMENT: "-->", _INSTRUCTION: "?>"}
_TOKEN = re.compile(
    r"<(?:(?P<hidden>!\[CDATA\[|!--|\?)|(?P<end>/)?(?:(?P<prefix>[\w.-]+):)?(?:item|entry)(?=[\s/>]))",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"<(?:/?(?:[\w.-]+:)?(?:item|entry))(?=[\s/>])", re.IGNORECASE)
_VALUE_END = re.compile(r"(?:[^<\"]|</?(?:item|entry)>)*\"", re.IGNORECASE)
_END_TAG = re.compile(r"[\w:.-]+\s*>")
_START_TAG = re.compile(r"<(?P<name>[A-Za-z_][\w.:-]*)[^<>]*(?<!/)>")
_PREFIX = re.compile(
    r"\bxmlns:(?P<prefix>[\w.-]+)\s*=\s*[\"']https?://(?:www\.w3\.org/2005/Atom|purl\.org/(?:atom|rss)|"
    r"backend\.userland\.com/rss|my\.netscape\.com)",
    re.IGNORECASE,
)
_ROOT_PREFIX = re.compile(r"<(?P<prefix>[\w.-]+):(?:rss|feed|channel)\b", re.IGNORECASE)
_LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive entries of a feed, with the text before and between them.

    ``offset`` is how many characters of the feed stand before ``text``. ``entries`` are the start
    and end of each entry in ``text``. An entry without an end tag ends where the next one starts.
    ``mended`` are the indexes of the entries with a CDATA section or comment that was closed.
    ``tail`` is the text after the last entry of the feed; it is None in all pieces but the last
    one. ``has_end`` tells whether the last entry has an end tag.
    """

    offset: int
    text: str
    entries: tuple[Span, ...]
    mended: frozenset[int] = frozenset()
    tail: str | None = None
    has_end: bool = True


def cut_feed(blocks: Iterable[str]) -> Iterator[str | Piece]:
    """Yield the text before the first entry of a feed, and then its pieces.

    ``blocks`` are the consecutive parts of the feed's text. The last piece has a ``tail``, and may
    have no entries. A CDATA section or comment that somebody forgot to close, so that it would
    swallow other entries, is closed where its element ends. An entry over MAX_ENTRY_CHARS ends
    there, and so does the text before the first one.
    """
    cutter = _Cutter()
    for block in blocks:
        cutter.text += block
        yield from cutter.cut(is_end=False)
    yield from cutter.cut(is_end=True)


class _Cutter:
    """The text that is not cut yet, and how far it was searched."""

    def __init__(self) -> None:
        self.text = ""
        self._offset = 0
        self._position = 0
        self._entries: list[Span] = []
        self._mended: set[int] = set()
        self._open: int | None = None
        self._prefixes: frozenset[str | None] | None = None
        """The prefixes under which an element is an entry; None until the head is taken."""

    def cut(self, is_end: bool) -> Iterator[str | Piece]:
        """Search the text, and yield what is complete."""
        while token := _TOKEN.search(self.text, self._position):
            if token["hidden"]:
                if not self._skip(token, is_end):
                    break
                continue
            if self._prefixes is None and not token["end"]:
                yield self._take_head(token.start())
                continue
            if not self._take_tag(token, is_end):
                break
            yield from self._full_piece()
        else:
            last = self.text.rfind("<", max(self._position, len(self.text) - _LONGEST_TOKEN))
            self._position = last if last >= 0 else len(self.text)
        if self._open is not None and len(self.text) - self._open > MAX_ENTRY_CHARS:
            self._close(len(self.text))
            yield from self._full_piece()
        if self._prefixes is None and len(self.text) > MAX_ENTRY_CHARS:
            yield self._take_head(len(self.text))
        if is_end:
            yield from self._rest()

    def _rest(self) -> Iterator[str | Piece]:
        """Yield all that is left at the end of the feed."""
        if self._prefixes is None:
            yield self._take_head(len(self.text))
        has_end = self._open is None
        if self._open is not None:
            self._close(len(self.text))
        end = self._entries[-1][1] if self._entries else 0
        mended = frozenset(self._mended)
        yield Piece(self._offset, self.text[:end], tuple(self._entries), mended, self.text[end:], has_end)

    def _take_head(self, end: int) -> str:
        head = self.text[:end]
        self._drop(end)
        # A prefix that stands for no feed's namespace belongs to something else: <media:item>.
        found = [*_PREFIX.finditer(head), *_ROOT_PREFIX.finditer(head)]
        self._prefixes = frozenset([None, *(match["prefix"] for match in found)])
        return head

    def _take_tag(self, token: re.Match[str], is_end: bool) -> bool:
        """Note a start or end tag of an entry. Return False if more text is needed first."""
        close = self.text.find(">", token.end())
        if close < 0 and not is_end:
            return False
        self._position = self._value_end(token.start(), close) or token.end()
        if token["prefix"] not in (self._prefixes or ()) or self._position > token.end():
            return True
        if token["end"]:
            tag = _END_TAG.match(self.text, token.start() + 2)
            if self._open is not None:
                self._close(tag.end() if tag else token.end())
            return True
        if self._open is not None:
            self._close(token.start())
        self._open = token.start()
        if close >= 0 and self.text[close - 1] == "/" and "<" not in self.text[token.end() : close]:
            self._close(close + 1)
        return True

    def _value_end(self, start: int, close: int) -> int | None:
        """Return the end of the attribute value that a tag stands in: ``<a href="?q=<item>">``.

        Return None if the tag stands in no value.
        """
        before = self.text.rfind("<", 0, start)
        value = self.text[before:start] if before >= 0 else ""
        if ">" in value or value.count('"') % 2 == 0 or '"' in self.text[start:close]:
            return None
        end = _VALUE_END.match(self.text, close)
        return end.end() if end else None

    def _close(self, end: int) -> None:
        assert self._open is not None
        self._entries.append((self._open, end))
        self._open = None
        self._position = max(self._position, end)

    def _full_piece(self) -> Iterator[Piece]:
        """Yield the closed entries as a piece if they are enough for one."""
        if not self._entries:
            return
        end = self._entries[-1][1]
        if end < PIECE_CHARS and len(self._entries) < PIECE_ENTRIES:
            return
        yield Piece(self._offset, self.text[:end], tuple(self._entries), frozenset(self._mended))
        self._drop(end)
        self._entries, self._mended = [], set()
        if self._open is not None:
            self._open -= end

    def _drop(self, end: int) -> None:
        """Forget the text up to ``end``."""
        self.text = self.text[end:]
        self._offset += end
        self._position = max(self._position - end, 0)

    def _skip(self, token: re.Match[str], is_end: bool) -> bool:
        """Go past a CDATA section, a comment or an instruction, or mend it.

        Return False if more text is needed.
        """
        start, inside = token.start(), token.end()
        opening = token[0].upper()  # some programs write <![cdata[
        closing = _ENDS[opening]
        if opening != token[0]:
            self.text = f"{self.text[:start]}{opening}{self.text[inside:]}"
        end = self.text.find(closing, inside)
        if end < 0 and not is_end and len(self.text) - start < MAX_ENTRY_CHARS:
            return False
        where = self._missing_end(opening, start, inside, end)
        if where is None:
            self._position = end + len(closing) if end >= 0 else len(self.text)
            return True
        if self._open is not None:
            self._mended.add(len(self._entries))
        if where == start:
            # What follows up to the boundary opens nothing either.
            boundary = _BOUNDARY.search(self.text, inside)
            rest = boundary.start() if boundary else len(self.text)
            kept = self.text[start:rest].replace(opening, "")
            self.text = f"{self.text[:start]}{kept}{self.text[rest:]}"
            self._offset += rest - start - len(kept)
            self._position = self._start_of_tag(start)
        else:
            self.text = f"{self.text[:where]}{closing}{self.text[where:]}"
            self._offset -= len(closing)
            self._position = where + len(closing)
        return True

    def _start_of_tag(self, position: int) -> int:
        """Return where the tag around ``position`` starts, or ``position`` outside of tags."""
        start = self.text.rfind("<", 0, position)
        is_within = start >= 0 and start != self._open and ">" not in self.text[start:position]
        return start if is_within else position

    def _missing_end(self, opening: str, start: int, inside: int, end: int) -> int | None:
        """Return where the end of a CDATA section or the like is missing, or None if it is closed.

        It is not closed if an entry ends or starts in it, and then the same opening comes again or
        nothing ends it: neither can stand within another. Its end is missing where the element
        around it ends, or else the opening itself is what is wrong, and ``start`` is returned.
        """
        if opening == _INSTRUCTION:
            return start if end < 0 else None
        limit = end if end >= 0 else len(self.text)
        again = self.text.rfind(opening, inside, limit)
        if end >= 0 and again < 0 and not (opening == _COMMENT and self._open is not None):
            return None
        if end >= 0 and again >= 0:
            limit = again
        boundary = _BOUNDARY.search(self.text, inside, limit)
        before = self.text.rfind("<", 0, start)
        around = _START_TAG.match(self.text, before, start) if before >= 0 else None
        stop = boundary.start() if boundary else limit
        close = self.text.find(f"</{around['name']}", inside, stop) if around else -1
        if boundary is None and (close < 0 or again < 0):
            return None
        if opening == _COMMENT:
            return start
        return close if close >= 0 else start
