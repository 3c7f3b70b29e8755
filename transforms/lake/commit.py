"""The commit: check the accounts, write the run's own rows, and append one entry to the log.

Another writer may take the entry's number first. Then the run checks whether the new entries touch
the rows that its verdicts depend on. If they do not, the verdicts stay valid. If they do, the run
decides again at the new head, from the columns that it has staged.
"""

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Protocol, cast

from newslake.schemas import codec
from newslake.schemas.feed_state import FeedCheck, FeedOutcome, FeedState
from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import (
    FAILED_BEFORE,
    NOT_DUE,
    NOT_MODIFIED,
    BuildTask,
    Decision,
    Shard,
    SourceCounts,
    SourceManifest,
    StagedFile,
)
from newslake.schemas.tables import FEEDS, FETCHES, INPUTS, META, RUNS, TURN, FetchRow, RunSummary
from newslake.transforms.lake import attempt, build, log, recover
from newslake.transforms.lake.attempt import End, Fate
from newslake.transforms.lake.feed_states import encode_state, read_states
from newslake.transforms.lake.inputs import input_rows
from newslake.transforms.lake.layout import part_path
from newslake.transforms.lake.log import Failure, LakeState, LogEntry, Operation
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.base import LakeError, Lock, Storage

QUARANTINED = "quarantined"
WAIT_SECONDS = 600.0
LOSSES_BEFORE_TURN = 3

_OUTCOME = "outcome.json"
_DETAIL_CHARS = 1_000
_POLITE_SECONDS = 10.0
"""How long a writer waits for the writer that has the turn.

Then it goes on, because the other may be stopped."""
_JITTER_SECONDS = 0.02

Decide = Callable[[RunFacts, LakeState, Sequence[Shard], Sequence[SourceManifest]], tuple[list[BuildTask], Decision]]
"""A function that gives every staged row its verdict at a state of the lake.

It writes the verdicts and index files into staging.
"""
Touches = Callable[[RunFacts, Sequence[Shard], Decision, Sequence[LogEntry]], bool]
"""A function that tells whether entries added rows to the index that may change the decision."""
Build = Callable[[RunFacts, Sequence[BuildTask]], list[StagedFile]]
"""A function that writes output files into staging."""


class Remember(Protocol):
    """A function that returns the new state of a feed from a check and the verdicts on its entries.

    ``is_written`` tells that every entry of the feed is in the lake after the commit.
    """

    def __call__(self, check: FeedCheck, counts: SourceCounts, now: dt.datetime, *, is_written: bool) -> FeedState:
        """Return the state of the feed after the check."""


