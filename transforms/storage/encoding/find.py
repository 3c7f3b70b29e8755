"""From bytes to text: find the encoding once for a document, then decode.

``find_encoding`` looks at a body in blocks, so the body may be a large ``mmap``. The first of these
rules that applies gives the encoding:

1. the encoding that the user configured;
2. a byte order mark, or the NUL bytes of UTF-16 and UTF-32 (XML 1.0 appendix F);
3. UTF-8 against another declaration, if the body clearly is UTF-8 (``_overrules``);
4. the encoding that the XML declaration names, by the labels of the WHATWG Encoding Standard;
5. the charset of the HTTP header. RFC 7303 puts the header first, but many servers label everything
   ISO-8859-1;
6. UTF-8, if the body is UTF-8 but for a few bytes;
7. a guess by chardetng, the detector of Firefox, from what is not ASCII.

What overrules a declaration and what is guessed has ``is_guessed``.
"""

import codecs
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

from newslake.transforms.storage.encoding.decoder import Decoder
from newslake.transforms.storage.encoding.guess import guess, judge, take_sample
from newslake.transforms.storage.encoding.labels import codec_name, is_single_byte

Body = bytes | bytearray | memoryview | mmap.mmap

_BLOCK_BYTES = 1_000_000
_HEAD_BYTES = 10_000
"""The declaration is looked for in so many first bytes, behind comments and PHP warnings."""
_ENOUGH = 2_000
"""So many characters beyond ASCII show whether a body is UTF-8; the rest is not looked at."""
_MOST_BAD = 0.05
"""With a larger share of bad characters the text is in another encoding."""
_KOREAN = b"\x1b$)C"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (re.compile(rb"[^\0]\0\0\0[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[^\0]\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"[^\0]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),  # "<?xm" in EBCDIC
)
"""How a body begins whose first characters are ASCII (RFC 4627 section 3, XML 1.0 appendix F)."""

_DECLARED = re.compile(rb"<\?xml\b[^>]*?\bencoding\s*=\s*(?:[\"']([^\"'<>]{1,40})|([\w.:-]{1,40}))", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel|opml)\b", re.IGNORECASE)

