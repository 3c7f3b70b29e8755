"""What a writer does before and after its own work: finish what was committed, and clear away what never will be.

One rule holds on every store: a staging folder is deleted only when an entry of the log sweeps it, or when
all files of its entry are in place. A lock proves nothing, because a launcher can die while a worker of its
job lives: it only says which folder is worth sweeping.
"""

import datetime as dt
import errno
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from newslake.schemas import codec
from newslake.schemas.raw import RunFacts
from newslake.schemas.tables import CHECKPOINTS, LINKED, LOG, META, STAGING
from newslake.transforms.lake import log
from newslake.transforms.lake.log import FileGoneError, LakeState, LogEntry, Operation
from newslake.transforms.storage.base import OWNER, LakeError, Lock, Storage

_TRIED = "tried"


def clock() -> str:
    """Return the present instant, to the second."""
    return codec.timestamp(dt.datetime.now(dt.UTC).replace(microsecond=0))


def prepare(lake: Storage) -> LakeState:
    """Make the lake ready for a writer, and return it at its head.

    A lake of format 1 gets its ``upgrade`` entry, commits that were not linked are, and what runs left that
    died is swept.
    """
    state = roll_forward(lake)
    while state.is_of_format_1:
        log.append(
            lake, state, LogEntry(0, Operation.UPGRADE, secrets.token_hex(8), since=state.number, committed_at=clock())
        )
        state = roll_forward(lake, state)
        _sweep_drafts_of_format_1(lake)
    return sweep(lake, state)


def roll_forward(lake: Storage, known: LakeState | None = None) -> LakeState:
    """Link the files of every commit, and return the lake at its head. ``known`` is a state that was read before.

    A hint says up to which entry all is in place. It may lag; where it leads, the log was set back to an
    older state, and it says nothing.
    """
    state = log.current_state(lake, known)
    linked = _linked(lake)
    done = linked if linked <= state.number else 0
    for entry in log.entries_after(lake, done, state.number):
        link_files(lake, entry, state)
        if entry.staging:
            clear_staging(lake, entry.staging)
    if state.number != linked:
        if state.number // log.CHECKPOINT_EVERY > done // log.CHECKPOINT_EVERY:
            log.write_checkpoint(lake, state)
        lake.replace(LINKED, str(state.number).encode())
    return state


def state_in_place(lake: Storage) -> LakeState:
    """Return the newest state whose files are all in place, for a reader.

    What is not in place yet is linked. A reader that may not write gets the newest state that is complete
    without its help. What is returned stays readable until its files are vacuumed.
    """
    state = log.current_state(lake)
    linked = _linked(lake)
    done = linked if linked <= state.number else 0
    try:
        for entry in log.entries_after(lake, done, state.number):
            link_files(lake, entry, state)
    except OSError:
        while not all(lake.stat(file.path) for file in state.live if file.entry > done):
            state = log.state_at(lake, state.number - 1)
    return state


def link_files(lake: Storage, entry: LogEntry, state: LakeState) -> None:
    """Link those files of a committed entry into place that are live at ``state``, durably.

    Any number of processes may do this at once, and again. Raises LakeError where a file is gone.
    """
    live = {file.path for file in state.live if file.entry == entry.number}
    folders = set()
    for file in entry.added:
        if file.path in live and file.staged:
            try:
                lake.link(file.staged, file.path)
            except FileNotFoundError:
                raise FileGoneError(f"{lake.root}/{file.path}", entry.number) from None
            folders.add(file.path.rpartition("/")[0])
    for folder in sorted(folders):
        lake.settle(folder)


def clear_staging(lake: Storage, folder: str) -> None:
    """Delete a staging folder that is no longer needed, unless its owner lives and reads there what became of its run."""
    if not lake.has_locks:
        lake.delete_folder(folder)
        return
    lock = lake.lock(f"{folder}/{OWNER}", make_folder=False)
    if lock is not None:
        with lock:
            lake.delete_folder(folder)


@contextmanager
def owned_staging(lake: Storage, since: int) -> Iterator[str]:
    """Make a staging folder and hold its lock for as long as the context is open; the folder's name.

    The name begins with ``since``, the head at which the work starts: no earlier entry names the folder.
    """
    while True:
        folder = f"{STAGING}/{since}-{secrets.token_hex(8)}"
        if not lake.has_locks:
            yield folder
            return
        lock = lake.lock(f"{folder}/{OWNER}")
        if lock is not None:  # else a sweeper had it first, and takes the folder away
            with lock:
                yield folder
            return


def note_try(lake: Storage, folder: str) -> None:
    """Note in the staging folder that its run tries to append: until a reply comes, only the log says what became of it."""
    with suppress(FileExistsError):
        lake.write(f"{folder}/{_TRIED}", [b""], durable=False)


