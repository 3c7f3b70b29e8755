"""The views over the tables: the newest revision of each article, and who carried it."""

from pathlib import Path
from typing import Any

from lakes import commit, row

import newslake

KEPT, OTHER, LONE = "a" * 32, "b" * 32, "c" * 32


def ask(root: Path, query: str) -> list[tuple[Any, ...]]:
    return newslake.open(str(root)).duckdb().sql(query).fetchall()


def test_the_latest_articles_are_those_of_the_highest_revision(tmp_path: Path) -> None:
    commit(
        tmp_path,
        {
            "articles/published_month=2023-03/part-1-0.jsonl.gz": [
                row("articles", id=KEPT, revision=1, headline="First"),
                row("articles", id=LONE, revision=1, headline="Only"),
            ],
            "revisions/published_month=2023-04/part-1-0.jsonl.gz": [
                row("revisions", id=KEPT, revision=revision, headline=f"Version {revision}") for revision in (2, 10, 9)
            ],
        },
    )
    found = ask(tmp_path, "SELECT id, revision, headline, published_month FROM articles_latest ORDER BY id")
    assert found == [(KEPT, 10, "Version 10", "2023-04"), (LONE, 1, "Only", "2023-03")]


def test_the_latest_articles_are_the_articles_where_nothing_was_revised(tmp_path: Path) -> None:
    commit(
        tmp_path,
        {"articles/published_month=2023-03/part-1-0.jsonl.gz": [row("articles", id=KEPT, revision=1, tags=["x"])]},
    )
    assert ask(tmp_path, "FROM articles_latest") == ask(tmp_path, "FROM articles")


def test_coverage_counts_an_article_with_its_duplicates_and_names_their_outlets(tmp_path: Path) -> None:
    duplicates = [
        row("duplicates", id=OTHER, duplicate_of=KEPT, publisher="Daily"),
        row("duplicates", id=KEPT, duplicate_of=KEPT, publisher="Herald"),
        row("duplicates", id="d" * 32, duplicate_of=KEPT, domain="wire.example"),
        row("duplicates", id="e" * 32, duplicate_of=KEPT),
    ]
    commit(
        tmp_path,
        {
            "articles/published_month=2023-03/part-1-0.jsonl.gz": [
                row(
                    "articles",
                    id=KEPT,
                    publisher="Herald",
                    domain="herald.example",
                    headline="First",
                    date_published="2023-03",
                ),
                row("articles", id=LONE, near_duplicate_of=KEPT),
            ],
            "revisions/published_month=2023-03/part-1-0.jsonl.gz": [
                row("revisions", id=KEPT, revision=2, publisher="Herald", headline="Second", date_published="2023-03")
            ],
            "duplicates/published_month=2023-03/part-1-0.jsonl.gz": duplicates,
        },
    )
    asked = "id, headline, date_published, publisher, copies, outlets, marked_copies"
    found = ask(tmp_path, f"SELECT {asked} FROM coverage ORDER BY id")
    assert found == [
        (KEPT, "Second", "2023-03", "Herald", 5, ["Daily", "Herald", "wire.example"], 1),
        (LONE, None, None, None, 1, [], 0),
    ]


def test_the_views_of_an_empty_lake_are_empty(tmp_path: Path) -> None:
    commit(tmp_path, {})
    assert ask(tmp_path, "FROM articles_latest") == ask(tmp_path, "FROM coverage") == []
