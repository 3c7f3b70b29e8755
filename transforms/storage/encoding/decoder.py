"""The decoder of a body that comes in pieces, and what it makes of bytes without a meaning."""

import codecs
import re
from collections.abc import Callable

_HELD_BYTES = 24
_MOST_PLACES = 10_000
_BAD = "\U0010ffff"
"""A repair puts it before each character that stands for bad bytes. It is no character itself."""

_HIGH = bytes(range(0x80, 0x100))
_WHOLE_CHARACTER_END = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})\Z")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


class Decoder:
    """Decodes a body that comes in pieces of any size.

    Each bad byte or part of a character costs one character: in UTF-8 a single byte is read as
    windows-1252, and everything else becomes U+FFFD. ``bad_places`` are the offsets of these
    characters in the whole text, the first 10,000; in later pieces everything bad becomes U+FFFD.
    NULs, and byte order marks at the beginning, are dropped.
    """

    def __init__(self, name: str) -> None:
        self._decoder = codecs.getincrementaldecoder(name)()
        self._errors = f"newslake.{name if name in _REPAIRS else 'other'}"
        self._held_bytes = _HELD_BYTES if name == "utf-8" else 0
        self._held = b""
        self._length = 0
        self.bad_places: list[int] = []

    @property
    def is_damaged(self) -> bool:
        """Tell whether bad bytes were met so far."""
        return bool(self.bad_places)

    def decode(self, data: bytes, final: bool = False) -> str:
        """Return the text of the next bytes. ``final`` tells that no more follow."""
        if self._held_bytes:
            data = self._hold(data, final)
        state = self._decoder.getstate()
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError:
            self._decoder.setstate(state)
            self._decoder.errors = self._errors
            text = self._decoder.decode(data, final)
        text = text.replace("\0", "")
        if self._length == 0:
            text = text.lstrip("\ufeff")
        if self._decoder.errors != "strict":
            text = self._note_bad_places(text)
        self._length += len(text)
        return text

    def _note_bad_places(self, text: str) -> str:
        """Remove the marks that the repairs set."""
        before, *parts = text.split(_BAD)
        place = self._length + len(before)
        for part in parts:
            if len(self.bad_places) < _MOST_PLACES:
                self.bad_places.append(place)
            place += len(part)
        if len(self.bad_places) == _MOST_PLACES:
            self._decoder.errors = "replace"  # a repair is a call in Python, too slow for a body of garbage
        return before + "".join(parts)

    def _hold(self, data: bytes, final: bool) -> bytes:
        """Keep the last bytes beyond ASCII back, because a repair looks at the bytes around it."""
        data = self._held + data
        tail = data[-self._held_bytes :]
        kept = 0 if final else len(tail) - len(tail.rstrip(_HIGH))
        self._held = data[len(data) - kept :]
        return data[: len(data) - kept]


_Repair = Callable[[bytes, int, int], tuple[str, int]]


def _repair_utf8(data: bytes, start: int, end: int) -> tuple[str, int]:
    """Return what stands for bad bytes in UTF-8, and where decoding goes on.

    Java and old databases write an emoji as two surrogates of three bytes each (CESU-8, UTR 26). A
    single byte is windows-1252, pasted in. But the beginning of a character that stands right after
    another one, or at the end, is a cut in the text.
    """
    if pair := _SURROGATES.match(data, start):
        return pair[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16"), pair.end()
    if surrogate := _SURROGATE.match(data, start):
        return "\ufffd", surrogate.end()
    if end - start > 1:
        is_cut = not data[start - 1 : start].isalpha() or data.startswith(b"\xe2\x80", start)  # half a "—" or "’"
    else:
        is_after_whole = _WHOLE_CHARACTER_END.search(data, max(start - 4, 0), start)
        is_cut = data[start] >= 0xC2 and (end == len(data) or is_after_whole is not None)
    return "\ufffd" if is_cut else data[start:end].decode("cp1252", "replace"), end


def _by_table(name: str) -> _Repair:
    """Return a repair that looks two bytes up in another table of the same encoding."""

    def repair(data: bytes, start: int, end: int) -> tuple[str, int]:
        try:
            return data[start : start + 2].decode(name), start + 2
        except UnicodeDecodeError:
            return "\ufffd", end

    return repair


_REPAIRS: dict[str, _Repair] = {
    "other": lambda data, start, end: ("\ufffd", end),
    "utf-8": _repair_utf8,
    # Python's tables lack characters of the WHATWG's, such as "①". Another table has them.
    "euc_jp": _by_table("euc_jis_2004"),
    "big5hkscs": _by_table("cp950"),
    # The euro sign of Windows' code page 936, and of the WHATWG's GBK.
    "gb18030": lambda data, start, end: (
        "€" if data[start] == 0x80 else "\ufffd",
        start + 1 if data[start] == 0x80 else end,
    ),
}
"""Functions that return what stands for ``data`` from ``start`` to ``end``, and where to go on."""


def _register(name: str, repair: _Repair) -> None:
    def handle(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        text, end = repair(error.object, error.start, error.end)
        return _BAD + text, end

    codecs.register_error(f"newslake.{name}", handle)


for _name, _repair in _REPAIRS.items():
    _register(_name, _repair)
