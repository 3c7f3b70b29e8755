"""What the readers give the normaliser: unchanged articles under the names of our fields.

Also the facts of a run, which travel with every element of the graph.
"""

import base64
import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from newslake.schemas.article import Article
from newslake.schemas.redact import hide
from newslake.schemas.reject import Reject
from newslake.schemas.variables import fill_in

_OF_REACHING = frozenset({"headers", "user", "password", "secrets", "proxy", "allow_private", "interval"})
"""Settings that change how a feed is reached, and not what is read of it."""
_WORKER = "; set it in the environment of the workers"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """The user's configuration of one source. Each default means that the user said nothing.

    ``headers``, ``user``, ``password`` and ``proxy`` may hold ``${NAME}``, which stands for an
    environment variable: see ``filled_in``.
    """

    publisher: str | None = None
    country: str | None = None
    language: str | None = None
    zone: str | None = None
    date_order: str | None = None
    tags: tuple[str, ...] = ()
    source: str | None = None
    """Namespace of ``source_id``: files with the same namespace share their row ids.

    None means the file or feed itself.
    """
    encoding: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    """Pairs (column of the input, our field), which take precedence over the built-in names."""
    extra: str | tuple[str, ...] = "all"
    """What ``extra`` keeps: "all" columns that became no field, "none", or the columns named."""
    format: str | None = None
    """Format of the files. None means that the content tells it."""
    delimiter: str | None = None
    """What separates the cells of a table: one character. None means that the content tells it."""
    quote: str | None = None
    """The quote character of a table; "" if cells are never quoted."""
    escape: str | None = None
    """The character before a quote that belongs to a cell; "" if such a quote is doubled."""
    header: tuple[str, ...] = ()
    """Names of the columns of a table that has no header."""
    skip_rows: int = 0
    """Number of lines before the header of a table, or before its first row if it has no header."""
    headline: str | None = None
    """Where the headline of a plain text stands: "first_line", or None for nowhere."""
    headers: tuple[tuple[str, str], ...] = ()
    """HTTP request headers. Their values may be secrets: never log or write them."""
    user: str | None = None
    """User name for HTTP basic authentication."""
    password: str | None = None
    """Password for HTTP basic authentication."""
    secrets: tuple[str, ...] = ()
    """Other secret texts: never log or write them."""
    proxy: str | None = None
    """URL of the HTTP proxy through which a feed is asked. It may hold a password."""
    allow_private: bool = False
    """Whether the feed may have a loopback or private address."""
    interval: float | None = None
    """The shortest time between two checks of a feed, in seconds."""
    keep: tuple[tuple[str, str], ...] = ()
    """Pairs (headline or url, regular expression): an entry is left out if one does not match."""
    drop: tuple[tuple[str, str], ...] = ()
    """Pairs (headline or url, regular expression): an entry is left out if one matches."""

    def filled_in(self, environment: Mapping[str, str]) -> "SourceSettings":
        """Return the settings with which a feed is asked, with all values from ``environment``.

        User and password become a header (RFC 7617). The password, and that of the proxy, are among
        the secrets. Raises UnsetVariableError: the command checks its own environment before, so
        the variable is missing where a worker runs.
        """
        if not self.headers and self.user is self.password is self.proxy is None:
            return self  # most feeds, of which there may be very many
        headers = tuple((name, fill_in(value, environment, _WORKER).strip()) for name, value in self.headers)
        proxy = None if self.proxy is None else fill_in(self.proxy, environment, _WORKER)
        password = fill_in(self.password or "", environment, _WORKER)
        if self.user is not None or self.password is not None:
            pair = f"{fill_in(self.user or '', environment, _WORKER)}:{password}".encode()
            headers = (*headers, ("Authorization", f"Basic {base64.b64encode(pair).decode()}"))
        secrets = tuple(one for one in (password, urlsplit(proxy or "").password) if one)
        return dataclasses.replace(
            self, headers=headers, user=None, password=None, proxy=proxy, secrets=(*self.secrets, *secrets)
        )

    def digest(self, version: str) -> str:
        """Return 16 hex digits that change with the version and with all that changes a reading."""
        told = [(one.name, getattr(self, one.name)) for one in dataclasses.fields(self)]
        read = [pair for pair in told if pair[0] not in _OF_REACHING]
        return hashlib.sha256(repr((version, read)).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def reach_digest(self, *run: object) -> str:
        """Return 4 hex digits that change with all that changes how a feed is reached.

        The settings should be filled in, so that a new value of a variable counts. ``run`` are
        settings of the run that count too. The digest is short, because secrets go into it: nobody
        can find them from it.
        """
        told = [(one, getattr(self, one)) for one in sorted(_OF_REACHING)]
        return hashlib.sha256(repr((run, told)).encode("utf-8", "surrogatepass")).hexdigest()[:4]

    @property
    def all_secrets(self) -> tuple[str, ...]:
        """The values of all headers, and the other secrets. No log and no reject may show them."""
        return (*(value for _, value in self.headers), *self.secrets)


@dataclass(slots=True)
class RawArticle:
    """One article as its source has it, before it is normalised.

    ``position`` is the article's place in its source, such as "line 7" or "entry 3". ``html`` is
    True if headline, description and body may hold markup. ``dates`` are pairs (date_source, text),
    the most trusted first. ``payload`` is the article's raw bytes, kept for a reject.
    """

    source_uri: str
    position: str
    source_id: str | None = None
    url: str | None = None
    url_is_void: bool = False
    """True if the URL does not identify the article: a site's root, or the home page of the feed.

    A URL that is not http or https does not either."""
    source: str | None = None
    """Namespace of ``source_id``. None means ``source_uri``."""
    feed_url: str | None = None
    headline: str | None = None
    description: str | None = None
    body: str | None = None
    body_source: str = "none"
    html: bool = False
    dates: tuple[tuple[str, str], ...] = ()
    sibling_dates: tuple[str, ...] = ()
    """The numeric dates of all entries of the feed, if this entry has such a date.

    One of them may show which number is the day.
    """
    modified: str | None = None
    language: str | None = None
    publisher: str | None = None
    bylines: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    images: tuple[tuple[str, str | None, str | None], ...] = ()
    """A tuple (url, caption, credit) for each picture."""
    extra: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    payload: bytes = b""


_NAMES_OF_SOURCE = frozenset({"source_uri", "source", "feed_url", "position"})
"""These fields are known before the feed is read, and the accounts go by them."""


def hide_in_article(article: RawArticle, words: Sequence[str]) -> RawArticle:
    """Return ``article`` with ``***`` for each of the words, in all but the names of its source.

    A server may repeat the headers of a request in its feed: in links, ids, names and texts.
    """
    if not words:
        return article
    names = {part.name for part in dataclasses.fields(article)} - _NAMES_OF_SOURCE
    return dataclasses.replace(article, **{name: _hidden(getattr(article, name), words) for name in names})


def _hidden(value: Any, words: Sequence[str]) -> Any:
    if isinstance(value, str):
        return hide(value, words)
    if isinstance(value, bytes):
        return hide(value, words)
    if isinstance(value, tuple):
        return tuple(_hidden(part, words) for part in value)
    return value


@dataclass(frozen=True, slots=True)
class ArticleBatch:
    """About 2,000 articles of one source, which pass through a fused stage and are never shuffled.

    All elements of the graph are frozen. Beam takes a dataclass that is not frozen for a row, and
    asks for its schema.
    """

    settings: SourceSettings
    articles: list[RawArticle] = field(default_factory=list)
    is_fetched: bool = False
    """True if this run fetched the articles.

    Relative words in their dates, such as "yesterday", then count from the run's instant.
    """


@dataclass(frozen=True, slots=True)
class NormalisedBatch:
    """Pairs (article, raw article). The raw text gives the article its identity."""

    articles: list[tuple[Article, RawArticle]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The facts of a run that every step needs.

    The elements of the graph are pairs ``(run, item)``, so the facts travel with the data. One
    graph can then serve many runs, and a retried bundle writes the same rows.
    """

    run_id: str
    now: dt.datetime
    """The run's instant, which has a zone."""
    commit: str = ""
    """The name of the commit in the log, fixed before the work starts and equal in every retry."""
    staging: str = ""
    """The staging folder of that commit, relative to the storage in which runs are staged."""
    since: int = 0
    """The head of the log when the run started."""
    run_key: str | None = None
    began: float = 0.0
    """The time at which the run started, in seconds since 1970."""
    version: str = ""
    """The version of newslake. What another version has read may be read again."""
    files_known: int = 0
    """The files that the run does not read, because the lake knows them."""
    scratch: str = ""
    """A folder on the launcher's disk in which the steps note their progress; "" for no notes."""


RawItem = RawArticle | Reject
"""An item that a reader yields. The summary counts each item once as read."""
