"""Real HTTP servers on 127.0.0.1 for the tests of feeds, and what asks them."""

import datetime as dt
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ThreadedResolver, web
from aiohttp.abc import AbstractResolver, ResolveResult

from newslake.schemas.raw import SourceSettings
from newslake.transforms.feeds import hops
from newslake.transforms.feeds.document import Answer, FeedRequest, FetchLimits
from newslake.transforms.feeds.http import fetch_feeds

FEED = b"<rss><channel><title>Paper</title></channel></rss>"
NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
NOTHING_SAID = SourceSettings()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler, ssl_context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Yield the URL of a server on a free port of 127.0.0.1 that answers with ``handler``."""
    server = web.Server(handler, handler_cancellation=True)  # type: ignore[arg-type]
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ssl_context)
    await site.start()
    [(_, port)] = [address[:2] for address in runner.addresses]
    try:
        yield f"{'https' if ssl_context else 'http'}://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def answering(body: bytes = FEED, status: int = 200, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=body, status=status, headers={key.replace("_", "-"): value for key, value in headers.items()}
        )

    return handler


async def ask(*requests: FeedRequest, allow_private: bool = True, resolver: Any = None, **limits: Any) -> list[Answer]:
    """Return the answers in the order of the requests."""
    fetched = fetch_feeds(
        requests,
        user_agent="newslake-test",
        now=NOW,
        allow_private=allow_private,
        limits=FetchLimits(**limits),
        resolver=resolver,
    )
    answers = [answer async for answer in fetched]
    return sorted(answers, key=lambda answer: requests.index(answer.request))


class Resolver(AbstractResolver):
    """Gives ``outer.test`` the next of some addresses at each look-up, and the last one for ever.

    The system answers for other names.
    """

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host != "outer.test":
            return await ThreadedResolver().resolve(host, port, family)
        address = self._addresses.pop(0) if len(self._addresses) > 1 else self._addresses[0]
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


def public_only_at(port: int) -> Callable[[tuple[int, int, int, str, tuple[str, int]]], socket.socket]:
    """Return hops._public_socket, but with one port of this machine that counts as public."""
    judge = hops._public_socket

    def factory(address_info: tuple[int, int, int, str, tuple[str, int]]) -> socket.socket:
        family, kind, protocol, name, address = address_info
        if address[1] == port:
            address = ("93.184.216.34", port)
        return judge((family, kind, protocol, name, address))

    return factory
