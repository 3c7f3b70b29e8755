import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas import codec
from newslake.schemas.article import Article
from newslake.schemas.raw import RawArticle, RunFacts, SourceSettings
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.schemas.tables import partition_code
from newslake.transforms.normalise.article import language_tag, normalise_article

RUN = RunFacts("20240601T120000-a1", dt.datetime(2024, 6, 1, 14, tzinfo=dt.timezone(dt.timedelta(hours=2))))
NOTHING_SAID = SourceSettings()


def raw_article(**fields: Any) -> RawArticle:
    return RawArticle(**{"source_uri": "in/news.jsonl", "position": "line 7", "headline": "Bridge reopens", **fields})


def article(settings: SourceSettings = NOTHING_SAID, **fields: Any) -> Article:
    made = normalise_article(raw_article(**fields), settings, RUN)
    assert not isinstance(made, Reject)
    return made


def test_every_field_is_there_in_the_order_of_the_table() -> None:
    assert list(article()) == list(Article.__annotations__)


def test_an_article_with_nothing_but_a_headline_says_so() -> None:
    made = article()
    assert {name: value for name, value in made.items() if value not in (None, "", [], 0)} == {
        "revision": 1,
        "headline": "Bridge reopens",
        "body_source": "none",
        "date_precision": "none",
        "in_language": "und",
        "language_score": made["language_score"],
        "source_uri": "in/news.jsonl",
        "ingested_at": "2024-06-01T12:00:00Z",
        "run_id": "20240601T120000-a1",
        "schema_version": 4,
        "pipeline_version": made["pipeline_version"],
    }


def test_a_whole_article_becomes_a_whole_record() -> None:
    made = article(
        SourceSettings(country="NL", tags=("regional",)),
        source_id=" 81-b ",
        url=" https://www.courant.example/bridge?utm_source=rss#top ",
        feed_url="https://www.courant.example/rss",
        headline="Bridge\n reopens",
        description="After  a year.",
        body="First paragraph.\r\n\r\n\r\nSecond one.",
        body_source="file",
        dates=(("field", "2024-05-06T07:08:09+02:00"),),
        modified="2024-05-07",
        language="en_gb",
        publisher="The  Courant",
        bylines=("Ann Lee", " ann lee", "Bo Ek"),
        keywords=("Bridges", "bridges ", "Roads"),
        sections=("Region", ""),
        images=(("/1.jpg", "The  bridge", None), ("data:,x", None, None)),
        extra={"b": 1, "a": [True]},
        warnings=("invalid_utf8",),
    )
    expected = {
        "source_id": "81-b",
        "url": "https://www.courant.example/bridge?utm_source=rss#top",
        "canonical_url": "https://www.courant.example/bridge",
        "domain": "courant.example",
        "publisher": "The Courant",
        "publisher_country": "NL",
        "tags": ["regional"],
        "headline": "Bridge reopens",
        "description": "After a year.",
        "article_body": "First paragraph.\n\nSecond one.",
        "body_source": "file",
        "date_published": "2024-05-06T07:08:09+02:00",
        "date_precision": "second",
        "published_on": "2024-05-06",
        "published_from": "2024-05-06T05:08:09Z",
        "published_until": "2024-05-06T05:08:10Z",
        "date_raw": "2024-05-06T07:08:09+02:00",
        "date_source": "field",
        "date_flags": [],
        "date_modified": "2024-05-07",
        "language_declared": "en-GB",
        "authors": ["Ann Lee", "Bo Ek"],
        "byline": "Ann Lee; Bo Ek",
        "keywords": ["Bridges", "Roads"],
        "sections": ["Region"],
        "images": [{"url": "https://www.courant.example/1.jpg", "caption": "The bridge", "credit": None}],
        "word_count": 4,
        "feed_url": "https://www.courant.example/rss",
        "extra": '{"b":1,"a":[true]}',
        "warnings": ["invalid_utf8"],
    }
    assert {name: made[name] for name in expected} == expected  # type: ignore[literal-required]


