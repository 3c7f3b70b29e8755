"""The commit protocol holds in every order of steps, and each of its rules is needed.

The first table lists worlds that the search visits whole. The second table breaks one rule at a
time and names the invariant that must then fail. ``protocol_model`` explains how to read a trace.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest
from faults import protocol_model as model
from faults.protocol_model import (
    Actor,
    AliasRow,
    Article,
    End,
    IndexRow,
    KeyRow,
    Lake,
    LeaderRow,
    Linker,
    Merger,
    Reader,
    Rule,
    Run,
    Setting,
    Store,
    Sweeper,
    VersionRow,
    World,
    Writer,
    decide_articles,
    lake_after,
    search,
)

KNOWN = Article(("known",), "known text", "band")
OTHER = Article(("other",), "other text")
BOTH = Article(("known", "other"), "known text")

CRASHES_ON_DISK = Setting(Store.DISK, may_crash=True)
DEATHS_ON_DISK = Setting(Store.DISK, may_crash=True, launcher_may_die=True)
OBJECT_STORE = Setting(Store.OBJECT, may_crash=True, bad_replies=1)
BAD_OBJECT_STORE = Setting(Store.OBJECT, may_crash=True, bad_replies=3)
CRASHES_ON_OBJECT_STORE = Setting(Store.OBJECT, may_crash=True)
BAD_REPLY_ON_OBJECT_STORE = Setting(Store.OBJECT, bad_replies=1)
CALM_DISK = Setting(Store.DISK)
CALM_OBJECT_STORE = Setting(Store.OBJECT)


class Scenario(NamedTuple):
    """The actors of a search, and the lake in which they act."""

    lake: Lake
    actors: tuple[Actor, ...]

    def world(self, setting: Setting) -> World:
        return World(self.lake, self.actors, setting)


def in_known_lake(*actors: Actor) -> Scenario:
    return Scenario(lake_after((KNOWN,)), actors)


def in_merged_lake(*actors: Actor) -> Scenario:
    """Return a scenario in which a third commit has joined the articles of the first two."""
    return Scenario(lake_after((KNOWN,), (OTHER,), (BOTH,)), actors)


def in_lake_of_two(*actors: Actor) -> Scenario:
    return Scenario(lake_after((KNOWN,), (OTHER,)), actors)


def writer(name: str, *articles: Article, key: str | None = None, job: str | None = None) -> Writer:
    return Writer(name, Run(name, articles, key=key, job=job))


def two_bundles_of_one_commit(*articles: Article) -> tuple[Writer, Writer]:
    """Return two writers for a commit step that an engine runs twice, with the same since."""
    run = Run("w", articles, since=1, is_shared=True)
    return Writer("w-first", run), Writer("w-again", run)


def one_article(name: str) -> Writer:
    return writer(name, Article((f"key of {name}",), f"text of {name}"))


SHARED_KEY = writer("w1", Article(("link", "guid"), "text 1")), writer("w2", Article(("guid",), "text 2"))
SAME_CONTENT = writer("w1", Article(("a",), "same text")), writer("w2", Article(("b",), "same text"))
SAME_BAND = writer("w1", Article(("a",), "text 1", "new band")), writer("w2", Article(("b",), "text 2", "new band"))
TWO_REVISIONS = writer("w1", Article(("known",), "text 1")), writer("w2", Article(("other",), "text 2"))
JOINED_AND_REVISED = writer("w1", BOTH), writer("w2", Article(("other",), "text 2"))
NEW_AND_JOINED = writer("w1", Article(("known", "z"), "known text")), writer("w2", Article(("z",), "text 2"))
SAME_RUN_KEY = writer("w1", Article(("a",), "text 1"), key="run"), writer("w2", Article(("b",), "text 2"), key="run")
TWO_WINDOWS = writer("w1", Article(("a",), "text 1"), job="job"), writer("w2", Article(("b",), "text 2"), job="job")

BESIDE_TWO_WRITERS: dict[str, tuple[Setting, Actor]] = {
    "a sweeper on a disk": (DEATHS_ON_DISK, Sweeper("s")),
    "a linker on a disk": (DEATHS_ON_DISK, Linker("l")),
    "a merger on a disk": (CRASHES_ON_DISK, Merger("m")),
    "a reader on a disk": (DEATHS_ON_DISK, Reader("r")),
    "a sweeper on an object store": (OBJECT_STORE, Sweeper("s")),
    "a linker on an object store": (OBJECT_STORE, Linker("l")),
    "a merger on an object store with crashes": (CRASHES_ON_OBJECT_STORE, Merger("m")),
    "a merger on an object store with a bad reply": (BAD_REPLY_ON_OBJECT_STORE, Merger("m")),
    "a reader on an object store": (OBJECT_STORE, Reader("r")),
}

WRITERS: dict[str, Scenario] = {
    "share a key": in_known_lake(*SHARED_KEY),
    "bring the same content": in_known_lake(*SAME_CONTENT),
    "bring near copies of each other": in_known_lake(*SAME_BAND),
    "bring a near copy of a known article": in_known_lake(
        writer("w1", Article(("a",), "text 1", "band")), writer("w2", Article(("b",), "text 1", "band"))
    ),
    "revise one article by two of its keys": in_merged_lake(*TWO_REVISIONS),
    "join two articles and revise one of them": in_lake_of_two(*JOINED_AND_REVISED),
    "bring a key that joins with one that is new": in_known_lake(*NEW_AND_JOINED),
    "bring two articles each, in another order": in_known_lake(
        writer("w1", Article(("a",), "text 1"), Article(("b",), "text 2")),
        writer("w2", Article(("b",), "text 3"), Article(("a",), "text 4")),
    ),
    "have one run key": in_known_lake(*SAME_RUN_KEY),
    "are two windows of one job": in_known_lake(*TWO_WINDOWS),
    "are two bundles of one commit": in_known_lake(*two_bundles_of_one_commit(Article(("a",), "text 1"))),
}

MORE: dict[str, tuple[Setting, Scenario]] = {
    "two runs that get three bad replies": (BAD_OBJECT_STORE, in_known_lake(*SHARED_KEY)),
    "two bundles of one commit that get three bad replies": (
        BAD_OBJECT_STORE,
        in_known_lake(*two_bundles_of_one_commit(OTHER)),
    ),
    "two bundles of one commit and a sweeper": (
        BAD_REPLY_ON_OBJECT_STORE,
        in_known_lake(*two_bundles_of_one_commit(OTHER), Sweeper("s")),
    ),
    "two bundles of one commit and a linker": (
        OBJECT_STORE,
        in_known_lake(*two_bundles_of_one_commit(OTHER), Linker("l")),
    ),
    "two windows of one job and a linker": (OBJECT_STORE, in_known_lake(*TWO_WINDOWS, Linker("l"))),
    "two runs of one key and a sweeper": (DEATHS_ON_DISK, in_known_lake(*SAME_RUN_KEY, Sweeper("s"))),
    "a run and two sweepers": (OBJECT_STORE, in_known_lake(one_article("w"), Sweeper("s1"), Sweeper("s2"))),
    "a run, a sweeper and a linker": (OBJECT_STORE, in_known_lake(one_article("w"), Sweeper("s"), Linker("l"))),
    "a run and two mergers": (CRASHES_ON_DISK, in_lake_of_two(one_article("w"), Merger("m1"), Merger("m2"))),
    "two mergers without replies": (BAD_OBJECT_STORE, in_lake_of_two(Merger("m1"), Merger("m2"))),
    "a merger and a sweeper": (BAD_OBJECT_STORE, in_lake_of_two(Merger("m"), Sweeper("s"))),
    "a merger and a reader": (OBJECT_STORE, in_lake_of_two(Merger("m"), Reader("r"), one_article("w"))),
    "three runs of one article": (CALM_DISK, in_known_lake(*(writer(name, OTHER) for name in ("w1", "w2", "w3")))),
}


@pytest.mark.parametrize("beside", BESIDE_TWO_WRITERS)
def test_two_writers_that_share_a_key_are_safe_beside(beside: str) -> None:
    setting, actor = BESIDE_TWO_WRITERS[beside]
    assert_holds(in_known_lake(*SHARED_KEY, actor).world(setting))


@pytest.mark.parametrize("setting", [DEATHS_ON_DISK, OBJECT_STORE], ids=["disk", "object store"])
@pytest.mark.parametrize("what_they_do", WRITERS)
def test_two_writers_are_safe_when_they(what_they_do: str, setting: Setting) -> None:
    assert_holds(WRITERS[what_they_do].world(setting))


@pytest.mark.parametrize("who", MORE)
def test_the_protocol_holds_for(who: str) -> None:
    setting, scenario = MORE[who]
    assert_holds(scenario.world(setting))


def assert_holds(world: World) -> None:
    result = search(world)
    assert result.violation is None, str(result)


class Break(NamedTuple):
    """A broken rule in a scenario, and the violation that the search must find."""

    setting: Setting
    scenario: Scenario
    invariant: Callable[..., str | None]


BREAKS: dict[Rule, Break] = {
    Rule.CREATE_NEVER_OVERWRITES: Break(
        CALM_OBJECT_STORE, in_known_lake(*SHARED_KEY), model.no_committed_entry_is_lost
    ),
    Rule.EXISTS_IS_READ: Break(OBJECT_STORE, in_known_lake(one_article("w")), model.the_log_has_no_gap),
    Rule.SINCE_BEFORE_FOLDER: Break(
        CALM_DISK, in_known_lake(one_article("w"), Sweeper("s")), model.no_committed_file_is_missing
    ),
    Rule.LOCKED_WHEN_SEEN: Break(
        CALM_DISK, in_known_lake(one_article("w"), Sweeper("s")), model.some_writer_always_gets_on
    ),
    Rule.SINCE_TRAVELS: Break(
        CALM_OBJECT_STORE,
        in_known_lake(*two_bundles_of_one_commit(OTHER), Sweeper("s")),
        model.no_committed_file_is_missing,
    ),
    Rule.FOLDER_PER_COMMIT: Break(CALM_OBJECT_STORE, in_known_lake(*TWO_WINDOWS), model.no_committed_file_is_missing),
    Rule.OWN_COMMIT_FIRST: Break(
        CALM_OBJECT_STORE, in_known_lake(*two_bundles_of_one_commit(OTHER)), model.no_commit_stands_twice
    ),
    Rule.SWEEPS_SINCE_START: Break(
        CALM_OBJECT_STORE, in_known_lake(one_article("w"), Sweeper("s")), model.no_committed_file_is_missing
    ),
    Rule.KEY_AT_START: Break(CALM_DISK, in_known_lake(*SAME_RUN_KEY), model.no_run_key_stands_twice),
    Rule.KEY_AT_BASE: Break(CALM_DISK, in_known_lake(*SAME_RUN_KEY), model.no_run_key_stands_twice),
    Rule.KEY_AFTER_LOSS: Break(CALM_DISK, in_known_lake(*SAME_RUN_KEY), model.no_run_key_stands_twice),
    Rule.PROBE_KEYS: Break(CALM_DISK, in_known_lake(*SHARED_KEY), model.no_key_leads_to_two_ids),
    Rule.PROBE_CONTENTS: Break(CALM_DISK, in_known_lake(*SAME_CONTENT), model.each_entry_is_what_a_serial_run_writes),
    Rule.PROBE_BANDS: Break(CALM_DISK, in_known_lake(*SAME_BAND), model.each_entry_is_what_a_serial_run_writes),
    Rule.PROBE_IDS: Break(CALM_DISK, in_merged_lake(*TWO_REVISIONS), model.no_revision_stands_twice),
    Rule.KEEP_ONLY_EQUAL_FILES: Break(CALM_DISK, in_known_lake(*NEW_AND_JOINED), model.no_key_leads_to_two_ids),
    Rule.ACCOUNTS_MADE_ANEW: Break(CALM_DISK, in_known_lake(*SAME_CONTENT), model.the_accounts_hold),
    Rule.FENCE: Break(OBJECT_STORE, in_known_lake(one_article("w")), model.no_committed_file_is_missing),
    Rule.WORKERS_ARE_GONE: Break(DEATHS_ON_DISK, in_known_lake(one_article("w")), model.no_committed_file_is_missing),
    Rule.LINK_BEFORE_CLEAR: Break(CALM_DISK, in_known_lake(one_article("w")), model.no_committed_file_is_missing),
    Rule.SWEEP_IS_LOGGED: Break(
        DEATHS_ON_DISK, in_known_lake(one_article("w"), Sweeper("s")), model.no_committed_file_is_missing
    ),
    Rule.SWEEP_LOOKS_AGAIN: Break(
        CALM_OBJECT_STORE, in_known_lake(one_article("w"), Sweeper("s")), model.no_committed_file_is_missing
    ),
    Rule.NAMED_FOLDERS_STAY: Break(
        CRASHES_ON_DISK, in_known_lake(one_article("w"), Sweeper("s")), model.no_committed_file_is_missing
    ),
    Rule.LOCKED_FOLDERS_STAY: Break(
        CALM_DISK, in_known_lake(one_article("w"), Sweeper("s")), model.some_writer_always_gets_on
    ),
    Rule.MERGE_SEES_SWEEPS: Break(
        CALM_OBJECT_STORE, in_lake_of_two(Merger("m"), Sweeper("s")), model.no_committed_file_is_missing
    ),
    Rule.REMOVED_STILL_LIVE: Break(
        CALM_DISK, in_lake_of_two(Merger("m1"), Merger("m2")), model.removed_files_were_live
    ),
    Rule.OPEN_WHAT_IS_IN_PLACE: Break(
        CALM_DISK, in_known_lake(one_article("w"), Reader("r")), model.an_opened_lake_stays_readable
    ),
}


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.value)
def test_the_search_finds_a_violation_without_the_rule_that(rule: Rule) -> None:
    setting, scenario, invariant = BREAKS[rule]
    result = search(scenario.world(replace(setting, broken=rule)))
    assert result.violation is not None, str(result)
    assert result.violation.invariant == invariant.__name__, str(result)
    assert_holds(scenario.world(setting))


def test_a_violation_comes_with_the_shortest_trace() -> None:
    scenario = in_known_lake(one_article("w"))
    result = search(scenario.world(Setting(Store.OBJECT, bad_replies=1, broken=Rule.FENCE)))
    assert str(result).splitlines() == [
        "no_committed_file_is_missing: articles/w-1 is committed and gone",
        "    w: start: notes entry 1 as since",
        "    w: stage: writes a shard",
        "    w: open_attempt: takes entry 1 as base",
        "    w: decide: decides new",
        "    w: build: builds articles/w-1, index/w-1",
        "    w: look: stands at entry 1",
        "    w: check_files: finds its files",
        "    w: append: gets no reply for entry 2, which may land late",
        "    w: look: gives up while entry 2 is absent",
        "    w: fence: does not fence",
        "    w: clear_staging: deletes its folder",
        "    store: entry 2 of w lands late",
    ]


def test_a_folder_that_appears_before_its_lock_costs_a_run_but_no_file() -> None:
    """Progress is checked last, so a search that ends with it has seen all files safe."""
    result = search(in_known_lake(*SHARED_KEY, Sweeper("s")).world(replace(CALM_DISK, broken=Rule.LOCKED_WHEN_SEEN)))
    assert result.violation is not None
    assert result.violation.message == "w1 ends: its folder is swept"


def test_an_endless_schedule_is_a_violation() -> None:
    assert model.find_cycle([[1], [2], []]) is None
    assert model.find_cycle([[1], [2], [1]]) == 1


def test_a_writer_that_ends_without_a_reason_is_a_violation() -> None:
    swept = writer("w", OTHER)._replace(end=End.SWEPT)
    assert model.some_writer_always_gets_on(in_known_lake(swept).world(CALM_DISK)) == "w ends: its folder is swept"
    assert model.some_writer_always_gets_on(in_known_lake(swept).world(CALM_OBJECT_STORE)) is None


INDEX: frozenset[IndexRow] = frozenset(
    {KeyRow("known", "known"), VersionRow("known", "known text", 1), LeaderRow("band", "known")}
)


@pytest.mark.parametrize(
    ("article", "kind"),
    [
        (Article(("a",), "text"), "new"),
        (Article(("known",), "known text"), "unchanged"),
        (Article(("known",), "text"), "revised"),
        (Article(("a",), "known text"), "duplicate"),
        (Article(("a",), "text", "band"), "duplicate"),
    ],
)
def test_an_article_is_decided_by_key_then_content_then_band(article: Article, kind: str) -> None:
    assert [verdict.kind for verdict in decide_articles((article,), INDEX).verdicts] == [kind]


def test_a_key_that_leads_to_two_ids_makes_an_alias() -> None:
    index = lake_after((KNOWN,), (OTHER,)).index_rows()
    assert index is not None
    assert AliasRow("other", "known") in decide_articles((BOTH,), index).learnt
