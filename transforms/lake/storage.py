"""Files of the lake on a local disk: written whole and durably, created only if absent, linked into place.

Every function that creates something fsyncs the file and its folder before it returns (POSIX: a file's name is durable only when its
folder is), so that what the log names is there after a power cut.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path


class LakeError(Exception):
    """The lake cannot be used as it is; the message says what to do."""


def local_root(lake: str) -> Path:
    """The lake's folder; LakeError for a URL, or a path that is a file."""
    if "://" in lake:
        raise LakeError(f"{lake}: lakes stand on a local path in this version; give a folder, as in --lake ./lake")
    root = Path(lake)
    if root.exists() and not root.is_dir():
        raise LakeError(f"{lake} is a file; give a folder for the lake, as in --lake ./lake")
    return root


def make_folder(path: Path) -> None:
    """Create ``path`` and its missing parents, durably."""
    missing = []
    while not path.is_dir():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, parts: Iterable[bytes]) -> tuple[int, str]:
    """Write a file that must not exist (its name holds a nonce); its size in bytes and SHA-256 in hex.

    The folder is not synced: the caller does it once for many files.
    """
    digest = hashlib.sha256()
    size = 0
    with path.open("xb", buffering=0) as file:
        for part in parts:
            digest.update(part)
            size += len(part)
            view = memoryview(part)
            while view:
                view = view[file.write(view) :]
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def create_if_absent(path: Path, data: bytes) -> bool:
    """Create ``path`` with ``data`` in one step, or return False where it exists: of several writers exactly one gets True."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_new(draft, [data])
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return True


def replace(path: Path, data: bytes) -> None:
    """Write ``path`` anew in one step, for hints that may be lost but never torn."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_new(draft, [data])
    draft.replace(path)
    sync_folder(path.parent)


def link_or_copy(staged: Path, final: Path) -> None:
    """Give a staged file its final name; nothing happens where that name exists already.

    A file system without hard links gets a copy, which appears whole under its name.
    """
    if final.exists():
        return
    try:
        os.link(staged, final)
    except FileExistsError:
        return
    except (PermissionError, NotADirectoryError):
        raise
    except OSError:
        draft = final.with_name(f".{final.name}.{secrets.token_hex(8)}")
        shutil.copyfile(staged, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(final)


def remove_tree(path: Path) -> None:
    """Delete a folder and all in it; one that is gone already is fine."""
    shutil.rmtree(path, ignore_errors=True)
