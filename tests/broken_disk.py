"""A disk that fails at a chosen step, and that forgets what was not synced when the power goes.

The disk is a real folder. The functions of ``os`` that change a disk are watched below it, and each
call is one step. Beside the folder stands a model of what is durable, by the rule of POSIX: the
content of a file as it was when the file was last synced, and a name as it was when its folder was
last synced.
"""

import errno
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

_NEEDS_SPACE = frozenset(("create", "write", "mkdir", "link"))


class KilledError(BaseException):
    """The process is dead. Every further step raises this error too."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The fault at step ``at``, counted from 1; 0 means no fault.

    ``kind``: "killed" before the step, "torn" in the middle of a write, "EIO" or "ENOSPC" for this
    step alone, or "full" for this step and all later ones that need space.
    """

    at: int = 0
    kind: str = "killed"


@dataclass(eq=False)
class _File:
    data: bytearray = field(default_factory=bytearray)
    durable: bytes = b""


@dataclass(eq=False)
class _Folder:
    """A folder in the model of durable names.

    ``past`` holds every file that a name had since the folder was synced, the durable one first.
    """

    names: "dict[str, _File | _Folder]" = field(default_factory=dict)
    durable: "dict[str, _File | _Folder]" = field(default_factory=dict)
    past: "dict[str, list[_File | _Folder | None]]" = field(default_factory=dict)

    def set(self, name: str, node: "_File | _Folder | None") -> None:
        self.past.setdefault(name, [self.durable.get(name)]).append(node)
        if node is None:
            self.names.pop(name, None)
        else:
            self.names[name] = node

    def sync(self) -> None:
        self.durable = dict(self.names)
        self.past.clear()


