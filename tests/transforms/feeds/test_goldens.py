"""Each feed under tests/data/feeds beside what it is read as.

NEWSLAKE_REWRITE_GOLDENS=1 rewrites the expectations: read the diff.
"""

import dataclasses
import os
from pathlib import Path

import pytest

from newslake.schemas import codec
from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.read import read_document

FEEDS = Path(__file__).parents[2] / "data" / "feeds"
DEFAULTS = dataclasses.asdict(RawArticle(source_uri="", position=""))


def as_line(item: RawItem) -> bytes:
    """Return an item without its defaults as a line. Payloads have tests of their own."""
    if isinstance(item, RawArticle):
        told = dataclasses.asdict(item)
        return codec.encode({key: value for key, value in told.items() if value != DEFAULTS[key] and key != "payload"})
    return codec.encode({"reject": item.reason, "detail": item.detail, "whole_source": item.whole_source})


@pytest.mark.parametrize("feed", sorted(p.name for p in FEEDS.iterdir() if not p.name.endswith(".expected.jsonl")))
def test_a_feed_is_read_as_expected(feed: str) -> None:
    path = FEEDS / feed
    document = FeedDocument(
        f"https://feeds.example/{feed}", f"https://feeds.example/{feed}", path.read_bytes(), 200, SourceSettings()
    )
    lines = b"".join(as_line(item) + b"\n" for item in read_document(document))
    golden = path.with_suffix(".expected.jsonl")
    if os.environ.get("NEWSLAKE_REWRITE_GOLDENS"):
        golden.write_bytes(lines)
    assert lines.splitlines() == golden.read_bytes().splitlines()


def test_every_expectation_has_its_feed() -> None:
    stems = {path.name.removesuffix(".expected.jsonl") for path in FEEDS.glob("*.expected.jsonl")}
    assert stems == {path.stem for path in FEEDS.iterdir() if not path.name.endswith(".expected.jsonl")}
