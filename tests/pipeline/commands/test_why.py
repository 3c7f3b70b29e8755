"""``newslake why`` on a lake of real runs, and on rows that no run writes yet."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commandline import CHECKOUT, article, rows, run, run_here, write_lines
from lakes import commit, row
from prose import prose, sentences

from newslake.pipeline.cli import main
from newslake.pipeline.exitcodes import ExitCode
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.keys import url_key
from newslake.transforms.lake.log import LiveFile
from newslake.transforms.storage.local import LocalStorage

FIRST = url_key("https://example.org/1").hex()
COPY = url_key("https://copy.example/1").hex()
SECOND = url_key("https://example.org/2").hex()
FEED = """<rss version="2.0"><channel><title>T</title><link>https://ring.example/</link>
<item><guid>g1</guid><link>https://ring.example/</link><title>Bridge closed</title>
<description>One text.</description></item>
<item><guid>g2</guid><link>https://ring.example/</link><title>Bridge open</title>
<description>Another text.</description></item>
</channel></rss>"""
FIELDS = [
    *(
        "id",
        "revision",
        "table",
        "headline",
        "url",
        "canonical_url",
        "publisher",
        "source_uri",
        "date_published",
        "run_id",
    ),
    *("duplicate_of", "rule", "score", "source_id", "source"),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a lake by two runs over one file.

    It holds an article with a revision and a copy of each kind, an article that moves to another
    URL, and two articles that share a URL.
    """
    folder = tmp_path_factory.mktemp("why")
    (folder / "feed.xml").write_text(FEED)
    first = [
        article(1),
        article(1, url="https://example.org/1?utm_source=letter"),
        article(1, url="https://copy.example/1", publisher="The Copy", date="2023-03-21"),
        article(2, id="two"),
    ]
    second = [
        article(1, text="A correction: this is not what was written before."),
        article(2, id="two", url="https://example.org/moved"),
    ]
    for articles in (first, second):
        source = write_lines(folder / "articles.jsonl", articles)
        run(folder / "lake", "--files", source, "--feeds", folder / "feed.xml")
    return str(folder / "lake")


def why(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["why", *words]) == code
    told = capsys.readouterr()
    assert bool(told.err) == bool(code)
    return told.err or told.out


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(why(capsys, *words, "--json"))
    assert [list(one) for name in ("rows", "repeats", "repeated_by") for one in told[name] if list(one) != FIELDS] == []
    return told


