"""One raw article into one record: every key of the article table, in its order."""

import datetime as dt
import importlib.metadata
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from schemas import codec
from schemas.article import SCHEMA_VERSION, Article, Image
from schemas.raw import RawArticle, RunFacts, SourceSettings
from schemas.reject import Reason, Reject, Stage
from transforms.normalise.dates import UNDATED, ParsedDate, RecordDate, Refusal, Refused, assume_zone, parse_date, record_date, time_zone
from transforms.normalise.markup import html_to_text
from transforms.normalise.text import drop_controls, one_line, plain_text, word_count
from transforms.normalise.urls import absolute_url, canonical_url, registrable_domain

UNPARSED_DATE = "unparsed_date"
DATES_DISAGREE = "dates_disagree"

UPDATED = "updated"
"""The date source that may rightly lie long after the others."""


def _installed_version() -> str:
    try:
        return importlib.metadata.version("newslake")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        return "0+unknown"


PIPELINE_VERSION = _installed_version()

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")

_timestamp = lru_cache(maxsize=16)(codec.timestamp)


def normalise_article(raw: RawArticle, settings: SourceSettings, run: RunFacts) -> Article | Reject:
    """The record of ``raw``; a Reject where it has no headline, no text and no URL.

    ``id``, ``revision`` and ``content_hash`` are set where duplicates are told apart; here they are "", 1 and "". ``date_raw`` is the text
    of the date that was taken, else of the first that could not be read. Raises ValueError if ``settings.zone`` names no zone.
    """
    headline = _plain(raw.headline, raw.html, one_line)
    body = _plain(raw.body, raw.html, plain_text)
    description = body if raw.description == raw.body else _plain(raw.description, raw.html, plain_text)
    url = _verbatim(raw.url)
    if headline is None and description is None and body is None and url is None:
        return Reject(
            Stage.NORMALISE_ARTICLES, Reason.NO_CONTENT, raw.source_uri, f"{raw.position}: no headline, no text and no link", raw.payload
        )
    canonical = canonical_url(url) if url else None
    warnings = list(raw.warnings)
    language = language_tag(raw.language) or language_tag(settings.language)
    date_source, date_raw, published = _first_date(raw, language, settings, run.now, warnings)
    modified = UNDATED
    if raw.modified:
        read = _read_date(raw.modified, language, settings.date_order, settings.zone, run.now)
        if isinstance(read, Refused):
            _warn_unparsed(read, warnings)
        else:
            modified = read[1]
    authors = _distinct(raw.bylines)
    publisher = settings.publisher or raw.publisher
    return {
        "id": "",
        "revision": 1,
        "source_id": _verbatim(raw.source_id),
        "url": url,
        "canonical_url": None if raw.url_is_void else canonical,
        "domain": registrable_domain(canonical) if canonical else None,
        "publisher": (one_line(publisher) or None) if publisher else None,
        "publisher_country": settings.country,
        "tags": list(settings.tags),
        "headline": headline,
        "description": description,
        "article_body": body,
        "body_source": raw.body_source if body else "none",
        "date_published": published.date_published,
        "date_precision": published.date_precision,
        "published_on": published.published_on,
        "published_from": published.published_from,
        "published_until": published.published_until,
        "date_raw": date_raw,
        "date_source": date_source,
        "date_flags": list(published.date_flags),
        "date_modified": modified.date_published,
        "in_language": None,
        "language_declared": language,
        "language_score": None,
        "authors": authors,
        "byline": "; ".join(authors) or None,
        "agencies": [],
        "dateline": None,
        "captions": [],
        "images": _images(raw) if raw.images else [],
        "keywords": _distinct(raw.keywords),
        "sections": _distinct(raw.sections),
        "country_codes": [],
        "countries": [],
        "word_count": word_count(body) if body else 0,
        "feed_url": _verbatim(raw.feed_url),
        "source_uri": codec.scrub(raw.source_uri),
        "extra": codec.encode(raw.extra).decode() if raw.extra else None,
        "content_hash": "",
        "near_duplicate_of": None,
        "ingested_at": _timestamp(run.now),
        "run_id": run.run_id,
        "schema_version": SCHEMA_VERSION,
        "pipeline_version": PIPELINE_VERSION,
        "warnings": list(dict.fromkeys(warnings)) if warnings else [],
    }


