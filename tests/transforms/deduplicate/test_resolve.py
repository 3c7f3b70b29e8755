"""The resolver's verdicts on small worlds of articles, each named by letters instead of hashes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.staged import ARTICLE_COLUMNS, UNKNOWN_INSTANT, Columns, Rule, Verdict
from transforms.deduplicate.resolve import Resolved, resolve_articles
from transforms.lake import index
from transforms.lake.index import IndexFile


@dataclass(frozen=True)
class Row:
    """An article: ``url`` and ``guid`` are its keys (0: none), ``text`` its content; ``matchable`` says that equal text is a duplicate."""

    url: int = 0
    guid: int = 0
    text: int = 1
    matchable: bool = True
    published: int = 1000
    modified: int = UNKNOWN_INSTANT
    length: int = 100
    rank: int = 2
    doubt: int = 0

    @property
    def own_id(self) -> int:
        return self.url or self.guid or self.text


URL, GUID, TEXT = 1 << 40, 2 << 40, 3 << 40


def columns(rows: list[Row]) -> Columns:
    made: Columns = {name: np.zeros(len(rows), dtype) for name, dtype in ARTICLE_COLUMNS.items()}
    for place, row in enumerate(rows):
        url, guid, text = row.url and URL + row.url, row.guid and GUID + row.guid, TEXT + row.text
        values = {"id_hi": url or guid or text, "url_hi": url, "source_hi": guid, "content_hi": text}
        values |= {"match_hi": text if row.matchable else 0, "published_from": row.published, "modified_from": row.modified}
        values |= {"body_length": row.length, "body_rank": row.rank, "doubt": row.doubt}
        for name, value in values.items():
            made[name][place] = value
            if name.endswith("_hi"):
                made[name.replace("_hi", "_lo")][place] = value
    return made


class World:
    """A lake's index that grows by runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[IndexFile] = []

    def run(self, *rows: Row) -> list[tuple[str, int, int]]:
        """(verdict, id, target or revision) of each row."""
        resolved = self.resolve(list(rows))
        path = self.folder / f"{len(self.files)}.columns"
        index.write(path, resolved.index_rows)
        self.files.append(IndexFile(path))
        return [told(resolved.verdicts, place) for place in range(len(rows))]

    def resolve(self, rows: list[Row]) -> Resolved:
        return resolve_articles(columns(rows), self.files, lambda place: repr(rows[place]).encode())


def told(verdicts: Columns, place: int) -> tuple[str, int, int]:
    verdict = Verdict(int(verdicts["verdict"][place]))
    detail = {
        Verdict.NEW: 1,
        Verdict.REVISION: int(verdicts["revision"][place]),
        Verdict.UNCHANGED: 0,
        Verdict.DUPLICATE: int(verdicts["target_hi"][place]),
    }[verdict]
    name = verdict.name.lower()
    if verdict is Verdict.DUPLICATE:
        name = Rule(int(verdicts["rule"][place])).name.lower()
    return name, int(verdicts["id_hi"][place]), detail


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_articles_with_nothing_in_common_are_all_new(world: World) -> None:
    assert world.run(Row(url=1, text=1), Row(url=2, text=2)) == [("new", URL + 1, 1), ("new", URL + 2, 1)]


def test_the_same_article_again_is_unchanged_and_adds_nothing_to_the_index(world: World) -> None:
    world.run(Row(url=1, guid=1), Row(url=2, text=1))
    resolved = world.resolve([Row(url=2, text=1), Row(url=1, guid=1)])
    assert [told(resolved.verdicts, place)[0] for place in (0, 1)] == ["unchanged", "unchanged"]
    assert index.count_rows({**resolved.index_rows, "rejects": {"key_hi": np.empty(0)}}) == 0


def test_a_second_sighting_within_a_run_is_a_duplicate_by_identity(world: World) -> None:
    assert sorted(world.run(Row(url=1, length=100), Row(url=1, length=90))) == [("identity", URL + 1, URL + 1), ("new", URL + 1, 1)]


def test_changed_content_under_a_known_id_is_a_revision(world: World) -> None:
    world.run(Row(url=1, text=1))
    assert world.run(Row(url=1, text=2)) == [("revision", URL + 1, 2)]
    assert world.run(Row(url=1, text=3)) == [("revision", URL + 1, 3)]


def test_a_server_that_flaps_makes_no_revisions(world: World) -> None:
    world.run(Row(url=1, text=1))
    world.run(Row(url=1, text=2))
    assert world.run(Row(url=1, text=1)) == [("unchanged", URL + 1, 0)]


def test_two_contents_of_one_id_in_one_run_become_revisions_in_order_of_their_change(world: World) -> None:
    later, first = Row(url=1, text=2, modified=2000), Row(url=1, text=1, modified=1000)
    assert world.run(later, first) == [("revision", URL + 1, 2), ("new", URL + 1, 1)]


def test_a_teaser_beside_its_full_text_is_a_duplicate_by_identity_never_a_revision(world: World) -> None:
    teaser, full = Row(url=1, text=1, rank=1), Row(url=1, text=2, rank=2)
    assert world.run(teaser, full) == [("identity", URL + 1, URL + 1), ("new", URL + 1, 1)]


