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
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineRunner

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.sources import FileSource
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.faults import comes_of_interrupt, known_fault
from newslake.pipeline.filesystems import match_remote, open_bytes
from newslake.pipeline.graph import Settings, Sources, build
from newslake.pipeline.report.progress import Progress, Snapshot
from newslake.pipeline.report.summary import RunTotal
from newslake.pipeline.run.merge import merge_index
from newslake.pipeline.run.settings import graph_settings, new_run_id
from newslake.pipeline.run.slices import edges, is_key_of_slice, plan_slices, slice_keys, total
from newslake.pipeline.runners import open_runner
from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import StagedFile
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.files.patterns import FilePattern, match_patterns
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.lake import log, progress, recover
from newslake.transforms.lake.commit import Outcome, Status, outcome_of, read_outcome
from newslake.transforms.lake.log import LakeState
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.base import LakeError, Storage
from newslake.transforms.storage.local import LocalStorage, open_local

_LOGGER = logging.getLogger("newslake")

_PREVIEWED_ROWS = 10

Engine = tuple[PipelineRunner, PipelineOptions]
Preview = Callable[[Storage, Sequence[StagedFile], int], None]
"""Shows rows of files that a dry run built, up to a number of rows; they are gone afterwards."""


def run(options: RunOptions, preview: Preview | None = None) -> Outcome:
    """Run once, in slices if there is much to read, and return what became of the run.

    ``preview`` is shown the files of a dry run. Raises LakeError if the lake cannot be used, and
    OSError if the disk fails.
    """
    now = options.now or dt.datetime.now(dt.UTC).replace(microsecond=0)
    lake = open_local(options.lake)
    state = log.current_state(lake) if options.dry_run else recover.prepare(lake)
    if options.run_key is not None and options.run_key in state.run_keys:
        return _committed_as(lake, state, options.run_key)
    facts = RunFacts(new_run_id(now), now, run_key=options.run_key)
    with tempfile.TemporaryDirectory(prefix="newslake-") as scratch:
        facts = replace(facts, scratch=scratch)
        settings = graph_settings(options, lake, LocalStorage(scratch) if options.dry_run else lake, state)
        patterns = tuple(_pattern(source, Path(scratch)) for source in options.files)
        plans = _planned(options, patterns)
        # One engine for all slices, since workers are to be forked before any thread runs; and staging folders that outlive it where the
        # run fails: a worker that still writes would make them anew.
        with ExitStack() as stagings, open_runner(options.runner, options.workers, options.beam_options) as engine:
            if len(plans) > 1:
                outcome = _run_slices(options, facts, plans, settings, engine, stagings)
            else:
                outcome = _run_plan(options, facts, plans[0], settings, engine, stagings, state, preview=preview)
    if not options.dry_run:
        merge_index(lake, state)
    if outcome.status is Status.KEY_TAKEN and options.run_key is not None:
        outcome = _committed_as(lake, log.current_state(lake), options.run_key)
    return outcome


def _planned(options: RunOptions, patterns: tuple[FilePattern, ...]) -> tuple[FilePlan, ...]:
    """Match the run's files, once, and return them in slices; one slice for a dry run or a limit."""
    matches, rejects = match_patterns(patterns, match_remote, options.lake)
    if options.dry_run or options.limit:
        return (FilePlan(matches=tuple(matches), rejects=tuple(rejects)),)
    return plan_slices(matches, rejects, open_bytes, options.slice_articles)


def _run_plan(
    options: RunOptions,
    facts: RunFacts,
    files: FilePlan,
    settings: Settings,
    engine: Engine,
    stagings: ExitStack,
    state: LakeState,
    label: str = "",
    preview: Preview | None = None,
) -> Outcome:
    """Run one plan with a commit of its own; what became of it. Its staging folder goes when ``stagings`` close.

    ``state`` is the lake at the head that the run starts from.
    """
    facts = replace(facts, since=state.number, began=time.time())
    staged = stagings.enter_context(_staged(facts, settings, state))
    sources = Sources(
        files,
        tuple(FeedRequest(feed.location, feed.settings) for feed in options.feeds),
        tuple(FeedRequest(feed.location, feed.settings) for feed in options.opml),
    )
    runner, beam_options = engine
    with Progress(lambda: _snapshot(staged.scratch, label), quiet=options.quiet):
        pipeline = beam.Pipeline(runner=runner, options=beam_options)
        build(pipeline, staged, sources, settings)
        execute(pipeline)
    outcome = _found_outcome(staged, settings, state)
    if outcome.status is Status.PREVIEWED and preview is not None:
        preview(settings.store, outcome.files, options.limit or _PREVIEWED_ROWS)
    return outcome


