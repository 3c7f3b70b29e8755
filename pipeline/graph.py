"""The whole graph on one screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam

from newslake.pipeline.filesystems import open_bytes
from newslake.schemas.raw import ArticleBatch, RawItem, RunFacts
from newslake.schemas.staging import BuildTask, Shard, SourceManifest, StagedFile
from newslake.transforms.deduplicate.decider import Decider, Policy
from newslake.transforms.deduplicate.near import OFF
from newslake.transforms.deduplicate.steps import DECISIONS, DecideArticles, IdentifyArticles, IdentifyRejects
from newslake.transforms.feeds.document import FeedDocument, FeedRequest
from newslake.transforms.feeds.due import FeedPlan
from newslake.transforms.feeds.sandbox import FeedParser
from newslake.transforms.feeds.state import new_state
from newslake.transforms.feeds.steps import Fetcher, FetchFeeds, ParseFeeds, RequestFeeds
from newslake.transforms.files.chunk import FileChunk
from newslake.transforms.files.formats.base import SavedFeed
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.files.steps import FEEDS, PlanFiles, ReadArticles
from newslake.transforms.lake.build import FileBuilder
from newslake.transforms.lake.commit import Acts, CommitSettings, Outcome
from newslake.transforms.lake.staging import Staging
from newslake.transforms.lake.steps import BuildFiles, CommitRun, StageArticles
from newslake.transforms.normalise.steps import NormaliseArticles
from newslake.transforms.storage.base import Storage


@dataclass(frozen=True, slots=True)
class Sources:
    """What a run reads: matched files, and feeds with the OPML lists that name more of them."""

    files: FilePlan = field(default_factory=FilePlan)
    feeds: FeedPlan = field(default_factory=FeedPlan)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user settles; it is the same for all runs of a graph.

    The graph asks ``lake`` and commits to it. Runs stage in ``store``: the lake itself, or for a
    dry run a folder outside. ``fetcher`` says how feeds are asked.
    """

    lake: Storage
    store: Storage
    policy: Policy
    commit: CommitSettings
    fetcher: Fetcher
    limit: int = 0


def build(pipeline: beam.Pipeline, run: RunFacts, sources: Sources, settings: Settings) -> beam.PCollection[Outcome]:
    """Wire the whole graph:

    feeds -> RequestFeeds -> FetchFeeds -> ParseFeeds --+
                                                        +-> Normalise -> Identify -> Stage ->
    files -> PlanFiles -> ReadArticles -----------------+

    -> DecideArticles (one key) -> BuildFiles (parallel) -> CommitRun (one key)

    Elements are pairs of a run's facts and an item; from staging on, of the key of its commit and
    an item. Rejects of all steps are one branch. The readers count what they meet in manifests,
    which go straight to the account check.
    """
    started = pipeline | "Run" >> beam.Create([(run, sources)], reshuffle=False)
    facts = started | "Facts" >> beam.MapTuple(lambda run, _: (run.commit, run))
    read = read_sources(started, settings.fetcher, settings.limit)
    entries = read.entries | "Entries" >> NormaliseArticles()
    documents = read.documents | "Documents" >> NormaliseArticles()

    # Articles are staged on two branches: Beam writes out what is flattened, and that would be all
    # the text. Rejects are few.
    identify = IdentifyArticles(settings.policy.near.mode != OFF)
    rejects = [step.rejects for step in (*read.steps, entries, documents)] | "Rejects" >> beam.Flatten()
    shards = [
        staged(entries.articles, identify, "entries", settings),
        staged(documents.articles, identify, "documents", settings),
        staged(rejects, IdentifyRejects(), "rejects", settings),
    ] | "Shards" >> beam.Flatten()
    manifests = [step.manifests for step in read.steps] | "Manifests" >> beam.Flatten()
    return commit_staged(shards, manifests, facts, settings)


@dataclass(frozen=True, slots=True)
class Read:
    """What the readers give.

    ``entries`` and ``documents`` are batches of articles. ``steps`` are the steps, with their
    rejects and manifests.
    """

    entries: beam.PCollection[tuple[RunFacts, ArticleBatch]]
    documents: beam.PCollection[tuple[RunFacts, ArticleBatch]]
    steps: tuple[Any, ...]


def read_sources(started: beam.PCollection[tuple[RunFacts, Sources]], fetcher: Fetcher, limit: int) -> Read:
    """Fetch and parse the feeds of each run, and read its files."""
    planned = (
        started | "Files" >> beam.MapTuple(lambda run, sources: (run, sources.files)) | PlanFiles(open_bytes, limit)
    )
    asked = started | "Feeds" >> beam.MapTuple(lambda run, sources: (run, sources.feeds)) | RequestFeeds(fetcher)
    saved = planned[FEEDS] | "SavedFeeds" >> beam.Map(as_requests)
    fetched = (asked.requests, saved) | "Requests" >> beam.Flatten() | FetchFeeds(fetcher)
    parsed = fetched.documents | ParseFeeds(limit)
    read = planned.chunks | ReadArticles(open_bytes, PackedFeeds(), limit)
    return Read(parsed.batches, read.batches, (planned, asked, fetched, parsed, read))


def commit_staged(
    shards: beam.PCollection[tuple[str, Shard]],
    manifests: beam.PCollection[tuple[str, SourceManifest]],
    facts: beam.PCollection[tuple[str, RunFacts]],
    settings: Settings,
) -> beam.PCollection[Outcome]:
    """Decide what becomes of all staged rows of a run, build its files and commit them."""
    decider, builder = Decider(settings.lake, settings.store, settings.policy), Builder(settings)
    decided = (shards, manifests, facts) | "ToDecide" >> beam.Flatten() | DecideArticles(decider)
    built = decided.tasks | BuildFiles(settings.store, settings.commit.compression)
    acts = Acts(decider.decide, decider.touches, builder.build, new_state)
    counted = (shards, manifests, facts, decided[DECISIONS], built) | "ToCommit" >> beam.Flatten()
    return counted | CommitRun(settings.lake, settings.store, acts, settings.commit)


def staged(
    items: beam.PCollection[Any], identify: beam.PTransform, name: str, settings: Settings
) -> beam.PCollection[tuple[str, Shard]]:
    """Identify and stage articles or rejects."""
    return items | f"Identify {name}" >> identify | f"Stage {name}" >> StageArticles(settings.store)


def as_requests(element: tuple[RunFacts, FileChunk]) -> tuple[RunFacts, tuple[FeedRequest, ...]]:
    """Return a file that is a feed by its content as a request for that feed."""
    run, chunk = element
    return run, (FeedRequest(chunk.uri, chunk.settings, chunk.compression, chunk.source_uri),)


class PackedFeeds:
    """Parses feeds that are members of an archive, for the stage of files, which parses none."""

    def __init__(self) -> None:
        self._parser: FeedParser | None = None

    def parse(self, feed: SavedFeed) -> Iterator[RawItem]:
        """Yield the entries of a feed, as the stage of feeds does."""
        self._parser = self._parser or FeedParser()
        yield from self._parser.parse(FeedDocument(feed.source_uri, None, feed.body, None, feed.settings))

    def close(self) -> None:
        if self._parser is not None:
            self._parser.close()
            self._parser = None


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds the files of a run anew if its commit decides a second time.

    The commit decides again if another writer changed the lake and a verdict may depend on that.
    """

    settings: Settings

    def build(self, run: RunFacts, tasks: Sequence[BuildTask]) -> list[StagedFile]:
        builder = FileBuilder(Staging(self.settings.store, run.staging), run.run_id, self.settings.commit.compression)
        return [builder.build(task) for task in tasks]
