"""From the options of a run to the settings of its graph."""

import datetime as dt
import secrets
from dataclasses import replace
from pathlib import Path

import newslake
from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.user_agent import user_agent
from newslake.pipeline.filesystems import open_bytes
from newslake.pipeline.graph import Settings, Sources
from newslake.schemas import codec
from newslake.transforms.deduplicate.decider import Policy
from newslake.transforms.deduplicate.near import NearPolicy
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.due import FeedPlan
from newslake.transforms.feeds.steps import Fetcher
from newslake.transforms.files.plan import FilePlan
from newslake.transforms.lake.commit import CommitSettings
from newslake.transforms.lake.layout import layout_of
from newslake.transforms.lake.log import LakeState
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.local import LocalStorage, open_local


def lake_of(options: RunOptions) -> LocalStorage:
    """Return the lake of a run. Workers of an engine may have another working folder.

    Raises LakeError if ``options.lake`` is a URL or a file.
    """
    is_here = options.runner in ("local", "direct")
    return open_local(options.lake if is_here or "://" in options.lake else str(Path(options.lake).absolute()))


def graph_settings(options: RunOptions, lake: Storage, store: Storage, state: LakeState) -> Settings:
    """Return the settings of a graph that commits to ``lake`` and stages in ``store``.

    What ``options`` leave open of partitions and compression is as the lake has it at ``state``.
    """
    layout = layout_of(state.files)
    layout = replace(
        layout,
        granularity=options.partition or layout.granularity,
        compression=options.compression or layout.compression,
    )
    return Settings(
        lake=lake,
        store=store,
        policy=Policy(layout, options.max_reject_ratio, NearPolicy(options.near_duplicates, options.dedup_window)),
        commit=CommitSettings(options.runner, newslake.__version__, layout.compression, options.wait),
        fetcher=fetcher_of(options, None if options.dry_run or options.limit else lake),
        limit=options.limit,
    )


def sources_of(options: RunOptions, files: FilePlan) -> Sources:
    """Return what a graph reads: the files of a plan, and the feeds of ``options``."""
    feeds, lists = (
        tuple(FeedRequest(feed.location, feed.settings) for feed in named) for named in (options.feeds, options.opml)
    )
    return Sources(files, FeedPlan(feeds, lists))


def fetcher_of(options: RunOptions, lake: Storage | None) -> Fetcher:
    """Return how a run asks feeds. ``lake`` remembers them; without it, all are asked in full."""
    return Fetcher(
        open_bytes,
        user_agent(options.contact),
        options.allow_private_addresses,
        lake,
        interval_seconds=int(options.every),
        ask_all=options.all,
    )


def clock() -> dt.datetime:
    """Return the present instant in UTC, in whole seconds."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def new_run_id(now: dt.datetime) -> str:
    """Return a name for a run; names sort by the instant ``now``, and two runs never share one."""
    return f"{codec.timestamp(now).replace('-', '').replace(':', '')}-{secrets.token_hex(4)}"