@contextmanager
def _staged(facts: RunFacts, settings: Settings, state: LakeState) -> Iterator[RunFacts]:
    """Give a run its commit and its staging folder, and clear the folder away when the run is over, however it ends."""
    facts = replace(facts, commit=secrets.token_hex(8))
    if settings.store != settings.lake:
        yield replace(facts, staging="staging")
        return
    with recover.owned_staging(settings.lake, facts.since) as folder:
        facts = replace(facts, staging=folder)
        try:
            yield facts
        finally:
            error = sys.exception()
            # The workers of the local runner end with it; those of another engine, and threads that Ctrl-C left behind, may go on.
            has_workers = error is not None and (settings.commit.engine != "local" or comes_of_interrupt(error))
            # A fault is told as it is; what cannot be cleared away then is left to the sweep of the next run.
            with suppress(OSError, LakeError) if error else nullcontext():
                recover.end_without_commit(settings.lake, facts, state, has_workers=has_workers)
            if error is not None:
                _tell_if_committed(settings.lake, facts, state)
    recover.clear_staging(settings.lake, folder)


def _tell_if_committed(lake: Storage, facts: RunFacts, state: LakeState) -> None:
    """Say so where a run failed after its commit: nothing of it is to be run again."""
    with suppress(OSError, LakeError):
        entry = recover.own_entry(lake, facts, log.current_state(lake, state))
        if entry is not None:
            _LOGGER.error(
                "the run is committed as entry %d; the next run or reader that may write puts its files in place",
                entry.number,
            )


def _found_outcome(facts: RunFacts, settings: Settings, state: LakeState) -> Outcome:
    """Return what became of a run that the engine calls done: its entry in the log, or the word that it left."""
    if settings.store == settings.lake:
        entry = recover.own_entry(settings.lake, facts, log.current_state(settings.lake, state))
        if entry is not None:
            return outcome_of(entry)
    outcome = read_outcome(Staging(settings.store, facts.staging))
    if outcome is None:
        raise RuntimeError("the runner says that the pipeline is done, but it left no outcome; nothing was committed")
    return outcome


def _run_slices(
    options: RunOptions,
    facts: RunFacts,
    plans: Sequence[FilePlan],
    settings: Settings,
    engine: Engine,
    stagings: ExitStack,
) -> Outcome:
    """Commit slice after slice, up to the first that cannot be; what became of the whole, with its total."""
    feeds = [feed.location for feed in (*options.feeds, *options.opml)]
    left = deque(zip(plans, slice_keys(options.run_key, plans, feeds), strict=True))
    _LOGGER.info("%d slices, of about %s articles each", len(plans), f"{options.slice_articles:,}")
    done: list[Outcome] = []
    try:
        while left:
            files, key = left.popleft()
            label = f"slice {min(len(done) + 1, len(plans))} of {len(plans)}"
            sliced = replace(facts, run_id=f"{facts.run_id}-{len(done) + 1:03d}", run_key=key)
            outcome = _committed_before(settings.lake, key, label)
            if outcome is None:
                state = recover.roll_forward(settings.lake)
                outcome = _run_plan(options, sliced, files, settings, engine, stagings, state, label)
                stagings.close()
                gc.collect()  # what Beam knew of this slice hangs together in circles
            if outcome.status in (Status.UNBALANCED, Status.BUSY):
                return _outcome(
                    options, facts.run_id, plans, done, failed=replace(outcome, detail=f"{label}: {outcome.detail}")
                )
            done.append(outcome)
            options = replace(options, feeds=(), opml=())
            if (
                not left
                and key is not None
                and outcome.status is Status.NO_SOURCE
                and any(one.has_source for one in done)
            ):
                left.append(
                    (FilePlan(), key)
                )  # a slice of which no source could be used claims no key; one with nothing to read does
    finally:
        if 0 < len(done) < len(plans):
            _LOGGER.error("%s", _what_stays(len(done), len(plans), options.run_key))
    return _outcome(options, facts.run_id, plans, done)


