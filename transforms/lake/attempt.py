"""An attempt: the entry of the log at which a run decides, and the effect of other entries on it.

A run notes the head when it starts (``since``), and opens an attempt when it begins to decide.
First it reads all entries after ``since``. They may hold its own commit, a sweep of its folder, or
its run key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from newslake.schemas.raw import RunFacts
from newslake.schemas.tables import STAGING
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.log import LakeState, LogEntry, Operation
from newslake.transforms.storage.base import OWNER, LakeError, Storage

_CHANGES_NO_VERDICT = frozenset(
    (Operation.MERGE, Operation.SWEEP, Operation.VACUUM, Operation.COMPACT, Operation.UPGRADE)
)
_CHANGES_EVERY_VERDICT = frozenset((Operation.REVERT, Operation.FORGET, Operation.REPLAY, Operation.REINDEX))


class End(StrEnum):
    """Why a run ends without a commit by this try.

    DONE: its commit is already in the log. SWEPT: an entry swept its staging. KEY_TAKEN: another
    run committed its run key.
    """

    DONE = "done"
    SWEPT = "swept"
    KEY_TAKEN = "key_taken"


@dataclass(frozen=True, slots=True)
class Fate:
    """The end of a run, and the log entry that causes it."""

    end: End
    entry: LogEntry


@dataclass(frozen=True, slots=True)
class Attempt:
    """The ``state`` of the lake at which a run decides.

    ``fate`` is None, or says why the run has nothing to decide any more.
    """

    state: LakeState
    fate: Fate | None = None


def open_attempt(lake: Storage, run: RunFacts) -> Attempt:
    """Return an attempt at the head of the log, after all committed files are linked into place."""
    state = recover.roll_forward(lake)
    return Attempt(state, fate_of(lake, run, state, log.entries_after(lake, run.since, state.number)))


def check_staging(store: Storage, run: RunFacts) -> None:
    """Raise LakeError if this worker does not see the staging folder that the command made.

    A worker on another machine may find another folder at the path of the lake. It would write a
    second lake there. A run that has ended already needs no folder.
    """
    is_owned = store.has_locks and run.staging.startswith(f"{STAGING}/")
    if is_owned and store.stat(f"{run.staging}/{OWNER}") is None and open_attempt(store, run).fate is None:
        raise LakeError(
            f"{store.root}: this worker does not find {run.staging}; all machines must have the lake at this path"
        )


def fate_of(lake: Storage, run: RunFacts, state: LakeState, entries: Iterable[LogEntry]) -> Fate | None:
    """Return what ends the run at ``state``, or None if nothing does.

    A run ends by its own commit, by a sweep of its folder, or by its run key in another entry.
    ``entries`` are the entries after ``run.since`` that the run has not checked yet.
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
    """Tell whether an entry of another writer leaves every verdict of this run valid."""
    return entry.operation in _CHANGES_NO_VERDICT and entry.format > 1


def changes_every_verdict(entry: LogEntry) -> bool:
    """Tell whether a run must decide all its rows again after this entry.

    True if the entry removes rows, builds the index by other rules, or has format 1, so that its
    rows cannot be compared.
    """
    return entry.operation in _CHANGES_EVERY_VERDICT or entry.format == 1
