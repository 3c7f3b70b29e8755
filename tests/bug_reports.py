"""Read the small inputs of public bug reports through the command line, and compare.

Run it as a script: ``python tests/bug_reports.py [NAME...]``. The inputs are in the folder
``found`` of NEWSLAKE_SHARED. It prints what differs, and how many are read as expected.
"""

import datetime as dt
import http.server
import json
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from commandline import SHARED, rows, run_here, write_lines

from newslake.transforms.normalise.credits import split_credit
from newslake.transforms.normalise.dates import parse_date

FOUND = SHARED / "found"
P = "https://harbourpost.example"
NUMBERS = ("one", "two", "three", "four")
MOST = re.compile("Мост через реку")
ANN = ["Ann Bell"]

EXPECTED: dict[str, dict[str, list[Any]]] = {
    "atom-untyped-content.xml": {"article_body": [*[...] * 7, re.compile(r"\AFlood[^<>]+More of it\Z")]},
    "atom_base64_markup.xml": {"headline": ["Ferry late"]},
    "atom_category_label.xml": {"keywords": [["Shipping"]]},
    "author-email-cut.xml": {"authors": [ANN] * 7},
    "author-reddit.xml": {"authors": [["zed_bell"], ANN, ..., ANN]},
    "bare_ampersand.xml": {
        "headline": ["AT&T and R&D: a Q&A"],
        "url": [f"{P}/a?x=1&copy=2&page=3"],
        "article_body": ["Oak&Elm sell timber."],
    },
    "body_null.xml": {"article_body": [None, None], "description": [None, None], "body_source": ["none", "none"]},
    "byline_outlet_split.xml": {"authors": [["Walks with Dogs"], ["Common Cause in Farming"], [], []]},
    "c-raw.xml": {"headline": ["Old bridge", "New bridge"]},
    "cdata_never_closed.xml": {
        "headline": [f"Ferry {n} delayed" for n in (1, 2, 3, 4)],
        "article_body": [f"Words of {n}." for n in NUMBERS],
    },
    "control_character_in_title.xml": {"headline": ["Ferry late"]},
    "doctype-htmllat1.xml": {"headline": ["Café walls"]},
    "double-escaped-body.xml": {
        "article_body": [..., ..., ..., ..., *[re.compile(r"\ADouble escaped para[^<>]*\Z")] * 2]
    },
    "e-16le-nobom.xml": {"headline": [MOST]},
    "e-cjk-win949.xml": {"headline": ["새로운 다리가 내년 봄에 개통될 예정이다"]},
    "e-cjk-xsjis.xml": {"headline": ["新しい橋は来年の春に開通する予定"]},
    "e-cmt-1251.xml": {"headline": [MOST]},
    "e-lab-x-cp1251.xml": {"headline": [MOST]},
    "e-lie-1251.xml": {"headline": [MOST]},
    "e-lie-utf8-1250.xml": {"headline": ["Železniční most přes řeku zavřeli kvůli povodni"]},
    "e-none-1251.xml": {"headline": [MOST]},
    "e-onebad.xml": {"headline": [..., ..., "Petit café"]},
    "empty_link_guid_permalink.xml": {"url": [f"{P}/9"]},
    "feed_title_script.xml": {"publisher": ["Harbour Post"]},
    "footnote_mark_glued.xml": {"article_body": [re.compile(r"ferry( 1)? is late")]},
    "full_text_element.xml": {
        "article_body": ["The whole article, one paragraph after another, stands here."],
        "description": ["Short lead."],
        "body_source": ["feed_content"],
    },
    "http-utf8-header-stale-declaration.xml": {"headline": [MOST]},
    "image_in_body.xml": {"image": [f"{P}/p.jpg"]},
    "image_only_entry.xml": {"image": [f"{P}/p.jpg"]},
    "item-image-url.xml": {"image": [..., ..., None, "https://im.example/d.jpg", "https://im.example/e.jpg"]},
    "j-comma.json": {"headline": ["J35"]},
    "j-noitems.json": {"headline": []},
    "j-nover.json": {"headline": ["J33"]},
    "j-utf16.json": {"headline": ["J36"]},
    "json-authors-shapes.json": {
        "authors": [ANN, ["Cid Dorn"], ["Eve Fox"], ["Gus Hill", "Ida Jones"], *[...] * 8, ["Kim Lee"], ["Max Noor"]],
        "source_id": [..., ..., ..., "4", "5"],
        "url": [*[...] * 8, "https://js.example/9"],
        "headline": [*[...] * 9, "Tom & Ann <3"],
        "date_published": [*[...] * 17, re.compile("2020-05-25")],
    },
    "json_feed_version_number.json": {"headline": ["Ferry late"]},
    "link-void-guid-permalink.xml": {
        "url": [
            *[f"https://ls.example/{n}" for n in ("7", "8", "13?a=1&b=2", "13b?a=1&b=2")],
            *(None, "https://ls.example/21", "https://ls.example/21b", "https://ls.example/22b"),
            *("https://www.ls.example/24", "https://ls.example/25", re.compile("https?://ls.example/26")),
            *("https://ls.example/27", "https://ls.example/28", "https://ls.example/29"),
        ]
    },
    "link_with_attributes.xml": {"url": [f"{P}/9", f"{P}/10"]},
    "malformed-day-guid-flip.day2.xml": {"source_id": ["https://flip.example/?p=5&x=1"]},
    "media_title_and_copyright.xml": {
        "images": [[{"url": f"{P}/p.jpg", "caption": "The ferry at dawn", "credit": "Ann Bee/EPX"}]]
    },
    "mojibake_on_purpose.xml": {"headline": ["How Ã©tÃ© got into the timetable"]},
    "raw-ampersand-links.xml": {"url": [..., "https://amp4.example/a?x=1&copy=2"]},
    "raw-ampersand-semicolon.xml": {"headline": ["Head AT&T tail0", "Head Q&A tail1", ..., "Head S&P 500 tail3"]},
    "raw_text_elements_markup.xml": {"article_body": [re.compile(r"\A[^<>]+\Z")]},
    "title-lt-lost.xml": {"headline": ["Start <texlive-2023", "Start a<b", "Start p<0.05 result"]},
    "twice_escaped.xml": {"description": ["Rain for Kestwick & Vale", "In reply to Ann Bee."]},
    "undeclared_prefix_on_items.xml": {"headline": ["Ferry late", "Bridge open"]},
    "utf16_without_bom.xml": {"headline": [...]},
    "wrong_end_tag_description.xml": {"article_body": [f"Words of {n}." for n in NUMBERS]},
    "yandex-full-text.xml": {"article_body": [*[...] * 8, re.compile(r"\ACouncil renlogra")]},
}
"""For each feed the values of a field, entry by entry; ``...`` for any value. Further entries may
follow."""

