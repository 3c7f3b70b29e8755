"""Three PTransforms over plain dicts, for Beam pipelines of your own.

They wire the same stages as ``newslake run``. ReadSources gives articles as they came.
NormaliseRecords turns these, or dicts with columns of your own, into records: rows of the table
``articles``. WriteToLake waits for all its input, decides about duplicates, and commits once.
All three take bounded input.
"""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import groupby
from secrets import token_hex
from time import time
from typing import Any, Literal, NamedTuple, TypeAlias

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.transforms.window import GlobalWindows

import newslake
from newslake.pipeline.config.checks import path_text, path_texts
from newslake.pipeline.config.file import as_config, check_config
from newslake.pipeline.config.run_options import RunOptions, settle
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.filesystems import match_remote
from newslake.pipeline.graph import commit_staged, read_sources, staged
from newslake.pipeline.options import check_options
from newslake.pipeline.run.merge import merge_small_files
from newslake.pipeline.run.settings import clock, fetcher_of, graph_settings, new_run_id, sources_of
from newslake.schemas import codec
from newslake.schemas.raw import ArticleBatch, NormalisedBatch, RawArticle, RunFacts, SourceSettings
from newslake.schemas.records import read_record
from newslake.schemas.reject import Reason, Reject, Stage, reject_of, row_of
from newslake.schemas.staging import SourceManifest
from newslake.transforms import side_outputs
from newslake.transforms.deduplicate.keys import set_identities
from newslake.transforms.deduplicate.near import OFF
from newslake.transforms.deduplicate.steps import IdentifyArticles, IdentifyRejects
from newslake.transforms.files.columns.mapper import FieldMapper
from newslake.transforms.files.find import FilePattern, match_patterns
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.commit import Outcome, Status
from newslake.transforms.normalise.steps import normalise_batch
from newslake.transforms.side_outputs import ManifestsOutput, RejectsOutput
from newslake.transforms.storage.base import LakeError, Storage
from newslake.transforms.storage.local import open_local

Row = dict[str, Any]
RejectRowsOutput: TypeAlias = pvalue.TaggedOutput[Literal["rejects"], Row]

_RECORDS_AT_ONCE = 200
_RAW_NAMES = tuple(one.name for one in fields(RawArticle))
_OF_FETCHING = ("headers", "user", "password", "secrets", "proxy")
_SOURCE_NAMES = tuple(one.name for one in fields(SourceSettings) if one.name not in _OF_FETCHING)
"""What travels of a source's settings: not what only fetching needs, because it holds secrets."""


class Articles(NamedTuple):
    """Two PCollections of dicts: articles and rejects.

    Rejects are rows of the table ``rejects`` without ``ingested_at`` and ``run_id``.
    """

    articles: beam.PCollection[Row]
    rejects: beam.PCollection[Row]


@dataclass(eq=False)
class ReadSources(beam.PTransform):
    """Read articles from feeds and files, as they came; the input is the pipeline.

    ``config`` is a configuration file, or a mapping with the same keys; ``feeds`` and ``files``
    replace its sources, as in ``newslake.run``. Files are matched when the pipeline is built. The
    result has ``articles`` and ``rejects``. An article is a dict with the fields of RawArticle
    (``headline``, ``body``, ``url``, ``dates``, ...) and the ``settings`` of its source.
    ``limit`` is the largest number of articles from each source; 0 takes all.
    Raises UsageError for a wrong argument or configuration.
    """

    config: str | os.PathLike[str] | Mapping[str, Any] | None = None
    feeds: Sequence[str | os.PathLike[str]] = ()
    files: Sequence[str | os.PathLike[str]] = ()
    limit: int = 0
    allow_private_addresses: bool = False

    def __post_init__(self) -> None:
        given = {"limit": self.limit, "allow_private_addresses": self.allow_private_addresses or None}
        self._options = settle(
            as_config(self.config, os.environ),
            feeds=path_texts("feeds", self.feeds),
            files=path_texts("files", self.files),
            given=check_options(given),
        )
        if any(source.glob == "-" for source in self._options.files):
            raise UsageError("standard input is no source of a Beam pipeline: name a file")

    def expand(self, pipeline: beam.Pipeline) -> Any:
        options = self._options
        patterns = [FilePattern(one.glob, one.settings, is_feed=one.is_feed) for one in options.files]
        matches, rejects = match_patterns(patterns, match_remote)
        sources = sources_of(options, FilePlan(matches=tuple(matches), rejects=tuple(rejects)))
        run = RunFacts("", clock())
        started = pipeline | "Run" >> beam.Create([(run, sources)], reshuffle=False)
        read = read_sources(started, fetcher_of(options, None), options.limit)
        batches = (read.entries, read.documents) | "Batches" >> beam.Flatten()
        rejected = [step.rejects for step in read.steps] | "Rejects" >> beam.Flatten()
        return Articles(
            batches | "AsDicts" >> beam.FlatMap(_raw_rows).with_output_types(Row),
            rejected | "RejectsAsDicts" >> beam.FlatMap(_reject_rows).with_output_types(Row),
        )


