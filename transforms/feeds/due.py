"""Which feeds a run asks: those that are due, grouped by the server that they are on."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from newslake.schemas import codec
from newslake.schemas.feed_state import FeedOutcome, FeedState
from newslake.schemas.raw import SourceSettings
from newslake.schemas.redact import source_name
from newslake.transforms.feeds.addresses import host_of
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.politeness import is_ahead, is_due
from newslake.transforms.feeds.state import validators_of

REQUESTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """The feeds that a run may ask, and the lists that name more of them."""

    feeds: tuple[FeedRequest, ...] = ()
    lists: tuple[FeedRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class NotDue:
    """A feed that is not asked now. ``why`` is a sentence for the summary, "" if it just waits."""

    feed: str
    why: str = ""
    has_failed: bool = False
    """Whether its last check failed."""


def due_feeds(
    requests: Iterable[FeedRequest],
    states: Mapping[str, FeedState],
    now: dt.datetime,
    version: str,
    reached: Callable[[SourceSettings], str],
    *,
    ask_all: bool = False,
) -> tuple[list[FeedRequest], list[NotDue]]:
    """Return the requests for feeds that are due, with what the lake remembers; and the others.

    ``ask_all`` makes every feed due. A feed that is named twice is asked once. ``reached`` gives
    the digest of how a feed is reached (FeedState.reached). A feed that was asked in another way is
    due, so that a mended setting works at once.
    """
    due: list[FeedRequest] = []
    waiting: list[NotDue] = []
    waits = _waits_of_hosts(states.values(), now)
    instant = codec.timestamp(now)
    for feed, request in {source_name(request.location): request for request in reversed(list(requests))}.items():
        state = states.get(feed)
        if not ask_all and state is not None and state.outcome == FeedOutcome.GONE:
            gone = "its server said that it is gone for good (410); --all asks again"
            waiting.append(NotDue(feed, gone, has_failed=True))
        elif not ask_all and (
            waits.get(server_of(request), "") > instant
            or (state is not None and state.reached == reached(request.settings) and not is_due(state, now))
        ):
            waiting.append(NotDue(feed, has_failed=state is not None and state.outcome == FeedOutcome.FAILED))
        else:
            sent = validators_of(state, request.settings.digest(version), now)
            address = (state.address if state else None) or ""
            due.append(replace(request, state=state, address=address, validators=sent))
    return due[::-1], waiting[::-1]


def due_instants(locations: Iterable[str], states: Mapping[str, FeedState], now: dt.datetime) -> list[dt.datetime]:
    """Return when each of the feeds is due: now if it is new. A feed that is gone never is."""
    waits = _waits_of_hosts(states.values(), now)
    instants = []
    for location in locations:
        state = states.get(source_name(location))
        if state is None:
            instants.append(now)
        elif state.outcome != FeedOutcome.GONE:
            wait = waits.get(host_of(state.address or location), "")
            due = codec.timestamp(now) if is_ahead(state, now) else state.next_check
            instants.append(dt.datetime.fromisoformat(max(due, wait)))
    return instants


def grouped_by_server(requests: Iterable[FeedRequest]) -> list[tuple[FeedRequest, ...]]:
    """Return groups of about REQUESTS_AT_ONCE requests.

    All requests to one server are in one group, because the limit of requests to a server at once
    holds within a group.
    """
    servers: dict[str, list[FeedRequest]] = {}
    for request in requests:
        servers.setdefault(server_of(request), []).append(request)
    groups: list[list[list[FeedRequest]]] = [[]]
    for of_server in servers.values():
        if groups[-1] and sum(map(len, groups[-1])) + len(of_server) > REQUESTS_AT_ONCE:
            groups.append([])
        groups[-1].append(of_server)
    return [tuple(_in_turns(group)) for group in groups if group]


def server_of(request: FeedRequest) -> str:
    """Return the host of where a feed is asked; "" for a saved feed."""
    return host_of(request.address or request.location) if request.is_remote else ""


def _in_turns(servers: Sequence[Sequence[FeedRequest]]) -> Iterable[FeedRequest]:
    """Yield one request of each server, then the next of each, so that no server blocks others."""
    longest = max(map(len, servers))
    return chain.from_iterable([one[place] for one in servers if place < len(one)] for place in range(longest))


def _waits_of_hosts(states: Iterable[FeedState], now: dt.datetime) -> dict[str, str]:
    """Return the instant up to which each server wants to rest (RFC 9110 section 10.2.3)."""
    waits: dict[str, str] = {}
    for state in states:
        if state.retry_at and not is_ahead(state, now):
            server = host_of(state.address or state.feed)
            waits[server] = max(waits.get(server, ""), state.retry_at)
    return waits