DAYS = {"shared-link-4-days": (4, 0), "fragment-window": (3, 0), "malformed-day-guid-flip": (2, 0)}
"""For feeds of several days: how many articles and revisions there are in the end."""

ASKED = {
    "opml-case2.opml": {"/h1", "/h2", "/h3", "/h4"},
    "opml-comment.opml": {"/t2"},
    "opml-cut.opml": {"/q1", "/q2"},
    "opml-htmlent.opml": {"/k1"},
    "opml-ns.opml": {"/m1"},
}
"""For each list the paths that its feeds are asked for."""

TEN = re.compile("2024-03-04T10:00:00Z")
SENTENCE = re.compile(r"\A(?:The|Die|市長は|図書館は)[^\ufffd]+")
PARAGRAPHS = re.compile(r"\AThe [^\n]+\n\nThe [^\n]+\Z")

DOCUMENTS: dict[str, tuple[dict[str, int], dict[str, dict[str, Any]]]] = {
    "body_lists.jsonl": (
        {"new": 4},
        {f"Para {kind}": {"article_body": PARAGRAPHS} for kind in ("objs", "nulls", "nested", "obj")},
    ),
    "csv_backslash_spark.csv": (
        {"new": 5},
        {
            "Spark one": {"article_body": re.compile(r'She said "the mill stays" and left\.')},
            "Spark two": {"article_body": re.compile('He said "no", then "yes", and left')},
            "Spark three": {"article_body": re.compile('A line\nwith "quotes" inside\nand more')},
            "Spark four": {"published": "2024-03-04"},
            'A "quoted" head': {"published": "2024-03-05"},
        },
    ),
    "csv_double_bom.csv": ({"new": 1}, {"Dblbom": {"published": "2024-03-01"}}),
    "csv_no_header.csv": ({"new": 0, "sources_failed": 1}, {}),
    "csv_open_quote.csv": (
        {"read": 4},
        {"Last csv": {"published": "2024-03-04"}, "Middle csv": {"published": "2024-03-02"}},
    ),
    "csv_preamble.csv": ({"new": 2}, {"Pre1": {"published": "2024-03-01"}, "Pre2": {"published": "2024-03-02"}}),
    "csv_short_rows.csv": ({"new": 3}, {"Short 0": {"url": None}, "Shortfull": {"authors": [["Ada Moor"]][0]}}),
    "date_epoch_us_ns.jsonl": (
        {"new": 3},
        {title: {"published": TEN} for title in ("Epoch ns", "Epoch us", "NetDate")},
    ),
    "date_mongo.jsonl": (
        {"new": 3},
        {
            "Mongo one": {"published": TEN, "source_id": "6400aa00bb11cc22dd33ee01"},
            "Mongo two": {"published": TEN},
            "Mongo three": {"published": TEN},
        },
    ),
    "date_yymmdd.csv": ({"new": 11}, {"Dm 6": {"published": None}, "Dm 7": {"published": None}}),
    "enc_cp1252.csv": ({}, {"Café “Zoë” — £5": {"article_body": SENTENCE}}),
    "enc_sjis.csv": (
        {"new": 2},
        {"港の橋が開通": {"article_body": SENTENCE}, "図書館に寄贈": {"article_body": SENTENCE}},
    ),
    "id_nan_csv.csv": ({"new": 3, "revised": 0}, {}),
    "id_placeholders.jsonl": ({"new": 28, "revised": 0}, {}),
    "jsonl_array.jsonl": ({"new": 3, "rejected": 0}, {}),
    "jsonl_pretty.jsonl": ({"new": 3, "rejected": 0}, {}),
    "jsonl_trailing_comma.jsonl": ({"new": 2, "rejected": 0}, {}),
    "lists_as_text.jsonl": (
        {"new": 3},
        {
            "Authors str list repr": {"authors": ["Ada Moor", "Bo Lind"]},
            "Authors json str": {"authors": ["Ada Moor", "Bo Lind"], "keywords": ["harbour", "ferry"]},
            "Tags repr": {"keywords": ["harbour", "ferry"]},
        },
    ),
    "map_allthenews.csv": (
        {"new": 1},
        {
            "ATN title": {
                "article_body": SENTENCE,
                "publisher": "Vexel",
                "published": re.compile("2016-12-09T18:31:00"),
                "authors": ["Ada Moor"],
            }
        },
    ),
    "map_ccnews.jsonl": (
        {"new": 1},
        {
            "CC head": {
                "article_body": SENTENCE,
                "published": "2024-03-04",
                "authors": ["Ada Moor"],
                "url": re.compile(r"cc\.example/1"),
            }
        },
    ),
    "map_newsplease.jsonl": (
        {"new": 1},
        {
            "Newsplease title": {
                "published": re.compile("2024-03-04T10:00:00"),
                "article_body": SENTENCE,
                "authors": ["Ada Moor"],
            }
        },
    ),
    "map_trafilatura.jsonl": (
        {},
        {
            "Trafilatura title": {
                "url": "https://tf.example/news/story-5",
                "publisher": "The Tf Paper",
                "authors": ["Ada Moor", "Bo Lind"],
            }
        },
    ),
    "map_wordpress.jsonl": (
        {"new": 1},
        {"WP “rendered” title": {"article_body": SENTENCE, "url": "https://wp.example/p1"}},
    ),
    "missing_words.csv": ({"new": 3}, {"Null head": {"url": None, "authors": [], "published": None}}),
    "nul_early.csv": ({"new": 6}, {"Earlynul": {"article_body": SENTENCE}}),
    "text_jsvar.json": ({"new": 0, "sources_failed": 1}, {}),
    "text_warc.warc": ({"new": 1}, {"Warc": {"article_body": SENTENCE, "url": "https://warc.example/1"}}),
    "url_no_scheme.jsonl": (
        {"new": 1, "revised": 2},
        {"Noscheme": {"url": "https://www.ns.example/news/a-story-about-mills"}},
    ),
    "wrapper_newsapi.json": (
        {"new": 2},
        {f"Newsapi {n}": {"publisher": "The Paper", "published": TEN} for n in (3, 4)},
    ),
}
"""For each file the counts of a run, and for articles with a headline the values of a field."""

