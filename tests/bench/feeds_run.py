"""Run newslake over 2,000 feeds of slow servers: a first run, and one in which nothing changed.

``make bench-feeds`` runs this, with the servers of slow_servers.py and an ETag for each feed. Each
run has a process of its own, as a scheduler starts it.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aiohttp import web
from slow_servers import FEEDS, serve, serving

from newslake.schemas import codec

ENTRIES = 20
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


async def respond(request: web.BaseRequest) -> web.Response:
    tag = f'"{request.path}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    body = feed(request.path.strip("/"))
    return web.Response(body=body, headers={"ETag": tag}, content_type="application/rss+xml")


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
    first, second = [], []
    with serving(__file__) as feeds:
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                seconds, summary = seconds_of_run(Path(folder) / "lake", feeds)
                assert summary["new"] == FEEDS * ENTRIES, summary
                first.append(seconds)
                seconds, summary = seconds_of_run(Path(folder) / "lake", feeds)
                assert summary["sources_not_modified"] == FEEDS, summary
                second.append(seconds)
    print(f"a whole run over {FEEDS} feeds of {ENTRIES} entries: {statistics.median(first):.1f} s")
    print(f"the same run, nothing modified:           {statistics.median(second):.1f} s")
    print(f"its share: {statistics.median(second) / statistics.median(first):.2f}")


if __name__ == "__main__":
    asyncio.run(serve(respond)) if sys.argv[1:] == ["serve"] else main()
