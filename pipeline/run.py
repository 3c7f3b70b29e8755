"""One run, from options to exit code: plan it, hand the graph to the runner, and say what became of it."""

import datetime as dt
import gc
import hashlib
import logging
import secrets
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import cast

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineRunner

from pipeline.build import RunPlan, build
from pipeline.config import FileSource, RunOptions
from pipeline.exitcodes import EXIT_MEANING, ExitCode, UsageError
from pipeline.faults import known_fault
from pipeline.filesystems import match_remote, open_bytes
from pipeline.report.preview import print_rows
from pipeline.report.progress import Progress, Snapshot
from pipeline.report.summary import RunTotal, report
from pipeline.runners import open_runner
from pipeline.slices import edges, is_key_of_slice, plan_slices, slice_keys, total
from schemas import codec
from schemas.lake import STAGING, RunSummary
from schemas.raw import RunFacts
from schemas.staged import RunPlace
from transforms.deduplicate.decide import Policy
from transforms.deduplicate.near import NearRule
from transforms.deduplicate.resolve import NearPolicy
from transforms.feeds.document import FeedRequest
from transforms.files.patterns import FilePattern, match_patterns
from transforms.files.plan import FilePlan
from transforms.lake import log, progress, recover, storage
from transforms.lake.commit import Outcome, RunMeta, Status, read_outcome
from transforms.lake.publish import Ways, ways_of
from transforms.lake.storage import LakeError

_LOGGER = logging.getLogger("newslake")

_PREVIEWED_ROWS = 10
_EXIT = {
    Status.NO_SOURCE: ExitCode.NO_SOURCE,
    Status.UNBALANCED: ExitCode.ACCOUNTING,
    Status.BUSY: ExitCode.BUSY,
}

Engine = tuple[PipelineRunner, PipelineOptions]


def run(options: RunOptions) -> int:
    """Run once, in slices where there is much to read; the exit code.

    Raises LakeError where the lake cannot be used, OSError where the disk fails.
    """
    _collect_garbage_rarely()
    now = options.now or dt.datetime.now(dt.UTC).replace(microsecond=0)
    state = _recovered(options, codec.timestamp(now))
    if options.run_key is not None and options.run_key in state.run_keys:
        return _already_done(options, state)
    token = secrets.token_hex(8)
    facts = RunFacts(f"{codec.timestamp(now).replace('-', '').replace(':', '')}-{secrets.token_hex(4)}", now)
    with _staging(options, token, state.number) as staging:
        folder, began = Path(options.lake, staging), time.time()
        patterns = tuple(_pattern(source, folder) for source in options.files)
        # One engine for all slices, since workers are to be forked before any thread runs; and staging folders that outlive it where the
        # run fails: a worker that still writes would make them anew.
        with ExitStack() as stagings, open_runner(options.runner, options.workers, options.beam_options) as engine:
            slices = _planned(options, patterns)
            if len(slices) > 1:
                outcome = _run_slices(options, facts, slices, engine, stagings, folder)
            else:
                place = RunPlace(options.lake, staging, token, state.number, facts.run_id, options.run_key)
                outcome = _execute(options, _plan(options, place, facts, slices[0] if slices else patterns, state, began), engine)
        if outcome.status is Status.PREVIEWED and options.summary != "json":
            print_rows(Path(options.lake), outcome.files, options.limit or _PREVIEWED_ROWS)
        if outcome.entry:
            recover.roll_forward(options.lake)  # the lock is still held: nobody takes the staged files for abandoned
    if len(slices) > 1:
        storage.remove_tree(folder)  # no entry names its token: it holds standard input, and nothing that is committed
    elif outcome.entry:
        recover.remove_staging(options.lake, token)
    return _report(options, outcome)


def _collect_garbage_rarely() -> None:
    """Batches make and drop thousands of small objects, and Beam's hundreds of thousands never go: measured, a fifth of the reading."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def _recovered(options: RunOptions, committed_at: str) -> log.LakeState:
    """The lake as it is, with the work of runs that died finished or cleared away; a dry run changes nothing."""
    if options.dry_run:
        return log.current_state(options.lake)
    storage.make_folder(storage.local_root(options.lake))
    recover.roll_forward(options.lake)
    return recover.sweep(options.lake, committed_at)


@contextmanager
def _staging(options: RunOptions, token: str, base: int) -> Iterator[str]:
    """The run's staging folder, relative to the lake; it goes where the run fails. Of a dry run one outside it, which is deleted."""
    if options.dry_run:
        with tempfile.TemporaryDirectory(prefix="newslake-") as folder:
            yield folder
        return
    staging = f"{STAGING}/{token}"
    with recover.owned_staging(Path(options.lake, staging)):
        is_over = False
        try:
            yield staging
            is_over = True
        finally:
            if not is_over:
                recover.abandon(options.lake, token, base)


