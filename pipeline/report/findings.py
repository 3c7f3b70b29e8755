"""What is wrong with one feed, by one answer to a full request and by the entries in it.

All of it is pure. A finding never quotes an entry, so that a secret in a feed stays there.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.report.advice import advice
from newslake.schemas import codec
from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.redact import redact, source_key, source_name
from newslake.schemas.reject import REASON_MEANING, Reason, Reject
from newslake.transforms.feeds.choice import Choice
from newslake.transforms.feeds.document import Answer, FeedDocument, Postponed
from newslake.transforms.normalise.dates import RecordDate
from newslake.transforms.normalise.published import UNPARSED_DATE, Circumstances, find_published
from newslake.transforms.storage.encoding.find import find_encoding

_LONG_FRESH_SECONDS = 3_600
"""News that are an hour late are worth a note."""
_MANY_EQUAL_DATES = 3
"""Fewer entries may well have one date."""


class Severity(StrEnum):
    """How bad a finding is.

    FAULT: the feed cannot be read. WARNING: something is lost, guessed, or about to break. NOTE: it
    works, and could work better.
    """

    FAULT = "fault"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: how bad it is, what is so, and what to do ("" if nothing needs to be done)."""

    level: Severity
    what: str
    advice: str = ""


_WARNINGS: dict[str, tuple[str, str]] = {
    "malformed_feed": ("the feed is malformed, and newslake repairs it", "tell the publisher; a validator shows where"),
    "bad_character_reference": ("the feed has references to characters that do not exist", "tell the publisher"),
    "control_character": ("the feed has control characters, which newslake removes", "tell the publisher"),
}
"""What a warning of an article means for the feed."""


def can_be_read(found: Sequence[Finding]) -> bool:
    """Tell whether a feed with these findings can be read."""
    return not any(one.level is Severity.FAULT for one in found)


def findings(answer: Answer, items: Sequence[RawItem], now: dt.datetime) -> list[Finding]:
    """Return what is wrong with a feed, the worst first.

    ``items`` are the entries that ``read_document`` makes of the answer's document; none if there
    is no document. ``now`` tells which dates lie in the future.
    """
    found = [*_of_answer(answer), *_of_items(answer, items, now)]
    return sorted(found, key=lambda one: list(Severity).index(one.level))


def _fault(reject: Reject, status: int | None) -> Finding:
    return Finding(
        Severity.FAULT, f"{reject.reason}: {reject.detail}", advice(status, f"{reject.reason}: {reject.detail}")
    )


def _of_answer(answer: Answer) -> Iterator[Finding]:
    result, facts = answer.result, answer.facts
    if isinstance(result, Reject):
        yield _fault(result, facts.status)
    elif isinstance(result, Postponed):
        yield Finding(
            Severity.FAULT, f"its host asks to wait for {result.seconds} seconds", "check the feed again after that"
        )
    if facts.moved_to:
        yield Finding(
            Severity.WARNING, f"the feed moved for good to {facts.moved_to}", f"change its URL to {facts.moved_to}"
        )
    if facts.found_at:
        yield Finding(
            Severity.WARNING,
            f"the address is a page, which names the feed {facts.found_at}",
            f"change the URL to {facts.found_at}",
        )
    if isinstance(result, FeedDocument) and result.status is not None:
        yield from _of_transfer(answer, result)
    if isinstance(result, FeedDocument):
        yield from _of_body(result)


def _of_transfer(answer: Answer, document: FeedDocument) -> Iterator[Finding]:
    """Yield what an answer by HTTP says of redirects, encryption and caches."""
    request, facts = answer.request, answer.facts
    is_elsewhere = document.url != source_key(request.location) and not facts.moved_to and not facts.found_at
    if is_elsewhere and document.url:
        yield Finding(Severity.NOTE, f"the server redirects to {redact(document.url)}, for now")
    if (document.url or request.location).lower().startswith("http:"):
        yield Finding(
            Severity.NOTE, "the feed comes by http, so anybody on the way can change it", "try its URL with https"
        )
    if not facts.validators.etag and not facts.validators.last_modified:
        yield Finding(
            Severity.NOTE,
            f"the server sends neither ETag nor Last-Modified: each check costs all {len(document.body):,} bytes",
            "tell the publisher, or set a longer interval for the feed",
        )
    interval = request.settings.interval or RunOptions().every
    if facts.fresh_seconds > max(interval, _LONG_FRESH_SECONDS):
        yield Finding(
            Severity.NOTE, f"the server says that the feed stays as it is for {facts.fresh_seconds:,} seconds; "
            f"newslake asks no sooner, though the interval is {interval:,.0f}"
        )  # fmt: skip


def _of_body(document: FeedDocument) -> Iterator[Finding]:
    if document.cut:
        yield Finding(
            Severity.WARNING, f"the body ends too early: {document.cut}", "check again; tell the publisher if it stays"
        )
    encoding = find_encoding(document.body, encoding=document.settings.encoding, charset=document.charset)
    if encoding.is_guessed:
        yield Finding(
            Severity.WARNING,
            f"the feed does not say its encoding, or says a wrong one; newslake reads it as {encoding.name}",
            "set encoding for the feed in [[feeds]] if letters are wrong",
        )


