"""Zip and tar archives: their members are read like files, or refused by name."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.formats.base import SavedFeed
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk

FEED = b"<rss><channel><item><title>F</title></item></channel></rss>"
FILES = {
    "a.jsonl": b'{"title": "A"}\n{"title": "B"}\n',
    "folder/b.csv": b"title,text\nC,three\nD,four\n",
    "folder/.hidden": b"secret",
    "__MACOSX/._a.jsonl": b"\0\5\x16\7",
    "c.txt": b"date 2024 text",
    "feed.xml": FEED,
    "photo.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "empty.csv": b"",
}


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.mkdir("folder")
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in files.items():
            one = tarfile.TarInfo(name)
            one.size = len(data)
            archive.addfile(one, io.BytesIO(data))
    return stream.getvalue()


def read(data: bytes) -> list[tuple[str, str]]:
    """Return the member, and the headline or the reason, of each item."""
    planned = plan_chunks(FileMatch("x", len(data), 0.0), lambda _: io.BytesIO(data), SourceSettings())
    if isinstance(planned, Reject):
        return [(planned.source_uri, str(planned.reason))]
    found = []
    for item in (one for chunk in planned for one in read_chunk(chunk, lambda _: io.BytesIO(data))):
        match item:
            case RawArticle():
                found.append((item.source_uri, item.headline or item.body or ""))
            case Reject():
                found.append((item.source_uri, str(item.reason)))
            case SavedFeed():
                found.append((item.source_uri, item.body.decode()))
    return found


ARCHIVES: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip": zipped,
    "stored zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "tar": tarred,
    "tar.gz": lambda files: tarred(files, "w:gz"),
    "tar.bz2": lambda files: tarred(files, "w:bz2"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_each_member_is_a_source_of_its_own(kind: str) -> None:
    assert read(ARCHIVES[kind](FILES)) == [
        ("x!/a.jsonl", "A"),
        ("x!/a.jsonl", "B"),
        ("x!/folder/b.csv", "C"),
        ("x!/folder/b.csv", "D"),
        ("x!/c.txt", "text"),
        ("x!/feed.xml", FEED.decode()),
        ("x!/photo.jpg", "binary"),
        ("x!/empty.csv", "empty"),
    ]


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_in_an_archive_is_refused_by_name(kind: str) -> None:
    files = {"in.zip": zipped(FILES), "in.tar": tarred(FILES), "a.jsonl": FILES["a.jsonl"]}
    found = [("x!/in.zip", "nested_archive"), ("x!/in.tar", "nested_archive"), ("x!/a.jsonl", "A"), ("x!/a.jsonl", "B")]
    assert read(ARCHIVES[kind](files)) == found


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_without_files_is_empty(kind: str) -> None:
    assert read(ARCHIVES[kind]({})) == [("x", "empty")]


def test_a_damaged_member_costs_itself_alone() -> None:
    data = bytearray(zipped({"a.jsonl": FILES["a.jsonl"] * 500, "b.jsonl": FILES["a.jsonl"]}))
    data[data.index(b"a.jsonl") + 20] ^= 0xFF
    assert read(bytes(data)) == [("x!/a.jsonl", "corrupt"), ("x!/b.jsonl", "A"), ("x!/b.jsonl", "B")]


def test_a_cut_archive_is_named_and_gives_what_comes_before() -> None:
    data = tarred({"a.jsonl": FILES["a.jsonl"], "b.jsonl": b'{"title": "C"}\n' * 1000})
    found = read(data[:3000])
    assert found[:2] == [("x!/a.jsonl", "A"), ("x!/a.jsonl", "B")]
    assert found[-1][1] in ("truncated", "corrupt")
    assert read(zipped(FILES)[:-30]) == [("x", "corrupt")]


def test_an_encrypted_member_is_refused_by_name() -> None:
    data = bytearray(zipped({"a.jsonl": FILES["a.jsonl"], "b.jsonl": FILES["a.jsonl"]}))
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))
    data[entry + 8] |= 1
    assert ("x!/a.jsonl", "encrypted") in read(bytes(data)) or read(bytes(data))[0][1] == "encrypted"


def test_links_and_devices_are_refused_by_name() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE)):
            one = tarfile.TarInfo(name)
            one.type, one.linkname = kind, "/etc/passwd"
            archive.addfile(one)
    assert read(stream.getvalue()) == [(f"x!/{name}", "archive_link") for name in ("soft", "hard", "pipe")]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert read(stream.getvalue()) == [("x!/link", "archive_link")]


def test_a_decompression_bomb_is_refused_and_not_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb", "w") as member:
        for _ in range(101):
            member.write(bytes(1_000_000))
    assert read(stream.getvalue()) == [("x!/bomb", "decompression_bomb")]


@pytest.mark.parametrize("name", ["[Content_Types].xml", "mimetype"])
def test_documents_that_are_zip_archives_inside_are_refused_as_a_whole(name: str) -> None:
    assert read(zipped({name: b"x", "content.xml": b"<a/>"})) == [("x", "binary")]


def test_a_long_text_is_no_tar_archive(tmp_path: Path) -> None:
    assert read(b"A text of many words. " * 100) == [("x", ("A text of many words. " * 100))]
