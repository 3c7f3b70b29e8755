"""The states of feeds in the lake: rows of JSON lines in files that the log names.

Each commit that checked feeds adds one file to the table ``feeds`` of ``LakeState.state``. The file
holds one row for each feed that was checked. The latest row of a feed is its state. A feed stays
known as long as a file with its row is live.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import MISSING, fields

from newslake.schemas import codec
from newslake.schemas.feed_state import FeedState
from newslake.schemas.tables import META
from newslake.transforms.lake.log import FileGoneError, LakeState, LiveFile
from newslake.transforms.storage.base import LakeError, Storage
from newslake.transforms.storage.compression import DamagedDataError, compression_of_name, open_plain

FEED_STATES = "feeds"
"""The table of the state files that hold states of feeds."""
FEED_STATES_FOLDER = f"{META}/{FEED_STATES}"

_NAMES = tuple(field.name for field in fields(FeedState))
_REQUIRED = frozenset(field.name for field in fields(FeedState) if field.default is MISSING)


class FeedStateDamagedError(LakeError):
    """A file with the states of feeds is not as it was committed."""


def encode_state(state: FeedState) -> bytes:
    """Return a state as one line of JSON without the newline: an object with all its fields."""
    return codec.encode({name: getattr(state, name) for name in _NAMES})


def decode_state(line: bytes) -> FeedState:
    """Return the state that ``encode_state`` made the line of.

    A later version may add fields: unknown keys are left out. An earlier version lacks fields: a
    missing key gets its default. Raises ValueError if the line is no object, or lacks a field that
    has no default.
    """
    row = codec.decode(line)
    if not isinstance(row, dict):
        raise ValueError("the row is not an object")
    if missing := _REQUIRED - row.keys():
        raise ValueError(f"the row has no {min(missing)}")
    known = {name: row[name] for name in _NAMES if name in row}
    return FeedState(**{**known, "entries": tuple(known.get("entries", ()))})


def read_states(lake: Storage, state: LakeState) -> dict[str, FeedState]:
    """Return the state of each feed by its name, as the lake knows it at ``state``.

    Later entries of the log win over earlier ones, and later rows of a file over earlier ones.
    Raises FileGoneError if a file is missing, and FeedStateDamagedError if it is not as it was
    committed.
    """
    files = [file for file in state.state if file.table == FEED_STATES]
    states = (one for file in sorted(files, key=lambda file: file.entry) for one in _states_of(lake, file))
    return {one.feed: one for one in states}


def _states_of(lake: Storage, file: LiveFile) -> Iterator[FeedState]:
    try:
        data = lake.read(file.path)
    except FileNotFoundError:
        raise FileGoneError(f"{lake.root}/{file.path}", file.entry) from None
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise _damaged(lake, file, "its bytes are not those that were committed")
    try:
        yield from map(decode_state, open_plain(io.BytesIO(data), compression_of_name(file.path)))
    except (DamagedDataError, ValueError) as error:
        raise _damaged(lake, file, str(error)) from error


def _damaged(lake: Storage, file: LiveFile, why: str) -> FeedStateDamagedError:
    return FeedStateDamagedError(f"{lake.root}/{file.path} is damaged: {why}; restore it from a backup of the lake")