def _planned(options: RunOptions, patterns: tuple[FilePattern, ...]) -> tuple[FilePlan, ...]:
    """The run's files in slices; none where the graph is to match them itself, since there is no more than one."""
    if options.dry_run or options.limit:
        return ()
    matches, rejects = match_patterns(patterns, match_remote, options.lake)
    return plan_slices(matches, rejects, open_bytes, options.slice_articles)


def _run_slices(
    options: RunOptions, facts: RunFacts, slices: Sequence[FilePlan], engine: Engine, stagings: ExitStack, spool: Path
) -> Outcome:
    """Commit slice after slice, up to the first that cannot be; what became of the whole, with its total.

    ``stagings`` takes their staging folders. ``spool`` is the folder with the run's standard input.
    """
    feeds = [feed.location for feed in (*options.feeds, *options.opml)]
    left = deque(zip(slices, slice_keys(options.run_key, slices, feeds), strict=True))
    _LOGGER.info("%d slices, of about %s articles each", len(slices), f"{options.slice_articles:,}")
    done: list[Outcome] = []
    try:
        while left:
            files, key = left.popleft()
            spool.touch()  # so that nobody takes it for abandoned
            label = f"slice {min(len(done) + 1, len(slices))} of {len(slices)}"
            sliced = replace(facts, run_id=f"{facts.run_id}-{len(done) + 1:03d}")
            outcome = _committed_before(options.lake, key, label) or _run_slice(options, sliced, files, key, label, engine, stagings)
            if outcome.status in (Status.UNBALANCED, Status.BUSY):
                return _outcome(options, facts.run_id, slices, done, failed=replace(outcome, detail=f"{label}: {outcome.detail}"))
            done.append(outcome)
            options = replace(options, feeds=(), opml=())
            if not left and key is not None and outcome.status is Status.NO_SOURCE and any(one.has_source for one in done):
                left.append((FilePlan(), key))  # a slice of which no source could be used claims no key; one with nothing to read does
    finally:
        if 0 < len(done) < len(slices):
            _LOGGER.error("%s", _what_stays(len(done), len(slices), options.run_key))
    return _outcome(options, facts.run_id, slices, done)


def _run_slice(
    options: RunOptions, facts: RunFacts, files: FilePlan, key: str | None, label: str, engine: Engine, stagings: ExitStack
) -> Outcome:
    """Run one slice, at the head that the log has now."""
    state, token, began = recover.roll_forward(options.lake), secrets.token_hex(8), time.time()
    staging = stagings.enter_context(_staging(options, token, state.number))
    place = RunPlace(options.lake, staging, token, state.number, facts.run_id, key)
    outcome = _execute(options, _plan(options, place, facts, files, state, began), engine, label)
    if outcome.entry:
        recover.roll_forward(options.lake)
    stagings.close()
    if outcome.entry:
        recover.remove_staging(options.lake, token)
    gc.collect()  # what Beam knew of this slice hangs together in circles
    if outcome.status is Status.KEY_TAKEN:
        return _committed_before(options.lake, key, label) or outcome
    return outcome


def _committed_before(lake: str, key: str | None, label: str) -> Outcome | None:
    """What the log says of a slice whose key it has; None where it has not."""
    number = log.current_state(lake).run_keys.get(key) if key is not None else None
    if number is None:
        return None
    _LOGGER.info("%s was committed as entry %d: nothing of it is read again", label, number)
    return Outcome(Status.KEY_TAKEN, _summary(lake, number), entry=number)


def _outcome(
    options: RunOptions, run_id: str, slices: Sequence[FilePlan], done: Sequence[Outcome], failed: Outcome | None = None
) -> Outcome:
    """The whole of the slices that are done; where none is, what became of the first."""
    parts = [one.summary for one in done or filter(None, [failed])]
    status = Status.COMMITTED if any(one.has_source for one in done) else Status.NO_SOURCE
    shared = [edges(files) for files in (*slices, FilePlan())]
    summary = RunTotal(
        **total(parts, shared[: len(parts)], run_id, options.run_key),
        slices=len(slices),
        slices_committed=min(len(done), len(slices)),
        slices_skipped=sum(one.status is Status.KEY_TAKEN for one in done),
    )
    return Outcome(
        failed.status if failed else status,
        summary,
        failed.detail if failed else "",
        has_internal_errors=any(one.has_internal_errors for one in done),
    )


def _what_stays(done: int, slices: int, run_key: str | None) -> str:
    """
    >>> _what_stays(2, 7, "nightly")
    'slices 1 to 2 of 7 are committed; the same command goes on with slice 3'
    """
    committed = "slice 1" if done == 1 else f"slices 1 to {done}"
    rest = "goes on" if run_key else "reads all again, adds nothing of them twice, and goes on"
    return f"{committed} of {slices} {'is' if done == 1 else 'are'} committed; the same command {rest} with slice {done + 1}"