def test_an_article_without_content_is_rejected_with_its_payload() -> None:
    empty = raw_article(
        headline="\u200e ", body="\n", description="", url=" ", payload=b"{}", dates=(("field", "2023"),)
    )
    assert normalise_article(empty, NOTHING_SAID, RUN) == Reject(
        Stage.NORMALISE_ARTICLES, Reason.NO_CONTENT, "in/news.jsonl", "line 7: no headline, no text and no link", b"{}"
    )


@pytest.mark.parametrize("one", [{"headline": "x"}, {"description": "x"}, {"body": "x"}, {"url": "x"}])
def test_any_one_of_headline_text_and_link_is_enough(one: dict[str, str]) -> None:
    assert not isinstance(normalise_article(raw_article(**{"headline": None, **one}), NOTHING_SAID, RUN), Reject)


def test_the_settings_of_the_source_come_before_what_it_says() -> None:
    made = article(
        SourceSettings(publisher="Courant", language="nl"), publisher="courant.example/rss", language="none at all"
    )
    assert (made["publisher"], made["language_declared"]) == ("Courant", "nl")
    assert article(SourceSettings(language="nl"), language="fr")["language_declared"] == "fr"


def test_markup_is_read_only_in_articles_of_html() -> None:
    marked_up: dict[str, Any] = {
        "headline": "Q&amp;A",
        "description": "<b>Why</b>",
        "body": "<p>One</p><p>Two &lt; three</p>",
    }
    made = article(html=True, **marked_up)
    assert (made["headline"], made["description"], made["article_body"]) == ("Q&A", "Why", "One\n\nTwo < three")
    made = article(**marked_up)
    assert (made["headline"], made["description"]) == ("Q&amp;A", "<b>Why</b>")


def test_a_teaser_is_not_taken_for_a_text() -> None:
    assert article(body="Only the lead.", body_source="feed_summary")["body_source"] == "feed_summary"
    made = article(body=" ", description="Only the lead.", body_source="feed_content")
    assert (made["article_body"], made["body_source"], made["word_count"]) == (None, "none", 0)


def test_a_url_that_identifies_nothing_has_no_canonical_form_but_a_domain() -> None:
    made = article(url="https://www.courant.example/", url_is_void=True)
    assert (made["url"], made["canonical_url"], made["domain"]) == (
        "https://www.courant.example/",
        None,
        "courant.example",
    )
    made = article(url="urn:uuid:7")
    assert (made["url"], made["canonical_url"], made["domain"]) == ("urn:uuid:7", None, None)


