"""The steps of every operation that replaces live files: read the head, build, append, link.

An entry may remove only files that are live just before it. If another writer takes the entry's
number, the files are checked again at the new head. If one of them is no longer live, the operation
ends without an entry.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from newslake.schemas.staging import StagedFile
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.log import LakeState, LogEntry, Operation
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.base import Storage


@dataclass(frozen=True, slots=True)
class Change:
    """Files that an operation has built, and the paths of those that they replace.

    ``index`` are files of the index, ``state`` those in which the lake remembers its sources.
    """

    index_added: tuple[StagedFile, ...] = ()
    index_removed: tuple[str, ...] = ()
    state_added: tuple[StagedFile, ...] = ()
    state_removed: tuple[str, ...] = ()


Plan = Callable[[LakeState, Staging], Change]
"""A function that builds a change in staging at a state of the lake."""


def apply_change(lake: Storage, state: LakeState, operation: Operation, plan: Plan) -> LogEntry | None:
    """Commit the change that ``plan`` builds at ``state``, and return its entry.

    Return None, without a commit, if another writer replaced some of the files or swept the staging
    folder.
    """
    with recover.owned_staging(lake, state.number) as folder:
        entry: LogEntry | None = _build(lake, operation, plan, state, folder)
        while entry is not None and not log.append(lake, state, entry):
            state = recover.roll_forward(lake, state)
            others = list(log.entries_after(lake, entry.since, state.number))
            if any(other.commit == entry.commit for other in others):
                break  # the reply was lost
            if any(folder in other.swept for other in others):
                return None
            if set(entry.removed) - {file.path for file in state.live}:
                entry = None  # another writer replaced some of them
        if entry is None:
            lake.delete_folder(folder)
            return None
        recover.roll_forward(lake, state)
    recover.clear_staging(lake, folder)
    return entry


def _build(lake: Storage, operation: Operation, plan: Plan, state: LakeState, folder: str) -> LogEntry:
    change = plan(state, Staging(lake, folder))
    lake.settle(folder)
    return LogEntry(
        number=0,
        operation=operation,
        commit=secrets.token_hex(8),
        staging=folder,
        since=state.number,
        committed_at=recover.clock(),
        index_added=log.live_files(change.index_added),
        index_removed=change.index_removed,
        state_added=log.live_files(change.state_added),
        state_removed=change.state_removed,
    )