class Status(StrEnum):
    """How a run ended."""

    COMMITTED = "committed"
    NO_SOURCE = "no_source"
    UNBALANCED = "unbalanced"
    BUSY = "busy"
    PREVIEWED = "previewed"
    KEY_TAKEN = "key_taken"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a run: its status and its summary.

    ``detail`` is a sentence that says why the run was not committed. ``entry`` is the number of its
    log entry, 0 without one. ``has_source`` is False if no source could be used. ``failures`` are
    the sources that could not be used or were quarantined. ``files`` are the files that a preview
    built. ``is_repeated`` tells that an earlier run with the same key ended so.
    """

    status: Status
    summary: RunSummary
    detail: str = ""
    entry: int = 0
    has_source: bool = True
    files: tuple[StagedFile, ...] = ()
    failures: tuple[Failure, ...] = ()
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class CommitSettings:
    """The settings that all runs of a graph share.

    ``engine`` and ``pipeline_version`` go into the summary. ``wait_seconds`` says how long a run
    tries again if other writers commit first.
    """

    engine: str
    pipeline_version: str
    compression: str = "gzip"
    wait_seconds: float = WAIT_SECONDS


@dataclass(frozen=True, slots=True)
class Acts:
    """The functions of other stages that the commit calls."""

    decide: Decide
    touches: Touches
    build: Build
    remember: Remember


@dataclass(frozen=True, slots=True)
class Work:
    """All that a run has staged, decided and built. ``built`` are the files of ``decision``."""

    manifests: Sequence[SourceManifest] = ()
    shards: Sequence[Shard] = ()
    decision: Decision = field(default_factory=Decision)
    built: Sequence[StagedFile] = ()


def commit_run(lake: Storage, run: RunFacts, work: Work, acts: Acts, settings: CommitSettings) -> Outcome:
    """Commit a run, and return its outcome, which says why if the run was not committed.

    The lake shows nothing of the run unless the outcome has an entry. Raises OSError if the store
    fails, and LakeError if a file is missing. After an error only the log says whether the run was
    committed.
    """
    try:
        return _committed(lake, run, work, acts, settings)
    except (LakeError, OSError):
        # The same step may run twice at once. If the log already ends the run, its staged files are
        # gone, and the error only shows that.
        opened = attempt.open_attempt(lake, run)
        if opened.fate is None:
            raise
        return _ended(lake, opened.state, opened.fate, summarise(run, work, settings, time.time()))


def _committed(lake: Storage, run: RunFacts, work: Work, acts: Acts, settings: CommitSettings) -> Outcome:
    seen, known = run.since, None
    with _Turn(lake, settings.wait_seconds) as turn:
        while True:
            state = known = log.current_state(lake, known)
            summary = summarise(run, work, settings, time.time())
            looked = _look(lake, run, work, acts, state, seen)
            seen = state.number
            if looked.fate is not None:
                return _ended(lake, state, looked.fate, summary)
            if looked.is_hit:
                if not turn.again(is_costly=True):
                    return _busy(summary, "other runs committed to the lake meanwhile")
                work = _decide_again(lake, state, run, work, acts)
                continue
            if complaint := unbalanced(summary, work):
                return Outcome(Status.UNBALANCED, summary, complaint)
            turn.let_others_first()
            staging, feeds = Staging(lake, run.staging), _feed_states(lake, state, run, work, acts)
            standing = _append(lake, state, _entry(staging, run, work, summary, feeds, settings))
            if standing is not None and standing.commit == run.commit:
                recover.roll_forward(lake, state)
                return outcome_of(standing)
            if not turn.again():
                return _busy(summary, "other runs committed to the lake meanwhile")


def preview_run(staging: Staging, run: RunFacts, work: Work, settings: CommitSettings) -> Outcome:
    """Return the outcome that a commit would have, with the files in staging; commit nothing."""
    summary = summarise(run, work, settings, time.time())
    if complaint := unbalanced(summary, work):
        return Outcome(Status.UNBALANCED, summary, complaint)
    files = _table_files(staging, run, work, [], settings)
    summary["files"] = len(files) + 1
    return Outcome(
        Status.PREVIEWED, summary, files=tuple(files), has_source=_has_source(summary), failures=_failures(work)
    )


def outcome_of(entry: LogEntry) -> Outcome:
    """Return the outcome of the run that this entry commits."""
    summary = cast(RunSummary, dict(entry.summary or {}))
    for name in RunSummary.__annotations__:
        summary.setdefault(name, None)  # type: ignore[misc]  # entries of earlier versions lack the last ones
    summary["notices"] = summary["notices"] or []
    has_source = _has_source(summary)
    status = Status.COMMITTED if has_source else Status.NO_SOURCE
    return Outcome(status, summary, entry=entry.number, has_source=has_source, failures=entry.failures)


def write_outcome(staging: Staging, outcome: Outcome) -> None:
    """Write the outcome of a run without an entry into its staging folder.

    The process that started the run reads it there, because a runner returns no result.
    """
    staging.storage.replace(staging.name(_OUTCOME), codec.encode(asdict(outcome)))


def read_outcome(staging: Staging) -> Outcome | None:
    """Return the outcome that write_outcome wrote, or None if it wrote none."""
    try:
        document = codec.decode(staging.storage.read(staging.name(_OUTCOME)))
    except FileNotFoundError:
        return None
    files = tuple(StagedFile(**file) for file in document.pop("files"))
    failures = tuple(Failure(**failure) for failure in document.pop("failures"))
    return Outcome(Status(document.pop("status")), files=files, failures=failures, **document)


# The accounts.


def summarise(run: RunFacts, work: Work, settings: CommitSettings, clock: float) -> RunSummary:
    """Return the run's summary.

    ``read`` comes from the readers' manifests, less the quarantined articles. The other counts of
    articles come from the decision. ``clock`` is the present time, in seconds since 1970.
    """
    decision = work.decision
    failures = _failures(work)
    failed = {one.uri for one in failures if one.reason != QUARANTINED}
    sources = {one.source_uri for one in work.manifests if not one.is_container and not one.skipped}
    skipped = Counter(manifest.skipped for manifest in work.manifests)
    return RunSummary(
        run_id=run.run_id,
        run_key=run.run_key or run.run_id,
        started_at=codec.timestamp(run.now),
        read=sum(manifest.items for manifest in work.manifests) - decision.quarantined,
        new=decision.new,
        revised=decision.revised,
        unchanged=decision.unchanged,
        duplicates=decision.duplicates,
        rejected=decision.staged_rejects,
        quarantined=decision.quarantined,
        sources_ok=len(sources - failed - set(decision.quarantined_sources)),
        sources_failed=len(failed),
        sources_quarantined=len(decision.quarantined_sources),
        failures=[sentence(one) for one in failures],
        seconds=round(max(clock - run.began, 0.0), 3),
        files=0,
        engine=settings.engine,
        pipeline_version=settings.pipeline_version,
        near_candidates=decision.near_candidates,
        near_verified=decision.near_verified,
        near_dropped=decision.near_dropped,
        internal_errors=decision.internal_errors,
        notices=_notices(work),
        sources_not_modified=skipped[NOT_MODIFIED],
        sources_not_due=skipped[NOT_DUE],
        sources_failed_before=skipped[FAILED_BEFORE],
        sources_known=run.files_known,
        sources_read_slowly=sum(manifest.is_fallback for manifest in work.manifests),
    )


def _notices(work: Work) -> list[str]:
    """Return what the readers note of each source, with the sum of its numbers."""
    sums: Counter[tuple[str, str]] = Counter()
    for manifest in work.manifests:
        sums.update({(manifest.source_uri, what): number for what, number in manifest.notes})
    return [f"{uri}: {what}{f': {number:,}' if number else ''}" for (uri, what), number in sorted(sums.items())]


def sentence(failure: Failure) -> str:
    """Return ``uri: reason (detail)`` on one line, as the summary names a failed source.

    The detail is cut after _DETAIL_CHARS characters.
    """
    detail = " ".join(failure.detail.split())[:_DETAIL_CHARS]
    return f"{failure.uri}: {failure.reason}" + (f" ({detail})" if detail else "")


def unbalanced(summary: RunSummary, work: Work) -> str:
    """Return a sentence that says which counts differ, or "" if all counts agree."""
    accounted = summary["new"] + summary["revised"] + summary["unchanged"] + summary["duplicates"] + summary["rejected"]
    if summary["read"] != accounted:
        return f"the readers met {summary['read']} articles, but {accounted} are accounted for"
    expected = {
        "articles": work.decision.new,
        "revisions": work.decision.revised,
        "duplicates": work.decision.duplicates,
        "rejects": work.decision.written_rejects,
    }
    for table, rows in expected.items():
        written = sum(file.rows for file in work.built if file.table == table)
        if written != rows:
            return f"{rows} rows were decided for {table}, but {written} were written"
    return ""


def _failures(work: Work) -> tuple[Failure, ...]:
    failed = {one.source_uri: Failure(one.source_uri, one.failed, one.detail) for one in work.manifests if one.failed}
    return (
        *(one for _, one in sorted(failed.items())),
        *(Failure(uri, QUARANTINED) for uri in work.decision.quarantined_sources),
    )


def _has_source(summary: RunSummary) -> bool:
    """Tell whether the run has a source that could be used, or no source that failed.

    A feed that failed before and still waits counts as failed. So the retry of a run that found no
    usable source does not look like a success.
    """
    usable = ("sources_ok", "sources_quarantined", "sources_not_modified", "sources_not_due", "sources_known")
    counts = cast(dict[str, int | None], summary)
    return not (counts["sources_failed"] or counts["sources_failed_before"]) or any(map(counts.get, usable))


# The entry.


def _feed_states(lake: Storage, head: LakeState, run: RunFacts, work: Work, acts: Acts) -> list[FeedState]:
    """Return the new states of the feeds that the run has checked.

    A feed that another run has checked in between keeps the state of that run: the answer of this
    run may be the older one.
    """
    checks = [one.check for one in work.manifests if one.check is not None]
    if not checks:
        return []
    known, counts = read_states(lake, head), {one.source_uri: one for one in work.decision.sources}
    unwritten = {one.source_uri for one in work.manifests if not one.is_whole} | set(work.decision.quarantined_sources)
    return [
        acts.remember(
            check,
            counts.get(check.feed, SourceCounts(check.feed)),
            run.now,
            is_written=check.feed not in unwritten,
        )
        for check in sorted(checks, key=lambda one: one.feed)
        if known.get(check.feed) == check.base
    ]


def _entry(
    staging: Staging,
    run: RunFacts,
    work: Work,
    summary: RunSummary,
    feeds: Sequence[FeedState],
    settings: CommitSettings,
) -> LogEntry:
    """Return the entry that this try appends, after writing the run's own rows again."""
    files = _table_files(staging, run, work, feeds, settings)
    inputs = input_rows(run, work.manifests, work.decision)
    remembered = [
        _write_rows(staging, run, folder.removeprefix(f"{META}/"), rows, settings, folder=folder)
        for folder, rows in ((INPUTS, inputs), (FEEDS, [encode_state(one) for one in feeds]))
        if rows
    ]
    summary["files"] = len(files) + 1
    files.append(_write_rows(staging, run, RUNS, [codec.encode(summary)], settings))
    return LogEntry(
        number=0,
        operation=Operation.RUN,
        commit=run.commit,
        staging=run.staging,
        since=run.since,
        run_id=run.run_id,
        run_key=run.run_key if _has_source(summary) else None,
        started_at=summary["started_at"],
        committed_at=recover.clock(),
        files_added=log.live_files(files),
        index_added=log.live_files(work.decision.index_added),
        state_added=log.live_files(remembered),
        failures=_failures(work),
        summary=dict(summary),
    )


