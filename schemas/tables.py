"""Names and paths in the lake, and the rows that describe its runs."""

import re
from typing import Annotated, TypedDict

from newslake.schemas.article import Article, Duplicate
from newslake.schemas.reject import RejectRow

ARTICLES = "articles"
REVISIONS = "revisions"
DUPLICATES = "duplicates"
REJECTS = "rejects"
RUNS = "runs"
FETCHES = "fetches"

META = "_newslake"
LOG = f"{META}/log"
CHECKPOINTS = f"{META}/checkpoints"
INDEX = f"{META}/index"
STAGING = f"{META}/staging"
INPUTS = f"{META}/inputs"
HEADS = f"{META}/heads"
LINKED = f"{META}/linked"
TURN = f"{META}/turn"


class RunSummary(TypedDict):
    """A row of ``runs``: what one run did. ``read = new + revised + unchanged + duplicates + rejected`` holds in every row."""

    run_id: Annotated[str, "names the run; sorts by time", "newslake"]
    run_key: Annotated[str, "given by the scheduler, else the run_id", "newslake"]
    started_at: Annotated[str, "the run's instant, UTC", "newslake"]
    read: Annotated[
        int, "articles met by the readers, and sources that could not be used; without those quarantined", "newslake"
    ]
    new: Annotated[int, "rows added to articles", "newslake"]
    revised: Annotated[int, "rows added to revisions", "newslake"]
    unchanged: Annotated[int, "met before with the same content: counted, not written", "newslake"]
    duplicates: Annotated[int, "rows added to duplicates", "newslake"]
    rejected: Annotated[int, "could not be taken; those not met before are rows of rejects", "newslake"]
    quarantined: Annotated[int, "articles of quarantined sources: neither counted as read nor committed", "newslake"]
    sources_ok: Annotated[int, "files and feeds that were read", "newslake"]
    sources_failed: Annotated[int, "files and feeds that could not be used", "newslake"]
    sources_quarantined: Annotated[
        int, "files and feeds left out because too many of their articles were rejects", "newslake"
    ]
    failures: Annotated[list[str], "each failed or quarantined source with its reason and detail", "newslake"]
    seconds: Annotated[float, "how long the run took", "newslake"]
    files: Annotated[int, "files added to the lake, the row of this run included", "newslake"]
    engine: Annotated[str, "the runner", "newslake"]
    pipeline_version: Annotated[str, "version of newslake", "newslake"]
    near_candidates: Annotated[int | None, "pairs of articles that were compared word by word", "newslake"]
    near_verified: Annotated[int | None, "of those, pairs that repeat each other", "newslake"]
    near_dropped: Annotated[
        int | None, "comparisons left out: each article is compared with the first 8 that look like it", "newslake"
    ]
    internal_errors: Annotated[int | None, "of the rejects, those that an error of newslake caused", "newslake"]


class FetchRow(TypedDict):
    """A row of ``fetches``: one request for one feed."""

    feed: Annotated[str, "URL of the feed, secrets removed", "newslake"]
    checked_at: Annotated[str, "the run's instant, UTC", "newslake"]
    status: Annotated[int | None, "HTTP status; null where no answer came", "RFC 9110"]
    entries: Annotated[int, "entries in the answer", "newslake"]
    new: Annotated[int, "of those, articles that the lake did not have", "newslake"]
    may_have_missed: Annotated[
        bool, "every entry was new although the feed was known: some may have come and gone between", "newslake"
    ]
    run_id: Annotated[str, "the run that wrote the row", "newslake"]


TABLES: dict[str, type] = {
    ARTICLES: Article,
    REVISIONS: Article,
    DUPLICATES: Duplicate,
    REJECTS: RejectRow,
    RUNS: RunSummary,
    FETCHES: FetchRow,
}
"""Each table and the class whose annotations are its fields."""

PARTITIONED = (ARTICLES, REVISIONS, DUPLICATES)
PARTITION_COLUMNS = {"month": "published_month", "day": "published_day"}

_PARTITION_VALUE = re.compile(r"unknown|\d{4}-(?:XX|\d\d)(?:-(?:XX|\d\d))?")


def partition_code(article: Article) -> int:
    """year * 10000 + month * 100 + day as the date was printed, 0 for what is not known; 0 in all for no year or a date in the future."""
    date = article["date_published"]
    if date is None or "future" in article["date_flags"] or article["date_precision"] == "decade":
        return 0
    return int(date[:4]) * 10000 + int(date[5:7] or 0) * 100 + int(date[8:10] or 0)


def partition_folder(code: int, granularity: str) -> str:
    """The folder of a partition: ``published_month=2023-03``.

    ``code`` is year * 10000 + month * 100 + day as the date was printed, with 0 for what is not known: 20230300 is a month, 20230000 a
    year, 0 unknown. ``granularity`` is "month" or "day". The value is made of digits, so it cannot leave the lake; else ValueError.

    >>> partition_folder(20230300, "month"), partition_folder(20230000, "month"), partition_folder(0, "month")
    ('published_month=2023-03', 'published_month=2023-XX', 'published_month=unknown')
    """
    column = PARTITION_COLUMNS[granularity]
    if code == 0:
        return f"{column}=unknown"
    year, month, day = code // 10000, code // 100 % 100, code % 100
    value = f"{year:04d}-{month:02d}" if month else f"{year:04d}-XX"
    if granularity == "day":
        value += f"-{day:02d}" if day else "-XX"
    if not _PARTITION_VALUE.fullmatch(value) or month > 12 or day > 31:
        raise ValueError(f"not a partition: {code}")
    return f"{column}={value}"


def partition_of(table: str, path: str) -> str | None:
    """The partition value in a file's path relative to the lake; None where the table has no partitions."""
    if table not in PARTITIONED:
        return None
    return path.split("/")[1].partition("=")[2]


def log_name(number: int) -> str:
    """``_newslake/log/00000000000000000042.json``."""
    return f"{LOG}/{number:020d}.json"