FIELDS = ("headline", "url", "article_body", "description", "body_source", "authors", "keywords", "publisher", "images")
OTHERS = "source_id, date_published, images[1].url AS image"
QUERY = f"SELECT {', '.join(FIELDS)}, {OTHERS}, published_month FROM articles"


def main() -> int:
    checks: dict[str, Callable[[Path], list[str]]] = {
        **{name: lambda lake, name=name: single(lake, name) for name in EXPECTED},  # type: ignore[misc]
        **{name: lambda lake, name=name: days(lake, name) for name in DAYS},  # type: ignore[misc]
        **{name: lambda lake, name=name: listed(lake, name) for name in ASKED},  # type: ignore[misc]
        **{name: lambda lake, name=name: document(lake, name) for name in DOCUMENTS},  # type: ignore[misc]
        "http-gzip-no-header.xml": packed,
        **{name: lambda lake, name=name: labelled(lake, name) for name in LABELLED},  # type: ignore[misc]
        "dates.jsonl": dates,
        "captions.jsonl": captions,
    }
    if chosen := sys.argv[1:]:
        checks = {name: checks[name] for name in chosen}
    failed = 0
    for name, check in checks.items():
        with tempfile.TemporaryDirectory() as folder:
            faults = check(Path(folder) / "lake")
        failed += bool(faults)
        for fault in faults:
            print(f"{name}: {fault}")
    print(f"{len(checks) - failed} of {len(checks)} inputs are read as expected")
    return min(failed, 1)


