"""What the lake has of an id: found in any file, and told apart from what only looks like it."""

import gzip
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lakes import Row, commit, row

from newslake.schemas import codec
from newslake.transforms.deduplicate import explain
from newslake.transforms.deduplicate.explain import Explanation, FileDamagedError
from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.lake import log
from newslake.transforms.lake.log import LakeState, LiveFile, LogEntry, Operation
from newslake.transforms.storage.local import LocalStorage

A, B, C, D = (letter * 32 for letter in "abcd")
FOLDER = "published_month=2023-03"


def article(identity: str, **more: Any) -> Row:
    return row(
        "articles",
        id=identity,
        revision=1,
        url=f"https://example.org/{identity[:4]}",
        headline=identity[:1].upper(),
        **more,
    )


def revision(identity: str, number: int) -> Row:
    return row("revisions", id=identity, revision=number, headline=f"{identity[:1].upper()} once more")


def duplicate(identity: str, of: str, rule: str = "content", score: float = 1.0, **more: Any) -> Row:
    return row("duplicates", id=identity, revision=1, duplicate_of=of, rule=rule, score=score, **more)


def hashes(ids: Sequence[str]) -> index.Hashes:
    pair = np.frombuffer(bytes.fromhex("".join(ids)), "<u8").reshape(-1, 2)
    return pair[:, 0], pair[:, 1]


def write_index(root: Path, name: str, rows: Sequence[tuple[str, str, int]], aliases: Mapping[str, str]) -> LiveFile:
    """Write an index file of versions (id, what it repeats, revision), each with other content.

    Revision 0 means that the version is not kept.
    """
    keys, targets = hashes([one for one, _, _ in rows]), hashes([target for _, target, _ in rows])
    content = np.arange(len(rows), dtype=np.uint64)
    versions = {
        "key_hi": keys[0],
        "key_lo": keys[1],
        "content": content,
        "stable": content,
        "target_hi": targets[0],
        "target_lo": targets[1],
        "revision": np.array([number for _, _, number in rows], "<u4"),
        "met": np.ones(len(rows), "<u4"),
        "body_rank": np.ones(len(rows), "|u1"),
        "namespace": np.zeros(len(rows), "<u4"),
        "headline": np.zeros(len(rows), "<u4"),
        "published_from": np.zeros(len(rows), "<i8"),
        "commit": np.ones(len(rows), "<u8"),
    }
    known, ids = hashes(list(aliases)), hashes(list(aliases.values()))
    bridges = {
        "key_hi": known[0],
        "key_lo": known[1],
        "id_hi": ids[0],
        "id_lo": ids[1],
        "commit": np.ones(len(aliases), "<u8"),
    }
    path = f"_newslake/index/{name}"
    written = index.write(LocalStorage(str(root)), path, {"versions": versions, "aliases": bridges})
    return LiveFile("index", path, len(rows), written.bytes, written.sha256)


def make_lake(
    root: Path,
    *,
    articles: Sequence[Row] = (),
    revisions: Sequence[Row] = (),
    duplicates: Sequence[Row] = (),
    aliases: Mapping[str, str] | None = None,
    ending: str = "gz",
) -> str:
    """Make a lake of one commit: a file for each table with rows, and the index of such a run."""
    told = [(one["id"], one["id"], one["revision"]) for one in (*articles, *revisions)]
    told += [(one["id"], one["duplicate_of"], 0) for one in duplicates if one["id"] != one["duplicate_of"]]
    tables = {"articles": articles, "revisions": revisions, "duplicates": duplicates}
    files = {f"{table}/{FOLDER}/part-1-0.jsonl.{ending}": list(rows) for table, rows in tables.items() if rows}
    commit(root, files, index_added=(write_index(root, "index", told, aliases or {}),))
    return str(root)


def explained(root: str, identity: str) -> Explanation:
    lake, files = explain.open_index(root)
    return explain.explain(lake, files, identity)