def _of_items(answer: Answer, items: Sequence[RawItem], now: dt.datetime) -> Iterator[Finding]:
    rejects = [item for item in items if isinstance(item, Reject)]
    articles = [item for item in items if isinstance(item, RawArticle)]
    for reject in rejects:
        if reject.whole_source and not articles:
            yield _fault(reject, None)
        elif reject.whole_source:
            yield Finding(Severity.WARNING, f"{reject.reason}: {reject.detail}", REASON_MEANING[reject.reason])
    for reason, count in Counter(reject.reason for reject in rejects if not reject.whole_source).items():
        yield Finding(Severity.WARNING, f"{_some(count)} cannot be used: {reason}", REASON_MEANING[Reason(reason)])
    if isinstance(answer.result, FeedDocument) and not items:
        yield Finding(Severity.WARNING, "the feed has no entries", "see whether the site still publishes there")
    if articles:
        yield from _of_choice(articles, answer.request.settings)
        yield from _of_repairs(articles)
        yield from _of_identity(articles)
        yield from _of_dates(articles, answer, now)


def _of_choice(articles: Sequence[RawArticle], settings: SourceSettings) -> Iterator[Finding]:
    choice = Choice(settings)
    if left_out := sum(not choice.takes(article) for article in articles):
        level = Severity.WARNING if left_out == len(articles) else Severity.NOTE
        what = f"{_part(left_out, len(articles))} left out by the keep and drop patterns of the feed"
        yield Finding(level, what, "see whether the patterns mean that" if level is Severity.WARNING else "")


def _of_repairs(articles: Sequence[RawArticle]) -> Iterator[Finding]:
    counts = Counter(warning for article in articles for warning in article.warnings)
    for name, (what, to_do) in _WARNINGS.items():
        if counts[name]:
            yield Finding(Severity.WARNING, f"{what} ({_some(counts[name])})", to_do)


def _of_identity(articles: Sequence[RawArticle]) -> Iterator[Finding]:
    """Yield what makes entries hard to know again: ids and links."""
    all_ = len(articles)
    without_link = sum(article.url is None or article.url_is_void for article in articles)
    without_id = sum(article.source_id is None for article in articles)
    if without_link:
        yield Finding(
            Severity.WARNING,
            f"{_part(without_link, all_)} without a link of their own",
            "nothing, if it has ids; else a changed headline makes another article",
        )
    if without_id:
        yield Finding(
            Severity.NOTE, f"{_part(without_id, all_)} without guid or id; newslake knows them by their links or texts"
        )
    names: dict[str, set[tuple[str | None, str | None]]] = {}
    for article in articles:
        if article.source_id is not None:
            names.setdefault(article.source_id, set()).add((article.url, article.headline))
    if shared := sum(len(different) for different in names.values() if len(different) > 1):
        yield Finding(
            Severity.WARNING,
            f"{_part(shared, all_)} with the guid or id of another entry",
            "tell the publisher; newslake tells them apart by their links",
        )
    if relative := sum(map(_is_relative, articles)):
        yield Finding(
            Severity.NOTE,
            f"{_part(relative, all_)} with a relative link, which newslake resolves by the address of the feed",
        )


def _is_relative(article: RawArticle) -> bool:
    """Tell whether the link of an entry has no scheme (RFC 3986 section 4.2)."""
    if article.url is None:
        return False
    try:
        entry = codec.decode(article.payload)
    except codec.InvalidJsonError:
        return False
    link = (entry.get("link") or entry.get("url")) if isinstance(entry, dict) else None
    return isinstance(link, str) and bool(link.strip()) and ":" not in link.partition("/")[0]


def _of_dates(articles: Sequence[RawArticle], answer: Answer, now: dt.datetime) -> Iterator[Finding]:
    settings = answer.request.settings
    published = [
        find_published(article, None, None, Circumstances(article.language or settings.language, settings, now, now))
        for article in articles
    ]
    dates: list[RecordDate] = [one.date for one in published]
    all_ = len(articles)
    unread = sum(UNPARSED_DATE in one.warnings and one.date.date_published is None for one in published)
    undated = sum(date.date_published is None for date in dates) - unread
    if unread:
        yield Finding(
            Severity.WARNING,
            f"{_part(unread, all_)} with a date that newslake cannot read",
            "look at date_raw of its articles; set date_order or language for the feed, or tell the publisher",
        )
    if undated:
        yield Finding(Severity.WARNING, f"{_part(undated, all_)} without a date", "tell the publisher")
    if future := sum("future" in date.date_flags for date in dates):
        yield Finding(
            Severity.WARNING,
            f"{_part(future, all_)} with a date in the future",
            "see whether the feed announces events, or its clock or zone is wrong",
        )
    if len(dates) >= _MANY_EQUAL_DATES and undated + unread == 0 and len({date.published_from for date in dates}) == 1:
        yield Finding(
            Severity.WARNING,
            "all entries have the same date",
            "the feed seems to tell when it was made, and not when its articles were published",
        )


def _some(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _part(count: int, all_: int) -> str:
    """
    >>> _part(1, 20), _part(3, 3)
    ('1 of 20 entries', '3 of 3 entries')
    """
    return f"{count:,} of {_some(all_)}"


def name_of(answer: Answer) -> str:
    """Return the name of the feed in an answer, without secrets."""
    return answer.request.source_uri or source_name(answer.request.location)
