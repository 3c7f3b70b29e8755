"""One run: match its files, cut it into slices if it is large, and commit each slice."""

import hashlib
import logging
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import newslake
from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.sources import FileSource
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.filesystems import match_remote, open_bytes
from newslake.pipeline.graph import Settings
from newslake.pipeline.report.summary import RunTotal
from newslake.pipeline.run.commit import Preview, outcome_at, run_plan
from newslake.pipeline.run.known_files import Match, unknown_files
from newslake.pipeline.run.merge import merge_small_files
from newslake.pipeline.run.settings import clock, graph_settings, lake_of, new_run_id
from newslake.pipeline.run.slices import is_key_of_slice, plan_slices, run_slices, total
from newslake.pipeline.runners import open_engine
from newslake.pipeline.runners.base import Engine
from newslake.schemas.raw import RunFacts
from newslake.schemas.reject import Reject
from newslake.transforms.files.find import FilePattern, match_patterns
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.commit import Outcome, Status
from newslake.transforms.lake.inputs import read_known_files
from newslake.transforms.lake.log import LakeState
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.local import LocalStorage

_LOGGER = logging.getLogger("newslake")


def run(options: RunOptions, preview: Preview | None = None) -> Outcome:
    """Run once, in slices if there is much to read, and return what became of the run.

    ``preview`` is shown the files of a dry run. Raises LakeError if the lake cannot be used, and
    OSError if the disk fails.
    """
    now = options.now or clock()
    lake = lake_of(options)
    # All slices share one engine, because workers must be forked before any thread starts. The
    # staging folders outlive it: after a fault, a worker that still writes would make them anew.
    with (
        tempfile.TemporaryDirectory(prefix="newslake-", ignore_cleanup_errors=True) as scratch,
        ExitStack() as stagings,
        open_engine(options) as engine,
    ):
        state = log.current_state(lake) if options.dry_run else recover.prepare(lake)
        if options.run_key is not None and options.run_key in state.run_keys:
            return _committed_as(lake, state, options.run_key)
        store = LocalStorage(scratch) if options.dry_run else lake
        patterns = tuple(_pattern(source, Path(scratch)) for source in options.files)
        matches, rejects = match_patterns(patterns, match_remote, options.lake)
        unread = unread_files(lake, state, matches) if options.skip_known else matches
        facts = RunFacts(
            new_run_id(now),
            now,
            run_key=options.run_key,
            version=newslake.__version__,
            files_known=len(matches) - len(unread),
            scratch=scratch,
        )
        plans = plan_run(options, unread, rejects)
        settings = graph_settings(options, lake, store, state)
        outcome = run_plans(options, facts, plans, settings, engine, stagings, state, preview)
    if not options.dry_run:
        merge_small_files(lake, state)
    if outcome.status is Status.KEY_TAKEN and options.run_key is not None:
        outcome = _committed_as(lake, log.current_state(lake), options.run_key)
    return outcome


def unread_files(lake: Storage, state: LakeState, matches: Sequence[Match]) -> list[Match]:
    """Return the files that the lake has not read as they are now."""
    return unknown_files(matches, read_known_files(lake, state), newslake.__version__) if matches else []


def plan_run(options: RunOptions, matches: Sequence[Match], rejects: Sequence[Reject]) -> tuple[FilePlan, ...]:
    """Return the files of a run in slices. A dry run and a limit make one slice."""
    if options.dry_run or options.limit:
        return (FilePlan(matches=tuple(matches), rejects=tuple(rejects)),)
    return plan_slices(matches, rejects, open_bytes, options.slice_articles)


def run_plans(
    options: RunOptions,
    facts: RunFacts,
    plans: Sequence[FilePlan],
    settings: Settings,
    engine: Engine,
    stagings: ExitStack,
    state: LakeState,
    preview: Preview | None = None,
) -> Outcome:
    """Run the graph over each plan, and return what became of the run."""
    if len(plans) > 1:
        return run_slices(options, facts, plans, settings, engine, stagings)
    return run_plan(options, facts, plans[0], settings, engine, stagings, state, preview=preview)


def _pattern(source: FileSource, scratch: Path) -> FilePattern:
    """Return the file pattern of a source.

    Standard input is copied to ``scratch`` and named by its content, so that the same input is
    the same source in each run.
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


def _committed_as(lake: Storage, state: LakeState, run_key: str) -> Outcome:
    """Return the outcome of the run that committed under ``run_key``.

    The outcome of a run in slices is their sum. There, a source that lies in several slices counts
    in each of them.
    """
    number = state.run_keys[run_key]
    _LOGGER.info("run key %s was committed as entry %d: nothing to do", run_key, number)
    found = outcome_at(lake, number)
    before = [outcome_at(lake, entry) for key, entry in state.run_keys.items() if is_key_of_slice(key, run_key)]
    if not before:
        return replace(found, is_repeated=True)
    parts = [*before, found]
    summed = total(parts, [frozenset()] * len(parts), found.summary["run_id"], run_key)
    return replace(
        summed,
        is_repeated=True,
        summary=RunTotal(**summed.summary, slices=len(parts), slices_committed=len(parts), slices_skipped=len(parts)),
    )
