"""From rows to articles: words that stand for nothing, extra columns, the survey of a source."""

import pickle
from pathlib import Path
from typing import Any

from commandline import rows as rows_of
from commandline import run_here, write_lines
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas import codec
from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.schemas.redact import redact_link
from newslake.transforms.files.columns.extra import MAX_ARTICLE_BYTES, MAX_VALUE_BYTES, keep_extra
from newslake.transforms.files.columns.mapper import FieldMapper, missing_columns
from newslake.transforms.files.columns.names import Survey
from newslake.transforms.files.columns.survey import notices, refusal, survey_rows

TEXT = "The harbour opened its new quay on Friday. Three hundred people came to see the first ship arrive. " * 2


def mapped(row: dict[str, Any], survey: Survey | None = None, **settings: Any) -> RawArticle:
    return FieldMapper(SourceSettings(**settings), survey).article(row, "file:///a.jsonl", "line 1", b"")


def surveyed(rows: list[dict[str, Any]], **settings: Any) -> list[RawArticle]:
    survey = survey_rows(rows, SourceSettings(**settings))
    return [mapped(row, survey, **settings) for row in rows]


def test_a_word_that_is_alone_may_be_meant() -> None:
    assert mapped({"title": "None", "language": "nan", "text": TEXT}).headline == "None"
    assert mapped({"title": "None", "language": "nan", "text": TEXT}).language == "nan"
    assert [article.headline for article in surveyed([{"title": "None"}, {"title": "Ships"}])] == ["None", "Ships"]


def test_a_word_that_another_cell_of_the_row_has_stands_for_nothing() -> None:
    article = mapped({"title": "nan", "text": TEXT, "url": "nan", "date": "NaT", "author": "nan", "language": "nan"})
    assert (article.headline, article.url, article.dates, article.bylines) == (None, None, (), ())
    assert (article.language, article.warnings, article.extra) == (None, (), None)


def test_the_first_rows_of_a_source_tell_which_words_stand_for_nothing() -> None:
    rows = [{"title": "Ships", "desk": "None"}, {"title": "None", "desk": "sea"}, {"title": "Null", "desk": "NULL"}]
    assert [article.headline for article in surveyed(rows)] == ["Ships", None, "Null"]
    assert survey_rows(rows, SourceSettings()).missing_words == {"None"}


def test_cells_of_a_language_tell_nothing() -> None:
    rows = [{"title": "Ships", "language": "nan"}, {"title": "nan", "language": "nan"}]
    assert [(article.headline, article.language) for article in surveyed(rows)] == [("Ships", "nan"), ("nan", "nan")]


def test_a_language_by_its_name_becomes_a_tag() -> None:
    assert mapped({"title": "x", "language": "English"}).language == "en"
    assert mapped({"title": "x", "language": "gibberish"}).extra == {"language": "gibberish"}


def test_the_next_column_counts_where_one_stands_for_nothing() -> None:
    article = mapped(
        {"id": "nan", "guid": "g1", "published": "NaT", "date": "2024-03-04", "title": " ", "head": "Ships"}
    )
    assert (article.source_id, article.dates, article.headline) == ("g1", (("field", "2024-03-04"),), "Ships")


def test_a_value_without_a_form_for_its_field_stays_in_extra_with_a_warning() -> None:
    article = mapped({"title": {"a": 1, "b": 2}, "url": "ftp://a.example/1", "author": 12, "text": TEXT})
    assert article.warnings == ("unusable_headline", "unusable_url", "unusable_byline")
    assert article.extra == {"title": {"a": 1, "b": 2}, "url": "ftp://a.example/1", "author": 12}


def test_a_date_that_cannot_be_used_stands_as_it_came() -> None:
    assert mapped({"date": {"from": 1, "to": 2}}).dates == (("field", '{"from":1,"to":2}'),)


