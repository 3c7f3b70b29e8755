"""Runs of more articles than one commit should hold: cut into slices, run, summed up.

A slice is a whole run with a commit of its own. It is decided against the lake as the slices
before it left it. So if two slices hold equal articles, the article of the earlier slice is kept,
and a changed article of a later slice is a revision.
"""

import gc
import hashlib
import logging
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from typing import cast

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.graph import Settings
from newslake.pipeline.report.summary import RunTotal
from newslake.pipeline.run.commit import outcome_at, run_plan
from newslake.pipeline.runners.base import Engine
from newslake.schemas.raw import RunFacts
from newslake.schemas.reject import Reject
from newslake.schemas.tables import RunSummary
from newslake.transforms.files.estimate import estimate_articles, most_articles
from newslake.transforms.files.find import FileMatch, FilePattern, OpenBytes
from newslake.transforms.files.plan import FilePlan, PlannedChunk, plan_files
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.commit import QUARANTINED, Outcome, Status, sentence
from newslake.transforms.storage.base import Storage

_LOGGER = logging.getLogger("newslake")

_SUMMED = (
    "read",
    "new",
    "revised",
    "unchanged",
    "duplicates",
    "rejected",
    "quarantined",
    "sources_ok",
    "sources_failed",
    "sources_quarantined",
    "files",
    "near_candidates",
    "near_verified",
    "near_dropped",
    "internal_errors",
    "sources_not_modified",
    "sources_not_due",
    "sources_failed_before",
    "sources_read_slowly",
)
_SOURCE_COUNTS = ("sources_ok", "sources_failed", "sources_quarantined")
"""From the best outcome of a source to the worst."""
_KEY_DIGITS = 32


def plan_slices(
    matches: Sequence[tuple[FileMatch, FilePattern]],
    rejects: Iterable[Reject],
    open_bytes: OpenBytes,
    slice_articles: int,
) -> tuple[FilePlan, ...]:
    """Return the files of a run, cut into slices of about ``slice_articles`` articles.

    If the sizes of the files show that one slice is enough, no file is opened. A chunk is never
    split, so a large chunk makes a larger slice; a compressed file is one chunk. The first slice
    holds all saved feeds and rejects.
    """
    if sum(most_articles(match) for match, _ in matches) <= slice_articles:
        return (FilePlan(matches=tuple(matches), rejects=tuple(rejects)),)
    refused, feeds, others = list(rejects), list[tuple[PlannedChunk, int]](), list[tuple[PlannedChunk, int]]()
    for found in plan_files(matches, open_bytes):
        if isinstance(found, Reject):
            refused.append(found)
            continue
        articles = estimate_articles([planned.chunk for planned in found], open_bytes)
        (feeds if found[0].is_feed else others).extend(zip(found, articles, strict=True))
    room = max(slice_articles - sum(articles for _, articles in feeds), 0)
    first, *more = cut(others, slice_articles, room)
    whole = FilePlan(chunks=(*(feed for feed, _ in feeds), *first), rejects=tuple(refused))
    return (whole, *(FilePlan(chunks=chunks) for chunks in more))


def cut(sized: Iterable[tuple[PlannedChunk, int]], slice_articles: int, room: int) -> list[tuple[PlannedChunk, ...]]:
    """Return the chunks, in order, in parts of at most ``slice_articles`` articles or one chunk.

    The first part holds at most ``room`` articles. It is empty if ``room`` is smaller than
    ``slice_articles`` and the first chunk does not fit.
    """
    parts: list[list[PlannedChunk]] = [[]]
    left, is_whole = room, room >= slice_articles
    for planned, articles in sized:
        if articles > left and (parts[-1] or not is_whole):
            parts.append([])
            left, is_whole = slice_articles, True
        parts[-1].append(planned)
        left -= articles
    return [tuple(part) for part in parts]


def slice_keys(run_key: str | None, slices: Sequence[FilePlan], feeds: Iterable[str]) -> list[str | None]:
    """Return the run key of each slice, or None for each if the run has no key.

    The last slice has the key of the run. The key of another slice ends with a digest of what the
    slice reads. ``feeds`` are the locations of the feeds and OPML lists, which the first slice
    reads.
    """
    if run_key is None:
        return [None] * len(slices)
    read = [feeds, *[()] * (len(slices) - 1)]
    return [*(f"{run_key}#{_digest(plan, also)}" for plan, also in zip(slices[:-1], read, strict=False)), run_key]


def is_key_of_slice(key: str, run_key: str) -> bool:
    """Tell whether ``key`` is the key of a slice, but the last, of the run with ``run_key``."""
    head, mark, digest = key.rpartition("#")
    return bool(mark) and head == run_key and len(digest) == _KEY_DIGITS