@lru_cache(maxsize=1024)
def language_tag(text: str | None) -> str | None:
    """A language tag in BCP 47 (RFC 5646 section 2.1.1) case: "en_us" is "en-US", "zh-hant" is "zh-Hant"; None for what is no tag."""
    if text is None or _LANGUAGE_TAG.fullmatch(text := text.strip()) is None:
        return None
    language, *subtags = text.replace("_", "-").lower().split("-")
    after_singleton = False
    for place, subtag in enumerate(subtags):
        if len(subtag) == 2 and not after_singleton:
            subtags[place] = subtag.upper()
        elif len(subtag) == 4 and not after_singleton:
            subtags[place] = subtag.capitalize()
        after_singleton = after_singleton or len(subtag) == 1
    return "-".join([language, *subtags])


def _plain(text: str | None, is_html: bool, as_plain: Callable[[str], str]) -> str | None:
    if not text:
        return None
    if is_html and ("<" in text or "&" in text):
        text = html_to_text(text)
    return as_plain(text) or None


def _verbatim(text: str | None) -> str | None:
    """``text`` as given, less what cannot be seen: an id or URL has no other spelling."""
    if not text:
        return None
    if not (text.isascii() and text.isprintable()):
        text = drop_controls(text)
    return text.strip() or None


def _distinct(names: Iterable[str]) -> list[str]:
    """``names`` as single lines, each once whatever its case, in the first spelling met."""
    lines = [line for line in map(one_line, names) if line]
    if len(lines) < 2:
        return lines
    found: dict[str, str] = {}
    for line in lines:
        found.setdefault(line.casefold(), line)
    return list(found.values())


def _images(raw: RawArticle) -> list[Image]:
    images: list[Image] = []
    for url, caption, credit in raw.images:
        if absolute := absolute_url(url, raw.url or raw.feed_url):
            images.append({"url": absolute, "caption": _plain(caption, False, plain_text), "credit": _plain(credit, False, one_line)})
    return images


_Dated = tuple[ParsedDate, RecordDate]


def _first_date(
    raw: RawArticle, language: str | None, settings: SourceSettings, now: dt.datetime, warnings: list[str]
) -> tuple[str | None, str | None, RecordDate]:
    """Source, text and forms of the most trusted date that can be read; else source and text of the first that cannot."""
    taken: tuple[str, str, _Dated] | None = None
    unparsed: tuple[str, str] | None = None
    for source, text in raw.dates:
        read = _read_date(text, language, settings.date_order, settings.zone, now)
        if isinstance(read, Refused):
            if _warn_unparsed(read, warnings) and unparsed is None:
                unparsed = (source, text)
        elif taken is None:
            taken = (source, text, read)
        elif UPDATED not in (source, taken[0]) and _lie_apart(read[0], taken[2][0]):
            warnings.append(DATES_DISAGREE)
    if taken:
        return taken[0], _verbatim(taken[1]), taken[2][1]
    if unparsed:
        return unparsed[0], _verbatim(unparsed[1]), UNDATED
    return None, None, UNDATED


def _read_date(text: str, language: str | None, order: str | None, zone: str | None, now: dt.datetime) -> _Dated | Refused:
    # days come again and again, instants do not
    read = _parse_known_date if len(text) <= len("YYYY-MM-DD") else _parse_date
    return read(text, language, order, zone, now)


def _parse_date(text: str, language: str | None, order: str | None, zone: str | None, now: dt.datetime) -> _Dated | Refused:
    # no base: nobody knows from when the relative words of a file count
    parsed = parse_date(text, language=language, order=order)
    if isinstance(parsed, Refused):
        return parsed
    if zone:
        parsed = assume_zone(parsed, time_zone(zone))
    return parsed, record_date(parsed, now)


_parse_known_date = lru_cache(maxsize=4096)(_parse_date)


def _warn_unparsed(refused: Refused, warnings: list[str]) -> bool:
    if refused.reason is Refusal.EMPTY:
        return False
    warnings.append(UNPARSED_DATE)
    return True


def _lie_apart(one: ParsedDate, other: ParsedDate) -> bool:
    """Whether more than a day lies between the two intervals: less may be the zone, or how coarse they are."""
    day = dt.timedelta(days=1)
    return one.start - other.until > day or other.start - one.until > day
