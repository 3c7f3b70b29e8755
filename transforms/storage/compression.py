"""Compression: detect it from the first bytes, undo it in little memory, and apply it.

A compression is named "gzip" (RFC 1952), "bz2", "zstd" (RFC 8878), or, for HTTP only, "deflate"
(RFC 9110) and "br" (RFC 7932). The empty string means no compression.

There are four ways to decompress. They differ in the source of the bytes, and in the bytes that
may follow the last member:

- ``Inflater`` takes pieces as they arrive. It ignores the bytes after the last member.
- ``inflate`` takes a whole body, which may be packed several times.
- ``read_blocks`` reads a stranger's file. Only zeros may follow the last member.
- ``open_plain`` opens a file that ``compress`` wrote.
"""

import bz2
import io
import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import brotli
import zstandard
from isal import igzip, isal_zlib

BLOCK_BYTES = 1_000_000
ENDINGS = {"gzip": "jsonl.gz", "zstd": "jsonl.zst"}
"""The ending of the lake's files in each compression."""

_MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\x28\xb5\x2f\xfd", "zstd"))
_MAGIC_BYTES = 4
"""The longest magic: this many bytes show the compression."""
_SKIPPABLE_FRAME = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
"""RFC 8878, section 3.1.2: a reader skips such a frame."""
_ZSTD_SLICE_BYTES = 100
_INFLATE_BYTES = 10_000
_STREAM_BUFFER_BYTES = 128_000
_GZIP_LEVEL = 2
_ZSTD_LEVEL = 3


class DamagedDataError(Exception):
    """Compressed data cannot be read to its end; the subclass says why."""


class TruncatedDataError(DamagedDataError):
    """The archive ends in the middle."""


class CorruptDataError(DamagedDataError):
    """The bytes do not fit the compression or the configured encoding."""


class TrailingDataError(CorruptDataError):
    """The archive is whole, but foreign bytes follow it."""


_ISAL_ERROR: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # isal's stubs call it an instance
_LIBRARY_ERRORS: tuple[type[Exception], ...] = (zlib.error, _ISAL_ERROR, zstandard.ZstdError, brotli.error)
_DECODER_ERRORS: tuple[type[Exception], ...] = (*_LIBRARY_ERRORS, OSError, ValueError)
"""bz2 raises OSError and ValueError. Decoders read no file, so an OSError can only mean damage."""
_STREAM_ERRORS: tuple[type[Exception], ...] = (*_LIBRARY_ERRORS, igzip.BadGzipFile)
"""Streams read a file, so any other OSError is a fault of the disk."""


def compression_of(head: bytes) -> str:
    """Return the compression that the first bytes show: "gzip", "bz2", "zstd", or "".

    >>> compression_of(b"BZh9"), compression_of(b"<rss>")
    ('bz2', '')
    """
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "")


def compression_of_name(name: str) -> str:
    """Return the compression that the name of a lake's file shows: "gzip", "zstd", or "".

    >>> compression_of_name("articles/part-1-0.jsonl.zst")
    'zstd'
    """
    return next((compression for compression, ending in ENDINGS.items() if name.endswith(ending)), "")


class Inflater:
    """A decompressor for one stream that comes in pieces, such as an HTTP body.

    ``compression`` is one of the names above. "" passes the pieces on unchanged. Members that
    follow each other are one stream. The Inflater ignores any other bytes after a member as
    padding.
    """

    def __init__(self, compression: str) -> None:
        self._compression = compression
        self._decoder: _Decoder | None = None
        self._pending = b""
        self._has_member = False

    @property
    def is_complete(self) -> bool:
        """Tell whether the stream may end here: True between members and before the first one."""
        return self._decoder is None

    def push(self, data: bytes, room: int) -> bytes:
        """Return the next piece decompressed.

        If the piece holds more than ``room`` bytes, more than ``room`` bytes come back, but not the
        rest of the piece. So a decompression bomb never fills the memory. Do not push again after
        that. ``room`` has no effect if ``compression`` is "". Raises CorruptDataError.
        """
        if not self._compression:
            return data
        output = bytearray()
        data = self._pending + data
        self._pending = b""
        while data and len(output) <= room:
            if self._decoder is None:
                if len(data) < _MAGIC_BYTES:
                    self._pending = data
                    break
                if self._has_member and compression_of(data) != self._compression:
                    break
                self._decoder = _DECODERS[self._compression](data)
                self._has_member = True
            with _named_damage(self._compression):
                for block in self._decoder.inflate(data, room + 1 - len(output)):
                    output += block
                    if len(output) > room:
                        break
            if not self._decoder.is_finished:
                break
            data = self._decoder.rest
            self._decoder = None
        return bytes(output)


