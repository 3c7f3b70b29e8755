"""Missing, broken and hostile inputs: each gives its named reject or repair.

All other articles of the run are exact.
"""

import bz2
import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import CHECKOUT, article, newslake_command, rows, run, run_here, write_lines
from stress import IS_FULL


def line(number: int, **more: Any) -> bytes:
    return json.dumps(article(number, **more)).encode() + b"\n"


def rss(*items: str, head: str = "", end: str = "</channel></rss>") -> bytes:
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Feed</title>{"".join(items)}{end}'.encode()


def item(number: int) -> str:
    return (
        f"<item><title>Item {number}</title><link>https://feed.example/{number}</link>"
        f"<description>Text {number}</description></item>"
    )


BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)

# Maps a file name to its content, its counts (new, rejected), and the reasons of its rejects.
CASES: dict[str, tuple[bytes, tuple[int, int], list[str]]] = {
    "empty.jsonl": (b"", (0, 1), ["empty"]),
    "empty.jsonl.gz": (gzip.compress(b""), (0, 1), ["empty"]),
    "binary.txt": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), (0, 1), ["binary"]),
    "cut.jsonl.gz": (gzip.compress(b"".join(line(n) for n in range(400)))[:-300], (-1, 1), ["truncated"]),
    "cut.jsonl.bz2": (bz2.compress(line(500))[:-10], (1, 1), ["truncated"]),
    "not-an-object.jsonl": (line(600) + b"[1, 2]\n17\nnull\n" + line(601), (2, 3), ["not_an_object"] * 3),
    "bad-json.jsonl": (line(610) + b'{"title": \n' + line(611), (2, 1), ["invalid_json"]),
    "long-line.jsonl": (line(620) + b'{"text": "' + b"x" * 64_000_000 + b'"}\n' + line(621), (2, 1), ["too_large"]),
    "cut-feed.xml": (rss(item(1), item(2), "<item><title>Item 3</title><descr", end=""), (2, 1), ["truncated"]),
    "bomb.xml": (rss("<item><title>&j;</title></item>", head=BOMB), (0, 1), ["entity_expansion"]),
    "page.xml": (
        b"<!DOCTYPE html><html><head><title>Not a feed</title></head><body><p>Hello</p></body></html>",
        (1, 0),
        [],
    ),
    "nested.jsonl": (line(640) + b'{"text": ' + b"[" * 100_000 + b"\n", (1, 1), ["invalid_json"]),
    "header-only.csv": (b"title,text\n", (0, 1), ["empty"]),
    "stray-quote.csv": (b'title,text\nA650,"5 inch\nA651,text 651\nA652,"text 652"\n', (3, 0), []),
    "macintosh.csv": (b"title,text\rA660,text 660\rA661,text 661\r", (2, 0), []),
    "scalar.json": (b"null", (0, 1), ["not_an_object"]),
    "garbage.jsonl.gz": (gzip.compress(line(670)) + b"garbage", (1, 1), ["corrupt"]),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Run over all cases, a missing file, a directory, an unreadable file and a good one."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (content, _, _) in CASES.items():
        (folder / name).write_bytes(content)
    (folder / "directory").mkdir()
    write_lines(folder / "good.jsonl", [article(number) for number in range(700, 720)])
    names = [*CASES, "directory", "missing.jsonl", "good.jsonl"]
    summary = run(folder / "lake", "--files", *(folder / name for name in names))
    return folder, summary


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_gives_its_named_rejects_and_its_good_articles(
    hostile: tuple[Path, dict[str, Any]], name: str
) -> None:
    folder, _ = hostile
    _, (new, rejected), reasons = CASES[name]
    source = str(folder / name)
    found = rows(folder / "lake", f"SELECT reason FROM rejects WHERE source_uri = '{source}'")
    assert [reason for (reason,) in found] == reasons
    assert len(found) == rejected
    ((articles,),) = rows(folder / "lake", f"SELECT count(*) FROM articles WHERE source_uri = '{source}'")
    assert articles == new or (new == -1 and articles > 0)


def test_the_rest_of_the_run_is_exact(hostile: tuple[Path, dict[str, Any]]) -> None:
    folder, summary = hostile
    source = str(folder / "good.jsonl")
    assert rows(folder / "lake", f"SELECT count(*) FROM articles WHERE source_uri = '{source}'") == [(20,)]
    missing = rows(
        folder / "lake",
        "SELECT reason FROM rejects WHERE source_uri LIKE '%missing.jsonl' OR source_uri LIKE '%directory'",
    )
    assert sorted(missing) == [("missing",), ("no_match",)]
    whole = [
        "empty.jsonl",
        "empty.jsonl.gz",
        "binary.txt",
        "bomb.xml",
        "header-only.csv",
        "scalar.json",
        "directory",
        "missing.jsonl",
    ]
    assert sorted(Path(failure.partition(": ")[0]).name for failure in summary["failures"]) == sorted(whole)


