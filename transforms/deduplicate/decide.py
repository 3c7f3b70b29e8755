"""From staged shards to verdicts, files to build, and what the index learns: all that happens under the run's one key."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schemas.lake import ARTICLES, DUPLICATES, INDEX, REJECTS, REVISIONS, partition_folder
from schemas.staged import (
    VERDICT_COLUMNS,
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
from transforms.deduplicate.resolve import new_keys, resolve_articles
from transforms.lake import columns, index, log, stage, storage
from transforms.lake.index import IndexFile
from transforms.lake.stage import OpenShard

TARGET_BYTES = 128_000_000
MIN_ARTICLES_FOR_QUARANTINE = 20

TABLE_OF_VERDICT = {Verdict.NEW: ARTICLES, Verdict.REVISION: REVISIONS, Verdict.DUPLICATE: DUPLICATES}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the user may settle: ``granularity`` of partitions ("month", "day"), ``max_reject_ratio`` of a source before quarantine."""

    granularity: str = "month"
    max_reject_ratio: float = 0.5
    target_bytes: int = TARGET_BYTES


def decide(
    place: RunPlace, shards: Iterable[Shard], manifests: Iterable[SourceManifest], policy: Policy
) -> tuple[list[PublishTask], Resolution]:
    """Judge every staged row at the run's base. Writes a verdicts file and an index file into the run's staging folder."""
    staging = Path(place.lake, place.staging)
    opened = {kind: [] for kind in (stage.ARTICLES, stage.REJECTS)}  # type: dict[str, list[OpenShard]]
    for shard in sorted(set(shards), key=lambda one: one.name):
        opened[shard.kind].append(stage.open_shard(staging, shard.name))
    live_index = log.state_at(place.lake, place.base).index
    files = [IndexFile(Path(place.lake, file.path)) for file in live_index]
    articles, rejects = _Pile(stage.ARTICLES, opened[stage.ARTICLES]), _Pile(stage.REJECTS, opened[stage.REJECTS])

    quarantined = _quarantined_sources(articles, rejects, manifests, policy)
    judged = np.flatnonzero(~articles.of_sources(quarantined))
    resolved = resolve_articles(
        {name: column[judged] for name, column in articles.columns.items()} if quarantined else articles.columns,
        files,
        lambda row: _without_run(articles.line(int(judged[row]))),
    )
    reject_is_new = new_keys((rejects.columns["key_hi"], rejects.columns["key_lo"]), files, "rejects")  # type: ignore[arg-type]

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
    index_added, index_removed = _write_index(place, index_rows, live_index, files)

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
        index_added=index_added,
        index_removed=index_removed,
    )


class _Pile:
    """Shards of one kind as one table; ``starts`` is where each shard's rows begin."""

    def __init__(self, kind: str, shards: Sequence[OpenShard]) -> None:
        self.shards = shards
        parts = [shard.columns for shard in shards] or [stage.empty_columns(kind)]
        self.columns: Columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        sizes = [len(shard.columns["offset"]) for shard in shards]
        self.rows = sum(sizes)
        self.starts = np.cumsum([0, *sizes])
        sources: dict[str, int] = {}
        for shard, start, size in zip(shards, self.starts.tolist(), sizes, strict=False):
            numbers = np.array([sources.setdefault(origin, len(sources)) for origin in shard.origins], "<u4")
            self.columns["origin"][start : start + size] = numbers[shard.columns["origin"]]
        self.sources = list(sources)

    def count_by_source(self, which: NDArray[np.bool_]) -> dict[str, int]:
        counts = np.bincount(self.columns["origin"][which], minlength=len(self.sources))
        return {source: count for source, count in zip(self.sources, counts.tolist(), strict=True) if count}

    def of_sources(self, names: set[str]) -> NDArray[np.bool_]:
        return np.isin(self.columns["origin"], [number for number, name in enumerate(self.sources) if name in names])

    def line(self, row: int) -> bytes:
        number = int(np.searchsorted(self.starts, row, "right")) - 1
        start = int(self.starts[number])
        return self.shards[number].read_lines(row - start, row - start + 1)


def _quarantined_sources(articles: _Pile, rejects: _Pile, manifests: Iterable[SourceManifest], policy: Policy) -> set[str]:
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


def _write_index(
    place: RunPlace, rows: dict[str, index.Rows], live: Sequence[log.LiveFile], files: Sequence[IndexFile]
) -> tuple[tuple[StagedFile, ...], tuple[str, ...]]:
    """The run's index file, where it has anything to add; merged with others of its size tier where there are enough of them."""
    count = index.count_rows(rows)
    if count == 0:
        return (), ()
    final = f"{INDEX}/{place.run_id}-{secrets.token_hex(4)}.columns"
    staged = f"{place.staging}/index-{secrets.token_hex(8)}.columns"
    to_merge = set(index.to_merge({**{file.path: file.rows for file in live}, final: count}))
    if final in to_merge:
        old = [opened for file, opened in zip(live, files, strict=True) if file.path in to_merge]
        rows = index.merged([*(one.tables for one in old), rows])
        count = index.count_rows(rows)
    else:
        to_merge = set()
    size, sha256 = index.write(Path(place.lake, staged), rows)
    return (StagedFile("index", final, staged, count, size, sha256),), tuple(sorted(to_merge - {final}))


def _tasks(name: str, pile: _Pile, verdicts: NDArray[np.generic], first_verdict: int, policy: Policy) -> Iterator[PublishTask]:
    """Files of articles, revisions and duplicates, by partition: each takes rows until it has the target size."""
    for verdict, table in TABLE_OF_VERDICT.items():
        gathered: dict[int, _Gathering] = {}
        number = 0
        for shard, start in zip(pile.shards, pile.starts.tolist(), strict=False):
            partition = _coarse(shard.columns["partition"], policy.granularity)
            chosen = verdicts[start : start + len(partition)] == verdict
            weight = np.where(chosen, shard.columns["length"], 0).cumsum()
            edges = np.flatnonzero(np.diff(partition, prepend=partition[:1] - 1, append=partition[-1:] + 1))
            for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
                code = int(partition[low])
                gathering = gathered.setdefault(code, _Gathering(policy.target_bytes))
                for ranges in gathering.add(shard.name, low, high, first_verdict + start, weight):
                    yield PublishTask(table, partition_folder(code, policy.granularity), number, name, ranges)
                    number += 1
        for code, gathering in sorted(gathered.items()):
            if gathering.ranges:
                yield PublishTask(table, partition_folder(code, policy.granularity), number, name, tuple(gathering.ranges))
                number += 1


def _reject_tasks(name: str, pile: _Pile, is_new: NDArray[np.bool_], first_verdict: int, policy: Policy) -> Iterator[PublishTask]:
    gathering, number = _Gathering(policy.target_bytes), 0
    for shard, start in zip(pile.shards, pile.starts.tolist(), strict=False):
        rows = len(shard.columns["length"])
        weight = np.where(is_new[start : start + rows], shard.columns["length"], 0).cumsum()
        for ranges in gathering.add(shard.name, 0, rows, first_verdict + start, weight):
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
