"""A file's bytes, decompressed and in UTF-8, block by block: whatever its size, a few blocks are in memory."""

import bz2
import codecs
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import zstandard
from isal import isal_zlib

BLOCK_BYTES = 1_000_000
_ZSTD_SLICE_BYTES = 1_000
"""Zstandard takes no limit of output, and 4 bytes may stand for a block of 128 kB."""

MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\x28\xb5\x2f\xfd", "zstd"))
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class TruncatedDataError(Exception):
    """The archive ends in the middle."""


class CorruptDataError(Exception):
    """The archive's bytes are not what its compression says."""


def compression_of(head: bytes) -> str:
    """ "gzip", "bz2", "zstd", or "" by the first bytes."""
    return next((name for magic, name in MAGIC if head.startswith(magic)), "")


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark gives away, and the mark's length; ("", 0) where there is none."""
    return next(((name, len(mark)) for mark, name in BOMS if head.startswith(mark)), ("", 0))


def read_blocks(file: BinaryIO, compression: str, until: int) -> Iterator[bytes]:
    """The blocks of an open file up to its byte ``until``, decompressed; all that can be had of an archive that is cut comes first.

    Members that follow each other are one stream. Raises TruncatedDataError, CorruptDataError, OSError.
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
                if has_member and compression_of(data) != compression:
                    return  # padding after the last member
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


def to_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Blocks in ``encoding`` as UTF-8; what is no character of it becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


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
