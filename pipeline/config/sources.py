"""The sources of a run: feeds, OPML lists of feeds, and files, with their settings."""

import glob
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from newslake.schemas.raw import SourceSettings

_HOST_AND_PATH = re.compile(
    r"(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?::\d+)?(?P<path>[/?][^*\[]*)?", re.IGNORECASE
)
_FILE_ENDINGS = frozenset({"xml", "rss", "atom", "rdf", "json", "gz", "bz2", "zst", "zip", "tar", "html", "htm", "txt"})
"""Endings of saved feeds. A bare name with one of them is a file, though "zip" is a domain too."""
_OPML_ENDING = re.compile(r"\.opml(?:[?#].*)?\Z", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed or an OPML list at ``location``: an http(s) URL, or for a list also a path."""

    location: str
    settings: SourceSettings


@dataclass(frozen=True, slots=True)
class FileSource:
    """Files: a path, a glob, a URI of a Beam file system, or "-" for standard input.

    ``is_feed`` says that the user named them as feeds.
    """

    glob: str
    settings: SourceSettings
    is_feed: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources of a run, by the way in which each is reached."""

    feeds: tuple[FeedSource, ...] = ()
    opml: tuple[FeedSource, ...] = ()
    files: tuple[FileSource, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.feeds or self.opml or self.files)


def feed_source(location: str, settings: SourceSettings, *, is_opml: bool = False, folder: str = "") -> Sources:
    """Return the source at ``location``: an OPML list, a feed, or saved feeds.

    It is an OPML list if ``is_opml``, or if ``location`` ends in ".opml"; a query may follow. Else
    it is a feed if ``location`` is an http(s) URL, or a host with or without a path
    (``example.org/rss``) that is no file: https is meant then. Else it is a path or a glob of saved
    feeds. A path is relative to ``folder``; a URI, an absolute path and "-" stay as they are.
    """
    if is_opml or _OPML_ENDING.search(location):
        return Sources(opml=(FeedSource(_within(folder, location), settings),))
    if location.lower().startswith(("http://", "https://")):
        return Sources(feeds=(FeedSource(location, settings),))
    if _is_host(location) and not Path(_within(folder, location)).exists():
        return Sources(feeds=(FeedSource(f"https://{location}", settings),))
    return file_source(location, settings, is_feed=True, folder=folder)


def _is_host(location: str) -> bool:
    """Tell whether a location is a host, with or without a path.

    >>> [_is_host(one) for one in ("example.org/rss", "example.org", "saved.xml", "in/a.xml")]
    [True, True, False, False]
    """
    found = _HOST_AND_PATH.fullmatch(location)
    if found is None:
        return False
    return bool(found["path"]) or found["host"].rpartition(".")[2].lower() not in _FILE_ENDINGS


def file_source(pattern: str, settings: SourceSettings, *, is_feed: bool = False, folder: str = "") -> Sources:
    """Return the source that ``pattern`` names, a path or glob relative to ``folder``."""
    return Sources(files=(FileSource(_within(glob.escape(folder), pattern), settings, is_feed=is_feed),))


def merge_sources(parts: Iterable[Sources]) -> Sources:
    """Return all sources in their order; the first mention of a location counts."""
    feeds: dict[str, FeedSource] = {}
    opml: dict[str, FeedSource] = {}
    files: dict[str, FileSource] = {}
    for part in parts:
        for feed in part.feeds:
            feeds.setdefault(feed.location, feed)
        for feed_list in part.opml:
            opml.setdefault(feed_list.location, feed_list)
        for file in part.files:
            files.setdefault(file.glob, file)
    return Sources(tuple(feeds.values()), tuple(opml.values()), tuple(files.values()))


def covers(pattern: str, other: str) -> bool:
    """Tell whether the glob ``pattern`` covers a path, or a glob that is narrower.

    >>> covers("news/**/*.csv", "news/2024/03/a.csv"), covers("news/*.csv", "news/2024-*.csv")
    (True, True)
    >>> covers("news/*.csv", "news/old/a.csv")
    False
    """
    if pattern == other:
        return True
    if "://" in pattern or "://" in other or "-" in (pattern, other):
        return False
    parts, others = (list(Path(os.path.abspath(one)).parts) for one in (pattern, other))  # noqa: PTH100
    return _cover(parts, others)


def _cover(parts: list[str], others: list[str]) -> bool:
    if not parts or not others:
        return not parts and not others
    if parts[0] == "**":
        return any(_cover(parts[1:], others[start:]) for start in range(len(others)))
    return fnmatchcase(others[0], parts[0]) and _cover(parts[1:], others[1:])


def with_fields(source: FileSource, fields: tuple[tuple[str, str], ...]) -> FileSource:
    """Return a source whose columns fill ``fields`` before those of its own settings."""
    given = dict(fields)
    kept = tuple((column, target) for column, target in source.settings.fields if column not in given)
    return replace(source, settings=replace(source.settings, fields=(*fields, *kept)))


def _within(folder: str, pattern: str) -> str:
    """Return ``pattern`` with ``folder`` in front.

    A URI, an absolute path and "-" come back unchanged.
    """
    if "://" in pattern or pattern == "-":
        return pattern
    return os.path.join(folder, pattern)  # noqa: PTH118  (Path would change a glob)
