"""From the bytes of a feed to text: which encoding they are in, and what to do if none fits."""

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
"""Labels that publishers use for a larger set (WHATWG Encoding Standard, section 4.2)."""
_NOT_CHARACTER_SETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "unicode-escape", "raw_unicode_escape", "utf-7"}
)
"""Codecs of Python that no document uses."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a feed.

    ``is_damaged`` tells that U+FFFD stands for bytes without a meaning. ``is_guessed`` tells that
    the text was in no encoding that it claims.
    """

    text: str
    is_damaged: bool = False
    is_guessed: bool = False


def decode_feed(body: bytes, *, encoding: str | None = None, charset: str | None = None) -> Decoded:
    """Return the text of a feed.

    The first of these that decodes every byte wins: ``encoding`` (set by the user), a byte order
    mark, the XML declaration, ``charset`` (of the HTTP header), UTF-8. RFC 7303 puts the header
    first; here it comes late because some servers label everything ISO-8859-1. A byte order mark,
    or "<" in UTF-16 or UTF-32, leaves out the ones after it.

    If none of them decodes every byte, the text has damage, in the marked encoding or in UTF-8.
    Without a mark it is windows-1252 if most of what is not ASCII would be damage.
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
    # A body that does not begin like UTF-16 is not UTF-16. Programs that keep their strings in
    # UTF-16 often declare it all the same.
    names = [name for name in map(_character_set, labels) if name and not name.startswith(("utf-16", "utf-32"))]
    own = _character_set(encoding)
    return [own, *names] if own else names


def _marked(body: bytes) -> str | None:
    """Return the encoding that the first bytes give away, or None."""
    return next((name for mark, name in (*_BOMS, *_UNMARKED) if body.startswith(mark)), None)


def _character_set(label: str | None) -> str | None:
    """Return Python's name of an encoding; None if there is no such character set."""
    try:
        name = codecs.lookup(label or "").name
        "".encode(name)  # LookupError: a codec of bytes or of text, such as base64 or rot13
    except (LookupError, ValueError):
        return None
    return None if name in _NOT_CHARACTER_SETS else _WIDER.get(name, name)