@pytest.mark.parametrize(
    ("fragment", "source_id", "kept"),
    [
        ("#v1.2", "7", "#v1.2"),
        ("#v1.2", None, "#v1.2"),
        ("#photos", "7", ""),
        ("#photos", None, "#photos"),
        ("#comments", None, ""),
        ("#xtor=RSS-1", None, ""),
    ],
)
def test_a_fragment_names_an_article_if_it_looks_like_an_item_or_nothing_else_does(
    fragment: str, source_id: str | None, kept: str
) -> None:
    page = "https://www.courant.example/log"
    assert article(url=page + fragment, source_id=source_id)["canonical_url"] == page + kept
    home = article(url=page + fragment, source_id=source_id, url_is_void=True)
    assert home["canonical_url"] == (page + kept if kept else None)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "nan",
            "NaN",
            "None",
            "null",
            "NULL",
            "(null)",
            "<NA>",
            "N/A",
            "#N/A",
            "n/a",
            "NA",
            "NaT",
            "nil",
            "undefined",
        ),
        *("unknown", "-", "--", "?", " ", "0", "\\N", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_an_id_that_stands_for_no_id_is_null(text: str) -> None:
    made = article(source_id=text, source="files")
    assert (made["source_id"], made["source"]) == (None, None)


@pytest.mark.parametrize("text", ["1", "-1", "10", "nan-1", "unknown-soldier", "N", "na.7", "0x0a"])
def test_every_other_id_stays_and_names_its_source(text: str) -> None:
    made = article(source_id=text)
    assert (made["source_id"], made["source"]) == (text, "in/news.jsonl")
    assert article(source_id=text, source="files")["source"] == "files"


def test_the_most_trusted_date_that_can_be_read_is_taken() -> None:
    made = article(dates=(("feed", "last week"), ("updated", ""), ("url", "2023-04-05"), ("filename", "2023-04")))
    assert (made["date_published"], made["date_source"], made["date_raw"]) == ("2023-04-05", "url", "2023-04-05")
    assert made["warnings"] == ["unparsed_date"]


def test_a_date_that_cannot_be_read_is_kept_as_text() -> None:
    made = article(dates=(("field", "sometime\x00 in May"), ("url", "33/04/2023")))
    assert (made["date_published"], made["date_precision"], made["published_from"]) == (None, "none", None)
    assert (made["date_raw"], made["date_source"], made["warnings"]) == ("sometime in May", "field", ["unparsed_date"])


@pytest.mark.parametrize(
    ("dates", "warnings"),
    [
        ((("field", "2023-04-05"), ("url", "2023-04-06T23:00Z")), []),
        ((("field", "2023-04-05"), ("url", "2023-04-07")), []),
        ((("field", "2023-04-05"), ("url", "2023-04-07T00:00:01Z")), ["dates_disagree: url 2023-04-07T00:00:01Z"]),
        ((("field", "2023-04-05"), ("url", "2023-04-03T12:00Z")), ["dates_disagree: url 2023-04-03T12:00Z"]),
        ((("field", "2023-04-05"), ("filename", "2023-04")), []),
        ((("feed", "2023-04-05"), ("updated", "2023-09-01")), []),
    ],
)
def test_dates_more_than_a_day_apart_are_pointed_out(dates: tuple[tuple[str, str], ...], warnings: list[str]) -> None:
    made = article(dates=dates)
    assert (made["date_published"], made["warnings"]) == ("2023-04-05", warnings)


def test_the_zone_of_the_source_is_for_times_that_have_none() -> None:
    amsterdam = SourceSettings(zone="Europe/Amsterdam")
    made = article(amsterdam, dates=(("field", "2023-07-01 10:00"),))
    assert (made["date_published"], made["published_from"]) == ("2023-07-01T10:00+02:00", "2023-07-01T08:00:00Z")
    assert made["date_flags"] == ["zone_assumed"]
    assert article(dates=(("field", "2023-07-01 10:00"),))["date_flags"] == ["zone_unknown"]
    assert article(amsterdam, dates=(("field", "2023-07-01"),))["published_from"] == "2023-07-01T00:00:00Z"
    with pytest.raises(ValueError, match="Europe/Atlantis"):
        article(SourceSettings(zone="Europe/Atlantis"), dates=(("field", "2023-07-01 10:00"),))


def test_a_month_stays_a_month() -> None:
    made = article(body="The first paragraph.", body_source="file", dates=(("body_prefix", "2023-03"),))
    assert {name: value for name, value in made.items() if "date_" in name or "published_" in name} == {
        "date_published": "2023-03",
        "date_precision": "month",
        "published_on": None,
        "published_from": "2023-03-01T00:00:00Z",
        "published_until": "2023-04-01T00:00:00Z",
        "date_raw": "2023-03",
        "date_source": "body_prefix",
        "date_flags": ["coarse"],
        "date_modified": None,
        "date_candidates": [{"source": "body_prefix", "raw": "2023-03", "value": "2023-03"}],
    }


def test_the_sample_document_is_of_a_month() -> None:
    shared = Path(os.environ.get("NEWSLAKE_SHARED", Path(__file__).parents[4] / "shared"))
    documents = sorted((shared / "documents").glob("*.txt"))
    if not documents:
        pytest.skip(f"no sample documents in {shared}; name their folder in NEWSLAKE_SHARED")
    _, date, text = documents[0].read_text(encoding="utf-8").split(maxsplit=2)
    made = article(headline=None, body=text, body_source="file", dates=(("body_prefix", date),))
    assert (made["date_published"], made["date_precision"], made["date_flags"]) == ("2023-03", "month", ["coarse"])
    assert (made["published_from"], made["published_until"]) == ("2023-03-01T00:00:00Z", "2023-04-01T00:00:00Z")
    caption = "Souvenirs in Moskou, voor het bezoek van Xi aan de stad"
    assert made["captions"] == [{"text": caption, "credit": "AFP"}]
    assert caption not in (made["article_body"] or "")
    assert made["word_count"] == len(
        [word for word in text.replace(f"{caption} - AFP", "").split() if any(map(str.isalnum, word))]
    )
    assert made["in_language"] == "nl"
    assert {"CN", "RU", "UA"} <= set(made["country_codes"])


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("2023", 20230000),
        ("2023-03", 20230300),
        ("2023-03-20T23:00:00-08:00", 20230320),
        ("2030-01", 0),
        ("soon", 0),
        ("1502-03-04", 15020304),
        ("0002-03-04", 0),
    ],
)
def test_an_article_is_filed_under_its_printed_date(date: str, code: int) -> None:
    assert partition_code(article(dates=(("field", date),))) == code


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("EN", "en"),
        ("en_us", "en-US"),
        (" pt-br ", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("DE-1996", "de-1996"),
        ("es-419", "es-419"),
        ("en-x-us", "en-x-us"),
        ("english", None),
        ("en, fr", None),
        ("", None),
        ("nederlands (BE)", None),
        (None, None),
    ],
)
def test_a_language_tag_gets_its_usual_case_and_other_text_gives_none(text: str | None, tag: str | None) -> None:
    assert language_tag(text) == tag


