"""One export of each tool, in its documented form: which column is which, and nothing is lost."""

from typing import Any, NamedTuple

import pytest

from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.transforms.files.columns.mapper import FieldMapper
from newslake.transforms.files.columns.names import COLUMNS, Source, locate, names_of, plan_columns
from newslake.transforms.files.columns.survey import notices, refusal, survey_rows

LEAD = "The ferry leaves at dawn."
TEXT = "The harbour opened its new quay on Friday. Three hundred people came to see the first ship."
HEADLINE = "Harbour opens new quay"
URL = "https://paper.example/2024/03/04/quay"


class Export(NamedTuple):
    row: dict[str, Any]
    date: str
    bylines: tuple[str, ...] = ("Ada Moor",)
    extra: dict[str, Any] | None = None
    """The columns that are no field, and the parts of objects that fill none."""
    publisher: str | None = "The Paper"
    body: str | None = TEXT
    headline: str | None = HEADLINE


EXPORTS = {
    "news-please": Export(
        {
            "authors": ["Ada Moor"],
            "date_download": "2024-05-01 09:00:00",
            "date_modify": "2024-03-05 08:00:00",
            "date_publish": "2024-03-04 10:00:00",
            "description": LEAD,
            "filename": "quay.json",
            "image_url": "https://paper.example/quay.jpg",
            "language": "en",
            "localpath": None,
            "maintext": TEXT,
            "source_domain": "paper.example",
            "text": None,
            "title": HEADLINE,
            "title_page": None,
            "title_rss": None,
            "url": URL,
        },
        "2024-03-04 10:00:00",
        extra={"date_download": "2024-05-01 09:00:00", "filename": "quay.json"},
        publisher="paper.example",
    ),
    "Fundus": Export(
        {
            "title": HEADLINE,
            "body": {"summary": [LEAD], "sections": [{"headline": ["At sea"], "paragraphs": [TEXT]}]},
            "authors": ["Ada Moor"],
            "publishing_date": "2024-03-04 10:00:00+01:00",
            "topics": ["Harbours"],
            "free_access": True,
            "html": {"requested_url": URL, "responded_url": f"{URL}?r=1", "crawl_date": "2024-05-01"},
            "publisher": "The Paper",
        },
        "2024-03-04 10:00:00+01:00",
        extra={"free_access": True, "html": {"responded_url": f"{URL}?r=1", "crawl_date": "2024-05-01"}},
        body=f"{LEAD}\n\nAt sea\n\n{TEXT}",
    ),
    "trafilatura": Export(
        {
            "title": HEADLINE,
            "author": "Ada Moor",
            "hostname": "paper.example",
            "date": "2024-03-04",
            "fingerprint": "ab12cd",
            "id": None,
            "license": None,
            "comments": "",
            "raw_text": TEXT.replace(". ", ".\n"),
            "text": TEXT,
            "language": "en",
            "image": "https://paper.example/quay.jpg",
            "pagetype": "article",
            "filedate": "2024-05-02",
            "source": URL,
            "source-hostname": "The Paper",
            "excerpt": LEAD,
            "categories": "Local;Sea",
            "tags": "harbour",
        },
        "2024-03-04",
        extra={"hostname": "paper.example", "fingerprint": "ab12cd", "pagetype": "article", "filedate": "2024-05-02"},
    ),
    "CC-News": Export(
        {
            "requested_url": URL,
            "responded_url": f"{URL}?r=1",
            "plain_text": TEXT,
            "published_date": "2024-03-04",
            "title": HEADLINE,
            "tags": [],
            "categories": [],
            "author": ["Ada Moor"],
            "sitename": "The Paper",
            "image_url": "",
            "language": "en",
            "language_score": 0.9,
            "publisher": "paper.example",
            "warc_path": "crawl.warc.gz",
            "crawl_date": "2024-05-01T00:00:00Z",
        },
        "2024-03-04",
        extra={
            "responded_url": f"{URL}?r=1",
            "language_score": 0.9,
            "publisher": "paper.example",
            "warc_path": "crawl.warc.gz",
            "crawl_date": "2024-05-01T00:00:00Z",
        },
    ),
    "All the News": Export(
        {
            "date": "2016-12-09 18:31:00",
            "year": "2016",
            "month": "12.0",
            "day": "9",
            "author": "Ada Moor",
            "title": HEADLINE,
            "article": TEXT,
            "url": URL,
            "section": "Local",
            "publication": "The Paper",
        },
        "2016-12-09 18:31:00",
        extra={"year": "2016", "month": "12.0", "day": "9"},
    ),
    "WordPress REST": Export(
        {
            "id": 77,
            "date": "2024-03-04T10:00:00",
            "date_gmt": "2024-03-04T09:00:00",
            "guid": {"rendered": "https://paper.example/?p=77"},
            "modified_gmt": "2024-03-05T09:00:00",
            "slug": "quay",
            "link": URL,
            "title": {"rendered": HEADLINE},
            "content": {"rendered": TEXT, "protected": False},
            "excerpt": {"rendered": LEAD, "protected": False},
            "author": 12,
            "categories": [3, 5],
            "tags": [],
            "_embedded": {"author": [{"id": 12, "name": "Ada Moor"}]},
        },
        "2024-03-04T09:00:00Z",
        extra={
            "guid": {"rendered": "https://paper.example/?p=77"},
            "slug": "quay",
            "content": {"protected": False},
            "excerpt": {"protected": False},
            "author": 12,
            "categories": [3, 5],
            "_embedded": {"author": [{"id": 12, "name": "Ada Moor"}]},
        },
        publisher=None,
    ),
    "NewsAPI": Export(
        {
            "source": {"id": "paper", "name": "The Paper"},
            "author": "Ada Moor",
            "title": HEADLINE,
            "description": LEAD,
            "url": URL,
            "urlToImage": None,
            "publishedAt": "2024-03-04T10:00:00Z",
            "content": f"{TEXT}… [+1234 chars]",
        },
        "2024-03-04T10:00:00Z",
        extra={"source": {"id": "paper"}},
        body=f"{TEXT}… [+1234 chars]",
    ),
    "New York Times": Export(
        {
            "abstract": LEAD,
            "web_url": URL,
            "snippet": LEAD,
            "lead_paragraph": TEXT,
            "source": "The Paper",
            "multimedia": [],
            "headline": {"main": HEADLINE, "kicker": None, "print_headline": "New Quay"},
            "keywords": [{"name": "subject", "value": "Harbours", "rank": 1}],
            "pub_date": "2024-03-04T10:00:00+0000",
            "document_type": "article",
            "news_desk": "Metro",
            "section_name": "New York",
            "byline": {"original": "By Ada Moor", "person": [{"firstname": "Ada", "lastname": "Moor", "rank": 1}]},
            "type_of_material": "News",
            "_id": "nyt://article/1",
            "word_count": 700,
            "uri": "nyt://article/1",
        },
        "2024-03-04T10:00:00+0000",
        bylines=("By Ada Moor",),
        extra={
            "headline": {"print_headline": "New Quay"},
            "keywords": [{"name": "subject", "value": "Harbours", "rank": 1}],
            "document_type": "article",
            "news_desk": "Metro",
            "byline": {"person": [{"firstname": "Ada", "lastname": "Moor", "rank": 1}]},
            "type_of_material": "News",
            "word_count": 700,
        },
    ),
    "GDELT": Export(
        {
            "url": URL,
            "url_mobile": "https://m.paper.example/quay",
            "title": HEADLINE,
            "seendate": "20240304T101500Z",
            "socialimage": "https://paper.example/quay.jpg",
            "domain": "paper.example",
            "language": "English",
            "sourcecountry": "Ireland",
        },
        "20240304T101500Z",
        bylines=(),
        extra={"url_mobile": "https://m.paper.example/quay", "sourcecountry": "Ireland"},
        publisher="paper.example",
        body=None,
    ),
    "MediaCloud": Export(
        {
            "stories_id": 1234567,
            "title": HEADLINE,
            "url": URL,
            "guid": f"{URL}#1",
            "publish_date": "2024-03-04 10:00:00",
            "indexed_date": "2024-03-05 01:00:00",
            "language": "en",
            "media_id": 7,
            "media_name": "The Paper",
            "media_url": "https://paper.example/",
        },
        "2024-03-04 10:00:00",
        bylines=(),
        extra={
            "stories_id": 1234567,
            "indexed_date": "2024-03-05 01:00:00",
            "media_id": 7,
            "media_url": "https://paper.example/",
        },
        body=None,
    ),
    "Guardian": Export(
        {
            "id": "world/2024/mar/04/quay",
            "type": "article",
            "sectionId": "world",
            "sectionName": "World news",
            "webPublicationDate": "2024-03-04T10:00:00Z",
            "webTitle": HEADLINE,
            "webUrl": URL,
            "apiUrl": "https://content.api.example/world/2024/mar/04/quay",
            "fields": {
                "headline": HEADLINE,
                "trailText": LEAD,
                "byline": "Ada Moor",
                "body": f"<p>{TEXT}</p>",
                "wordcount": "17",
                "publication": "The Paper",
            },
            "tags": [{"id": "world/sea", "type": "keyword", "webTitle": "Sea"}],
        },
        "2024-03-04T10:00:00Z",
        extra={
            "type": "article",
            "sectionId": "world",
            "apiUrl": "https://content.api.example/world/2024/mar/04/quay",
            "fields": {"headline": HEADLINE, "wordcount": "17"},
            "tags": [{"id": "world/sea", "type": "keyword", "webTitle": "Sea"}],
        },
        body=f"<p>{TEXT}</p>",
    ),
    "newspaper": Export(
        {
            "url": URL,
            "title": HEADLINE,
            "text": TEXT,
            "authors": ["Ada Moor"],
            "publish_date": "2024-03-04T10:00:00",
            "top_image": "https://paper.example/quay.jpg",
            "movies": [],
            "meta_description": LEAD,
            "meta_lang": "en",
            "source_url": "https://paper.example",
        },
        "2024-03-04T10:00:00",
        extra={"source_url": "https://paper.example"},
        publisher=None,
    ),
    "schema.org": Export(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": HEADLINE,
            "articleBody": TEXT,
            "datePublished": "2024-03-04T10:00:00+01:00",
            "author": [{"@type": "Person", "name": "Ada Moor"}],
            "publisher": {"@type": "Organization", "name": "The Paper", "logo": {"url": "https://paper.example/l.png"}},
            "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
        },
        "2024-03-04T10:00:00+01:00",
        extra={
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "publisher": {"@type": "Organization", "logo": {"url": "https://paper.example/l.png"}},
            "mainEntityOfPage": {"@type": "WebPage"},
        },
    ),
    "Elasticsearch": Export(
        {
            "_index": "news",
            "_id": "a1",
            "_score": 1.5,
            "_source": {
                "title": HEADLINE,
                "body": TEXT,
                "published": "2024-03-04",
                "url": URL,
                "author": "Ada Moor",
                "site_name": "The Paper",
            },
        },
        "2024-03-04",
        extra={"_index": "news", "_score": 1.5},
    ),
    "Elasticsearch, flattened": Export(
        {
            "_id": "a1",
            "_source.title": HEADLINE,
            "_source.body": TEXT,
            "_source.published": "2024-03-04",
            "_source.url": URL,
            "_source.author": "Ada Moor",
            "_source.site_name": "The Paper",
            "_source.desk": "sea",
        },
        "2024-03-04",
        extra={"_source.desk": "sea"},
    ),
    "Arc": Export(
        {
            "_id": "ARC1",
            "headlines": {"basic": HEADLINE, "web": ""},
            "description": {"basic": LEAD},
            "content_elements": [{"_id": "1", "type": "text", "content": TEXT}],
            "display_date": "2024-03-04T10:00:00Z",
            "canonical_url": URL,
            "credits": {"by": [{"type": "author", "name": "Ada Moor"}]},
            "distributor": {"name": "The Paper"},
        },
        "2024-03-04T10:00:00Z",
        extra={"credits": {"by": [{"type": "author", "name": "Ada Moor"}]}, "distributor": {"name": "The Paper"}},
        publisher=None,
    ),
    "Event Registry": Export(
        {
            "uri": "143701955",
            "lang": "eng",
            "date": "2024-03-05",
            "time": "01:00:00",
            "dateTimePub": "2024-03-04T10:00:00Z",
            "url": URL,
            "title": HEADLINE,
            "body": TEXT,
            "source": {"uri": "paper.example", "title": "The Paper"},
            "authors": [{"uri": "ada@paper.example", "name": "Ada Moor", "type": "author"}],
            "image": "https://paper.example/quay.jpg",
            "sentiment": -0.2,
        },
        "2024-03-04T10:00:00Z",
        extra={
            "time": "01:00:00",
            "source": {"uri": "paper.example"},
            "authors": [{"uri": "ada@paper.example", "name": "Ada Moor", "type": "author"}],
            "sentiment": -0.2,
        },
    ),
    "RealNews": Export(
        {
            "url": URL,
            "url_used": f"{URL}?u=1",
            "title": HEADLINE,
            "text": TEXT,
            "summary": LEAD,
            "authors": ["Ada Moor"],
            "publish_date": "03-04-2024",
            "domain": "paper.example",
            "warc_date": "2024-05-01T00:00:00Z",
            "status": "success",
        },
        "03-04-2024",
        extra={"url_used": f"{URL}?u=1", "warc_date": "2024-05-01T00:00:00Z", "status": "success"},
        publisher="paper.example",
    ),
}


