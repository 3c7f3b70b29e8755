"""The blocks of a file in UTF-8: byte order marks and encodings, one block at a time."""

import codecs
import re
from collections.abc import Iterator

from newslake.schemas import codec
from newslake.transforms.storage.compression import CorruptDataError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NULS = (
    (re.compile(rb"[\x01-\x7f]\0\0\0[\x01-\x7f]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[\x01-\x7f]\0\0\0[\x01-\x7f]"), "utf-32-be"),
    (re.compile(rb"[\x01-\x7f]\0[\x01-\x7f]\0"), "utf-16-le"),
    (re.compile(rb"\0[\x01-\x7f]\0[\x01-\x7f]"), "utf-16-be"),
)
"""How text begins whose first two characters are ASCII (RFC 4627 section 3)."""
_UNMARKED = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
"""How to read a file without a byte order mark. Nearly all such files put the little end first,
although Unicode (D98) presumes the big end."""


def encoding_of(head: bytes) -> tuple[str, int]:
    """Return the encoding that the first bytes show, and the length of their byte order mark.

    Without a mark the NUL bytes of UTF-16 and UTF-32 show it. Return ("", 0) if nothing does.

    >>> encoding_of(codecs.BOM_UTF8 + b"text"), encoding_of(b"t\\0e\\0"), encoding_of(b"text")
    (('utf-8', 3), ('utf-16-le', 0), ('', 0))
    """
    marked = next(((name, len(mark)) for mark, name in BOMS if head.startswith(mark)), None)
    return marked or next(((name, 0) for pattern, name in _NULS if pattern.match(head)), ("", 0))


def to_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield blocks in ``encoding`` as UTF-8.

    U+FFFD replaces lone surrogates and bytes that are not a character of the encoding. UTF-16 and
    UTF-32 without a mark are little-endian. Raise CorruptDataError if the codec cannot replace what
    it cannot read.
    """
    try:
        name = codecs.lookup(encoding).name
        decoder = codecs.getincrementaldecoder(_UNMARKED.get(name, name))("replace")
        for block in blocks:
            yield _encode(decoder.decode(block))
        yield _encode(decoder.decode(b"", final=True))
    except (ValueError, LookupError) as error:
        raise CorruptDataError(
            f"it cannot be read in the configured encoding {encoding!r}: {error}; set another, or none"
        ) from error


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return codec.scrub(text).encode()