def ids(rows: Sequence[explain.Row]) -> list[str]:
    return [one.id for one in rows]


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_an_article_is_told_with_its_revisions_and_all_that_repeats_it(tmp_path: Path, ending: str) -> None:
    root = make_lake(
        tmp_path,
        articles=[article(B), article(A)],
        revisions=[revision(A, 3), revision(B, 2), revision(A, 2)],
        duplicates=[duplicate(C, A, "near", 0.83), duplicate(A, A, "identity"), duplicate(D, B), duplicate(D, A)],
        ending=ending,
    )
    found = explained(root, A)
    assert [(one.table, one.revision) for one in found.rows] == [("articles", 1), ("revisions", 2), ("revisions", 3)]
    assert found.repeats == ()
    assert [(one.id, one.rule, one.score) for one in found.repeated_by] == [
        (C, "near", 0.83),
        (A, "identity", 1.0),
        (D, "content", 1.0),
    ]


def test_every_field_of_a_row_comes_from_the_record(tmp_path: Path) -> None:
    record = {
        **duplicate(A, B, "near", 0.7),
        **{
            name: f"the {name}"
            for name in (
                *("headline", "url", "canonical_url", "publisher", "source_uri", "date_published", "run_id"),
                *("source_id", "source"),
            )
        },
    }
    root = make_lake(tmp_path, articles=[article(B)], duplicates=[record])
    (one,) = explained(root, A).rows
    assert {name: getattr(one, name) for name in explain.Row.__slots__} == {
        name: "duplicates" if name == "table" else record[name] for name in explain.Row.__slots__
    }


def test_a_duplicate_is_told_with_the_article_that_it_repeats(tmp_path: Path) -> None:
    root = make_lake(
        tmp_path, articles=[article(A), article(B)], duplicates=[duplicate(C, B), duplicate(C, B, "identity")]
    )
    found = explained(root, C)
    assert [(one.table, one.duplicate_of, one.rule) for one in found.rows] == [
        ("duplicates", B, "content"),
        ("duplicates", B, "identity"),
    ]
    assert [(one.id, one.table, one.headline) for one in found.repeats] == [(B, "articles", "B")]
    assert found.repeated_by == ()


def test_one_that_was_a_duplicate_and_then_kept_has_both_rows(tmp_path: Path) -> None:
    make_lake(tmp_path, articles=[article(A)], duplicates=[duplicate(B, A)])
    learnt = write_index(tmp_path, "more", [(B, B, 1)], {})
    commit(tmp_path, {f"articles/{FOLDER}/part-2-0.jsonl.gz": [article(B)]}, index_added=(learnt,))
    found = explained(str(tmp_path), B)
    assert [one.table for one in found.rows] == ["articles", "duplicates"]
    assert ids(found.repeats) == [A]


def test_near_duplicates_that_are_marked_and_kept_are_found_both_ways(tmp_path: Path) -> None:
    root = make_lake(
        tmp_path, articles=[article(A, near_duplicate_of=C), article(B), article(C), article(D, near_duplicate_of=C)]
    )
    assert [(one.id, one.table, one.rule, one.score) for one in explained(root, C).repeated_by] == [
        (A, "articles", "near", None),
        (D, "articles", "near", None),
    ]
    marked = explained(root, D)
    assert [one.duplicate_of for one in marked.rows] == [C]
    assert ids(marked.repeats) == [C]
    assert explained(root, B) == Explanation(B, explained(root, B).rows)


def test_a_chain_is_followed_to_its_end(tmp_path: Path) -> None:
    root = make_lake(tmp_path, articles=[article(D)], duplicates=[duplicate(C, D), duplicate(A, B), duplicate(B, C)])
    assert ids(explained(root, A).repeats) == [B, C, D]
    marks = make_lake(
        tmp_path / "marked",
        articles=[
            article(A, near_duplicate_of=B),
            article(D),
            article(C, near_duplicate_of=D),
            article(B, near_duplicate_of=C),
        ],
    )
    assert ids(explained(marks, A).repeats) == [B, C, D]