def mapped(row: dict[str, Any], **settings: Any) -> RawArticle:
    return FieldMapper(SourceSettings(**settings)).article(row, "file:///a.jsonl", "line 1", b"")


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
def test_the_export_of_a_tool_becomes_an_article_and_nothing_is_lost(export: Export) -> None:
    article = mapped(export.row)
    assert (article.headline, article.body, article.url) == (export.headline, export.body, URL)
    assert (article.dates[0], article.bylines) == (("field", export.date), export.bylines)
    assert article.publisher == export.publisher
    assert article.extra == export.extra
    assert refusal(survey_rows([export.row], SourceSettings())) is None


def test_a_survey_names_what_an_export_does_not_have() -> None:
    assert notices(survey_rows([EXPORTS["Guardian"].row], SourceSettings())) == ()
    (told,) = notices(survey_rows([EXPORTS["GDELT"].row], SourceSettings()))
    assert told == "no column gives the text (body); columns without a field: 'url_mobile', 'sourcecountry'"


def test_a_flattened_table_has_the_names_of_the_nested_one() -> None:
    row = {"headline.main": HEADLINE, "fields.bodyText": TEXT, "source.name": "The Paper", "byline.original": "By Ada"}
    article = mapped(row)
    assert (article.headline, article.body, article.publisher) == (HEADLINE, TEXT, "The Paper")
    assert (article.bylines, article.extra) == (("By Ada",), None)


