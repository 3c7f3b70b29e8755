"""The blocks of a file: undone compression, a tail of zeros left out, and UTF-8."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO, cast

from newslake.schemas import codec
from newslake.transforms.storage.compression import read_blocks
from newslake.transforms.storage.encoding.decoder import Decoder

ZERO_BLOCK = bytes(1_000_000)
UNENDING = 1 << 62
"""An offset behind the end of every file."""


def stored_blocks(file: BinaryIO, compression: str, until: int) -> Iterator[bytes]:
    """Yield the blocks of an open file up to its byte ``until``, decompressed.

    ``compression`` names the compressions, the outermost first, with commas between them. Raises
    the errors of ``read_blocks``.
    """
    outermost, _, inner = compression.partition(",")
    stream = read_blocks(file, outermost, until)
    while inner:
        layer, _, inner = inner.partition(",")
        stream = read_blocks(cast(BinaryIO, BlockFile(stream)), layer, UNENDING)
    return stream


def to_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield blocks in ``encoding`` as UTF-8, without a byte order mark at the beginning.

    Each bad byte or part of a character becomes one character, mostly U+FFFD.
    """
    decoder = Decoder(encoding)
    for block in blocks:
        yield _encode(decoder.decode(block))
    yield _encode(decoder.decode(b"", final=True))


def repaired(data: bytes) -> str:
    """Return the text of a record with bytes that are no UTF-8.

    A single bad byte is windows-1252, pasted in; else it is U+FFFD.
    """
    return Decoder("utf-8").decode(data, final=True)


def without_mark(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the blocks without the UTF-8 byte order marks at the beginning."""
    for number, block in enumerate(blocks):
        while number == 0 and block.startswith(codecs.BOM_UTF8):
            block = block.removeprefix(codecs.BOM_UTF8)
        yield block


def after(blocks: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Yield the blocks without their first ``count`` bytes."""
    for block in blocks:
        if count < len(block):
            yield block[count:]
        count = max(count - len(block), 0)


class BlockFile:
    """A stream of blocks in the form of a file that is only read forward."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next ``size`` bytes; fewer only at the end."""
        parts = [self._rest]
        length = len(self._rest)
        while (size < 0 or length < size) and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            length += len(block)
        data = b"".join(parts) if len(parts) > 1 else self._rest
        size = length if size < 0 else size
        self._rest = data[size:]
        self._place += min(size, length)
        return data[:size]

    def tell(self) -> int:
        return self._place


def without_zero_tail(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the blocks without zeros at the end.

    Programs that reserve space in a file leave them there.
    """
    zeros = 0
    for block in blocks:
        text = block.rstrip(b"\0")
        if text:
            while zeros > 0:
                yield ZERO_BLOCK[:zeros]
                zeros -= len(ZERO_BLOCK)
            zeros = 0
            yield text
        zeros += len(block) - len(text)


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return codec.scrub(text).encode()
