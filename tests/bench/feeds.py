"""How fast feeds are read, beside other parsers: `make bench-feeds`.

Usage: python feeds.py [FOLDER]

FOLDER holds feeds as files; the default is the folder "feeds" of NEWSLAKE_SHARED. Each contender
reads all of them in a process of its own, from bytes to articles, once to warm up and once for the
clock. The contenders take turns.
"""

import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newslake.schemas.raw import SourceSettings
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.fast.doubt import Doubt

ROUNDS = 5
_CONTENDERS = ("feedparser", "fastfeedparser", "our reader with feedparser", "our fast reader")


@dataclass(frozen=True, slots=True)
class Parsed:
    """One turn of a contender: its processor seconds, and how many entries it found."""

    seconds: float
    entries: int


def main() -> None:
    shared = Path(os.environ.get("NEWSLAKE_SHARED", Path(__file__).parents[3] / "shared"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "feeds"
    if len(sys.argv) > 2:
        turn = _turn(sys.argv[2], _bodies(folder))
        print(json.dumps([turn.seconds, turn.entries]))
    else:
        print_parsing(folder)


def print_parsing(folder: Path) -> None:
    """Print the speed of each contender over the feeds of a folder, and what is in doubt."""
    bodies = _bodies(folder)
    print(f"{len(bodies)} feeds, {sum(map(len, bodies)) / 1e6:.1f} MB; medians of {ROUNDS} turns\n")
    turns: dict[str, list[Parsed]] = {name: [] for name in _CONTENDERS}
    for _ in range(ROUNDS):
        for name in _CONTENDERS:
            if (turn := _in_own_process(name, folder)) is not None:
                turns[name].append(turn)
    slowest = statistics.median(turn.seconds for turn in turns["feedparser"])
    for name, found in turns.items():
        if not found:
            print(f"{name:28} is not installed")
            continue
        seconds = statistics.median(turn.seconds for turn in found)
        print(f"{name:28} {seconds:7.3f} s  {found[0].entries:6} entries  {slowest / seconds:5.1f} times feedparser")
    _print_doubts(bodies)


def _print_doubts(bodies: list[bytes]) -> None:
    """Print how many feeds are left to feedparser, and whether both readers agree on others."""
    from newslake.transforms.feeds.fast.read import read_fast
    from newslake.transforms.feeds.read import read_document

    documents = [_document(body) for body in bodies]
    found = [read_fast(document) for document in documents]
    reasons = Counter(one.reason.partition(":")[0] for one in found if isinstance(one, Doubt))
    differing = sum(
        one != list(read_document(document))
        for one, document in zip(found, documents, strict=True)
        if not isinstance(one, Doubt)
    )
    print(f"\n{reasons.total()} feeds are in doubt, and {differing} are read in another way than with feedparser")
    for reason, count in reasons.most_common():
        print(f"  {count:4} {reason}")


def _in_own_process(name: str, folder: Path) -> Parsed | None:
    """Return one turn of a contender; None if it is not installed."""
    command = [sys.executable, __file__, str(folder), name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise SystemExit(done.stderr)
    return Parsed(*json.loads(done.stdout.splitlines()[-1]))


def _turn(name: str, bodies: list[bytes]) -> Parsed:
    read = _reader(name)
    for body in bodies:
        read(body)
    began = time.process_time()
    entries = sum(map(read, bodies))
    return Parsed(time.process_time() - began, entries)


def _reader(name: str) -> Callable[[bytes], int]:
    """Return what reads a feed, and returns the number of its entries.

    feedparser runs without our handlers, which replace some of its own where they are imported.
    """
    if name == "feedparser":
        import feedparser

        return lambda body: len(feedparser.parse(io.BytesIO(body)).entries)
    if name == "fastfeedparser":
        import fastfeedparser

        def read(body: bytes) -> int:
            try:
                return len(fastfeedparser.parse(body).entries)
            except ValueError:  # it takes no feed without entries
                return 0

        return read
    from newslake.transforms.feeds.fast.read import read_fast
    from newslake.transforms.feeds.read import read_document

    if name == "our reader with feedparser":
        return lambda body: len(list(read_document(_document(body))))

    def read_with_fallback(body: bytes) -> int:
        found = read_fast(_document(body))
        return len(list(read_document(_document(body))) if isinstance(found, Doubt) else found)

    return read_with_fallback


def _bodies(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".xml", ".json")]


def _document(body: bytes) -> FeedDocument:
    url = "https://news.example/feed"
    return FeedDocument(url, url, body, 200, SourceSettings())


if __name__ == "__main__":
    main()
