"""The commit log: one immutable, numbered entry for each commit, created only if it is absent.

The entry is the commit. It names data, index and run key together, so they can never disagree. An
entry holds the SHA-256 of the entry before it, so nobody can change or exchange an entry unnoticed.
A checkpoint every few entries makes the time to start independent of the lake's age. It is derived
from the entries and may be deleted at any time. A mark says how far the log was read before, so a
log that lost its end is noticed.

This version still reads entries of format 1. A lake that an earlier version made continues with an
``upgrade`` entry.
"""

import hashlib
import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from newslake.schemas import codec
from newslake.schemas.tables import CHECKPOINTS, HEADS, INDEX, LOG, META, STAGING, log_name
from newslake.transforms.storage.base import LakeError, Storage, UnsafeNameError, unsafe

if TYPE_CHECKING:
    from newslake.schemas.staging import (
        StagedFile,  # its module imports numpy, and commands that only read the log need not wait for that
    )

FORMAT = 2
CHECKPOINT_EVERY = 32
_GAP_SEARCHED = 8
_SUFFIX = ".json"


class NotALakeError(LakeError):
    """There is no lake at this path."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.root = root

    def __str__(self) -> str:
        return f"there is no lake at {self.root}; make one with: newslake run --files ... --lake {self.root}"


class LogDamagedError(LakeError):
    """A log entry or checkpoint is missing, damaged, out of order, or of an unknown format."""


class FileGoneError(LakeError):
    """A file that the log names is missing."""

    def __init__(self, path: str, entry: int) -> None:
        super().__init__(path, entry)
        self.path, self.entry = path, entry

    def __str__(self) -> str:
        return (
            f"{self.path} is gone, though entry {self.entry} of the log names it; restore it from a backup of the lake"
        )


class Operation(StrEnum):
    """The operation that an entry commits.

    COMPACT, VACUUM, REVERT, FORGET and REPLAY are reserved for later versions.
    """

    RUN = "run"
    MERGE = "merge"
    SWEEP = "sweep"
    UPGRADE = "upgrade"
    REINDEX = "reindex"
    COMPACT = "compact"
    VACUUM = "vacuum"
    REVERT = "revert"
    FORGET = "forget"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class LiveFile:
    """A file of the lake that the log names.

    ``path`` and ``staged``, the name under which it was built, are relative to the lake. ``entry``
    is the number of the entry that added it, 0 before the entry is appended.
    """

    table: str
    path: str
    rows: int
    bytes: int
    sha256: str
    staged: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be used or was quarantined: its URI, the reason and a detail."""

    uri: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the log: one commit.

    ``commit`` is its name, fixed before the work starts and equal in every retry. ``staging`` is
    its staging folder, and ``since`` the head at which the work began. ``run_key`` is None if the
    entry does not take the run's key. ``state_added`` are files that tell later runs which inputs
    were read. ``swept`` are staging folders that may be deleted. ``summary`` is the row of
    ``runs``. ``committed_at`` is never earlier than that of the entry before.
    """

    number: int
    operation: Operation
    commit: str
    staging: str = ""
    since: int = 0
    run_id: str = ""
    run_key: str | None = None
    started_at: str = ""
    committed_at: str = ""
    files_added: tuple[LiveFile, ...] = ()
    files_removed: tuple[str, ...] = ()
    index_added: tuple[LiveFile, ...] = ()
    index_removed: tuple[str, ...] = ()
    state_added: tuple[LiveFile, ...] = ()
    state_removed: tuple[str, ...] = ()
    swept: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    summary: dict[str, Any] | None = None
    previous: str = ""
    format: int = FORMAT

    @property
    def added(self) -> tuple[LiveFile, ...]:
        return (*self.files_added, *self.index_added, *self.state_added)

    @property
    def removed(self) -> tuple[str, ...]:
        return (*self.files_removed, *self.index_removed, *self.state_removed)


@dataclass(frozen=True, slots=True)
class LakeState:
    """The lake at one entry of its log; ``number`` 0 is the empty lake before the first entry.

    ``files`` are the live files of the tables, and ``index`` those of the index. ``state`` are live
    files that tell later runs which inputs were read. ``run_keys`` maps each taken run key to the
    number of its entry. ``sha256``, ``committed_at`` and ``is_of_format_1`` describe the entry
    itself.
    """

    number: int = 0
    files: tuple[LiveFile, ...] = ()
    index: tuple[LiveFile, ...] = ()
    state: tuple[LiveFile, ...] = ()
    run_keys: dict[str, int] = field(default_factory=dict)
    sha256: str = ""
    committed_at: str = ""
    is_of_format_1: bool = False

    @property
    def live(self) -> tuple[LiveFile, ...]:
        return (*self.files, *self.index, *self.state)


def live_files(staged: "Iterable[StagedFile]") -> tuple[LiveFile, ...]:
    """Return built files in the form in which an entry names them."""
    return tuple(LiveFile(file.table, file.path, file.rows, file.bytes, file.sha256, file.staged) for file in staged)


def read_state(storage: Storage) -> LakeState:
    """Return the lake at the head of its log, as current_state does.

    Raises NotALakeError if the log has no entry, and LogDamagedError.
    """
    state = current_state(storage)
    if state.number == 0:
        raise NotALakeError(storage.root)
    return state


def current_state(storage: Storage, known: LakeState | None = None) -> LakeState:
    """Return the lake at the head of its log, or an empty state of number 0 without a commit.

    Only the entries after ``known``, a state that was read before, are read. A process that may
    write leaves a mark at the head, if the head has no mark yet. Raises LogDamagedError, also if
    the log ends before a mark.
    """
    state = follow(storage, known or _last_checkpoint(storage))
    marked = max(_marks(storage), default=0)
    if state.number < marked:
        state = follow(storage, state)  # another writer may have committed and marked in between
        if state.number < marked:
            raise LogDamagedError(
                f"{storage.root}: the log ends at entry {state.number}, but entry {marked} was read before; restore "
                f"{log_name(state.number + 1)} and the entries after it from a backup. If you restored the lake to an "
                f"earlier state on purpose, accept that with: newslake lake log --accept-shorter "
                f"--lake {shlex.quote(storage.root)}"
            )
    if state.number > marked:
        _mark(storage, state.number)
    return state


def accept_shorter(storage: Storage) -> int:
    """Accept the last entry that exists as the end of the log, and return its number.

    Marks of later entries are deleted. Raises NotALakeError if there is no entry and no mark, and
    LogDamagedError.
    """
    head = follow(storage, _last_checkpoint(storage)).number
    if head == 0 and not _marks(storage):
        raise NotALakeError(storage.root)
    for number in _marks(storage):
        if number > head:
            storage.delete(_mark_name(number))
    return head


def state_at(storage: Storage, number: int) -> LakeState:
    """Return the lake at entry ``number``. Raises LogDamagedError if the log has no such entry."""
    state = follow(storage, _last_checkpoint(storage, at_most=number), until=number)
    if state.number != number:
        raise LogDamagedError(f"{storage.root}: the log ends at entry {state.number} and has no entry {number}")
    return state


def follow(storage: Storage, state: LakeState, until: int | None = None) -> LakeState:
    """Return the state after entry ``until``, or at the end of the log if ``until`` is None.

    The entries after ``state`` are read. If the log ends before ``until``, return the state at its
    end. ``until`` must not be before ``state``. Raises LogDamagedError, also if an entry is missing
    between others, and UnsafeNameError if an entry names a file outside its place.
    """
    while state.number != until and (found := _read(storage, state.number + 1)) is not None:
        entry, sha256 = found
        if entry.format > 1 and entry.previous != state.sha256:
            path = f"{storage.root}/{log_name(entry.number)}"
            raise LogDamagedError(
                f"{path}: it does not follow the entry before it; restore both from one backup of the lake"
            )
        state = apply(state, entry, sha256)
    if state.number != until:
        _refuse_gap(storage, state.number)
    return state


def read_entry(storage: Storage, number: int) -> LogEntry | None:
    """Return entry ``number``, or None if it does not exist.

    Raises LogDamagedError, and UnsafeNameError if the entry names a file outside its place.
    """
    found = _read(storage, number)
    return found[0] if found is not None else None


def entries_after(storage: Storage, number: int, until: int) -> Iterator[LogEntry]:
    """Yield the entries from ``number`` + 1 to ``until``, both included.

    Raises LogDamagedError if an entry is missing or damaged.
    """
    for one in range(number + 1, until + 1):
        entry = read_entry(storage, one)
        if entry is None:
            path = f"{storage.root}/{log_name(one)}"
            raise LogDamagedError(
                f"{path} is missing, though entry {until} was read; restore it from a backup of the lake"
            )
        yield entry


def append(storage: Storage, state: LakeState, entry: LogEntry) -> bool:
    """Create the entry that follows ``state``; return False if its number already exists.

    True means that the entry is committed. Every file that the entry names must be durable before.
    False may be wrong on an object store (see Storage.create). After an OSError the entry may or
    may not exist.
    """
    sealed = replace(
        entry,
        number=state.number + 1,
        previous=state.sha256,
        committed_at=max(entry.committed_at, state.committed_at),
    )
    return storage.create(log_name(sealed.number), _sealed(asdict(sealed)))


def write_checkpoint(storage: Storage, state: LakeState) -> None:
    """Save ``state`` as a checkpoint, and keep only the last two checkpoints.

    A later start then reads the checkpoint and the few entries after it.
    """
    storage.replace(f"{CHECKPOINTS}/{state.number:020d}{_SUFFIX}", _sealed(asdict(state)))
    for old in _checkpoints(storage)[:-2]:
        storage.delete(f"{CHECKPOINTS}/{old:020d}{_SUFFIX}")


def apply(state: LakeState, entry: LogEntry, sha256: str = "") -> LakeState:
    """Return the state after ``entry``, which must be the next one.

    Raises LogDamagedError if the entry removes a file that is not live.
    """
    gone = set(entry.removed)
    if gone and (missing := gone - {file.path for file in state.live}):
        raise LogDamagedError(
            f"{log_name(entry.number)} removes {min(missing)}, which is not live; "
            "restore the log from a backup of the lake"
        )

    def after(live: tuple[LiveFile, ...], added: tuple[LiveFile, ...]) -> tuple[LiveFile, ...]:
        kept = live if not gone else tuple(file for file in live if file.path not in gone)
        return kept + tuple(replace(file, entry=entry.number) for file in added)

    return LakeState(
        number=entry.number,
        files=after(state.files, entry.files_added),
        index=after(state.index, entry.index_added),
        state=after(state.state, entry.state_added),
        run_keys=state.run_keys if entry.run_key is None else {**state.run_keys, entry.run_key: entry.number},
        sha256=sha256,
        committed_at=max(entry.committed_at, state.committed_at),
        is_of_format_1=entry.format == 1,
    )


# Marks of heads.


def _marks(storage: Storage) -> list[int]:
    return [int(name) for name in storage.list(HEADS) if name.isdecimal()]


def _mark_name(number: int) -> str:
    return f"{HEADS}/{number:020d}"


def _mark(storage: Storage, number: int) -> None:
    """Make the head's entry durable, then mark it and delete the marks of earlier entries.

    A process that may not write leaves no mark, and raises no error.
    """
    with suppress(OSError, LakeError):
        storage.settle(LOG)
        storage.create(_mark_name(number), b"")
        for lower in _marks(storage):
            if lower < number:
                storage.delete(_mark_name(lower))


def _refuse_gap(storage: Storage, head: int) -> None:
    """Raise LogDamagedError if one of the next _GAP_SEARCHED entries exists after a missing one."""
    for number in range(head + 2, head + 2 + _GAP_SEARCHED):
        if storage.stat(log_name(number)) and not storage.stat(log_name(head + 1)):
            path = f"{storage.root}/{log_name(head + 1)}"
            raise LogDamagedError(
                f"{path} is missing, though entry {number} is there; restore it from a backup of the lake"
            )


# Reading and writing documents.


def _read(storage: Storage, number: int) -> tuple[LogEntry, str] | None:
    """Return an entry and the SHA-256 of its bytes, or None if it does not exist."""
    name = log_name(number)
    try:
        data = storage.read(name)
    except FileNotFoundError:
        return None
    document = _verified(data, f"{storage.root}/{name}")
    with _complaining_of(storage, name):
        entry = _entry_of_format_1(document) if document.pop("format") == 1 else _entry(document)
        if entry.number != number:
            raise ValueError(f"its own number is {entry.number}")
        _check_names(storage, entry)
    return entry, hashlib.sha256(data).hexdigest()


def _entry(document: dict[str, Any]) -> LogEntry:
    for name in ("files_added", "index_added", "state_added"):
        document[name] = _files(document[name])
    for name in ("files_removed", "index_removed", "state_removed", "swept"):
        document[name] = tuple(document[name])
    document["failures"] = tuple(Failure(**failure) for failure in document["failures"])
    return LogEntry(**{**document, "operation": Operation(document["operation"])})


def _entry_of_format_1(document: dict[str, Any]) -> LogEntry:
    """Return an entry of format 1, in which one token names both commit and staging folder."""
    summary = document["summary"]
    told = [text.partition(": ") for text in (summary or {}).get("failures", ())]
    return LogEntry(
        number=document["number"],
        operation=Operation.RUN if summary is not None else Operation.SWEEP,
        commit=document["token"],
        staging=f"{STAGING}/{document['token']}" if summary is not None else "",
        run_id=document["run_id"],
        run_key=document["run_key"],
        started_at=(summary or {}).get("started_at", ""),
        committed_at=document["committed_at"],
        files_added=_files(document["files"]),
        index_added=_files(document["index_added"]),
        index_removed=tuple(document["index_removed"]),
        swept=tuple(f"{STAGING}/{token}" for token in document["swept"]),
        failures=tuple(Failure(uri, *reason.removesuffix(")").partition(" (")[::2]) for uri, _, reason in told),
        summary=summary,
        format=1,
    )


def _check_names(storage: Storage, entry: LogEntry) -> None:
    """Raise UnsafeNameError if a name leads out of the lake or out of the folder of its kind."""
    for folder in filter(None, (entry.staging, *entry.swept)):
        _check_name(storage, folder, STAGING, parts=3)
    places = [(file, file.table) for file in entry.files_added]
    places += [(file, INDEX) for file in entry.index_added]
    places += [(file, f"{META}/{file.table}") for file in entry.state_added]
    for file, folder in places:
        _check_name(storage, file.path, folder)
        if file.staged:
            _check_name(storage, file.staged, entry.staging or STAGING)
    for path in entry.removed:
        _check_name(storage, path)


def _check_name(storage: Storage, name: str, folder: str = "", parts: int = 0) -> None:
    why = unsafe(name)
    if not why and folder and not name.startswith(f"{folder}/"):
        why = f"is not in the folder {folder}"
    if not why and parts and name.count("/") + 1 != parts:
        why = f"is not directly in {folder}"
    if why:
        raise UnsafeNameError(storage.root, name, why)


@contextmanager
def _complaining_of(storage: Storage, name: str) -> Iterator[None]:
    """Turn an error that a malformed document causes into a LogDamagedError that names the file."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        path = f"{storage.root}/{name}"
        raise LogDamagedError(
            f"{path} is not a document of this version ({error}); restore it from a backup of the lake"
        ) from error