def test_extra_keeps_all_columns_none_or_those_named() -> None:
    row = {"title": "Ships", "desk": "sea", "meta": {"score": 0, "note": ""}, "empty": "", "none": None, "list": []}
    assert mapped(row).extra == {"desk": "sea", "meta": {"score": 0, "note": ""}}
    assert mapped(row, extra="none").extra is None
    assert mapped(row, extra=("Desk", "meta.score", "title", "no")).extra == {
        "Desk": "sea",
        "meta.score": 0,
        "title": "Ships",
    }
    assert mapped({"title": "Ships"}).extra is None


def test_extra_is_bounded_and_names_its_cuts() -> None:
    article = mapped({"title": "Ships", "long": "é" * 5_000, "short": "x"})
    assert article.extra is not None
    assert article.extra["short"] == "x"
    assert set(article.extra["long"]) == {"é"}
    assert MAX_VALUE_BYTES - 4 < len(codec.encode(article.extra["long"])) <= MAX_VALUE_BYTES
    assert article.warnings == ("extra_cut",)
    many = mapped({f"c{number}": "y" * 4_000 for number in range(10)})
    assert len(codec.encode(many.extra)) <= MAX_ARTICLE_BYTES
    assert many.warnings == ("extra_cut",)


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=3_000) | st.lists(st.text(max_size=900)), max_size=9))
def test_extra_never_grows_beyond_its_bounds(columns: dict[str, Any]) -> None:
    kept, is_cut = keep_extra(columns)
    assert len(codec.encode(kept)) <= MAX_ARTICLE_BYTES
    assert all(len(codec.encode(value)) <= MAX_VALUE_BYTES for value in (kept or {}).values())
    assert is_cut or all(columns[name] == value for name, value in (kept or {}).items())


def test_secrets_of_links_are_masked_everywhere_in_a_row() -> None:
    link = "https://a.example/1?token=abcdef"
    row = {"title": "Ships", "url": link, "id": link, "api": {"link": [link, f"see {link}"]}, "note": link}
    article = mapped(row)
    masked = redact_link(link)
    assert (article.url, article.source_id) == (masked, masked)
    assert article.extra == {"api": {"link": [masked, f"see {masked}"]}, "note": masked}


def test_a_source_without_headline_and_text_is_refused_with_the_line_to_write() -> None:
    rows = [
        {
            "nr": 1,
            "kop": "Harbour opens new quay",
            "inhoud": TEXT,
            "geplaatst op": "2024-03-04",
            "adres": "https://a.example/1",
        },
        {
            "nr": 2,
            "kop": "Ships sail at night",
            "inhoud": TEXT,
            "geplaatst op": "2024-03-05",
            "adres": "https://a.example/2",
        },
    ]
    survey = survey_rows(rows, SourceSettings())
    assert refusal(survey) == (
        "no column gives a headline or a text; the columns are 'nr', 'kop', 'inhoud', 'geplaatst op', 'adres'; "
        "name them in the configuration, as in: "
        'fields = { kop = "headline", inhoud = "body", "geplaatst op" = "date", adres = "url" }; '
        "or on the command line: --field kop=headline --field inhoud=body --field 'geplaatst op=date' --field adres=url"
    )
    assert refusal(survey_rows(rows, SourceSettings(fields=(("kop", "headline"),)))) is None
    assert refusal(survey_rows([{"x": 1}], SourceSettings())) == (
        "no column gives a headline or a text; the columns are 'x'; name them in the configuration, as in: "
        'fields = { COLUMN = "headline" }; or on the command line: --field COLUMN=headline'
    )
    assert refusal(survey_rows([], SourceSettings())) is None


def test_values_in_objects_are_columns_with_dotted_names() -> None:
    rows = [{"artikel": {"kop": "Harbour opens new quay", "inhoud": TEXT}}]
    told = refusal(survey_rows(rows, SourceSettings()))
    assert told is not None
    assert 'fields = { "artikel.kop" = "headline", "artikel.inhoud" = "body" }' in told
    fields = (("artikel.kop", "headline"), ("artikel.inhoud", "body"))
    (article,) = surveyed(rows, fields=fields)
    assert (article.headline, article.body, article.extra) == ("Harbour opens new quay", TEXT, None)


