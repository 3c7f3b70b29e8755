"""A lake on a local disk, or on a network file system that has hard links and locks.

A name is durable only when its folder is synced (POSIX). So ``create`` and ``settle`` sync the
folder too. A file that must appear whole is first written as a draft under ``_newslake/drafts``,
and then linked to its name. Linking fails if the name exists, on every file system that has hard
links.
"""

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from newslake.transforms.storage.base import OWNER, LakeError, Lock, Stat, Storage, UnsafeNameError, Written, unsafe

DRAFTS = "_newslake/drafts"
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_MADE_OR_SWEPT = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOENT)
"""The errors that say that another process made the folder, or swept its draft."""
_DURABLE: set[Path] = set()
"""Folders whose names this process has made durable."""
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class LocalStorage(Storage):
    """A lake in the folder ``root``. The first write makes the folder."""

    root: str
    has_locks = True

    def create(self, name: str, data: bytes) -> bool:
        target = self._path(name)
        self._make_folder(target.parent)
        with self._draft(data) as draft:
            try:
                os.link(draft, target)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                raise LakeError(
                    f"{self.root}: this file system makes no hard links, which a lake needs; "
                    "put the lake on another file system"
                ) from error
        _sync_folder(target.parent)
        return True

    def write(self, name: str, parts: Iterable[bytes], *, durable: bool = True) -> Written:
        path = self._path(name)
        self._make_folder(path.parent)
        descriptor = os.open(path, _NEW_FILE, 0o644)
        try:
            return _write(descriptor, parts, durable=durable)
        finally:
            os.close(descriptor)

    def replace(self, name: str, data: bytes) -> None:
        target = self._path(name)
        self._make_folder(target.parent)
        with self._draft(data) as draft:
            draft.replace(target)

    def read(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def read_range(self, name: str, start: int, length: int) -> bytes:
        with self._path(name).open("rb", buffering=0) as file:
            return os.pread(file.fileno(), length, start)

    def list(self, folder: str) -> list[str]:
        try:
            return sorted(path.name for path in self._path(folder).iterdir())
        except FileNotFoundError:
            return []

    def stat(self, name: str) -> Stat | None:
        try:
            status = self._path(name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Stat(status.st_size, status.st_mtime)

    def link(self, staged: str, final: str) -> None:
        source, target = self._path(staged), self._path(final)
        if target.exists():
            return
        self._make_folder(target.parent)
        try:
            os.link(source, target)
        except FileExistsError:
            return
        except FileNotFoundError:
            if not target.exists():  # otherwise another process linked it and cleared the staging
                raise

    def settle(self, folder: str) -> None:
        try:
            _sync_folder(self._path(folder))
        except FileNotFoundError:
            return

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def delete_folder(self, folder: str) -> None:
        path, trash = self._path(folder), self._path(f"{DRAFTS}/{secrets.token_hex(8)}")
        if not path.exists():
            return
        self._make_folder(trash.parent)
        with suppress(FileNotFoundError):  # another process was faster
            path.rename(trash)  # in one step, so nobody sees the folder without its lock file
        shutil.rmtree(trash, ignore_errors=True)

    def lock(self, name: str, *, wait_seconds: float = 0, make_folder: bool = True) -> Lock | None:
        path = self._path(name)
        if make_folder:
            self._make_folder(Path(self.root))
            if not path.parent.exists() and (held := self._locked_folder(path)) is not None:
                return held
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except (FileNotFoundError, NotADirectoryError):
                return None
            if _take_lock(descriptor) and _is_same_file(descriptor, path):
                return _FileLock(descriptor)
            os.close(descriptor)  # another process holds the lock, or deleted the file
            if time.monotonic() >= deadline:
                return None
            time.sleep(_POLL_SECONDS)

    def local_copy(self, name: str) -> Path:
        path = self._path(name)
        if not path.is_file():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return path

    def sweep_drafts(self) -> None:
        """Delete the drafts of dead writers: those whose lock nobody holds."""
        for name in self.list(DRAFTS):
            path = self._path(f"{DRAFTS}/{name}")
            is_folder = path.is_dir()
            lock = self.lock(f"{DRAFTS}/{name}/{OWNER}" if is_folder else f"{DRAFTS}/{name}", make_folder=False)
            if lock is None:
                continue  # its writer lives
            with lock:
                if is_folder:
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def _locked_folder(self, path: Path) -> Lock | None:
        """Make the folder of a lock file so that it appears with the lock held; return the lock.

        Return None if another process made the folder first, or swept the draft of the folder.
        """
        draft = self._path(f"{DRAFTS}/{secrets.token_hex(8)}")
        self._make_folder(path.parent.parent)
        self._make_folder(draft)
        with ExitStack() as undo:
            undo.callback(shutil.rmtree, draft, ignore_errors=True)
            try:
                descriptor = os.open(draft / path.name, _NEW_FILE, 0o644)
                undo.callback(os.close, descriptor)
                if not _take_lock(descriptor):
                    return None  # the draft is being swept
                draft.rename(path.parent)
            except OSError as error:
                if error.errno not in _MADE_OR_SWEPT:
                    raise
                return None
            if not _is_same_file(descriptor, path):
                return None
            _sync_folder(path.parent.parent)
            undo.pop_all()
        return _FileLock(descriptor)

    @contextmanager
    def _draft(self, data: bytes) -> Iterator[Path]:
        """Write a draft, and delete it when the context closes.

        The draft's lock tells ``sweep_drafts`` that the writer lives.
        """
        folder = self._path(DRAFTS)
        self._make_folder(folder)
        while True:
            path = folder / secrets.token_hex(8)
            descriptor = os.open(path, _NEW_FILE, 0o644)
            try:
                if not (_take_lock(descriptor) and _is_same_file(descriptor, path)):
                    continue  # another process swept it before it was locked
                _write(descriptor, [data], durable=True)
                yield path
                return
            finally:
                os.close(descriptor)
                path.unlink(missing_ok=True)

    def _make_folder(self, path: Path) -> None:
        """Create a folder of the lake and its missing parents, and make their names durable.

        A folder can exist although its name is not durable, because its maker may have died before
        the sync. So each process syncs the parent of every folder that it meets for the first time.
        Parents above the lake's own folder are not synced.
        """
        if path in _DURABLE and path.is_dir():
            return
        if path == Path(self.root):
            path.mkdir(parents=True, exist_ok=True)
        else:
            self._make_folder(path.parent)
            path.mkdir(exist_ok=True)
        _sync_folder(path.parent)
        _DURABLE.add(path)

    def _path(self, name: str) -> Path:
        """Return the path of a name.

        Raises UnsafeNameError if the name leads out of the lake, directly or by a symbolic link.
        """
        if why := unsafe(name):
            raise UnsafeNameError(self.root, name, why)
        path = self.root
        for part in name.split("/"):
            path = f"{path}/{part}"
            # A Path for each part would cost more than the check itself.
            if os.path.islink(path) and not _leads_inside(self.root, path):  # noqa: PTH114
                raise UnsafeNameError(self.root, name, "follows a symbolic link out of the lake")
        return Path(path)


@dataclass(frozen=True, slots=True)
class _FileLock(Lock):
    descriptor: int

    def release(self) -> None:
        os.close(self.descriptor)


def open_local(lake: str) -> LocalStorage:
    """Return the storage of a lake in a local folder, which need not exist.

    Raises LakeError if ``lake`` is a URL or a file.
    """
    if "://" in lake:
        raise LakeError(f"{lake}: this version keeps lakes in local folders only; give a folder, as in --lake ./lake")
    if Path(lake).exists() and not Path(lake).is_dir():
        raise LakeError(f"{lake} is a file; give a folder for the lake, as in --lake ./lake")
    return LocalStorage(lake)


def _leads_inside(root: str, path: str) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(root).rstrip("/") + "/")


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(descriptor: int, parts: Iterable[bytes], *, durable: bool) -> Written:
    digest = hashlib.sha256() if durable else None
    size = 0
    for part in parts:
        if digest is not None:
            digest.update(part)
        size += len(part)
        view = memoryview(part)
        while view:
            view = view[os.write(descriptor, view) :]
    if durable:
        os.fsync(descriptor)
    return Written(size, digest.hexdigest() if digest is not None else "")


def _take_lock(descriptor: int) -> bool:
    """Lock an open file; return False if another process holds the lock.

    Raises OSError if the file system has no locks.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
