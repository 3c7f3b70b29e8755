"""Fetch feeds beside the thread that uses them: the answers come as they are ready."""

import asyncio
import datetime as dt
import queue
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from newslake.transforms.feeds.document import Answer, FeedRequest, FetchLimits, OpenBytes
from newslake.transforms.feeds.files import read_feed_file

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver

_MOST_UNREAD = 16
"""Answers that wait to be taken, beside those on their way. Each may hold a document."""


def ask_feeds(
    requests: Sequence[FeedRequest], open_bytes: OpenBytes, *, user_agent: str, now: dt.datetime, allow_private: bool
) -> Iterator[Answer]:
    """Yield the answer to each request: saved feeds first, then those of HTTP as they come.

    ``open_bytes`` opens saved feeds. The others are as ``stream_answers`` tells.
    """
    for request in requests:
        if not request.is_remote:
            yield Answer(request, read_feed_file(request, open_bytes))
    remote = [request for request in requests if request.is_remote]
    yield from stream_answers(remote, user_agent=user_agent, now=now, allow_private=allow_private)


def stream_answers(
    requests: Sequence[FeedRequest],
    *,
    user_agent: str,
    now: dt.datetime,
    allow_private: bool = False,
    limits: FetchLimits = FetchLimits(),  # noqa: B008 (it is frozen)
    resolver: "AbstractResolver | None" = None,
) -> Iterator[Answer]:
    """Yield the answers of ``fetch_feeds`` as they come. It runs in a thread of its own.

    So fetching goes on while the caller parses, also if the caller's thread has an event loop
    (notebooks). If the caller stops early, all requests are cancelled and their connections closed.
    An error of the program in the thread is raised here.
    """
    if not requests:
        return
    options = {
        "user_agent": user_agent,
        "now": now,
        "allow_private": allow_private,
        "limits": limits,
        "resolver": resolver,
    }
    answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
    room = asyncio.Semaphore(_MOST_UNREAD)
    loop = asyncio.new_event_loop()
    # The system's resolver blocks a thread for each name, and a dead name for many seconds.
    loop.set_default_executor(ThreadPoolExecutor(limits.concurrency, "resolve"))
    work = loop.create_task(_fetch(requests, options, answers, room))
    thread = threading.Thread(target=_run, args=(loop, work, answers), name="fetch-feeds", daemon=True)
    thread.start()
    try:
        while (answer := answers.get()) is not None:
            loop.call_soon_threadsafe(room.release)
            yield answer
        work.result()
    finally:
        loop.call_soon_threadsafe(work.cancel)
        thread.join()
        loop.close()


async def _fetch(
    requests: Sequence[FeedRequest],
    options: dict[str, Any],
    answers: "queue.SimpleQueue[Answer | None]",
    room: asyncio.Semaphore,
) -> None:
    from newslake.transforms.feeds.http import fetch_feeds  # it imports aiohttp, which takes 0.2 s

    async with aclosing(fetch_feeds(requests, **options)) as found:
        async for answer in found:
            await room.acquire()
            answers.put(answer)


def _run(
    loop: asyncio.AbstractEventLoop, work: "asyncio.Task[None]", answers: "queue.SimpleQueue[Answer | None]"
) -> None:
    """Run the loop until the work ends, in whatever way, and tell that it ended."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(asyncio.wait([work]))
    finally:
        answers.put(None)
