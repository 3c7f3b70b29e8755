"""Recovery: link the files of committed runs into place, and delete the staging of dead runs.

One rule holds on every store. A writer deletes the staging folder of another run only after an
entry of the log sweeps it, or after all files of its entry are in place. A free lock does not prove
that a run is dead, because a launcher can die while a worker of its job lives. It only shows which
folders to sweep. A run without living workers that never tried to append deletes its own folder.
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
    """Return the present instant in UTC as ``YYYY-MM-DDTHH:MM:SSZ``."""
    return codec.timestamp(dt.datetime.now(dt.UTC).replace(microsecond=0))


def prepare(lake: Storage) -> LakeState:
    """Make the lake ready for a writer, and return its state at the head.

    Link the files of all commits, append the ``upgrade`` entry to a lake of format 1, and sweep the
    staging of dead runs.
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
    """Link the files of every commit into place, and return the state at the head.

    ``known`` is a state that was read before. A hint file says up to which entry all files are in
    place. The hint may be too low. If it is higher than the head, the lake was restored to an older
    state, and the hint is ignored.
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

    Files that are not in place yet are linked. A reader that may not write gets the newest state
    that is complete without new links. The state stays readable until its files are vacuumed.
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
    """Link the files of a committed entry that are live at ``state`` into place, durably.

    Several processes may do this at once, and repeat it. Raises FileGoneError if a file is gone.
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
    """Delete a staging folder that nobody needs any more, unless its owner lives.

    A living owner still reads the outcome of its run there. On a store without locks, the folder is
    always deleted.
    """
    if not lake.has_locks:
        lake.delete_folder(folder)
        return
    lock = lake.lock(f"{folder}/{OWNER}", make_folder=False)
    if lock is not None:
        with lock:
            lake.delete_folder(folder)


@contextmanager
def owned_staging(lake: Storage, since: int) -> Iterator[str]:
    """Make a staging folder, yield its name, and hold its lock until the context closes.

    The name begins with ``since``, the head at which the work starts. So no entry up to that head
    names the folder. A store without locks gives the name only.
    """
    while True:
        folder = f"{STAGING}/{since}-{secrets.token_hex(8)}"
        if not lake.has_locks:
            yield folder
            return
        lock = lake.lock(f"{folder}/{OWNER}")
        if lock is not None:  # otherwise a sweeper locked the folder first, and deletes it
            with lock:
                yield folder
            return


def note_try(lake: Storage, folder: str) -> None:
    """Note in the staging folder that its run is about to append its entry to the log.

    If the store's reply is lost, only the log says whether the append worked; the note tells the
    run to look there before it deletes the folder. ``note_loss`` deletes the note.
    """
    with suppress(FileExistsError):
        lake.write(f"{folder}/{_TRIED}", [b""], durable=False)


def note_loss(lake: Storage, folder: str) -> None:
    """Delete the note of note_try, because another writer has the number."""
    lake.delete(f"{folder}/{_TRIED}")


def end_without_commit(
    lake: Storage, run: RunFacts, known: LakeState | None = None, *, has_workers: bool
) -> LogEntry | None:
    """Delete what a run has staged, and return None; or return its entry if it was committed.

    ``has_workers`` says that a worker of the run may still live. In that case, and if the reply to
    an append is missing, the function appends a fence before it deletes.
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
    """Make sure that the run can no longer commit, by an entry that sweeps its folder.

    Return the run's own entry and the state that was read last. If the run was committed already,
    no entry is appended; otherwise the first value is None.
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
    """Return the entry of a run, or None if the log up to ``state`` does not hold it."""
    return next(
        (entry for entry in log.entries_after(lake, run.since, state.number) if entry.commit == run.commit), None
    )


def sweep(lake: Storage, known: LakeState | None = None) -> LakeState:
    """Delete the staging of dead runs, after an entry that sweeps it; return the head's state.

    A store without locks is not swept. Raises LakeError if the disk is too full for the entry.
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
                    f"the disk is full; free some space, or delete the staging of dead runs: rm -r {told}"
                ) from error
            if is_appended:
                delete_swept(lake, swept)
        state = roll_forward(lake, state)
    return state


def delete_swept(lake: Storage, folders: Iterable[str]) -> None:
    """Delete staging folders that an entry sweeps, or whose files are all in place."""
    for folder in folders:
        lake.delete_folder(folder)


@contextmanager
def find_abandoned(lake: Storage) -> Iterator[list[str]]:
    """Yield the names of the staging folders whose locks are free, and hold these locks.

    No owner can take such a folder while the context is open.
    """
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
    """Return the folders that an entry names as its own staging folder.

    Only entries made after the oldest of the folders are read, because earlier entries cannot name
    it.
    """
    if not folders:
        return set()
    since = min(_since(folder) for folder in folders)
    return {entry.staging for entry in log.entries_after(lake, since, state.number)} & set(folders)


def _since(folder: str) -> int:
    """Return the head at which the owner of a staging folder began, or 0 for one of format 1."""
    number, mark, _ = folder.rpartition("/")[2].partition("-")
    return int(number) if mark and number.isdecimal() else 0


def _sweep_drafts_of_format_1(lake: Storage) -> None:
    """Delete the drafts of dead writers of format 1: files named ``.name.nonce``."""
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
