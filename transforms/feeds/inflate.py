"""Decompression piece by piece, so that no bomb is held in memory: gzip, deflate, bzip2 and Zstandard."""

import bz2
import zlib
from collections.abc import Callable
from typing import Any

import zstandard

_MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\x28\xb5\x2f\xfd", "zstd"))
_SLICE_BYTES = 1_000
"""What Zstandard is given at once: it takes no limit of output, and 4 bytes may stand for a block of 128 kB."""


_HEAD_BYTES = 4
"""What must be there to know a member's kind."""


class DamagedDataError(ValueError):
    """The bytes are not what their compression says."""


def compression_of(head: bytes) -> str:
    """The compression that the first bytes give away: "gzip", "bz2", "zstd" or "none"."""
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "none")


class Inflater:
    """One compressed stream of "gzip", "deflate", "bz2", "zstd" or "none"; members that follow each other are one stream."""

    def __init__(self, compression: str) -> None:
        self._compression = compression
        self._decoder: Any = None
        self._pending = b""
        self._has_member = False

    @property
    def is_complete(self) -> bool:
        """Whether the stream may end here."""
        return self._decoder is None

    def push(self, data: bytes, room: int) -> bytes:
        """Decompress the next piece; more than ``room`` bytes come back where there are more, and the rest is not made.

        Raises DamagedDataError. What follows the last member and is not one itself is padding, and left out.
        """
        if self._compression == "none":
            return data
        output = bytearray()
        data = self._pending + data
        self._pending = b""
        while data and len(output) <= room:
            if self._decoder is None:
                if len(data) < _HEAD_BYTES:
                    self._pending = data
                    break
                if self._has_member and compression_of(data) != self._compression:
                    break
                self._decoder = _DECODERS[self._compression](data)
                self._has_member = True
            try:
                rest = self._feed(data, room, output)
            except (zlib.error, OSError, zstandard.ZstdError) as error:
                raise DamagedDataError(f"the {self._compression} data is damaged: {error}") from error
            if rest is None:
                break
            self._decoder = None
            data = rest
        return bytes(output)

    def _feed(self, data: bytes, room: int, output: bytearray) -> bytes | None:
        """Decode one member onto ``output``; what follows it, or None where it goes on."""
        if self._compression != "zstd":
            output += self._decoder.decompress(data, room + 1 - len(output))
            return self._decoder.unused_data if self._decoder.eof else None
        for start in range(0, len(data), _SLICE_BYTES):
            output += self._decoder.decompress(data[start : start + _SLICE_BYTES])
            if self._decoder.eof:
                return bytes(self._decoder.unused_data) + data[start + _SLICE_BYTES :]
            if len(output) > room:
                break
        return None


def _deflate(head: bytes) -> Any:
    # RFC 9110 section 8.4.1.2 means zlib's format; some servers send the bare one. The sum tells them apart (RFC 1950 section 2.2).
    is_zlib = len(head) > 1 and head[0] & 15 == 8 and (head[0] << 8 | head[1]) % 31 == 0
    return zlib.decompressobj(15 if is_zlib else -15)


_DECODERS: dict[str, Callable[[bytes], Any]] = {
    "gzip": lambda _: zlib.decompressobj(31),
    "deflate": _deflate,
    "bz2": lambda _: bz2.BZ2Decompressor(),
    "zstd": lambda _: zstandard.ZstdDecompressor().decompressobj(),
}
