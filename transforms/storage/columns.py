"""Column files: numpy columns and a small JSON document in one file, read by a memory map.

A file holds, in this order:

- 8 bytes of magic
- the length of the header (u32)
- the header as JSON: ``meta``, and the name, dtype, offset and count of each column
- the columns, each aligned to 64 bytes

All numbers are little-endian, so that a file can go from machine to machine.
"""

import mmap
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np

from newslake.schemas import codec
from newslake.schemas.staging import Columns
from newslake.transforms.storage.base import LakeError, Storage, Written

MAGIC = b"NLCOLS01"
_ALIGNMENT = 64
_PREFIX = struct.Struct("<8sI")


class ColumnFileError(LakeError):
    """The file is missing, empty, cut, damaged, or not a column file."""


def write(storage: Storage, name: str, columns: Columns, meta: dict[str, Any], *, durable: bool = True) -> Written:
    """Write a new column file, and return its size and SHA-256.

    Settle its folder to make its name durable. Raises FileExistsError.
    """
    return storage.write(name, _parts(columns, meta), durable=durable)


def read(storage: Storage, name: str) -> tuple[Columns, dict[str, Any]]:
    """Return the columns of a file as read-only, memory-mapped arrays, and its ``meta``.

    Raises ColumnFileError, OSError.
    """
    path = f"{storage.root}/{name}"
    try:
        with storage.local_copy(name).open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError:
        raise ColumnFileError(f"{path} is gone; restore it from a backup of the lake") from None
    except ValueError:
        raise ColumnFileError(f"{path} is empty; restore it from a backup of the lake") from None
    if len(data) < _PREFIX.size:
        raise ColumnFileError(f"{path} is cut; restore it from a backup of the lake")
    magic, header_length = _PREFIX.unpack_from(data)
    if magic != MAGIC:
        raise ColumnFileError(f"{path} is not a column file of this version")
    if len(data) < _PREFIX.size + header_length:
        raise ColumnFileError(f"{path} is cut; restore it from a backup of the lake")
    try:
        header = codec.decode(data[_PREFIX.size : _PREFIX.size + header_length])
    except codec.InvalidJsonError:
        raise ColumnFileError(f"{path} is damaged; restore it from a backup of the lake") from None
    columns: Columns = {}
    for column, dtype, offset, count in header["columns"]:
        if offset + np.dtype(dtype).itemsize * count > len(data):
            raise ColumnFileError(f"{path} is cut; restore it from a backup of the lake")
        columns[column] = np.frombuffer(data, dtype=dtype, count=count, offset=offset)
    return columns, header["meta"]


def _parts(columns: Columns, meta: dict[str, Any]) -> Iterator[bytes]:
    def header_with(first: int) -> tuple[bytes, list[int]]:
        places, described, at = [], [], first
        for name, column in columns.items():
            at += -at % _ALIGNMENT
            places.append(at)
            described.append((name, column.dtype.str, at, len(column)))
            at += column.nbytes
        return codec.encode({"meta": meta, "columns": described}), places

    # The header holds the offsets, and its length depends on their digits. So reserve the length
    # that large offsets need, and fill the rest with spaces.
    room = len(header_with(1 << 40)[0])
    header, places = header_with(_PREFIX.size + room)
    yield _PREFIX.pack(MAGIC, room) + header.ljust(room)
    at = _PREFIX.size + room
    for column, place in zip(columns.values(), places, strict=True):
        yield b"\0" * (place - at)
        yield column.tobytes()
        at = place + column.nbytes
