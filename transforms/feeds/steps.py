"""The Beam transforms that ask and parse feeds."""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import islice
from typing import Any

import apache_beam as beam

from newslake.schemas.feed_state import FeedCheck, FeedOutcome, FeedState
from newslake.schemas.raw import ArticleBatch, RawArticle, RawItem, RunFacts, SourceSettings, hide_in_article
from newslake.schemas.redact import secret_headers, secret_values, secret_words, source_name
from newslake.schemas.reject import Reason, Reject, hide_secrets
from newslake.schemas.staging import FAILED_BEFORE, NOT_DUE, NOT_MODIFIED, SourceManifest
from newslake.transforms import side_outputs
from newslake.transforms.feeds.choice import Choice
from newslake.transforms.feeds.document import Answer, FeedDocument, FeedRequest, NotModified, OpenBytes, Postponed
from newslake.transforms.feeds.due import FeedPlan, NotDue, due_feeds, grouped_by_server
from newslake.transforms.feeds.fetch import ask_feeds
from newslake.transforms.feeds.hints import read_hints
from newslake.transforms.feeds.opml import expand_opml
from newslake.transforms.feeds.sandbox import FeedParser
from newslake.transforms.feeds.state import entry_hash
from newslake.transforms.lake import log
from newslake.transforms.lake.feed_states import read_states
from newslake.transforms.lake.steps import note_progress
from newslake.transforms.side_outputs import ManifestsOutput, RejectsOutput
from newslake.transforms.storage.base import Storage