def test_an_article_is_told_with_its_revision_and_what_repeats_it(
    lake: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = as_json(capsys, FIRST, "--lake", lake)
    assert (told["id"], told["known"], told["repeats"]) == (FIRST, True, [])
    assert [(one["table"], one["revision"]) for one in told["rows"]] == [("articles", 1), ("revisions", 2)]
    assert sorted((one["rule"], one["id"], one["url"]) for one in told["repeated_by"]) == [
        ("content", COPY, "https://copy.example/1"),
        ("identity", FIRST, "https://example.org/1?utm_source=letter"),
    ]


def test_what_is_told_is_what_the_tables_have(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = ", ".join(name for name in FIELDS if name != "table")
    (stored,) = rows(Path(lake), f"SELECT {names} FROM duplicates WHERE id = '{COPY}'")
    (told,) = as_json(capsys, COPY, "--lake", lake)["rows"]
    assert tuple(value for name, value in told.items() if name != "table") == stored


def test_a_duplicate_is_told_with_the_article_that_it_repeats(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = why(capsys, COPY, "--lake", lake)
    start, relation, target = re.split(r"\n\n(?=It repeats)|(?<=:)\n(?=  headline)", told)
    assert start.startswith(
        f"{COPY} is not among the articles: it repeats another one, and is kept as a duplicate.\n\n"
        "duplicates\n  headline"
    )
    assert "  publisher  The Copy\n" in start
    assert relation == f"It repeats {FIRST} by rule content, score 1.00 (the same headline and text):"
    assert "  url        https://example.org/1\n" in target


def test_the_text_shows_revisions_and_repeaters(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = why(capsys, FIRST, "--lake", lake)
    assert told.startswith(f"{FIRST} is in the lake, with 1 revision.\n\narticles\n")
    assert "\n\nrevisions, revision 2\n  headline   Story 1\n" in told
    assert "\n\nIt is repeated by 2 articles:\n" in told
    assert "\n  content  1.00  Story 1\n                 https://copy.example/1\n" in told


def test_an_article_without_repeats_says_so(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = why(capsys, SECOND, "--lake", lake)
    assert told.startswith(f"{SECOND} is in the lake.\n")
    assert told.endswith("\n\nIt repeats no other article, and none repeats it.\n")


@pytest.mark.parametrize(
    "name",
    [
        FIRST.upper(),
        f"  {FIRST}\n",
        FIRST[:6],
        FIRST[:17],
        "https://example.org/1",
        "HTTPS://Example.org:443/1?utm_source=anything#top",
        "https://example.org/1?utm_source=letter",
    ],
)
def test_an_article_has_many_names(lake: str, capsys: pytest.CaptureFixture[str], name: str) -> None:
    told = as_json(capsys, name, "--lake", lake)
    assert (told["id"], len(told["rows"]), len(told["repeated_by"])) == (FIRST, 2, 2)
    assert "never written" not in why(capsys, name, "--lake", lake)


def test_a_url_that_came_later_and_brought_nothing_new_leads_to_its_article(
    lake: str, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = "https://example.org/moved"
    told = why(capsys, moved, "--lake", lake)
    assert told.startswith(
        f"{moved} is known under id {SECOND}: seen again and unchanged, it was never written again.\n\n{SECOND} is in"
    )
    assert as_json(capsys, moved, "--lake", lake)["id"] == SECOND
    key = url_key(moved).hex()
    assert why(capsys, key, "--lake", lake).startswith(f"{key} is another key of the article {SECOND}.\n\n")


def test_a_url_of_several_articles_lists_their_ids(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = why(capsys, "https://ring.example/", "--lake", lake, code=ExitCode.USAGE)
    listed = [line.strip() for line in told.splitlines()[1:]]
    assert told.startswith("newslake: 2 articles have the URL https://ring.example/; name one of them by its id:\n")
    assert sorted(listed) == [
        one for (one,) in rows(Path(lake), "SELECT id FROM articles WHERE url = 'https://ring.example/' ORDER BY 1")
    ]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("0" * 32, "newslake sql"),
        ("000000", "newslake sql"),
        ("https://example.org/none", "newslake sql"),
        ("https://[", "newslake sql"),
        ("example.org/1", "give the URL whole"),
    ],
)
def test_what_the_lake_does_not_know_is_said_with_what_to_do(
    lake: str, capsys: pytest.CaptureFixture[str], name: str, advice: str
) -> None:
    told = why(capsys, name, "--lake", lake, code=ExitCode.NO_SOURCE)
    assert told.startswith(f"newslake: {lake} does not know {name}; ")
    assert advice in told
    assert main(["why", name, "--lake", lake, "--json"]) == ExitCode.NO_SOURCE
    assert json.loads(capsys.readouterr().out) == {
        "id": None,
        "known": False,
        "void": [],
        "rows": [],
        "repeats": [],
        "repeated_by": [],
        "nearest": None,
    }


@pytest.mark.parametrize("name", ["", " ", "abcde", "x" * 32, "a" * 33, FIRST + " " + FIRST, "café"])
def test_what_is_no_name_is_refused(lake: str, capsys: pytest.CaptureFixture[str], name: str) -> None:
    told = why(capsys, name, "--lake", lake, code=ExitCode.USAGE)
    assert "name a URL or an id (32 hex digits, or its first 6 and more)" in told


def test_where_there_is_no_lake_the_way_to_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "make one with: newslake run" in why(capsys, FIRST, "--lake", str(tmp_path / "none"), code=ExitCode.USAGE)


@pytest.mark.parametrize("mode", ["drop", "mark"])
def test_near_duplicates_of_a_run_are_told_from_both_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: str
) -> None:
    edited = " ".join([*sentences("another lead", 2), *sentences(1)[2:]])
    copies = [article(1, text=prose(1)), article(1, text=edited, url="https://copy.example/1", date="2023-03-21")]
    run(tmp_path / "lake", "--files", write_lines(tmp_path / "in.jsonl", copies), "--near-duplicates", mode)
    told = json.loads(why(capsys, COPY, "--lake", str(tmp_path / "lake"), "--json"))
    assert [(row["id"], row["table"]) for row in told["rows"]] == [
        (COPY, "duplicates" if mode == "drop" else "articles")
    ]
    assert [row["id"] for row in told["repeats"]] == [FIRST]
    assert (told["rows"][0]["duplicate_of"], told["rows"][0]["rule"]) == (FIRST, "near")
    assert [
        row["id"] for row in json.loads(why(capsys, FIRST, "--lake", str(tmp_path / "lake"), "--json"))["repeated_by"]
    ] == [COPY]


def test_the_nearest_article_that_is_no_copy_is_shown_with_what_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = " ".join([*sentences(1)[:8], *sentences("another story", 12)])
    first = article(1, text=prose(1))
    run(
        tmp_path / "lake",
        "--files",
        write_lines(tmp_path / "in.jsonl", [first, article(1, text=half, url="https://example.org/half")]),
    )
    told = json.loads(why(capsys, "https://example.org/half", "--lake", str(tmp_path / "lake"), "--json"))
    assert (told["repeats"], told["nearest"]["row"]["id"]) == ([], FIRST)
    assert 0.2 < told["nearest"]["similarity"] < 0.5
    assert told["nearest"]["new_numbers"] > 0
    text = why(capsys, "https://example.org/half", "--lake", str(tmp_path / "lake"))
    assert f"The nearest article that is no copy of it is {FIRST}:" in text


def incident(number: int, **more: Any) -> dict[str, Any]:
    given = {"url": "https://status.example/", "id": f"inc-{number}", "date": f"2023-03-{number:02}", **more}
    return article(number, text=prose(number, 8), **given)


def test_a_url_of_a_page_and_a_guid_that_is_used_again_are_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake, page = str(tmp_path / "lake"), "https://status.example/board"
    again = incident(3, id="inc-1", url="https://status.example/other")
    file = tmp_path / "in.jsonl"
    for articles in ([incident(1, url=page)], [incident(2, url=page)], [again]):
        run_here(Path(lake), "--files", write_lines(file, articles))
    ids = dict(rows(Path(lake), "SELECT headline, id FROM articles"))
    listed = why(capsys, page, "--lake", lake, code=ExitCode.USAGE)
    assert "2 articles have the URL" in listed
    assert ids["Story 1"] in listed
    second = why(capsys, ids["Story 2"], "--lake", lake)
    assert "Several articles share its URL, so it is known by its source_id." in second
    third = why(capsys, again["url"], "--lake", lake)
    assert "Several articles share its source_id, so it is known by its URL." in third
    assert as_json(capsys, ids["Story 1"], "--lake", lake)["void"] == ["URL", "source_id"]


# Rows that a run over a few articles does not write.

KEPT, NEAR = "a" * 32, "b" * 32


def made(root: Path, articles: list[dict[str, Any]], duplicates: list[dict[str, Any]]) -> str:
    articles, duplicates = (
        [{**one, "body_source": "none", "date_precision": "none"} for one in rows] for rows in (articles, duplicates)
    )
    told = [
        (bytes.fromhex(one["id"]), bytes.fromhex(one.get("duplicate_of", one["id"])))
        for one in (*articles, *duplicates)
    ]
    key, target = (np.frombuffer(b"".join(pair), "<u8").reshape(-1, 2) for pair in zip(*told, strict=True))
    count = np.arange(len(told))
    versions = {
        "key_hi": key[:, 0],
        "key_lo": key[:, 1],
        "content": count,
        "stable": count,
        "target_hi": target[:, 0],
        "target_lo": target[:, 1],
        "revision": (key == target).all(axis=1),
        "met": count,
        "body_rank": count,
        "namespace": count,
        "headline": count,
        "published_from": count,
        "commit": count,
    }
    path = "_newslake/index/keys.columns"
    written = index.write(LocalStorage(str(root)), path, {"versions": versions})
    files = {"articles": articles, "duplicates": duplicates}
    commit(
        root,
        {f"{table}/published_month=2023-03/part-1-0.jsonl.gz": stored for table, stored in files.items() if stored},
        index_added=(LiveFile("index", path, len(told), written.bytes, written.sha256),),
    )
    return str(root)


def test_several_articles_of_one_name_are_listed_up_to_a_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [f"abcdef{number:026x}" for number in range(25)]
    root = made(tmp_path, [row("articles", id=one, revision=1, url="tag:ring.example,{2023}") for one in ids], [])
    listed = "\n".join(f"  {one}" for one in ids[:20]) + "\n  and 5 more\n"
    told = why(capsys, "ABCDEF", "--lake", root, code=ExitCode.USAGE)
    assert told == f"newslake: 25 ids begin with abcdef; give more digits of one of them:\n{listed}"
    told = why(capsys, "tag:ring.example,{2023}", "--lake", root, code=ExitCode.USAGE)
    assert (
        told == f"newslake: 25 articles have the URL tag:ring.example,{{2023}}; name one of them by its id:\n{listed}"
    )


def test_a_near_duplicate_is_told_with_its_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    near = row("duplicates", id=NEAR, revision=1, duplicate_of=KEPT, rule="near", score=0.834)
    root = made(tmp_path, [row("articles", id=KEPT, revision=1)], [near])
    assert f"\nIt repeats {KEPT} by rule near, score 0.83 (nearly the same text):\n" in why(
        capsys, NEAR, "--lake", root
    )
    assert "\n  near     0.83  (no headline)\n" in why(capsys, KEPT, "--lake", root)
    assert as_json(capsys, KEPT, "--lake", root)["repeated_by"][0]["score"] == 0.834


def test_a_near_duplicate_that_is_marked_is_told_as_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marked = row("articles", id=NEAR, revision=1, near_duplicate_of=KEPT)
    root = made(tmp_path, [row("articles", id=KEPT, revision=1), marked], [])
    told = why(capsys, NEAR, "--lake", root)
    assert told.startswith(f"{NEAR} is in the lake.\n")
    assert f"\nIt repeats {KEPT} by rule near, marked and kept (nearly the same text):\n" in told
    assert "\n  near     kept  (no headline)\n" in why(capsys, KEPT, "--lake", root)


def test_the_first_of_many_repeaters_are_shown_and_a_query_lists_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = [
        row(
            "duplicates",
            id=f"{number:032x}",
            revision=1,
            duplicate_of=KEPT,
            rule="content",
            score=1.0,
            headline=f"Copy {number}",
        )
        for number in range(1500)
    ]
    marked = row("articles", id=NEAR, revision=1, near_duplicate_of=KEPT, headline="Near")
    root = made(tmp_path, [row("articles", id=KEPT, revision=1), marked], copies)
    told = why(capsys, KEPT, "--lake", root)
    assert "It is repeated by 1,501 articles:\n" in told
    assert "Copy 18\n" in told
    assert "Copy 19\n" not in told
    shown = re.search(r'^and 1,481 more; newslake sql "(.*)" --lake \S+ lists them$', told, re.MULTILINE)
    assert shown
    assert len(rows(tmp_path, shown[1])) == 1501
    assert len(as_json(capsys, KEPT, "--lake", root)["repeated_by"]) == 1501


@pytest.mark.parametrize(("last", "below"), [(KEPT, "  see above"), (NEAR, "  headline   B")], ids=["circle", "lasso"])
def test_a_circle_of_repeats_is_shown_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], last: str, below: str
) -> None:
    pairs = [(KEPT, NEAR, "A"), (NEAR, "c" * 32, "B"), ("c" * 32, last, "C")]
    near = {"revision": 1, "rule": "near", "score": 0.6}
    root = made(
        tmp_path, [], [row("duplicates", id=one, duplicate_of=of, headline=name, **near) for one, of, name in pairs]
    )
    told = why(capsys, KEPT, "--lake", root)
    assert re.findall(r"(\w+) repeats (\w+) by", told) == [("It", NEAR), (NEAR, "c" * 32), ("c" * 32, last)]
    assert f"{last} by rule near, score 0.60 (nearly the same text):\n{below}\n" in told


def test_an_article_whose_rows_are_gone_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    near = row("duplicates", id=NEAR, revision=1, duplicate_of=KEPT, rule="near", score=0.6)
    told = why(capsys, NEAR, "--lake", made(tmp_path, [], [near]))
    assert (
        f"\nIt repeats {KEPT} by rule near, score 0.60 (nearly the same text):\n  no file of the lake has a row of it\n"
        in told
    )


def test_neither_beam_nor_a_database_is_loaded(lake: str) -> None:
    program = (
        "import sys; from newslake.pipeline.cli import main; "
        f"main(['why', {FIRST!r}, '--lake', {lake!r}]); print(sorted(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    assert f"{FIRST} is in the lake" in loaded
    for slow in ("apache_beam", "duckdb", "polars", "pyarrow", "rich", "lxml", "aiohttp"):
        assert f"'{slow}'" not in loaded


def test_a_headline_keeps_its_line_and_the_terminal_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    hostile = row(
        "articles", id=KEPT, revision=1, headline="A\x1b[2J\nB " + "long " * 100, url="https://example.org/" + "a" * 80
    )
    told = why(capsys, KEPT, "--lake", made(tmp_path, [hostile], []))
    (headline,) = (line for line in told.splitlines() if line.startswith("  headline"))
    assert "A\ufffd[2J B long" in headline
    assert len(headline) == 60
    assert "https://example.org/" + "a" * 80 + "\n" in told
