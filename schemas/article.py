"""The article record: one ordered table of fields, from which every schema and page is made.

Names are schema.org's NewsArticle terms in snake_case. Every key is always written, in this order.
Lists are never null. Later versions only append nullable fields at the end.

JSON has no dates, so a file holds them as text. A field that always holds a day or an instant has
the type ``Day`` or ``Instant``, and every reader then gives it a date or a timestamp.
"""

from typing import Annotated, TypedDict

SCHEMA_VERSION = 4

STANDING_TEXT = "standing_text"
"""The warning of an article whose body its outlet publishes under several headlines."""

DATE_PRECISIONS = (
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "season",
    "quarter",
    "year",
    "decade",
)
"""How exact a date may be, the most exact first."""

Day = Annotated[str, "day"]
"""A day, ``YYYY-MM-DD``. Readers give it as a date."""
Instant = Annotated[str, "instant"]
"""An instant in UTC, ``YYYY-MM-DDTHH:MM:SSZ``. Readers give it as a timestamp."""


class Caption(TypedDict):
    """A caption lifted out of the body, with its credit line (IPTC Photo Metadata, Credit Line)."""

    text: str
    credit: str | None


class Image(TypedDict):
    """A picture that the feed names."""

    url: str
    caption: str | None
    credit: str | None


class DateCandidate(TypedDict):
    """A date that was met: its source, its text, its value in EDTF (null if it cannot be read)."""

    source: str
    raw: str
    value: str | None


class CountryMentions(TypedDict):
    """An ISO 3166-1 alpha-2 code, and how often the text names the country."""

    code: str
    mentions: int


class Article(TypedDict):
    """A row of ``articles``. Annotations hold the type, the meaning and the source of the name."""

    id: Annotated[
        str, "32 hex digits: of the canonical URL; else of source and source_id; else of the content", "newslake"
    ]
    revision: Annotated[
        int, "1 in articles; 2, 3, ... in revisions, when the same id comes again with changed content", "newslake"
    ]
    source_id: Annotated[str | None, "the publisher's own id (guid, row id)", "RSS guid, Atom id"]
    url: Annotated[str | None, "the URL as given", "schema.org url"]
    canonical_url: Annotated[
        str | None,
        "the URL that names the article: no trackers, AMP, redirectors, nor fragments that name no item",
        "HTML rel=canonical",
    ]
    domain: Annotated[str | None, "registrable domain of canonical_url", "Public Suffix List"]
    publisher: Annotated[
        str | None, "from the source's configuration, else the feed or document", "schema.org publisher"
    ]
    publisher_country: Annotated[str | None, "ISO 3166-1 alpha-2, from the source's configuration", "ISO 3166-1"]
    tags: Annotated[list[str], "of the source's configuration; OPML folders become tags", "newslake"]
    headline: Annotated[str | None, "plain text, NFC", "schema.org headline"]
    description: Annotated[str | None, "the summary, plain text, NFC", "schema.org description"]
    article_body: Annotated[str | None, "plain text, NFC, paragraphs parted by a blank line", "schema.org articleBody"]
    body_source: Annotated[
        str, "feed_content, feed_summary, page, file or none: a teaser is never taken for a text", "newslake"
    ]
    date_published: Annotated[
        str | None, "2023, 2023-03, 2023-03-20, 2023-03-20T14:05Z or with seconds: as far as it is known", "EDTF"
    ]
    date_precision: Annotated[
        str, "decade, year, season, quarter, month, week, day, hour, minute, second or none", "EDTF"
    ]
    published_on: Annotated[
        Day | None,
        "the day as printed, in its own zone; null for articles known to the month only; use published_from",
        "newslake",
    ]
    published_from: Annotated[Instant | None, "start of the half-open interval that the date spans, UTC", "EDTF"]
    published_until: Annotated[Instant | None, "end of the half-open interval that the date spans, UTC", "EDTF"]
    date_raw: Annotated[str | None, "the text in which the date was found", "newslake"]
    date_source: Annotated[
        str | None, "feed, updated, field, json_ld, meta, time, body_prefix, dateline, url or filename", "newslake"
    ]
    date_flags: Annotated[
        list[str],
        "coarse, ambiguous_dmy, order_assumed, year_inferred, zone_assumed, zone_unknown, relative, future, "
        "epoch_zero, bogus_weekday, approximate, uncertain",
        "newslake",
    ]
    date_modified: Annotated[str | None, "as date_published", "schema.org dateModified"]
    in_language: Annotated[str | None, "detected language, BCP 47", "schema.org inLanguage"]
    language_declared: Annotated[str | None, "the language that the source claims, BCP 47", "BCP 47"]
    language_score: Annotated[float | None, "the detector's score, 0 to 1", "newslake"]
    authors: Annotated[list[str], "people, split and cleaned", "schema.org author"]
    byline: Annotated[str | None, "the byline's raw text", "IPTC byline"]
    agencies: Annotated[list[str], "agencies of the text, from its dateline or byline", "newslake"]
    dateline: Annotated[str | None, "the place that the text opens with", "schema.org dateline"]
    captions: Annotated[list[Caption], "captions lifted out of the body", "IPTC Photo Metadata"]
    images: Annotated[list[Image], "pictures that the feed names, or else those of its text", "Media RSS"]
    keywords: Annotated[list[str], "categories and keywords", "schema.org keywords"]
    sections: Annotated[list[str], "sections of the outlet", "schema.org articleSection"]
    country_codes: Annotated[list[str], "ISO 3166-1 codes of countries named, most mentioned first", "ISO 3166-1"]
    countries: Annotated[list[CountryMentions], "the same with counts", "ISO 3166-1"]
    word_count: Annotated[int, "words of article_body, script-aware", "schema.org wordCount"]
    feed_url: Annotated[str | None, "the feed that the article came from", "newslake"]
    source_uri: Annotated[str, "the file or feed that was read, secrets removed", "newslake"]
    extra: Annotated[str | None, "a JSON object of the input's columns that became no field", "newslake"]
    content_hash: Annotated[
        str, "32 hex digits: of headline and body as they came, less markup and white space", "newslake"
    ]
    near_duplicate_of: Annotated[
        str | None, "id of the kept article that this one nearly repeats, if it is marked and not dropped", "newslake"
    ]
    ingested_at: Annotated[Instant, "the run's instant, UTC", "newslake"]
    run_id: Annotated[str, "the run that wrote the row", "newslake"]
    schema_version: Annotated[int, "version of this table", "newslake"]
    pipeline_version: Annotated[str, "version of newslake that wrote the row", "newslake"]
    warnings: Annotated[list[str], "what was repaired or doubted while reading and normalising", "newslake"]
    date_candidates: Annotated[
        list[DateCandidate] | None,
        "every date that was met, the most trusted first; null in rows of version 1",
        "newslake",
    ]
    source: Annotated[
        str | None,
        "the source that source_id is unique in; null without source_id, and in rows of versions 1 and 2",
        "newslake",
    ]
    near_score: Annotated[
        float | None,
        "how much alike the article and near_duplicate_of are: the estimated Jaccard index, else the containment; "
        "null in rows of versions 1 to 3",
        "newslake",
    ]


class Duplicate(Article):
    """A row of ``duplicates``: the whole record, and the article that it repeats."""

    duplicate_of: Annotated[str, "id of the kept article that this one repeats", "newslake"]
    rule: Annotated[str, "identity, content or near", "newslake"]
    score: Annotated[
        float,
        "1.0 for identity and content; for near the estimated Jaccard index, else the containment",
        "newslake",
    ]
