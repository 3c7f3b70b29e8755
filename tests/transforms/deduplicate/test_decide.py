"""The resolver's verdicts on small worlds of articles, with numbers in place of hashes."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import prose, sentences
from resolver_worlds import URL, Row, World, told

from newslake.schemas.staging import UNKNOWN_INSTANT, Link
from newslake.transforms.deduplicate.index import keys as index


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
    assert sorted(world.run(Row(url=1, length=100), Row(url=1, length=90))) == [
        ("identity", URL + 1, URL + 1),
        ("new", URL + 1, 1),
    ]


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
    assert world.run(Row(url=1, published=2000), Row(url=2, published=1000)) == [
        ("content", URL + 1, URL + 2),
        ("new", URL + 2, 1),
    ]


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
    assert world.run(Row(url=1, matchable=False), Row(url=2, matchable=False)) == [
        ("new", URL + 1, 1),
        ("new", URL + 2, 1),
    ]


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


# Volatile parts, bridges, teasers, near-duplicates.


def test_a_version_that_differs_only_in_what_changes_by_itself_is_unchanged(world: World) -> None:
    world.run(Row(url=1, text=1, stable=1))
    assert world.run(Row(url=1, text=2, stable=1)) == [("unchanged", URL + 1, 0)]
    assert world.run(Row(url=1, text=3, stable=2)) == [("revision", URL + 1, 2)]
    assert world.run(Row(url=1, text=4, stable=1), Row(url=1, text=5, stable=2)) == [("unchanged", URL + 1, 0)] * 2


def test_within_a_run_versions_that_differ_in_what_changes_by_itself_are_one(world: World) -> None:
    verdicts = world.run(
        Row(url=1, text=1, stable=1), Row(url=1, text=2, stable=1, length=90), Row(url=1, text=2, stable=3, length=80)
    )
    assert verdicts == [("new", URL + 1, 1), ("identity", URL + 1, URL + 1), ("identity", URL + 1, URL + 1)]


def test_keys_that_lead_to_two_ids_give_the_article_to_the_older(world: World) -> None:
    world.run(Row(url=1, guid=1, text=1))
    world.run(Row(url=2, guid=2, text=2))
    assert world.run(Row(url=2, guid=1, text=3)) == [("revision", URL + 1, 2)]
    assert world.run(Row(url=2, text=4)) == [("revision", URL + 1, 3)]
    assert world.run(Row(guid=2, text=5)) == [("revision", URL + 1, 4)]


def test_what_a_bridged_id_said_is_known_under_the_older_one(world: World) -> None:
    world.run(Row(url=1, guid=1, text=1))
    world.run(Row(url=2, guid=2, text=2))
    assert world.run(Row(url=2, guid=1, text=2)) == [("unchanged", URL + 1, 0)]
    assert world.run(Row(url=2, text=2), Row(url=1, text=1)) == [("unchanged", URL + 1, 0)] * 2


def test_a_chain_of_bridges_leads_to_the_oldest(world: World) -> None:
    for number in (1, 2, 3):
        world.run(Row(url=number, guid=number, text=number))
    world.run(Row(url=3, guid=2, text=4))
    world.run(Row(url=2, guid=1, text=5))
    assert world.run(Row(url=3, text=6))[0][:2] == ("revision", URL + 1)


FULL_BODY = prose("full")
TEASER = Row(url=1, text=1, rank=1, headline=1, body=" ".join(sentences("full", 2)))
FULL_TEXT = Row(url=2, text=2, rank=2, headline=1, body=FULL_BODY)


def test_a_text_finds_its_teaser_in_the_lake(world: World) -> None:
    world.run(TEASER)
    assert world.run(FULL_TEXT) == [("revision", URL + 1, 2)]
    assert world.run(FULL_TEXT, TEASER) == [("unchanged", URL + 1, 0)] * 2
    assert world.run(Row(url=2, text=9)) == [("revision", URL + 1, 3)]


def test_a_teaser_finds_its_text_in_the_lake_and_within_the_run(world: World) -> None:
    assert world.run(TEASER, FULL_TEXT)[1][0] == "new"
    world = World(world.folder / "another")
    world.run(FULL_TEXT)
    assert world.run(TEASER) == [("identity", URL + 2, URL + 2)]
    assert world.run(TEASER) == [("unchanged", URL + 2, 0)]


def test_a_teaser_of_a_copy_that_was_dropped_is_no_article(world: World) -> None:
    world.run(Row(url=7, text=2, published=1))
    assert world.run(replace(FULL_TEXT, published=2)) == [("content", URL + 2, URL + 7)]
    assert world.run(TEASER) == [("identity", URL + 2, URL + 7)]


def test_all_teasers_of_a_text_are_joined_to_it_in_any_order(world: World) -> None:
    teasers = [replace(TEASER, url=10 + number, text=10 + number, published=number) for number in range(5)]
    for number, rows in enumerate(([*teasers, FULL_TEXT], [FULL_TEXT, *reversed(teasers)])):
        verdicts = World(world.folder / str(number)).run(*rows)
        assert sorted(verdict for verdict, *_ in verdicts) == ["identity"] * 5 + ["new"]
        assert {identity for _, identity, _ in verdicts} == {URL + 10}


def test_a_teaser_that_stands_in_two_leads_is_joined_to_neither(world: World) -> None:
    other = replace(FULL_TEXT, url=3, text=3, body=" ".join([*sentences("full", 2), *sentences("other", 18)]))
    assert [verdict for verdict, *_ in world.run(TEASER, FULL_TEXT, other)] == ["new"] * 3
    world = World(world.folder / "another")
    world.run(FULL_TEXT)
    assert [verdict for verdict, *_ in world.run(TEASER, other)] == ["new"] * 2


def test_a_headline_that_many_texts_share_joins_nothing(world: World) -> None:
    texts = [replace(FULL_TEXT, url=10 + number, text=10 + number, body=prose(number)) for number in range(40)]
    teaser = replace(TEASER, body=" ".join(sentences(7, 2)))
    assert {verdict for verdict, *_ in world.run(teaser, *texts)} == {"new"}
    assert [verdict for verdict, *_ in world.run(replace(teaser, url=8, text=8, body=" ".join(sentences(8, 2))))] == [
        "new"
    ]


def edited(seed: object, lead: int) -> str:
    return " ".join([f"From our own reporter{'s' * lead}.", *sentences(seed)])


def test_the_next_version_of_a_near_duplicate_is_judged_on_its_own(world: World) -> None:
    kept = Row(url=1, text=1, body=prose(1), published=1)
    near, changed = (
        Row(url=2, text=2, body=edited(1, 1), published=2, modified=5),
        Row(url=2, text=3, body=prose(3), modified=9),
    )
    assert world.run(kept, near, changed) == [("new", URL + 1, 1), ("near", URL + 2, URL + 1), ("new", URL + 2, 1)]


def test_a_copy_of_a_dropped_text_is_a_near_duplicate_within_the_window_only(world: World) -> None:
    kept, near = (
        Row(url=1, text=1, body=prose(1), day=19_000),
        Row(url=2, text=2, body=edited(1, 1), published=1001, day=19_004),
    )
    inside, outside = replace(near, url=3, published=1002, day=19_006), replace(near, url=4, published=1003, day=19_007)
    again = replace(near, url=5, published=1004, day=19_010)
    expected = [
        ("new", URL + 1, 1),
        ("near", URL + 2, URL + 1),
        ("near", URL + 3, URL + 1),
        ("new", URL + 4, 1),
        ("content", URL + 5, URL + 4),
    ]
    assert world.run(kept, near, inside, outside, again) == expected
    world = World(world.folder / "another")
    assert [world.run(row)[0] for row in (kept, near, inside, outside, again)] == expected


def test_many_versions_of_one_id_are_looked_up_in_linear_memory(world: World) -> None:
    rows = [Row(url=1, text=number) for number in range(1, 3_001)]
    world.run(*rows)
    tracemalloc.start()
    assert {verdict for verdict, *_ in world.run(*rows)} == {"unchanged"}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000


def test_a_revision_is_repeated_as_its_article_is(world: World) -> None:
    world.run(Row(url=1, text=1, body=prose(1)))
    revision, copy = (
        Row(url=1, text=2, body=prose(2)),
        Row(url=2, text=3, body=prose(2) + " By our reporter.", published=1),
    )
    assert world.run(revision, copy) == [("revision", URL + 1, 2), ("near", URL + 2, URL + 1)]
    exact = Row(url=3, text=4)
    assert world.run(Row(url=1, text=4, body=prose(4)), exact) == [
        ("revision", URL + 1, 3),
        ("content", URL + 3, URL + 1),
    ]
    assert world.run(Row(url=4, text=5, body=edited(4, 1)), Row(url=5, text=6, body=edited(1, 2))) == [
        ("near", URL + 4, URL + 1),
        ("near", URL + 5, URL + 1),
    ]


def test_a_summary_never_stands_for_a_text_that_it_repeats(world: World) -> None:
    summary, text = (
        Row(url=1, text=1, body=" ".join(sentences(1, 8)), rank=1, published=1),
        Row(url=2, text=2, body=prose(1), published=9),
    )
    assert world.run(summary, text) == [("near", URL + 1, URL + 2), ("new", URL + 2, 1)]


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
        stable=st.integers(0, 2),
        body=st.sampled_from(("", prose(1), edited(1, 1), edited(1, 2), " ".join(sentences(1, 3)))),
        headline=st.integers(0, 1),
        day=st.sampled_from((19_000, 19_080, 19_160)),
        source=st.integers(1, 2),
        link=st.sampled_from((Link.NONE, Link.PAGE)),
    ).map(lambda row: replace(row, title=1 + (row.stable or row.text) % 3)),
    max_size=12,
)
"""One content has one headline, as in real articles."""


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
    assert all(target in kept for verdict, _, target in first if verdict in ("identity", "content", "near"))
    assert all(identity in kept for verdict, identity, _ in first if verdict == "revision")
    assert len(kept) == sum(verdict == "new" for verdict, _, _ in first)
    assert {verdict for verdict, _, _ in world.run(*rows)} <= {"unchanged"}
