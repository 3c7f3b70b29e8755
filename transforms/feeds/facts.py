"""What an answer tells besides its body: validators, freshness, waits and moves."""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence

from yarl import URL

from newslake.schemas.feed_state import AnswerFacts, Validators
from newslake.schemas.redact import hide, redact
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.hops import NOT_MODIFIED, READ, Reply, retry_after, web_address
from newslake.transforms.feeds.http_dates import fresh_seconds

_HASH_DIGITS = 32
_MOST_VALIDATOR_CHARS = 1_000
"""A longer validator is not remembered, so that the states of feeds stay small."""
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What no field value may hold (RFC 9110 section 5.5). aiohttp reads it, but does not send it."""


def facts_of(
    request: FeedRequest, reply: Reply, found_at: URL | None, *, secrets: Sequence[str], now: dt.datetime
) -> AnswerFacts:
    """Return the facts of an answer.

    ``found_at`` is the feed that a page named, if one did. No fact shows one of ``secrets``.
    """
    date = reply.header("Date")
    is_good = reply.status in (*READ, NOT_MODIFIED)
    next_asked = _harmless(found_at, secrets) if found_at else request.address or request.location
    return AnswerFacts(
        reply.status,
        _validators(request, reply, next_asked, secrets) if is_good else Validators(),
        fresh_seconds(
            cache_control=reply.header("Cache-Control"),
            expires=reply.header("Expires"),
            date=date,
            age=reply.header("Age"),
            now=now,
        ),
        retry_after(reply, now),
        _harmless(reply.moved_to, secrets) if is_good else None,
        _harmless(found_at, secrets),
    )


def _validators(request: FeedRequest, reply: Reply, next_asked: str | None, secrets: Sequence[str]) -> Validators:
    """Return the validators for the next request, which goes to ``next_asked``.

    Those of another origin are not kept. A 304 keeps what it does not name (RFC 9110 section
    15.4.5). A body that was cut off is asked for again.
    """
    if reply.cut or reply.fault:
        return Validators()
    etag = last_modified = None
    asked = web_address(next_asked or "")
    if isinstance(asked, URL) and asked.origin() == reply.url.origin():
        etag, last_modified = _validator(reply, "ETag", secrets), _validator(reply, "Last-Modified", secrets)
    if reply.status == NOT_MODIFIED:
        before = request.validators
        return Validators(etag or before.etag, last_modified or before.last_modified, before.body_hash)
    return Validators(etag, last_modified, hashlib.sha256(reply.body).hexdigest()[:_HASH_DIGITS])


def _validator(reply: Reply, name: str, secrets: Sequence[str]) -> str | None:
    """Return a validator that can be stored and sent back byte for byte; else None.

    Bytes that are not UTF-8 and control characters cannot. A validator that repeats a secret of the
    request must not.
    """
    told = reply.headers.get(name, "")
    if not told or len(told) > _MOST_VALIDATOR_CHARS or _CONTROL.search(told) or hide(told, secrets) != told:
        return None
    try:
        told.encode()
    except UnicodeEncodeError:
        return None
    return told


def _harmless(url: URL | None, secrets: Sequence[str]) -> str | None:
    """Return an address that may be remembered; None if it holds a secret."""
    address = "" if url is None else str(url)
    return address if address and hide(redact(address), secrets) == address else None
