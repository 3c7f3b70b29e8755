"""One run, from options to exit code: plan it, hand the graph to the runner, and say what became of it."""

import datetime as dt
import gc
import hashlib
import logging
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import cast

import apache_beam as beam

from pipeline.build import RunPlan, build
from pipeline.config import FileSource, RunOptions
from pipeline.exitcodes import EXIT_MEANING, ExitCode, UsageError
from pipeline.faults import known_fault
from pipeline.report.preview import print_rows
from pipeline.report.progress import Progress, Snapshot
from pipeline.report.summary import report
from pipeline.runners import open_runner
from schemas import codec
from schemas.lake import STAGING, RunSummary
from schemas.raw import RunFacts
from schemas.staged import RunPlace
from transforms.deduplicate.decide import Policy
from transforms.feeds.document import FeedRequest
from transforms.files.patterns import FilePattern
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


def run(options: RunOptions) -> int:
    """Run once; the exit code. Raises LakeError where the lake cannot be used, OSError where the disk fails."""
    _collect_garbage_rarely()
    now = options.now or dt.datetime.now(dt.UTC).replace(microsecond=0)
    state = _recovered(options, codec.timestamp(now))
    if options.run_key is not None and options.run_key in state.run_keys:
        return _already_done(options, state.run_keys[options.run_key])
    token = secrets.token_hex(8)
    run_id = f"{codec.timestamp(now).replace('-', '').replace(':', '')}-{secrets.token_hex(4)}"
    with _staging(options, token, state.number) as staging:
        place = RunPlace(options.lake, staging, token, state.number, run_id, options.run_key)
        outcome = _execute(options, place, RunFacts(run_id, now), ways_of(state.files))
        if outcome.status is Status.PREVIEWED and options.summary != "json":
            print_rows(Path(options.lake), outcome.files, options.limit or _PREVIEWED_ROWS)
    if outcome.entry:
        recover.roll_forward(options.lake)
        recover.remove_staging(options.lake, token)
    return _report(options, outcome)


def _collect_garbage_rarely() -> None:
    """Batches make and drop thousands of small objects, and Beam's hundreds of thousands never go: measured, a fifth of the reading."""
    gc.collect()
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


def _execute(options: RunOptions, place: RunPlace, facts: RunFacts, ways: Ways) -> Outcome:
    release = version("newslake")
    staging = Path(place.lake, place.staging)
    plan = RunPlan(
        files=tuple(_pattern(source, staging) for source in options.files),
        feeds=tuple(FeedRequest(feed.location, feed.settings) for feed in options.feeds),
        feed_lists=tuple(FeedRequest(feed.location, feed.settings) for feed in options.opml),
        place=place,
        run=facts,
        meta=RunMeta(codec.timestamp(facts.now), time.time(), options.runner, release, options.compression or ways.compression),
        policy=Policy(options.partition or ways.granularity, options.max_reject_ratio),
        user_agent=f"newslake/{release}" + (f" (+{options.contact})" if options.contact else ""),
        allow_private_addresses=options.allow_private_addresses,
        limit=options.limit,
        preview=options.dry_run,
    )
    with (
        open_runner(options.runner, options.workers, options.beam_options) as (runner, beam_options),
        Progress(lambda: _snapshot(plan.staging), quiet=options.quiet),
    ):
        pipeline = beam.Pipeline(runner=runner, options=beam_options)
        build(pipeline, plan)
        execute(pipeline)
    outcome = read_outcome(place)
    if outcome is None:
        raise RuntimeError("the runner says that the pipeline is done, but it left no outcome; nothing was committed")
    return outcome


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


def _snapshot(staging: str) -> Snapshot:
    counts = progress.read(staging)
    stage = "reading" if counts.done < counts.planned or not counts.planned else "judging and writing"
    return Snapshot(counts.done, counts.planned, counts.articles, stage)


def _already_done(options: RunOptions, number: int) -> int:
    entry = log.read_entry(options.lake, number)
    assert entry is not None
    _LOGGER.info("run key %s was committed as entry %d: nothing to do", options.run_key, number)
    report(cast(RunSummary, entry.summary), options)
    return ExitCode.COMMITTED


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