def single(lake: Path, name: str) -> list[str]:
    """Read one feed, and again."""
    options = ("--feeds", FOUND / name, "--near-duplicates", "off", "--quiet")
    run_here(lake, *options)
    again = run_here(lake, *options)
    found = articles(lake)
    faults = (
        [f"a second run: {again['new']} new, {again['revised']} revised"] if again["new"] or again["revised"] else []
    )
    for field, values in EXPECTED[name].items():
        got = [article[field] for article in found]
        if len(got) < len(values) or (not values and got):
            faults.append(f"{field}: {len(got)} entries")
        faults += [
            f"{field} of entry {place}: {one!r} instead of {value!r}"
            for place, (value, one) in enumerate(zip(values, got, strict=False), 1)
            if not is_as_expected(one, value)
        ]
    return faults


def document(lake: Path, name: str) -> list[str]:
    """Read one file of documents."""
    counts, expected = DOCUMENTS[name]
    summary = run_here(lake, "--files", FOUND / name, "--near-duplicates", "off", "--quiet", code=None)
    faults = [f"{what}: {summary[what]} instead of {count}" for what, count in counts.items() if summary[what] != count]
    found = {article["headline"]: article for article in articles(lake)}
    for headline, values in expected.items():
        got = found.get(headline)
        if got is None:
            faults.append(f"no article {headline!r}; there are {list(found)}")
            continue
        got["published"] = got["date_published"]
        for field, value in values.items():
            if not is_as_expected(got[field], value):
                faults.append(f"{field} of {headline!r}: {got[field]!r} instead of {value!r}")
    return faults


def labelled(lake: Path, name: str) -> list[str]:
    """Read rows with labels: an article of each, and the field that the label is about."""
    made, field, label = LABELLED[name]
    rows_of = [json.loads(line) for line in (FOUND / name).read_text(encoding="utf-8").splitlines()]
    source = lake.with_name("rows")
    if name == "bylines_feed.jsonl":
        items = "".join(f"<item><guid>a{n}</guid>{made(n, row)}</item>" for n, row in enumerate(rows_of))
        source.write_text(f"<rss><channel>{items}</channel></rss>", encoding="utf-8")
    else:
        write_lines(source, [{"id": f"a{n}", **made(n, row)} for n, row in enumerate(rows_of)])
    run_here(lake, "--files", source, "--near-duplicates", "off", "--quiet")
    found = dict(rows(lake, f"SELECT ltrim(source_id, 'a')::INT, {field} FROM articles"))
    return [
        f"row {n}: {found.get(n)!r} instead of {label(row)!r}"
        for n, row in enumerate(rows_of)
        if found.get(n) != label(row) and not (isinstance(label(row), dict) and label(row) in (found.get(n) or []))
    ]


