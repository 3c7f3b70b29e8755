"""A writer that stops before an operation on its store, until the test lets it continue."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

from newslake.transforms.storage.base import Lock, Stat, Storage, Written

Result = TypeVar("Result")
Operation = tuple[str, str]
"""An operation of a store, and the name of its file or folder."""

_PATIENCE_SECONDS = 8.0
"""After this time the test fails: two writers wait for each other."""


class WatchedStorage(Storage):
    """A store that calls ``before`` with each operation, and then does the operation."""

    def __init__(self, store: Storage, before: Callable[[Operation], None]) -> None:
        self.root, self.has_locks = store.root, store.has_locks
        self._store, self._before = store, before

    def create(self, name: str, data: bytes) -> bool:
        self._before(("create", name))
        return self._store.create(name, data)

    def write(self, name: str, parts: Iterable[bytes], *, durable: bool = True) -> Written:
        self._before(("write", name))
        return self._store.write(name, parts, durable=durable)

    def replace(self, name: str, data: bytes) -> None:
        self._before(("replace", name))
        self._store.replace(name, data)

    def read(self, name: str) -> bytes:
        self._before(("read", name))
        return self._store.read(name)

    def read_range(self, name: str, start: int, length: int) -> bytes:
        self._before(("read_range", name))
        return self._store.read_range(name, start, length)

    def list(self, folder: str) -> list[str]:
        self._before(("list", folder))
        return self._store.list(folder)

    def stat(self, name: str) -> Stat | None:
        self._before(("stat", name))
        return self._store.stat(name)

    def link(self, staged: str, final: str) -> None:
        self._before(("link", final))
        self._store.link(staged, final)

    def settle(self, folder: str) -> None:
        self._before(("settle", folder))
        self._store.settle(folder)

    def delete(self, name: str) -> None:
        self._before(("delete", name))
        self._store.delete(name)

    def delete_folder(self, folder: str) -> None:
        self._before(("delete_folder", folder))
        self._store.delete_folder(folder)

    def lock(self, name: str, *, wait_seconds: float = 0, make_folder: bool = True) -> Lock | None:
        self._before(("lock", name))
        return self._store.lock(name, wait_seconds=wait_seconds, make_folder=make_folder)

    def local_copy(self, name: str) -> Path:
        self._before(("local_copy", name))
        return self._store.local_copy(name)

    def sweep_drafts(self) -> None:
        self._before(("sweep_drafts", ""))
        self._store.sweep_drafts()


class StoppedWriter(Generic[Result]):
    """A thread that runs ``act`` on a store, only while a method of this class waits for it.

    So two writers never run at the same time, and a test can choose the order of their operations.
    """

    def __init__(self, store: Storage, act: Callable[[Storage], Result]) -> None:
        self.operations: list[Operation] = []
        self._store = WatchedStorage(store, self._before)
        self._act = act
        self._stops: Callable[[Operation], bool] = lambda _: True
        self._may_go, self._waits = threading.Event(), threading.Event()
        self._result: Result | None = None
        self._error: BaseException | None = None
        self.is_over = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def run_to(self, stops: int | Callable[[Operation], bool]) -> bool:
        """Let the writer run until just before an operation; return False if it ends earlier.

        A number counts the operations from the writer's start, beginning with 1.
        """
        if callable(stops):
            self._stops = stops
        else:
            self._stops = lambda _: len(self.operations) >= stops
        self._waits.clear()
        self._may_go.set()
        assert self._waits.wait(_PATIENCE_SECONDS), f"waits for the other writer in {self.operations[-1:]}"
        return not self.is_over

    def finish(self) -> Result:
        """Let the writer run to its end, and return its result or raise its error."""
        if not self.is_over:
            self.run_to(lambda _: False)
        self._thread.join(_PATIENCE_SECONDS)
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]

    def _run(self) -> None:
        self._may_go.wait()
        try:
            self._result = self._act(self._store)
        except BaseException as error:  # noqa: BLE001 - ``finish`` raises it again
            self._error = error
        self.is_over = True
        self._waits.set()

    def _before(self, operation: Operation) -> None:
        if threading.current_thread() is not self._thread:
            return
        self.operations.append(operation)
        if self._stops(operation):
            self._may_go.clear()
            self._waits.set()
            self._may_go.wait()


def operations_of(store: Storage, act: Callable[[Storage], object]) -> list[Operation]:
    """Return the operations of ``act`` on a store, in order."""
    writer = StoppedWriter(store, act)
    writer.finish()
    return writer.operations
