"""The files that the lake has read, by which a later run knows them again."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newslake.schemas import codec
from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import Decision, SourceManifest
from newslake.schemas.tables import INPUTS
from newslake.transforms.lake.log import LakeState
from newslake.transforms.lake.state_files import read_newest
from newslake.transforms.storage.base import Storage

_SETTLED_SECONDS = 2.0
"""A file that changed later than this before the run may change again within the same time stamp.

FAT keeps times to 2 seconds."""
_MEMBER = "!/"


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that was read whole: size in bytes, time of change, and a digest of the settings."""

    size: int
    modified: float
    settings: str


def read_known_files(lake: Storage, state: LakeState) -> dict[str, KnownFile]:
    """Return the files that need not be read again, by their URI.

    A file of which a part failed, was rejected or quarantined is not among them. Neither is one
    that changed within 2 seconds before it was read.
    """
    return {
        uri: KnownFile(row["size"], row["modified"], row["settings"])
        for uri, row in read_newest(lake, state, INPUTS).items()
        if row.get("is_whole")
    }


def input_rows(run: RunFacts, manifests: Iterable[SourceManifest], decision: Decision) -> list[bytes]:
    """Return the rows of the files that a run has read, encoded."""
    manifests = list(manifests)
    faulty = {one.source_uri for one in manifests if one.failed or not one.is_whole}
    faulty |= {counts.source_uri for counts in decision.sources if counts.rejected}
    faulty |= set(decision.quarantined_sources)
    faulty |= {uri.partition(_MEMBER)[0] for uri in faulty}  # an archive whose member is faulty
    read_at = codec.timestamp(dt.datetime.fromtimestamp(run.began, dt.UTC))
    rows: dict[str, Mapping[str, object]] = {
        one.source_uri: {
            "uri": one.source_uri,
            "size": one.size,
            "modified": one.modified,
            "read_at": read_at,
            "settings": one.settings,
            "is_whole": one.source_uri not in faulty and one.modified <= run.began - _SETTLED_SECONDS,
        }
        for one in manifests
        if one.size and not one.is_fetch
    }
    return [codec.encode(row) for _, row in sorted(rows.items())]