ODD = st.text() | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "\u202e",
        "<p>",
        "&#0;",
        "a" * 5_000,
        "https://[",
        "http://a/\ud83d",
        "0001-01-01",
        "9999-12-31T24:00",
        "0",
    ]
)
MAYBE = st.none() | ODD
SEVERAL = st.lists(ODD, max_size=3).map(tuple)


@given(
    st.builds(
        RawArticle,
        source_uri=ODD,
        position=st.just("line 1"),
        source_id=MAYBE,
        url=MAYBE,
        url_is_void=st.booleans(),
        feed_url=MAYBE,
        headline=MAYBE,
        description=MAYBE,
        body=MAYBE,
        body_source=st.just("file"),
        html=st.booleans(),
        dates=st.lists(st.tuples(st.just("field"), ODD), max_size=3).map(tuple),
        modified=MAYBE,
        language=MAYBE,
        publisher=MAYBE,
        bylines=SEVERAL,
        keywords=SEVERAL,
        sections=SEVERAL,
        images=st.lists(st.tuples(ODD, MAYBE, MAYBE), max_size=2).map(tuple),
        extra=st.none() | st.dictionaries(ODD, ODD, max_size=2),
    ),
    st.sampled_from([NOTHING_SAID, SourceSettings(zone="+05:30", date_order="dmy", language="en")]),
)
def test_any_input_gives_a_record_that_can_be_written(raw: RawArticle, settings: SourceSettings) -> None:
    made = normalise_article(raw, settings, RUN)
    if not isinstance(made, Reject):
        assert (
            json.loads(json.dumps(made, ensure_ascii=False).encode()) == made
        )  # no surrogates, nothing that JSON cannot hold
        assert codec.decode(codec.encode(made)) == made
        assert list(made) == list(Article.__annotations__)