def _table_files(
    staging: Staging, run: RunFacts, work: Work, feeds: Sequence[FeedState], settings: CommitSettings
) -> list[StagedFile]:
    """Return the files of all tables except ``runs``."""
    files = [file for file in work.built if file.rows]
    if rows := _fetch_rows(run, work, feeds):
        files.append(_write_rows(staging, run, FETCHES, rows, settings))
    return files


def _write_rows(
    staging: Staging, run: RunFacts, table: str, lines: Sequence[bytes], settings: CommitSettings, folder: str = ""
) -> StagedFile:
    """Write the one file of a small table into ``folder``, by default the folder of its name."""
    path = part_path(folder or table, "", run.run_id, 0, settings.compression)
    return build.write_lines(staging, table, path, lines, settings.compression)


def _fetch_rows(run: RunFacts, work: Work, feeds: Sequence[FeedState]) -> list[bytes]:
    """Return a row for each feed that brought something, or that ended unlike its check before."""
    before = {one.check.feed: one.check.base for one in work.manifests if one.check is not None}
    met = {one.source_uri: one for one in work.manifests if one.is_fetch}
    rows = []
    for feed in feeds:
        last = before[feed.feed]
        new = feed.new - (last.new if last else 0)
        has_missed = feed.may_have_missed and feed.outcome == FeedOutcome.OK
        if last is not None and not new and _kind(last) == _kind(feed) and not has_missed:
            continue
        manifest = met[feed.feed]
        rows.append(
            codec.encode(
                FetchRow(
                    feed=feed.feed,
                    checked_at=feed.checked_at,
                    status=feed.status,
                    entries=0 if manifest.failed else manifest.items,
                    new=new,
                    may_have_missed=has_missed,
                    run_id=run.run_id,
                    outcome=feed.outcome,
                    detail=feed.detail or None,
                    due_at=feed.next_check or None,
                )
            )
        )
    return rows


