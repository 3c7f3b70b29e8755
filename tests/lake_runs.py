"""Runs on the lake layer without Beam, from staged rows to a committed lake.

They call the same functions as the steps of the pipeline.
"""

import datetime as dt
import gzip
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from newslake.pipeline.run.merge import merge_small_files
from newslake.schemas import codec
from newslake.schemas.raw import NormalisedBatch, RawArticle, RunFacts, SourceSettings
from newslake.schemas.staging import (
    ARTICLE_COLUMNS,
    REJECT_COLUMNS,
    UNKNOWN_INSTANT,
    BuildTask,
    Columns,
    Link,
    Shard,
    SourceManifest,
    StagedBatch,
    StagedFile,
)
from newslake.schemas.tables import STAGING
from newslake.transforms.deduplicate.decider import Decider, Policy
from newslake.transforms.deduplicate.keys import identify_articles
from newslake.transforms.feeds.state import new_state
from newslake.transforms.lake import log, recover, staging
from newslake.transforms.lake.attempt import Attempt, open_attempt
from newslake.transforms.lake.build import FileBuilder
from newslake.transforms.lake.commit import Acts, CommitSettings, Outcome, Work, commit_run, preview_run
from newslake.transforms.lake.staging import Staging
from newslake.transforms.normalise.article import find_languages, make_record, name_countries, read_texts
from newslake.transforms.storage.base import Lock, Storage

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
COUNTS = ("read", "new", "revised", "unchanged", "duplicates", "rejected")


def article_batch(*articles: tuple[int, ...], source: str = "source") -> StagedBatch:
    """Return a batch of articles given as (id, content, partition code).

    A fourth number is the key of source and source_id.
    """
    columns: Columns = {name: np.zeros(len(articles), dtype) for name, dtype in ARTICLE_COLUMNS.items()}
    lines = []
    for place, (identity, content, partition, *source_key) in enumerate(articles):
        columns["content"][place] = columns["stable"][place] = content
        keys = [("id", identity), ("match", content)]
        for name, value in [*keys, *(("source", one) for one in source_key)]:
            columns[f"{name}_hi"][place], columns[f"{name}_lo"][place] = value, value
        columns["link"][place] = Link.URL
        columns["partition"][place] = partition
        columns["published_from"][place] = identity
        columns["modified_from"][place] = UNKNOWN_INSTANT
        row = {
            "id": hex_id(identity),
            "revision": 1,
            "article_body": f"text {content}",
            "ingested_at": "now",
            "run_id": "r",
            "schema_version": 1,
        }
        lines.append(codec.encode(row))
    return StagedBatch(staging.ARTICLES, lines, columns, [source])


def news_batch(raws: Sequence[RawArticle]) -> StagedBatch:
    """Return raw articles as a batch, normalised and identified as the steps do it."""
    settings, run = SourceSettings(), RunFacts("r", NOW)
    pending = [(read_texts(raw), raw) for raw in raws]
    languages = find_languages(pending, settings)
    named = [name_countries(found, *article) for found, article in zip(languages, pending, strict=True)]
    records = [
        (make_record(countries, found, *article, settings=settings, run=run, base=None), article[1])
        for countries, found, article in zip(named, languages, pending, strict=True)
    ]
    return identify_articles(NormalisedBatch(records))


def reject_batch(*keys: int, source: str = "source") -> StagedBatch:
    columns: Columns = {name: np.zeros(len(keys), dtype) for name, dtype in REJECT_COLUMNS.items()}
    columns["key_hi"][:] = keys
    lines = [codec.encode({"stage": "read_articles", "detail": str(key)}) for key in keys]
    return StagedBatch(staging.REJECTS, lines, columns, [source])


def hex_id(identity: int) -> str:
    return (np.uint64(identity).tobytes() * 2).hex()


def _untouched(folder: Staging, shard: Shard) -> None:
    del folder, shard


