"""A lake may stand in a folder of any name: no reader takes the name for a pattern or a URL."""

from pathlib import Path

import pytest
from commandline import article, newslake_command, rows, run_here, write_lines
from lakes import READERS, Read, commit, each_reader, row

import newslake

FOLDERS = (
    *("a?b", "?x=1", "a#b", "a b", "it's", 'a"b', "50%", "%41", "[a]*b", "a**b", "a]b", "[!a]", "{x,y}", "a;b", "a\\b"),
    *("$HOME", "~", "né", "日本", "a\nb", "env=prod/id=7/published_month=2020-01", "a.parquet?v=2#part"),
)
each_folder = pytest.mark.parametrize("folder", FOLDERS)


@each_reader
@each_folder
def test_the_folders_above_the_lake_mean_nothing(tmp_path: Path, read: Read, folder: str) -> None:
    root = tmp_path / folder
    written = row("articles", id="a" * 32, headline="One")
    commit(root, {"articles/published_month=2023-03/part-1-0.jsonl.gz": [written]})
    assert read(newslake.open(str(root)), "articles") == [{**written, "published_month": "2023-03"}]


@each_folder
def test_the_commands_take_such_a_folder(tmp_path: Path, folder: str) -> None:
    root = tmp_path / folder
    commit(root, {"articles/published_month=2023-03/part-1-0.jsonl.gz": [row("articles", id="a" * 32)]})
    done = newslake_command("sql", "--lake", root, "--format", "csv", "SELECT id, published_month FROM articles")
    assert done.stdout == f"id,published_month\n{'a' * 32},2023-03\n"


def test_a_run_writes_a_lake_in_such_a_folder_and_every_reader_reads_it(tmp_path: Path) -> None:
    root = tmp_path / "a?b#c [d]*e'f\"g%41 né日本" / "env=prod" / "lake"
    articles = [article(1), article(2, date="2023-03")]
    summary = run_here(root, "--files", write_lines(tmp_path / "in.jsonl", articles))
    assert summary["new"] == 2
    dates = [("2023-03",), ("2023-03-20",)]
    assert rows(root, "SELECT date_published FROM articles ORDER BY 1") == dates
    for read in READERS.values():
        found = read(newslake.open(str(root)), "articles")
        assert sorted((one["date_published"], one["published_on"]) for one in found) == [
            ("2023-03", None),
            ("2023-03-20", "2023-03-20"),
        ]