def _committed_before(lake: Storage, key: str | None, label: str) -> Outcome | None:
    """Return what became of a slice whose key the log has; None where it has not."""
    number = log.current_state(lake).run_keys.get(key) if key is not None else None
    if number is None:
        return None
    _LOGGER.info("%s was committed as entry %d: nothing of it is read again", label, number)
    return replace(_outcome_at(lake, number), status=Status.KEY_TAKEN)


def _outcome(
    options: RunOptions, run_id: str, plans: Sequence[FilePlan], done: Sequence[Outcome], failed: Outcome | None = None
) -> Outcome:
    """Return the whole of the slices that are done; where none is, what became of the first."""
    parts = list(done) or [one for one in (failed,) if one is not None]
    status = Status.COMMITTED if any(one.has_source for one in done) else Status.NO_SOURCE
    shared = [edges(files) for files in (*plans, FilePlan())]
    summed = total(parts, shared[: len(parts)], run_id, options.run_key)
    summary = RunTotal(
        **summed.summary,
        slices=len(plans),
        slices_committed=min(len(done), len(plans)),
        slices_skipped=sum(one.status is Status.KEY_TAKEN for one in done),
    )
    return replace(
        summed, status=failed.status if failed else status, summary=summary, detail=failed.detail if failed else ""
    )


def _what_stays(done: int, slices: int, run_key: str | None) -> str:
    """
    >>> _what_stays(2, 7, "nightly")
    'slices 1 to 2 of 7 are committed; the same command goes on with slice 3'
    """
    committed = "slice 1" if done == 1 else f"slices 1 to {done}"
    rest = "goes on" if run_key else "reads all again, adds nothing of them twice, and goes on"
    return f"{committed} of {slices} {'is' if done == 1 else 'are'} committed; the same command {rest} with slice {done + 1}"


def execute(pipeline: beam.Pipeline) -> None:
    """Run it to its end. A failure of the disk or the lake comes as what it is, without all that Beam wraps around it."""
    try:
        pipeline.run().wait_until_finish()
    except (RuntimeError, OSError, LakeError) as error:
        if (fault := known_fault(error)) is not None:
            raise fault from None
        raise


def _pattern(source: FileSource, scratch: Path) -> FilePattern:
    """Return the pattern of a source.

    Standard input is spooled, and named by its content: the same input again is the same source.
    """
    if source.glob != "-":
        return FilePattern(source.glob, source.settings, is_feed=source.is_feed)
    if sys.stdin is None:
        raise UsageError("--files -: standard input is closed; pipe something into it")
    spooled = scratch / "stdin"
    digest = hashlib.sha256()
    with spooled.open("wb") as file:
        while block := sys.stdin.buffer.read(1 << 20):
            digest.update(block)
            file.write(block)
    return FilePattern(str(spooled), source.settings, name=f"stdin:{digest.hexdigest()[:16]}")


def _snapshot(scratch: str, label: str) -> Snapshot:
    counts = progress.read(scratch)
    stage = "reading" if counts.done < counts.planned or not counts.planned else "deciding and writing"
    return Snapshot(counts.done, counts.planned, counts.articles, f"{label}: {stage}" if label else stage)


def _committed_as(lake: Storage, state: LakeState, run_key: str) -> Outcome:
    """Return what became of the run that has the key: of one in slices the sum over them, where a source of several counts in each."""
    number = state.run_keys[run_key]
    _LOGGER.info("run key %s was committed as entry %d: nothing to do", run_key, number)
    found = _outcome_at(lake, number)
    before = [_outcome_at(lake, entry) for key, entry in state.run_keys.items() if is_key_of_slice(key, run_key)]
    if not before:
        return found
    parts = [*before, found]
    summed = total(parts, [frozenset()] * len(parts), found.summary["run_id"], run_key)
    return replace(
        summed,
        summary=RunTotal(**summed.summary, slices=len(parts), slices_committed=len(parts), slices_skipped=len(parts)),
    )


def _outcome_at(lake: Storage, number: int) -> Outcome:
    entry = log.read_entry(lake, number)
    assert entry is not None
    return outcome_of(entry)
