"""Each record is read once, with the same position and fields, for any size of the chunks."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk

TEXT = st.text(st.sampled_from('ab"\\,;\n\r \u2028é{}[]'), max_size=12)


def open_bytes(data: bytes) -> Callable[[str], io.BytesIO]:
    return lambda _: io.BytesIO(data)


def read(data: bytes, name: str, chunk_bytes: int, max_record_bytes: int = 10_000) -> list[RawItem]:
    planned = plan_chunks(FileMatch(name, len(data), 0.0), open_bytes(data), SourceSettings(), chunk_bytes=chunk_bytes)
    if isinstance(planned, Reject):
        return [planned]
    return [
        item for chunk in planned for item in read_chunk(chunk, open_bytes(data), max_record_bytes=max_record_bytes)
    ]


def told(items: list[RawItem]) -> list[str]:
    return [repr(item) for item in items]


@given(st.lists(st.one_of(TEXT, st.just("x" * 300)), min_size=1, max_size=8), st.integers(1, 60), st.booleans())
def test_json_lines(texts: list[str], chunk_bytes: int, ends: bool) -> None:
    lines = [json.dumps({"text": text, "id": number}, ensure_ascii=False) for number, text in enumerate(texts)]
    data = ("\n".join(lines) + ("\n" if ends else "")).encode()
    whole = read(data, "x.jsonl", 1 << 30, max_record_bytes=200)
    assert len(whole) == len(texts)
    assert told(read(data, "x.jsonl", chunk_bytes, max_record_bytes=200)) == told(whole)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8), st.integers(1, 60))
def test_tables_with_line_breaks_in_quotes(rows: list[tuple[str, str]], chunk_bytes: int) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(("title", "text"))
    writer.writerows(rows)
    data = stream.getvalue().encode()
    whole = read(data, "x.csv", 1 << 30)
    assert len(whole) == len(rows)
    assert told(read(data, "x.csv", chunk_bytes)) == told(whole)


@given(
    st.lists(st.tuples(st.sampled_from(("2023", "2023-03", "2023-03-20")), TEXT), min_size=1, max_size=6),
    st.integers(1, 60),
)
def test_documents_that_begin_with_their_dates(documents: list[tuple[str, str]], chunk_bytes: int) -> None:
    data = "\n".join(f"date {date} word {text}" for date, text in documents).encode()
    whole = read(data, "x.txt", 1 << 30)
    assert [item.dates for item in whole if not isinstance(item, Reject)] == [
        (("body_prefix", date),) for date, _ in documents
    ]
    assert told(read(data, "x.txt", chunk_bytes)) == told(whole)


def test_a_table_with_a_quote_out_of_place_is_one_chunk() -> None:
    data = b'title,text\n5" pipe,"a\nb"\n7" pipe,c\n'
    planned = plan_chunks(FileMatch("x.csv", len(data), 0.0), open_bytes(data), SourceSettings(), chunk_bytes=5)
    assert not isinstance(planned, Reject)
    assert len(planned) == 1


def test_a_table_with_a_bare_carriage_return_gives_the_same_whatever_the_chunks() -> None:
    data = b'title,text\n\n\r\r"\n,,"\na\nbba,"""\nb"\n'
    whole = read(data, "x.csv", 1 << 30)
    assert all(told(read(data, "x.csv", chunk_bytes)) == told(whole) for chunk_bytes in range(1, 20))


def test_a_file_that_grows_meanwhile_is_read_to_its_size_as_matched() -> None:
    line = b'{"text": "a"}\n'
    (chunk,) = plan_chunks(FileMatch("x.jsonl", len(line) * 2, 0.0), open_bytes(line * 2), SourceSettings())  # type: ignore[misc]
    assert len(list(read_chunk(chunk, open_bytes(line * 5)))) == 2


def test_a_long_line_costs_no_memory(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "a"}\n{"text": "')
        for _ in range(64):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"text": "b"}\n')
    planned = plan_chunks(FileMatch(str(path), path.stat().st_size, 0.0), lambda uri: open(uri, "rb"), SourceSettings())  # noqa: PTH123, SIM115
    assert not isinstance(planned, Reject)
    tracemalloc.start()
    items = [item for chunk in planned for item in read_chunk(chunk, lambda uri: open(uri, "rb"))]  # noqa: PTH123, SIM115
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [item.reason if isinstance(item, Reject) else item.body for item in items] == ["a", "too_large", "b"]
    assert peak < 40_000_000


def test_a_cut_archive_of_a_format_that_looks_ahead_gives_all_records_before_the_cut() -> None:
    """A WARC reader holds back what it looks at. That must not be lost where the archive ends."""
    page = "<html><head><title>Story {0}</title></head><body><article><p>{1}</p></article></body></html>"
    text = "The ferry to the island was late again, and the mayor promised a new one before the winter. " * 5
    members = []
    for number in range(12):
        body = page.format(number, text).encode()
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://n.example/{number}\r\n"
        members.append(gzip.compress(f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"))
    whole = b"".join(members)
    for data, articles in ((whole, 12), (whole[:-60], 11), (whole[: len(whole) - len(members[-1]) - 30], 10)):
        planned = plan_chunks(FileMatch("x", len(data), 0.0), lambda _, data=data: io.BytesIO(data), SourceSettings())  # type: ignore[misc]
        assert not isinstance(planned, Reject)
        found = list(read_chunk(planned[0], lambda _, data=data: io.BytesIO(data)))  # type: ignore[misc]
        assert sum(isinstance(one, RawArticle) for one in found) == articles
        assert any(isinstance(one, Reject) and str(one.reason) == "truncated" for one in found) is (data != whole)