def inflate(data: bytes, compression: str, most_bytes: int) -> tuple[bytes, DamagedDataError | None]:
    """Return a body decompressed, and its fault or None.

    If it holds more than ``most_bytes``, more than ``most_bytes`` bytes come back, but not the
    rest. The fault is a TruncatedDataError or a CorruptDataError. The bytes before it come back.
    """
    inflater = Inflater(compression)
    body = bytearray()
    try:
        for start in range(0, len(data), _INFLATE_BYTES):
            body += inflater.push(data[start : start + _INFLATE_BYTES], most_bytes - len(body))
            if len(body) > most_bytes:
                return bytes(body), None
    except CorruptDataError as error:
        return bytes(body), error
    return bytes(body), None if inflater.is_complete else TruncatedDataError("the archive ends in the middle")


def read_blocks(file: BinaryIO, compression: str, until: int) -> Iterator[bytes]:
    """Yield the blocks of an open file up to its byte ``until``, decompressed.

    Members that follow each other are one stream. Zeros may follow the last member, because tapes
    pad with them. Skippable frames of zstd may come anywhere after the first member. A damaged
    archive first yields all bytes before the damage. Raises TruncatedDataError, CorruptDataError,
    TrailingDataError, OSError.
    """
    part = _FilePart(file, until - file.tell())
    if not compression:
        yield from iter(lambda: part.read(BLOCK_BYTES), b"")
        return
    has_member = False
    data = b""
    while data := data or part.read(BLOCK_BYTES):
        data += part.read(max(_MAGIC_BYTES - len(data), 0))
        if has_member and not _begins_member(data, compression):
            _check_padding(data, part, compression)
            return
        data = yield from _read_member(data, part, compression)
        has_member = True


def open_plain(file: BinaryIO, compression: str) -> BinaryIO:
    """Return a stream of the decompressed bytes of an open "gzip" or "zstd" file.

    The stream does not close ``file``. Reading it raises DamagedDataError with the library's own
    words, and OSError. A cut zstd frame ends without an error, because its decoder does not notice.
    So compare the size of the file with the size that you expect.
    """
    return io.BufferedReader(_PlainStream(_STREAMS[compression](file)), _STREAM_BUFFER_BYTES)


def compress(parts: Iterable[bytes], compression: str) -> Iterator[bytes]:
    """Yield the parts as one "gzip" member or one "zstd" frame.

    The result holds no timestamp, so equal parts give equal bytes.
    """
    compressor = _COMPRESSORS[compression]()
    for part in parts:
        yield compressor.compress(part)
    yield compressor.flush()


@contextmanager
def _named_damage(compression: str) -> Iterator[None]:
    try:
        yield
    except _DECODER_ERRORS as error:
        raise CorruptDataError(f"the {compression} data is damaged: {error}") from error


