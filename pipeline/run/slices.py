"""Runs of more articles than one commit should hold: where they are cut, the keys of their slices, and the total that is told of them.

A slice is a whole run with a commit of its own, judged against the lake as the slices before it left it. What identity and content
decide within a run they so decide between runs: of two equal articles in two slices the earlier slice's is kept, and a changed one of a
later slice is a revision.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import cast

from newslake.schemas.reject import Reject
from newslake.schemas.tables import RunSummary
from newslake.transforms.files.estimate import estimate_articles, most_articles
from newslake.transforms.files.match import FileMatch, OpenBytes
from newslake.transforms.files.patterns import FilePattern
from newslake.transforms.files.plan import FilePlan, PlannedChunk, plan_files
from newslake.transforms.lake.commit import QUARANTINED, Outcome, sentence

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
)
_SOURCE_COUNTS = ("sources_ok", "sources_failed", "sources_quarantined")
"""From the best that can become of a source to the worst."""
_KEY_DIGITS = 32


def plan_slices(
    matches: Sequence[tuple[FileMatch, FilePattern]],
    rejects: Iterable[Reject],
    open_bytes: OpenBytes,
    slice_articles: int,
) -> tuple[FilePlan, ...]:
    """The files of a run, cut into slices of about ``slice_articles``; one slice where their sizes alone say so.

    No file is opened in that case. Chunks are never split, so that one which holds more (a compressed file is one chunk) makes a larger
    slice. Saved feeds and rejects are the first slice's.
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
    """The chunks in their order, parted so that each part holds at most ``slice_articles``, or one chunk; the first at most ``room``.

    The first is empty where nothing fits into a ``room`` that is not the whole.
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
    """The run key of each slice: the last one's is the run's own, the others' tell what they read; None where the run has none.

    ``feeds`` are the locations of the feeds and lists of feeds that the first slice reads besides its files.
    """
    if run_key is None:
        return [None] * len(slices)
    read = [feeds, *[()] * (len(slices) - 1)]
    return [*(f"{run_key}#{_digest(plan, also)}" for plan, also in zip(slices[:-1], read, strict=False)), run_key]


def is_key_of_slice(key: str, run_key: str) -> bool:
    """Whether ``key`` is that of a slice of the run that ends with ``run_key``."""
    head, mark, digest = key.rpartition("#")
    return bool(mark) and head == run_key and len(digest) == _KEY_DIGITS


def _digest(plan: FilePlan, feeds: Iterable[str]) -> str:
    """Of what a slice reads; standard input has its content in its name, and secrets are in none."""
    chunks = (
        (one.chunk.source_uri, one.chunk.size, one.modified, one.chunk.start, one.chunk.end) for one in plan.chunks
    )
    rejects = ((reject.source_uri, str(reject.reason)) for reject in plan.rejects)
    digest = hashlib.sha256()
    for part in chain(chunks, rejects, feeds):
        digest.update(repr(part).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:_KEY_DIGITS]


def edges(plan: FilePlan) -> frozenset[str]:
    """The sources that a slice may share with its neighbours: those of its first and last chunk that are no feeds."""
    chunks = [planned.chunk.source_uri for planned in plan.chunks if not planned.is_feed]
    return frozenset((chunks[0], chunks[-1])) if chunks else frozenset()


def total(parts: Sequence[Outcome], shared: Sequence[frozenset[str]], run_id: str, run_key: str | None) -> Outcome:
    """Return the sum over slices, of which there is at least one.

    A source of several slices (``shared``: the edges of each) counts once, as the worst that became of it.
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
        "seconds": round(sum(one["seconds"] for one in summaries), 3),
    }
    return replace(parts[-1], summary=cast(RunSummary, summed), failures=failures)


def _end_of(source: str, part: Outcome) -> str:
    """Return which count of a slice's summary holds the source."""
    reasons = {failure.reason for failure in part.failures if failure.uri == source}
    if not reasons:
        return "sources_ok"
    return "sources_quarantined" if QUARANTINED in reasons else "sources_failed"
