"""From staged shards to verdicts, files to build, and what the index learns: all that happens under the run's one key."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schemas.lake import ARTICLES, DUPLICATES, INDEX, REJECTS, REVISIONS, partition_folder
from schemas.staged import (
    ARTICLE_COLUMNS,
    VERDICT_COLUMNS,
    WIDE_COLUMNS,
    Columns,
    PublishTask,
    Resolution,
    RowRange,
    RunPlace,
    Shard,
    SourceManifest,
    StagedFile,
    Verdict,
)
from transforms.deduplicate import hashes
from transforms.deduplicate.hashes import Integers
from transforms.deduplicate.naming import Lake
from transforms.deduplicate.pile import Pile
from transforms.deduplicate.resolve import NearPolicy, Resolved, Staged, new_keys, resolve_articles
from transforms.lake import columns, index, log, near_index, stage, storage
from transforms.lake.index import IndexFile
from transforms.lake.log import LiveFile
from transforms.lake.near_index import NEAR_COLUMNS, NearFile

TARGET_BYTES = 128_000_000
MIN_ARTICLES_FOR_QUARANTINE = 20

TABLE_OF_VERDICT = {Verdict.NEW: ARTICLES, Verdict.REVISION: REVISIONS, Verdict.DUPLICATE: DUPLICATES}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the user may settle: ``granularity`` of partitions ("month", "day"), ``max_reject_ratio`` of a source before quarantine, and
    what is a near-duplicate."""

    granularity: str = "month"
    max_reject_ratio: float = 0.5
    target_bytes: int = TARGET_BYTES
    near: NearPolicy = field(default_factory=NearPolicy)


def decide(
    place: RunPlace, shards: Iterable[Shard], manifests: Iterable[SourceManifest], policy: Policy
) -> tuple[list[PublishTask], Resolution]:
    """Judge every staged row at the run's base. Writes a verdicts file and index files into the run's staging folder."""
    staging = Path(place.lake, place.staging)
    staged = sorted(set(shards), key=lambda one: one.name)
    articles, rejects = (Pile(staging, kind, [shard for shard in staged if shard.kind == kind]) for kind in (stage.ARTICLES, stage.REJECTS))
    live = log.state_at(place.lake, place.base).index
    lake = _open_lake(place, live, articles, policy.near)

    quarantined = _quarantined_sources(articles, rejects, manifests, policy)
    judged = np.flatnonzero(~articles.of_sources(quarantined))
    resolved = resolve_articles(
        Staged(
            {name: column[judged] for name, column in articles.columns.items()} if quarantined else articles.columns,
            lambda name, rows: articles.read_wide(name, judged[rows]),
            lambda row: _without_run(articles.line(int(judged[row]))),
        ),
        lake,
        policy.near,
        place.base + 1,
    )
    reject_is_new = new_keys(hashes.pair(rejects.columns, "key"), lake, "rejects")

    total = articles.rows + rejects.rows
    verdicts: Columns = {name: np.zeros(total, dtype) for name, dtype in VERDICT_COLUMNS.items()}
    verdicts["verdict"][: articles.rows] = Verdict.QUARANTINED
    for name, column in resolved.verdicts.items():
        verdicts[name][judged] = column
    verdicts["verdict"][articles.rows :] = np.where(reject_is_new, Verdict.NEW, Verdict.UNCHANGED)
    name = f"verdicts-{secrets.token_hex(8)}"
    storage.make_folder(staging)
    columns.write(staging / f"{name}.columns", verdicts, {})

    index_rows = resolved.index_rows
    index_rows["rejects"] = {half: rejects.columns[half][reject_is_new] for half in ("key_hi", "key_lo")}
    added, removed = _write_keys(place, index_rows, live, lake)
    near_added, near_removed = _write_near(place, articles, judged, resolved, live)

    article_verdicts = verdicts["verdict"][: articles.rows]
    tasks = [
        *_tasks(name, articles, article_verdicts, 0, policy),
        *_reject_tasks(name, rejects, reject_is_new, articles.rows, policy),
    ]
    counts = np.bincount(article_verdicts, minlength=len(Verdict)).tolist()
    return tasks, Resolution(
        staged_articles=articles.rows,
        staged_rejects=rejects.rows,
        new=counts[Verdict.NEW],
        revised=counts[Verdict.REVISION],
        unchanged=counts[Verdict.UNCHANGED],
        duplicates=counts[Verdict.DUPLICATE],
        quarantined=counts[Verdict.QUARANTINED],
        written_rejects=int(reject_is_new.sum()),
        internal_errors=int(rejects.columns["internal"].sum()),
        quarantined_sources=tuple(sorted(quarantined)),
        new_by_source=tuple(sorted(articles.count_by_source(article_verdicts == Verdict.NEW).items())),
        index_added=(*added, *near_added),
        index_removed=(*removed, *near_removed),
        near_candidates=resolved.near.candidates,
        near_verified=resolved.near.verified,
        near_dropped=resolved.near.dropped,
    )