def _kind(state: FeedState) -> tuple[bool, int | None, str | None]:
    """Return what makes two ends of checks differ. 200 and 304 are both "as it should be"."""
    is_good = state.outcome in (FeedOutcome.OK, FeedOutcome.NOT_MODIFIED)
    return is_good, None if is_good else state.status, state.address


def _check_files(lake: Storage, entry: LogEntry) -> None:
    """Make the entry's files durable under their staged names.

    Raises LakeError if a file is gone or was cut, or if its final name exists. Raises
    UnsafeNameError if its final name leads out of the lake.
    """
    lake.settle(entry.staging)
    for file in entry.added:
        if lake.stat(file.path) is not None:
            raise LakeError(
                f"{lake.root}/{file.path} exists before the commit; nothing was added: move this file out of the lake"
            )
        found = lake.stat(file.staged)
        if found is None or found.bytes != file.bytes:
            told = "is gone" if found is None else f"has {found.bytes} bytes instead of {file.bytes}"
            raise LakeError(f"{lake.root}/{file.staged} {told} before the commit; nothing was added: run again")


def _append(lake: Storage, state: LakeState, entry: LogEntry) -> LogEntry | None:
    """Append the entry after ``state``, and return the entry that then has this number.

    The returned entry may be that of another writer. Return None if a store without locks failed or
    gave a wrong answer: the entry may still appear, so try again. Until the number is taken, a note
    in the staging folder says that the end of this try is unknown. Raises OSError if a disk fails
    and the entry is not there, and LakeError if a file is missing.
    """
    _check_files(lake, entry)
    recover.note_try(lake, entry.staging)
    try:
        log.append(lake, state, entry)
        standing = log.read_entry(lake, state.number + 1)
    except OSError:
        standing = log.read_entry(lake, state.number + 1)
        if standing is None and lake.has_locks:
            raise
    if standing is not None and standing.commit != entry.commit:
        recover.note_loss(lake, entry.staging)
    return standing


