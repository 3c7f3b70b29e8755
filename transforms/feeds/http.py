"""Asking feeds over HTTP (RFC 9110): conditional GETs, limited in time, size and reach.

This module imports aiohttp, which takes 0.2 s: import it where a feed is fetched.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from aiohttp.abc import AbstractResolver
from yarl import URL

from newslake.schemas.feed_state import AnswerFacts
from newslake.schemas.redact import hide, secret_values, secret_words, source_key, source_name
from newslake.schemas.reject import Reason, Reject, Stage, hide_secrets
from newslake.transforms.feeds.decoding import Refusal
from newslake.transforms.feeds.discovery import feed_candidates, is_feed, is_page
from newslake.transforms.feeds.document import Answer, FeedDocument, FeedRequest, FetchLimits, NotModified, Postponed
from newslake.transforms.feeds.facts import facts_of
from newslake.transforms.feeds.hops import (
    NOT_MODIFIED,
    READ,
    Budget,
    Net,
    Reply,
    ask_at,
    first_ask,
    follow,
    open_net,
    web_address,
)
from newslake.transforms.feeds.politeness import MOST_FAILURES_ELSEWHERE

_MOST_CANDIDATES = 8
"""Addresses that are tried if a page stands where a feed should."""
_MOST_PAGE_BYTES = 200_000
_MOST_DETAIL_CHARS = 500
"""The words of a status may be longer: 64 kB."""


async def fetch_feeds(
    requests: Sequence[FeedRequest],
    *,
    user_agent: str,
    now: dt.datetime,
    allow_private: bool = False,
    limits: FetchLimits = FetchLimits(),  # noqa: B008 (it is frozen)
    resolver: AbstractResolver | None = None,
) -> AsyncGenerator[Answer, None]:
    """Ask feeds, and yield their answers as they come.

    A request starts only when fewer than ``limits.concurrency`` are on their way or wait to be
    taken. Close the iterator to cancel the others. ``allow_private`` lets all requests reach
    loopback, link-local and private addresses; ``SourceSettings.allow_private`` lets one.
    ``resolver`` takes the place of the system's.

    The results: a FeedDocument (a body that ends too early is one; its ``cut`` says why);
    NotModified (status 304, or the body of ``validators.body_hash``); Postponed (the host asked to
    wait before the request began); or a Reject of the whole source: HTTP_STATUS (any status but
    200, 203 and 304, a 304 that nothing asked for, too many redirects), NETWORK, TIMEOUT,
    TOO_LARGE, EMPTY, CORRUPT, FORBIDDEN_ADDRESS.
    """
    async with open_net(user_agent, now, allow_private, limits, resolver) as net:
        answered: asyncio.Queue[asyncio.Task[Answer]] = asyncio.Queue()
        tasks = {asyncio.create_task(_answer(net, request)) for request in requests}
        for task in tasks:
            task.add_done_callback(answered.put_nowait)
        try:
            for _ in requests:
                yield (await answered.get()).result()
                net.slots.release()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _answer(net: Net, request: FeedRequest) -> Answer:
    """Return the answer to one request. It then holds one of ``net.slots``."""
    reply, found_at = await _reached(net, request)
    if isinstance(reply, Postponed):
        return Answer(request, reply)
    if isinstance(reply, Refusal):
        return Answer(request, _reject(request, reply))
    secrets = secret_words(_secrets_of(request))
    facts = facts_of(request, reply, found_at, secrets=secrets, now=net.now)
    result = _result(request, reply, facts)
    return Answer(request, _reject(request, result) if isinstance(result, Refusal) else result, facts)


async def _reached(net: Net, request: FeedRequest) -> tuple[Reply | Refusal | Postponed, URL | None]:
    """Return what the address of a request leads to, and the feed's URL if a page named it."""
    budget = Budget(net.limits.total_seconds)
    url = web_address(request.address or request.location)
    ask = url if isinstance(url, Refusal) else first_ask(request, url)
    reply = await follow(net, request, ask, budget)
    if isinstance(reply, Reply) and _may_name_feeds(request, reply):
        return await _discover(net, request, reply, budget)
    return reply, None


def _may_name_feeds(request: FeedRequest, reply: Reply) -> bool:
    """Tell whether an answer is a page that may lead to the feed.

    A page where a feed was before is a fault of the server, unless it lasts.
    """
    state = request.state
    is_fault = state is not None and state.succeeded_at is not None and state.failures < MOST_FAILURES_ELSEWHERE
    return not is_fault and reply.status in READ and not reply.fault and is_page(reply.body)


async def _discover(
    net: Net, request: FeedRequest, page: Reply, budget: Budget
) -> tuple[Reply | Postponed, URL | None]:
    """Return the first feed that a page leads to, and its address. Without one, return the page."""
    candidates = feed_candidates(page.body, str(page.url), page.charset)[:_MOST_CANDIDATES]
    page.body = page.body[:_MOST_PAGE_BYTES]
    for candidate in candidates:
        url = web_address(candidate)
        if isinstance(url, Refusal):
            continue
        net.slots.release()
        found = await follow(net, request, ask_at(request, url), budget)
        if isinstance(found, Postponed):
            return found, None
        if isinstance(found, Reply) and found.status in READ and not found.fault and is_feed(found.body):
            found_at, found.moved_to = found.moved_to or url, None
            return found, found_at
    return page, None


def _result(request: FeedRequest, reply: Reply, facts: AnswerFacts) -> FeedDocument | NotModified | Refusal:
    if reply.status == NOT_MODIFIED and reply.is_conditional:
        return NotModified()
    if reply.status == NOT_MODIFIED:
        detail = "HTTP 304 says that the feed is as it was, but the request did not ask that"
        return Refusal(Reason.HTTP_STATUS, detail)
    if reply.status not in READ:
        return Refusal(Reason.HTTP_STATUS, f"HTTP {reply.status} {reply.words}".strip())
    if reply.fault:
        return reply.fault
    if facts.validators.body_hash and facts.validators.body_hash == request.validators.body_hash:
        return NotModified()
    own = secret_words(request.settings.all_secrets)  # the others tell two feeds of one site apart
    return FeedDocument(
        source_name(request.location),
        hide(source_key(str(reply.url)), own),
        reply.body,
        reply.status,
        request.settings,
        reply.charset,
        language=_language(reply),
        cut=reply.cut,
    )


def _reject(request: FeedRequest, refusal: Refusal) -> Reject:
    name = source_name(request.location)
    reject = Reject(Stage.FETCH_FEEDS, refusal.reason, name, refusal.detail, refusal.payload, whole_source=True)
    hidden = hide_secrets(reject, _secrets_of(request))  # before the cut, which may cut a secret
    return replace(hidden, detail=" ".join(hidden.detail.split())[:_MOST_DETAIL_CHARS])


def _secrets_of(request: FeedRequest) -> list[str]:
    """Return the secrets of a request: values of headers, passwords, and what its URLs hold."""
    settings = request.settings
    in_urls = (*secret_values(request.location), *secret_values(settings.proxy or ""))
    return [*dict(settings.headers).values(), *settings.secrets, *in_urls]


def _language(reply: Reply) -> str | None:
    """Return the one language that a body is meant for (RFC 9110 section 8.5), or None."""
    told = reply.header("Content-Language").strip()
    return told if told and "," not in told else None
