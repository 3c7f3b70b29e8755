"""Zip archives (PKWARE's APPNOTE), read with Python's zipfile."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from newslake.schemas.reject import Reason
from newslake.transforms.files.containers.base import Member, RefusedMember, is_bomb, is_hidden
from newslake.transforms.storage.compression import BLOCK_BYTES, CorruptDataError

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENCRYPTED = 0x1
_DOCUMENTS = {
    "[Content_Types].xml": "an Office document (.docx, .xlsx)",
    "mimetype": "an OpenDocument file or a book (.odt, .ods, .epub)",
    "META-INF/MANIFEST.MF": "a Java archive",
}
"""Documents that are zip archives inside, by a member that each of them has."""


class ZipContainer:
    name = "zip"

    def looks_like(self, head: bytes) -> bool:
        return head.startswith(_MAGIC)

    def members(self, file: BinaryIO, size: int) -> Iterator[Member | RefusedMember]:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise CorruptDataError(f"the zip archive cannot be opened: {error}") from error
        with archive:
            names = set(archive.namelist())
            if kind := next((kind for name, kind in _DOCUMENTS.items() if name in names), None):
                yield RefusedMember("", Reason.BINARY, f"it is {kind}: export it as CSV or as text")
                return
            unpacked = 0
            for one in archive.infolist():
                if one.is_dir() or is_hidden(one.filename):
                    continue
                unpacked += one.file_size
                yield _refusal(one, unpacked, size) or Member(one.filename, _blocks(archive, one))


ZIP = ZipContainer()


def _refusal(one: zipfile.ZipInfo, unpacked: int, size: int) -> RefusedMember | None:
    if one.flag_bits & _ENCRYPTED:
        return RefusedMember(one.filename, Reason.ENCRYPTED, "it is encrypted")
    mode = one.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return RefusedMember(one.filename, Reason.ARCHIVE_LINK, "it is a link or a device, not a file")
    if is_bomb(one.file_size, one.compress_size) or is_bomb(unpacked, size):
        detail = f"it unpacks from {one.compress_size:,} to {one.file_size:,} bytes"
        return RefusedMember(one.filename, Reason.DECOMPRESSION_BOMB, detail)
    return None


def _blocks(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(one) as member:
            while block := member.read(BLOCK_BYTES):
                yield block
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise CorruptDataError(f"the member cannot be unpacked: {error}") from error