def _quarantined_sources(articles: Pile, rejects: Pile, manifests: Iterable[SourceManifest], policy: Policy) -> set[str]:
    """Sources of which more than the ratio was rejected, from a number of articles on that makes a ratio mean something."""
    met: Counter[str] = Counter()
    for manifest in manifests:
        if not manifest.failed:
            met[manifest.source_uri] += manifest.items
    rejected = rejects.count_by_source(rejects.columns["whole_source"] == 0)
    return {
        source
        for source, count in rejected.items()
        if met[source] >= MIN_ARTICLES_FOR_QUARANTINE and count > policy.max_reject_ratio * met[source]
    } & set(articles.sources + list(met))


def _open_lake(place: RunPlace, live: Sequence[LiveFile], articles: Pile, policy: NearPolicy) -> Lake:
    """The files of both indexes that the run can need: all keys, and of the near index the months around its articles."""
    keys, near = [], []
    window = policy.rule.window_days
    for file in live:
        path = Path(place.lake, file.path)
        segment = near_index.segment_of_path(file.path)
        if segment is None:
            keys.append(IndexFile(path))
        elif articles.rows:
            first, last = int(articles.columns["day_from"].min()), int(articles.columns["day_until"].max())
            if near_index.in_reach(segment, first, last, window):
                near.append(NearFile(path))
    return Lake(keys, near)


def _write_keys(
    place: RunPlace, rows: dict[str, index.Rows], live: Sequence[LiveFile], lake: Lake
) -> tuple[tuple[StagedFile, ...], tuple[str, ...]]:
    """The run's file of the keys index, where it has anything to add; merged with others of its size tier where there are enough of
    them."""
    count = index.count_rows(rows)
    if count == 0:
        return (), ()
    keys = [file for file in live if near_index.segment_of_path(file.path) is None]
    final = f"{INDEX}/{place.run_id}-{secrets.token_hex(4)}.columns"
    merges = _to_merge(final, count, keys)
    if merges:
        old = [opened.tables for file, opened in zip(keys, lake.keys, strict=True) if file.path in merges]
        rows = index.merged([*old, rows])
    return (_staged_index(place, final, index.count_rows(rows), lambda path: index.write(path, rows)),), merges


def _write_near(
    place: RunPlace, articles: Pile, judged: Integers, resolved: Resolved, live: Sequence[LiveFile]
) -> tuple[tuple[StagedFile, ...], tuple[str, ...]]:
    """The run's files of the near index, one for each month that it has anything to add to, merged as those of the keys are."""
    added: list[StagedFile] = []
    removed: list[str] = []
    rows = judged[resolved.near_rows]
    narrow = {name: articles.columns[name][rows] for name in NEAR_COLUMNS if name in ARTICLE_COLUMNS and name not in WIDE_COLUMNS}
    narrow |= hashes.named("id", hashes.take(hashes.pair(resolved.verdicts, "id"), resolved.near_rows))
    narrow["shingles"] = resolved.near_shingles
    segments = near_index.segments(narrow["day_from"], narrow["day_until"])
    for segment in np.unique(segments).tolist():
        mine = np.flatnonzero(segments == segment)
        final = near_index.file_name(place.run_id, segment, secrets.token_hex(4))
        merges = _to_merge(final, len(mine), [file for file in live if near_index.segment_of_path(file.path) == segment])
        table = {name: column[mine] for name, column in narrow.items()}
        table |= {name: articles.read_wide(name, rows[mine]) for name in WIDE_COLUMNS}
        if merges:
            table = near_index.merged([*(NearFile(Path(place.lake, path)).rows for path in merges), table])
        added.append(_staged_index(place, final, len(table["id_hi"]), partial(near_index.write, rows=table)))
        removed += merges
    return tuple(added), tuple(removed)


