"""How many articles a file holds, by its size and by samples, compared with what is read."""

import bz2
import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.chunk import FileChunk
from newslake.transforms.files.estimate import LEAST_BYTES, SAMPLE_BYTES, estimate_articles, most_articles
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk

ARTICLES = 3_000

LINES = "".join(
    json.dumps({"title": f"Story {n:04}", "text": f"text {n:04} " * (20 + n % 7)}) + "\n" for n in range(ARTICLES)
).encode()
ARRAY = b"[" + LINES.replace(b"\n", b",\n").rstrip(b",\n") + b"]"
TABLE = "title,text\n" + "".join(
    f'Story {n:04},"text {n:04}\nof ""many"" lines\n{"x" * 100}"\n' for n in range(ARTICLES)
)
DOCUMENTS = "".join(f"date 2023-03 Story {n:04}\n\nA text.\n{'Another line. ' * 10}\n" for n in range(ARTICLES))
PARQUET = io.BytesIO()
pq.write_table(pa.table({"title": [f"Story {n}" for n in range(ARTICLES)]}), PARQUET, row_group_size=800)

FILES = {
    "a.jsonl": LINES,
    "a.json": ARRAY,
    "a.csv": TABLE.encode(),
    "old.csv": TABLE.replace("\nof", " of").replace("\nx", " x").replace("\n", "\r").encode(),
    "documents.txt": DOCUMENTS.encode(),
    "a.jsonl.gz": gzip.compress(LINES),
    "a.jsonl.bz2": bz2.compress(LINES),
    "a.jsonl.zst": zstandard.compress(LINES),
    "a.csv.gz": gzip.compress(TABLE.encode()),
    "wide.jsonl": LINES.decode().encode("utf-16"),
    "a.parquet": PARQUET.getvalue(),
}


def plan(name: str, data: bytes, chunk_bytes: int = 200_000) -> tuple[FileChunk, ...]:
    planned = plan_chunks(
        FileMatch(name, len(data), 0.0), lambda _: io.BytesIO(data), SourceSettings(), chunk_bytes=chunk_bytes
    )
    assert not isinstance(planned, Reject)
    return planned


@pytest.mark.parametrize("name", FILES)
def test_the_estimate_of_each_chunk_is_near_what_is_read_from_it(name: str) -> None:
    data = FILES[name]
    chunks = plan(name, data)
    read = [len(list(read_chunk(chunk, lambda _: io.BytesIO(data)))) for chunk in chunks]
    assert sum(read) == ARTICLES
    assert estimate_articles(chunks, lambda _: io.BytesIO(data)) == pytest.approx(read, rel=0.05, abs=3)


@pytest.mark.parametrize("name", FILES)
def test_no_file_holds_more_than_its_size_alone_allows(name: str) -> None:
    assert most_articles(FileMatch(name, len(FILES[name]), 0.0)) >= ARTICLES


def test_rows_of_parquet_are_known_without_a_sample() -> None:
    chunks = plan("a.parquet", PARQUET.getvalue())
    assert estimate_articles(chunks, lambda _: io.BytesIO(PARQUET.getvalue())) == [800, 800, 800, 600]


def test_a_text_is_one_article_and_is_not_opened() -> None:
    data = b"A text without a date.\n" * 1_000

    def refuse(uri: str) -> io.BytesIO:
        raise AssertionError(uri)

    chunks = plan("a.txt", data)
    assert estimate_articles(chunks, refuse) == [1]
    assert most_articles(FileMatch("a.txt", LEAST_BYTES - 1, 0.0)) == 1


def test_a_missing_or_damaged_file_counts_as_one_article() -> None:
    def gone(uri: str) -> io.BytesIO:
        raise FileNotFoundError(uri)

    assert estimate_articles(plan("a.jsonl", LINES), gone) == [1] * len(plan("a.jsonl", LINES))
    assert estimate_articles(plan("a.parquet", PARQUET.getvalue()), lambda _: io.BytesIO(b"PAR1 no more")) == [1] * 4
    damaged = gzip.compress(LINES)[:2_000]
    assert estimate_articles(plan("a.jsonl.gz", damaged), lambda _: io.BytesIO(damaged))[0] >= 1


def test_a_sample_is_all_that_is_read_of_a_large_chunk() -> None:
    data = LINES * 3

    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            block = super().read(size)
            Counting.taken += len(block)
            return block

    chunks = plan("a.jsonl", data, chunk_bytes=len(data))
    assert estimate_articles(chunks, lambda _: Counting(data)) == pytest.approx([3 * ARTICLES], rel=0.05)
    assert Counting.taken <= SAMPLE_BYTES
