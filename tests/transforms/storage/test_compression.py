"""All ways to decompress: their output and their errors for damage. Also the output of compress."""

import bz2
import gzip
import io
import pickle
import random
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.storage import compression as module
from newslake.transforms.storage.compression import (
    ENDINGS,
    CorruptDataError,
    DamagedDataError,
    Inflater,
    TrailingDataError,
    TruncatedDataError,
    compress,
    compression_of,
    compression_of_name,
    open_plain,
    read_blocks,
)


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "bz2": bz2.compress,
    "zstd": zstandard.compress,
    "": bytes,
}
ARCHIVES = ("gzip", "bz2", "zstd")


def damaged(packed: bytes, start: int = 3) -> bytes:
    return packed[:start] + b"\xff" * 27 + packed[start + 27 :]


def inflate(compression: str, packed: bytes, step: int, room: int = 10**9) -> tuple[bytes, bool]:
    inflater = Inflater(compression)
    pieces = [inflater.push(packed[start : start + step], room) for start in range(0, len(packed), step)]
    return b"".join(pieces), inflater.is_complete


def unpack(compression: str, packed: bytes) -> bytes:
    return b"".join(read_blocks(io.BytesIO(packed), compression, len(packed)))


def test_the_first_bytes_tell_the_compression() -> None:
    assert {name: compression_of(pack(b"<rss>")) for name, pack in PACK.items() if name != "deflate"} == {
        name: name for name in PACK if name != "deflate"
    }


def test_the_name_of_a_file_of_the_lake_tells_its_compression() -> None:
    assert {compression_of_name(f"articles/part-1-0.{ending}"): ending for ending in ENDINGS.values()} == ENDINGS
    assert compression_of_name("") == compression_of_name("a.jsonl") == ""


# Piece by piece.


@given(st.sampled_from(sorted(PACK)), st.binary(), st.integers(1, 50))
def test_any_data_comes_back_whatever_the_pieces(compression: str, data: bytes, step: int) -> None:
    assert inflate(compression, PACK[compression](data), step) == (data, True)


@given(st.sampled_from(ARCHIVES), st.lists(st.binary(), min_size=1, max_size=4), st.integers(1, 50))
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


@pytest.mark.parametrize("compression", ARCHIVES)
def test_damage_is_an_error_that_names_the_compression(compression: str) -> None:
    packed = damaged(PACK[compression](bytes(range(256)) * 50))
    with pytest.raises(DamagedDataError, match=compression):
        inflate(compression, packed, 10_000)


@pytest.mark.parametrize(
    ("compression", "most"), [("gzip", 1001), ("deflate", 1001), ("bz2", 1001), ("zstd", 40_000_000)]
)
def test_a_bomb_gives_no_more_than_the_room(compression: str, most: int) -> None:
    bomb = PACK[compression](bytes(100_000_000))
    assert 1000 < len(Inflater(compression).push(bomb, 1000)) <= most


# Block by block.


@given(
    st.sampled_from(ARCHIVES),
    st.lists(st.binary(), min_size=1, max_size=4),
    st.integers(1, 50),
    st.integers(0, 9),
)
def test_members_of_a_file_are_one_stream_whatever_the_blocks(
    compression: str, parts: list[bytes], size: int, zeros: int
) -> None:
    packed = b"".join(map(PACK[compression], parts)) + bytes(zeros)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK_BYTES", size)
        assert unpack(compression, packed) == b"".join(parts)


def test_a_file_without_compression_is_read_from_its_place_to_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 3)
    file = io.BytesIO(b"0123456789")
    file.seek(2)
    assert list(read_blocks(file, "", 9)) == [b"234", b"567", b"8"]
    assert list(read_blocks(file, "", 9)) == []
    assert list(read_blocks(file, "", 5)) == []


@pytest.mark.parametrize("compression", ARCHIVES)
def test_a_cut_file_gives_what_comes_before_and_then_an_error(compression: str) -> None:
    data = random.Random(1).randbytes(2_000_000)
    packed = PACK[compression](data)
    blocks: list[bytes] = []
    with pytest.raises(TruncatedDataError, match="the archive ends in the middle"):
        blocks.extend(read_blocks(io.BytesIO(packed), compression, len(packed) - 5))
    found = b"".join(blocks)
    assert len(found) > 1_000_000
    assert data.startswith(found)


@pytest.mark.parametrize("compression", ARCHIVES)
def test_a_damaged_file_is_corrupt(compression: str) -> None:
    with pytest.raises(CorruptDataError, match=f"the {compression} data is damaged: ") as caught:
        unpack(compression, damaged(PACK[compression](bytes(range(256)) * 50), 10))  # after gzip's header
    assert not isinstance(caught.value, TrailingDataError)


