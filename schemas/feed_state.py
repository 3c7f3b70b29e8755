"""What the lake remembers of a feed, and what one check of a feed found.

A check travels with the counts of its source to the commit. There it becomes the feed's new state,
which is committed with the articles in one log entry. So a crash between answer and commit forgets
both, and the next run asks again.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class FeedOutcome(StrEnum):
    """How a check of a feed ended.

    OK: the feed was read. NOT_MODIFIED: it is as it was (status 304, or the same bytes). FAILED: no
    answer, an error, or a document that is no feed. GONE: status 410; it is not asked again.
    """

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells whether a feed changed: the validators of its last answer, and a hash of its body.

    ``etag`` and ``last_modified`` are sent back byte for byte (RFC 9110 section 13.1).
    ``body_hash`` is the first 32 hex digits of the SHA-256 of the decoded body, because servers lie
    about the others.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str = ""


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What an answer tells besides its body.

    ``fresh_seconds`` is how long the answer stays fresh (Cache-Control or Expires, RFC 9111 section
    5), 0 if it does not say. ``retry_after_seconds`` is what Retry-After asks for, None without
    one. ``moved_to`` is the target of permanent redirects (301, 308) from the address that was
    asked; None without such redirects, or if the target holds a secret. ``found_at`` is the feed
    that the page at the address names; None if the address itself is the feed.
    """

    status: int | None = None
    validators: Validators = field(default_factory=Validators)
    fresh_seconds: int = 0
    retry_after_seconds: int | None = None
    moved_to: str | None = None
    found_at: str | None = None


@dataclass(frozen=True, slots=True)
class FeedHints:
    """How often a feed wants to be asked.

    ``ttl_seconds`` is from ``ttl`` (RSS 2.0), ``update_seconds`` from ``sy:updatePeriod`` and
    ``sy:updateFrequency`` (RSS 1.0 module Syndication); 0 if not given. ``skip_hours`` are hours of
    the day in GMT, 0 to 23. ``skip_days`` are days of the week, 0 for Monday.
    """

    ttl_seconds: int = 0
    update_seconds: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the lake remembers of one feed.

    ``feed`` is its name, as ``source_name`` makes it. Instants are texts as in records.
    ``settings`` is a digest of the settings and the version with which the body was read:
    validators of other settings are not sent.
    """

    feed: str
    checked_at: str
    next_check: str
    outcome: str = FeedOutcome.OK
    status: int | None = None
    detail: str = ""
    """Why the last check failed; "" if it did not."""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str = ""
    body_at: str | None = None
    """The last check whose answer had a body: not a status 304."""
    settings: str = ""
    reached: str = ""
    """A short digest of the settings with which the feed was asked: others make it due."""
    entries: tuple[str, ...] = ()
    """Short hashes of the entries of the last answer that was read, in its order."""
    moved_to: str | None = None
    moved_since: str | None = None
    """The first instant at which the feed was moved to ``moved_to``, at each check since then."""
    moved_checks: int = 0
    """The number of these checks."""
    address: str | None = None
    """Where the feed is asked, if that is not its own URL: it moved, or a page named it."""
    retry_at: str | None = None
    """Before this instant, nothing of the feed's host is asked."""
    interval: int = 0
    """The seconds between two checks that ``next_check`` was made of, before hints and jitter."""
    ttl_seconds: int = 0
    """This and the next three are the hints of the last document that was read: a status 304 has
    none."""
    update_seconds: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    failures: int = 0
    """Failed checks in a row."""
    quiet: int = 0
    """Checks in a row that brought no new article."""
    since: str = ""
    """The instant of the first check."""
    succeeded_at: str | None = None
    new_at: str | None = None
    """The last check that brought a new article."""
    failed_at: str | None = None
    error: str = ""
    """Why the last failed check failed, also if later checks succeeded."""
    checks: int = 0
    read: int = 0
    """Entries that were read, in all checks."""
    new: int = 0
    revised: int = 0
    duplicates: int = 0
    backlog: int = 0
    """New articles and duplicates of the first answer that was read: they came in no time."""
    lag_seconds: int | None = None
    """Median time from publication to the lake, of the last new articles whose time is known."""
    may_have_missed: bool = False
    """Whether no entry of the last answer that was read was in the answer before it."""


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """What one check of a feed found. The commit makes a FeedState of it.

    ``base`` is the state from which the check began. ``interval`` is the shortest time between two
    checks in seconds, as the user settles it. ``settings``, ``reached`` and ``entries`` are those
    of FeedState.
    """

    feed: str
    base: FeedState | None
    outcome: FeedOutcome
    facts: AnswerFacts = field(default_factory=AnswerFacts)
    hints: FeedHints = field(default_factory=FeedHints)
    interval: int = 0
    settings: str = ""
    entries: tuple[str, ...] = ()
    detail: str = ""
    reached: str = ""
