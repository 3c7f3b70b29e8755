"""The lines of a stream of blocks, each with its offset.

Memory never holds the whole of a line that is too long.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from newslake.schemas.reject import Reason, Reject, Stage

KEPT_BYTES = 64_000
"""How much of a record that is too long its reject keeps."""


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line over the limit: its length in bytes and its beginning."""

    length: int
    beginning: bytes


def read_lines(
    blocks: Iterator[bytes], first: int, until: int, max_bytes: int, end: bytes = b"\n"
) -> Iterator[tuple[int, bytes | LongLine]]:
    """Yield (offset, line) for each line that begins before ``until``, without its end.

    The blocks begin at offset ``first``. A line of more than ``max_bytes`` comes as a LongLine.
    ``end`` is the one byte that ends a line, LF if it is not given.
    """
    offset = first
    tail = b""
    for block in blocks:
        data = tail + block if tail else block
        lines = data.split(end)
        tail = lines.pop()
        for line in lines:
            if offset >= until:
                return
            yield offset, line if len(line) <= max_bytes else LongLine(len(line), line[:KEPT_BYTES])
            offset += len(line) + 1
        if offset >= until:
            return
        if len(tail) > max_bytes:
            length, tail = yield from _pass_over(blocks, tail, offset, end)
            offset += length
    for line in tail.removesuffix(end).split(end) if tail else ():  # several lines may follow a long one
        if offset < until:
            yield offset, line if len(line) <= max_bytes else LongLine(len(line), line[:KEPT_BYTES])
        offset += len(line) + 1


def _pass_over(
    blocks: Iterator[bytes], begun: bytes, offset: int, end: bytes
) -> Generator[tuple[int, LongLine], None, tuple[int, bytes]]:
    """Yield a long line that ``begun`` begins.

    Return its length with its LF, and what follows it in its last block.
    """
    length = len(begun)
    for block in blocks:
        place = block.find(end)
        if place >= 0:
            yield offset, LongLine(length + place, begun[:KEPT_BYTES])
            return length + place + 1, block[place + 1 :]
        length += len(block)
    yield offset, LongLine(length, begun[:KEPT_BYTES])
    return length, b""


def line_spans(file: BinaryIO, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
    """Return the (start, end) of parts of a file, from ``start`` on, that begin with a line.

    Parts hold about ``chunk_bytes``. There is one part if that is 0.
    """
    cuts = [start]
    while chunk_bytes and (wanted := cuts[-1] + chunk_bytes) < size and (begin := _line_start(file, wanted)) < size:
        cuts.append(begin)
    return list(pairwise([*cuts, size]))


def _line_start(file: BinaryIO, place: int) -> int:
    """Return the first offset from ``place`` on at which a line begins."""
    file.seek(place - 1)
    place -= 1
    while block := file.read(1 << 16):
        end = block.find(b"\n")
        if end >= 0:
            return place + end + 1
        place += len(block)
    return place


def too_large(source_uri: str, offset: int, length: int, beginning: bytes) -> Reject:
    """Return the Reject of a record of ``length`` bytes over the limit."""
    detail = f"byte {offset}: {length} bytes long; the payload holds the first {len(beginning)}"
    return Reject(Stage.READ_ARTICLES, Reason.TOO_LARGE, source_uri, detail, beginning)