def test_a_teaser_after_its_full_text_is_a_duplicate_and_later_unchanged(world: World) -> None:
    world.run(Row(url=1, text=2, rank=2))
    assert world.run(Row(url=1, text=1, rank=1)) == [("identity", URL + 1, URL + 1)]
    assert world.run(Row(url=1, text=1, rank=1)) == [("unchanged", URL + 1, 0)]


def test_a_full_text_after_its_teaser_is_a_revision_of_the_same_id(world: World) -> None:
    world.run(Row(url=1, text=1, rank=1))
    assert world.run(Row(url=1, text=2, rank=2)) == [("revision", URL + 1, 2)]


def test_equal_texts_under_two_ids_keep_the_one_with_the_earlier_date(world: World) -> None:
    assert world.run(Row(url=1, published=2000), Row(url=2, published=1000)) == [("content", URL + 1, URL + 2), ("new", URL + 2, 1)]


def test_a_doubtful_date_loses_although_it_is_earlier(world: World) -> None:
    doubtful, certain = Row(url=1, published=0, doubt=16), Row(url=2, published=2000)
    assert world.run(doubtful, certain) == [("content", URL + 1, URL + 2), ("new", URL + 2, 1)]


def test_what_is_in_the_lake_wins_over_what_is_earlier(world: World) -> None:
    world.run(Row(url=1, published=2000))
    assert world.run(Row(url=2, published=1000)) == [("content", URL + 2, URL + 1)]


def test_a_duplicate_that_was_met_before_is_unchanged(world: World) -> None:
    world.run(Row(url=1, published=1000), Row(url=2, published=2000))
    assert world.run(Row(url=2, published=2000)) == [("unchanged", URL + 2, 0)]


def test_equal_texts_that_may_not_match_stay_apart(world: World) -> None:
    assert world.run(Row(url=1, matchable=False), Row(url=2, matchable=False)) == [("new", URL + 1, 1), ("new", URL + 2, 1)]


def test_a_duplicate_whose_content_changes_is_judged_anew(world: World) -> None:
    world.run(Row(url=1, published=1000), Row(url=2, published=2000))
    assert world.run(Row(url=2, text=9, published=2000)) == [("new", URL + 2, 1)]


def test_within_a_run_the_next_version_of_a_duplicate_is_judged_on_its_own(world: World) -> None:
    kept = Row(url=1, text=1, published=1)
    repeat, changed = Row(url=2, text=1, published=2, modified=5), Row(url=2, text=7, published=2, modified=9)
    assert world.run(kept, repeat, changed) == [("new", URL + 1, 1), ("content", URL + 2, URL + 1), ("new", URL + 2, 1)]


def test_a_story_that_changes_its_url_keeps_its_id_by_its_guid(world: World) -> None:
    world.run(Row(url=1, guid=5, text=1))
    assert world.run(Row(url=2, guid=5, text=1)) == [("unchanged", URL + 1, 0)]
    assert world.run(Row(url=2, guid=0, text=2)) == [("revision", URL + 1, 2)]


def test_within_a_run_a_shared_guid_makes_one_article_of_two_urls(world: World) -> None:
    verdicts = world.run(Row(url=1, guid=5, text=1, published=1), Row(url=2, guid=5, text=2, published=2))
    assert verdicts == [("new", URL + 1, 1), ("revision", URL + 1, 2)]


def test_a_hundred_copies_keep_one(world: World) -> None:
    verdicts = world.run(*(Row(url=number, published=number) for number in range(1, 101)))
    assert verdicts[0] == ("new", URL + 1, 1)
    assert {verdict[::2] for verdict in verdicts[1:]} == {("content", URL + 1)}


rows_strategy = st.lists(
    st.builds(
        Row,
        url=st.integers(0, 4),
        guid=st.integers(0, 3),
        text=st.integers(1, 4),
        matchable=st.booleans(),
        published=st.integers(1, 4),
        modified=st.one_of(st.just(UNKNOWN_INSTANT), st.integers(1, 4)),
        length=st.integers(1, 3),
        rank=st.integers(0, 2),
        doubt=st.sampled_from((0, 3, 16)),
    ),
    max_size=12,
)


@given(known=rows_strategy, rows=rows_strategy, data=st.data())
@settings(max_examples=150)
def test_the_order_of_rows_never_changes_what_is_written(tmp_path_factory, known, rows, data) -> None:  # type: ignore[no-untyped-def]
    world = World(tmp_path_factory.mktemp("world"))
    world.run(*known)
    shuffled = data.draw(st.permutations(rows))
    outcomes = []
    for order in (rows, shuffled):
        verdicts = world.resolve(list(order)).verdicts
        outcomes.append(sorted((repr(row), told(verdicts, place)) for place, row in enumerate(order)))
    assert outcomes[0] == outcomes[1]


@given(rows=rows_strategy)
@settings(max_examples=150)
def test_every_duplicate_repeats_an_article_that_is_kept_and_a_rerun_adds_nothing(tmp_path_factory, rows) -> None:  # type: ignore[no-untyped-def]
    world = World(tmp_path_factory.mktemp("world"))
    first = world.run(*rows)
    kept = {identity for verdict, identity, _ in first if verdict == "new"}
    assert all(target in kept for verdict, _, target in first if verdict in ("identity", "content"))
    assert all(identity in kept for verdict, identity, _ in first if verdict == "revision")
    assert len(kept) == sum(verdict == "new" for verdict, _, _ in first)
    assert {verdict for verdict, _, _ in world.run(*rows)} <= {"unchanged"}