def test_a_glob_gives_its_files_whatever_stands_among_them(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_lines(folder / "good.jsonl", [article(1), article(2)])
    (folder / "dangling.jsonl").symlink_to("gone")
    (folder / "loop.jsonl").symlink_to("loop.jsonl")
    (folder / "round").symlink_to(".")
    os.mkfifo(folder / "pipe.jsonl")
    assert run_here(tmp_path / "lake", "--files", folder / "**" / "*.jsonl")["new"] == 2
    found = rows(tmp_path / "lake", "SELECT source_uri, reason FROM rejects ORDER BY 1")
    assert [(Path(uri).stem, reason) for uri, reason in found] == [
        ("dangling", "missing"),
        ("loop", "unreadable"),
        ("pipe", "unreadable"),
    ]


def test_a_limit_counts_the_rows_of_a_parquet_file_whatever_its_row_groups(tmp_path: Path) -> None:
    table = pa.table(
        {"title": [f"Story {number}" for number in range(10)], "text": [f"text {number}" for number in range(10)]}
    )
    pq.write_table(table, tmp_path / "x.parquet", row_group_size=2)
    assert run_here(tmp_path / "lake", "--files", tmp_path / "x.parquet", "--limit", "3")["new"] == 3


def test_a_configured_encoding_that_is_wrong_is_a_named_reject(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes('{"title": "Старый мост через реку"}'.encode("koi8-r"))
    config = f'[[files]]\nglob = "{tmp_path / "x.jsonl"}"\nencoding = "utf-8"\n'
    (tmp_path / "newslake.toml").write_text(config)
    run(tmp_path / "lake", "--config", tmp_path / "newslake.toml", code=3)
    assert rows(tmp_path / "lake", "SELECT reason FROM rejects") == [("undecodable",)]


def test_a_payload_too_large_keeps_its_beginning_and_its_place(hostile: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = hostile
    ((payload, detail),) = rows(folder / "lake", "SELECT payload, detail FROM rejects WHERE reason = 'too_large'")
    assert payload.startswith('{"text": "xxx')
    assert len(payload) < 100_000
    assert "64000012" in detail.replace(",", "") or "64,000,012" in detail


REPAIRS: dict[str, tuple[bytes, Callable[[tuple[Any, ...]], bool]]] = {
    "an invalid byte": (
        b'{"title": "caf\xff", "url": "https://example.org/800"}\n',
        lambda row: row[0] == "cafÿ" and "invalid_utf8" in row[2],
    ),
    "a lone surrogate": (
        b'{"title": "x\\ud800y", "url": "https://example.org/801"}\n',
        lambda row: row[0] == "x\ufffdy" and "lone_surrogate" in row[2],
    ),
    "an integer past 64 bits": (
        b'{"title": "n", "id": 123456789012345678901234567890}\n',
        lambda row: row[1] == "123456789012345678901234567890",
    ),
    "a line separator in a line": (
        '{"title": "a b", "text": "c\u2028d"}\n'.encode(),
        lambda row: row[0] == "a b" and "d" in row[3],
    ),
}


@pytest.mark.parametrize("name", REPAIRS)
def test_what_can_be_repaired_is_kept_with_a_warning(tmp_path: Path, name: str) -> None:
    content, holds = REPAIRS[name]
    (tmp_path / "x.jsonl").write_bytes(line(1) + content + line(2))
    assert run_here(tmp_path / "lake", "--files", tmp_path / "x.jsonl")["new"] == 3
    (row,) = rows(
        tmp_path / "lake",
        "SELECT headline, source_id, warnings, article_body FROM articles WHERE headline NOT LIKE 'Story%'",
    )
    assert holds(row)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_named_reject(tmp_path: Path) -> None:
    write_lines(tmp_path / "x.jsonl", [article(1)]).chmod(0)
    run(tmp_path / "lake", "--files", tmp_path / "x.jsonl", code=3)
    assert rows(tmp_path / "lake", "SELECT reason FROM rejects") == [("unreadable",)]


def test_a_large_feed_is_read_to_the_last_entry(tmp_path: Path) -> None:
    entries = 100_000 if IS_FULL else 20_000
    (tmp_path / "large.xml").write_bytes(rss(*(item(number) for number in range(entries))))
    assert run_here(tmp_path / "lake", "--feeds", tmp_path / "large.xml")["new"] == entries


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["run", "--fedes", "x"], "--feeds"),
        (["run", "--files", "x", "--runner", "lokal"], "local"),
        (["run"], "--files"),
        (["run", "--files", "https://example.org/rss"], "--feeds"),
        (["run", "--files", "x", "--now", "yesterday"], "--now"),
        (["run", "--files", "x", "--", "--direct_num_worker=2"], "--direct_num_workers"),
        (["sqll"], "sql"),
    ],
)
def test_what_is_misspelt_is_exit_code_2_with_the_nearest_name(tmp_path: Path, arguments: list[str], word: str) -> None:
    done = newslake_command(*arguments, code=2, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(CHECKOUT)})
    assert word in done.stderr
    assert not list(tmp_path.iterdir())
