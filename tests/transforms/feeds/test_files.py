import bz2
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest
import zstandard

from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason, Reject
from newslake.transforms.feeds.document import FeedDocument, FeedRequest
from newslake.transforms.feeds.files import read_feed_file

FEED = b"<rss><channel><title>Paper</title></channel></rss>" * 100


def open_bytes(path: str) -> BinaryIO:
    return Path(path).open("rb")


def read(
    path: Path, content: bytes, max_body_bytes: int = 1_000_000, compression: str | None = None
) -> FeedDocument | Reject:
    path.write_bytes(content)
    return read_feed_file(
        FeedRequest(str(path), SourceSettings(publisher="P"), compression), open_bytes, max_body_bytes
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, zstandard.compress])
def test_a_saved_feed_is_read_whatever_it_is_packed_in(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    assert read(path, pack(FEED)) == FeedDocument(str(path), None, FEED, None, SourceSettings(publisher="P"))


def test_a_feed_that_was_compressed_twice_is_read(tmp_path: Path) -> None:
    document = read(tmp_path / "feed.xml.gz", gzip.compress(bz2.compress(FEED)))
    assert isinstance(document, FeedDocument)
    assert (document.body, document.cut) == (FEED, "")
    bomb = read(tmp_path / "bomb", gzip.compress(gzip.compress(bytes(5_000_000))), max_body_bytes=1_000_000)
    assert isinstance(bomb, Reject)
    assert bomb.reason is Reason.TOO_LARGE


def test_a_named_compression_is_not_guessed(tmp_path: Path) -> None:
    packed = gzip.compress(FEED)
    document = read(tmp_path / "feed.xml", packed, compression="")
    assert isinstance(document, FeedDocument)
    assert document.body == packed


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, zstandard.compress])
def test_a_cut_archive_gives_what_came_before_and_says_so(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    noise = b"".join(n.to_bytes(4, "big") * 3 for n in range(300_000))
    document = read(tmp_path / "feed.xml", pack(noise)[:-100], max_body_bytes=10_000_000)
    assert isinstance(document, FeedDocument)
    assert noise.startswith(document.body)
    assert document.cut == "the archive ends in the middle"


def test_an_archive_of_nothing_but_damage_is_corrupt(tmp_path: Path) -> None:
    reject = read(tmp_path / "feed.xml", b"\x1f\x8b" + b"\xff" * 100)
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.whole_source) == (Reason.CORRUPT, True)


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0)])
def test_a_file_that_holds_nothing_is_empty(content: bytes, tmp_path: Path) -> None:
    reject = read(tmp_path / "feed.xml", content)
    assert isinstance(reject, Reject)
    assert reject.reason is Reason.EMPTY


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, zstandard.compress])
def test_a_file_over_the_limit_is_too_large(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    reject = read(tmp_path / "feed.xml", pack(bytes(2_000_000)))
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.payload) == (Reason.TOO_LARGE, bytes(64_000))


def test_a_file_of_just_the_limit_is_read(tmp_path: Path) -> None:
    assert isinstance(read(tmp_path / "feed.xml", b"x" * 1000, max_body_bytes=1000), FeedDocument)
    assert isinstance(read(tmp_path / "feed.xml", b"x" * 1001, max_body_bytes=1000), Reject)


def refuse(path: str) -> BinaryIO:
    raise PermissionError(13, "Permission denied")


def test_a_path_that_cannot_be_opened_is_rejected_with_its_kind(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    kinds = {
        Reason.MISSING: (tmp_path / "nowhere", open_bytes),
        Reason.IS_DIRECTORY: (tmp_path, open_bytes),
        Reason.UNREADABLE: (tmp_path / "file", refuse),
    }
    for reason, (path, opener) in kinds.items():
        reject = read_feed_file(FeedRequest(str(path), SourceSettings()), opener)
        assert isinstance(reject, Reject)
        assert (reject.reason, reject.whole_source, reject.source_uri) == (reason, True, str(path))


@pytest.mark.parametrize("address", ["ftp://example.org/feed", "FTPS://example.org/feed", "sftp://example.org/feed"])
def test_an_address_of_ftp_says_what_to_do(address: str) -> None:
    answer = read_feed_file(FeedRequest(address, SourceSettings()), open_bytes)
    assert isinstance(answer, Reject)
    assert (answer.reason, answer.whole_source) == (Reason.UNREADABLE, True)
    assert "not ftp; download it" in answer.detail
