"""Fetch many feeds from slow servers on loopback, and compare with a bare loop of aiohttp.

``make bench-feeds`` runs this. Servers on 100 ports answer each request after 50 ms. They run in a
process of their own, so that they take no time from the client's.
"""

import asyncio
import datetime as dt
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import aiohttp
from aiohttp import web

from newslake.schemas.raw import SourceSettings
from newslake.transforms.feeds.document import FeedDocument, FeedRequest, FetchLimits
from newslake.transforms.feeds.fetch import stream_answers

PORTS = 100
FEEDS = 2_000
DELAY_SECONDS = 0.05
CONCURRENCY = 100
ROUNDS = 5
_ITEM = "<item><title>Story {0}</title><link>https://example.org/{0}</link><description>{1}</description></item>"
FEED = (
    "<rss version='2.0'><channel><title>Paper</title>"
    + "".join(_ITEM.format(number, "A sentence of news. " * 20) for number in range(20))
    + "</channel></rss>"
).encode()


async def serve() -> None:
    """Serve on PORTS ports, print them, and end with the standard input."""

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(DELAY_SECONDS)
        return web.Response(body=FEED, content_type="application/rss+xml")

    runner = web.ServerRunner(web.Server(handler))  # type: ignore[arg-type]
    await runner.setup()
    for _ in range(PORTS):
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(*(address[1] for address in runner.addresses), flush=True)
    await asyncio.to_thread(sys.stdin.read)


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
    with subprocess.Popen(
        [sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as servers:
        assert servers.stdout is not None
        assert servers.stdin is not None
        ports = servers.stdout.readline().split()
        urls = [f"http://127.0.0.1:{ports[number % PORTS]}/{number}" for number in range(FEEDS)]
        bare, own = [], []
        for _ in range(ROUNDS):  # in turn, so that other work on the machine slows both
            bare.append(seconds_of(lambda urls: asyncio.run(bare_loop(urls)), urls))
            own.append(seconds_of(ours, urls))
        servers.stdin.close()
    print(f"{FEEDS} feeds of {len(FEED)} bytes on {PORTS} ports, {CONCURRENCY} at once, {DELAY_SECONDS:g} s delay")
    print(f"bare loop of aiohttp: {statistics.median(bare):.2f} s")
    print(f"newslake:             {statistics.median(own):.2f} s")
    print(f"share of its speed:   {statistics.median(bare) / statistics.median(own):.2f}")


if __name__ == "__main__":
    asyncio.run(serve()) if sys.argv[1:] == ["serve"] else main()