def test_a_configured_name_matches_exactly_then_loosely_then_as_a_path() -> None:
    row = {"Kop": "Loose", "kop": "Exact", "meta": {"Body Text": TEXT}, "title": "Known"}
    fields = (("kop", "headline"), ("meta.body_text", "body"))
    article = mapped(row, fields=fields)
    assert (article.headline, article.body) == ("Exact", TEXT)
    assert article.extra == {"Kop": "Loose", "title": "Known"}
    assert mapped({"K-O P": "Loose"}, fields=fields).headline == "Loose"


def test_a_path_reads_columns_whose_own_names_have_dots() -> None:
    known = names_of(["data.meta", "other"])
    assert locate("data.meta.kop", known) == Source("data.meta", is_name=False, paths=(("kop",),))
    assert locate("data.kop", known) is None


def test_a_column_in_the_very_spelling_comes_before_a_similar_one() -> None:
    assert mapped({"_id": "a", "id": "b"}).source_id == "b"


@pytest.mark.parametrize(
    ("row", "url", "publisher"),
    [
        ({"source": "The Paper"}, None, "The Paper"),
        ({"source": URL}, URL, None),
        ({"source": URL, "domain": "paper.example"}, URL, "paper.example"),
        ({"source": "The Paper", "domain": "paper.example"}, None, "The Paper"),
        ({"source": {"name": "The Paper"}}, None, "The Paper"),
        ({"source": "{'id': None, 'name': 'The Paper'}"}, None, "The Paper"),
        ({"source": "https://paper.example", "url": URL}, URL, None),
        ({"id": URL}, URL, None),
        ({"guid": URL, "link": f"{URL}/1"}, f"{URL}/1", None),
        ({"uri": "143701955"}, None, None),
    ],
)
def test_the_value_decides_about_a_false_friend(row: dict[str, Any], url: str | None, publisher: str | None) -> None:
    article = mapped({"title": HEADLINE, **row})
    assert (article.url, article.publisher, article.warnings) == (url, publisher, ())


