"""The commit log: one immutable, numbered entry a commit, created only if absent.

The entry is the commit: data, index and run key stand in it together and can never disagree. A checkpoint every few entries keeps
start-up independent of the lake's age; it is derived from the entries and may be deleted at any time.
"""

import hashlib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from schemas import codec
from schemas.lake import CHECKPOINTS, LOG, log_name
from transforms.lake import storage
from transforms.lake.storage import LakeError

FORMAT = 1
CHECKPOINT_EVERY = 32
_GAP_SEARCHED = 8


class NotALakeError(LakeError):
    """There is no lake at this path."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.root = root

    def __str__(self) -> str:
        return f"there is no lake at {self.root}; make one with: newslake run --files ... --lake {self.root}"


class LogDamagedError(LakeError):
    """An entry or checkpoint does not match its own checksum, or is of an unknown format."""


@dataclass(frozen=True, slots=True)
class LiveFile:
    """A file that the log names; ``path`` is relative to the lake, ``staged`` where it was built, ``entry`` the commit that added it."""

    table: str
    path: str
    rows: int
    bytes: int
    sha256: str
    staged: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read, as matched: its size in bytes and time in seconds since 1970."""

    uri: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit. ``run_key`` is None where the entry does not claim it (rejects only); ``summary`` is the row of ``runs``."""

    number: int
    token: str
    run_id: str
    run_key: str | None
    committed_at: str
    files: tuple[LiveFile, ...] = ()
    index_added: tuple[LiveFile, ...] = ()
    index_removed: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    swept: tuple[str, ...] = ()
    summary: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LakeState:
    """The lake at one log entry: its live files and index files, and the run keys that are taken (key -> entry)."""

    number: int = 0
    files: tuple[LiveFile, ...] = ()
    index: tuple[LiveFile, ...] = ()
    run_keys: dict[str, int] = field(default_factory=dict)


def read_state(root: str) -> LakeState:
    """The lake at the head of its log. Raises NotALakeError, LogDamagedError."""
    state = current_state(root)
    if state.number == 0:
        raise NotALakeError(root)
    return state


def current_state(root: str) -> LakeState:
    """As read_state, but a lake that has no commit yet is an empty state of number 0."""
    folder = storage.local_root(root)
    return _follow(folder, _last_checkpoint(folder))


def state_at(root: str, number: int) -> LakeState:
    """The lake at entry ``number``. Raises LogDamagedError where the log has no such entry."""
    folder = storage.local_root(root)
    state = _last_checkpoint(folder, at_most=number)
    state = _follow(folder, state, until=number)
    if state.number != number:
        raise LogDamagedError(f"{root}: the log ends at entry {state.number}, but entry {number} is asked for")
    return state


def read_entry(root: str, number: int) -> LogEntry | None:
    """Entry ``number``, or None where the log ends before it. Raises LogDamagedError."""
    path = storage.local_root(root) / log_name(number)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    document = _verified(data, str(path))
    return LogEntry(
        number=document["number"],
        token=document["token"],
        run_id=document["run_id"],
        run_key=document["run_key"],
        committed_at=document["committed_at"],
        files=_files(document["files"]),
        index_added=_files(document["index_added"]),
        index_removed=tuple(document["index_removed"]),
        inputs=tuple(Input(**one) for one in document["inputs"]),
        swept=tuple(document["swept"]),
        summary=document["summary"],
    )


def append(root: str, entry: LogEntry) -> bool:
    """Create the entry under its number: True is the commit, False says that another writer has that number.

    Every file that the entry names must be durable before.
    """
    folder = storage.local_root(root)
    storage.make_folder(folder / LOG)
    return storage.create_if_absent(folder / log_name(entry.number), _sealed(asdict(entry)))


def write_checkpoint(root: str, state: LakeState) -> None:
    """Save ``state`` so that a start reads it and the few entries after it; the one before the last is dropped."""
    folder = storage.local_root(root) / CHECKPOINTS
    storage.make_folder(folder)
    storage.replace(folder / f"{state.number:020d}.json", _sealed(asdict(state)))
    for old in sorted(folder.glob("[0-9]*.json"))[:-2]:
        old.unlink(missing_ok=True)


def apply(state: LakeState, entry: LogEntry) -> LakeState:
    """The state after ``entry``, which must be the next one."""
    run_keys = state.run_keys if entry.run_key is None else {**state.run_keys, entry.run_key: entry.number}
    gone = set(entry.index_removed)
    return LakeState(
        number=entry.number,
        files=state.files + tuple(replace(file, entry=entry.number) for file in entry.files),
        index=tuple(file for file in state.index if file.path not in gone)
        + tuple(replace(file, entry=entry.number) for file in entry.index_added),
        run_keys=run_keys,
    )


def _follow(folder: Path, state: LakeState, until: int | None = None) -> LakeState:
    while state.number != until and (entry := read_entry(str(folder), state.number + 1)) is not None:
        state = apply(state, entry)
    if state.number != until:
        _refuse_gap(folder, state.number)
    return state


def _refuse_gap(folder: Path, head: int) -> None:
    """Raise LogDamagedError where an entry stands a little after the end of the log: those between were lost; their numbers are taken."""
    for number in range(head + 2, head + 2 + _GAP_SEARCHED):
        if (folder / log_name(number)).exists() and not (folder / log_name(head + 1)).exists():
            raise LogDamagedError(
                f"{folder / log_name(head + 1)} is missing, though entry {number} is there; restore it from a backup of the lake"
            )


def _last_checkpoint(folder: Path, at_most: int | None = None) -> LakeState:
    for path in sorted((folder / CHECKPOINTS).glob("[0-9]*.json"), reverse=True):
        if at_most is None or int(path.stem) <= at_most:
            try:
                document = _verified(path.read_bytes(), str(path))
            except FileNotFoundError:
                continue
            return LakeState(document["number"], _files(document["files"]), _files(document["index"]), document["run_keys"])
    return LakeState()


def _files(documents: list[dict[str, Any]]) -> tuple[LiveFile, ...]:
    return tuple(LiveFile(**document) for document in documents)


def _sealed(document: dict[str, Any]) -> bytes:
    """The document as JSON with its format and, last, the SHA-256 of all before."""
    body = codec.encode({"format": FORMAT, **document})
    return body[:-1] + b',"checksum":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


def _verified(data: bytes, path: str) -> dict[str, Any]:
    body, mark, seal = data.rpartition(b',"checksum":"')
    if not mark or hashlib.sha256(body + b"}").hexdigest().encode() != seal.rstrip().removesuffix(b'"}'):
        raise LogDamagedError(f"{path}: the checksum does not match; restore this file from a backup of the lake")
    document: dict[str, Any] = codec.decode(body + b"}")
    if document.pop("format") != FORMAT:
        raise LogDamagedError(f"{path}: written by a newer version; upgrade newslake to read this lake")
    return document
