"""Names and paths in the lake, and the rows that describe its runs."""

import re
from typing import Annotated, TypedDict

from newslake.schemas.article import Article, Duplicate, Instant
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
FEEDS = f"{META}/feeds"
HEADS = f"{META}/heads"
LINKED = f"{META}/linked"
TURN = f"{META}/turn"


class RunSummary(TypedDict):
    """A row of ``runs``: what one run did.

    ``read = new + revised + unchanged + duplicates + rejected`` holds in every row.
    """

    run_id: Annotated[str, "names the run; sorts by time", "newslake"]
    run_key: Annotated[str, "given by the scheduler, else the run_id", "newslake"]
    started_at: Annotated[Instant, "the run's instant, UTC", "newslake"]
    read: Annotated[int, "articles and records that the readers met; those of quarantined sources excluded", "newslake"]
    new: Annotated[int, "rows added to articles", "newslake"]
    revised: Annotated[int, "rows added to revisions", "newslake"]
    unchanged: Annotated[int, "known articles with the same content: counted, not written", "newslake"]
    duplicates: Annotated[int, "rows added to duplicates", "newslake"]
    rejected: Annotated[
        int, "articles and records that could not be used; the new ones are rows of rejects", "newslake"
    ]
    quarantined: Annotated[int, "articles of quarantined sources: not counted as read, not committed", "newslake"]
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
    near_verified: Annotated[int | None, "compared pairs that repeat each other", "newslake"]
    near_dropped: Annotated[
        int | None, "comparisons left out: each article is compared with the first 8 that look like it", "newslake"
    ]
    internal_errors: Annotated[int | None, "rejects that an error of newslake caused", "newslake"]
    notices: Annotated[list[str] | None, "what a reader should know of a source that was read", "newslake"]
    sources_not_modified: Annotated[int | None, "feeds that are as they were when they were read last", "newslake"]
    sources_not_due: Annotated[int | None, "feeds that were not asked, because it is too early", "newslake"]
    sources_failed_before: Annotated[
        int | None, "feeds that were not asked, because they failed at their last check and wait", "newslake"
    ]
    sources_known: Annotated[int | None, "files that were not read, because the lake knows them", "newslake"]
    sources_read_slowly: Annotated[
        int | None, "feeds that feedparser read, because the fast parser was in doubt", "newslake"
    ]


class FetchRow(TypedDict):
    """A row of ``fetches``: a check of a feed that brought news, or ended unlike the one before."""

    feed: Annotated[str, "URL of the feed, secrets removed", "newslake"]
    checked_at: Annotated[Instant, "the run's instant, UTC", "newslake"]
    status: Annotated[int | None, "HTTP status; null if no answer came", "RFC 9110"]
    entries: Annotated[int, "entries in the answer", "newslake"]
    new: Annotated[int, "entries that are new articles of the lake", "newslake"]
    may_have_missed: Annotated[
        bool, "whether no entry of the answer was in the answer before it: others may have come and gone", "newslake"
    ]
    run_id: Annotated[str, "the run that wrote the row", "newslake"]
    outcome: Annotated[str | None, "ok, not_modified, failed or gone", "newslake"]
    detail: Annotated[str | None, "why the check failed", "newslake"]
    due_at: Annotated[Instant | None, "when the feed is due again, UTC; null if it is gone", "newslake"]


TABLES: dict[str, type] = {
    ARTICLES: Article,
    REVISIONS: Article,
    DUPLICATES: Duplicate,
    REJECTS: RejectRow,
    RUNS: RunSummary,
    FETCHES: FetchRow,
}
"""Each table and the class whose annotations are its fields."""

TABLE_MEANING: dict[str, str] = {
    ARTICLES: "one row for each article: its first revision",
    REVISIONS: "one row for each later revision of an article: 2, 3, ...",
    DUPLICATES: "one row for each article that was dropped because it repeats a kept one",
    REJECTS: "one row for each article or source that could not be used",
    RUNS: "one row for each run",
    FETCHES: "one row for each check of a feed that brought news, or ended unlike the one before",
}

PARTITIONED = (ARTICLES, REVISIONS, DUPLICATES)
PARTITION_COLUMNS = {"month": "published_month", "day": "published_day"}
PARTITION_MEANING: dict[str, str] = {
    "published_month": "partition, text: 2023-03; 2023-XX if the month is not known; unknown if the year is not known",
    "published_day": "partition, text: 2023-03-20; XX for a month or day that is not known; unknown without a year",
}
"""The values are text and no dates, because 2023-XX is not a date."""

_PARTITION_VALUE = re.compile(r"unknown|\d{4}-(?:XX|\d\d)(?:-(?:XX|\d\d))?")


def partition_code(article: Article) -> int:
    """Return the date of an article as year * 10000 + month * 100 + day, as it was printed.

    A month or day that is not known is 0. Return 0 if the year is not known, or if the date lies in
    the future.
    """
    date = article["date_published"]
    if date is None or "future" in article["date_flags"] or article["date_precision"] == "decade":
        return 0
    return int(date[:4]) * 10000 + int(date[5:7] or 0) * 100 + int(date[8:10] or 0)


def partition_folder(code: int, granularity: str) -> str:
    """Return the folder of a partition, such as ``published_month=2023-03``.

    ``code`` is that of ``partition_code``: 20230300 is a month, 20230000 a year, 0 an unknown date.
    ``granularity`` is "month" or "day". Raises ValueError if ``code`` is not such a date, so that
    the folder never leads out of the lake.

    >>> [partition_folder(code, "month") for code in (20230300, 20230000, 0)]
    ['published_month=2023-03', 'published_month=2023-XX', 'published_month=unknown']
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
    """Return the partition value in a path of the lake; None if the table has no partitions."""
    if table not in PARTITIONED:
        return None
    return path.split("/")[1].partition("=")[2]


def log_name(number: int) -> str:
    """Return the name of a log entry: ``_newslake/log/00000000000000000042.json``."""
    return f"{LOG}/{number:020d}.json"
