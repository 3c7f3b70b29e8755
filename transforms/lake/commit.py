"""The commit: check the accounts, write the run's own rows, and append one entry to the log."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from schemas import codec
from schemas.lake import FETCHES, RUNS, FetchRow, RunSummary
from schemas.staged import Resolution, RunPlace, SourceManifest, StagedFile
from transforms.lake import log, publish, storage
from transforms.lake.log import Input, LiveFile, LogEntry
from transforms.lake.storage import LakeError

QUARANTINED = "quarantined"

_OUTCOME = "outcome.json"
_DETAIL_CHARS = 200


class Status(StrEnum):
    """What became of the run."""

    COMMITTED = "committed"
    NO_SOURCE = "no_source"
    UNBALANCED = "unbalanced"
    BUSY = "busy"
    PREVIEWED = "previewed"
    KEY_TAKEN = "key_taken"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``status``, the run's summary, a sentence of ``detail`` where it was not committed, and the entry's number (0: none).

    ``has_source`` is False where no source could be used.
    """

    status: Status
    summary: RunSummary
    detail: str = ""
    entry: int = 0
    has_source: bool = True
    files: tuple[StagedFile, ...] = ()
    has_internal_errors: bool = False


@dataclass(frozen=True, slots=True)
class RunMeta:
    """What the summary says of the run itself: its instant, the clock (seconds since 1970) when it began, and how long it took so far."""

    started_at: str
    began: float
    engine: str
    pipeline_version: str
    compression: str = "gzip"
    seconds: float = 0.0

    def after(self, clock: float) -> "RunMeta":
        return replace(self, seconds=max(clock - self.began, 0.0))

    @property
    def ended_at(self) -> str:
        """Return when the run commits, by the clock; ``started_at`` may be an instant that the user gave."""
        return codec.timestamp(dt.datetime.fromtimestamp(self.began + self.seconds, dt.UTC))


def commit_run(
    place: RunPlace,
    meta: RunMeta,
    manifests: Sequence[SourceManifest],
    resolution: Resolution,
    built: Sequence[StagedFile],
    *,
    preview: bool = False,
) -> Outcome:
    """Commit a run, or say why not. Nothing is visible in the lake unless the status is COMMITTED or NO_SOURCE (rejects only).

    Raises OSError where the disk fails; the lake is then as before or, from the entry on, as after.
    """
    summary = summarise(place, meta, manifests, resolution)
    complaint = unbalanced(summary, resolution, built)
    if complaint:
        return Outcome(Status.UNBALANCED, summary, complaint)
    usable = summary["sources_ok"] + summary["sources_quarantined"] > 0 or summary["sources_failed"] == 0
    own = (
        [publish.write_lines(place, FETCHES, _fetch_rows(place, meta, manifests, resolution), meta.compression)]
        if any(manifest.is_fetch for manifest in manifests)
        else []
    )
    files = [file for file in built if file.rows] + own
    summary["files"] = len(files) + 1
    if preview:
        return Outcome(Status.PREVIEWED, summary, files=tuple(files), has_source=usable)
    files.append(publish.write_lines(place, RUNS, [codec.encode(summary)], meta.compression))
    entry = LogEntry(
        number=place.base + 1,
        token=place.token,
        run_id=place.run_id,
        run_key=place.run_key if usable else None,
        committed_at=meta.ended_at,
        files=tuple(_live(file) for file in files),
        index_added=tuple(_live(file) for file in resolution.index_added),
        index_removed=resolution.index_removed,
        inputs=tuple(sorted(_inputs(manifests), key=lambda one: one.uri)),
        summary=dict(summary),
    )
    sync_staging(place)
    if missing := [file.staged for file in (*entry.files, *entry.index_added) if not Path(place.lake, file.staged).is_file()]:
        raise LakeError(f"{missing[0]} is gone before it was committed; nothing was added: run again")
    status = Status.COMMITTED if usable else Status.NO_SOURCE
    return _append(
        place, entry, Outcome(status, summary, files=tuple(files), has_source=usable, has_internal_errors=resolution.internal_errors > 0)
    )


def write_outcome(place: RunPlace, outcome: Outcome) -> None:
    """Leave word in the staging folder for whoever started the run: a runner hands no result back."""
    storage.replace(Path(place.lake, place.staging, _OUTCOME), codec.encode(asdict(outcome)))


def read_outcome(place: RunPlace) -> Outcome | None:
    """What write_outcome wrote; None where the run did not come so far."""
    try:
        document = codec.decode(Path(place.lake, place.staging, _OUTCOME).read_bytes())
    except FileNotFoundError:
        return None
    files = tuple(StagedFile(**file) for file in document.pop("files"))
    return Outcome(Status(document.pop("status")), files=files, **document)