def test_a_circle_has_an_end(tmp_path: Path) -> None:
    duplicates = make_lake(tmp_path / "duplicates", duplicates=[duplicate(A, B), duplicate(B, C), duplicate(C, A)])
    marks = make_lake(
        tmp_path / "marks",
        articles=[article(A, near_duplicate_of=B), article(B, near_duplicate_of=C), article(C, near_duplicate_of=A)],
    )
    for root in (duplicates, marks):
        found = explained(root, A)
        assert (ids(found.rows), ids(found.repeats), ids(found.repeated_by)) == ([A], [B, C], [C])


def test_a_target_without_a_row_is_left_out(tmp_path: Path) -> None:
    found = explained(make_lake(tmp_path, duplicates=[duplicate(A, B)]), A)
    assert (ids(found.rows), found.repeats) == ([A], ())


def test_an_id_that_only_stands_in_another_field_counts_for_nothing(tmp_path: Path) -> None:
    bait = [article(B, source_id=A), article(C, content_hash=A, description=f'"duplicate_of":"{A}"')]
    root = make_lake(tmp_path, articles=[*bait, article(A)], duplicates=[duplicate(D, B, source_uri=f"/{A}")])
    found = explained(root, A)
    assert (ids(found.rows), found.repeats, found.repeated_by) == ([A], (), ())


def test_rows_of_every_commit_are_found_in_the_order_of_the_log(tmp_path: Path) -> None:
    make_lake(tmp_path, articles=[article(A)], duplicates=[duplicate(D, A)])
    for number, one in ((2, C), (3, B)):
        commit(tmp_path, {f"duplicates/{FOLDER}/part-{number}-0.jsonl.gz": [duplicate(one, A)]})
    assert ids(explained(str(tmp_path), A).repeated_by) == [D, C, B]


def test_a_commit_that_is_not_in_place_yet_is_read(tmp_path: Path) -> None:
    make_lake(tmp_path, articles=[article(A)])
    commit(tmp_path, {f"duplicates/{FOLDER}/part-2-0.jsonl.gz": [duplicate(B, A)]}, staged="_newslake/staging/token")
    assert ids(explained(str(tmp_path), A).repeated_by) == [B]


def test_an_article_that_was_never_revised_needs_no_file_of_revisions(tmp_path: Path) -> None:
    root = make_lake(tmp_path, articles=[article(A), article(B)], revisions=[revision(B, 2)])
    (tmp_path / "revisions" / FOLDER / "part-1-0.jsonl.gz").unlink()
    assert ids(explained(root, A).rows) == [A]


def test_reading_for_a_duplicate_ends_where_its_article_is_found(tmp_path: Path) -> None:
    make_lake(tmp_path, articles=[article(A)], duplicates=[duplicate(B, A)])
    second = commit(tmp_path, {f"articles/{FOLDER}/part-2-0.jsonl.gz": [article(C)]})
    (tmp_path / second.files_added[0].path).unlink()
    assert ids(explained(str(tmp_path), B).repeats) == [A]


@pytest.mark.parametrize(
    ("ending", "damage"), [("gz", "cut"), ("gz", "flip"), ("gz", "empty"), ("zst", "cut"), ("zst", "empty")]
)
def test_a_damaged_file_is_a_named_error(tmp_path: Path, ending: str, damage: str) -> None:
    random = Random(1)
    many = [article(f"{number:032x}", article_body=random.randbytes(200).hex()) for number in range(500)]
    root = make_lake(tmp_path, articles=[article(A), *many], ending=ending)
    path = tmp_path / "articles" / FOLDER / f"part-1-0.jsonl.{ending}"
    data = path.read_bytes()
    middle = len(data) // 2
    damaged = {"cut": data[:middle], "flip": data[:middle] + bytes(64) + data[middle + 64 :], "empty": b""}[damage]
    path.write_bytes(damaged)
    with pytest.raises(FileDamagedError, match="restore it from a backup") as caught:
        explained(root, A)
    assert str(path) in str(caught.value)