# Losing a number.


@dataclass(frozen=True, slots=True)
class _Looked:
    """The effect of new entries: ``fate`` ends the run, ``is_hit`` means a verdict may change."""

    fate: Fate | None = None
    is_hit: bool = False


def _look(lake: Storage, run: RunFacts, work: Work, acts: Acts, state: LakeState, seen: int) -> _Looked:
    """Return the effect on the run of the entries after ``seen``.

    The decision already includes the entries up to its base, so these can only end the run.
    """
    fresh = list(log.entries_after(lake, seen, state.number))
    if fate := attempt.fate_of(lake, run, state, fresh):
        return _Looked(fate)
    after_base = [entry for entry in fresh if entry.number > work.decision.base]
    if any(attempt.changes_every_verdict(entry) for entry in after_base):
        return _Looked(is_hit=True)
    asked = [entry for entry in after_base if not attempt.changes_no_verdict(entry)]
    return _Looked(is_hit=bool(asked) and acts.touches(run, work.shards, work.decision, asked))


def _decide_again(lake: Storage, known: LakeState, run: RunFacts, work: Work, acts: Acts) -> Work:
    """Return the work, decided again at the head; build new files unless no verdict changed."""
    state = recover.roll_forward(lake, known)
    tasks, decision = acts.decide(run, state, work.shards, work.manifests)
    built = work.built if decision.digest == work.decision.digest else acts.build(run, tasks)
    return replace(work, decision=decision, built=built)


def _ended(lake: Storage, state: LakeState, fate: Fate, summary: RunSummary) -> Outcome:
    match fate.end:
        case End.SWEPT:
            return _busy(summary, "another run swept the files that this run had staged")
        case End.DONE:
            recover.roll_forward(lake, state)
            return outcome_of(fate.entry)
        case End.KEY_TAKEN:
            detail = f"another run committed the run key {fate.entry.run_key} meanwhile"
            return replace(outcome_of(fate.entry), status=Status.KEY_TAKEN, detail=detail)


def _busy(summary: RunSummary, why: str) -> Outcome:
    return Outcome(Status.BUSY, cast(RunSummary, {**summary, "files": 0}), why)


class _Turn:
    """The order of writers after one of them lost its number to another.

    The turn only makes writers fair, because the log alone decides who commits. A writer takes the
    lock of the turn if it must decide again, or if it lost LOSSES_BEFORE_TURN times. It holds the
    lock until it has committed, and the others wait for it. The lock ends with its process. On a
    store without locks, a writer pauses before each new try, and longer after each loss.
    """

    def __init__(self, lake: Storage, wait_seconds: float) -> None:
        self._lake = lake
        self._until = time.monotonic() + wait_seconds
        self._losses = 0
        self._turn: Lock | None = None

    def __enter__(self) -> "_Turn":
        return self

    def __exit__(self, *_: object) -> None:
        if self._turn is not None:
            self._turn.release()

    def let_others_first(self) -> None:
        """Wait for the writer that holds the turn, for at most _POLITE_SECONDS."""
        if self._lake.has_locks and self._turn is None:
            lock = self._lake.lock(TURN, wait_seconds=min(_POLITE_SECONDS, max(self._until - time.monotonic(), 0)))
            if lock is not None:
                lock.release()

    def again(self, *, is_costly: bool = False) -> bool:
        """Note a loss against another writer; return whether there is time for the next try.

        ``is_costly`` says that the next try decides again.
        """
        self._losses += 1
        left = self._until - time.monotonic()
        if left <= 0:
            return False
        if not self._lake.has_locks:
            time.sleep(min(random.uniform(0, _JITTER_SECONDS * 2 ** min(self._losses, 6)), left))
        elif (is_costly or self._losses >= LOSSES_BEFORE_TURN) and self._turn is None:
            self._turn = self._lake.lock(TURN, wait_seconds=min(_POLITE_SECONDS, left))
        return True
