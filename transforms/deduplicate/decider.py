"""From staged shards to verdicts: all that one step decides under the key of a run's commit."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import (
    ARTICLE_COLUMNS,
    UNKNOWN_INSTANT,
    VERDICT_COLUMNS,
    WIDE_COLUMNS,
    BuildTask,
    Columns,
    Decision,
    Shard,
    SourceCounts,
    SourceManifest,
    StagedFile,
    Verdict,
)
from newslake.transforms.deduplicate import hashes, questions
from newslake.transforms.deduplicate.decide import Resolved, Staged, new_keys, resolve_articles
from newslake.transforms.deduplicate.hashes import Flags, Integers
from newslake.transforms.deduplicate.ids import Known
from newslake.transforms.deduplicate.index import keys, near
from newslake.transforms.deduplicate.index.keys import IndexFile
from newslake.transforms.deduplicate.index.near import NEAR_COLUMNS
from newslake.transforms.deduplicate.near import NearPolicy
from newslake.transforms.deduplicate.pile import Pile, open_piles
from newslake.transforms.lake.layout import Layout, article_tasks, reject_tasks
from newslake.transforms.lake.log import LakeState, LiveFile, LogEntry
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.columns import ColumnFileError

MIN_ARTICLES_FOR_QUARANTINE = 20
_DOUBT_OF_MINUTE = 1
"""The ``doubt`` of a certain date that is known to the minute; 0 is one to the second."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the user may set.

    ``layout`` is the layout of the files. ``max_reject_ratio`` is the share of rejects (0 to 1)
    above which a source is quarantined. ``near`` says what happens to near-duplicates.
    """

    layout: Layout = field(default_factory=Layout)
    max_reject_ratio: float = 0.5
    near: NearPolicy = field(default_factory=NearPolicy)


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides for the runs of a graph: asks ``lake``, and reads and stages in ``store``."""

    lake: Storage
    store: Storage
    policy: Policy

    def decide(
        self, run: RunFacts, state: LakeState, shards: Sequence[Shard], manifests: Sequence[SourceManifest]
    ) -> tuple[list[BuildTask], Decision]:
        """Give every staged row its verdict. Return the output files to build, and the decision.

        All files of the lake must stand in place at ``state``. This writes a file of verdicts and
        the run's index files into staging.
        """
        staging = Staging(self.store, run.staging)
        articles, rejects = open_piles(staging, shards)
        known = _open_known(self.lake, state.index, articles, self.policy)

        quarantined = _quarantined_sources(articles, rejects, manifests, self.policy)
        decided = np.flatnonzero(~articles.of_sources(quarantined))
        resolved = resolve_articles(_staged(articles, decided), known, self.policy.near, state.number + 1)
        reject_is_new = new_keys(hashes.pair(rejects.columns, "key"), known, "rejects")

        verdicts = _verdicts(articles, rejects, decided, resolved, reject_is_new)
        name = f"verdicts-{secrets.token_hex(8)}"
        staging.write_columns(name, verdicts)

        of_articles = verdicts["verdict"][: articles.rows]
        layout, columns = self.policy.layout, articles.columns
        tasks = [
            *article_tasks(name, articles.spans(), of_articles, columns["partition"], columns["length"], layout),
            *reject_tasks(name, rejects.spans(), reject_is_new, rejects.columns["length"], articles.rows, layout),
        ]
        counts = np.bincount(of_articles, minlength=len(Verdict)).tolist()
        return tasks, Decision(
            base=state.number,
            verdicts=name,
            digest=_digest(verdicts),
            staged_articles=articles.rows,
            staged_rejects=int((rejects.columns["whole_source"] == 0).sum()),
            new=counts[Verdict.NEW],
            revised=counts[Verdict.REVISION],
            unchanged=counts[Verdict.UNCHANGED],
            duplicates=counts[Verdict.DUPLICATE],
            quarantined=counts[Verdict.QUARANTINED],
            written_rejects=int(reject_is_new.sum()),
            internal_errors=int(rejects.columns["internal"].sum()),
            quarantined_sources=tuple(sorted(quarantined)),
            sources=_source_counts(run, articles, rejects, of_articles),
            index_added=_stage_index(staging, run, articles, decided, resolved, rejects, reject_is_new),
            near_candidates=resolved.near.candidates,
            near_verified=resolved.near.verified,
            near_dropped=resolved.near.dropped,
        )

    def touches(self, run: RunFacts, shards: Sequence[Shard], decision: Decision, entries: Sequence[LogEntry]) -> bool:
        """Tell whether the rows that ``entries`` added to the index could change the decision.

        The answer may be True although no verdict changes. It is never False if a verdict changes.
        It is True if a file of an entry is gone.
        """
        staging = Staging(self.store, run.staging)
        articles, rejects = open_piles(staging, shards)
        own = [
            IndexFile(self.store, file.staged)
            for file in decision.index_added
            if near.segment_of_path(file.path) is None
        ]
        verdicts = staging.read_columns(decision.verdicts)
        for entry in entries:
            try:
                fresh = _open_known(self.lake, entry.index_added, articles, self.policy)
            except ColumnFileError:
                return True
            if questions.are_answered(fresh, articles, rejects, verdicts, own, self.policy.near):
                return True
        return False


def _quarantined_sources(
    articles: Pile, rejects: Pile, manifests: Iterable[SourceManifest], policy: Policy
) -> set[str]:
    """Return the sources with more rejects than the policy allows.

    Count neither manifests of failed sources nor rejects of whole sources. A source with fewer than
    MIN_ARTICLES_FOR_QUARANTINE items is never quarantined.
    """
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


