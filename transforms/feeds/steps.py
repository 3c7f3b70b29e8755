"""The Beam transforms that fetch and parse feeds."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import apache_beam as beam

from newslake.schemas.raw import ArticleBatch, RawArticle, RunFacts, SourceSettings, hide_in_article
from newslake.schemas.redact import secret_headers, secret_words
from newslake.schemas.reject import Reject, hide_secrets
from newslake.schemas.staging import SourceManifest
from newslake.transforms import side_outputs
from newslake.transforms.feeds.document import FeedDocument, FeedRequest, OpenBytes
from newslake.transforms.feeds.files import read_feed_file
from newslake.transforms.feeds.http import fetch_feeds
from newslake.transforms.feeds.opml import expand_opml
from newslake.transforms.feeds.sandbox import FeedParser
from newslake.transforms.lake import progress
from newslake.transforms.side_outputs import ManifestsOutput, RejectsOutput

T = TypeVar("T")

BATCH_ARTICLES = 500
REQUESTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """A feed, or why it could not be had.

    ``is_fetch`` tells whether HTTP was used. ``status`` is the status of the last answer, or None
    if no answer came.
    """

    result: FeedDocument | Reject
    is_fetch: bool = False
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How feeds are reached: saved feeds by ``open_bytes``, the others by HTTP."""

    open_bytes: OpenBytes
    user_agent: str
    allow_private_addresses: bool = False

    def fetch(self, requests: Sequence[FeedRequest]) -> Iterator[Answer]:
        """Yield the answer to each request: saved feeds first, then the fetched ones."""
        remote = [request for request in requests if request.is_remote]
        for request in requests:
            if not request.is_remote:
                yield Answer(read_feed_file(request, self.open_bytes))
        if remote:
            fetched = fetch_feeds(remote, user_agent=self.user_agent, allow_private=self.allow_private_addresses)
            for result, status in _finished(fetched):
                yield Answer(result, is_fetch=True, status=status)


def _finished(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end and return its result, also in a thread that runs an event loop.

    A notebook runs one, and a thread has one loop at most. Another thread takes the work then. It
    is not used without need, because Ctrl-C would wait for it.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass(eq=False)
class ExpandFeedLists(beam.PTransform):
    """Turn requests for OPML lists into groups of requests for the feeds that the lists name.

    Lists and addresses that cannot be used go to ``rejects``.
    """

    fetcher: Fetcher

    def expand(self, lists: beam.PCollection[tuple[RunFacts, FeedRequest]]) -> Any:
        return lists | "Expand" >> beam.ParDo(_ExpandFn(self.fetcher)).with_outputs(
            side_outputs.REJECTS, side_outputs.MANIFESTS, main="requests"
        )


class _ExpandFn(beam.DoFn):
    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def process(
        self, element: tuple[RunFacts, FeedRequest]
    ) -> Iterator[tuple[RunFacts, tuple[FeedRequest, ...]] | RejectsOutput | ManifestsOutput]:
        run, request = element
        for answer in self._fetcher.fetch([request]):
            found: list[FeedRequest | Reject] = (
                [answer.result] if isinstance(answer.result, Reject) else _expanded(answer.result)
            )
            rejects = _rejects(found, request.settings)
            feeds = [one for one in found if isinstance(one, FeedRequest)]
            for start in range(0, len(feeds), REQUESTS_AT_ONCE):
                yield run, tuple(feeds[start : start + REQUESTS_AT_ONCE])
            for reject in rejects:
                one = SourceManifest(reject.source_uri, 1)
                yield side_outputs.manifest(run, one) if feeds else side_outputs.failed_manifest(run, reject)
            yield from side_outputs.rejects(run, rejects)


def _rejects(items: Sequence[object], settings: SourceSettings) -> list[Reject]:
    """Return the rejects among ``items``, without the values of the source's headers."""
    values = dict(settings.headers).values()
    return [hide_secrets(item, values) for item in items if isinstance(item, Reject)]


def _expanded(document: FeedDocument) -> list[FeedRequest | Reject]:
    return expand_opml(document.body, source_uri=document.source_uri, settings=document.settings)


@dataclass(eq=False)
class FetchFeeds(beam.PTransform):
    """Turn groups of feed requests into documents. Saved feeds are read, the others are fetched.

    A feed without a document goes to ``rejects``.
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
        for answer in self._fetcher.fetch(requests):
            result = answer.result
            if isinstance(result, FeedDocument):
                yield run, result
                continue
            progress.note(run.scratch, done=1)
            yield side_outputs.failed_manifest(run, result, is_fetch=answer.is_fetch, status=answer.status)
            yield from side_outputs.rejects(run, [result])


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
        items = 0
        failed: Reject | None = None
        secrets = secret_words(secret_headers(document.settings.headers))
        entries = islice(self._parser.parse(document), self._limit or None)
        while some := list(islice(entries, BATCH_ARTICLES)):
            articles = [hide_in_article(item, secrets) for item in some if isinstance(item, RawArticle)]
            batch = ArticleBatch(document.settings, articles, is_fetched=document.status is not None)
            rejects = _rejects(some, document.settings)
            whole = [reject for reject in rejects if reject.whole_source]
            failed = failed or next(iter(whole), None)
            items += len(some) - len(whole)
            progress.note(run.scratch, articles=len(batch.articles))
            yield run, batch
            yield from side_outputs.rejects(run, rejects)
        progress.note(run.scratch, done=1)
        met: dict[str, Any] = {"items": items, "is_fetch": document.status is not None, "status": document.status}
        read = SourceManifest(document.source_uri, **met)
        yield side_outputs.failed_manifest(run, failed, **met) if failed else side_outputs.manifest(run, read)
