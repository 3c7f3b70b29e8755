"""Tar archives (POSIX.1-2001 pax, GNU and old ones), read forward with Python's tarfile."""

import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from newslake.schemas.reject import Reason
from newslake.transforms.files.containers.base import Member, RefusedMember, is_bomb, is_hidden
from newslake.transforms.storage.compression import BLOCK_BYTES, CorruptDataError, TruncatedDataError

_HEADER_BYTES = tarfile.BLOCKSIZE


class TarContainer:
    name = "tar"

    def looks_like(self, head: bytes) -> bool:
        """Tell whether the first block is the header of a member: its checksum is right."""
        if len(head) < _HEADER_BYTES:
            return False
        try:
            tarfile.TarInfo.frombuf(head[:_HEADER_BYTES], "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            return False
        return True

    def members(self, file: BinaryIO, size: int) -> Iterator[Member | RefusedMember]:
        try:
            with tarfile.open(fileobj=file, mode="r|") as archive:
                unpacked = 0
                for one in archive:
                    if one.isdir() or is_hidden(one.name):
                        continue
                    unpacked += one.size
                    yield _refusal(one, unpacked, size) or Member(one.name, _blocks(archive, one))
        except tarfile.ReadError as error:
            raise CorruptDataError(f"the tar archive is damaged: {error}") from error


TAR = TarContainer()


def _refusal(one: tarfile.TarInfo, unpacked: int, size: int) -> RefusedMember | None:
    if not one.isreg():
        return RefusedMember(one.name, Reason.ARCHIVE_LINK, "it is a link or a device, not a file")
    if is_bomb(unpacked, size):
        return RefusedMember(one.name, Reason.DECOMPRESSION_BOMB, f"it unpacks to {one.size:,} bytes")
    return None


def _blocks(archive: tarfile.TarFile, one: tarfile.TarInfo) -> Iterator[bytes]:
    member = archive.extractfile(one)
    assert member is not None
    left = one.size
    try:
        while left:
            block = member.read(min(left, BLOCK_BYTES))
            left -= len(block)
            yield block
    except tarfile.ReadError as error:
        raise TruncatedDataError("the tar archive ends in the middle of the member") from error
