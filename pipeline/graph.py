"""The whole graph on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam

from newslake.pipeline.filesystems import open_bytes
from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import BuildTask, Shard, StagedFile
from newslake.transforms.deduplicate.decide import Decider, Policy
from newslake.transforms.deduplicate.resolve import OFF
from newslake.transforms.deduplicate.steps import DECISIONS, DecideArticles, IdentifyArticles, IdentifyRejects
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.steps import REQUESTS_AT_ONCE, ExpandFeedLists, Fetcher, FetchFeeds, ParseFeeds
from newslake.transforms.files.match import FileChunk
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
    """What a run reads."""

    files: FilePlan = field(default_factory=FilePlan)
    feeds: tuple[FeedRequest, ...] = ()
    feed_lists: tuple[FeedRequest, ...] = ()

    @property
    def feed_groups(self) -> list[tuple[FeedRequest, ...]]:
        return [self.feeds[start : start + REQUESTS_AT_ONCE] for start in range(0, len(self.feeds), REQUESTS_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user settled, and is the same for all runs of a graph.

    ``lake`` is asked and committed to; ``store`` is where runs stage, which is the lake but for a dry run.
    """

    lake: Storage
    store: Storage
    policy: Policy
    commit: CommitSettings
    user_agent: str
    allow_private_addresses: bool = False
    limit: int = 0


def build(pipeline: beam.Pipeline, run: RunFacts, sources: Sources, settings: Settings) -> beam.PCollection[Outcome]:
    """feeds -> FetchFeeds -> ParseFeeds ---+
                                            +-> NormaliseArticles -> IdentifyArticles -> StageArticles -> Decide -> Build -> Commit
    files -> PlanFiles -> ReadArticles -----+                                          (shard names)    (one key)          (one key)

    Elements are pairs of a run's facts and an item; from staging on, of the key of its commit and an item.
    Rejects of every step are staged the same way. Manifests, counted by the readers, go straight to where the accounts are checked.
    """
    fetcher = Fetcher(open_bytes, settings.user_agent, settings.allow_private_addresses)
    facts = pipeline | "Run" >> beam.Create([(run.commit, run)])

    planned = pipeline | "Files" >> beam.Create([(run, sources.files)]) | PlanFiles(open_bytes, settings.limit)
    listed = (
        pipeline | "FeedLists" >> beam.Create([(run, one) for one in sources.feed_lists]) | ExpandFeedLists(fetcher)
    )
    named = pipeline | "Feeds" >> beam.Create([(run, group) for group in sources.feed_groups])
    saved = planned[FEEDS] | "SavedFeeds" >> beam.Map(as_requests)
    fetched = (named, listed.requests, saved) | "Requests" >> beam.Flatten() | FetchFeeds(fetcher)
    parsed = fetched.documents | ParseFeeds(settings.limit)
    read = planned.chunks | ReadArticles(open_bytes, settings.limit)
    entries = parsed.batches | "Entries" >> NormaliseArticles()
    documents = read.batches | "Documents" >> NormaliseArticles()

    readers = {"plan": planned, "list": listed, "fetch": fetched, "parse": parsed, "read": read}
    rejecters = {**readers, "entries": entries, "documents": documents}
    manifests = [step.manifests for step in readers.values()] | "Manifests" >> beam.Flatten()

    # Each branch is staged on its own: what is flattened before is written out in between, and that would be all the text.
    identify = IdentifyArticles(settings.policy.near.mode != OFF)
    shards = [
        *(
            staged(step.articles, identify, name, settings)
            for name, step in (("entries", entries), ("documents", documents))
        ),
        *(staged(step.rejects, IdentifyRejects(), f"rejects of {name}", settings) for name, step in rejecters.items()),
    ] | "Shards" >> beam.Flatten()

    decider, builder = Decider(settings.lake, settings.store, settings.policy), Builder(settings)
    decided = (shards, manifests, facts) | "ToDecide" >> beam.Flatten() | DecideArticles(decider)
    built = decided.tasks | BuildFiles(settings.store, settings.commit.compression)
    acts = Acts(decider.decide, decider.touches, builder.build)
    counted = (shards, manifests, facts, decided[DECISIONS], built) | "ToCommit" >> beam.Flatten()
    return counted | CommitRun(settings.lake, settings.store, acts, settings.commit)


def staged(
    items: beam.PCollection[Any], identify: beam.PTransform, name: str, settings: Settings
) -> beam.PCollection[tuple[str, Shard]]:
    """Articles or rejects, identified and staged."""
    return items | f"Identify {name}" >> identify | f"Stage {name}" >> StageArticles(settings.store)


def as_requests(element: tuple[RunFacts, FileChunk]) -> tuple[RunFacts, tuple[FeedRequest, ...]]:
    """A file that turned out to be a feed, as a request for it."""
    run, chunk = element
    return run, (FeedRequest(chunk.uri, chunk.settings, chunk.compression, chunk.source_uri),)


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds files where the commit decides again."""

    settings: Settings

    def build(self, run: RunFacts, tasks: Sequence[BuildTask]) -> list[StagedFile]:
        builder = FileBuilder(Staging(self.settings.store, run.staging), run.run_id, self.settings.commit.compression)
        return [builder.build(task) for task in tasks]
