"""The interface of the store that holds the bytes of a lake, and the rule for safe names.

A name is relative to the lake, with "/" between its parts, such as
``_newslake/log/00000000000000000042.json``. Every operation checks its names first. So a lake that
a stranger made never leads to files outside its folder. A store offers only these operations: it
has no append, no rename of committed files and no search.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from newslake.schemas.errors import NewslakeError

OWNER = "owner"
"""The name of the lock file in a folder. Its lock is held as long as the folder's owner lives."""


class LakeError(NewslakeError):
    """The lake cannot be used in its present state; the message says what to do."""


class UnsafeNameError(LakeError):
    """A name in the lake leads out of the lake. Nothing was read, written or deleted there."""

    def __init__(self, lake: str, name: str, why: str) -> None:
        super().__init__(lake, name, why)
        self.lake, self.name, self.why = lake, name, why

    def __str__(self) -> str:
        return (
            f"{self.lake}: the name {self.name!r} {self.why}; nothing outside the lake was touched; "
            "do not use a lake that you do not trust"
        )


@dataclass(frozen=True, slots=True)
class Written:
    """The size in bytes and SHA-256 in hex of a written file; the SHA-256 is "" if not durable."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stat:
    """The size of a file in bytes, and its time of writing in seconds since 1970.

    The time is that of the store's own clock.
    """

    bytes: int
    modified: float


class Lock(ABC):
    """A lock that is held until its holder releases it or the holder's process dies."""

    @abstractmethod
    def release(self) -> None: ...

    def __enter__(self) -> "Lock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class Storage(ABC):
    """The store of one lake: a small value that can be pickled and used in any process.

    ``root`` names the lake in messages. ``has_locks`` is False if the store does not support
    ``lock``. Every method raises UnsafeNameError for a name that leads out of the lake, and OSError
    if the store fails.
    """

    root: str
    has_locks: bool

    @abstractmethod
    def create(self, name: str, data: bytes) -> bool:
        """Create a durable file in one step and return True; return False if the name exists.

        If several writers create one name, at most one gets True. An object store may answer False
        although the name is absent, because S3 answers 409 to a writer whose rival failed. So read
        the name after False, and try again if it is absent. After an OSError the file may or may
        not exist.
        """

    @abstractmethod
    def write(self, name: str, parts: Iterable[bytes], *, durable: bool = True) -> Written:
        """Write a new file in parts, and return its size and SHA-256.

        The file is whole when this method returns, but others can see it half written before. So
        its name must hold a nonce, which nobody else writes or reads by chance. Call ``settle`` to
        make the name durable too. A file that is not ``durable`` may be lost when the power fails.
        Raises FileExistsError.
        """

    @abstractmethod
    def replace(self, name: str, data: bytes) -> None:
        """Write a file in one step, over an old one if it exists.

        Use it for hints only: the file may be lost later, but it is never half written.
        """

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Return a whole file. Raises FileNotFoundError."""

    @abstractmethod
    def read_range(self, name: str, start: int, length: int) -> bytes:
        """Return ``length`` bytes from byte ``start`` on, or fewer if the file ends before.

        Raises FileNotFoundError.
        """

    @abstractmethod
    def list(self, folder: str) -> list[str]:
        """Return the sorted names of the files and folders directly in ``folder``.

        Each name is the last part alone. Return [] if there is no such folder.
        """

    @abstractmethod
    def stat(self, name: str) -> Stat | None:
        """Return size and time of a file, or None if there is no such file."""

    @abstractmethod
    def link(self, staged: str, final: str) -> None:
        """Give a staged file a second, final name. Do nothing if the final name exists.

        Call ``settle`` to make the final name durable. Raises FileNotFoundError if neither exists.
        """

    @abstractmethod
    def settle(self, folder: str) -> None:
        """Make the names of the files in ``folder`` durable. Do nothing if it does not exist.

        A process calls it before it acts on the files that it sees there.
        """

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a file. Do nothing if it does not exist."""

    @abstractmethod
    def delete_folder(self, folder: str) -> None:
        """Delete a folder and all in it. Do nothing if it does not exist."""

    @abstractmethod
    def lock(self, name: str, *, wait_seconds: float = 0, make_folder: bool = True) -> Lock | None:
        """Lock a file, which is created if it is absent, and return the lock.

        Return None if another process still holds the lock after ``wait_seconds``. If the file's
        folder is absent, the folder is made and appears with the lock already held. Return None if
        the folder is absent and ``make_folder`` is False.
        """

    @abstractmethod
    def local_copy(self, name: str) -> Path:
        """Return a path on this machine that holds the bytes of the file.

        Memory maps and readers that open paths need it. Raises FileNotFoundError.
        """

    def sweep_drafts(self) -> None:
        """Delete the drafts of dead writers. A store without drafts does nothing."""
        return


_UNSAFE = re.compile(r"\A/|\A[A-Za-z]:|\\|[\x00-\x1f\x7f]")


def unsafe(name: str) -> str:
    """Return why a lake may not use the name, as the rest of a sentence; "" if it may.

    >>> unsafe("_newslake/log/1.json"), unsafe("../../home")
    ('', "has a part '..'")
    """
    if _UNSAFE.search(name):
        return "is absolute, or holds a backslash or a control character"
    part = next((part for part in name.split("/") if part in ("", ".", "..")), None)
    return "" if part is None else f"has a part {part!r}"
