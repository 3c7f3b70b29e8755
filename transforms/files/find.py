"""From patterns to files: the files that a path or glob names, with size and time as matched."""

import glob
import os
import re
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from newslake.schemas.raw import SourceSettings
from newslake.schemas.redact import redact, source_name
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.schemas.tables import LOG

_OWN_DESCRIPTOR = re.compile(r"/dev/(?:stdin|stdout|stderr|fd/\d+)|/proc/(?:self|thread-self)/fd/\d+")
"""These names mean another file in each process. So a worker would not open what the user meant,
even if it is a regular file."""
_ANY_FOLDERS = re.compile(r"(?:^|/)(\*\*)(?:/+|$)")
_URI = re.compile(r"\S+://\S+")
_NOT_REGULAR = "it is not a regular file; pipe it to --files - instead"


OpenBytes = Callable[[str], BinaryIO]
"""Opens a URI for reading its stored bytes, seekable. Raises OSError."""


@dataclass(frozen=True, slots=True)
class FileMatch:
    """A file as matched: its size in bytes, and when it was modified, in seconds since 1970.

    Reading stops at that size.
    """

    uri: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class FilePattern:
    """A path or glob, and what the configuration says of its files.

    ``name`` replaces the path in records (standard input has no path). ``is_feed`` says that the
    files are feeds, whatever they look like.
    """

    pattern: str
    settings: SourceSettings
    name: str = ""
    is_feed: bool = False


def is_local(uri: str) -> bool:
    return "://" not in uri


def match_patterns(
    patterns: Iterable[FilePattern], match_remote: Callable[[str], list[FileMatch]], lake: str = ""
) -> tuple[list[tuple[FileMatch, FilePattern]], list[Reject]]:
    """Return every file once, with the first pattern that names it, and the rejects.

    A folder means all files below it, without hidden ones and lakes.

    There is a reject for each pattern that names no file, and for each path that cannot be used.
    ``match_remote`` lists the files of a glob on another file system; it raises OSError. Files in
    the local folder ``lake`` are left out, because a run over them would read what it writes.

    Local paths become absolute, so a file is one source from whichever folder it is named. A
    pattern that is the name of an existing file means that file, even if it looks like a glob.
    """
    found: dict[str, tuple[FileMatch, FilePattern]] = {}
    rejects = []
    for pattern in patterns:
        refused: list[Reject] = []
        try:
            if is_local(pattern.pattern):
                matches, refused = _match_local(pattern.pattern)
                matches = [match for match in matches if pattern.name or not (lake and _is_within(match.uri, lake))]
            else:
                matches = match_remote(pattern.pattern)
        except FileNotFoundError:
            matches = []
        except OSError as error:
            rejects.append(_reject(Reason.UNREADABLE, pattern.pattern, str(error)))
            continue
        rejects += refused
        if not matches and not refused:
            is_glob = glob.has_magic(pattern.pattern)
            reason, what = (
                (Reason.NO_MATCH, "the glob matches nothing") if is_glob else (Reason.MISSING, "there is no such file")
            )
            rejects.append(_reject(reason, pattern.pattern, what))
        for match in matches:
            found.setdefault(match.uri, (match, pattern))
    return list(found.values()), rejects


def _match_local(pattern: str) -> tuple[list[FileMatch], list[Reject]]:
    if Path(pattern).is_dir():
        paths = sorted(_files_below(pattern))
        if not paths:
            return [], [_reject(Reason.NO_MATCH, pattern, "the folder holds no file")]
    elif not glob.has_magic(pattern) or Path(pattern).exists():
        paths = [pattern]
    else:
        paths = sorted({path for path in _expand(pattern) if not Path(path).is_dir()})
    matches, rejects = [], []
    for path in paths:
        match = _stat(os.path.abspath(path))  # noqa: PTH100  (Path.resolve would follow links)
        if isinstance(match, Reject):
            # A URL without its scheme looks like a missing path. In an absolute path its password
            # would not be recognised, so redact the path as given.
            rejects.append(match if redact(path) == path else replace(match, source_uri=source_name(path)))
        else:
            matches.append(match)
    return matches, rejects


def _is_within(path: str, folder: str) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _expand(pattern: str) -> Iterator[str]:
    """Yield the paths of a glob.

    This walks ``**`` itself, because the glob module follows a loop of links until the name is too
    long.
    """
    stars = _ANY_FOLDERS.search(pattern)
    if stars is None:
        yield from glob.iglob(pattern)  # noqa: PTH207  (any root)
        return
    left = pattern[: stars.start(1)]
    for root in glob.iglob(left) if left else ("",):  # noqa: PTH207
        for folder in _folders_below(root):
            yield from _expand(os.path.join(glob.escape(folder), pattern[stars.end() :] or "*"))  # noqa: PTH118  (Path drops "./")


def _folders_below(root: str) -> Iterator[str]:
    """Yield a folder and all folders below it, each once, without hidden ones, as the shell does.

    A folder that links reach too comes by its path without links, if it has one below ``root``.
    """
    pending, seen = deque([root]), set()
    while pending:
        folder = pending.popleft()
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        yield folder
        for path in glob.iglob(os.path.join(glob.escape(folder), "*", "")):  # noqa: PTH118, PTH207
            if Path(path).is_symlink():
                pending.append(path)
            else:
                pending.appendleft(path)


def _files_below(root: str) -> Iterator[str]:
    """Yield the files in a folder and in all folders below it, without hidden ones and lakes.

    A folder that links reach comes once.
    """
    seen = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen or Path(folder, LOG).is_dir():
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (os.path.join(folder, name) for name in files if not name.startswith("."))  # noqa: PTH118


def _stat(path: str) -> FileMatch | Reject:
    """Return the file, or a Reject if it cannot be used.

    This does not open the file, because opening a pipe waits for its writer.
    """
    try:
        status = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        is_link = Path(path).is_symlink()
        return _reject(
            Reason.MISSING, path, "it is a link to a file that is not there" if is_link else "there is no such file"
        )
    except OSError as error:
        return _reject(Reason.UNREADABLE, path, error.strerror or str(error))
    except ValueError as error:  # no file system has such a name
        return _reject(Reason.MISSING, path, f"there is no such file: {error}")
    if _OWN_DESCRIPTOR.fullmatch(path) or not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return _reject(Reason.UNREADABLE, path, _NOT_REGULAR)
    return FileMatch(path, status.st_size, status.st_mtime)


def _reject(reason: Reason, pattern: str, detail: str) -> Reject:
    shown = _URI.sub(lambda uri: redact(uri[0]), detail)
    return Reject(Stage.MATCH_FILES, reason, source_name(pattern), shown, whole_source=True)
