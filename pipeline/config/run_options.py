"""The options of one run.

The command line, the configuration file or a Python call settles them.
"""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from newslake.pipeline.config.failed_sources import FailedSources
from newslake.pipeline.config.sources import (
    FeedSource,
    FileSource,
    Sources,
    covers,
    feed_source,
    file_source,
    merge_sources,
    with_fields,
)
from newslake.pipeline.exitcodes import UsageError
from newslake.schemas.raw import SourceSettings


@dataclass(frozen=True, slots=True)
class RunOptions:
    """All that the user settles for one run; the defaults are those of the command line.

    ``now`` is aware, in UTC, in whole seconds; None takes the clock's instant.
    ``limit`` is the largest number of articles taken from each source; 0 takes all.
    ``slice_articles`` is about how many articles one commit holds.
    ``wait`` and ``every`` are in seconds, ``dedup_window`` in days.
    ``compression`` and ``partition`` None keep what the lake has.
    """

    lake: str = "./lake"
    feeds: tuple[FeedSource, ...] = ()
    opml: tuple[FeedSource, ...] = ()
    files: tuple[FileSource, ...] = ()
    runner: str = "local"
    workers: int = 1
    prism_location: str | None = None
    job_endpoint: str | None = None
    run_key: str | None = None
    now: dt.datetime | None = None
    dry_run: bool = False
    limit: int = 0
    slice_articles: int = 5_000_000
    wait: float = 600.0
    max_reject_ratio: float = 0.5
    max_failed_sources: FailedSources | None = None
    near_duplicates: str = "drop"
    dedup_window: int = 6
    compression: str | None = None
    partition: str | None = None
    contact: str | None = None
    summary: str = "human"
    quiet: bool = False
    allow_private_addresses: bool = False
    every: float = 300.0
    all: bool = False
    skip_known: bool = False
    beam_options: tuple[str, ...] = ()

    @property
    def secrets(self) -> list[str]:
        """The values of all request headers and the passwords, which no log may show."""
        asked = [feed.settings.filled_in(os.environ) for feed in (*self.feeds, *self.opml)]
        return [secret for settings in asked for secret in settings.all_secrets]


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration; ``run`` holds the fields of RunOptions that it settles."""

    lake: str | None = None
    contact: str | None = None
    run: Mapping[str, Any] = field(default_factory=dict)
    feed_defaults: SourceSettings = field(default_factory=SourceSettings)
    sources: Sources = field(default_factory=Sources)


def settle(
    configured: Config,
    *,
    lake: str | None = None,
    feeds: Sequence[str] = (),
    files: Sequence[str] = (),
    fields: Sequence[tuple[str, str]] = (),
    given: Mapping[str, Any],
    beam_options: Sequence[str] = (),
) -> RunOptions:
    """Return the options of a run.

    What is given comes before the configuration, and the configuration before the defaults.

    ``given`` holds checked values under the names of RunOptions. If ``feeds`` or ``files`` name a
    source, they replace all sources of the configuration. A feed or list that the configuration
    names too keeps its settings there; ``[feed_defaults]`` hold for others. So do the settings of
    the first ``[[files]]`` whose glob covers a pattern. ``fields`` are pairs (column, field) for
    all files, before those of the configuration.
    Raises UsageError if there is no source, or if one of ``files`` is a URL.
    """
    for pattern in files:
        if pattern.lower().startswith(("http://", "https://")):
            raise UsageError(f"--files {pattern}: files are not fetched by HTTP; if it is a feed, name it with --feeds")
    named = merge_sources(
        [
            *(feed_source(location, _feed_settings(location, configured)) for location in feeds),
            *(file_source(pattern, _settings_of(pattern, configured.sources.files)) for pattern in files),
        ]
    )
    sources = named or configured.sources
    if fields:
        sources = replace(sources, files=tuple(with_fields(file, tuple(fields)) for file in sources.files))
    if not sources:
        raise UsageError(
            "nothing to read: name a source with --feeds, --files or --config, "
            "as in newslake run --files 'articles/*.jsonl'"
        )
    return RunOptions(
        **{
            **configured.run,
            **given,
            "lake": lake or configured.lake or RunOptions().lake,
            "contact": configured.contact,
            "feeds": sources.feeds,
            "opml": sources.opml,
            "files": sources.files,
            "beam_options": tuple(beam_options),
        }
    )


def _feed_settings(location: str, configured: Config) -> SourceSettings:
    """Return the settings of a feed or list: those that the configuration gives it, if it does."""
    named = (*configured.sources.feeds, *configured.sources.opml)
    return next((one.settings for one in named if one.location == location), configured.feed_defaults)


def _settings_of(pattern: str, configured: Sequence[FileSource]) -> SourceSettings:
    """Return the settings of the first configured files whose glob covers ``pattern``."""
    return next((one.settings for one in configured if covers(one.glob, pattern)), SourceSettings())
