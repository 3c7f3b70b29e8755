"""The members of an archive, each read as a file of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files import blocks
from newslake.transforms.files.chunk import FileChunk
from newslake.transforms.files.containers import CONTAINERS
from newslake.transforms.files.containers.base import Member, RefusedMember
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.storage.compression import CorruptDataError, TruncatedDataError


def plan_members(chunk: FileChunk, file: BinaryIO) -> Iterator[FileChunk | Reject]:
    """Yield each member of an archive as one chunk of a copy on the disk, or its Reject.

    The copy goes when the next one is asked for. A member is named ``ARCHIVE!/MEMBER``, as in
    Java's JAR URLs. An archive in an archive is refused. Raises CorruptDataError and
    TruncatedDataError if the archive itself is damaged.
    """

    def reject(source: str, reason: Reason, detail: str) -> Reject:
        return Reject(Stage.READ_ARTICLES, reason, source, detail, whole_source=True)

    with tempfile.TemporaryDirectory(prefix="newslake-") as folder, _unpacked(chunk, file, folder) as archive:
        for member in CONTAINERS[chunk.format].members(archive, chunk.size):
            source = f"{chunk.source_uri}!/{member.name}" if member.name else chunk.source_uri
            if isinstance(member, RefusedMember):
                yield reject(source, member.reason, member.detail)
                continue
            copy = Path(folder) / "member"
            try:
                size = _copy(member, copy)
            except CorruptDataError as error:
                yield reject(source, Reason.CORRUPT, str(error))
                continue
            except TruncatedDataError as error:
                yield reject(source, Reason.TRUNCATED, str(error))
                return
            planned = plan_chunks(
                FileMatch(str(copy), size, 0.0), open_copy, chunk.settings, source_uri=source, is_one_chunk=True
            )
            if isinstance(planned, Reject):
                yield planned
            elif planned[0].is_archive:
                yield reject(source, Reason.NESTED_ARCHIVE, f"it is a {planned[0].format} archive")
            else:
                yield planned[0]


def open_copy(path: str) -> BinaryIO:
    """Open the copy of a member."""
    return Path(path).open("rb")


@contextmanager
def _unpacked(chunk: FileChunk, file: BinaryIO, folder: str) -> Iterator[BinaryIO]:
    """Give an archive without its compression. Only a zip archive must be copied for that."""
    if not chunk.compression:
        file.seek(0)
        yield file
        return
    stream = blocks.stored_blocks(file, chunk.compression, chunk.size)
    if chunk.format != "zip":
        yield cast(BinaryIO, blocks.BlockFile(stream))
        return
    copy = Path(folder) / "archive"
    _copy(Member("", stream), copy)
    with copy.open("rb") as plain:
        yield plain


def _copy(member: Member, path: Path) -> int:
    size = 0
    with path.open("wb") as copy:
        for block in member.blocks:
            copy.write(block)
            size += len(block)
    return size