_HIGH = bytes(range(0x80, 0x100))
_ESCAPE = re.compile(rb"\x1b(?:\$\)C|\$[@B(]|\([BIJ])")
"""The escapes of ISO-2022-KR, and those of ISO-2022-JP (RFC 1557, RFC 1468)."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name of it.

    ``is_guessed`` tells that it is guessed, doubtful, or not the one that the body claims.
    """

    name: str
    is_guessed: bool = False

    def decoder(self) -> Decoder:
        """Return a decoder for one body."""
        return Decoder(self.name)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a body.

    ``is_damaged`` tells that bytes have no meaning in the encoding. ``is_guessed`` is that of the
    Encoding.
    """

    text: str
    is_damaged: bool = False
    is_guessed: bool = False


def decode_body(body: Body, *, encoding: str | None = None, charset: str | None = None) -> Decoded:
    """Return the text of a whole body; the arguments are those of ``find_encoding``."""
    found = find_encoding(body, encoding=encoding, charset=charset)
    decoder = found.decoder()
    text = "".join(map(decoder.decode, _blocks(body)))
    text += decoder.decode(b"", final=True)
    return Decoded(text, decoder.is_damaged, found.is_guessed)


def find_encoding(body: Body, *, encoding: str | None = None, charset: str | None = None) -> Encoding:
    """Return the encoding of a body by the rules above.

    ``encoding`` is the user's label for it, and ``charset`` that of the HTTP header. Labels that
    name no encoding are ignored. The body is read up to where the answer is sure, in blocks.
    """
    head = bytes(body[:_HEAD_BYTES])
    own, marked, declared, header = _claims(head, encoding, charset)
    if own:
        return Encoding(own)
    if marked and marked != "utf-8":
        return Encoding(marked)
    claimed = marked or declared or header
    seen = _survey(body)
    if seen.escape and not (claimed or "").startswith("iso2022"):
        return Encoding("iso2022_kr" if seen.escape == _KOREAN else "iso2022_jp_ext", is_guessed=True)
    if seen.good + seen.bad == 0:
        return Encoding(claimed or "utf-8")
    if claimed is None or claimed == "utf-8":
        is_utf8 = seen.bad <= seen.good
        return Encoding("utf-8") if is_utf8 else Encoding(guess(take_sample(_blocks(body)), head), is_guessed=True)
    if header == "utf-8" and seen.bad == 0:
        return Encoding("utf-8")
    if _overrules(seen, claimed):
        return Encoding("utf-8", is_guessed=True)
    return Encoding(*judge(take_sample(_blocks(body)), claimed, head))


def claims_only_utf8(body: Body, *, encoding: str | None = None, charset: str | None = None) -> bool:
    """Tell whether ``find_encoding`` returns UTF-8 if the whole body is UTF-8 without escapes.

    Only the beginning of the body is looked at.
    """
    own, marked, declared, header = _claims(bytes(body[:_HEAD_BYTES]), encoding, charset)
    return (own or marked or declared or header or "utf-8") == "utf-8"


def _claims(head: bytes, encoding: str | None, charset: str | None) -> tuple[str | None, ...]:
    """Return the encodings that the user, the first bytes, the declaration and the header name."""
    # A body that does not begin like UTF-16 is not UTF-16. Programs that keep their strings in
    # UTF-16 often declare it all the same.
    names = [codec_name(label) for label in (encoding, _declared(head), charset)]
    own, declared, header = (None if name and name.startswith(("utf-16", "utf-32")) else name for name in names)
    return own, _marked(head), declared, header


@dataclass(slots=True)
class _Seen:
    """What a body looks like: how many characters beyond ASCII are UTF-8 and how many are not.

    ``escape`` is an escape of ISO 2022 in a body of ASCII alone.
    """

    good: int = 0
    bad: int = 0
    escape: bytes = b""


def _blocks(body: Body) -> Iterator[bytes]:
    for start in range(0, len(body), _BLOCK_BYTES):
        yield bytes(body[start : start + _BLOCK_BYTES])


def _survey(body: Body) -> _Seen:
    seen = _Seen()
    escape = b""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for block in _blocks(body):
        if block.isascii():
            if not escape and b"\x1b" in block and (found := _ESCAPE.search(block)):
                escape = found[0]
            decoder.reset()
            continue
        text = decoder.decode(block)
        bad = text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
        seen.bad += bad
        seen.good += len(text) - len(block.translate(None, _HIGH)) - bad
        if seen.good + seen.bad >= _ENOUGH:
            break
    seen.escape = b"" if seen.good + seen.bad else escape
    return seen


def _overrules(seen: _Seen, claimed: str) -> bool:
    """Tell whether a body is UTF-8 although it claims another encoding.

    Random GB 2312 text is valid UTF-8 in 18 % of cases with one sequence and in 3 % with two, so
    ten are asked for there. A sequence is far rarer in encodings with one byte a character.
    """
    needed = 2 if is_single_byte(claimed) else 10
    return seen.good >= needed and seen.bad <= _MOST_BAD * (seen.good + seen.bad)


def _declared(head: bytes) -> str | None:
    """Return the label in the XML declaration, which stands before the root element."""
    declared = _DECLARED.search(head)
    if declared is None:
        return None
    root = _ROOT.search(head)
    if root and root.start() < declared.start():
        return None
    return (declared[1] or declared[2]).decode("ascii", "replace")


def _marked(head: bytes) -> str | None:
    """Return the encoding that the first bytes give away, or None."""
    by_mark = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    return by_mark or next((name for pattern, name in _UNMARKED if pattern.match(head)), None)
