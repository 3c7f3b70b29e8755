"""Turn one raw article into one record that holds every key of the article table, in its order."""

import datetime as dt
import importlib.metadata
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newslake.schemas import codec
from newslake.schemas.article import SCHEMA_VERSION, Article, Caption, CountryMentions, Image
from newslake.schemas.placeholders import is_missing
from newslake.schemas.raw import RawArticle, RunFacts, SourceSettings
from newslake.schemas.redact import source_name
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.normalise.bylines import people_and_agencies, plain_byline, split_byline
from newslake.transforms.normalise.countries import count_countries
from newslake.transforms.normalise.credits import Caption as CaptionLine
from newslake.transforms.normalise.credits import closing_agencies, lift_captions, split_credit
from newslake.transforms.normalise.datelines import split_dateline
from newslake.transforms.normalise.keywords import split_terms
from newslake.transforms.normalise.language import UNDETERMINED, Detected, detect_languages
from newslake.transforms.normalise.markup import FigureCaption, html_to_text, read_html
from newslake.transforms.normalise.published import Circumstances, find_modified, find_published
from newslake.transforms.normalise.text import drop_controls, one_line, plain_text, word_count
from newslake.transforms.normalise.urls import absolute_url, canonical_url, registrable_domain


def _installed_version() -> str:
    try:
        return importlib.metadata.version("newslake")
    except importlib.metadata.PackageNotFoundError:  # a checkout that is not installed
        return "0+unknown"


PIPELINE_VERSION = _installed_version()

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")

_CREDIT_LABEL = re.compile(
    r"[(\[]?\s*(?:image|photo|picture) credits?\s?:\s*(?P<name>[^()\[\]]+?)[)\]]?", re.IGNORECASE
)
"""A label that some pages print inside the element of the credit."""
_timestamp = lru_cache(maxsize=16)(codec.timestamp)
_split_credit = lru_cache(maxsize=1024)(split_credit)
"""Cached, because a feed often gives a picture's caption twice: beside the picture and in the text.
"""
_split_byline = lru_cache(maxsize=4096)(split_byline)


@dataclass(frozen=True, slots=True)
class Texts:
    """The parts of an article that hold text, as plain text.

    ``paragraphs`` are the paragraphs of ``body``. Neither holds the captions, which stand apart.
    """

    headline: str | None
    description: str | None
    url: str | None
    paragraphs: tuple[str, ...]
    captions: tuple[Caption, ...]
    body: str | None

    @property
    def text(self) -> str | None:
        """Return the body, or the description if there is no body."""
        return self.body or self.description


@dataclass(frozen=True, slots=True)
class Languages:
    """The detected language and the one that the source declares, as BCP 47 tags.

    ``detected`` is None if the article has no headline and no text.
    """

    detected: Detected | None
    declared: str | None

    @property
    def detected_or_declared(self) -> str | None:
        return self.detected.tag if self.detected and self.detected.tag != UNDETERMINED else self.declared


def normalise_article(
    raw: RawArticle, settings: SourceSettings, run: RunFacts, base: dt.datetime | None = None
) -> Article | Reject:
    """Return the record of ``raw``, or a Reject if it has no headline, no text and no URL.

    ``base`` is the instant that relative words in its dates count from; None if it is not known.
    The record has the placeholders ``id=""``, ``revision=1`` and ``content_hash=""``; the
    deduplicate stage sets these three. Raises ValueError if ``settings.zone`` is not the name of a
    time zone.
    """
    texts = read_texts(raw)
    if isinstance(texts, Reject):
        return texts
    (languages,) = find_languages([(texts, raw)], settings)
    return make_record(
        name_countries(languages, texts, raw), languages, texts, raw, settings=settings, run=run, base=base
    )