def test_an_id_that_is_a_url_stays_the_id_too() -> None:
    assert mapped({"id": URL}).source_id == URL
    assert mapped({"uri": "143701955"}).source_id == "143701955"
    assert mapped({"article_id": "7", "source_id": "bbc"}).source_id == "7"


def test_a_column_that_lost_stays_in_extra_unless_it_says_the_same() -> None:
    assert mapped({"text": TEXT, "content": "Another text.", "maintext": TEXT}).extra == {"content": "Another text."}
    assert mapped({"source": 5, "title": HEADLINE}).extra == {"source": 5}
    assert mapped({"story": "ddUyU0VZz0BRneMi", "title": HEADLINE}).extra == {"story": "ddUyU0VZz0BRneMi"}


def test_all_dates_are_candidates_and_the_parts_of_a_date_count_alone() -> None:
    dates = mapped({"published": "2024-03-04", "created_at": "2024-03-01"}).dates
    assert dates == (("field", "2024-03-04"), ("field", "2024-03-01"))
    assert mapped({"year": 2016, "month": 12.0, "day": "9"}).dates == (("field", "2016-12-09"),)
    assert mapped({"Year": "2016", "Month": "nan", "title": "x"}).dates == (("field", "2016"),)
    assert mapped({"day": "9"}).extra == {"day": "9"}


def test_each_known_name_fills_the_field_of_its_line() -> None:
    for field, groups in COLUMNS.items():
        for name in " ".join(names for _, names in groups).replace("?", "").split():
            head, _, path = name.partition(".")
            assert field in dict(plan_columns([name]).fields), name
            assert any(source.column == head for source in dict(plan_columns([head]).fields).get(field, ())), path
