"""A news site for tests: feeds on a real HTTP server of 127.0.0.1, and a note of each request."""

import asyncio
import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

SHOWN = 20
"""The entries that a feed shows: the newest ones."""


@dataclass
class FeedSite:
    """Serves each feed that has entries, with an ETag, and status 304 to who has it already.

    ``statuses`` and ``headers`` of a path replace the usual answer and add to it. ``asked`` are the
    requests so far: path and headers.
    """

    url: str = ""
    entries: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[str, int] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    counted: int = 0

    def publish(self, path: str, count: int = 1, date: str = "Mon, 02 Mar 2026 10:00:00 GMT") -> None:
        """Add ``count`` new articles to the feed at ``path``."""
        for _ in range(count):
            self.counted += 1
            words = " ".join(f"w{self.counted}x{place}" for place in range(30))
            self.entries[path].append(
                f"<item><guid isPermaLink='false'>{path}-{self.counted}</guid>"
                f"<link>https://news.example/{self.counted}</link><title>Story {self.counted}</title>"
                f"<description>{words}</description><pubDate>{date}</pubDate></item>"
            )

    def paths_asked(self) -> list[str]:
        """Return the paths of the requests since the last call."""
        paths = [path for path, _ in self.asked]
        self.asked.clear()
        return paths

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path
        self.asked.append((path, dict(request.headers)))
        status, headers = self.statuses.get(path), self.headers.get(path, {})
        if status is not None:
            return web.Response(status=status, headers=headers)
        if path in self.bodies:
            return web.Response(text=self.bodies[path], headers=headers)
        if path not in self.entries:
            return web.Response(status=404)
        items = "".join(reversed(self.entries[path][-SHOWN:]))
        text = f"<rss version='2.0'><channel><title>{path}</title><link>https://news.example/</link>{items}</channel></rss>"
        tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag, **headers})
        return web.Response(text=text, headers={"ETag": tag, **headers}, content_type="application/rss+xml")


@contextmanager
def feed_site() -> Iterator[FeedSite]:
    """Yield a site on a free port of 127.0.0.1, and stop it."""
    site, loop, ready = FeedSite(), asyncio.new_event_loop(), threading.Event()

    async def serve() -> web.ServerRunner:
        runner = web.ServerRunner(web.Server(site.answer), shutdown_timeout=0.1)  # type: ignore[arg-type]
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(serve())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
