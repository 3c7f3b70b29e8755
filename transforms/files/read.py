"""From a chunk of a file to articles, in any format."""

from collections.abc import Iterator
from typing import BinaryIO

from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files import blocks
from newslake.transforms.files.delimited import read_rows
from newslake.transforms.files.fields import FieldMapper
from newslake.transforms.files.jsonarray import read_json
from newslake.transforms.files.jsonl import read_jsonl
from newslake.transforms.files.match import FileChunk, OpenBytes
from newslake.transforms.files.parquet import read_parquet
from newslake.transforms.files.text import read_documents
from newslake.transforms.storage.compression import CorruptDataError, TrailingDataError, TruncatedDataError, read_blocks

MAX_RECORD_BYTES = 10_000_000


def read_chunk(
    chunk: FileChunk, open_bytes: OpenBytes, *, max_record_bytes: int = MAX_RECORD_BYTES
) -> Iterator[RawItem]:
    """Yield every record that begins in the chunk, once, as an article or a reject.

    Memory holds a few blocks at a time. If an archive is cut or damaged, yield the records before
    the damage, then TRUNCATED or CORRUPT. UNREADABLE likewise ends a file that fails. These rejects
    are of the whole source if no record was met. MISSING (the file is gone) and EMPTY (it holds no
    record) always are.
    """
    met = 0
    try:
        with open_bytes(chunk.uri) as file:
            for item in _read(chunk, file, max_record_bytes):
                met += 1
                yield item
    except FileNotFoundError:
        yield _reject(chunk, Reason.MISSING, "the file is gone", whole_source=True)
    except TruncatedDataError as error:
        yield _reject(chunk, Reason.TRUNCATED, str(error), whole_source=not met)
    except CorruptDataError as error:
        yield _reject(chunk, Reason.CORRUPT, str(error), whole_source=not met)
    except OSError as error:
        yield _reject(chunk, Reason.UNREADABLE, error.strerror or str(error), whole_source=not met)
    else:
        if not met and chunk.is_whole:
            detail = "there is a header and no rows" if chunk.header else "there is no record in it"
            yield _reject(chunk, Reason.EMPTY, detail, whole_source=True)


def _read(chunk: FileChunk, file: BinaryIO, max_record_bytes: int) -> Iterator[RawItem]:
    source, settings = chunk.source_uri, chunk.settings
    mapper = FieldMapper(settings)
    if chunk.format == "parquet":
        yield from read_parquet(file, source, mapper, first=chunk.start, until=chunk.end)
        return
    trailing: list[TrailingDataError] = []
    is_plain = not chunk.compression and not chunk.encoding
    first = chunk.start
    until = chunk.end if is_plain else 1 << 62
    if is_plain:
        first = _line_start(file, chunk.start) if chunk.format != "csv" else chunk.start
        file.seek(first)
        # A record may end after the end of its chunk, and is read to its own end.
        stream = read_blocks(file, "", chunk.size)
    else:
        stream = _up_to_trailing(read_blocks(file, chunk.compression, chunk.size), trailing)
        if chunk.encoding:
            stream = blocks.to_utf8(stream, chunk.encoding)
        stream = _without_mark(stream)
        if chunk.format == "csv":
            stream = _after(stream, chunk.start)
    if chunk.ends_with_cr:
        stream = (block.replace(b"\r", b"\n") for block in stream)
    match chunk.format:
        case "jsonl":
            yield from read_jsonl(stream, source, mapper, first=first, until=until, max_record_bytes=max_record_bytes)
        case "json":
            yield from read_json(stream, source, mapper, max_record_bytes=max_record_bytes)
        case "csv":
            yield from read_rows(
                stream,
                source,
                mapper,
                first=first,
                until=until,
                max_record_bytes=max_record_bytes,
                header=chunk.header,
                delimiter=chunk.delimiter,
            )
        case _:
            is_one = chunk.format == "text"
            limits = {"first": first, "until": until, "max_record_bytes": max_record_bytes}
            yield from read_documents(stream, source, settings, **limits, is_one=is_one, begins_file=chunk.start == 0)
    if trailing:
        raise trailing[0]


def _line_start(file: BinaryIO, start: int) -> int:
    """Return the first offset from ``start`` on at which a line begins.

    At the beginning of the file this is after a byte order mark.
    """
    if start == 0:
        file.seek(0)
        return blocks.encoding_of(file.read(3))[1]
    file.seek(start - 1)
    place = start - 1
    while block := file.read(1 << 16):
        end = block.find(b"\n")
        if end >= 0:
            return place + end + 1
        place += len(block)
    return place


def _up_to_trailing(stream: Iterator[bytes], trailing: list[TrailingDataError]) -> Iterator[bytes]:
    """Yield the stream up to the end of its archive.

    Bytes after that end are noted in ``trailing``. So the last record is read before they are
    reported.
    """
    try:
        yield from stream
    except TrailingDataError as error:
        trailing.append(error)


def _without_mark(stream: Iterator[bytes]) -> Iterator[bytes]:
    for number, block in enumerate(stream):
        yield block.removeprefix(b"\xef\xbb\xbf") if number == 0 else block


def _after(stream: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Yield the stream without its first ``count`` bytes."""
    for block in stream:
        if count < len(block):
            yield block[count:]
        count = max(count - len(block), 0)


def _reject(chunk: FileChunk, reason: Reason, detail: str, *, whole_source: bool) -> Reject:
    return Reject(Stage.READ_ARTICLES, reason, chunk.source_uri, detail, whole_source=whole_source)
