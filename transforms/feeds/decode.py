"""A feed's bytes to text: which encoding they are in, and what is done where they are in none."""

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
"""How "<" begins a document without a byte order mark (XML 1.0 appendix F)."""

_DECLARED = re.compile(rb"\A\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
"""Labels that publishers use for the larger set (WHATWG Encoding Standard, section 4.2)."""
_NOT_CHARACTER_SETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "unicode-escape", "raw_unicode_escape", "utf-7"}
)
"""Codecs of Python that no document is in."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A feed's text. ``is_damaged``: bytes that mean nothing are U+FFFD in it; ``is_guessed``: it is not in the encoding that it claims."""

    text: str
    is_damaged: bool = False
    is_guessed: bool = False


def decode_feed(body: bytes, *, encoding: str | None = None, charset: str | None = None) -> Decoded:
    """The text of a feed.

    The first of these that decodes every byte wins: ``encoding`` (the user's word), a byte order mark, the XML declaration, ``charset``
    (of the HTTP header), UTF-8. RFC 7303 puts the header first; servers that label everything ISO-8859-1 are why it comes late here.

    Where none does, the bytes are UTF-8 with damage if most of what is not ASCII is sound, else windows-1252.
    """
    for name in _candidates(body, encoding, charset):
        try:
            return Decoded(body.decode(name).removeprefix("\ufeff"))
        except UnicodeDecodeError:
            continue
    marked = _marked(body)
    text = body.decode(marked or "utf-8", "replace").removeprefix("\ufeff")
    bad = text.count("\ufffd")
    if marked is None and bad > len(_NOT_ASCII.findall(text)) - bad:
        text = body.decode("cp1252", "replace")
        return Decoded(text, is_damaged="\ufffd" in text, is_guessed=True)
    return Decoded(text, is_damaged=True)


def _candidates(body: bytes, encoding: str | None, charset: str | None) -> list[str]:
    if marked := _marked(body):
        return [name for name in (_character_set(encoding), marked) if name]
    declared = _DECLARED.match(body[:1000])
    labels = (declared[1].decode("ascii") if declared else None, charset, "utf-8")
    # What does not begin as UTF-16 is not, though programs that keep their strings in it like to say so.
    names = [name for name in map(_character_set, labels) if name and not name.startswith(("utf-16", "utf-32"))]
    own = _character_set(encoding)
    return [own, *names] if own else names


def _marked(body: bytes) -> str | None:
    """The encoding that the first bytes give away."""
    return next((name for mark, name in (*_BOMS, *_UNMARKED) if body.startswith(mark)), None)


def _character_set(label: str | None) -> str | None:
    """Python's name of an encoding; None where there is no such character set."""
    try:
        name = codecs.lookup(label or "").name
        "".encode(name)  # LookupError: a codec of bytes or of text, such as base64 or rot13
    except (LookupError, ValueError):
        return None
    return None if name in _NOT_CHARACTER_SETS else _WIDER.get(name, name)
