"""What goes in and out of fetching: the address of a feed, and its bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from newslake.schemas.feed_state import AnswerFacts, FeedCheck, FeedState, Validators
from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reject

OpenBytes = Callable[[str], BinaryIO]
"""Opens a path or URI for reading its bytes as they are stored. Raises OSError and its
subclasses."""


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """A feed to read: an http(s) URL, or the path or URI of a saved feed.

    ``compression`` of a saved feed is "gzip", "bz2", "zstd", or "" if it is not compressed. If it
    is None, the first bytes of the feed decide.
    """

    location: str
    settings: SourceSettings
    compression: str | None = None
    source_uri: str = ""
    """What records name as the source if the location does not tell it (standard input)."""
    state: FeedState | None = None
    """What the lake remembers of the feed."""
    address: str = ""
    """Where the feed is asked, if not at its location: it moved, or a page named it."""
    validators: Validators = field(default_factory=Validators)
    """The validators to send, and the hash of the body that was read last."""

    def filled_in(self, environment: Mapping[str, str]) -> "FeedRequest":
        """Return the request as it is sent, with the values of variables in its settings."""
        return replace(self, settings=self.settings.filled_in(environment))

    @property
    def is_remote(self) -> bool:
        """Tell whether the feed is fetched. Otherwise it is opened as a file."""
        return self.location.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How long, how large and how many answers may be.

    ``connect_seconds`` is for finding and reaching the server, ``read_seconds`` for the time
    between two blocks, and ``total_seconds`` for one feed with its redirects, without the time in
    which it waits for its turn. ``max_body_bytes`` limits a body before and after decompression.
    ``concurrency`` is how many feeds are asked at once, and ``per_host`` how many of one host.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 30.0
    max_body_bytes: int = 10_000_000
    concurrency: int = 50
    per_host: int = 2
    """As browsers and crawlers limit their requests to one server."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of a feed, decompressed, but otherwise as they came.

    ``source_uri`` holds no secrets. ``url`` is the URL of a fetched feed after redirects, as
    ``source_key`` makes it: redact it before it is shown. It is None for a saved feed. ``status``
    is the HTTP status; None for a saved feed.
    """

    source_uri: str
    url: str | None
    body: bytes
    status: int | None
    settings: SourceSettings
    charset: str | None = None
    """The charset parameter of the Content-Type header."""
    language: str | None = None
    """The language that the Content-Language header names, if it names just one."""
    cut: str = ""
    """Why the body ends too early, for example because its archive was damaged. Empty for a whole
    body."""
    check: FeedCheck | None = None
    """What asking the feed found, for the state of the feed; None for a saved feed."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The feed is as it was when it was read last: status 304, or the same bytes."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The feed was not asked, because its host asks to wait for ``seconds``."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request. ``facts`` is what the answer tells besides its body."""

    request: FeedRequest
    result: FeedDocument | NotModified | Postponed | Reject
    facts: AnswerFacts = field(default_factory=AnswerFacts)