class _FilePart:
    """A reader of the next ``left`` bytes of an open file."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file = file
        self._left = left

    def read(self, most_bytes: int) -> bytes:
        data = self._file.read(max(min(most_bytes, self._left), 0))
        self._left -= len(data)
        return data


def _read_member(data: bytes, part: _FilePart, compression: str) -> Generator[bytes, None, bytes]:
    """Yield the blocks of the member that begins with ``data``; return the bytes read after it."""
    decoder = _FILE_DECODERS[compression](data)
    while data:
        with _named_damage(compression):
            yield from filter(None, decoder.inflate(data, BLOCK_BYTES))
        if decoder.is_finished:
            return decoder.rest
        data = part.read(BLOCK_BYTES)
    raise TruncatedDataError("the archive ends in the middle")


def _begins_member(data: bytes, compression: str) -> bool:
    return compression_of(data) == compression or (compression == "zstd" and _SKIPPABLE_FRAME.match(data) is not None)


def _check_padding(data: bytes, part: _FilePart, compression: str) -> None:
    """Raise TrailingDataError if anything but zeros follows the last member."""
    while data:
        if data.strip(b"\0"):
            raise TrailingDataError(
                f"foreign bytes follow the last {compression} member; all bytes before them were read"
            )
        data = part.read(BLOCK_BYTES)


class _Decoder(ABC):
    """A decoder of one member. ``decoder`` is a decompressor object of the library."""

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder

    @property
    def is_finished(self) -> bool:
        """Tell whether the decoder has met the end of the member."""
        return bool(self._decoder.eof)

    @property
    def rest(self) -> bytes:
        """The bytes after the member in the data that ``inflate`` was given last."""
        return bytes(self._decoder.unused_data)

    @abstractmethod
    def inflate(self, data: bytes, most_bytes: int) -> Iterator[bytes]:
        """Yield the data decompressed, in pieces of at most ``most_bytes``."""


class _ZlibDecoder(_Decoder):
    def inflate(self, data: bytes, most_bytes: int) -> Iterator[bytes]:
        yield self._decoder.decompress(data, most_bytes)
        while not self._decoder.eof and self._decoder.unconsumed_tail:
            yield self._decoder.decompress(self._decoder.unconsumed_tail, most_bytes)


class _Bz2Decoder(_Decoder):
    def inflate(self, data: bytes, most_bytes: int) -> Iterator[bytes]:
        yield self._decoder.decompress(data, most_bytes)
        while not self._decoder.eof and not self._decoder.needs_input:
            yield self._decoder.decompress(b"", most_bytes)


class _ZstdDecoder(_Decoder):
    _after = b""

    @property
    def rest(self) -> bytes:
        return super().rest + self._after

    def inflate(self, data: bytes, most_bytes: int) -> Iterator[bytes]:
        """Yield the data decompressed, in pieces of at most about 3 MB; ignore ``most_bytes``.

        The library takes no limit of output, and 4 bytes may stand for a block of 128 kB. So the
        method gives it small slices.
        """
        for start in range(0, len(data), _ZSTD_SLICE_BYTES):
            end = start + _ZSTD_SLICE_BYTES
            piece = self._decoder.decompress(data[start:end])
            if self._decoder.eof:
                self._after = data[end:]
                yield piece
                return
            yield piece


class _BrotliDecoder(_Decoder):
    @property
    def is_finished(self) -> bool:
        return bool(self._decoder.is_finished())

    @property
    def rest(self) -> bytes:
        """Nothing follows: the library takes bytes after the end for damage."""
        return b""

    def inflate(self, data: bytes, most_bytes: int) -> Iterator[bytes]:
        yield self._decoder.process(data, output_buffer_limit=most_bytes)
        while not self._decoder.is_finished() and not self._decoder.can_accept_more_data():
            yield self._decoder.process(b"", output_buffer_limit=most_bytes)


def _deflate_decoder(head: bytes) -> _Decoder:
    # RFC 9110 section 8.4.1.2 asks for zlib's format; some servers send bare deflate. The check sum
    # of zlib's first two bytes tells them apart (RFC 1950 section 2.2).
    is_zlib = len(head) > 1 and head[0] & 15 == 8 and (head[0] << 8 | head[1]) % 31 == 0
    return _ZlibDecoder(zlib.decompressobj(15 if is_zlib else -15))


_DECODERS: dict[str, Callable[[bytes], _Decoder]] = {
    "gzip": lambda _: _ZlibDecoder(zlib.decompressobj(31)),
    "deflate": _deflate_decoder,
    "br": lambda _: _BrotliDecoder(brotli.Decompressor()),
    "bz2": lambda _: _Bz2Decoder(bz2.BZ2Decompressor()),
    "zstd": lambda _: _ZstdDecoder(zstandard.ZstdDecompressor().decompressobj()),
}
"""Functions that make a decoder for one member from the member's first bytes."""
_FILE_DECODERS: dict[str, Callable[[bytes], _Decoder]] = _DECODERS | {
    "gzip": lambda _: _ZlibDecoder(isal_zlib.decompressobj(31))
}
"""Files are large, so isal, which is faster, reads them.

Feeds keep zlib, because isal describes damage in other words.
"""


class _PlainStream(io.RawIOBase):
    """A library's decompressing stream that reports damage as DamagedDataError."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._source.readinto(buffer))
        except EOFError as error:
            raise TruncatedDataError(str(error)) from error
        except _STREAM_ERRORS as error:
            raise CorruptDataError(str(error)) from error


_STREAMS: dict[str, Callable[[BinaryIO], Any]] = {
    "gzip": lambda file: igzip.open(file, "rb"),
    "zstd": lambda file: zstandard.ZstdDecompressor().stream_reader(file, closefd=False),
}
_COMPRESSORS: dict[str, Callable[[], Any]] = {
    "gzip": lambda: isal_zlib.compressobj(_GZIP_LEVEL, isal_zlib.DEFLATED, 31),
    "zstd": lambda: zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj(),
}