PARAGRAPHS = st.sampled_from(
    [
        "The bridge was closed for a year, and nobody in the town was sorry to see the ferry go.",
        "The bridge at dawn - AFP",
        "The old ferry (Photo: Fenna Castrovin for AP)",
        "Foto: ANP / Fenna Castrovin",
        "OOSTERWIEK (ANP) - De brug gaat weer open.",
        "(Reuters)",
        "© dpa",
        "China and Russia will build two more.",
        "  a   line\nand another  ",
        "",
    ]
)


@given(
    st.lists(PARAGRAPHS | st.text(max_size=40), max_size=6).map("\n\n".join),
    st.sampled_from(["2024-05-07", "03/04/2023", "7 mei 2024", "2023-03", "soon", ""]),
    st.sampled_from([None, "By Ann Lee and Bo Ek, Reuters", "Door onze correspondent Bo Ek"]),
    st.sampled_from([(), ("a, b, c", "A"), ("#Ukraine",)]),
    st.booleans(),
)
def test_normalising_an_article_twice_changes_nothing(
    body: str, date: str, byline: str | None, keywords: tuple[str, ...], is_html: bool
) -> None:
    if is_html:
        body = (
            "<p>"
            + body.replace("\n\n", "</p><p>")
            + "</p><figure><img src=x><figcaption>A boat <i class=credit>AFP</i></figcaption></figure>"
        )
    raw = raw_article(
        body=body,
        body_source="file",
        html=is_html,
        url="http://courant.example/2024/05/07/bridge?utm_source=x",
        dates=(("field", date),),
        bylines=(byline,) if byline else (),
        keywords=keywords,
    )
    once = normalise_article(raw, NOTHING_SAID, RUN)
    assert not isinstance(once, Reject)
    again = raw_article(
        headline=once["headline"],
        body=once["article_body"],
        body_source=once["body_source"],
        url=once["canonical_url"],
        dates=((once["date_source"] or "field", once["date_raw"] or ""),),
        bylines=(once["byline"],) if once["byline"] else (),
        keywords=tuple(once["keywords"]),
    )
    twice = normalise_article(again, NOTHING_SAID, RUN)
    assert not isinstance(twice, Reject)
    changing = {"url", "captions", "date_candidates", "warnings"}
    assert {name: value for name, value in twice.items() if name not in changing} == {
        name: value for name, value in once.items() if name not in changing
    }


def test_a_byline_of_html_is_read_and_kept_as_plain_text() -> None:
    made = article(bylines=('<a href="/ann">Ann Lee</a> &amp; Bo Ek', "Cor Veer\nBo Ek | March 20, 2023"))
    assert made["authors"] == ["Ann Lee", "Bo Ek", "Cor Veer"]
    assert made["byline"] == "Ann Lee & Bo Ek; Cor Veer; Bo Ek | March 20, 2023"


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        ("(Image credit: Ann Bee)", "Ann Bee"),
        ("Image credit: Courtesy image", "Courtesy image"),
        ("Photo: Ann Bee/EPX", "Ann Bee/EPX"),
        ("Ann Bee/EPX", "Ann Bee/EPX"),
    ],
)
def test_the_credit_of_a_picture_has_no_label(credit: str, expected: str) -> None:
    raw = raw_article(images=(("https://p.example/p.jpg", "The ferry", credit),))
    made = normalise_article(raw, NOTHING_SAID, RUN)
    assert isinstance(made, dict)
    assert made["images"] == [{"url": "https://p.example/p.jpg", "caption": "The ferry", "credit": expected}]


def test_a_picture_alone_is_content() -> None:
    pictures = (("https://p.example/p.jpg", None, None),)
    made = normalise_article(RawArticle("f", "entry 1", images=pictures), NOTHING_SAID, RUN)
    assert isinstance(made, dict)
    assert made["images"] == [{"url": "https://p.example/p.jpg", "caption": None, "credit": None}]