LONG = "A text of many words that says nothing of places and people, and is here to be long. " * 3
LABELLED: dict[str, tuple[Callable[[int, Any], Any], str, Callable[[Any], Any]]] = {
    "bylines.jsonl": (
        lambda n, row: {"title": f"Story {n}", "byline": row["text"]},
        "list_concat(authors, agencies)",
        lambda row: row["authors"],
    ),
    "bylines_feed.jsonl": (
        lambda n, row: f"<title>Story {n}</title><author>{row['author']}</author>",
        "authors",
        lambda row: row["authors"],
    ),
    "captions_in_body.jsonl": (
        lambda n, row: {"title": f"Story {n}", "text": "\n\n".join(row["paragraphs"])},
        "captions",
        lambda row: {"text": row["caption"], "credit": row["credit"]},
    ),
    "countries.jsonl": (
        lambda n, row: {"title": row["text"], "language": row["lang"]},
        "list_sort(country_codes)",
        lambda row: sorted(row["expected"]),
    ),
    "language.jsonl": (lambda n, row: {"title": row["text"]}, "in_language", lambda row: row["expected"]),
    "urls.jsonl": (
        lambda n, row: {"title": f"Story {n}", "url": row["url"]},
        "canonical_url",
        lambda row: row["expected"],
    ),
}
"""For each file of labels: the article of a row, the field to compare, and its label."""


def dates(_: Path) -> list[str]:
    """Read dates whose relative words count from an instant, which no file can give."""
    faults = []
    for line in (FOUND / "dates.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        base = dt.datetime.fromisoformat(row["base"]) if row.get("base") else None
        language = None if row["lang"] == "und" else row["lang"]
        got = getattr(parse_date(row["text"], language=language, base=base, order=None), "value", None)
        if got not in (row["expected"], *(row.get("also_accept") or ())):
            faults.append(f"{row['text']!r}: {got!r} instead of {row['expected']!r}")
    return faults


def captions(_: Path) -> list[str]:
    """Read lines that stand below pictures."""
    faults = []
    for line in (FOUND / "captions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = split_credit(row["text"])
        words = set(re.findall(r"\w+", (found.credit or "").lower()))
        is_same = re.findall(r"\w+", found.text) == re.findall(r"\w+", row["caption"])
        if not is_same or not set(re.findall(r"\w+", " ".join(row["authors"]).lower())) <= words:
            faults.append(f"{row['text']!r}: {found}")
    return faults


def is_as_expected(value: Any, expected: Any) -> bool:
    if expected is ...:
        return True
    return bool(expected.search(value or "")) if isinstance(expected, re.Pattern) else bool(value == expected)


def articles(lake: Path) -> list[dict[str, Any]]:
    """The articles of a lake in the order of the feed, but by month, the newest month first."""
    names = (*FIELDS, "source_id", "date_published", "image")
    found = sorted(rows(lake, QUERY), key=lambda row: str(row[-1]), reverse=True)
    return [dict(zip(names, row[:-1], strict=True)) for row in found]


def days(lake: Path, name: str) -> list[str]:
    """Read a feed on several days, under one name."""
    feed = lake.with_name("feed.xml")
    for day in sorted(FOUND.glob(f"{name}.day*.xml")):
        shutil.copy(day, feed)
        run_here(lake, "--feeds", feed, "--quiet")
    counts = rows(lake, "SELECT (SELECT count(*) FROM articles), count(*) FROM revisions")[0]
    return [] if counts == DAYS[name] else [f"{counts} articles and revisions instead of {DAYS[name]}"]


def listed(lake: Path, name: str) -> list[str]:
    """Read a list of feeds, and see which of them are asked for."""
    with server(b"", "text/plain") as (port, asked):
        text = re.sub(r"127\.0\.0\.1:(?:PORT|\d+)", f"127.0.0.1:{port}", (FOUND / name).read_text())
        list_file = lake.with_name("list.opml")
        list_file.write_text(text)
        run_here(lake, "--feeds", list_file, "--allow-private-addresses", "--quiet", code=None)
    return [] if set(asked) == ASKED[name] else [f"asked for {sorted(asked)} instead of {sorted(ASKED[name])}"]


def packed(lake: Path) -> list[str]:
    with server((FOUND / "http-gzip-no-header.xml").read_bytes(), "application/rss+xml") as (port, _):
        summary = run_here(lake, "--feeds", f"http://127.0.0.1:{port}/feed", "--allow-private-addresses", "--quiet")
    return [] if summary["read"] == 11 else [f"{summary['read']} entries instead of 11"]


@contextmanager
def server(body: bytes, media_type: str) -> Iterator[tuple[int, list[str]]]:
    """Serve one body on loopback. Yield the port, and the paths that are asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        thread = threading.Thread(target=one.serve_forever)
        thread.start()
        yield one.server_port, asked
        one.shutdown()
        thread.join()


if __name__ == "__main__":
    if not FOUND.is_dir():
        sys.exit(f"there are no inputs in {FOUND}: set NEWSLAKE_SHARED")
    os.environ.pop("NEWSLAKE_CONFIG", None)
    sys.exit(main())
