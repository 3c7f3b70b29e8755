"""What every run does first: finish what was committed, and clear away what never will be."""

import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.lake import PUBLISHED, STAGING
from transforms.lake import log, publish, storage
from transforms.lake.log import LakeState, LogEntry
from transforms.lake.storage import LakeError

ABANDONED_AFTER_SECONDS = 24 * 3600
_OWNER = "owner"


def roll_forward(root: str) -> LakeState:
    """Finish the publication of every commit; the state at the head of the log.

    ``_newslake/published`` says up to which entry all is in place. It may lag; where it leads, the log was set back to an older state,
    and it says nothing.
    """
    state = log.current_state(root)
    done = _published(root)
    if done > state.number:
        done = 0
    live = {file.path for file in (*state.files, *state.index)}
    for number in range(done + 1, state.number + 1):
        entry = log.read_entry(root, number)
        if entry is not None:
            publish.publish(root, entry, live)
            remove_staging(root, entry.token)
    if state.number != _published(root):
        if state.number // log.CHECKPOINT_EVERY > done // log.CHECKPOINT_EVERY:
            log.write_checkpoint(root, state)
        storage.replace(Path(root, PUBLISHED), str(state.number).encode())
    return state


def remove_staging(root: str, token: str) -> None:
    """Delete the staging of a commit that is published, unless its run is still reading there what became of it."""
    folder = Path(root, STAGING, token)
    if not _is_owned(folder):
        storage.remove_tree(folder)


def abandon(root: str, token: str, base: int) -> None:
    """Delete the staging of this process's own run, which failed, unless the log after ``base`` has its token: nobody else commits it."""
    entries = (log.read_entry(root, number) for number in range(base + 1, log.current_state(root).number + 1))
    if not any(entry is not None and entry.token == token for entry in entries):
        storage.remove_tree(Path(root, STAGING, token))


def sweep(root: str, committed_at: str, clock: float | None = None) -> LakeState:
    """Delete the staging of runs that died, after an entry of the log says so; the state at the head of the log.

    A run is taken for dead where nobody holds its lock, or its folder is a day old. That may be wrong for a run on another machine: the
    entry makes it safe, since a writer that meets its own token there gives up. ``clock``: seconds since 1970, default now.
    """
    state = log.current_state(root)
    abandoned = {folder.name for folder in Path(root, STAGING).glob("*") if _is_abandoned(folder, clock or time.time())}
    tokens = tuple(sorted(abandoned - _waiting(root, state)))
    if not tokens:
        return state
    entry = LogEntry(state.number + 1, f"sweep-{secrets.token_hex(8)}", "", None, committed_at, swept=tokens)
    try:
        is_appended = log.append(root, entry)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        folders = " ".join(str(Path(root, STAGING, token)) for token in tokens)
        raise LakeError(f"the disk is full; free some space, or delete what runs that died have left: rm -r {folders}") from error
    if is_appended:
        for token in tokens:
            storage.remove_tree(Path(root, STAGING, token))
    return roll_forward(root)


@contextmanager
def owned_staging(folder: Path) -> Iterator[None]:
    """Create a run's staging folder and hold its lock, so that no other run on this file system takes it for abandoned."""
    storage.make_folder(folder)
    descriptor = os.open(folder / _OWNER, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_abandoned(folder: Path, clock: float) -> bool:
    try:
        is_old = clock - folder.stat().st_mtime > ABANDONED_AFTER_SECONDS
    except FileNotFoundError:
        return False
    return is_old or ((folder / _OWNER).exists() and not _is_owned(folder))


def _is_owned(folder: Path) -> bool:
    """Whether a process that lives holds the lock of a staging folder; True as well where the file system cannot tell."""
    try:
        descriptor = os.open(folder / _OWNER, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _waiting(root: str, state: LakeState) -> set[str]:
    """Return the tokens of entries whose files may not be in place yet: their staging holds committed articles."""
    entries = (log.read_entry(root, number) for number in range(_published(root) + 1, state.number + 1))
    return {entry.token for entry in entries if entry is not None}


def _published(root: str) -> int:
    try:
        return int(Path(root, PUBLISHED).read_bytes())
    except (FileNotFoundError, ValueError):
        return 0