def test_a_column_that_holds_nothing_usable_gives_nothing() -> None:
    assert refusal(survey_rows([{"title": {"a": 1, "b": 2}}], SourceSettings())) is not None
    assert refusal(survey_rows([{"title": None}, {"title": ""}], SourceSettings())) is None


def test_a_survey_tells_what_is_missing() -> None:
    rows = [{"title": "Ships", "inhoud": TEXT}]
    survey = survey_rows(rows, SourceSettings(fields=(("titel", "headline"),)))
    assert notices(survey) == (
        "no column gives the text (body); columns without a field: 'inhoud'; perhaps fields = { inhoud = \"body\" }",
        "no column gives the date (date); columns without a field: 'inhoud'",
    )
    survey = survey_rows(rows, SourceSettings(fields=(("tekst", "body"),)))
    assert "there is no column 'tekst', which the settings name; the columns are 'title', 'inhoud'" in notices(survey)
    assert pickle.loads(pickle.dumps(survey)) == survey


def test_numbers_of_days_are_dates_only_if_several_rows_have_them() -> None:
    rows = [{"title": "a", "date": 45355}, {"title": "b", "date": "45356.5"}]
    dates = [article.dates for article in surveyed(rows)]
    assert dates == [(("field", "2024-03-04"),), (("field", "2024-03-05T12:00:00"),)]
    assert surveyed(rows)[0].extra == {"date": 45355}
    assert surveyed(rows[:1])[0].dates == (("field", "45355"),)


def test_configured_columns_that_a_source_does_not_have_are_named() -> None:
    settings = SourceSettings(fields=(("Kop", "headline"), ("meta.body", "body"), ("x.y", "url")), extra=("desk",))
    assert missing_columns(("kop", "meta.body"), settings) == ["x.y", "desk"]
    assert missing_columns(("kop", "meta.body"), SourceSettings()) == []


def test_an_object_in_a_column_becomes_the_row_only_if_it_is_an_article() -> None:
    assert mapped({"id": 1, "data": {"title": "Ships", "id": 2}}).extra == {"record.id": 1}
    assert mapped({"data": {"attributes": {"headline": "Ships"}}}).headline == "Ships"
    assert mapped({"title": "Ships", "data": {"title": "Other"}}).headline == "Ships"
    assert mapped({"data": {"x": 1}, "text": TEXT}).extra == {"data": {"x": 1}}


CELLS = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.lists(st.text(max_size=5), max_size=2)


@given(st.dictionaries(st.sampled_from(["title", "url", "id", "source", "date", "tags", "x", "fields"]), CELLS))
def test_every_value_of_a_row_is_in_the_article(row: dict[str, Any]) -> None:
    """A value fills a field, stands in extra or in the dates, or stands for nothing."""
    article = mapped(row)
    assert isinstance(article.extra, dict | None)
    for column, value in row.items():
        if value is True:
            assert column in (article.extra or {}) or ("field", "true") in article.dates


def test_extra_is_written_and_makes_no_revision(tmp_path: Path) -> None:
    """A second run, in which only an extra column differs, finds the article unchanged."""
    path, lake = tmp_path / "a.jsonl", tmp_path / "lake"
    row = {"title": "Harbour opens new quay", "text": TEXT, "url": "https://paper.example/quay", "id": "a1"}
    summaries = []
    for score in (1, 2):
        write_lines(path, [{**row, "score": score}])
        summaries.append(run_here(lake, "--files", path))
    assert [(one["new"], one["unchanged"], one["revised"]) for one in summaries] == [(1, 0, 0), (0, 1, 0)]
    assert rows_of(lake, "SELECT extra FROM articles") == [('{"score":1}',)]