class BrokenDisk:
    """A disk of all files below the folder ``top``. Files that exist at first are durable."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.steps: list[tuple[str, str]] = []
        """The steps so far: a word for the operation, and the name below ``top``."""
        self._fault = Fault()
        self._is_dead = self._is_full = False
        self._tree = _load(top)
        self._open: dict[int, _File | _Folder] = {}

    @contextmanager
    def watched(self, fault: Fault = Fault()) -> Iterator[None]:
        """Watch the steps of this process on the disk, and make the fault happen.

        Steps count from the start of the context.
        """
        self.steps, self._fault, self._is_dead, self._is_full = [], fault, False, False
        self._real = {
            name: getattr(os, name)
            for name in ("open", "close", "write", "fsync", "link", "unlink", "mkdir", "rmdir", "rename")
        }
        changed: dict[str, Callable[..., Any]] = {name: getattr(self, f"_{name}_") for name in self._real}
        with (
            mock.patch.multiple(os, replace=self._rename_, **changed),
            mock.patch.object(shutil, "rmtree", self._rmtree_),
        ):
            yield
        if self._is_dead:  # the files of a dead process are closed, and its locks are free
            for descriptor in self._open:
                os.close(descriptor)
            self._open.clear()

    def lose_power(self, place: Path, chance: random.Random | None = None) -> None:
        """Write to ``place`` the files that are on the disk after a power loss.

        Without ``chance`` everything that is not durable is lost. With it, each name has the file
        of some moment since its folder was synced. Each file that was not synced is lost, cut, full
        of zeros, or whole by luck.
        """
        _write_survivors(self._tree, place, chance, {})

    # Steps.

    def _step(self, operation: str, path: str) -> None:
        if self._is_dead:
            raise KilledError
        self.steps.append((operation, os.path.relpath(path, self.top)))
        if len(self.steps) == self._fault.at:
            match self._fault.kind:
                case "killed" | "torn":
                    self._is_dead = True
                    raise KilledError
                case "EIO":
                    raise OSError(errno.EIO, os.strerror(errno.EIO), path)
                case _:
                    self._is_full = self._fault.kind == "full"
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        if self._is_full and operation in _NEEDS_SPACE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    def _is_here(self, path: Any) -> bool:
        return isinstance(path, str | Path) and os.fspath(path).startswith(f"{self.top}/")

    def _find(self, path: Any) -> tuple[_Folder, str]:
        """Return the folder that holds a path, and the path's name in it."""
        folder = self._tree
        *parents, name = Path(path).relative_to(self.top).parts
        for parent in parents:
            found = folder.names[parent]
            assert isinstance(found, _Folder)
            folder = found
        return folder, name

    # The replacements of the functions of os. Each has the name of its function.

    def _open_(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if dir_fd is not None or not (self._is_here(path) or Path(path) == self.top):
            return int(self._real["open"](path, flags, mode, dir_fd=dir_fd))
        if self._is_dead:
            raise KilledError
        is_new = bool(flags & os.O_CREAT) and not os.path.lexists(path)
        if is_new and Path(path).parent.is_dir():
            self._step("create", os.fspath(path))
        descriptor = int(self._real["open"](path, flags, mode))
        if Path(path) == self.top:
            self._open[descriptor] = self._tree
            return descriptor
        folder, name = self._find(path)
        if is_new:
            folder.set(name, _File())
        self._open[descriptor] = folder.names[name]
        return descriptor

    def _close_(self, descriptor: int) -> None:
        self._open.pop(descriptor, None)
        self._real["close"](descriptor)

    def _write_(self, descriptor: int, data: Any) -> int:
        file = self._open.get(descriptor)
        if not isinstance(file, _File):
            return int(self._real["write"](descriptor, data))
        try:
            self._step("write", self._path_of(descriptor))
        except KilledError:
            if self._fault.kind == "torn" and len(self.steps) == self._fault.at:
                self._extend(descriptor, file, bytes(data)[: len(data) // 2])
            raise
        return self._extend(descriptor, file, bytes(data))

    def _extend(self, descriptor: int, file: _File, data: bytes) -> int:
        written = int(self._real["write"](descriptor, data))
        file.data += data[:written]
        return written

    def _fsync_(self, descriptor: int) -> None:
        """Sync in the model alone, which is much faster. The tests check only the model."""
        node = self._open.get(descriptor)
        if node is None:
            return
        self._step("sync folder" if isinstance(node, _Folder) else "sync file", self._path_of(descriptor))
        if isinstance(node, _Folder):
            node.sync()
        else:
            node.durable = bytes(node.data)

    def _path_of(self, descriptor: int) -> str:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())

    def _link_(self, source: Any, target: Any, **more: Any) -> None:
        if not self._is_here(target):
            self._real["link"](source, target, **more)
            return
        if os.path.lexists(source) and not os.path.lexists(target):
            self._step("link", os.fspath(target))
        self._real["link"](source, target, **more)
        folder, name = self._find(source)
        node = folder.names[name]
        folder, name = self._find(target)
        folder.set(name, node)

    def _rename_(self, source: Any, target: Any, **more: Any) -> None:
        if not self._is_here(target):
            self._real["rename"](source, target, **more)
            return
        if os.path.lexists(source):
            self._step("rename", os.fspath(target))
        self._real["rename"](source, target, **more)
        folder, name = self._find(source)
        node = folder.names[name]
        folder.set(name, None)
        folder, name = self._find(target)
        folder.set(name, node)

    def _unlink_(self, path: Any, *, dir_fd: int | None = None) -> None:
        self._remove("unlink", path, dir_fd)

    def _rmdir_(self, path: Any, *, dir_fd: int | None = None) -> None:
        self._remove("rmdir", path, dir_fd)

    def _remove(self, operation: str, path: Any, dir_fd: int | None) -> None:
        is_here = dir_fd is None and self._is_here(path)
        if is_here and os.path.lexists(path):
            self._step(operation, os.fspath(path))
        self._real[operation](path, dir_fd=dir_fd)
        if is_here:
            folder, name = self._find(path)
            folder.set(name, None)

    def _mkdir_(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        is_here = dir_fd is None and self._is_here(path)
        if is_here and not os.path.lexists(path):
            self._step("mkdir", os.fspath(path))
        self._real["mkdir"](path, mode, dir_fd=dir_fd)
        if is_here:
            folder, name = self._find(path)
            folder.set(name, _Folder())

    def _rmtree_(self, path: Any, ignore_errors: bool = False, **_: Any) -> None:
        """Delete a folder step by step, as shutil does."""
        for folder, folders, files in os.walk(path, topdown=False):
            for remove, names in ((os.unlink, sorted(files)), (os.rmdir, sorted(folders))):
                for name in names:
                    self._try(remove, Path(folder, name), ignore_errors)
        self._try(os.rmdir, path, ignore_errors)

    def _try(self, remove: Callable[[Any], None], path: Any, ignore_errors: bool) -> None:
        try:
            remove(path)
        except OSError:
            if not ignore_errors:
                raise


def _load(place: Path) -> _Folder:
    folder, files = _Folder(), {}

    def load(path: Path) -> _File | _Folder:
        if path.is_dir():
            return _load(path)
        data = path.read_bytes()
        return files.setdefault(path.stat().st_ino, _File(bytearray(data), data))

    for path in place.iterdir():
        folder.names[path.name] = load(path)
    folder.sync()
    return folder


def _write_survivors(folder: _Folder, place: Path, chance: random.Random | None, done: dict[_File, Path]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    names: dict[str, _File | _Folder | None] = {**folder.durable}
    for name, states in folder.past.items():
        names[name] = chance.choice(states) if chance else states[0]
    for name, node in names.items():
        if isinstance(node, _Folder):
            _write_survivors(node, place / name, chance, done)
        elif node is not None and node in done:
            os.link(done[node], place / name)
        elif node is not None:
            (place / name).write_bytes(_surviving(node, chance))
            done[node] = place / name


def _surviving(file: _File, chance: random.Random | None) -> bytes:
    if chance is None or file.durable == file.data:
        return file.durable
    data = bytes(file.data)
    return chance.choice((file.durable, data[: len(data) // 2], bytes(len(data)), data))
