"""What a lake asks of the store that holds its bytes, and the names that it may ask for.

A name is relative to the lake and has "/" between its parts: ``_newslake/log/00000000000000000042.json``.
Every operation checks its names at this door, so that a lake from a stranger never leads out of its own
folder. A store offers nothing else: no appending, no renaming of what is committed, no searching.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from newslake.schemas.errors import NewslakeError

OWNER = "owner"
"""The file in a folder whose lock says that the owner of the folder lives."""


class LakeError(NewslakeError):
    """The lake cannot be used as it is; the message says what to do."""


class UnsafeNameError(LakeError):
    """A name in the lake leads out of the lake. Nothing was read, written or deleted there."""

    def __init__(self, lake: str, name: str, why: str) -> None:
        super().__init__(lake, name, why)
        self.lake, self.name, self.why = lake, name, why

    def __str__(self) -> str:
        return f"{self.lake}: the name {self.name!r} {self.why}; nothing outside the lake was touched: use no lake that you do not trust"


@dataclass(frozen=True, slots=True)
class Written:
    """Size in bytes and SHA-256, in hex, of a file that was written; no SHA-256 where it is not durable."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stat:
    """Size in bytes, and when the file was written, in seconds since 1970 by the store's own clock."""

    bytes: int
    modified: float


class Lock(ABC):
    """A lock that is held until it is released, or until its process dies."""

    @abstractmethod
    def release(self) -> None: ...

    def __enter__(self) -> "Lock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class Storage(ABC):
    """The bytes of one lake. A storage is a small value that can be pickled and used in any process.

    ``root`` names the lake in messages. ``has_locks`` is False where ``lock`` is not supported. Every
    method raises UnsafeNameError for a name that leads out of the lake, and OSError where the store fails.
    """

    root: str
    has_locks: bool

    @abstractmethod
    def create(self, name: str, data: bytes) -> bool:
        """Create a file in one step and durably, or return False because the name exists.

        Of several writers at most one gets True. False may be wrong on an object store (S3 answers 409 to
        a writer whose rival failed): read the name, and try again where it is absent. After an OSError the
        file may exist or not.
        """

    @abstractmethod
    def write(self, name: str, parts: Iterable[bytes], *, durable: bool = True) -> Written:
        """Write a file whose name holds a nonce, so that nobody else writes it or reads it by chance.

        It is whole when this returns. ``settle`` makes its name durable too. A file that is not
        ``durable`` may be lost with the power. Raises FileExistsError.
        """

    @abstractmethod
    def replace(self, name: str, data: bytes) -> None:
        """Write a file anew in one step. Only for hints, which may be lost but never torn."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Return a whole file. Raises FileNotFoundError."""

    @abstractmethod
    def read_range(self, name: str, start: int, length: int) -> bytes:
        """Return ``length`` bytes from byte ``start`` on; fewer where the file ends. Raises FileNotFoundError."""

    @abstractmethod
    def list(self, folder: str) -> list[str]:
        """Return the last part of the name of each file and folder directly in ``folder``, in order."""

    @abstractmethod
    def stat(self, name: str) -> Stat | None:
        """Return what is known of a file, or None where there is no such file."""

    @abstractmethod
    def link(self, staged: str, final: str) -> None:
        """Give a staged file its final name too; do nothing where that name exists. ``settle`` makes it durable.

        Raises FileNotFoundError where neither exists.
        """

    @abstractmethod
    def settle(self, folder: str) -> None:
        """Make the names of the files in ``folder`` durable. Whoever acts on what it sees there does this first."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a file; one that is gone already is fine."""

    @abstractmethod
    def delete_folder(self, folder: str) -> None:
        """Delete a folder and all in it; one that is gone already is fine."""

    @abstractmethod
    def lock(self, name: str, *, wait_seconds: float = 0, make_folder: bool = True) -> Lock | None:
        """Lock a file, which is created where it is absent; None where another holds it for longer than ``wait_seconds``.

        A folder that is absent appears with the lock held, so that nobody sees it without; None where
        ``make_folder`` is False.
        """

    @abstractmethod
    def local_copy(self, name: str) -> Path:
        """Return a path on this machine that holds the file, for memory maps and for readers that open paths.

        Raises FileNotFoundError.
        """

    def sweep_drafts(self) -> None:
        """Delete what writers that died have left half written. A store that has no drafts does nothing."""
        return


_UNSAFE = re.compile(r"\A/|\A[A-Za-z]:|\\|[\x00-\x1f\x7f]")


def unsafe(name: str) -> str:
    """Return why a name may not be used in a lake, or an empty string where it may.

    >>> unsafe("_newslake/log/1.json"), unsafe("../../home")
    ('', "has a part '..'")
    """
    if _UNSAFE.search(name):
        return "is absolute, or holds a backslash or a control character"
    part = next((part for part in name.split("/") if part in ("", ".", "..")), None)
    return "" if part is None else f"has a part {part!r}"
