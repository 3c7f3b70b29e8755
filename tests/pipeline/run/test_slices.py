"""Slices: where a run is cut, the key of each slice, and the summed summary."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pytest
from commandline import article, write_lines
from hypothesis import given
from hypothesis import strategies as st

from newslake.pipeline.filesystems import match_remote, open_bytes
from newslake.pipeline.report.progress import Snapshot, describe
from newslake.pipeline.run.commit import _snapshot
from newslake.pipeline.run.slices import cut, edges, is_key_of_slice, plan_slices, slice_keys, total
from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason
from newslake.schemas.tables import RunSummary
from newslake.transforms.files.chunk import FileChunk
from newslake.transforms.files.find import FilePattern, match_patterns
from newslake.transforms.files.plan import FilePlan, PlannedChunk
from newslake.transforms.lake.commit import QUARANTINED, Outcome, Status
from newslake.transforms.lake.log import Failure
from newslake.transforms.lake.progress import Counts


def planned(
    uri: str, start: int = 0, end: int = 10, *, size: int = 100, modified: float = 1.0, **more: bool
) -> PlannedChunk:
    chunk = FileChunk(uri, uri, "jsonl", "", start, end, size, SourceSettings())
    return PlannedChunk(chunk, modified, **{"is_feed": False, "is_last": True, **more})


@given(st.lists(st.integers(1, 60)), st.integers(1, 50), st.integers(0, 50))
def test_every_chunk_is_in_one_slice_in_its_order_and_none_holds_too_much(
    sizes: list[int], slice_articles: int, taken: int
) -> None:
    room = max(slice_articles - taken, 0)
    sized = [(planned(str(number)), size) for number, size in enumerate(sizes)]
    of = {planned.chunk.uri: size for planned, size in sized}
    parts = cut(sized, slice_articles, room)
    assert [chunk for part in parts for chunk in part] == [chunk for chunk, _ in sized]
    assert all(parts[1:])
    held = [[of[chunk.chunk.uri] for chunk in part] for part in parts]
    for number, (sizes_of_part, limit) in enumerate(
        zip(held, [room, *[slice_articles] * (len(parts) - 1)], strict=True)
    ):
        assert sum(sizes_of_part) <= limit or (len(sizes_of_part) == 1 and (number > 0 or limit == slice_articles))
    for (before, limit), after in zip(
        zip(held, [room, *[slice_articles] * len(parts)], strict=False), held[1:], strict=False
    ):
        assert sum(before) + after[0] > limit


def matched(folder: Path, slice_articles: int, opener: object = open_bytes) -> tuple[FilePlan, ...]:
    matches, rejects = match_patterns([FilePattern(f"{folder}/*", SourceSettings())], match_remote)
    return plan_slices(matches, rejects, opener, slice_articles)  # type: ignore[arg-type]


def names(plans: Sequence[FilePlan]) -> list[list[str]]:
    return [[Path(one.chunk.uri).name for one in plan.chunks] for plan in plans]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, count in (("a", 30), ("b", 15), ("c", 15), ("d", 70), ("e", 10)):
        write_lines(tmp_path / f"{name}.jsonl", [article(number) for number in range(count)])
    (tmp_path / "f.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes()))
    (tmp_path / "photo").write_bytes(b"\x89PNG")
    (tmp_path / "z.xml").write_text("<rss><channel>" + "<item/>" * 10 + "</channel></rss>")
    return tmp_path


def test_slices_follow_the_files_and_what_is_no_document_comes_with_the_first(folder: Path) -> None:
    plans = matched(folder, 50)
    assert names(plans) == [["z.xml", "a.jsonl"], ["b.jsonl", "c.jsonl"], ["d.jsonl"], ["e.jsonl", "f.jsonl.gz"]]
    assert [[reject.reason for reject in plan.rejects] for plan in plans] == [[Reason.BINARY], [], [], []]
    assert matched(folder, 50) == plans


def test_a_first_slice_that_feeds_fill_holds_nothing_else(folder: Path) -> None:
    assert names(matched(folder, 10))[:2] == [["z.xml"], ["a.jsonl"]]


def test_no_file_is_opened_where_sizes_alone_say_that_there_is_one_slice(folder: Path) -> None:
    def refuse(uri: str) -> BinaryIO:
        raise AssertionError(uri)

    (whole,) = matched(folder, 5_000, refuse)
    assert [Path(match.uri).name for match, _ in whole.matches] == sorted(path.name for path in folder.iterdir())
    assert (whole.chunks, whole.rejects) == ((), ())
    with pytest.raises(AssertionError):
        matched(folder, 50, refuse)


def test_a_plan_of_one_slice_holds_all_chunks(folder: Path) -> None:
    (plan,) = matched(folder, 300)
    assert len(plan.chunks) == 7


SLICES = (
    FilePlan(chunks=(planned("a"), planned("b", is_last=False))),
    FilePlan(chunks=(planned("b", 10, 20),)),
    FilePlan(chunks=(planned("c"),)),
)


def test_the_last_slice_has_the_key_of_the_run_and_the_others_their_own() -> None:
    first, second, last = slice_keys("K", SLICES, [])
    assert last == "K"
    assert first != second
    assert first is not None and is_key_of_slice(first, "K")  # noqa: PT018  (for mypy)
    assert second is not None and is_key_of_slice(second, "K")  # noqa: PT018
    assert slice_keys("K", SLICES, []) == [first, second, last]
    assert not is_key_of_slice("K", "K")
    assert not is_key_of_slice(first, "K2")


def test_a_run_without_a_key_has_none_for_its_slices() -> None:
    assert slice_keys(None, SLICES, []) == [None, None, None]


@pytest.mark.parametrize(
    "other",
    [
        planned("x"),
        planned("a", 1),
        planned("a", 0, 9),
        planned("a", modified=2.0),
        planned("a", size=9),
    ],
    ids=["uri", "start", "end", "modified", "size"],
)
def test_a_key_tells_what_its_slice_reads(other: PlannedChunk) -> None:
    changed = (FilePlan(chunks=(other, SLICES[0].chunks[1])), *SLICES[1:])
    before, after = slice_keys("K", SLICES, []), slice_keys("K", changed, [])
    assert before[0] != after[0]
    assert before[1:] == after[1:]


def test_feeds_change_the_key_of_the_first_slice_only() -> None:
    before, after = slice_keys("K", SLICES, []), slice_keys("K", SLICES, ["https://example.org/feed"])
    assert (before[0] != after[0], before[1:]) == (True, after[1:])


def summary(**changes: object) -> RunSummary:
    counts = dict.fromkeys(RunSummary.__annotations__, 0)
    named = {
        "run_id": "r-001",
        "run_key": "k",
        "started_at": "t",
        "failures": [],
        "seconds": 1.5,
        "engine": "local",
        "pipeline_version": "1",
    }
    return RunSummary(**{**counts, **named, **changes})  # type: ignore[typeddict-item]


def outcome(*failures: Failure, **changes: object) -> Outcome:
    told = [f"{failure.uri}: {failure.reason}" for failure in failures]
    return Outcome(Status.COMMITTED, summary(failures=told, **changes), failures=failures)


COUNTS = st.fixed_dictionaries(
    {name: st.integers(0, 9) for name in ("new", "revised", "unchanged", "duplicates", "rejected", "quarantined")}
)


@given(st.lists(COUNTS, min_size=1, max_size=5))
def test_a_total_adds_up_if_its_parts_do(parts: list[dict[str, int]]) -> None:
    outcomes = [outcome(read=sum(part.values()) - part["quarantined"], **part) for part in parts]
    summed = total(outcomes, [frozenset()] * len(parts), "r", "k").summary
    assert (
        summed["read"]
        == summed["new"] + summed["revised"] + summed["unchanged"] + summed["duplicates"] + summed["rejected"]
    )
    assert {name: summed[name] for name in parts[0]} == {name: sum(part[name] for part in parts) for name in parts[0]}  # type: ignore[literal-required]
    assert (summed["run_id"], summed["run_key"], summed["seconds"]) == ("r", "k", 1.5 * len(parts))


def test_a_source_of_several_slices_counts_once_as_the_worst_that_became_of_it() -> None:
    shared = [edges(plan) for plan in (SLICES[0], SLICES[1], SLICES[1])]
    fine, gone = outcome(sources_ok=1), outcome(Failure("b", "missing", "gone"), sources_failed=1)
    spoilt = outcome(Failure("b", QUARANTINED), sources_quarantined=1)
    first = outcome(sources_ok=2)
    for parts, expected in (
        ((first, fine, fine), (2, 0, 0)),
        ((first, fine, gone), (1, 1, 0)),
        ((first, gone, gone), (1, 1, 0)),
        ((first, gone, spoilt), (1, 0, 1)),
    ):
        whole = total(parts, shared, "r", None)
        summed = whole.summary
        assert (summed["sources_ok"], summed["sources_failed"], summed["sources_quarantined"]) == expected
        assert len(summed["failures"]) == len(set(summed["failures"])) == len(whole.failures)


def test_edges_are_the_sources_that_a_neighbour_may_share() -> None:
    assert [edges(plan) for plan in SLICES] == [{"a", "b"}, {"b"}, {"c"}]
    assert edges(FilePlan(chunks=(planned("f", is_feed=True),))) == frozenset()


def test_progress_names_the_slice() -> None:
    counts = Counts(planned=2, done=1, articles=5)
    assert _snapshot(counts, "slice 2 of 7") == Snapshot(1, 2, 5, "slice 2 of 7: reading")
    assert _snapshot(counts, "").stage == "reading"


def test_an_engine_without_live_counters_shows_its_staged_shards() -> None:
    assert _snapshot(Counts(shards=3), "") == Snapshot(0, 0, 0, "at work", 3)
    assert describe(_snapshot(Counts(shards=3), ""), 10.0) == "3 shards staged"
