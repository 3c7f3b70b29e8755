"""One commit: run the graph over one plan of files, and find what became of it."""

import logging
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.faults import comes_of_interrupt
from newslake.pipeline.graph import Settings, build
from newslake.pipeline.report.progress import Progress, Snapshot
from newslake.pipeline.run.settings import sources_of
from newslake.pipeline.runners.base import Engine
from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import StagedFile
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.commit import Outcome, Status, outcome_of, read_outcome
from newslake.transforms.lake.log import LakeState
from newslake.transforms.lake.progress import Counts
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.base import LakeError, Storage

_LOGGER = logging.getLogger("newslake")

_PREVIEWED_ROWS = 10

Preview = Callable[[Storage, Sequence[StagedFile], int], None]
"""Shows rows of the files that a dry run built, up to a number of rows, before the files go."""


def run_plan(
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
    """Run the graph over one plan, with a commit of its own, and return what became of it.

    ``state`` is the lake at the head of the log where the run starts. ``stagings`` takes over the
    staging folder, which goes when it closes. ``label`` names the slice in the progress.
    """
    facts = replace(facts, since=state.number, began=time.time())
    staged = stagings.enter_context(_staged(facts, settings, state, engine))
    sources = sources_of(options, files)
    with Progress(lambda: _snapshot(engine.counts(staged, settings.store), label), quiet=options.quiet):
        engine.execute(lambda pipeline: build(pipeline, staged, sources, settings))
    outcome = _found_outcome(staged, settings, state)
    if outcome.status is Status.PREVIEWED and preview is not None:
        preview(settings.store, outcome.files, options.limit or _PREVIEWED_ROWS)
    return outcome


@contextmanager
def _staged(facts: RunFacts, settings: Settings, state: LakeState, engine: Engine) -> Iterator[RunFacts]:
    """Give a run its commit and its staging folder; delete the folder when the run ends."""
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
            # Threads that Ctrl-C left behind may go on.
            has_workers = error is not None and (not engine.workers_end_with_it or comes_of_interrupt(error))
            # The first fault is the one to report. The next run sweeps what cannot be deleted now.
            with suppress(OSError, LakeError) if error else nullcontext():
                recover.end_without_commit(settings.lake, facts, state, has_workers=has_workers)
            if error is not None:
                _tell_if_committed(settings.lake, facts, state)
    recover.clear_staging(settings.lake, folder)


def _tell_if_committed(lake: Storage, facts: RunFacts, state: LakeState) -> None:
    """Log the number of the run's entry if a failed run is committed; else do nothing.

    Such a run need not be run again. A fault of the lake or the disk is ignored here, because the
    first fault is the one to report.
    """
    with suppress(OSError, LakeError):
        entry = recover.own_entry(lake, facts, log.current_state(lake, state))
        if entry is not None:
            _LOGGER.error(
                "the run is committed as entry %d; the next run or reader that may write puts its files in place",
                entry.number,
            )


def _found_outcome(facts: RunFacts, settings: Settings, state: LakeState) -> Outcome:
    """Return the outcome of a run that the engine calls done.

    The outcome is in the log, else in the staging folder.

    Raises RuntimeError if the run left neither.
    """
    if settings.store == settings.lake:
        entry = recover.own_entry(settings.lake, facts, log.current_state(settings.lake, state))
        if entry is not None:
            return outcome_of(entry)
    outcome = read_outcome(Staging(settings.store, facts.staging))
    if outcome is None:
        raise RuntimeError("the runner says that the pipeline is done, but it left no outcome; nothing was committed")
    return outcome


def _snapshot(counts: Counts, label: str) -> Snapshot:
    stage = "reading" if counts.done < counts.planned or not counts.planned else "deciding and writing"
    stage = "at work" if counts.shards else stage
    return Snapshot(
        counts.done, counts.planned, counts.articles, f"{label}: {stage}" if label else stage, counts.shards
    )


def outcome_at(lake: Storage, number: int) -> Outcome:
    """Return the outcome of the run that committed entry ``number`` of the log."""
    entry = log.read_entry(lake, number)
    assert entry is not None
    return outcome_of(entry)