def _to_merge(final: str, count: int, live: Sequence[LiveFile]) -> tuple[str, ...]:
    """Files that are to become part of the new one, which has ``count`` rows."""
    tier = index.to_merge({**{file.path: file.rows for file in live}, final: count})
    return tuple(sorted(set(tier) - {final})) if final in tier else ()


def _staged_index(place: RunPlace, final: str, rows: int, write: Callable[[Path], tuple[int, str]]) -> StagedFile:
    staged = f"{place.staging}/index-{secrets.token_hex(8)}.columns"
    size, sha256 = write(Path(place.lake, staged))
    return StagedFile("index", final, staged, rows, size, sha256)


def _tasks(name: str, pile: Pile, verdicts: NDArray[np.generic], first_verdict: int, policy: Policy) -> Iterator[PublishTask]:
    """Files of articles, revisions and duplicates, by partition: each takes rows until it has the target size."""
    for verdict, table in TABLE_OF_VERDICT.items():
        gathered: dict[int, _Gathering] = {}
        number = 0
        for shard, start, end in pile.spans():
            partition = _coarse(pile.columns["partition"][start:end], policy.granularity)
            weight = np.where(verdicts[start:end] == verdict, pile.columns["length"][start:end], 0).cumsum()
            edges = np.flatnonzero(np.diff(partition, prepend=partition[:1] - 1, append=partition[-1:] + 1))
            for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
                code = int(partition[low])
                gathering = gathered.setdefault(code, _Gathering(policy.target_bytes))
                for ranges in gathering.add(shard, low, high, first_verdict + start, weight):
                    yield PublishTask(table, partition_folder(code, policy.granularity), number, name, ranges)
                    number += 1
        for code, gathering in sorted(gathered.items()):
            if gathering.ranges:
                yield PublishTask(table, partition_folder(code, policy.granularity), number, name, tuple(gathering.ranges))
                number += 1


def _reject_tasks(name: str, pile: Pile, is_new: NDArray[np.bool_], first_verdict: int, policy: Policy) -> Iterator[PublishTask]:
    gathering, number = _Gathering(policy.target_bytes), 0
    for shard, start, end in pile.spans():
        weight = np.where(is_new[start:end], pile.columns["length"][start:end], 0).cumsum()
        for ranges in gathering.add(shard, 0, end - start, first_verdict + start, weight):
            yield PublishTask(REJECTS, "", number, name, ranges)
            number += 1
    if gathering.ranges:
        yield PublishTask(REJECTS, "", number, name, tuple(gathering.ranges))


class _Gathering:
    """Ranges for one file until their chosen rows have the target size in bytes."""

    def __init__(self, target_bytes: int) -> None:
        self.ranges: list[RowRange] = []
        self._left = self._target = target_bytes

    def add(self, shard: str, low: int, high: int, first_verdict: int, weight: NDArray[np.generic]) -> Iterator[tuple[RowRange, ...]]:
        """Take rows ``low`` to ``high`` of a shard; ``weight`` is the running sum of the chosen rows' bytes. Yields each full file."""
        total = int(weight[high - 1])
        before = int(weight[low - 1]) if low else 0
        while before + self._left <= total:
            cut = int(np.searchsorted(weight, before + self._left)) + 1
            self.ranges.append(RowRange(shard, low, cut, first_verdict + low))
            yield tuple(self.ranges)
            low, before, self.ranges, self._left = cut, int(weight[cut - 1]), [], self._target
        if before < total:
            self.ranges.append(RowRange(shard, low, high, first_verdict + low))
            self._left -= total - before


def _coarse(codes: NDArray[np.generic], granularity: str) -> NDArray[np.int32]:
    full = codes.astype(np.int32, copy=False)
    return full if granularity == "day" else full // np.int32(100) * np.int32(100)


def _without_run(line: bytes) -> bytes:
    """A line without ingested_at and run_id, which differ from run to run."""
    head, _, rest = line.partition(b',"ingested_at":')
    return head + rest.partition(b',"schema_version":')[2]
