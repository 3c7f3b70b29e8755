"""Patterns to files: what a path or glob of the user names, with size and time as matched."""

import glob
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from schemas.raw import SourceSettings
from schemas.reject import Reason, Reject, Stage
from transforms.files.match import FileMatch


@dataclass(frozen=True, slots=True)
class FilePattern:
    """A path or glob and what the configuration says of its files.

    ``name`` stands for the path in records (standard input has none); ``is_feed`` says that the files are feeds, whatever they look like.
    """

    pattern: str
    settings: SourceSettings
    name: str = ""
    is_feed: bool = False


def is_local(uri: str) -> bool:
    return "://" not in uri


def match_patterns(
    patterns: Iterable[FilePattern], match_remote: Callable[[str], list[FileMatch]]
) -> tuple[list[tuple[FileMatch, FilePattern]], list[Reject]]:
    """Every file once, under the first pattern that names it; and a reject for each pattern that names none.

    ``match_remote`` lists the files of a glob on another file system; it raises OSError. Local paths become absolute, so that a file is
    the same source from whichever folder it is named; a name that exists is itself, even where it looks like a glob.
    """
    found: dict[str, tuple[FileMatch, FilePattern]] = {}
    rejects = []
    for pattern in patterns:
        try:
            matches = _match_local(pattern.pattern) if is_local(pattern.pattern) else match_remote(pattern.pattern)
        except FileNotFoundError:
            matches = []
        except OSError as error:
            rejects.append(_reject(Reason.UNREADABLE, pattern.pattern, str(error)))
            continue
        if not matches:
            is_glob = glob.has_magic(pattern.pattern)
            reason, what = (Reason.NO_MATCH, "the glob matches nothing") if is_glob else (Reason.MISSING, "there is no such file")
            rejects.append(_reject(reason, pattern.pattern, what))
        for match in matches:
            found.setdefault(match.uri, (match, pattern))
    return list(found.values()), rejects


def _match_local(pattern: str) -> list[FileMatch]:
    if Path(pattern).exists() or not glob.has_magic(pattern):
        paths = [pattern]
    else:
        paths = sorted(path for path in glob.iglob(pattern, recursive=True) if not Path(path).is_dir())  # noqa: PTH207 (any root)
    return [_stat(os.path.abspath(path)) for path in paths]  # noqa: PTH100  (Path.resolve would follow links)


def _stat(path: str) -> FileMatch:
    status = Path(path).stat()
    return FileMatch(path, status.st_size, status.st_mtime)


def _reject(reason: Reason, pattern: str, detail: str) -> Reject:
    return Reject(Stage.MATCH_FILES, reason, pattern, detail, whole_source=True)
