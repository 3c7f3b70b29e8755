"""Fetch many feeds from slow servers on loopback, and compare with a bare loop of aiohttp.

``make bench-feeds`` runs this, with the servers of slow_servers.py.
"""

import asyncio
import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable

import aiohttp
from aiohttp import web
from slow_servers import DELAY_SECONDS, FEEDS, PORTS, serve, serving

from newslake.schemas.raw import SourceSettings
from newslake.transforms.feeds.document import FeedDocument, FeedRequest, FetchLimits
from newslake.transforms.feeds.fetch import stream_answers

CONCURRENCY = 100
ROUNDS = 5
_ITEM = "<item><title>Story {0}</title><link>https://example.org/{0}</link><description>{1}</description></item>"
FEED = (
    "<rss version='2.0'><channel><title>Paper</title>"
    + "".join(_ITEM.format(number, "A sentence of news. " * 20) for number in range(20))
    + "</channel></rss>"
).encode()


async def respond(_: web.BaseRequest) -> web.Response:
    return web.Response(body=FEED, content_type="application/rss+xml")


async def bare_loop(urls: list[str]) -> int:
    """Fetch with aiohttp alone: as many at once, and 2 of each host. Return the bytes."""
    slots = asyncio.Semaphore(CONCURRENCY)
    turns = {url.rsplit("/", 1)[0]: asyncio.Semaphore(2) for url in urls}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def fetch(url: str) -> int:
            async with turns[url.rsplit("/", 1)[0]], slots, session.get(url) as response:
                return len(await response.read())

        return sum(await asyncio.gather(*map(fetch, urls)))


def ours(urls: list[str]) -> int:
    requests = [FeedRequest(url, SourceSettings()) for url in urls]
    answers = stream_answers(
        requests,
        user_agent="newslake-bench",
        now=dt.datetime.now(dt.UTC),
        allow_private=True,
        limits=FetchLimits(concurrency=CONCURRENCY),
    )
    return sum(len(answer.result.body) for answer in answers if isinstance(answer.result, FeedDocument))


def seconds_of(work: Callable[[list[str]], int], urls: list[str]) -> float:
    began = time.perf_counter()
    assert work(urls) == FEEDS * len(FEED)
    return time.perf_counter() - began


def main() -> None:
    """Print the median seconds of both, and our share of the bare loop's speed."""
    bare, own = [], []
    with serving(__file__) as urls:
        for _ in range(ROUNDS):  # in turn, so that other work on the machine slows both
            bare.append(seconds_of(lambda urls: asyncio.run(bare_loop(urls)), urls))
            own.append(seconds_of(ours, urls))
    print(f"{FEEDS} feeds of {len(FEED)} bytes on {PORTS} ports, {CONCURRENCY} at once, {DELAY_SECONDS:g} s delay")
    print(f"bare loop of aiohttp: {statistics.median(bare):.2f} s")
    print(f"newslake:             {statistics.median(own):.2f} s")
    print(f"share of its speed:   {statistics.median(bare) / statistics.median(own):.2f}")


if __name__ == "__main__":
    asyncio.run(serve(respond)) if sys.argv[1:] == ["serve"] else main()