@dataclass(eq=False)
class NormaliseRecords(beam.PTransform):
    """Turn articles into records: rows of the table ``articles``, with dates and metadata.

    Input are dicts: articles of ReadSources, or rows with columns of your own, such as ``title``,
    ``text``, ``url`` and ``date``; they are known by the same names as the columns of files.
    ``settings`` says the same of your rows as a table ``[[files]]`` of the configuration, such as
    ``{"language": "nl", "fields": {"kop": "headline"}, "source": "archive"}``. ``now`` is the
    instant from which dates count as lying in the future; None takes the clock's.
    The result has ``articles`` and ``rejects``. Raises UsageError for a wrong setting.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    now: dt.datetime | str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.settings, Mapping):
            raise UsageError(f"settings should be a mapping, such as {{'language': 'nl'}}, not {self.settings!r}")
        table = {"glob": "records", **self.settings}
        checked = check_config({"files": [table]}, {}, where="NormaliseRecords")
        self._settings = checked.sources.files[0].settings
        self._now = check_options({"now": self.now}).get("now")

    def expand(self, rows: beam.PCollection[Any]) -> Any:
        run = RunFacts("", self._now or clock())
        made = (
            rows
            | "Batch" >> beam.BatchElements(min_batch_size=_RECORDS_AT_ONCE, max_batch_size=_RECORDS_AT_ONCE)
            | "Normalise" >> beam.ParDo(_NormaliseRowsFn(run, self._settings)).with_outputs("rejects", main="articles")
        )
        return Articles(made.articles, made.rejects)


class _NormaliseRowsFn(beam.DoFn):
    def __init__(self, run: RunFacts, settings: SourceSettings) -> None:
        self._run = run
        self._settings = settings

    def setup(self) -> None:
        self._mapper = FieldMapper(self._settings)

    def process(self, rows: list[Any]) -> Iterator[Row | RejectRowsOutput]:
        source = self._settings.source or "records"
        raws = [_raw_article(row, self._mapper, self._settings, source) for row in rows]
        rejected = [one for one in raws if isinstance(one, Reject)]
        known = (one for one in raws if not isinstance(one, Reject))
        for (settings, is_fetched), some in groupby(known, key=lambda one: one[1:]):
            batch = ArticleBatch(settings, [raw for raw, *_ in some], is_fetched=is_fetched)
            normalised, refused = normalise_batch(self._run, batch)
            rejected += refused
            if normalised.articles:
                set_identities(normalised)
            for record, _ in normalised.articles:
                yield dict(record)
        for row in _reject_rows((self._run, rejected)):
            yield pvalue.TaggedOutput("rejects", row)


@dataclass(eq=False)
class WriteToLake(beam.PTransform):
    """Write records to a lake in one commit, without duplicates; the result is the summary.

    Input are records of NormaliseRecords, or dicts with fields of the table ``articles``. A record
    without ``id`` and ``content_hash`` gets them from its URL and text. ``rejects`` is one
    PCollection or several, of rejects of the steps before, which count in the accounts and are kept
    in the lake. The other arguments are the options of ``newslake run`` of the same names. A dict
    that is not a record is rejected. The pipeline fails with LakeError if the commit fails; then
    the lake has nothing of this run.
    """

    lake: str | os.PathLike[str]
    rejects: beam.PCollection[Row] | Sequence[beam.PCollection[Row]] = ()
    run_key: str | None = None
    now: dt.datetime | str | None = None
    near_duplicates: str | None = None
    dedup_window: int | None = None
    max_reject_ratio: float | None = None
    compression: str | None = None
    partition: str | None = None
    wait: float | str | None = None

    def __post_init__(self) -> None:
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("lake", "rejects")}
        self._options = replace(RunOptions(lake=path_text("lake", self.lake)), **check_options(given))

    def expand(self, records: beam.PCollection[Any]) -> beam.PCollection[Row]:
        options = self._options
        lake = open_local(options.lake)
        settings = graph_settings(options, lake, lake, log.current_state(lake))
        start = beam.ParDo(_StartFn(lake, options)).with_output_types(tuple[str, RunFacts])
        facts = records.pipeline | "Run" >> beam.Create([None]) | "Start" >> start | "Started" >> beam.Reshuffle()
        run = pvalue.AsSingleton(facts | "Facts" >> beam.Values())
        checked = (
            records
            | "Window" >> beam.WindowInto(GlobalWindows())
            | "Batch" >> beam.BatchElements(min_batch_size=_RECORDS_AT_ONCE, max_batch_size=_RECORDS_AT_ONCE)
            | "Check"
            >> beam.ParDo(_CheckFn(), run).with_outputs(side_outputs.REJECTS, side_outputs.MANIFESTS, main="articles")
        )
        given = [self.rejects] if isinstance(self.rejects, pvalue.PCollection) else self.rejects
        before = tuple(one | f"WindowRejects{n}" >> beam.WindowInto(GlobalWindows()) for n, one in enumerate(given))
        counted = (
            before
            | "RejectsBefore" >> beam.Flatten(pipeline=records.pipeline)
            | "Count" >> beam.ParDo(_CountRejectsFn(), run).with_outputs(side_outputs.MANIFESTS, main="rejects")
        )
        rejects = (checked.rejects, counted.rejects) | "Rejects" >> beam.Flatten()
        manifests = (checked.manifests, counted.manifests) | "Manifests" >> beam.Flatten()
        identify = IdentifyArticles(settings.policy.near.mode != OFF)
        shards = (
            staged(checked.articles, identify, "articles", settings),
            staged(rejects, IdentifyRejects(), "rejects", settings),
        ) | "Shards" >> beam.Flatten()
        outcome = commit_staged(shards, manifests, facts, settings)
        return outcome | "Finish" >> beam.ParDo(_FinishFn(lake), run).with_output_types(Row)


_OWNED: dict[str, ExitStack] = {}
"""Locks of the staging folders that this process made, by commit; one that no step releases ends
with the process."""


class _StartFn(beam.DoFn):
    """Makes the facts of a run when the pipeline runs: its commit, and a locked staging folder."""

    def __init__(self, lake: Storage, options: RunOptions) -> None:
        self._lake = lake
        self._options = options

    def process(self, _: None) -> Iterator[tuple[str, RunFacts]]:
        state = recover.prepare(self._lake)
        owned = ExitStack()
        folder = owned.enter_context(recover.owned_staging(self._lake, state.number))
        now, commit = self._options.now or clock(), token_hex(8)
        _OWNED[commit] = owned
        key = self._options.run_key
        yield (
            commit,
            RunFacts(
                new_run_id(now), now, commit, folder, state.number, key, began=time(), version=newslake.__version__
            ),
        )


class _CheckFn(beam.DoFn):
    """Checks records, and counts them for the accounts."""

    def process(
        self, rows: list[Any], run: RunFacts
    ) -> Iterator[tuple[RunFacts, NormalisedBatch] | RejectsOutput | ManifestsOutput]:
        articles, rejected = [], []
        counts: dict[str, int] = {}
        for row in rows:
            record = read_record(row) if isinstance(row, Mapping) else f"{type(row).__name__} is not a dict"
            source = codec.scrub(str(row.get("source_uri") or "records")) if isinstance(row, Mapping) else "records"
            counts[source] = counts.get(source, 0) + 1
            if isinstance(record, str):
                rejected.append(Reject(Stage.WRITE_RECORDS, Reason.INVALID_RECORD, source, record, _payload(row)))
                continue
            record["source_uri"], record["run_id"] = source, run.run_id
            record["ingested_at"] = codec.timestamp(run.now)
            raw = RawArticle(
                source,
                "",
                source_id=record["source_id"],
                headline=record["headline"],
                description=record["description"],
                body=record["article_body"],
            )
            articles.append((record, raw))
        if articles:
            yield run, NormalisedBatch(articles)
        yield from side_outputs.rejects(run, rejected)
        for source, items in counts.items():
            yield side_outputs.manifest(run, SourceManifest(source, items))


class _CountRejectsFn(beam.DoFn):
    """Counts rejects of earlier steps, and takes them over."""

    def process(self, row: Row, run: RunFacts) -> Iterator[tuple[RunFacts, list[Reject]] | ManifestsOutput]:
        reject = reject_of(row)
        yield run, [reject]
        if reject.whole_source:
            yield side_outputs.failed_manifest(run, reject)
        else:
            yield side_outputs.manifest(run, SourceManifest(reject.source_uri, 1))


class _FinishFn(beam.DoFn):
    """Deletes what the run staged, merges the index, and yields the summary.

    Raises LakeError if nothing was committed.
    """

    def __init__(self, lake: Storage) -> None:
        self._lake = lake

    def process(self, outcome: Outcome, run: RunFacts) -> Iterator[Row]:
        with _OWNED.pop(run.commit, ExitStack()):
            recover.end_without_commit(self._lake, run, has_workers=True)
        recover.clear_staging(self._lake, run.staging)
        if outcome.status in (Status.BUSY, Status.UNBALANCED):
            raise LakeError(f"{self._lake.root}: nothing was committed: {outcome.status}: {outcome.detail}")
        merge_small_files(self._lake)
        yield {"status": str(outcome.status), **outcome.summary}


def _raw_rows(element: tuple[RunFacts, ArticleBatch]) -> Iterator[Row]:
    _, batch = element
    source = asdict(batch.settings)
    settings = {name: source[name] for name in _SOURCE_NAMES}
    for raw in batch.articles:
        yield {
            **{name: getattr(raw, name) for name in _RAW_NAMES},
            "settings": settings,
            "is_fetched": batch.is_fetched,
        }


def _raw_article(
    row: object, mapper: FieldMapper, settings: SourceSettings, source: str
) -> tuple[RawArticle, SourceSettings, bool] | Reject:
    """Return an article with the settings of its source, and whether it was fetched in this run."""
    if not isinstance(row, Mapping):
        detail = f"{type(row).__name__} is not a dict"
        return Reject(Stage.NORMALISE_ARTICLES, Reason.NOT_AN_OBJECT, source, detail, _payload(row))
    if row.keys() >= {*_RAW_NAMES, "settings", "is_fetched"}:
        raw = RawArticle(**{name: row[name] for name in _RAW_NAMES})
        return raw, SourceSettings(**row["settings"]), row["is_fetched"]
    payload = _payload(row)
    return mapper.article(dict(row), source, "record", payload), settings, False


def _payload(row: object) -> bytes:
    """Return what is kept of a dict that is rejected: its JSON, else its Python form."""
    try:
        return codec.encode(row)
    except TypeError:
        return repr(row).encode("utf-8", "replace")


def _reject_rows(element: tuple[RunFacts, list[Reject]]) -> Iterator[Row]:
    yield from map(row_of, element[1])
