"""Which column of a row fills which field: the names that tools give their columns.

A name is compared in lower case, without ``_``, ``-`` and spaces. A dot leads into an object, or
into each object of a list: ``keywords.value``. A column whose own name has dots, as a flattened
table has it, matches too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "headline": (
        ("common", "headline title head heading"),
        ("Guardian", "webTitle fields.headline"),
        ("NYT, Arc", "headline.main headline.print_headline headlines.basic"),
        ("WordPress", "title.rendered post_title"),
        ("Kaggle: a million headlines, India news", "headline_text article_title article_name news_title"),
        ("news-please", "title_page title_rss"),
        ("newspaper", "og_title meta_title"),
    ),
    "body": (
        ("common, schema.org", "article_body body text content full_text body_text"),
        ("news-please, CC-News, Fundus", "main_text plain_text"),
        (
            "WordPress, JSON Feed, RSS in rows",
            "content.rendered post_content content_text content_html content:encoded",
        ),
        ("Guardian, Arc", "fields.body fields.bodyText content_elements"),
        ("goose3, readability, postlight", "cleaned_text text_content"),
        ("All the News, CNN and DailyMail, XSum", "article? document? story?"),
        ("Kaggle and scrapers", "article_text article_content news_content news_text story_text text_body"),
        ("trafilatura, newspaper, Ghost", "raw_text article_html html?"),
        ("NYT: the first paragraph", "lead_paragraph"),
    ),
    "description": (
        ("common", "description summary abstract lead excerpt standfirst teaser"),
        ("WordPress", "excerpt.rendered post_excerpt custom_excerpt"),
        ("Guardian", "fields.trailText fields.standfirst trail_text"),
        ("NYT, HuffPost, newspaper, postlight", "snippet short_description meta_description dek"),
        ("CNN and DailyMail", "highlights"),
        ("other", "subtitle sub_headline synopsis intro"),
    ),
    "url": (
        ("common", "url link href permalink canonical_url article_url article_link"),
        ("scrapers: a page may be a list of articles", "title_url title_href document_url page_url"),
        ("Guardian, NYT", "web_url"),
        ("CC-News, Fundus", "requested_url html.requested_url responded_url html.responded_url"),
        ("newspaper, JSON Feed, scrapers", "canonical_link external_url news_url story_url source_link original_url"),
        ("schema.org", "mainEntityOfPage"),
        ("trafilatura has the URL in source; ids may be URLs", "source? uri? guid? id?"),
    ),
    "date": (
        ("schema.org and common", "date_published published published_at publish_date publication_date pub_date"),
        ("news-please, Fundus, CC-News", "date_publish publishing_date published_date"),
        ("Guardian", "webPublicationDate fields.firstPublicationDate"),
        ("Event Registry: before date, when it was found", "dateTimePub"),
        ("readability, scrapers", "published_time publish_time publication_time first_published published_on"),
        ("NELA-GT, Arc", "published_utc display_date"),
        ("WordPress: UTC before the site's own time", "date_gmt post_date_gmt post_date"),
        ("common", "article_date date datetime"),
        ("Dublin Core", "dc:date dcterms:issued"),
        ("GDELT: when the article was first seen", "seen_date"),
        ("common, less sure", "timestamp created_at created date_created created_date"),
    ),
    "modified": (
        ("WordPress", "modified_gmt post_modified_gmt post_modified"),
        ("common", "date_modified modified updated updated_at last_modified modified_at date_updated last_updated"),
        ("news-please, NYT, Guardian", "date_modify updated_date fields.lastModified"),
    ),
    "source_id": (
        ("common", "article_id source_id id guid uuid"),
        ("MediaCloud, scrapers", "stories_id story_id news_id post_id item_id doc_id document_id identifier"),
        ("Event Registry, NYT", "uri?"),
    ),
    "byline": (
        ("common", "byline author authors author(s) creator article_author"),
        ("NYT", "byline.original byline.person"),
        ("Guardian, Arc", "fields.byline credits.by.name"),
        ("WordPress", "_embedded.author.name yoast_head_json.author author_name"),
        ("other", "dc:creator author_names reporter journalist writer primary_author"),
    ),
    "language": (
        ("common", "language lang in_language language_code"),
        ("newspaper, Guardian, others", "meta_lang fields.lang locale"),
    ),
    "publisher": (
        ("trafilatura, readability, CC-News", "source_hostname site_name"),
        ("common", "publisher outlet newspaper publication"),
        ("NewsAPI, Event Registry, MediaCloud", "source.name source.title source_name media_name"),
        ("Bing, GNews", "provider.name provider"),
        ("Guardian", "fields.publication"),
        ("common: trafilatura has a URL here", "source?"),
        ("news-please, GDELT, RealNews", "source_domain? domain? hostname?"),
    ),
    "keywords": (
        ("NYT", "keywords.value"),
        ("common", "keywords tags topics"),
        ("Guardian", "tags.webTitle"),
        ("WordPress", "_embedded.wp:term.name"),
        ("newspaper, NYT", "meta_keywords des_facet"),
    ),
    "sections": (
        ("common, schema.org", "section sections category categories article_section"),
        ("Guardian, NYT", "section_name"),
        ("Kaggle: India news, ISOT", "headline_category subject"),
    ),
    "images": (
        ("common", "image images image_url top_image image_urls"),
        ("NewsAPI, GDELT, newspaper, postlight", "urlToImage social_image top_img lead_image_url main_image"),
        ("Guardian, NYT", "fields.thumbnail multimedia.url multimedia.default.url"),
        ("WordPress, Ghost", "_embedded.wp:featuredmedia.source_url jetpack_featured_media_url feature_image"),
        ("Bing", "image.thumbnail.contentUrl"),
    ),
}
"""Field -> (tool, its names), the surest names first.

