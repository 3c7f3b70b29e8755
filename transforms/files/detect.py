"""What a file is, by its content alone: its compressions, encoding, format and layout."""

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason
from newslake.transforms.files import blocks
from newslake.transforms.files.containers import container_of
from newslake.transforms.files.foreign import binary_kind, code_kind
from newslake.transforms.files.formats import FORMATS, TEXT
from newslake.transforms.files.formats.base import HEAD_BYTES, Head, Layout, Refused
from newslake.transforms.storage.compression import CorruptDataError, TruncatedDataError, compression_of
from newslake.transforms.storage.encoding.find import find_encoding

_MOST_LAYERS = 3
"""An archive can hold itself, so some have layers without end."""
_HIGH = bytes(range(0x80, 0x100))
_MOST_UNREADABLE = 0.5
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
"""Control characters beyond ASCII. They show that the encoding is another one."""
_FEW = 4
"""Fewer characters that cannot be read prove nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is.

    ``format`` names a format or a container. ``compression`` names the compressions, the outermost
    first, with commas between them. ``encoding`` is empty for UTF-8, and for formats that are no
    text. ``mark_bytes`` is the length of a UTF-8 byte order mark.
    """

    format: str
    layout: Layout
    head: Head
    compression: str = ""
    encoding: str = ""
    is_guessed: bool = False
    mark_bytes: int = 0


def detect(file: BinaryIO, size: int, settings: SourceSettings) -> Found | Refused:
    """Return what a file of ``size`` bytes is, or why it is refused as a whole.

    Raises OSError, TruncatedDataError, CorruptDataError.
    """
    raw = file.read(min(HEAD_BYTES, size))
    compression, is_whole = "", len(raw) == size
    while layer := compression_of(raw):
        if compression.count(",") + 1 >= _MOST_LAYERS and compression:
            return Refused(Reason.NESTED_ARCHIVE, f"it is compressed more than {_MOST_LAYERS} times")
        compression = f"{compression},{layer}" if compression else layer
        file.seek(0)
        raw = _first_bytes(file, compression, size)
        is_whole = len(raw) < HEAD_BYTES
    if is_whole and not raw.strip(b"\0 \t\r\n"):
        return Refused(Reason.EMPTY, "there is nothing in it")
    if (container := container_of(raw)) is not None:
        return Found(container, Layout(), Head(raw, b"", is_whole, settings), compression)
    return _recognise(raw, compression, settings, is_whole=is_whole)


def _recognise(raw: bytes, compression: str, settings: SourceSettings, *, is_whole: bool) -> Found | Refused:
    marks = 0
    while raw.startswith(codecs.BOM_UTF8, marks):
        marks += len(codecs.BOM_UTF8)
    encoding = find_encoding(_without_cut_character(raw, is_whole=is_whole), encoding=settings.encoding)
    name = "" if encoding.name == "utf-8" else encoding.name
    text = b"".join(blocks.without_mark(blocks.to_utf8(iter([raw]), name) if name else iter([raw])))
    head = Head(raw, text, is_whole, settings)
    for one in [FORMATS[settings.format]] if settings.format else FORMATS.values():
        if one.is_text and (refused := _unreadable(head, name, is_configured=settings.encoding is not None)):
            return refused
        if one is TEXT and not head.is_told and (kind := code_kind(text)):
            detail = f"it looks like {kind}, not like articles; if it is a text, set format = 'text' in its [[files]]"
            return Refused(Reason.NOT_ARTICLES, detail, raw[:1000])
        found = one.recognise(head)
        if isinstance(found, Refused):
            return found
        if found is not None:
            is_text = one.is_text
            guessed = is_text and bool(name) and encoding.is_guessed
            return Found(one.name, found, head, compression, name if is_text else "", guessed, marks)
    raise AssertionError("the format text takes every text")


def _unreadable(head: Head, encoding: str, *, is_configured: bool) -> Refused | None:
    """Return why a text cannot be read, or None if it can."""
    if kind := binary_kind(head.raw, head.text):
        return Refused(Reason.BINARY, f"it looks like {kind}", head.raw[:1000])
    text = head.text.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    unreadable = text.count("\ufffd") + (len(_C1.findall(text)) if encoding else 0)
    if unreadable < _FEW or unreadable <= _MOST_UNREADABLE * beyond:
        return None
    which = (
        f"in the configured encoding {encoding or 'utf-8'}" if is_configured else "in any encoding that newslake knows"
    )
    detail = f"most of its letters beyond ASCII cannot be read {which}; set encoding = '...' in its [[files]]"
    return Refused(Reason.UNDECODABLE, detail, head.raw[:1000])


def _first_bytes(file: BinaryIO, compression: str, size: int) -> bytes:
    """Return the decompressed beginning of a file.

    If the archive is damaged, return what comes before the damage. Raise the error if that is
    empty.
    """
    head = b""
    try:
        for block in blocks.stored_blocks(file, compression, size):
            head += block
            if len(head) >= HEAD_BYTES:
                break
    except (TruncatedDataError, CorruptDataError):
        if not head:
            raise
    return head[:HEAD_BYTES]


def _without_cut_character(head: bytes, *, is_whole: bool) -> bytes:
    return head if is_whole else head.rstrip(_HIGH)
