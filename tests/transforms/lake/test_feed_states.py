"""The states of feeds in the lake."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas import codec
from newslake.schemas.feed_state import FeedOutcome, FeedState
from newslake.schemas.tables import FEEDS
from newslake.transforms.lake.feed_states import encode_state, read_states, state_of
from newslake.transforms.lake.log import FileGoneError, LakeState, LiveFile
from newslake.transforms.lake.state_files import StateDamagedError
from newslake.transforms.storage.compression import ENDINGS, compress
from newslake.transforms.storage.local import LocalStorage

STATE = FeedState("https://example.org/rss", "2026-01-02T03:04:05Z", "2026-01-02T03:34:05Z")
_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture
def lake(tmp_path: Path) -> LocalStorage:
    return LocalStorage(str(tmp_path / "lake"))


def write(lake: LocalStorage, entry: int, lines: Iterable[bytes], compression: str = "gzip") -> LiveFile:
    """Write a file of state rows as entry ``entry`` of a log names it."""
    path = f"{FEEDS}/part-{entry}-0.{ENDINGS[compression]}"
    data = b"".join(compress([b"".join(line + b"\n" for line in lines)], compression))
    lake.create(path, data)
    return LiveFile("feeds", path, 1, len(data), hashlib.sha256(data).hexdigest(), entry=entry)


@given(
    st.builds(
        FeedState,
        feed=_TEXT,
        etag=st.none() | _TEXT,
        entries=st.lists(_TEXT).map(tuple),
        failures=st.integers(0, 2**40),
        lag_seconds=st.none() | st.integers(-(2**40), 2**40),
        may_have_missed=st.booleans(),
    )
)
def test_a_state_comes_back_as_it_was(state: FeedState) -> None:
    line = encode_state(state)
    assert b"\n" not in line
    assert state_of(codec.decode(line)) == state


def test_every_field_is_in_the_row() -> None:
    assert list(codec.decode(encode_state(STATE))) == [*FeedState.__dataclass_fields__]


def test_an_outcome_comes_back_as_its_word() -> None:
    assert state_of(codec.decode(encode_state(replace(STATE, outcome=FeedOutcome.GONE)))).outcome == FeedOutcome.GONE


def test_keys_of_a_later_version_are_left_out_and_missing_ones_have_their_default() -> None:
    line = b'{"feed":"f","checked_at":"2026-01-01T00:00:00Z","next_check":"","colour":"red","failures":3}'
    assert state_of(codec.decode(line)) == FeedState("f", "2026-01-01T00:00:00Z", "", failures=3)


def test_a_row_without_the_instants_of_a_feed_is_refused() -> None:
    with pytest.raises(ValueError, match="has no checked_at"):
        state_of({"feed": "f"})


@pytest.mark.parametrize("compression", list(ENDINGS))
def test_the_latest_row_of_a_feed_is_its_state(lake: LocalStorage, compression: str) -> None:
    other = replace(STATE, feed="https://example.com/atom")
    first = write(lake, 1, [encode_state(replace(STATE, checks=1)), encode_state(other)], compression)
    second = write(lake, 2, [encode_state(replace(STATE, checks=2)), encode_state(replace(STATE, checks=3))])
    elsewhere = LiveFile("inputs", "_newslake/inputs/part-3-0.jsonl.gz", 1, 1, "", entry=3)
    expected = {STATE.feed: replace(STATE, checks=3), other.feed: other}
    for files in ((first, second, elsewhere), (elsewhere, second, first)):
        assert read_states(lake, LakeState(3, state=files)) == expected


def test_a_lake_without_states_knows_no_feed(lake: LocalStorage) -> None:
    assert read_states(lake, LakeState()) == {}


def test_a_missing_file_is_named_with_its_entry(lake: LocalStorage) -> None:
    file = write(lake, 7, [encode_state(STATE)])
    lake.delete(file.path)
    with pytest.raises(FileGoneError, match=r"part-7-0\.jsonl\.gz is gone, though entry 7"):
        read_states(lake, LakeState(7, state=(file,)))


def test_changed_bytes_are_noticed(lake: LocalStorage) -> None:
    file = replace(write(lake, 1, [encode_state(STATE)]), sha256="0" * 64)
    with pytest.raises(StateDamagedError, match=r"part-1-0\.jsonl\.gz is damaged: its bytes are not those"):
        read_states(lake, LakeState(1, state=(file,)))


@pytest.mark.parametrize("line", [b"[]", b"{", b'{"feed":"f"}'])
def test_a_committed_row_that_is_no_state_is_damage(lake: LocalStorage, line: bytes) -> None:
    file = write(lake, 1, [line])
    with pytest.raises(StateDamagedError, match="restore it from a backup"):
        read_states(lake, LakeState(1, state=(file,)))


def test_a_file_that_is_not_compressed_as_its_name_says_is_damage(lake: LocalStorage) -> None:
    path = f"{FEEDS}/part-1-0.jsonl.gz"
    lake.create(path, b"plain")
    file = LiveFile("feeds", path, 1, 5, hashlib.sha256(b"plain").hexdigest(), entry=1)
    with pytest.raises(StateDamagedError, match="is damaged"):
        read_states(lake, LakeState(1, state=(file,)))
