"""A store in memory that can disturb a writer as object stores do, for tests.

It has no locks. With a seed it sometimes loses a reply, lets a PUT land late, or answers "exists"
for an absent name. S3 gives that answer (409) while a rival's PUT fails. Threads may share the
store.
"""

import hashlib
import random
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from newslake.transforms.storage.base import Lock, Stat, Storage, UnsafeNameError, Written, unsafe


class LostReplyError(OSError):
    """The store did not answer a request, which may or may not have succeeded."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The shares of conditional creates that go wrong.

    The reply is lost, the create lands late, or a free name "exists".
    """

    lost: float = 0.0
    late: float = 0.0
    false_exists: float = 0.0


@dataclass(eq=False)
class MemoryStorage(Storage):
    """A store of files by name. ``late`` holds creates that were sent and have not landed."""

    root: str = "memory"
    trouble: Trouble = Trouble()
    seed: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    late: list[tuple[str, bytes]] = field(default_factory=list)
    has_locks = False

    def __post_init__(self) -> None:
        self._guard = threading.RLock()
        self._chance = random.Random(self.seed)
        self._copies = tempfile.TemporaryDirectory(prefix="memory-storage-")
        self._clock = 0.0

    def create(self, name: str, data: bytes) -> bool:
        with self._guard:
            self._land_late()
            drawn = self._chance.random()
            if drawn < self.trouble.false_exists:
                return False
            if drawn < self.trouble.false_exists + self.trouble.late:
                self.late.append((self._checked(name), data))
                raise LostReplyError("no reply; the request may land later")
            created = self._put(name, data)
            if drawn < self.trouble.false_exists + self.trouble.late + self.trouble.lost:
                raise LostReplyError("no reply; the request may have landed")
            return created

    def write(self, name: str, parts: Iterable[bytes], *, durable: bool = True) -> Written:
        data = b"".join(parts)
        with self._guard:
            if not self._put(name, data):
                raise FileExistsError(name)
        return Written(len(data), hashlib.sha256(data).hexdigest() if durable else "")

    def replace(self, name: str, data: bytes) -> None:
        with self._guard:
            self.files[self._checked(name)] = data

    def read(self, name: str) -> bytes:
        with self._guard:
            return self._get(name)

    def read_range(self, name: str, start: int, length: int) -> bytes:
        return self.read(name)[start : start + length]

    def list(self, folder: str) -> list[str]:
        start = f"{self._checked(folder)}/"
        with self._guard:
            return sorted({name[len(start) :].partition("/")[0] for name in self.files if name.startswith(start)})

    def stat(self, name: str) -> Stat | None:
        with self._guard:
            data = self.files.get(self._checked(name))
            return None if data is None else Stat(len(data), self._clock)

    def link(self, staged: str, final: str) -> None:
        with self._guard:
            if self._checked(final) not in self.files:
                self.files[final] = self._get(staged)

    def settle(self, folder: str) -> None:
        self._checked(folder)

    def delete(self, name: str) -> None:
        with self._guard:
            self.files.pop(self._checked(name), None)

    def delete_folder(self, folder: str) -> None:
        start = f"{self._checked(folder)}/"
        with self._guard:
            for name in [name for name in self.files if name.startswith(start)]:
                del self.files[name]

    def lock(self, name: str, *, wait_seconds: float = 0, make_folder: bool = True) -> Lock | None:
        raise NotImplementedError("an object store has no locks")

    def local_copy(self, name: str) -> Path:
        data = self.read(name)
        copy = Path(self._copies.name, hashlib.sha256(name.encode() + data).hexdigest())
        if not copy.exists():
            draft = copy.with_name(f"{copy.name}.{threading.get_ident()}")
            draft.write_bytes(data)
            draft.replace(copy)
        return copy

    def land_all(self) -> None:
        """Let every late create land whose name is still free."""
        with self._guard:
            while self.late:
                self._put(*self.late.pop())

    def _land_late(self) -> None:
        if self.late and self._chance.random() < 0.5:
            self._put(*self.late.pop(self._chance.randrange(len(self.late))))

    def _put(self, name: str, data: bytes) -> bool:
        if self._checked(name) in self.files:
            return False
        self._clock += 1
        self.files[name] = data
        return True

    def _get(self, name: str) -> bytes:
        try:
            return self.files[self._checked(name)]
        except KeyError:
            raise FileNotFoundError(name) from None

    def _checked(self, name: str) -> str:
        if why := unsafe(name):
            raise UnsafeNameError(self.root, name, why)
        return name
