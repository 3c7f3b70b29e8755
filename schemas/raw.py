"""What the readers hand to the normaliser: articles as they came, mapped to our names and otherwise untouched."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from newslake.schemas.article import Article
from newslake.schemas.reject import Reject


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What the user's configuration says of one source; every field has a value that means "nothing said"."""

    publisher: str | None = None
    country: str | None = None
    language: str | None = None
    zone: str | None = None
    date_order: str | None = None
    tags: tuple[str, ...] = ()
    source: str | None = None
    """Namespace of ``source_id``: files that share it share their row ids. Default: the file or feed itself."""
    encoding: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    """(column of the input, field of ours) pairs that come before the built-in names."""
    extra: tuple[str, ...] = ()
    """Columns of the input that are kept in ``extra``."""
    headers: tuple[tuple[str, str], ...] = ()
    """HTTP request headers, values already taken from the environment: never logged or written."""


@dataclass(slots=True)
class RawArticle:
    """One article as it came. ``html`` tells whether headline, description and body may hold markup.

    ``dates`` are (date_source, text) pairs, the most trusted first. ``position`` finds the article in its source again ("line 7",
    "entry 3"); ``payload`` is the article's raw bytes, kept for a reject.
    """

    source_uri: str
    position: str
    source_id: str | None = None
    url: str | None = None
    url_is_void: bool = False
    """The URL does not identify the article: the site's root, the feed's own link, or shared by different entries of one fetch."""
    source: str | None = None
    """Namespace of ``source_id``; None: ``source_uri``."""
    feed_url: str | None = None
    headline: str | None = None
    description: str | None = None
    body: str | None = None
    body_source: str = "none"
    html: bool = False
    dates: tuple[tuple[str, str], ...] = ()
    sibling_dates: tuple[str, ...] = ()
    """Dates in numbers of all entries of the feed, where this one has such a date: one of them may show which number is the day."""
    modified: str | None = None
    language: str | None = None
    publisher: str | None = None
    bylines: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    images: tuple[tuple[str, str | None, str | None], ...] = ()
    """(url, caption, credit) of each picture."""
    extra: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class ArticleBatch:
    """Articles of one source on their way through a fused stage; about 2,000, never shuffled.

    Frozen, as are all elements of the graph: Beam takes a dataclass that is not for a row, and asks for its schema.
    """

    settings: SourceSettings
    articles: list[RawArticle] = field(default_factory=list)
    is_fetched: bool = False
    """They were fetched in this run: relative words of their dates ("yesterday") count from its instant."""


@dataclass(frozen=True, slots=True)
class NormalisedBatch:
    """Articles beside the raw ones they were made of: identity is taken from the text as it came."""

    articles: list[tuple[Article, RawArticle]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What every step knows of the run that an element belongs to.

    The facts travel with the data: elements of the graph are pairs ``(run, item)``. So one graph can serve
    many runs, and a bundle that is retried writes the same rows.
    """

    run_id: str
    now: dt.datetime
    """The run's instant, aware."""
    commit: str = ""
    """Names the commit in the log; fixed before the work starts, and equal in every retry."""
    staging: str = ""
    """The folder of that commit, relative to where runs are staged."""
    since: int = 0
    """The head of the log when the run started."""
    run_key: str | None = None
    began: float = 0.0
    """The clock when the run started, in seconds since 1970."""
    scratch: str = ""
    """A folder on the launcher's own disk, where steps note how far they are."""


RawItem = RawArticle | Reject
"""What a reader yields: each item is counted once as read."""