A name with "?" is a false friend elsewhere: its value decides (``values.fits``). Times at which a
program fetched or stored an article are no dates of it, so ``crawl_date`` or ``filedate`` have no
line here.
"""

DATE_PARTS = ("year", "month", "day")
"""Columns that together are a date, as in All the News, if no other column holds one."""

UTC_COLUMNS = frozenset({"dategmt", "postdategmt", "modifiedgmt", "postmodifiedgmt", "publishedutc"})
"""Columns whose times are in UTC but do not say so (WordPress REST API, NELA-GT)."""

WRAPPERS = ("_source", "attributes", "doc", "article", "item", "data", "node", "post")
"""Columns in which a record may hold the article as an object: Elasticsearch, JSON:API, CouchDB."""

_PUNCTUATION = str.maketrans("", "", "_- ")


def fold(name: str) -> str:
    """Return a name in the form in which names are compared.

    A flattened export of Elasticsearch has "_source." before each name, which does not count.

    >>> fold("Article-Body"), fold("fields.bodyText"), fold("_source.title")
    ('articlebody', 'fields.bodytext', 'title')
    """
    return name.lower().removeprefix("_source.").translate(_PUNCTUATION)


class Known(NamedTuple):
    """A name of the table: a column, the path below it, and whether the value decides."""

    head: str
    path: tuple[str, ...]
    is_doubtful: bool


def _known(names: str) -> tuple[Known, ...]:
    parts = [(fold(name.rstrip("?")).split("."), name.endswith("?")) for name in names.split()]
    return tuple(Known(path[0], tuple(path[1:]), doubt) for path, doubt in parts)


_TABLE = {field: tuple(known for _, names in groups for known in _known(names)) for field, groups in COLUMNS.items()}


class Source(NamedTuple):
    """Where a field may come from: a column, or the first of ``paths`` that holds something.

    ``is_name`` tells that the column's own name is known, so the whole value counts if no path
    leads to a value. ``is_doubtful`` tells that this whole value decides whether it belongs here.
    """

    column: str
    is_name: bool
    paths: tuple[tuple[str, ...], ...] = ()
    is_doubtful: bool = False


class Plan(NamedTuple):
    """What becomes of the columns of a row."""

    fields: tuple[tuple[str, tuple[Source, ...]], ...]
    """(field, its sources, the most trusted first)."""
    parts: tuple[str | None, str | None, str | None]
    """The columns of year, month and day."""
    wrapper: str | None
    """The column that may hold the article as an object, in a row without a headline of its own."""
    rest: tuple[str, ...]
    """Columns that fill no field."""


def field_of(name: str) -> str | None:
    """Return the field that a column with this name fills, or None.

    >>> field_of("article_body"), field_of("size")
    ('body', None)
    """
    head, *path = fold(name).split(".")
    for field, known in _TABLE.items():
        if any(one[:2] == (head, tuple(path)) and not one.is_doubtful for one in known):
            return field
    return None


def plan_columns(columns: Iterable[str], configured: tuple[tuple[str, str], ...] = ()) -> Plan:
    """Return what becomes of a row with these columns.

    ``configured`` are pairs (column, field). They come first, and such a column fills no other
    field. Their names match exactly, else without case, ``_``, ``-`` and spaces, else as a path.
    """
    present = list(columns)
    own = _configured(present, configured)
    taken = {source.column for _, source in own if not source.paths}
    by_name = names_of(column for column in present if column not in taken)
    fields = []
    for field, known in _TABLE.items():
        sources = [source for target, source in own if target == field]
        sources += _sources(known, by_name)
        if sources:
            fields.append((field, tuple(sources)))
    parts = [next(iter(by_name.get(name, ())), None) for name in DATE_PARTS]
    if parts[0] is None:
        parts = [None, None, None]
    has_headline = any(field == "headline" and any(one.is_name for one in sources) for field, sources in fields)
    mapped = {source.column for _, sources in fields for source in sources} | set(parts)
    return Plan(
        tuple(fields),
        (parts[0], parts[1], parts[2]),
        None if has_headline else next((name for name in WRAPPERS if name in present and name not in taken), None),
        tuple(column for column in present if column not in mapped),
    )


def names_of(columns: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns by their folded names; a column in just that spelling comes first."""
    by_name: dict[str, list[str]] = {}
    for column in columns:
        by_name.setdefault(fold(column), []).append(column)
    for name, same in by_name.items():
        if len(same) > 1:
            same.sort(key=lambda column: column.lower() != name)
    return by_name


