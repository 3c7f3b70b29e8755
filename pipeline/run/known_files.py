"""Which of the matched files a run reads: those that the lake does not know yet."""

from collections.abc import Iterable, Mapping

from newslake.transforms.files.find import FileMatch, FilePattern
from newslake.transforms.files.plan import settings_of, source_uri
from newslake.transforms.lake.inputs import KnownFile

Match = tuple[FileMatch, FilePattern]


def unknown_files(matches: Iterable[Match], known: Mapping[str, KnownFile], version: str) -> list[Match]:
    """Return the files that are not in ``known`` as they are now.

    A file is known if it was read whole, with the same settings and by the same version, and still
    has the size and the time of change that it had then.
    """
    digests: dict[FilePattern, str] = {}
    unread = []
    for match, pattern in matches:
        if pattern not in digests:
            digests[pattern] = settings_of(pattern).digest(version)
        if known.get(source_uri(match, pattern)) != KnownFile(match.size, match.modified, digests[pattern]):
            unread.append((match, pattern))
    return unread
