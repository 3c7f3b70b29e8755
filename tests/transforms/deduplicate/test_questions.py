"""A run asks about rows that another writer adds while it decides.

The lake then looks as if one run had followed the other.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lake_runs import Runs, counts, news_batch, rows
from memory_storage import MemoryStorage
from prose import prose, sentences

from newslake.schemas.raw import RawArticle
from newslake.transforms.lake import log
from newslake.transforms.lake.commit import Outcome
from newslake.transforms.storage.local import LocalStorage

TEXT = prose("story", 20)


def story(slug: str, text: str = TEXT, **more: Any) -> RawArticle:
    made = RawArticle(
        source_uri="files/a.jsonl",
        position="line 1",
        url=f"https://example.org/{slug}",
        headline="The council opens the bridge",
        body=text,
        body_source="file",
        dates=(("published", "2023-03-20"),),
    )
    return replace(made, **more)


def teaser(slug: str) -> RawArticle:
    lead = " ".join(sentences("story", 2))
    return story(
        slug,
        lead,
        source_uri="feed.xml",
        source_id=slug,
        url=f"https://example.org/feed/{slug}",
        body_source="feed_summary",
    )


def entry(number: int, **more: Any) -> RawArticle:
    return story(
        "status",
        prose(f"incident {number}", 20),
        **{
            "source_uri": "feed.xml",
            "source_id": f"guid-{number}",
            "headline": f"Incident {number}",
            "dates": (("feed", f"2023-03-{number:02}"),),
            **more,
        },
    )


EDITED = " ".join([*sentences("another lead", 2), *sentences("story", 20)[2:]])

PAIRS = {
    "the same article": (story("a"), story("a")),
    "the same article with another text": (story("a"), story("a", prose("other", 20))),
    "the same text at another outlet": (story("a"), story("b", url="https://other.example/b")),
    "nearly the same text at another outlet": (story("a"), story("b", EDITED, url="https://other.example/b")),
    "a text after its teaser": (teaser("a"), story("a")),
    "a teaser after its text": (story("a"), teaser("a")),
    "another URL under one source_id": (story("a", source_id="7"), story("b", prose("other", 20), source_id="7")),
    "another entry of a page": (entry(1), entry(2)),
    "another entry under a guid that is used again": (
        entry(1),
        entry(2, source_id="guid-1", url="https://example.org/other"),
    ),
    "nothing in common": (story("a"), story("b", prose("other", 20), headline="A ferry sinks")),
}


def tables(runs: Runs) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the tables, without the fields that differ from run to run."""
    fields = ("id", "revision", "article_body", "near_duplicate_of", "duplicate_of", "rule", "score")
    return {
        table: sorted(tuple(row.get(field) for field in fields) for row in rows(runs.lake, table))
        for table in ("articles", "revisions", "duplicates")
    }


def commit_second_meanwhile(runs: Runs, first: RawArticle, second: RawArticle) -> Outcome:
    """Decide the second article at an empty lake, and commit it after the first."""
    slow = runs.begin()
    work = runs.work(slow, news_batch([second]))
    runs.run(news_batch([first]))
    return runs.commit(slow, work)


@pytest.mark.parametrize("pair", PAIRS)
def test_an_article_is_decided_against_what_was_committed_meanwhile(tmp_path: Path, pair: str) -> None:
    first, second = PAIRS[pair]
    at_once, serial = Runs(LocalStorage(str(tmp_path / "lake"))), Runs(MemoryStorage())
    outcome = commit_second_meanwhile(at_once, first, second)
    serial.run(news_batch([first]))
    assert counts(outcome) == counts(serial.run(news_batch([second])))
    assert tables(at_once) == tables(serial)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_run_decides_again_only_where_an_article_has_something_in_common(tmp_path: Path, pair: str) -> None:
    first, second = PAIRS[pair]
    runs = Runs(LocalStorage(str(tmp_path / "lake")))
    slow = runs.begin()
    work = runs.work(slow, news_batch([second]))
    runs.run(news_batch([first]))
    entry = log.read_entry(runs.lake, 1)
    assert entry is not None
    touched = runs.decider.touches(slow, work.shards, work.decision, [entry])
    assert touched == (pair != "nothing in common")


@pytest.mark.parametrize(
    ("void", "asking"),
    [
        (entry(2), entry(3, source_id=None, source_uri="other.jsonl")),
        (entry(2, source_id="guid-1", url="https://example.org/other"), entry(3, source_id="guid-1", url=None)),
    ],
    ids=["URL", "source_id"],
)
def test_a_key_that_becomes_void_meanwhile_is_a_key_no_longer(
    tmp_path: Path, void: RawArticle, asking: RawArticle
) -> None:
    at_once, serial = Runs(LocalStorage(str(tmp_path / "lake"))), Runs(MemoryStorage())
    for runs in (at_once, serial):
        runs.run(news_batch([entry(1)]))
    slow = at_once.begin()
    work = at_once.work(slow, news_batch([asking]))
    at_once.run(news_batch([void]))
    serial.run(news_batch([void]))
    assert counts(at_once.commit(slow, work)) == counts(serial.run(news_batch([asking])))
    assert tables(at_once) == tables(serial)
    assert len(tables(at_once)["articles"]) == 3


def test_a_body_that_becomes_standing_text_meanwhile_is_standing_text(tmp_path: Path) -> None:
    titled = [story(slug, headline=f"{slug} is up") for slug in "abc"]
    at_once, serial = Runs(LocalStorage(str(tmp_path / "lake"))), Runs(MemoryStorage())
    for runs in (at_once, serial):
        runs.run(news_batch(titled[:1]))
    slow = at_once.begin()
    work = at_once.work(slow, news_batch(titled[2:]))
    for runs in (at_once, serial):
        runs.run(news_batch(titled[1:2]))
    assert counts(at_once.commit(slow, work)) == counts(serial.run(news_batch(titled[2:])))
    assert tables(at_once) == tables(serial)
    for runs in (at_once, serial):
        standing = [row["url"] for row in rows(runs.lake, "articles") if "standing_text" in row["warnings"]]
        assert standing == ["https://example.org/c"]


def test_an_index_file_that_is_gone_counts_as_an_answer(tmp_path: Path) -> None:
    runs = Runs(LocalStorage(str(tmp_path / "lake")))
    slow = runs.begin()
    work = runs.work(slow, news_batch([story("a")]))
    runs.run(news_batch([story("b", prose("other", 20), headline="A ferry sinks")]))
    entry = log.read_entry(runs.lake, 1)
    assert entry is not None
    for file in entry.index_added:
        runs.lake.delete(file.path)
    assert runs.decider.touches(slow, work.shards, work.decision, [entry])
