"""Run newslake over 2,000 feeds of slow servers: a first run, and one in which nothing changed.

``make bench-feeds`` runs this. The servers are those of feeds_fetch.py, with an ETag: 100 ports
that answer after 50 ms. Each run has a process of its own, as a scheduler starts it.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aiohttp import web

from newslake.schemas import codec

PORTS = 100
FEEDS = 2_000
ENTRIES = 20
DELAY_SECONDS = 0.05
ROUNDS = 3
_WORDS = "minister council budget harbour festival verdict storm railway museum vaccine strike election"


def feed(name: str) -> bytes:
    """Return a feed whose entries no other feed has."""
    words = _WORDS.split()
    items = (
        f"<item><guid isPermaLink='false'>{name}-{number}</guid><link>https://news.example/{name}/{number}</link>"
        f"<title>Story {number} of {name}</title><pubDate>Mon, 02 Mar 2026 10:{number:02d}:00 GMT</pubDate>"
        "<description>"
        + " ".join(f"{word}{hash((name, number, word)) % 1000}" for word in words * 4)
        + "</description></item>"
        for number in range(ENTRIES)
    )
    return f"<rss version='2.0'><channel><title>Feed {name}</title>{''.join(items)}</channel></rss>".encode()


async def serve() -> None:
    """Serve on PORTS ports, print them, and end with the standard input."""

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(DELAY_SECONDS)
        tag = f'"{request.path}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        body = feed(request.path.strip("/"))
        return web.Response(body=body, headers={"ETag": tag}, content_type="application/rss+xml")

    runner = web.ServerRunner(web.Server(handler))  # type: ignore[arg-type]
    await runner.setup()
    for _ in range(PORTS):
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(*(address[1] for address in runner.addresses), flush=True)
    await asyncio.to_thread(sys.stdin.read)


def seconds_of_run(lake: Path, feeds: list[str]) -> tuple[float, dict[str, int]]:
    """Return how long a run over the feeds takes, and its summary."""
    listed = lake.with_suffix(".opml")
    outlines = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in feeds)
    listed.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    command = [sys.executable, "-m", "newslake", "run", "--lake", str(lake), "--feeds", str(listed), "--all"]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, "--allow-private-addresses", "--summary", "json", "--quiet"], check=True, capture_output=True
    )
    return time.perf_counter() - began, codec.decode(done.stdout)


def main() -> None:
    """Print the medians of both runs and their ratio."""
    with subprocess.Popen(
        [sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as servers:
        assert servers.stdout is not None
        assert servers.stdin is not None
        ports = servers.stdout.readline().split()
        feeds = [f"http://127.0.0.1:{ports[number % PORTS]}/{number}" for number in range(FEEDS)]
        first, second = [], []
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                seconds, summary = seconds_of_run(Path(folder) / "lake", feeds)
                assert summary["new"] == FEEDS * ENTRIES, summary
                first.append(seconds)
                seconds, summary = seconds_of_run(Path(folder) / "lake", feeds)
                assert summary["sources_not_modified"] == FEEDS, summary
                second.append(seconds)
        servers.stdin.close()
    print(f"a whole run over {FEEDS} feeds of {ENTRIES} entries: {statistics.median(first):.1f} s")
    print(f"the same run, nothing modified:           {statistics.median(second):.1f} s")
    print(f"its share: {statistics.median(second) / statistics.median(first):.2f}")


if __name__ == "__main__":
    asyncio.run(serve()) if sys.argv[1:] == ["serve"] else main()