def note_loss(lake: Storage, folder: str) -> None:
    """Note that the reply came: another writer has the number."""
    lake.delete(f"{folder}/{_TRIED}")


def end_without_commit(
    lake: Storage, run: RunFacts, known: LakeState | None = None, *, has_workers: bool
) -> LogEntry | None:
    """Clear away what a run has staged, unless the log has its entry, which is then returned.

    ``has_workers`` says that a worker of the run may still live. Where it may, and where the reply to an
    append is missing, a fence stands before the deletion.
    """
    if has_workers or lake.stat(f"{run.staging}/{_TRIED}") is not None:
        entry, state = fence(lake, run, known)
    else:
        state = log.current_state(lake, known)
        entry = own_entry(lake, run, state)
    if entry is not None:
        roll_forward(lake, state)
        return entry
    lake.delete_folder(run.staging)
    return None


def fence(lake: Storage, run: RunFacts, known: LakeState | None = None) -> tuple[LogEntry | None, LakeState]:
    """Make sure that the run commits no more: append an entry that sweeps its folder, unless its own stands already.

    Returns the run's own entry if it stands, and the state that was read last.
    """
    state = known
    while True:
        state = log.current_state(lake, state)
        entries = list(log.entries_after(lake, run.since, state.number))
        own = next((entry for entry in entries if entry.commit == run.commit), None)
        is_swept = any(run.staging in entry.swept for entry in entries)
        if own is not None or is_swept or log.append(lake, state, _sweep_entry(state, (run.staging,))):
            return own, state


def own_entry(lake: Storage, run: RunFacts, state: LakeState) -> LogEntry | None:
    """Return the entry of a run, as far as the log goes at ``state``."""
    return next(
        (entry for entry in log.entries_after(lake, run.since, state.number) if entry.commit == run.commit), None
    )


def sweep(lake: Storage, known: LakeState | None = None) -> LakeState:
    """Delete the staging of runs that died, once an entry of the log says so; the lake at its head.

    A store without locks is not swept yet.
    """
    lake.sweep_drafts()
    state = roll_forward(lake, known)
    while lake.has_locks:
        with find_abandoned(lake) as folders:
            named = _named(lake, folders, state)
            delete_swept(lake, sorted(named))  # the files of their entries are all in place
            swept = tuple(folder for folder in folders if folder not in named)
            if not swept:
                return state
            try:
                is_appended = log.append(lake, state, _sweep_entry(state, swept))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                told = " ".join(f"{lake.root}/{folder}" for folder in swept)
                raise LakeError(
                    f"the disk is full; free some space, or delete what runs that died have left: rm -r {told}"
                ) from error
            if is_appended:
                delete_swept(lake, swept)
        state = roll_forward(lake, state)
    return state


def delete_swept(lake: Storage, folders: Iterable[str]) -> None:
    """Delete staging folders that the log lets go of."""
    for folder in folders:
        lake.delete_folder(folder)


@contextmanager
def find_abandoned(lake: Storage) -> Iterator[list[str]]:
    """Hold the locks of those staging folders that nobody else holds, so that no owner takes one meanwhile; their names."""
    with ExitStack() as held:
        folders = []
        for name in lake.list(STAGING):
            folder = f"{STAGING}/{name}"
            lock: Lock | None = lake.lock(f"{folder}/{OWNER}", make_folder=False)
            if lock is not None:
                held.enter_context(lock)
                folders.append(folder)
        yield folders


def _named(lake: Storage, folders: list[str], state: LakeState) -> set[str]:
    """Return those folders that an entry names as its own. Entries before a folder was made cannot."""
    if not folders:
        return set()
    since = min(_since(folder) for folder in folders)
    return {entry.staging for entry in log.entries_after(lake, since, state.number)} & set(folders)


def _since(folder: str) -> int:
    """Return the head at which the owner of a staging folder began; 0 for a folder of format 1."""
    number, mark, _ = folder.rpartition("/")[2].partition("-")
    return int(number) if mark and number.isdecimal() else 0


def _sweep_drafts_of_format_1(lake: Storage) -> None:
    """Delete drafts that dead writers of format 1 left beside what they wrote: ``.name.nonce``."""
    for folder in (META, LOG, CHECKPOINTS):
        for name in lake.list(folder):
            if name.startswith("."):
                lake.delete(f"{folder}/{name}")


def _sweep_entry(state: LakeState, folders: tuple[str, ...]) -> LogEntry:
    return LogEntry(
        0, Operation.SWEEP, f"sweep-{secrets.token_hex(8)}", since=state.number, committed_at=clock(), swept=folders
    )


def _linked(lake: Storage) -> int:
    try:
        return int(lake.read(LINKED))
    except (FileNotFoundError, ValueError):
        return 0
