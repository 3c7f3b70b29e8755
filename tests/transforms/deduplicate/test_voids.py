"""A URL or a source_id that several articles share is no key, by the index and by the run."""

import tracemalloc
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from resolver_worlds import GUID, TEXT, URL, Row, World

from newslake.schemas.staging import UNBELIEVED, UNKNOWN_INSTANT, Link


def story(number: int, **more: Any) -> Row:
    """Return an article with a headline, a date, a URL and a guid of its own."""
    return replace(Row(url=number, guid=number, text=number, title=number, published=number), **more)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_another_guid_headline_and_date_under_a_known_url_is_another_article(world: World) -> None:
    assert world.run(story(1)) == [("new", URL + 1, 1)]
    assert world.run(story(2, url=1)) == [("new", GUID + 2, 1)]
    assert world.run(story(3, url=1)) == [("new", GUID + 3, 1)]


def test_an_article_known_before_its_url_named_a_page_keeps_its_id_and_its_edits(world: World) -> None:
    world.run(story(1))
    world.run(story(2, url=1))
    assert world.run(story(1), story(2, url=1)) == [("unchanged", URL + 1, 0), ("unchanged", GUID + 2, 0)]
    assert world.run(story(4, url=1, guid=1)) == [("revision", URL + 1, 2)]
    assert world.run(story(5, url=1, guid=2)) == [("revision", GUID + 2, 2)]


def test_a_url_of_a_page_is_a_key_for_no_source(world: World) -> None:
    world.run(story(1), story(2, url=1))
    assert world.run(story(3, url=1, guid=0)) == [("new", TEXT + 3, 1)]
    assert world.run(story(4, url=1, source=2)) == [("new", GUID + 4, 1)]
    assert world.run(story(1, source=2, guid=5)) == [("content", GUID + 5, GUID + 1)]


@pytest.mark.parametrize(
    "same",
    [
        {"title": 1},
        {"published": 1},
        {"title": 0},
        {"published": UNKNOWN_INSTANT},
        {"doubt": UNBELIEVED},
        {"guid": 0},
        {"guid": 1},
        {"source": 2},
    ],
    ids=str,
)
def test_what_is_the_same_or_unknown_speaks_for_one_article(world: World, same: dict[str, Any]) -> None:
    world.run(story(1))
    assert world.run(story(2, **{"url": 1, **same})) == [("revision", URL + 1, 2)]


def test_any_version_of_an_article_may_speak_for_it(world: World) -> None:
    world.run(story(1))
    world.run(story(2, url=1, guid=1))
    world.run(story(3, url=1, guid=1))
    assert world.run(story(4, url=1, title=1)) == [("revision", URL + 1, 4)]
    assert world.run(story(5, url=1, published=2)) == [("revision", URL + 1, 5)]
    assert world.run(story(6, url=1)) == [("new", GUID + 6, 1)]


def test_entries_of_one_run_are_judged_alike(world: World) -> None:
    assert world.run(story(1), story(2, url=1)) == [("new", GUID + 1, 1), ("new", GUID + 2, 1)]
    world = World(world.folder / "one article")
    alike = [story(1), story(2, url=1, title=1), story(3, url=1, title=1, published=2), story(4, url=1, title=1)]
    assert [identity for _, identity, _ in world.run(*alike)] == [URL + 1] * 4


def test_two_strangers_are_enough_although_each_is_like_a_third_entry(world: World) -> None:
    chain = [story(number, url=1, title=number // 2, published=(number + 1) // 2) for number in range(2, 9)]
    assert [identity for _, identity, _ in world.run(*chain)] == [GUID + number for number in range(2, 9)]
    world = World(world.folder / "guid")
    chain = [replace(row, url=row.guid, guid=1) for row in chain]
    assert [identity for _, identity, _ in world.run(*chain)] == [URL + number for number in range(2, 9)]


def test_an_edit_in_the_same_run_does_not_make_strangers_alike(world: World) -> None:
    world.run(story(1))
    edit, stranger = story(2, url=1, guid=1, published=3), story(3, url=1)
    assert world.run(edit, stranger) == [("revision", URL + 1, 2), ("new", GUID + 3, 1)]


def test_a_guid_under_another_url_headline_and_date_is_no_key(world: World) -> None:
    assert world.run(story(1)) == [("new", URL + 1, 1)]
    assert world.run(story(2, guid=1)) == [("new", URL + 2, 1)]
    assert world.run(story(3, guid=1), story(4, guid=1)) == [("new", URL + 3, 1), ("new", URL + 4, 1)]
    assert world.run(story(5, url=2, guid=1)) == [("revision", URL + 2, 2)]


@pytest.mark.parametrize("same", [{"title": 1}, {"published": 1}, {"url": 1}], ids=str)
def test_a_guid_leads_on_where_headline_date_or_url_is_the_same(world: World, same: dict[str, Any]) -> None:
    world.run(story(1))
    assert world.run(story(2, **{"guid": 1, **same})) == [("revision", URL + 1, 2)]


@pytest.mark.parametrize("link", [Link.NONE, Link.PAGE])
def test_a_guid_of_entries_without_a_url_is_no_key_if_they_are_several(world: World, link: Link) -> None:
    assert world.run(story(1, url=0, link=link)) == [("new", GUID + 1, 1)]
    assert world.run(story(2, url=0, guid=1, published=1, link=link)) == [("revision", GUID + 1, 2)]
    assert world.run(story(3, url=0, guid=1, link=link)) == [("new", TEXT + 3, 1)]
    assert world.run(story(3, url=0, guid=1, link=link)) == [("unchanged", TEXT + 3, 0)]


def test_undated_entries_of_one_run_and_document_are_told_apart_by_their_headlines(world: World) -> None:
    first, second = story(1, published=UNKNOWN_INSTANT), story(2, published=UNKNOWN_INSTANT)
    assert world.run(first, replace(second, guid=1)) == [("new", URL + 1, 1), ("new", URL + 2, 1)]
    world = World(world.folder / "page")
    assert world.run(first, replace(second, url=1)) == [("new", GUID + 1, 1), ("new", GUID + 2, 1)]
    world = World(world.folder / "two days")
    world.run(first)
    assert world.run(replace(second, url=1)) == [("revision", URL + 1, 2)]


def test_an_id_that_came_with_the_article_is_always_a_key(world: World) -> None:
    given = replace(story(1), link=Link.GIVEN, url=0)
    assert world.run(given, story(2, guid=1)) == [("new", GUID + 1, 1), ("new", URL + 2, 1)]


def test_verdicts_do_not_depend_on_the_order_of_the_rows(world: World) -> None:
    world.run(story(1), story(2))
    rows = [story(3, url=1), story(4, guid=2), story(5, url=1, guid=2), story(6, url=7), story(7, guid=6)]
    told = []
    for order in permutations(rows):
        verdicts = world.resolve(list(order)).verdicts
        told.append({rows.index(row): int(verdicts["id_hi"][place]) for place, row in enumerate(order)})
    assert all(one == told[0] for one in told)


def test_many_entries_of_one_url_take_linear_memory(world: World) -> None:
    count = 20_000
    rows = [story(number, url=1, published=number // 2) for number in range(1, count + 1)]
    tracemalloc.start()
    resolved = world.resolve(rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(set(resolved.verdicts["id_hi"].tolist())) == count
    assert peak < 5_000 * count
