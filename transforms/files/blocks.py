"""A file's bytes, decompressed and in UTF-8, block by block: whatever its size, a few blocks are in memory."""

import bz2
import codecs
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import zstandard
from isal import isal_zlib

from schemas import codec

BLOCK_BYTES = 1_000_000
_ZSTD_SLICE_BYTES = 1_000
"""Zstandard takes no limit of output, and 4 bytes may stand for a block of 128 kB."""

MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\x28\xb5\x2f\xfd", "zstd"))
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
"""How a file without a byte order mark is read: the little end comes first in nearly all of them, whatever Unicode's D98 presumes."""
_MAGIC_BYTES = 4
_SKIPPABLE_FRAME = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
"""RFC 8878, section 3.1.2: a frame that a reader passes over."""


class TruncatedDataError(Exception):
    """The archive ends in the middle."""


class CorruptDataError(Exception):
    """The bytes are not what the compression or the configured encoding says."""


class TrailingDataError(CorruptDataError):
    """The archive is whole, and something follows that is none of it."""


def compression_of(head: bytes) -> str:
    """ "gzip", "bz2", "zstd", or "" by the first bytes."""
    return next((name for magic, name in MAGIC if head.startswith(magic)), "")


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark gives away, and the mark's length; ("", 0) where there is none."""
    return next(((name, len(mark)) for mark, name in BOMS if head.startswith(mark)), ("", 0))


def read_blocks(file: BinaryIO, compression: str, until: int) -> Iterator[bytes]:
    """The blocks of an open file up to its byte ``until``, decompressed; all that can be had of an archive that is cut comes first.

    Members that follow each other are one stream, and zeros may follow the last (tapes pad with them). Raises TruncatedDataError,
    CorruptDataError, TrailingDataError, OSError.
    """
    left = until - file.tell()
    decoder: Any = None
    has_member = False
    data = b""
    while data or (data := file.read(min(BLOCK_BYTES, left))):
        left -= len(data)
        if not compression:
            yield data
        else:
            if decoder is None:
                if len(data) < _MAGIC_BYTES:
                    more = file.read(min(_MAGIC_BYTES - len(data), left))
                    left -= len(more)
                    data += more
                if has_member and not _begins_member(data, compression):
                    _check_padding(data, file, left, compression)
                    return
                decoder, has_member = _DECODERS[compression](), True
            try:
                yield from filter(None, _INFLATE[compression](decoder, data))
            except (isal_zlib.IsalError, zlib.error, zstandard.ZstdError, OSError, ValueError) as error:  # type: ignore[misc]  # isal's stubs take its error for an instance
                raise CorruptDataError(f"the {compression} data is damaged: {error}") from error
            if decoder.eof:
                rest, decoder = bytes(decoder.unused_data), None
                left += len(rest)
                data = rest
                continue
        data = b""
    if decoder is not None:
        raise TruncatedDataError("the archive ends in the middle")


def _begins_member(data: bytes, compression: str) -> bool:
    return compression_of(data) == compression or (compression == "zstd" and _SKIPPABLE_FRAME.match(data) is not None)


def _check_padding(data: bytes, file: BinaryIO, left: int, compression: str) -> None:
    """Raises TrailingDataError where other bytes than zeros follow the last member."""
    while data:
        if data.strip(b"\0"):
            raise TrailingDataError(f"what follows the last {compression} member is none; what came before was read")
        data = file.read(min(BLOCK_BYTES, left))
        left -= len(data)


def to_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Blocks in ``encoding`` as UTF-8; what is no character of it becomes U+FFFD, and so does a lone surrogate.

    UTF-16 and UTF-32 without a mark are read as little-endian. Raises CorruptDataError where the codec cannot replace what it cannot read.
    """
    try:
        name = codecs.lookup(encoding).name
        decoder = codecs.getincrementaldecoder(_UNMARKED.get(name, name))("replace")
        for block in blocks:
            yield _encode(decoder.decode(block))
        yield _encode(decoder.decode(b"", final=True))
    except (ValueError, LookupError) as error:
        raise CorruptDataError(f"it cannot be read in the configured encoding {encoding!r}: {error}; set another, or none") from error


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return codec.scrub(text).encode()


def _inflate_gzip(decoder: Any, data: bytes) -> Iterator[bytes]:
    yield decoder.decompress(data, BLOCK_BYTES)
    while not decoder.eof and decoder.unconsumed_tail:
        yield decoder.decompress(decoder.unconsumed_tail, BLOCK_BYTES)


def _inflate_bz2(decoder: Any, data: bytes) -> Iterator[bytes]:
    yield decoder.decompress(data, BLOCK_BYTES)
    while not decoder.eof and not decoder.needs_input:
        yield decoder.decompress(b"", BLOCK_BYTES)


class _ZstdDecoder:
    """Zstandard's decoder, one frame, given little at a time; ``unused_data`` is all that follows the frame."""

    def __init__(self) -> None:
        self._decoder = zstandard.ZstdDecompressor().decompressobj()
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._decoder.eof)

    def inflate(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_SLICE_BYTES):
            yield self._decoder.decompress(data[start : start + _ZSTD_SLICE_BYTES])
            if self._decoder.eof:
                self.unused_data = bytes(self._decoder.unused_data) + data[start + _ZSTD_SLICE_BYTES :]
                return


_DECODERS: dict[str, Callable[[], Any]] = {
    "gzip": lambda: isal_zlib.decompressobj(31),
    "bz2": bz2.BZ2Decompressor,
    "zstd": _ZstdDecoder,
}
_INFLATE: dict[str, Callable[[Any, bytes], Iterator[bytes]]] = {
    "gzip": _inflate_gzip,
    "bz2": _inflate_bz2,
    "zstd": _ZstdDecoder.inflate,
}
