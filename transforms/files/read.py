"""A chunk of a file to articles, whatever its format."""

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
    """Every record that begins in the chunk, once, as an article or a reject; a few blocks are in memory at a time.

    An archive that is cut or damaged gives what comes before, and then TRUNCATED or CORRUPT. Where the file cannot be opened any more, or
    holds nothing at all, the reject is of the whole source: MISSING, UNREADABLE, EMPTY.
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
        # A record may end after its chunk does: it is read to its end.
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
    """The first byte from ``start`` on at which a line begins; at the beginning of the file it is after a byte order mark."""
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
    """The stream, which ends where its archive does; what follows is noted, so that the last record is read before it is told."""
    try:
        yield from stream
    except TrailingDataError as error:
        trailing.append(error)


def _without_mark(stream: Iterator[bytes]) -> Iterator[bytes]:
    for number, block in enumerate(stream):
        yield block.removeprefix(b"\xef\xbb\xbf") if number == 0 else block


def _after(stream: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The stream without its first ``count`` bytes."""
    for block in stream:
        if count < len(block):
            yield block[count:]
        count = max(count - len(block), 0)


def _reject(chunk: FileChunk, reason: Reason, detail: str, *, whole_source: bool) -> Reject:
    return Reject(Stage.READ_ARTICLES, reason, chunk.source_uri, detail, whole_source=whole_source)