def _plan(
    options: RunOptions, place: RunPlace, facts: RunFacts, files: tuple[FilePattern, ...] | FilePlan, state: log.LakeState, began: float
) -> RunPlan:
    release, ways = version("newslake"), ways_of(state.files)
    return RunPlan(
        files=files,
        feeds=tuple(FeedRequest(feed.location, feed.settings) for feed in options.feeds),
        feed_lists=tuple(FeedRequest(feed.location, feed.settings) for feed in options.opml),
        place=place,
        run=facts,
        meta=RunMeta(codec.timestamp(facts.now), began, options.runner, release, options.compression or ways.compression),
        policy=_policy(options, ways),
        user_agent=f"newslake/{release}" + (f" (+{options.contact})" if options.contact else ""),
        allow_private_addresses=options.allow_private_addresses,
        limit=options.limit,
        preview=options.dry_run,
    )


def _execute(options: RunOptions, plan: RunPlan, engine: Engine, label: str = "") -> Outcome:
    runner, beam_options = engine
    with Progress(lambda: _snapshot(plan.staging, label), quiet=options.quiet):
        pipeline = beam.Pipeline(runner=runner, options=beam_options)
        build(pipeline, plan)
        execute(pipeline)
    outcome = read_outcome(plan.place)
    if outcome is None:
        raise RuntimeError("the runner says that the pipeline is done, but it left no outcome; nothing was committed")
    return outcome


def _policy(options: RunOptions, ways: Ways) -> Policy:
    rule = NearRule(options.near_jaccard, options.near_containment, options.dedup_window)
    return Policy(options.partition or ways.granularity, options.max_reject_ratio, near=NearPolicy(options.near_duplicates, rule))


def execute(pipeline: beam.Pipeline) -> None:
    """Run it to its end. A failure of the disk or the lake comes as what it is, without all that Beam wraps around it."""
    try:
        pipeline.run().wait_until_finish()
    except (RuntimeError, OSError, LakeError) as error:
        if (fault := known_fault(error)) is not None:
            raise fault from None
        raise


def _pattern(source: FileSource, staging: Path) -> FilePattern:
    """The pattern of a source; standard input is spooled, and named by its content, so that the same input again is the same source."""
    if source.glob != "-":
        return FilePattern(source.glob, source.settings, is_feed=source.is_feed)
    if sys.stdin is None:
        raise UsageError("--files -: standard input is closed; pipe something into it")
    spooled = staging / "stdin"
    digest = hashlib.sha256()
    with spooled.open("wb") as file:
        while block := sys.stdin.buffer.read(1 << 20):
            digest.update(block)
            file.write(block)
    return FilePattern(str(spooled), source.settings, name=f"stdin:{digest.hexdigest()[:16]}")


def _snapshot(staging: str, label: str) -> Snapshot:
    counts = progress.read(staging)
    stage = "reading" if counts.done < counts.planned or not counts.planned else "judging and writing"
    return Snapshot(counts.done, counts.planned, counts.articles, f"{label}: {stage}" if label else stage)


def _already_done(options: RunOptions, state: log.LakeState) -> int:
    """Say what the run of a key that is taken did: of one in slices the sum over them, where a source of several counts in each."""
    assert options.run_key is not None
    number = state.run_keys[options.run_key]
    _LOGGER.info("run key %s was committed as entry %d: nothing to do", options.run_key, number)
    summary = _summary(options.lake, number)
    before = [_summary(options.lake, entry) for key, entry in state.run_keys.items() if is_key_of_slice(key, options.run_key)]
    if before:
        parts = [*before, summary]
        summed = total(parts, [frozenset()] * len(parts), summary["run_id"], options.run_key)
        summary = RunTotal(**summed, slices=len(parts), slices_committed=len(parts), slices_skipped=len(parts))
    report(summary, options)
    return ExitCode.COMMITTED


def _summary(lake: str, number: int) -> RunSummary:
    entry = log.read_entry(lake, number)
    assert entry is not None
    return cast(RunSummary, entry.summary)


def _report(options: RunOptions, outcome: Outcome) -> int:
    report(outcome.summary, options, outcome.status)
    if outcome.status in _EXIT:
        _LOGGER.error("%s%s", EXIT_MEANING[_EXIT[outcome.status]], f" ({outcome.detail})" if outcome.detail else "")
        return _EXIT[outcome.status]
    if outcome.status is Status.PREVIEWED and not outcome.has_source:
        return ExitCode.NO_SOURCE
    if outcome.has_internal_errors:
        return ExitCode.INTERNAL_ERRORS
    return ExitCode.QUARANTINED if outcome.summary["sources_quarantined"] else ExitCode.COMMITTED
