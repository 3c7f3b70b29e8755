"""The lines of a stream of blocks, each with its offset.

Memory never holds the whole of a line that is too long.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

KEPT_BYTES = 64_000
"""How much of a record that is too long its reject keeps."""


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line over the limit: its length in bytes and its beginning."""

    length: int
    beginning: bytes


def read_lines(
    blocks: Iterator[bytes], first: int, until: int, max_bytes: int
) -> Iterator[tuple[int, bytes | LongLine]]:
    """Yield (offset, line) for each line that begins before ``until``, without its LF.

    The blocks begin at offset ``first``. A line of more than ``max_bytes`` comes as a LongLine.
    """
    offset = first
    tail = b""
    for block in blocks:
        data = tail + block if tail else block
        lines = data.split(b"\n")
        tail = lines.pop()
        for line in lines:
            if offset >= until:
                return
            yield offset, line if len(line) <= max_bytes else LongLine(len(line), line[:KEPT_BYTES])
            offset += len(line) + 1
        if offset >= until:
            return
        if len(tail) > max_bytes:
            length, tail = yield from _pass_over(blocks, tail, offset)
            offset += length
    if tail and offset < until:
        yield offset, tail


def _pass_over(
    blocks: Iterator[bytes], begun: bytes, offset: int
) -> Generator[tuple[int, LongLine], None, tuple[int, bytes]]:
    """Yield a long line that ``begun`` begins.

    Return its length with its LF, and what follows it in its last block.
    """
    length = len(begun)
    for block in blocks:
        end = block.find(b"\n")
        if end >= 0:
            yield offset, LongLine(length + end, begun[:KEPT_BYTES])
            return length + end + 1, block[end + 1 :]
        length += len(block)
    yield offset, LongLine(length, begun[:KEPT_BYTES])
    return length, b""