def read_texts(raw: RawArticle) -> Texts | Reject:
    """Return the plain texts of ``raw``, or a Reject if it has no content: step 1.

    ``normalise_article`` has four steps. Each step runs over a whole batch before the next one
    starts: the steps use large tables, which would push each other out of the processor's cache.
    """
    headline = _plain(raw.headline, raw.html, one_line)
    whole, figures = _text_and_figures(raw)
    is_summary = raw.description == raw.body and not figures
    description = whole if is_summary else _plain(raw.description, raw.html, plain_text)
    url = _verbatim(raw.url)
    is_empty = headline is None and description is None and whole is None and url is None
    if is_empty and not figures and not raw.images:
        return Reject(
            Stage.NORMALISE_ARTICLES,
            Reason.NO_CONTENT,
            raw.source_uri,
            f"{raw.position}: no headline, no text and no link",
            raw.payload,
        )
    paragraphs, lifted = lift_captions(whole.split("\n\n")) if whole else ((), ())
    captions = (*(_caption(figure.text, figure.credit) for figure in figures), *map(_as_record, lifted))
    return Texts(headline, description, url, paragraphs, captions, "\n\n".join(paragraphs) or None)


def find_languages(articles: Sequence[tuple[Texts, RawArticle]], settings: SourceSettings) -> list[Languages]:
    """Return the languages of many articles at once, in their order: step 2."""
    configured = language_tag(settings.language)
    read = [(texts.headline, texts.text) for texts, _ in articles]
    return [
        Languages(detected if any(text) else None, language_tag(raw.language) or configured)
        for (_, raw), text, detected in zip(articles, read, detect_languages(read), strict=True)
    ]


def name_countries(languages: Languages, texts: Texts, _: RawArticle) -> list[CountryMentions]:
    """Return the countries that the headline and the text name: step 3."""
    return count_countries("\n".join(filter(None, (texts.headline, texts.text))), languages.detected_or_declared)


def make_record(
    countries: list[CountryMentions],
    languages: Languages,
    texts: Texts,
    raw: RawArticle,
    *,
    settings: SourceSettings,
    run: RunFacts,
    base: dt.datetime | None,
) -> Article:
    """Return the record, with everything that steps 1 to 3 did not find yet: step 4."""
    body, paragraphs, url = texts.body, texts.paragraphs, texts.url
    detected = languages.detected
    source_id = usable_id(raw.source_id)
    canonical = canonical_url(url) if url else None
    domain = registrable_domain(canonical) if canonical else None
    dateline = split_dateline(paragraphs[0]) if paragraphs else None
    known = Circumstances(languages.declared or languages.detected_or_declared, settings, run.now, base)
    published = find_published(raw, canonical, dateline.date_text if dateline else None, known)
    modified, modified_warnings = find_modified(raw.modified, known)
    authors, credited = people_and_agencies([name for line in raw.bylines for name in _split_byline(line)])
    publisher = settings.publisher or raw.publisher
    return {
        "id": "",
        "revision": 1,
        "source_id": source_id,
        "url": url,
        "canonical_url": naming_url(canonical, raw.url, has_id=source_id is not None, is_void=raw.url_is_void),
        "domain": domain,
        "publisher": (one_line(publisher) or None) if publisher else domain,
        "publisher_country": settings.country,
        "tags": list(settings.tags),
        "headline": texts.headline,
        "description": texts.description,
        "article_body": body,
        "body_source": raw.body_source if body else "none",
        "date_published": published.date.date_published,
        "date_precision": published.date.date_precision,
        "published_on": published.date.published_on,
        "published_from": published.date.published_from,
        "published_until": published.date.published_until,
        "date_raw": _verbatim(published.raw),
        "date_source": published.source,
        "date_flags": list(published.date.date_flags),
        "date_modified": modified,
        "in_language": detected.tag if detected else None,
        "language_declared": languages.declared,
        "language_score": detected.score if detected else None,
        "authors": _distinct(authors),
        "byline": "; ".join(_distinct(map(plain_byline, raw.bylines))) or None,
        "agencies": _distinct((*(dateline.agencies if dateline else ()), *credited, *closing_agencies(paragraphs))),
        "dateline": dateline.place if dateline else None,
        "captions": list(texts.captions),
        "images": _images(raw) if raw.images else [],
        "keywords": split_terms(raw.keywords),
        "sections": split_terms(raw.sections),
        "country_codes": [country["code"] for country in countries],
        "countries": countries,
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
        "warnings": list(dict.fromkeys((*raw.warnings, *published.warnings, *modified_warnings))),
        "date_candidates": list(published.candidates),
        "source": source_name(codec.scrub(raw.source or raw.source_uri)) if source_id else None,
        "near_score": None,
    }