BATCH_ARTICLES = 500


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How feeds are reached: saved feeds by ``open_bytes``, the others by HTTP.

    ``lake`` remembers the feeds. It is None if the run should remember nothing and ask every feed
    in full. ``interval_seconds`` is the shortest time between two checks of a feed that has no
    interval of its own. ``ask_all`` also asks feeds that are not due.
    """

    open_bytes: OpenBytes
    user_agent: str
    allow_private_addresses: bool = False
    lake: Storage | None = None
    interval_seconds: int = 300
    ask_all: bool = False

    def fetch(self, requests: Sequence[FeedRequest], now: dt.datetime) -> Iterator[Answer]:
        """Yield the answer to each request: saved feeds first, then others as they come."""
        private, asked = self.allow_private_addresses, [request.filled_in(os.environ) for request in requests]
        return ask_feeds(asked, self.open_bytes, user_agent=self.user_agent, now=now, allow_private=private)

    def due(self, run: RunFacts, requests: Sequence[FeedRequest]) -> tuple[list[FeedRequest], list[NotDue]]:
        """Return the feeds to ask, with what the lake remembers of them, and those that wait."""
        states: dict[str, FeedState] = {}
        if self.lake is not None and run.since:
            states = read_states(self.lake, log.state_at(self.lake, run.since))
        ask_all = self.ask_all or self.lake is None
        return due_feeds(requests, states, run.now, run.version, self.reached, ask_all=ask_all)

    def reached(self, settings: SourceSettings) -> str:
        """Return a short digest of all that settles how a feed with these settings is reached."""
        return self._digest(settings.filled_in(os.environ))

    def _digest(self, filled_in: SourceSettings) -> str:
        return filled_in.reach_digest(self.allow_private_addresses, self.interval_seconds)

    def check(self, run: RunFacts, answer: Answer, outcome: FeedOutcome, detail: str = "") -> FeedCheck | None:
        """Return what asking a feed found, or None if the lake should not remember it."""
        request = answer.request
        if self.lake is None or not request.is_remote:
            return None
        return FeedCheck(
            source_name(request.location),
            request.state,
            FeedOutcome.GONE if answer.facts.status == HTTPStatus.GONE else outcome,
            answer.facts,
            interval=int(request.settings.interval or self.interval_seconds),
            settings=request.settings.digest(run.version),
            reached=self._digest(request.settings),
            detail=detail,
        )


@dataclass(eq=False)
class RequestFeeds(beam.PTransform):
    """Turn the plan of each run into groups of requests for the feeds that are due.

    Lists of feeds (OPML) are read first. Lists and addresses that cannot be used go to ``rejects``.
    Feeds that are not due are named in ``manifests``.
    """

    fetcher: Fetcher

    def expand(self, plans: beam.PCollection[tuple[RunFacts, FeedPlan]]) -> Any:
        return plans | "Request" >> beam.ParDo(_RequestFn(self.fetcher)).with_outputs(
            side_outputs.REJECTS, side_outputs.MANIFESTS, main="requests"
        )


class _RequestFn(beam.DoFn):
    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def process(
        self, element: tuple[RunFacts, FeedPlan]
    ) -> Iterator[tuple[RunFacts, tuple[FeedRequest, ...]] | RejectsOutput | ManifestsOutput]:
        run, plan = element
        requests = list(plan.feeds)
        written = {request.location: request.settings for request in plan.lists}
        for answer in self._fetcher.fetch(plan.lists, run.now):
            found = _expanded(answer, written[answer.request.location])
            feeds = [one for one in found if isinstance(one, FeedRequest)]
            requests += feeds
            rejects = _rejects(found, answer.request.settings)
            for reject in rejects:
                counted = SourceManifest(reject.source_uri, 1, is_container=True)
                yield side_outputs.manifest(run, counted) if feeds else side_outputs.failed_manifest(run, reject)
            if not found:
                yield side_outputs.manifest(run, _unread(answer, NOT_DUE))
            yield from side_outputs.rejects(run, rejects)
        due, waiting = self._fetcher.due(run, requests)
        for one in waiting:
            notes = ((one.why, 0),) if one.why else ()
            skipped = FAILED_BEFORE if one.has_failed else NOT_DUE
            yield side_outputs.manifest(run, SourceManifest(one.feed, 0, skipped=skipped, notes=notes))
        note_progress(run, planned=len(due))
        for group in grouped_by_server(due):
            yield run, group


def _rejects(items: Sequence[object], settings: SourceSettings) -> list[Reject]:
    """Return the rejects among ``items``, without the secrets of the source."""
    return [hide_secrets(item, settings.all_secrets) for item in items if isinstance(item, Reject)]


def _expanded(answer: Answer, settings: SourceSettings) -> list[FeedRequest | Reject]:
    """Return what a list of feeds names, and why it or a part of it cannot be used.

    ``settings`` are those of the list as they are written: its feeds may be asked by another
    worker. Return [] if the host of the list asks to wait.
    """
    match answer.result:
        case FeedDocument() as document:
            return expand_opml(document.body, source_uri=document.source_uri, settings=settings)
        case Reject() as reject:
            return [reject]
        case _:
            return []


@dataclass(eq=False)
class FetchFeeds(beam.PTransform):
    """Turn groups of feed requests into documents. Saved feeds are read, the others are fetched.

    A feed that cannot be had goes to ``rejects``. One that is as it was, or whose server asks to
    wait, is named in ``manifests``.
    """

    fetcher: Fetcher

    def expand(self, requests: beam.PCollection[tuple[RunFacts, tuple[FeedRequest, ...]]]) -> Any:
        return (
            requests
            | "SpreadRequests" >> beam.Reshuffle()
            | "Fetch"
            >> beam.ParDo(_FetchFn(self.fetcher)).with_outputs(
                side_outputs.REJECTS, side_outputs.MANIFESTS, main="documents"
            )
        )


class _FetchFn(beam.DoFn):
    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def process(
        self, element: tuple[RunFacts, tuple[FeedRequest, ...]]
    ) -> Iterator[tuple[RunFacts, FeedDocument] | RejectsOutput | ManifestsOutput]:
        run, requests = element
        for answer in self._fetcher.fetch(requests, run.now):
            if isinstance(answer.result, FeedDocument):
                check = self._fetcher.check(run, answer, FeedOutcome.OK)
                yield run, replace(answer.result, check=check, settings=_with_secrets(answer.request))
                continue
            note_progress(run, done=1)
            match answer.result:
                case Reject() as reject:
                    check = self._fetcher.check(run, answer, FeedOutcome.FAILED, _told(reject))
                    met: dict[str, Any] = {"is_fetch": True, "status": answer.facts.status, "check": check}
                    yield side_outputs.failed_manifest(run, reject, **(met if answer.request.is_remote else {}))
                    yield from side_outputs.rejects(run, [reject])
                case NotModified():
                    check = self._fetcher.check(run, answer, FeedOutcome.NOT_MODIFIED)
                    yield side_outputs.manifest(run, _unread(answer, NOT_MODIFIED, check))
                case Postponed():
                    yield side_outputs.manifest(run, _unread(answer, NOT_DUE))


def _with_secrets(request: FeedRequest) -> SourceSettings:
    """Return the settings of a feed, with the tokens in its URL among the secrets.

    A server may repeat them in its feed. A value without a digit may be an ordinary word, which
    articles must keep.
    """
    tokens = [value for value in secret_values(request.location) if any(map(str.isdigit, value))]
    return replace(request.settings, secrets=(*request.settings.secrets, *tokens)) if tokens else request.settings


def _told(reject: Reject) -> str:
    return f"{reject.reason}: {reject.detail}"


def _unread(answer: Answer, skipped: str, check: FeedCheck | None = None) -> SourceManifest:
    """Return the manifest of a feed of which nothing had to be read."""
    status, feed = answer.facts.status, source_name(answer.request.location)
    return SourceManifest(feed, 0, skipped=skipped, is_fetch=True, status=status, check=check)


@dataclass(eq=False)
class ParseFeeds(beam.PTransform):
    """Turn documents into batches of raw articles.

    Entries that cannot be used go to ``rejects``. The count of each document's entries goes to
    ``manifests``. If ``limit`` is not 0, at most that many entries of a document are read.
    """

    limit: int = 0

    def expand(self, documents: beam.PCollection[tuple[RunFacts, FeedDocument]]) -> Any:
        parse = _ParseFn(self.limit)
        return documents | "Parse" >> beam.ParDo(parse).with_outputs(
            side_outputs.REJECTS, side_outputs.MANIFESTS, main="batches"
        )


class _ParseFn(beam.DoFn):
    def __init__(self, limit: int) -> None:
        self._limit = limit

    def setup(self) -> None:
        self._parser = FeedParser()

    def teardown(self) -> None:
        self._parser.close()

    def process(
        self, element: tuple[RunFacts, FeedDocument]
    ) -> Iterator[tuple[RunFacts, ArticleBatch] | RejectsOutput | ManifestsOutput]:
        run, document = element
        read = _Read()
        secrets = secret_words((*secret_headers(document.settings.headers), *document.settings.secrets))
        choice = Choice(document.settings)
        entries = islice(read.counted(self._parser.parse(document), choice), self._limit or None)
        while some := list(islice(entries, BATCH_ARTICLES)):
            articles = [hide_in_article(item, secrets) for item in some if isinstance(item, RawArticle)]
            batch = ArticleBatch(document.settings, articles, is_fetched=document.status is not None)
            note_progress(run, articles=len(batch.articles))
            yield run, batch
            yield from side_outputs.rejects(run, _rejects(some, document.settings))
        note_progress(run, done=1)
        yield side_outputs.manifest(run, read.manifest(document, is_fallback=self._parser.doubt is not None))


class _Read:
    """What was met of one feed."""

    def __init__(self) -> None:
        self.items = 0
        self.left_out = 0
        self.failed: Reject | None = None
        self.is_whole = True
        self.entries: list[str] = []

    def counted(self, items: Iterable[RawItem], choice: Choice) -> Iterator[RawItem]:
        """Yield the items that the user's patterns choose, and count all."""
        for item in items:
            if isinstance(item, RawArticle):
                self.entries.append(entry_hash(item))
                if not choice.takes(item):
                    self.left_out += 1
                    continue
            elif item.whole_source:
                self.failed = self.failed or item
            self.is_whole = self.is_whole and not (isinstance(item, Reject) and item.reason is Reason.TRUNCATED)
            self.items += not (isinstance(item, Reject) and item.whole_source)
            yield item

    def manifest(self, document: FeedDocument, *, is_fallback: bool) -> SourceManifest:
        check = document.check
        failed = hide_secrets(self.failed, document.settings.all_secrets) if self.failed else None
        if check is not None:
            check = replace(
                check,
                outcome=FeedOutcome.FAILED if failed else check.outcome,
                detail=_told(failed) if failed else "",
                hints=read_hints(document.body),
                entries=tuple(self.entries),
            )
        notes = []
        if self.left_out:
            notes.append(("entries left out by keep and drop", self.left_out))
        if check is not None and check.facts.found_at is not None:
            notes.append((f"a page, not a feed; the feed that it names was read: {check.facts.found_at}", 0))
        return SourceManifest(
            document.source_uri,
            self.items,
            failed=failed.reason if failed else "",
            detail=failed.detail if failed else "",
            is_fetch=document.status is not None,
            status=document.status,
            notes=tuple(notes),
            is_whole=self.is_whole,
            is_fallback=is_fallback,
            check=check,
        )
