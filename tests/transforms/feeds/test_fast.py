"""The fast reader gives what the reader that asks feedparser gives, or it is in doubt."""

import os
from pathlib import Path

import pytest

from newslake.schemas.raw import RawItem, SourceSettings
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.fast.doubt import Doubt
from newslake.transforms.feeds.fast.read import read_fast
from newslake.transforms.feeds.read import read_document

DATA = Path(__file__).parents[2] / "data" / "feeds"
SHARED = Path(os.environ.get("NEWSLAKE_SHARED", Path(__file__).parents[4] / "shared"))


def document(body: bytes | str, **fields: object) -> FeedDocument:
    raw = body.encode() if isinstance(body, str) else body
    url = "https://news.example/feed"
    return FeedDocument(url, url, raw, 200, SourceSettings(), **fields)  # type: ignore[arg-type]


def same(body: bytes | str, **fields: object) -> list[RawItem] | Doubt:
    """Return what the fast reader gives, after a look whether the other reader gives the same."""
    found = read_fast(document(body, **fields))
    assert isinstance(found, Doubt) or found == list(read_document(document(body, **fields)))
    return found


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.iterdir() if path.suffix != ".jsonl"))
def test_our_own_feeds_are_read_as_by_feedparser(name: str) -> None:
    same((DATA / name).read_bytes())


@pytest.mark.skipif(not SHARED.is_dir(), reason="NEWSLAKE_SHARED names no folder with feeds")
@pytest.mark.parametrize("folder", ["feeds", "found"])
def test_shared_feeds_are_read_as_by_feedparser(folder: str) -> None:
    for path in sorted((SHARED / folder).glob("*.xml")):
        same(path.read_bytes())
