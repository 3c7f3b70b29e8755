"""Servers that answer after a while, for the benches of feeds: on many ports of loopback.

They run in a process of their own, so that they take no time from the client's.
"""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

PORTS = 100
FEEDS = 2_000
DELAY_SECONDS = 0.05

Respond = Callable[[web.BaseRequest], Awaitable[web.Response]]


async def serve(respond: Respond) -> None:
    """Serve on PORTS ports, print them, and end with the standard input."""

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(DELAY_SECONDS)
        return await respond(request)

    runner = web.ServerRunner(web.Server(handler))  # type: ignore[arg-type]
    await runner.setup()
    for _ in range(PORTS):
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(*(address[1] for address in runner.addresses), flush=True)
    await asyncio.to_thread(sys.stdin.read)


@contextmanager
def serving(script: str) -> Iterator[list[str]]:
    """Yield the URLs of FEEDS feeds, which ``python SCRIPT serve`` serves."""
    with subprocess.Popen(
        [sys.executable, script, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as servers:
        assert servers.stdout is not None
        assert servers.stdin is not None
        ports = servers.stdout.readline().split()
        yield [f"http://127.0.0.1:{ports[number % PORTS]}/{number}" for number in range(FEEDS)]
        servers.stdin.close()