def _source_counts(
    run: RunFacts, articles: Pile, rejects: Pile, verdicts: NDArray[np.generic]
) -> tuple[SourceCounts, ...]:
    new = articles.count_by_source(verdicts == Verdict.NEW)
    revised = articles.count_by_source(verdicts == Verdict.REVISION)
    duplicates = articles.count_by_source(verdicts == Verdict.DUPLICATE)
    rejected = rejects.count_by_source(np.ones(rejects.rows, bool))
    lags = _median_lags(run, articles, verdicts == Verdict.NEW)
    return tuple(
        SourceCounts(
            source,
            new.get(source, 0),
            revised.get(source, 0),
            duplicates.get(source, 0),
            rejected.get(source, 0),
            lags.get(source),
        )
        for source in sorted({*new, *revised, *duplicates, *rejected})
    )


def _median_lags(run: RunFacts, articles: Pile, which: Flags) -> dict[str, int]:
    """Return the median seconds from publication to the run, of those of ``which`` with a time."""
    columns = articles.columns
    timed = which & np.less_equal(columns["doubt"], _DOUBT_OF_MINUTE) & (columns["published_from"] != UNKNOWN_INSTANT)
    origins, lags = columns["origin"][timed], int(run.now.timestamp()) - columns["published_from"][timed]
    order = np.argsort(origins, kind="stable")
    edges = np.flatnonzero(np.diff(origins[order], prepend=-1)).tolist()
    parts = np.split(lags[order], edges[1:])
    return (
        {
            articles.sources[int(origins[order][edge])]: int(np.median(part))
            for edge, part in zip(edges, parts, strict=True)
        }
        if edges
        else {}
    )


def _open_known(lake: Storage, live: Sequence[LiveFile], articles: Pile, policy: Policy) -> Known:
    """Open the files of ``live`` that the run can need.

    These are all files of the keys index, the near files of whole years, and those of the months
    within the policy's window around the days of ``articles``. Without articles no near file is
    opened.
    """
    of_keys, near_names = [], []
    window = policy.near.window_days
    days = (
        (int(articles.columns["day_from"].min()), int(articles.columns["day_until"].max())) if articles.rows else None
    )
    for file in live:
        segment = near.segment_of_path(file.path)
        if segment is None:
            of_keys.append(IndexFile(lake, _place(lake, file)))
        elif days is not None and near.in_reach(segment, *days, window):
            near_names.append(_place(lake, file))
    return Known(of_keys, near.open_files(lake, near_names))


def _place(lake: Storage, file: LiveFile) -> str:
    """Return where a committed file stands: at its path, or where it was staged.

    It still stands where it was staged if no file stands at its path yet.
    """
    is_linked = lake.stat(file.path) is not None or not file.staged or lake.stat(file.staged) is None
    return file.path if is_linked else file.staged


def _staged(articles: Pile, decided: Integers) -> Staged:
    is_all = len(decided) == articles.rows
    return Staged(
        articles.columns if is_all else {name: column[decided] for name, column in articles.columns.items()},
        lambda name, rows: articles.read_wide(name, decided[rows]),
        lambda row: _without_run(articles.line(int(decided[row]))),
    )


def _verdicts(articles: Pile, rejects: Pile, decided: Integers, resolved: Resolved, reject_is_new: Flags) -> Columns:
    """Return VERDICT_COLUMNS: a row for each staged article, then one for each staged reject."""
    verdicts: Columns = {name: np.zeros(articles.rows + rejects.rows, dtype) for name, dtype in VERDICT_COLUMNS.items()}
    verdicts["verdict"][: articles.rows] = Verdict.QUARANTINED
    for name, column in resolved.verdicts.items():
        verdicts[name][decided] = column
    verdicts["verdict"][articles.rows :] = np.where(reject_is_new, Verdict.NEW, Verdict.UNCHANGED)
    return verdicts


def _digest(verdicts: Columns) -> str:
    digest = hashlib.sha256()
    for name in VERDICT_COLUMNS:
        digest.update(verdicts[name].tobytes())
    return digest.hexdigest()


def _stage_index(
    staging: Staging,
    run: RunFacts,
    articles: Pile,
    decided: Integers,
    resolved: Resolved,
    rejects: Pile,
    reject_is_new: Flags,
) -> tuple[StagedFile, ...]:
    """Write the index files of the run into staging: what the indexes learn from it."""
    of_rejects = {half: rejects.columns[half][reject_is_new] for half in ("key_hi", "key_lo")}
    of_keys = keys.stage_rows(staging, run.run_id, run.commit, resolved.index_rows | {"rejects": of_rejects})
    resolved.index_rows.clear()

    def read(places: Integers) -> Columns:
        """Read a segment at a time, because the rows of the near index are large."""
        learnt = resolved.near_rows[places]
        rows = decided[learnt]
        narrow = [name for name in NEAR_COLUMNS if name in ARTICLE_COLUMNS and name not in WIDE_COLUMNS]
        columns = {name: articles.columns[name][rows] for name in narrow}
        columns |= {name: articles.read_wide(name, rows) for name in NEAR_COLUMNS if name in WIDE_COLUMNS}
        columns |= hashes.named("id", hashes.take(hashes.pair(resolved.verdicts, "id"), learnt))
        return columns | {"shingles": resolved.near_shingles[places]}

    days = (articles.columns[name][decided[resolved.near_rows]] for name in ("day_from", "day_until"))
    return *of_keys, *near.stage_rows(staging, run.run_id, run.commit, near.segments(*days), read)


def _without_run(line: bytes) -> bytes:
    """Return a line without ingested_at and run_id, which differ from run to run."""
    head, _, rest = line.partition(b',"ingested_at":')
    return head + rest.partition(b',"schema_version":')[2]
