"""What an answer tells besides its body: validators, freshness, waits and moves."""

import datetime as dt
import hashlib
from dataclasses import replace

from yarl import URL

from newslake.schemas.feed_state import AnswerFacts, Validators
from newslake.schemas.redact import hide, redact, secret_values, secret_words
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.hops import NOT_MODIFIED, READ, Reply, retry_after
from newslake.transforms.feeds.http_dates import fresh_seconds

_HASH_DIGITS = 32
_MOST_VALIDATOR_CHARS = 1_000
"""A longer validator is not remembered, so that the states of feeds stay small."""


def facts_of(request: FeedRequest, reply: Reply, found_at: URL | None, now: dt.datetime) -> AnswerFacts:
    """Return the facts of an answer. ``found_at`` is the feed that a page named, if one did."""
    date = reply.header("Date")
    is_good = reply.status in (*READ, NOT_MODIFIED)
    next_asked = _harmless(request, found_at) if found_at else request.address or request.location
    return AnswerFacts(
        reply.status,
        _validators(request, reply, next_asked) if is_good else Validators(),
        fresh_seconds(
            cache_control=reply.header("Cache-Control"),
            expires=reply.header("Expires"),
            date=date,
            age=reply.header("Age"),
            now=now,
        ),
        retry_after(reply, now),
        _harmless(request, reply.moved_to) if is_good else None,
        _harmless(request, found_at),
    )


def _validators(request: FeedRequest, reply: Reply, next_asked: str | None) -> Validators:
    """Return the validators for the next request, which goes to ``next_asked``.

    Those of another origin are not kept. A 304 keeps what it does not name (RFC 9110 section
    15.4.5). A body that was cut off is asked for again.
    """
    if reply.cut or reply.fault:
        return Validators()
    told = Validators(_validator(request, reply, "ETag"), _validator(request, reply, "Last-Modified"))
    if next_asked is None or reply.url.origin() != URL(next_asked).origin():
        told = Validators()
    if reply.status == NOT_MODIFIED:
        before = request.validators
        return Validators(told.etag or before.etag, told.last_modified or before.last_modified, before.body_hash)
    return replace(told, body_hash=hashlib.sha256(reply.body).hexdigest()[:_HASH_DIGITS])


def _validator(request: FeedRequest, reply: Reply, name: str) -> str | None:
    """Return a validator that can be stored and sent back byte for byte; else None.

    Bytes that are not UTF-8 cannot. A validator that repeats a secret of the request must not.
    """
    told = reply.headers.get(name, "")
    if not told or len(told) > _MOST_VALIDATOR_CHARS or _hidden(request, told) != told:
        return None
    try:
        told.encode()
    except UnicodeEncodeError:
        return None
    return told


def _harmless(request: FeedRequest, url: URL | None) -> str | None:
    """Return an address that may be remembered; None if it holds a secret."""
    address = "" if url is None else str(url)
    return address if address and _hidden(request, redact(address)) == address else None


def secrets_of(request: FeedRequest) -> list[str]:
    """Return the secrets of a request: values of headers, passwords, and what its URLs hold."""
    settings = request.settings
    in_urls = (*secret_values(request.location), *secret_values(settings.proxy or ""))
    return [*dict(settings.headers).values(), *settings.secrets, *in_urls]


def _hidden(request: FeedRequest, text: str) -> str:
    return hide(text, secret_words(secrets_of(request)))
