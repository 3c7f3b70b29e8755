"""The whole graph on one screen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam

from pipeline.filesystems import match_remote, open_bytes
from schemas.raw import RunFacts
from schemas.staged import RunPlace, Shard
from transforms.deduplicate.decide import Policy
from transforms.deduplicate.resolve import OFF
from transforms.deduplicate.steps import RESOLUTION, DeduplicateArticles, IdentifyArticles, IdentifyRejects
from transforms.feeds.document import FeedRequest
from transforms.feeds.steps import REQUESTS_AT_ONCE, ExpandFeedLists, Fetcher, FetchFeeds, ParseFeeds
from transforms.files.match import FileChunk
from transforms.files.patterns import FilePattern
from transforms.files.plan import FilePlan
from transforms.files.steps import FEEDS, MatchFiles, ReadArticles
from transforms.lake.commit import Outcome, RunMeta
from transforms.lake.steps import CommitRun, PublishFiles, StageArticles
from transforms.normalise.steps import NormaliseArticles


@dataclass(frozen=True, slots=True)
class RunPlan:
    """All that the graph is built from: what to read, where the run stands, and what the user settled.

    ``files`` is a plan where they were matched before, and the patterns where the graph is to match them.
    """

    files: tuple[FilePattern, ...] | FilePlan
    feeds: tuple[FeedRequest, ...]
    feed_lists: tuple[FeedRequest, ...]
    place: RunPlace
    run: RunFacts
    meta: RunMeta
    policy: Policy
    user_agent: str
    allow_private_addresses: bool = False
    limit: int = 0
    preview: bool = False

    @property
    def feed_groups(self) -> list[tuple[FeedRequest, ...]]:
        return [self.feeds[start : start + REQUESTS_AT_ONCE] for start in range(0, len(self.feeds), REQUESTS_AT_ONCE)]

    @property
    def staging(self) -> str:
        return str(Path(self.place.lake, self.place.staging))


def build(pipeline: beam.Pipeline, plan: RunPlan) -> beam.PCollection[Outcome]:
    """feeds -> FetchFeeds -> ParseFeeds ---+
                                            +-> NormaliseArticles -> IdentifyArticles -> StageArticles -> Deduplicate -> Publish -> Commit
    files -> MatchFiles -> ReadArticles ----+                                          (shard names)    (one key)             (one key)

    Rejects of every step are staged the same way. Manifests, counted by the readers, go straight to where the accounts are checked.
    """
    fetcher = Fetcher(open_bytes, plan.user_agent, plan.allow_private_addresses)
    heartbeat = pipeline | "Heartbeat" >> beam.Create([plan.place])

    matched = (
        pipeline | "Files" >> beam.Create([plan.files]) | MatchFiles(plan.staging, open_bytes, match_remote, plan.place.lake, plan.limit)
    )
    listed = pipeline | "FeedLists" >> beam.Create(plan.feed_lists) | ExpandFeedLists(fetcher)
    named = pipeline | "Feeds" >> beam.Create(plan.feed_groups)
    saved = matched[FEEDS] | "SavedFeeds" >> beam.Map(as_request)
    fetched = (named, listed.requests, saved) | "Requests" >> beam.Flatten() | FetchFeeds(plan.staging, fetcher)
    parsed = fetched.documents | ParseFeeds(plan.staging, plan.limit)
    read = matched.chunks | ReadArticles(plan.staging, open_bytes, plan.limit)
    entries = parsed.batches | "Entries" >> NormaliseArticles(plan.run)
    documents = read.batches | "Documents" >> NormaliseArticles(plan.run)

    readers = {"match": matched, "list": listed, "fetch": fetched, "parse": parsed, "read": read}
    rejecters = {**readers, "entries": entries, "documents": documents}
    manifests = [step.manifests for step in readers.values()] | "Manifests" >> beam.Flatten()

    # Each branch is staged on its own: what is flattened before is written out in between, and that would be all the text.
    shards = [
        staged(step.articles, IdentifyArticles(plan.policy.near.mode != OFF), name, plan)
        for name, step in (("entries", entries), ("documents", documents))
    ] + [staged(step.rejects, IdentifyRejects(plan.run), f"rejects of {name}", plan) for name, step in rejecters.items()]

    decided = (*shards, manifests, heartbeat) | "Judged" >> beam.Flatten() | DeduplicateArticles(plan.place, plan.policy)
    built = decided.tasks | PublishFiles(plan.place, plan.meta.compression)
    counted = (built, decided[RESOLUTION], manifests, heartbeat) | "Counted" >> beam.Flatten()
    return counted | CommitRun(plan.place, plan.meta, plan.preview)


def staged(items: beam.PCollection[Any], identify: beam.PTransform, name: str, plan: RunPlan) -> beam.PCollection[Shard]:
    """Articles or rejects, identified and staged."""
    return items | f"Identify {name}" >> identify | f"Stage {name}" >> StageArticles(plan.place)


def as_request(chunk: FileChunk) -> tuple[FeedRequest, ...]:
    """A file that turned out to be a feed, as a request for it."""
    return (FeedRequest(chunk.uri, chunk.settings, chunk.compression, chunk.source_uri),)
