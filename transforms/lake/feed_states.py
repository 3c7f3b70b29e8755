"""The states of feeds, as rows of the lake."""

from dataclasses import MISSING, fields
from typing import Any

from newslake.schemas import codec
from newslake.schemas.feed_state import FeedState
from newslake.schemas.tables import FEEDS
from newslake.transforms.lake.log import LakeState
from newslake.transforms.lake.state_files import Row, StateDamagedError, read_newest
from newslake.transforms.storage.base import Storage

_NAMES = tuple(field.name for field in fields(FeedState))
_REQUIRED = frozenset(field.name for field in fields(FeedState) if field.default is MISSING)


def encode_state(state: FeedState) -> bytes:
    """Return a state as one line of JSON without the newline: an object with all its fields."""
    return codec.encode({name: getattr(state, name) for name in _NAMES})


def state_of(row: Row) -> FeedState:
    """Return the state that a row holds.

    A later version may add fields: unknown keys are left out. An earlier version lacks fields: a
    missing key gets its default. Raises ValueError if a field without a default is missing.
    """
    if missing := _REQUIRED - row.keys():
        raise ValueError(f"the row has no {min(missing)}")
    known: dict[str, Any] = {name: row[name] for name in _NAMES if name in row}
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return FeedState(**{**known, **lists})


def read_states(lake: Storage, state: LakeState) -> dict[str, FeedState]:
    """Return the state of each feed by its name, as the lake knows it at ``state``.

    Raises FileGoneError if a file is missing, and StateDamagedError if it is not as committed.
    """
    try:
        return {feed: state_of(row) for feed, row in read_newest(lake, state, FEEDS).items()}
    except (TypeError, ValueError) as error:
        raise StateDamagedError(
            f"{lake.root}/{FEEDS} is damaged: {error}; restore it from a backup of the lake"
        ) from error