def _checkpoints(storage: Storage) -> list[int]:
    names = (name.removesuffix(_SUFFIX) for name in storage.list(CHECKPOINTS) if name.endswith(_SUFFIX))
    return sorted(int(name) for name in names if name.isdecimal())


def _last_checkpoint(storage: Storage, at_most: int | None = None) -> LakeState:
    for number in reversed(_checkpoints(storage)):
        if at_most is None or number <= at_most:
            name = f"{CHECKPOINTS}/{number:020d}{_SUFFIX}"
            try:
                document = _verified(storage.read(name), f"{storage.root}/{name}")
            except FileNotFoundError:
                continue
            if document.pop("format") == 1:
                continue  # it lacks the hash of its entry, so the entries are read again
            with _complaining_of(storage, name):
                return _state(storage, document)
    return LakeState()


def _state(storage: Storage, document: dict[str, Any]) -> LakeState:
    state = LakeState(**{**document, **{name: _files(document[name]) for name in ("files", "index", "state")}})
    for file in state.live:
        _check_name(storage, file.path)
    return state


def _files(documents: list[dict[str, Any]]) -> tuple[LiveFile, ...]:
    return tuple(LiveFile(**document) for document in documents)


def _sealed(document: dict[str, Any]) -> bytes:
    """Return the document as JSON: the format first, and the SHA-256 of all before it last."""
    body = codec.encode({"format": FORMAT, **{name: value for name, value in document.items() if name != "format"}})
    return body[:-1] + b',"checksum":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


def _verified(data: bytes, path: str) -> dict[str, Any]:
    body, mark, seal = data.rpartition(b',"checksum":"')
    if not mark or hashlib.sha256(body + b"}").hexdigest().encode() != seal.rstrip().removesuffix(b'"}'):
        raise LogDamagedError(f"{path}: the checksum does not match; restore this file from a backup of the lake")
    try:
        document = codec.decode(body + b"}")
        found = document["format"]
    except (codec.InvalidJsonError, KeyError, TypeError):
        raise LogDamagedError(
            f"{path} is not a document of this version; restore it from a backup of the lake"
        ) from None
    if found not in (1, FORMAT):
        raise LogDamagedError(f"{path}: a newer version wrote it; upgrade newslake to read this lake")
    return document  # type: ignore[no-any-return]