@dataclass
class Runs:
    """Runs over one lake.

    ``tamper`` is called between staging and deciding, and ``before_commit`` between building and
    committing.
    """

    lake: Storage
    policy: Policy = field(default_factory=Policy)
    settings: CommitSettings = field(default_factory=lambda: CommitSettings("local", "1"))
    locks: dict[str, Lock | None] = field(default_factory=dict)

    def begin(self, run_key: str | None = None) -> RunFacts:
        """Start a run, which holds the lock of its staging folder until ``let_go``."""
        since = recover.roll_forward(self.lake).number
        token = secrets.token_hex(8)
        run = RunFacts(f"run-{token}", NOW, token, f"{STAGING}/{since}-{token}", since, run_key)
        self.locks[run.commit] = self.lake.lock(f"{run.staging}/owner") if self.lake.has_locks else None
        return run

    def let_go(self, run: RunFacts) -> None:
        """Free the run's lock, as if its process had ended."""
        if (lock := self.locks.pop(run.commit)) is not None:
            lock.release()

    @contextmanager
    def owned(self, run_key: str | None = None) -> Iterator[RunFacts]:
        """Start a run as the launcher does, and hold its lock while the context is open."""
        state = recover.prepare(self.lake)
        token = secrets.token_hex(8)
        with recover.owned_staging(self.lake, state.number) as folder:
            yield RunFacts(f"run-{token}", NOW, token, folder, state.number, run_key)

    def stage(
        self, run: RunFacts, *batches: StagedBatch, tamper: Callable[[Staging, Shard], None] = _untouched
    ) -> list[Shard]:
        folder = Staging(self.lake, run.staging)
        shards = [staging.write_shard(folder, batch.kind, [batch]) for batch in batches]
        for shard in shards:
            tamper(folder, shard)
        return shards

    @property
    def decider(self) -> Decider:
        return Decider(self.lake, self.lake, self.policy)

    @property
    def acts(self) -> Acts:
        return Acts(self.decider.decide, self.decider.touches, self.build, new_state)

    def build(self, run: RunFacts, tasks: Sequence[BuildTask]) -> list[StagedFile]:
        builder = FileBuilder(Staging(self.lake, run.staging), run.run_id, self.settings.compression)
        return [builder.build(task) for task in tasks]

    def decide(
        self,
        run: RunFacts,
        shards: Sequence[Shard],
        manifests: Sequence[SourceManifest],
        attempt: Attempt | None = None,
    ) -> Work:
        """Open an attempt, decide and build; return the work."""
        opened = attempt or open_attempt(self.lake, run)
        if opened.fate is not None:
            return Work(manifests, shards)
        tasks, decision = self.decider.decide(run, opened.state, shards, manifests)
        return Work(manifests, shards, decision, self.build(run, tasks))

    def work(
        self, run: RunFacts, *batches: StagedBatch, read: int | None = None, source: str = "source", **more: Any
    ) -> Work:
        """Stage, decide and build; return the work."""
        shards = self.stage(run, *batches, **more)
        met = sum(len(batch.lines) for batch in batches) if read is None else read
        return self.decide(run, shards, [SourceManifest(source, met)])

    def commit(self, run: RunFacts, work: Work) -> Outcome:
        return commit_run(self.lake, run, work, self.acts, self.settings)

    def finish(self, run: RunFacts, *batches: StagedBatch, preview: bool = False, **more: Any) -> Outcome:
        work = self.work(run, *batches, **more)
        if preview:
            return preview_run(Staging(self.lake, run.staging), run, work, self.settings)
        return self.commit(run, work)

    def run(self, *batches: StagedBatch, policy: Policy | None = None, run_key: str | None = None) -> Outcome:
        """Do a whole run, from its preparations to the merge after it; return its outcome."""
        runs = replace(self, policy=policy or self.policy)
        with runs.owned(run_key) as run:
            outcome = runs.finish(run, *batches)
            recover.end_without_commit(self.lake, run, has_workers=False)
        recover.clear_staging(self.lake, run.staging)
        merge_small_files(self.lake)
        return outcome


def rows(lake: Storage, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table, from the files that the log names."""
    found = []
    for file in log.read_state(lake).files:
        if file.table == table:
            lines = gzip.decompress(lake.read(file.path)).splitlines()
            assert len(lines) == file.rows
            found += [json.loads(line) for line in lines]
    return found


def counts(outcome: Outcome) -> tuple[int, ...]:
    summary = dict(outcome.summary)
    return tuple(int(str(summary[name])) for name in COUNTS)