@lru_cache(maxsize=1024)
def language_tag(text: str | None) -> str | None:
    """Return a language tag in the letter case of BCP 47, or None if ``text`` is not a tag.

    "en_us" becomes "en-US", "zh-hant" becomes "zh-Hant" (RFC 5646 section 2.1.1).
    """
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


def naming_url(canonical: str | None, url: str | None, *, has_id: bool, is_void: bool = False) -> str | None:
    """Return the URL that names an article, or None.

    ``canonical`` is the canonical form of ``url``. ``is_void`` tells that the URL names a page with
    several articles, and ``has_id`` that the article has an id of its source.

    Without an id of its own, an article is told from others of its page by any fragment. A home
    page names an article only by a fragment.
    """
    if canonical and url and "#" in url and not has_id:
        canonical = canonical_url(url, keep_fragment=True)
    if canonical is None or ((is_void or is_home(canonical)) and "#" not in canonical):
        return None
    return canonical


def is_home(canonical: str | None) -> bool:
    """Tell whether ``canonical`` is the URL of a whole site, which names no article.

    >>> is_home("https://example.org/"), is_home("https://example.org/?p=7")
    (True, False)
    """
    return canonical is not None and canonical.partition("://")[2].strip("/").find("/") < 0 and "?" not in canonical


def _plain(text: str | None, is_html: bool, as_plain: Callable[[str], str]) -> str | None:
    if not text:
        return None
    if is_html and ("<" in text or "&" in text):
        text = html_to_text(text)
    return as_plain(text) or None


def _text_and_figures(raw: RawArticle) -> tuple[str | None, Sequence[FigureCaption]]:
    """Return the body as plain text without its captions, and the captions of its HTML figures."""
    if not raw.body:
        return None, ()
    if raw.html and ("<" in raw.body or "&" in raw.body):
        read = read_html(raw.body)
        return read.text or None, read.captions
    return plain_text(raw.body) or None, ()


def _as_record(caption: CaptionLine) -> Caption:
    return {"text": caption.text, "credit": caption.credit}


def _caption(text: str, credit: str | None) -> Caption:
    """Return a caption record; without ``credit``, take the credit line at the end of ``text``.

    The credit "(Image credit: Jane Doe)" is "Jane Doe".
    """
    if text and credit is None:
        split = _split_credit(text)
        text, credit = split.text, split.credit
    elif credit is not None:
        credit = _without_label(credit)
    return {"text": text, "credit": credit}


def _without_label(credit: str) -> str:
    if (label := _CREDIT_LABEL.fullmatch(credit)) is not None:
        return label["name"]
    split = _split_credit(credit)
    return split.credit if split.credit and not split.text else credit


def _verbatim(text: str | None) -> str | None:
    """Return ``text`` without control characters and outer spaces, or None if nothing is left.

    Everything else stays: an id or a URL has no other spelling.
    """
    if not text:
        return None
    if not (text.isascii() and text.isprintable()):
        text = drop_controls(text)
    return text.strip() or None


def usable_id(text: str | None) -> str | None:
    """Return the id that the source gives, or None if it stands for "no id".

    >>> usable_id("42"), usable_id("N/A"), usable_id("0"), usable_id("null")
    ('42', None, None, None)
    """
    text = _verbatim(text)
    return None if text is None or is_missing(text) else text


def _distinct(names: Iterable[str]) -> list[str]:
    """Return ``names`` as single lines, without empty ones and without repeats.

    Names that differ in letter case only are the same name; the first spelling stays.
    """
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
            told = _caption(_plain(caption, False, plain_text) or "", _plain(credit, False, one_line))
            images.append({"url": absolute, "caption": told["text"] or None, "credit": told["credit"]})
    return images