def locate(name: str, by_name: Mapping[str, list[str]]) -> Source | None:
    """Return the source that a name of the configuration means, or None if no column has it."""
    same = by_name.get(fold(name), [])
    if same:
        return Source(name if name in same else same[0], is_name=True)
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        if heads := by_name.get(fold(".".join(parts[:length]))):
            return Source(heads[0], is_name=False, paths=(tuple(parts[length:]),))
    return None


def _configured(present: list[str], configured: tuple[tuple[str, str], ...]) -> list[tuple[str, Source]]:
    if not configured:
        return []
    by_name = names_of(present)
    located = [(field, locate(name, by_name)) for name, field in configured]
    return [(field, source) for field, source in located if source is not None]


def _sources(known: tuple[Known, ...], by_name: dict[str, list[str]]) -> list[Source]:
    """Return the sources of one field, in the order of the table; each column stands once."""
    found: dict[str, Source] = {}
    for name in known:
        flat = ".".join((name.head, *name.path))
        for column in by_name.get(flat, ()) if name.path else ():
            found.setdefault(column, Source(column, is_name=True))
        for column in by_name.get(name.head, ()):
            before = found.get(column, Source(column, is_name=False))
            if name.path:
                found[column] = before._replace(paths=(*before.paths, name.path))
            elif not before.is_name:
                found[column] = before._replace(is_name=True, is_doubtful=name.is_doubtful)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first rows of a source tell about all of its rows."""

    rows: int = 0
    columns: tuple[str, ...] = ()
    """The columns met, in their order; a value in an object has a dotted name."""
    fields: tuple[tuple[str, str], ...] = ()
    """Pairs (column, field): the columns that give something, or that are empty and known by name.
    """
    missing_words: frozenset[str] = frozenset()
    """Words such as "None" that stand for nothing in the texts of this source."""
    serial_days: frozenset[str] = frozenset()
    """Columns whose dates are numbers of days, as Excel counts them."""
    unknown: tuple[str, ...] = ()
    """Names of the configuration that no row has."""
    guesses: tuple[tuple[str, str], ...] = ()
    """Pairs (column, field) that the values of columns without a field suggest."""
