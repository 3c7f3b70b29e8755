"""Write plain text in one form, and count its words.

The form is Unicode NFC (UAX #15), without control characters and invisible direction marks. Lines
end in LF, and one blank line parts paragraphs.
"""

import re
import unicodedata

from newslake.schemas import codec
from newslake.transforms.normalise.characters import code_points, kind_table

_ASCII_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code != ord("\n"))

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028]")
"""Unicode Standard section 5.8, "Newline Guidelines"."""
_NO_BREAK_SPACE = "\u00a0"
_PARAGRAPH_SEPARATOR = "\u2029"
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls (Cc) that end no line
    # Bidi_Control (UAX #9): these let a text look different from what it says
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    # soft hyphen, byte order mark: not word breaks, and they would make equal words differ
    "\xad\ufeff]"
)
_ZERO_WIDTH_SPACES = "\u200b\u2060"
"""They part or join words (UAX #14, classes ZW and WJ); the end of a line does the same."""
_INVISIBLE = "\u200b-\u200d\u2060-\u2064"
_HAS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_INVISIBLE_LINE = re.compile(f"^[ {_INVISIBLE}]+$", re.MULTILINE)
"""Inside a line invisible characters stay.

Joiners tell words apart in Persian and the scripts of India; zero-width spaces part words in Khmer.
"""
_BLANK_LINES = re.compile("\n{3,}")

_LATIN_1_MARKS = bytes(code for code in range(0x100) if not chr(code).isalnum() and not chr(code).isspace())
_LATIN_1_PARTED = bytes(ord(" " if bytes((code,)).isspace() else "x") for code in range(0x100))
_TYPOGRAPHIC = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2013": "-",
    "\u2014": " ",
    "\u2015": " ",
    "\u2026": " ",
}
"""Marks that alone keep most western texts out of ISO 8859-1, and a mark that parts words in the
same way.
"""

_OTHER, _LETTER, _PARTER, _CHARACTER_WORD, _THAI, _KHMER, _BURMESE = range(1, 8)
"""Kinds of characters, one byte each."""
_CHARACTERS = {
    # Spaces, and marks that part words without a space beside them: zero-width spaces, long dashes
    # and ellipses (UAX #29 breaks there), CJK and full-width punctuation.
    _PARTER: re.compile(
        "[\\s\u200b\u2014\u2015\u2026\u3001-\u3004\u3008-\u3020\u3030\u30a0\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
    ),
    _CHARACTER_WORD: re.compile(
        "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
        "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d\U0001aff0-\U0001b16f]"  # kana
    ),
    # Letters and vowel signs of scripts without spaces (UAX #14, class SA), without punctuation and
    # currency signs.
    _THAI: re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59\u0e80-\u0eff]"),  # and Lao
    _KHMER: re.compile("[\u1780-\u17d3\u17d7\u17dc-\u17ff]"),
    _BURMESE: re.compile("[\u1000-\u1049\u1050-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f]"),
}
_LETTERS_A_WORD = {_THAI: 4, _KHMER: 5, _BURMESE: 7}
"""With these numbers, translations of one text have about as many words. Marks count as letters."""
_PARTS_OF_A_WORD = 4 * 5 * 7
"""A multiple of all three, to add letters up without fractions."""
_PARTED = bytes(ord(" " if kind in _CHARACTERS else "x") for kind in range(0x100))


def plain_text(text: str) -> str:
    """Return ``text`` in the form of this module. Applied to its own result, it changes nothing.

    Runs of spaces and tabs become one space, and none at the ends of lines. Single line ends stay,
    because they may be verse or a list. A line of zero-width characters is blank. Lone surrogates
    become U+FFFD.

    >>> plain_text("One\\u00a0 line \\r\\n\\r\\n\\r\\nand another")
    'One line\\n\\nand another'
    """
    # First of all, so that texts with this most common blemish take the fast way.
    text = text.replace(_NO_BREAK_SPACE, " ")
    if _is_plain(text):
        return text
    text = drop_controls(text.replace(_PARAGRAPH_SEPARATOR, "\n\n"))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    if _HAS_INVISIBLE.search(text):
        text = _INVISIBLE_LINE.sub("", text)
        text = "\n".join([line.strip(f" {_ZERO_WIDTH_SPACES}") for line in text.split("\n")])
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def one_line(text: str) -> str:
    """Return ``plain_text`` with spaces for line ends: for headlines, names and keywords."""
    if text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    plain = plain_text(text)
    return " ".join(plain.split()) if "\n" in plain else plain


def drop_controls(text: str) -> str:
    """Return ``text`` without control and direction characters.

    Line ends become LF, lone surrogates U+FFFD; the rest stays.
    """
    return _DROPPED.sub("", _LINE_ENDS.sub("\n", codec.scrub(text)))


def word_count(text: str) -> int:
    """Count the words of a ``plain_text``: pieces between spaces with a letter or a digit.

    Hyphens and apostrophes stay inside a word; long dashes and ellipses part words. In scripts
    without spaces, each Han character and kana is one word, as in word processors. Four to seven
    letters of Thai, Lao, Khmer or Burmese make one word (``_LETTERS_A_WORD``).

    >>> word_count("The well-known café\u2014it's no. 5 – reopens"), word_count("東京とNATO")
    (7, 4)
    """
    text = text.replace("--", " ").replace("..", " ")  # typed for a long dash and an ellipsis
    western = latin_1(text)
    if western is not None:
        return _runs(western.translate(_LATIN_1_PARTED, _LATIN_1_MARKS))
    kinds = _kinds_of(code_points(text)).tobytes()
    words = _runs(kinds.translate(_PARTED, bytes((_OTHER,)))) + kinds.count(_CHARACTER_WORD)
    parts = sum([kinds.count(kind) * (_PARTS_OF_A_WORD // letters) for kind, letters in _LETTERS_A_WORD.items()])
    return words + -(-parts // _PARTS_OF_A_WORD)


def _runs(letters: bytes) -> int:
    """Count the runs of "x" between spaces."""
    return (b" " + letters).count(b" x")


def _kind(char: str) -> int:
    listed = next((kind for kind, characters in _CHARACTERS.items() if characters.match(char)), None)
    return listed or (_LETTER if char.isalnum() else _OTHER)


_kinds_of = kind_table(_kind)


def latin_1(text: str) -> bytes | None:
    """Return a western text in ISO 8859-1, with plain marks for typographic ones, or None.

    None if it has other letters. Some work is faster over these bytes.
    """
    if not text.isascii():
        for mark, plain in _TYPOGRAPHIC.items():
            text = text.replace(mark, plain)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _is_plain(text: str) -> bool:
    """Tell fast whether ``plain_text`` would change nothing. False may be wrong, True is right."""
    if text.isascii():
        if len(text.encode().translate(None, _ASCII_CONTROLS)) != len(text):
            return False
    # isprintable() excludes controls, formats, surrogates and every space except U+0020
    elif not (text.replace("\n", "").isprintable() and unicodedata.is_normalized("NFC", text)):
        return False
    if "  " in text or text[:1] in (" ", "\n") or text[-1:] in (" ", "\n"):
        return False
    if "\n" in text:
        if "\n\n\n" in text:
            return False
        # Line by line, because a search for "\n " or " \n" would stop at every space.
        return not any(line[:1] == " " or line[-1:] == " " for line in text.split("\n"))
    return True