def test_a_line_that_is_no_json_is_a_named_error(tmp_path: Path) -> None:
    path = f"articles/{FOLDER}/part-1-0.jsonl.gz"
    data = gzip.compress(b'{"id":"' + A.encode() + b'",\n')
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(data)
    live = LiveFile("articles", path, 1, len(data), "")
    learnt = write_index(tmp_path, "index", [(A, A, 1)], {})
    entry = LogEntry(
        0,
        Operation.RUN,
        "c",
        run_id="r",
        committed_at="2023-03-21T00:00:00Z",
        files_added=(live,),
        index_added=(learnt,),
    )
    assert log.append(LocalStorage(str(tmp_path)), LakeState(), entry)
    with pytest.raises(FileDamagedError, match="restore it from a backup"):
        explained(str(tmp_path), A)


def test_a_key_leads_to_its_id_or_to_none(tmp_path: Path) -> None:
    root = make_lake(tmp_path, articles=[article(A)], duplicates=[duplicate(B, A)], aliases={C: B})
    _, files = explain.open_index(root)
    assert [explain.id_of_key(files, key) for key in (A, B, C, D)] == [A, B, B, None]


def test_a_url_is_found_as_given_and_canonical_in_every_table_and_only_there(tmp_path: Path) -> None:
    url, other = "https://example.org/zoë?a=1&b=2", "https://example.org/other"
    root = make_lake(
        tmp_path,
        articles=[
            row("articles", id=A, url=url),
            row("articles", id=C, url=url + "#x"),
            row("articles", id=D, source_uri=url),
        ],
        duplicates=[duplicate(B, D, canonical_url=url), duplicate(B, D, url=url)],
    )
    lake, _ = explain.open_index(root)
    assert explain.ids_with_url(lake, [url]) == [A, B]
    assert explain.ids_with_url(lake, [other]) == []


identities = st.binary(min_size=16, max_size=16).map(bytes.hex)


@given(
    st.sets(
        identities | st.sampled_from([A, A[:31] + "b", A[:8] + B[8:], A[:15] + B[15:], A[:17] + B[17:]]), max_size=8
    ),
    st.data(),
)
def test_a_prefix_finds_exactly_the_ids_that_begin_with_it(known: set[str], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(sorted(known)) if known else identities)
    prefix = one[: data.draw(st.integers(1, 32))]
    with tempfile.TemporaryDirectory() as folder:
        half = sorted(known)[::2]
        for number, part in enumerate((half, sorted(known - set(half)))):
            write_index(Path(folder), str(number), [(one, one, 1) for one in part], {})
        files = [index.IndexFile(LocalStorage(folder), f"_newslake/index/{number}") for number in (0, 1)]
        assert explain.ids_with_prefix(files, prefix) == sorted(one for one in known if one.startswith(prefix))


def blocks_of(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    yield from (data[start:stop] for start, stop in pairwise(edges))


@given(
    st.lists(st.text("abé\n").map(lambda text: text.replace("\n", ""))),
    st.lists(st.text("abé", min_size=1), max_size=3),
    st.lists(st.integers(0, 1000), max_size=6),
    st.booleans(),
)
def test_lines_are_found_whatever_the_blocks(lines: list[str], needles: list[str], cuts: list[int], ends: bool) -> None:
    data = "\n".join(lines).encode() + (b"\n" if ends else b"")
    found = list(explain._lines_with(blocks_of(data, cuts), [needle.encode() for needle in needles]))
    assert found == [line.encode() for line in lines if any(needle in line for needle in needles)]


@given(st.text(min_size=1))
def test_a_url_is_searched_as_the_codec_writes_it(url: str) -> None:
    scrubbed = codec.scrub(url)
    assert codec.encode(scrubbed)[1:-1] in codec.encode({"url": scrubbed})
    assert json.loads(codec.encode({"url": scrubbed})) == {"url": scrubbed}