def _digest(plan: FilePlan, feeds: Iterable[str]) -> str:
    """Return a digest of what a slice reads.

    It depends on the content of standard input, and on no secret.
    """
    chunks = (
        (one.chunk.source_uri, one.chunk.size, one.modified, one.chunk.start, one.chunk.end) for one in plan.chunks
    )
    rejects = ((reject.source_uri, str(reject.reason)) for reject in plan.rejects)
    digest = hashlib.sha256()
    for part in chain(chunks, rejects, feeds):
        digest.update(repr(part).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:_KEY_DIGITS]


def edges(plan: FilePlan) -> frozenset[str]:
    """Return the sources that a slice may share with others: its first and last file."""
    chunks = [planned.chunk.source_uri for planned in plan.chunks if not planned.is_feed]
    return frozenset((chunks[0], chunks[-1])) if chunks else frozenset()


def total(parts: Sequence[Outcome], shared: Sequence[frozenset[str]], run_id: str, run_key: str | None) -> Outcome:
    """Return the sum of the outcomes of one or more slices.

    ``shared`` holds the ``edges`` of each slice. A source of several slices counts once, by its
    worst outcome.
    """
    summaries = [part.summary for part in parts]
    counts = {name: sum(cast(dict[str, int], one)[name] or 0 for one in summaries) for name in _SUMMED}
    slices_of = Counter(chain.from_iterable(shared))
    for source in sorted(source for source, times in slices_of.items() if times > 1):
        ends = [_end_of(source, part) for part, sources in zip(parts, shared, strict=True) if source in sources]
        counts.update({name: counts[name] - ends.count(name) for name in _SOURCE_COUNTS})
        counts[max(ends, key=_SOURCE_COUNTS.index)] += 1
    failures = tuple(dict.fromkeys(failure for part in parts for failure in part.failures))
    summed = {
        **summaries[-1],
        **counts,
        "run_id": run_id,
        "run_key": run_key or run_id,
        "failures": [sentence(failure) for failure in failures],
        "notices": list(dict.fromkeys(notice for one in summaries for notice in one["notices"] or ())),
        "seconds": round(sum(one["seconds"] for one in summaries), 3),
    }
    return replace(parts[-1], summary=cast(RunSummary, summed), failures=failures)


def _end_of(source: str, part: Outcome) -> str:
    """Return the name of the count in a slice's summary that holds the source."""
    reasons = {failure.reason for failure in part.failures if failure.uri == source}
    if not reasons:
        return "sources_ok"
    return "sources_quarantined" if QUARANTINED in reasons else "sources_failed"


def run_slices(
    options: RunOptions,
    facts: RunFacts,
    plans: Sequence[FilePlan],
    settings: Settings,
    engine: Engine,
    stagings: ExitStack,
) -> Outcome:
    """Commit slice after slice, and return the outcome of the whole run.

    The run stops at a slice that cannot be committed; the slices before it stay in the lake.
    """
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
                outcome = run_plan(options, sliced, files, settings, engine, stagings, state, label)
                stagings.close()
                gc.collect()  # Beam's objects of this slice refer to each other in circles
            if outcome.status in (Status.UNBALANCED, Status.BUSY):
                return _outcome(
                    options, facts.run_id, plans, done, failed=replace(outcome, detail=f"{label}: {outcome.detail}")
                )
            done.append(outcome)
            options = replace(options, feeds=(), opml=())
            has_claimed = outcome.status is not Status.NO_SOURCE
            if not left and key is not None and not has_claimed and any(one.has_source for one in done):
                # A slice without a usable source claims no key. An empty slice claims the run's
                # key.
                left.append((FilePlan(), key))
    finally:
        if 0 < len(done) < len(plans):
            _LOGGER.error("%s", _what_stays(len(done), len(plans), options.run_key))
    return _outcome(options, facts.run_id, plans, done)


def _committed_before(lake: Storage, key: str | None, label: str) -> Outcome | None:
    """Return the outcome of a slice that was committed before, or None."""
    number = log.current_state(lake).run_keys.get(key) if key is not None else None
    if number is None:
        return None
    _LOGGER.info("%s was committed as entry %d: nothing of it is read again", label, number)
    return replace(outcome_at(lake, number), status=Status.KEY_TAKEN)


def _outcome(
    options: RunOptions, run_id: str, plans: Sequence[FilePlan], done: Sequence[Outcome], failed: Outcome | None = None
) -> Outcome:
    """Return the outcome of the whole run: the sum of the slices that are done.

    ``failed`` is the slice that stopped the run.
    """
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
    """Return a sentence that says which slices are in the lake, and how to go on.

    >>> _what_stays(2, 7, "nightly")
    'slices 1 to 2 of 7 are committed; the same command goes on with slice 3'
    """
    committed = "slice 1" if done == 1 else f"slices 1 to {done}"
    rest = "goes on" if run_key else "reads all again, adds nothing of them twice, and goes on"
    are = "is" if done == 1 else "are"
    return f"{committed} of {slices} {are} committed; the same command {rest} with slice {done + 1}"
