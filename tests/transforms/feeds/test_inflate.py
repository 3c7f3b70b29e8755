import bz2
import gzip
import zlib
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.inflate import DamagedDataError, Inflater, compression_of


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "bz2": bz2.compress,
    "zstd": zstandard.compress,
    "none": bytes,
}


def inflate(compression: str, packed: bytes, step: int, room: int = 10**9) -> tuple[bytes, bool]:
    inflater = Inflater(compression)
    pieces = [inflater.push(packed[start : start + step], room) for start in range(0, len(packed), step)]
    return b"".join(pieces), inflater.is_complete


@given(st.sampled_from(sorted(PACK)), st.binary(), st.integers(1, 50))
def test_any_data_comes_back_whatever_the_pieces(compression: str, data: bytes, step: int) -> None:
    assert inflate(compression, PACK[compression](data), step) == (data, True)


@given(st.sampled_from(["gzip", "bz2", "zstd"]), st.lists(st.binary(), min_size=1, max_size=4), st.integers(1, 50))
def test_members_that_follow_each_other_are_one_stream(compression: str, parts: list[bytes], step: int) -> None:
    packed = b"".join(map(PACK[compression], parts))
    assert inflate(compression, packed, step) == (b"".join(parts), True)
    assert inflate(compression, packed + b"\0" * 600, step) == (b"".join(parts), True)


def test_the_bare_form_of_deflate_is_read() -> None:
    assert inflate("deflate", raw_deflate(b"some text"), 1000) == (b"some text", True)


@pytest.mark.parametrize("compression", ["gzip", "deflate", "bz2", "zstd"])
def test_a_cut_stream_is_not_complete(compression: str) -> None:
    packed = PACK[compression](bytes(range(256)) * 50)
    assert not inflate(compression, packed[:-5], 100)[1]


@pytest.mark.parametrize("compression", ["gzip", "bz2", "zstd"])
def test_damage_is_told(compression: str) -> None:
    packed = bytearray(PACK[compression](bytes(range(256)) * 50))
    packed[3:30] = b"\xff" * 27
    with pytest.raises(DamagedDataError, match=compression):
        inflate(compression, bytes(packed), 10_000)


@pytest.mark.parametrize(("compression", "most"), [("gzip", 1001), ("deflate", 1001), ("bz2", 1001), ("zstd", 40_000_000)])
def test_a_bomb_gives_no_more_than_the_room(compression: str, most: int) -> None:
    bomb = PACK[compression](bytes(100_000_000))
    assert 1000 < len(Inflater(compression).push(bomb, 1000)) <= most


def test_the_first_bytes_tell_the_compression() -> None:
    assert {name: compression_of(pack(b"<rss>")) for name, pack in PACK.items() if name != "deflate"} == {
        name: name for name in PACK if name != "deflate"
    }
