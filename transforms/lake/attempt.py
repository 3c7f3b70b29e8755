"""An attempt: what a run decides at one entry of the log, and what other writers' entries say of it.

A run notes the head when it starts (``since``). It opens an attempt when it begins to decide, and looks at all
entries after ``since`` first: its own commit may stand there already, or an entry that sweeps its folder, or
its run key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from newslake.schemas.raw import RunFacts
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.log import LakeState, LogEntry, Operation
from newslake.transforms.storage.base import Storage

_CHANGES_NO_VERDICT = frozenset(
    (Operation.MERGE, Operation.SWEEP, Operation.VACUUM, Operation.COMPACT, Operation.UPGRADE)
)
_REMOVES_ROWS = frozenset((Operation.REVERT, Operation.FORGET, Operation.REPLAY))


class End(StrEnum):
    """How the log ends a run before it commits."""

    DONE = "done"
    SWEPT = "swept"
    KEY_TAKEN = "key_taken"


@dataclass(frozen=True, slots=True)
class Fate:
    """``end``, and the entry that says so."""

    end: End
    entry: LogEntry


@dataclass(frozen=True, slots=True)
class Attempt:
    """The lake at ``state``, where the attempt decides; ``fate`` where there is nothing to decide any more."""

    state: LakeState
    fate: Fate | None = None


def open_attempt(lake: Storage, run: RunFacts) -> Attempt:
    """Read the head, with all files of the lake in place, and look what the log says of the run by now."""
    state = recover.roll_forward(lake)
    return Attempt(state, fate_of(lake, run, state, log.entries_after(lake, run.since, state.number)))


def fate_of(lake: Storage, run: RunFacts, state: LakeState, entries: Iterable[LogEntry]) -> Fate | None:
    """Return what ends the run at ``state``: its own commit, the sweep of its folder, or its key in another entry.

    ``entries`` are those after ``since`` that were not looked at before.
    """
    for entry in entries:
        if entry.commit == run.commit:
            return Fate(End.DONE, entry)
        if run.staging in entry.swept:
            return Fate(End.SWEPT, entry)
    if run.run_key is not None and run.run_key in state.run_keys:
        taken = log.read_entry(lake, state.run_keys[run.run_key])
        if taken is not None:
            return Fate(End.KEY_TAKEN, taken)
    return None


def changes_no_verdict(entry: LogEntry) -> bool:
    """Whether an entry of another writer leaves every verdict as it was, whatever was decided before it."""
    return entry.operation in _CHANGES_NO_VERDICT and entry.format > 1


def changes_every_verdict(entry: LogEntry) -> bool:
    """Whether an entry takes rows away, or cannot be asked, so that all must be decided again after it."""
    return entry.operation in _REMOVES_ROWS or entry.format == 1
