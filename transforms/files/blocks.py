"""A file's bytes, decompressed and in UTF-8, block by block: whatever its size, a few blocks are in memory."""

import bz2
import codecs
import gzip
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import zstandard
from isal import igzip

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
    """The blocks of an open file up to its byte ``until``, decompressed. Raises TruncatedDataError, CorruptDataError, OSError."""
    limited = _Limited(file, until - file.tell())
    try:
        if compression == "zstd":
            yield from _zstd_blocks(limited)
            return
        stream: Any = limited
        if compression == "gzip":
            stream = igzip.IGzipFile(fileobj=limited)
        elif compression == "bz2":
            stream = bz2.BZ2File(cast(BinaryIO, limited))
        while block := stream.read(BLOCK_BYTES):
            yield block
    except EOFError as error:
        raise TruncatedDataError("the archive ends in the middle") from error
    except (isal_zlib.IsalError, gzip.BadGzipFile, zstandard.ZstdError) as error:
        raise CorruptDataError(f"the {compression} data is damaged: {error}") from error
    except OSError as error:
        if compression == "bz2" and error.errno is None:
            raise CorruptDataError(f"the bz2 data is damaged: {error}") from error
        raise


def to_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Blocks in ``encoding`` as UTF-8; what is no character of it becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


class _Limited:
    """A file that ends after ``left`` bytes."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file = file
        self._left = left

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _zstd_blocks(file: _Limited) -> Iterator[bytes]:
    decoder: Any = None
    data, is_compressed = b"", False
    while data or (data := file.read(BLOCK_BYTES)):
        if decoder is None:
            if is_compressed and not data.startswith(MAGIC[2][0]):
                return  # padding after the last frame
            decoder, is_compressed = zstandard.ZstdDecompressor().decompressobj(), True
        rest = b""
        for start in range(0, len(data), _ZSTD_SLICE_BYTES):
            if block := decoder.decompress(data[start : start + _ZSTD_SLICE_BYTES]):
                yield block
            if decoder.eof:
                rest = bytes(decoder.unused_data) + data[start + _ZSTD_SLICE_BYTES :]
                decoder = None
                break
        data = rest
    if decoder is not None:
        raise TruncatedDataError("the archive ends in the middle")
