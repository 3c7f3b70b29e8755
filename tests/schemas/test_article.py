"""The table of fields keeps what the design promises to readers."""

import re

import pytest

from newslake.schemas import article, readers
from newslake.schemas.tables import ARTICLES, DUPLICATES, TABLES

VERSION_1 = [
    "id",
    "revision",
    "source_id",
    "url",
    "canonical_url",
    "domain",
    "publisher",
    "publisher_country",
    "tags",
    "headline",
    "description",
    "article_body",
    "body_source",
    "date_published",
    "date_precision",
    "published_on",
    "published_from",
    "published_until",
    "date_raw",
    "date_source",
    "date_flags",
    "date_modified",
    "in_language",
    "language_declared",
    "language_score",
    "authors",
    "byline",
    "agencies",
    "dateline",
    "captions",
    "images",
    "keywords",
    "sections",
    "country_codes",
    "countries",
    "word_count",
    "feed_url",
    "source_uri",
    "extra",
    "content_hash",
    "near_duplicate_of",
    "ingested_at",
    "run_id",
    "schema_version",
    "pipeline_version",
    "warnings",
]


def test_the_fields_of_version_1_stand_first_and_in_their_order() -> None:
    assert [field.name for field in readers.fields(ARTICLES)][: len(VERSION_1)] == VERSION_1


def test_what_later_versions_add_is_nullable_and_raises_the_version() -> None:
    added = readers.fields(ARTICLES)[len(VERSION_1) :]
    assert all(field.nullable for field in added)
    assert (article.SCHEMA_VERSION > 1) == bool(added)


def test_a_duplicate_is_an_article_with_what_it_repeats_at_the_end() -> None:
    names = [field.name for field in readers.fields(DUPLICATES)]
    assert names == [field.name for field in readers.fields(ARTICLES)] + ["duplicate_of", "rule", "score"]


@pytest.mark.parametrize("table", TABLES)
def test_names_are_snake_case_and_every_field_has_a_meaning_and_a_standard(table: str) -> None:
    for field in readers.fields(table):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", field.name)
        assert field.meaning
        assert field.standard


@pytest.mark.parametrize("table", TABLES)
def test_lists_are_never_null_but_where_an_earlier_version_has_none(table: str) -> None:
    lists = [field for field in readers.fields(table) if field.type not in (str, int, float, bool)]
    assert {field.name for field in lists if field.nullable} <= {"date_candidates", "notices"}
