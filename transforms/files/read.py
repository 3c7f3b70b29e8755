"""From a chunk of a file to articles, in any format."""

from collections.abc import Iterator
from typing import BinaryIO

from newslake.schemas.raw import RawArticle
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files import blocks
from newslake.transforms.files.chunk import FileChunk
from newslake.transforms.files.columns.mapper import FieldMapper
from newslake.transforms.files.find import OpenBytes
from newslake.transforms.files.formats import FORMATS
from newslake.transforms.files.formats.base import Item, Noted, Part
from newslake.transforms.files.members import open_copy, plan_members
from newslake.transforms.storage.compression import (
    CorruptDataError,
    DamagedDataError,
    TrailingDataError,
    TruncatedDataError,
)

MAX_RECORD_BYTES = 10_000_000
INVALID_UTF8 = "invalid_utf8"


def read_chunk(chunk: FileChunk, open_bytes: OpenBytes, *, max_record_bytes: int = MAX_RECORD_BYTES) -> Iterator[Item]:
    """Yield every record that begins in the chunk, once, as an article or a reject.

    Memory holds a few blocks at a time. If an archive is cut or damaged, yield the records before
    the damage, then TRUNCATED or CORRUPT. UNREADABLE likewise ends a file that fails. These rejects
    are of the whole source if no record was met. MISSING (the file is gone) and EMPTY (it holds no
    record) always are.
    """
    met = 0
    read = _read_members if chunk.is_archive else _read
    try:
        with open_bytes(chunk.uri) as file:
            for item in read(chunk, file, max_record_bytes):
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
            detail = "there is a header and no rows" if chunk.format == "csv" else "there is no record in it"
            yield _reject(chunk, Reason.EMPTY, detail, whole_source=True)


def _read_members(chunk: FileChunk, file: BinaryIO, max_record_bytes: int) -> Iterator[Item]:
    for member in plan_members(chunk, file):
        if isinstance(member, Reject):
            yield member
        else:
            yield from (Noted(member.source_uri, what) for what, _ in member.notes)
            yield from read_chunk(member, open_copy, max_record_bytes=max_record_bytes)


def _read(chunk: FileChunk, file: BinaryIO, max_record_bytes: int) -> Iterator[Item]:
    one = FORMATS[chunk.format]
    damage: list[DamagedDataError] = []
    is_plain = not chunk.compression and not chunk.encoding
    if is_plain:
        file.seek(chunk.start if one.is_text else 0)
        # A record may end after the end of its chunk, and is read to its own end.
        stream = blocks.stored_blocks(file, "", chunk.size)
    else:
        stream = _up_to_damage(
            blocks.stored_blocks(file, chunk.compression, chunk.size), damage, is_all=not one.is_text
        )
        if chunk.encoding:
            stream = blocks.to_utf8(stream, chunk.encoding)
        if one.is_text:
            stream = blocks.after(blocks.without_mark(stream), chunk.start)
    if one.is_text and not chunk.encoding:
        stream = blocks.without_zero_tail(stream)
    items = one.read(
        Part(
            chunk.source_uri,
            chunk.settings,
            chunk.layout,
            FieldMapper(chunk.settings, chunk.survey),
            stream,
            chunk.start,
            chunk.end if is_plain else blocks.UNENDING,
            max_record_bytes,
            begins_file=chunk.is_first,
            file=file,
        )
    )
    yield from map(_flagged, items) if chunk.is_guessed else items
    if damage:
        raise damage[0]


def _flagged(item: Item) -> Item:
    """Return an item whose encoding is a guess, with the warning that says so."""
    if isinstance(item, RawArticle) and INVALID_UTF8 not in item.warnings:
        item.warnings = (*item.warnings, INVALID_UTF8)
    return item


def _up_to_damage(stream: Iterator[bytes], damage: list[DamagedDataError], *, is_all: bool) -> Iterator[bytes]:
    """Yield the stream up to the end of its archive.

    Bytes after that end are noted in ``damage``. So the last record is read before they are
    reported. ``is_all`` tells that all other damage is noted too, for formats that look ahead.
    """
    try:
        yield from stream
    except TrailingDataError as error:
        damage.append(error)
    except DamagedDataError as error:
        if not is_all:
            raise
        damage.append(error)


def _reject(chunk: FileChunk, reason: Reason, detail: str, *, whole_source: bool) -> Reject:
    return Reject(Stage.READ_ARTICLES, reason, chunk.source_uri, detail, whole_source=whole_source)
