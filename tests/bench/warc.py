"""Reading pages from WARC beside trafilatura alone: pages a second, memory, and what comes of them.

Usage: python warc.py [PAGES]

The archive has PAGES pages of all layouts of ``news_pages.py``, gzipped by record, each with its
request, and some answers that are no pages. "alone" reads the same archive with warcio, and calls
``trafilatura.bare_extraction`` with metadata. Both are measured in turns, each in a new process.
"""

import gzip
import io
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from alone import in_own_process, keep_to_one_core, timed, verdict

ROUNDS = 5
LEAST_RATIO = 0.9
MOST_MEGABYTES = 400
PADDING = 40
"""So many more menus are in each page, which makes it as large as a page of a news site: 60 kB."""


def write_archive(path: Path, pages: int) -> None:
    from news_pages import LAYOUTS
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)

        def add(url: str, kind: str, status: str, media_type: str, body: bytes) -> None:
            http = StatusAndHeaders(status, [("Content-Type", media_type)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, kind, io.BytesIO(body), http_headers=http))

        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "bench"}))
        for number in range(pages):
            url = f"https://x.example/{number}"
            layout = LAYOUTS[number % len(LAYOUTS)]
            add(url, "request", "GET / HTTP/1.1", "", b"")
            add(url, "response", "200 OK", "text/html", _padded(layout.page(number)[0]))
            if number % 10 == 0:
                add(f"{url}.png", "response", "200 OK", "image/png", b"\x89PNG" * 5_000)
                add(f"{url}/gone", "response", "404 Not Found", "text/html", b"<p>Gone")


def _padded(page: bytes) -> bytes:
    """Return a page with the scripts and the menus of a large site."""
    menu = b"".join(b"<li class='menu-item'><a href='/section/%d'>Section %d</a></li>" % (n, n) for n in range(PADDING))
    script = (
        b"<script>"
        + b"window.dataLayer=window.dataLayer||[];function g(){dataLayer.push(arguments)}" * 300
        + b"</script>"
    )
    return page.replace(b"</body>", b"<div class='menu'><ul>" + menu + b"</ul></div>" + script + b"</body>", 1)


def ours(path: Path) -> Counter[str]:
    """Return how often each outcome occurs."""
    from newslake.schemas.raw import SourceSettings
    from newslake.schemas.reject import Reject
    from newslake.transforms.files.formats.base import Skipped
    from newslake.transforms.files.formats.warc import read_warc
    from newslake.transforms.storage.compression import read_blocks

    outcomes: Counter[str] = Counter()
    with path.open("rb") as file:
        blocks = read_blocks(file, "gzip", path.stat().st_size)
        for item in read_warc(blocks, str(path), SourceSettings(), max_record_bytes=10_000_000):
            is_other = isinstance(item, Skipped | Reject)
            outcomes[(item.kind if isinstance(item, Skipped) else str(item.reason)) if is_other else "article"] += 1  # type: ignore[union-attr]
    return outcomes


def alone(path: Path) -> Counter[str]:
    import trafilatura
    from warcio.archiveiterator import ArchiveIterator

    outcomes: Counter[str] = Counter()
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                if not record.http_headers.get_header("Content-Type").startswith("text/html"):
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI")
                found = trafilatura.bare_extraction(record.content_stream().read(), url=url, with_metadata=True)
                outcomes["nothing" if found is None else "article"] += 1
    return outcomes


def measure(name: str, path: Path) -> None:
    """Measure a reader in this process, and print its seconds, memory and outcomes as JSON."""
    keep_to_one_core()
    outcomes: list[Counter[str]] = []
    reader = {"ours": ours, "alone": alone}[name]
    measured = timed(lambda: outcomes.append(reader(path)))
    print(json.dumps({**measured, "outcomes": outcomes[0]}))


def main() -> None:
    if len(sys.argv) > 2:
        measure(sys.argv[1], Path(sys.argv[2]))
        return
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pages.warc.gz")
        write_archive(path, pages)
        with gzip.open(path) as file:
            size = sum(len(block) for block in iter(lambda: file.read(1_000_000), b""))
        print(f"{pages} pages, {size / 1e6:.0f} MB, {path.stat().st_size / 1e6:.0f} MB gzipped")
        rounds = [{name: in_own_process(__file__, name, path) for name in ("ours", "alone")} for _ in range(ROUNDS)]
    rates = {name: median(pages / one[name]["cpu"] for one in rounds) for name in ("ours", "alone")}
    ratio = median(one["alone"]["cpu"] / one["ours"]["cpu"] for one in rounds)
    megabytes = max(one["ours"]["megabytes"] for one in rounds)
    outcomes = Counter(rounds[0]["ours"]["outcomes"])
    told = outcomes["article"] + outcomes["no_content"] + outcomes["too_large"]
    print("outcomes:", ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())))
    print(f"accounted for: {told} of {pages} pages  {verdict(told == pages)}")
    print(f"pages a second of one core: {rates['ours']:.0f}; trafilatura alone {rates['alone']:.0f}")
    print(f"ratio {ratio:.2f}, goal {LEAST_RATIO}  {verdict(ratio >= LEAST_RATIO)}")
    print(f"peak memory {megabytes:.0f} MB, goal {MOST_MEGABYTES}  {verdict(megabytes <= MOST_MEGABYTES)}")


if __name__ == "__main__":
    main()
