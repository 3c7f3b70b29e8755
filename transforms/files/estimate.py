"""About how many articles a file holds: from its size alone, or from a sample of each chunk."""

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from newslake.transforms.files import blocks
from newslake.transforms.files.chunk import FileChunk
from newslake.transforms.files.find import FileMatch, OpenBytes
from newslake.transforms.files.formats import FORMATS
from newslake.transforms.storage.compression import CorruptDataError, TruncatedDataError

LEAST_BYTES = 50
"""An article takes at least this many bytes: two column names, a short headline and a sentence take
more."""
MOST_COMPRESSION = 20
"""Texts of news shrink to a third or a fifth. The same page over and over shrinks to a
twentieth."""

PACKED_BYTES = 600
"""An article of 3,000 bytes shrinks to about so many in an archive."""
SAMPLE_BYTES = 64_000
_COMPRESSED_SAMPLE_BYTES = {"gzip": 256_000, "zstd": 256_000, "bz2": 1_000_000}
"""bz2 gives no data before the end of a block of 900,000 bytes, which may take a fourth of that in
the file."""
_SAMPLED_BLOCKS = 16
"""At most this many blocks of BLOCK_BYTES of an archive come into memory. So the estimate is too
low for an archive that shrank to a hundredth."""

_PLAIN_ENDINGS = (
    ".jsonl",
    ".ndjson",
    ".json",
    ".csv",
    ".tsv",
    ".tab",
    ".txt",
    ".xml",
    ".rss",
    ".rdf",
    ".atom",
    ".html",
    ".htm",
)


def most_articles(match: FileMatch) -> int:
    """Return a number of articles that the file should not exceed, at least 1.

    Only articles that are shorter or better compressed than any news exceed it. A file counts as
    compressed unless the ending of its name says that it is plain.

    >>> [most_articles(FileMatch(name, 500, 0.0)) for name in ("a.jsonl", "a.jsonl.gz")]
    [10, 200]
    >>> most_articles(FileMatch("a.txt", 10, 0.0))
    1
    """
    plain_bytes = match.size if match.uri.lower().endswith(_PLAIN_ENDINGS) else match.size * MOST_COMPRESSION
    return max(1, plain_bytes // LEAST_BYTES)


def estimate_articles(chunks: Sequence[FileChunk], open_bytes: OpenBytes) -> list[int]:
    """Return about how many articles each chunk of one file holds, at least 1 each.

    For Parquet this is the number of rows, and for an archive it follows from the size. It is 1 for
    a text, which is not opened. It is 1 for a file that cannot be read, which will become a reject.
    Other files are opened once.
    """
    if chunks[0].is_archive:
        return [max(1, chunks[0].size // PACKED_BYTES)]
    if chunks[0].format == "text":
        return [1] * len(chunks)
    try:
        with open_bytes(chunks[0].uri) as file:
            if chunks[0].format == "parquet":
                metadata = pq.ParquetFile(file).metadata
                return [
                    sum(metadata.row_group(group).num_rows for group in range(chunk.start, chunk.end))
                    for chunk in chunks
                ]
            return [_estimate(chunk, file) for chunk in chunks]
    except (pa.ArrowException, OSError):
        return [1] * len(chunks)


def _estimate(chunk: FileChunk, file: BinaryIO) -> int:
    """Return the records of a sample, scaled to the bytes of the chunk."""
    if chunk.compression:
        start, sampled = 0, _COMPRESSED_SAMPLE_BYTES[chunk.compression.partition(",")[0]]
    else:
        start, sampled = chunk.start, SAMPLE_BYTES
    sampled = min(sampled, chunk.end - start)
    file.seek(start)
    sample = b"".join(islice(_text_of(file, chunk, start + sampled), _SAMPLED_BLOCKS))
    return (
        max(1, math.ceil(FORMATS[chunk.format].count(sample, chunk.layout) * (chunk.end - start) / sampled))
        if sampled > 0
        else 1
    )


def _text_of(file: BinaryIO, chunk: FileChunk, until: int) -> Iterator[bytes]:
    """Yield the blocks up to byte ``until`` of the file, decompressed and in UTF-8.

    The blocks just end if the archive is damaged or is cut at ``until``.
    """
    stream = blocks.stored_blocks(file, chunk.compression, until)
    try:
        yield from blocks.to_utf8(stream, chunk.encoding) if chunk.encoding else stream
    except (TruncatedDataError, CorruptDataError):
        return
