"""Watch feeds that publish all the time: what is in the lake, how late, and in how much memory.

Usage: python watching.py [MINUTES] [KILLS]

``make bench-watch`` runs this. A server on loopback publishes 20 articles a second in 50 feeds. A
watching process asks each feed every 5 seconds. First it runs for MINUTES (10). Then, over a new
lake, it is killed with SIGKILL at KILLS (5) random moments and started again each time.
"""

import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import newslake

FEEDS = 50
ARTICLES_A_SECOND = 20
SHOWN = 30
"""The entries that a feed shows: what it publishes in 75 seconds."""
EVERY = "5s"
_SETTLE_SECONDS = 15.0


class Publisher(BaseHTTPRequestHandler):
    """Feed n holds every article whose number is n modulo FEEDS, up to now or to the end."""

    began = 0.0
    ended: float | None = None

    @classmethod
    def published(cls) -> int:
        return int(((cls.ended or time.time()) - cls.began) * ARTICLES_A_SECOND)

    def do_GET(self) -> None:
        feed = int(self.path.rpartition("/")[2])
        numbers = range(feed, self.published(), FEEDS)[-SHOWN:]
        items = "".join(map(_item, reversed(numbers)))
        body = f"<rss version='2.0'><channel><title>Feed {feed}</title>{items}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _item(number: int) -> str:
    letters = random.Random(number)
    words = " ".join("".join(letters.choices("aeioulnrst", k=6)) for _ in range(60))
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(_published_at(number)))
    return (
        f"<item><guid isPermaLink='false'>{number}</guid><link>https://news.example/{number}</link>"
        f"<title>Story {number}</title><description>{words}</description><pubDate>{date}</pubDate></item>"
    )


def _published_at(number: int) -> float:
    return Publisher.began + number / ARTICLES_A_SECOND


@contextmanager
def publishing() -> Iterator[list[str]]:
    """Yield the URLs of the feeds; all articles are published before the server stops."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Publisher.began, Publisher.ended = time.time(), None
    yield [f"http://127.0.0.1:{server.server_port}/{number}" for number in range(FEEDS)]
    server.shutdown()
    server.server_close()


def start(lake: Path, feeds: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "newslake", "watch", "--lake", str(lake), "--every", EVERY, "--quiet"]
    return subprocess.Popen([*command, "--allow-private-addresses", "--feeds", *feeds])


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0


def memory(process: subprocess.Popen[bytes]) -> float:
    """Return the resident memory of a process in MB."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0


class Commits:
    """Notes when each log entry appeared, by the identifier of its run."""

    def __init__(self, lake: Path) -> None:
        self._log = lake / "_newslake/log"
        self._next = 1
        self.seen: dict[str, float] = {}

    def look(self) -> None:
        while (path := self._log / f"{self._next:020d}.json").exists():
            run = json.loads(path.read_bytes())["run_id"]
            if run:
                self.seen[run] = time.time()
            self._next += 1


def counts(lake: Path) -> tuple[int, int]:
    query = "SELECT count(*), count(DISTINCT url) FROM articles"
    [(rows, urls)] = newslake.open(str(lake)).duckdb().sql(query).fetchall()
    return rows, urls


def watch_for(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder, publishing() as feeds:
        lake = Path(folder) / "lake"
        process, commits = start(lake, feeds), Commits(lake)
        memories: list[float] = []
        while (passed := time.time() - Publisher.began) < seconds + _SETTLE_SECONDS:
            commits.look()
            if passed > 10 * (len(memories) + 1):
                memories.append(memory(process))
            if passed >= seconds and Publisher.ended is None:
                Publisher.ended = time.time()
            time.sleep(0.05)
        stop(process)
        rows = newslake.open(str(lake)).duckdb().sql("SELECT url, run_id FROM articles").fetchall()
        late = sorted(commits.seen[run] - _published_at(int(url.rpartition("/")[2])) for url, run in rows)
        print(f"{Publisher.published()} articles published, {len(rows)} in the lake, in {len(commits.seen)} rounds")
        print(f"latency: median {statistics.median(late):.1f} s, 99th percentile {late[int(len(late) * 0.99)]:.1f} s")
        third = len(memories) // 3
        first, later, last = memories[0], memories[third], memories[-1]
        print(f"memory: {first:.0f} MB first, {later:.0f} MB after a third, {last:.0f} MB at the end")


def kill_and_start_again(kills: int) -> None:
    moments = random.Random()
    with tempfile.TemporaryDirectory() as folder, publishing() as feeds:
        lake = Path(folder) / "lake"
        for _ in range(kills):
            process = start(lake, feeds)
            time.sleep(moments.uniform(4, 20))
            process.kill()
            process.wait()
        Publisher.ended = time.time()
        process = start(lake, feeds)
        time.sleep(2 * _SETTLE_SECONDS)
        stop(process)
        rows, urls = counts(lake)
        print(f"after {kills} kills: {Publisher.published()} published, {rows} in the lake, {urls} of them different")


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    if minutes:
        watch_for(60 * minutes)
    if kills:
        kill_and_start_again(kills)


if __name__ == "__main__":
    main()