@pytest.mark.parametrize("compression", ARCHIVES)
@pytest.mark.parametrize("trailing", [b"!", b"garbage", b"\0\0\0\0\0\0garbage"])
def test_bytes_after_the_last_member_are_an_error_of_their_own(compression: str, trailing: bytes) -> None:
    packed = PACK[compression](b"some text") + trailing
    found = []
    with pytest.raises(TrailingDataError, match=f"follow the last {compression} member"):
        found.extend(read_blocks(io.BytesIO(packed), compression, len(packed)))
    assert found == [b"some text"]


def test_a_skippable_frame_between_frames_is_skipped() -> None:
    packed = zstandard.compress(b"some text")
    assert unpack("zstd", packed + b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc" + packed) == b"some text" * 2


@pytest.mark.parametrize("compression", ARCHIVES)
def test_a_bomb_in_a_file_costs_little_memory(compression: str) -> None:
    bomb = io.BytesIO(PACK[compression](bytes(200_000_000)))
    until = len(bomb.getbuffer())
    tracemalloc.start()
    total = sum(map(len, read_blocks(bomb, compression, until)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 200_000_000
    assert peak < 80_000_000


@pytest.mark.parametrize("kind", [TruncatedDataError, CorruptDataError, TrailingDataError])
def test_errors_survive_pickling(kind: type[DamagedDataError]) -> None:
    assert repr(pickle.loads(pickle.dumps(kind("why")))) == repr(kind("why"))


# The lake's files.


def packed(compression: str, *parts: bytes) -> bytes:
    return b"".join(compress(iter(parts), compression))


def read_plain(compression: str, data: bytes) -> bytes:
    return open_plain(io.BytesIO(data), compression).read()


def noisy_lines() -> Iterator[bytes]:
    noise = random.Random(1)
    return (noise.randbytes(100).hex().encode() + b"\n" for _ in range(5_000))


@given(st.sampled_from(sorted(ENDINGS)), st.lists(st.binary(), max_size=5))
def test_what_is_compressed_can_be_read(compression: str, parts: list[bytes]) -> None:
    data = packed(compression, *parts)
    assert compression_of(data) == compression
    assert read_plain(compression, data) == unpack(compression, data) == b"".join(parts)


@pytest.mark.parametrize("compression", ENDINGS)
def test_equal_input_gives_equal_bytes_at_any_time(compression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = packed(compression, *noisy_lines())
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert packed(compression, *noisy_lines()) == first


def test_a_gzip_file_has_no_timestamp() -> None:
    assert packed("gzip", b"some text")[4:8] == bytes(4)


@pytest.mark.parametrize("compression", ENDINGS)
def test_a_file_is_read_by_lines_and_stays_open(compression: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(packed(compression, *noisy_lines()))
    with path.open("rb") as file:
        with open_plain(file, compression) as plain:
            assert list(plain) == list(noisy_lines())
        assert not file.closed
        file.seek(0)
        with io.TextIOWrapper(open_plain(file, compression), encoding="utf-8") as text:
            assert next(text) == next(noisy_lines()).decode()


@pytest.mark.parametrize("compression", ENDINGS)
def test_a_flipped_file_is_corrupt(compression: str) -> None:
    data = packed(compression, *noisy_lines())
    middle = len(data) // 2
    flipped = data[:middle] + bytes(64) + data[middle + 64 :]
    if compression == "zstd":  # literals have no checksum, so only damage to the structure shows
        flipped = data[:5] + b"\xff" * 64 + data[69:]
    with pytest.raises(CorruptDataError):
        read_plain(compression, flipped)


@pytest.mark.parametrize("compression", ENDINGS)
def test_a_file_of_another_kind_is_corrupt(compression: str) -> None:
    with pytest.raises(CorruptDataError):
        read_plain(compression, b"no archive at all")


def test_a_cut_gzip_file_is_truncated() -> None:
    data = packed("gzip", *noisy_lines())
    with pytest.raises(TruncatedDataError, match="end-of-stream marker"):
        read_plain("gzip", data[: len(data) // 2])


def test_a_cut_zstd_file_gives_what_comes_before() -> None:
    data = packed("zstd", *noisy_lines())
    found = read_plain("zstd", data[: len(data) // 2])
    assert 0 < len(found) < 1_005_000
    assert b"".join(noisy_lines()).startswith(found)


@pytest.mark.parametrize("compression", ENDINGS)
def test_an_empty_file_gives_no_bytes(compression: str) -> None:
    assert read_plain(compression, b"") == b""


@pytest.mark.parametrize("compression", ENDINGS)
def test_a_fault_of_the_disk_is_not_reported_as_damage(compression: str) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

        def readinto(self, buffer: object) -> int:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        open_plain(Broken(), compression).read()