def summarise(place: RunPlace, meta: RunMeta, manifests: Sequence[SourceManifest], resolution: Resolution) -> RunSummary:
    """The run's counts. ``read`` comes from the readers' manifests alone, all else from the verdicts."""
    failed = {manifest.source_uri: failure(manifest) for manifest in manifests if manifest.failed}
    quarantined = resolution.quarantined_sources
    sources = {manifest.source_uri for manifest in manifests}
    return RunSummary(
        run_id=place.run_id,
        run_key=place.run_key or place.run_id,
        started_at=meta.started_at,
        read=sum(manifest.items for manifest in manifests) - resolution.quarantined,
        new=resolution.new,
        revised=resolution.revised,
        unchanged=resolution.unchanged,
        duplicates=resolution.duplicates,
        rejected=resolution.staged_rejects,
        quarantined=resolution.quarantined,
        sources_ok=len(sources - failed.keys() - set(quarantined)),
        sources_failed=len(failed),
        sources_quarantined=len(quarantined),
        failures=[told for _, told in sorted(failed.items())] + [f"{uri}: {QUARANTINED}" for uri in quarantined],
        seconds=round(meta.seconds, 3),
        files=0,
        engine=meta.engine,
        pipeline_version=meta.pipeline_version,
        near_candidates=resolution.near_candidates,
        near_verified=resolution.near_verified,
        near_dropped=resolution.near_dropped,
    )


def failure(manifest: SourceManifest) -> str:
    """``uri: reason (detail)`` on one line: what the summary says of a source that could not be used."""
    detail = " ".join(manifest.detail.split())[:_DETAIL_CHARS]
    return f"{manifest.source_uri}: {manifest.failed}" + (f" ({detail})" if detail else "")


def unbalanced(summary: RunSummary, resolution: Resolution, built: Sequence[StagedFile]) -> str:
    """What does not add up, as a sentence; empty where all does."""
    accounted = summary["new"] + summary["revised"] + summary["unchanged"] + summary["duplicates"] + summary["rejected"]
    if summary["read"] != accounted:
        return f"the readers met {summary['read']} articles, but {accounted} are accounted for"
    expected = {
        "articles": resolution.new,
        "revisions": resolution.revised,
        "duplicates": resolution.duplicates,
        "rejects": resolution.written_rejects,
    }
    for table, rows in expected.items():
        written = sum(file.rows for file in built if file.table == table)
        if written != rows:
            return f"{rows} rows were decided for {table}, but {written} were written"
    return ""


def sync_staging(place: RunPlace) -> None:
    """Make the names of the staged files durable, before an entry names them."""
    storage.sync_folder(Path(place.lake, place.staging))


def _append(place: RunPlace, entry: LogEntry, outcome: Outcome) -> Outcome:
    """Append the entry under the next free number, unless what came between changes what this run decided by."""
    nothing = RunSummary(**{**outcome.summary, "files": 0})
    while not log.append(place.lake, entry):
        other = log.read_entry(place.lake, entry.number)
        if other is None:
            continue
        if other.token == place.token:
            return replace(outcome, entry=other.number)
        if place.token in other.swept:
            return replace(outcome, status=Status.BUSY, summary=nothing, detail="another run swept this one's staged files")
        if entry.run_key is not None and other.run_key == entry.run_key:
            return replace(outcome, status=Status.KEY_TAKEN, entry=other.number, detail=f"run key {entry.run_key} was committed meanwhile")
        if (other.index_added or other.index_removed) and entry.index_added:
            return replace(outcome, status=Status.BUSY, summary=nothing, detail=f"run {other.run_id} committed to the lake meanwhile")
        entry = replace(entry, number=entry.number + 1)
    return replace(outcome, entry=entry.number)


def _fetch_rows(place: RunPlace, meta: RunMeta, manifests: Sequence[SourceManifest], resolution: Resolution) -> list[bytes]:
    new = dict(resolution.new_by_source)
    rows = []
    for manifest in sorted((one for one in manifests if one.is_fetch), key=lambda one: one.source_uri):
        entries = 0 if manifest.failed else manifest.items
        row = FetchRow(
            feed=manifest.source_uri,
            checked_at=meta.started_at,
            status=manifest.status,
            entries=entries,
            new=new.get(manifest.source_uri, 0),
            may_have_missed=False,
            run_id=place.run_id,
        )
        rows.append(codec.encode(row))
    return rows


def _inputs(manifests: Sequence[SourceManifest]) -> set[Input]:
    return {Input(one.source_uri, one.size, one.modified) for one in manifests if one.size and not one.is_fetch}


def _live(file: StagedFile) -> LiveFile:
    return LiveFile(**asdict(file))
