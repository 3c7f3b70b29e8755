"""Ids, keys and content hashes.

The golden values are stored in lakes: a change of them is a new version of the index.
"""

import datetime as dt
import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.article import Article
from newslake.schemas.raw import NormalisedBatch, RawArticle, RunFacts, SourceSettings
from newslake.schemas.staging import UNBELIEVED, UNKNOWN_INSTANT, Link, StagedBatch
from newslake.transforms.deduplicate.keys import content_digests, identify_articles, url_key
from newslake.transforms.deduplicate.words import word_digests
from newslake.transforms.normalise.article import normalise_article

RUN = RunFacts("run", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
TEXT = (
    "Twenty words of text that say nothing much but are enough to be told from others wherever they stand again today."
)


def article(**fields: object) -> tuple[Article, RawArticle]:
    raw = RawArticle("/in/x.jsonl", "byte 0", body_source="file", **fields)  # type: ignore[arg-type]
    made = normalise_article(raw, SourceSettings(), RUN)
    assert isinstance(made, dict)
    return made, raw


def identified(*articles: tuple[Article, RawArticle]) -> StagedBatch:
    return identify_articles(NormalisedBatch(list(articles)))


def test_markup_and_spaces_make_no_other_content() -> None:
    plain = RawArticle("x", "1", headline="A headline", body="Bread & butter.\n\nAnd jam: 1.5 l.")
    marked = RawArticle(
        "y", "2", headline="A  headline", body="<p>Bread &amp; butter.</p><p>And <b>jam</b>: 1.5 l.</p>", html=True
    )
    digests, others = content_digests([plain, marked])
    assert digests == others
    assert digests.exact == hashlib.sha256(b"Aheadline\0Bread&butter.Andjam:1.5l.").digest()[:16]
    assert [digests.words] == word_digests([("a headline", "bread butter and jam 1.5 l")])
    assert [digests.body] == word_digests([("bread butter and jam 1.5 l",)])


def test_capitals_commas_and_quotes_are_an_edit_but_no_other_words() -> None:
    first, second = content_digests(
        [RawArticle("x", "1", headline=text) for text in ("“Polish” it, he said", '"polish" it he said')]
    )
    assert first.exact != second.exact
    assert first.words == second.words


def test_an_edit_of_a_number_is_another_content_for_all() -> None:
    first, second = content_digests(
        [RawArticle("x", "1", headline="H", body=f"It lost {number} million.") for number in ("1.5", "15")]
    )
    assert first.exact != second.exact
    assert first.words != second.words


def test_http_and_https_name_one_article() -> None:
    assert url_key("http://e.org/a") == url_key("https://e.org/a") != url_key("https://e.org/b")


def test_the_id_is_that_of_the_canonical_url_else_of_the_source_id_else_of_the_content() -> None:
    by_url, tracked = (
        article(url="https://e.org/a", body=TEXT),
        article(url="https://E.org/a?utm_source=x", body="other"),
    )
    by_id, same_id = article(source_id="7", body=TEXT), article(source_id="7", body="other")
    by_text, same_text = article(body=TEXT), article(body=TEXT + " ")
    identified(by_url, tracked, by_id, same_id, by_text, same_text)
    ids = [made["id"] for made, _ in (by_url, tracked, by_id, same_id, by_text, same_text)]
    assert ids[0] == ids[1]
    assert ids[2] == ids[3]
    assert ids[4] == ids[5]
    assert len(set(ids)) == 3


def keys(source_id: str, url: str = "https://e.org/1", **more: object) -> tuple[int, int]:
    """Return the key of the source_id, and what the URL tells."""
    columns = identified(article(source_id=source_id, url=url, body=TEXT, **more)).columns
    return int(columns["source_hi"][0]), int(columns["link"][0])


@pytest.mark.parametrize(
    "guid",
    [
        *("https://e.org/1", "https://e.org/1#0", "https://e.org/1#12", "http://e.org/1#v2", "https://e.org/1@2"),
        *("https://e.org/1@v3", "https://e.org/1?v=2", "https://e.org/1?version=1700000000"),
    ],
)
@pytest.mark.parametrize("url", ["https://e.org/1", "https://e.org/1?utm_source=rss", "http://e.org/1#comments"])
def test_a_guid_that_is_the_link_and_a_counter_is_the_link(guid: str, url: str) -> None:
    key = keys("http://e.org/1" if guid.startswith("http:") else "https://e.org/1", url)
    assert keys(guid, url) == key


@pytest.mark.parametrize(
    "guid",
    [
        *(
            "https://e.org/1#v1.2",
            "https://e.org/1#2024-03-05",
            "https://e.org/1#incident-7",
            "https://e.org/1#12345678",
        ),
        *("https://e.org/2#0", "https://e.org/1?p=2", "https://e.org/1/2", "tag:e.org#1", "1#2"),
    ],
)
def test_any_other_guid_is_an_id_of_its_own(guid: str) -> None:
    assert keys(guid) != keys("https://e.org/1")
    assert keys(guid) != keys(guid.rpartition("#")[0] or "x")


def test_a_fragment_of_the_link_itself_is_no_counter() -> None:
    first, second = (f"https://e.org/log#v{number}" for number in (1, 2))
    assert keys(first, first) != keys(second, second)


def test_the_columns_say_what_the_url_tells_and_where_the_id_is_unique() -> None:
    made = [
        article(body=TEXT),
        article(source_id="7", url="https://e.org/", body=TEXT),
        article(source_id="7", url="https://e.org/1", source="files"),
        article(source_id="8", url="https://e.org/2", source="files"),
    ]
    given = article(url="https://e.org/3")
    given[0]["id"] = "0" * 31 + "1"
    columns = identified(*made, given).columns
    assert columns["link"].tolist() == [Link.NONE, Link.PAGE, Link.URL, Link.URL, Link.GIVEN]
    names = columns["namespace"].tolist()
    assert (names[0], names[2] == names[3], names[1] != names[2], names[4]) == (0, True, True, 0)
    text = bytes.fromhex(made[0][0]["id"])
    assert columns["text"][:2].tobytes() == text + text


def test_a_date_that_cannot_be_true_counts_as_unknown() -> None:
    dates = ("2023-03-20", "2099-01-01", "1970-01-01", "03/04/2023")
    doubt = identified(*(article(headline="H", dates=(("field", date),)) for date in dates)).columns["doubt"]
    assert (doubt >= UNBELIEVED).tolist() == [False, True, True, False]


def test_short_texts_match_only_at_one_site_on_one_day() -> None:
    def key(url: str, date: str | None, body: str = "Crossword of the day") -> int:
        made = article(url=url, body=body, headline="Crossword", dates=(("field", date),) if date else ())
        return int(identified(made).columns["match_hi"][0])

    first = key("https://a.org/1", "2023-03-20")
    assert first == key("https://a.org/2", "2023-03-20") != 0
    assert first != key("https://a.org/3", "2023-03-21")
    assert first != key("https://b.org/1", "2023-03-20")
    assert key("https://a.org/4", "2023-03") == 0
    assert key("https://a.org/5", None) == 0


def test_long_texts_match_wherever_they_stand() -> None:
    batch = identified(
        article(url="https://a.org/1", body=TEXT), article(url="https://b.org/1", body=TEXT, dates=(("field", "2023"),))
    )
    assert batch.columns["match_hi"][0] == batch.columns["match_hi"][1] != 0


def test_contents_have_eight_bytes_and_names_have_four() -> None:
    made = article(
        url="https://a.org/1", source_id="7", headline="H", body=TEXT, dates=(("field", "2023-03-20T10:00:00Z"),)
    )
    columns = identified(made).columns
    names = ("lead", "outlet", "headline", "body", "namespace")
    assert {columns[name].dtype.str for name in names} == {"<u4"}
    assert {columns[name].dtype.str for name in ("content", "stable")} == {"<u8"}
    assert all(columns[name][0] for name in (*names, "content", "stable"))
    assert columns["content"][0].tobytes().hex() == made[0]["content_hash"][:16]


def body_key(**fields: object) -> int:
    return int(
        identified(article(**{"url": "https://a.org/1", "headline": "One", "body": TEXT, **fields})).columns["body"][0]
    )


def test_a_body_is_known_by_its_outlet_and_its_words_and_not_by_its_headline() -> None:
    key = body_key()
    assert key == body_key(headline="Two") == body_key(url="https://a.org/2", body=TEXT.upper()) != 0
    assert key == body_key(headline="Two", body=f"Two\n\n{TEXT}")
    assert key != body_key(url="https://b.org/1")
    assert key != body_key(body=f"{TEXT} Again.")


@pytest.mark.parametrize(
    "fields", [{"url": None}, {"headline": None}, {"headline": "…"}, {"body": " ".join(TEXT.split()[:19])}]
)
def test_a_body_without_outlet_or_headline_or_twenty_words_cannot_be_standing_text(fields: dict[str, object]) -> None:
    assert body_key(**fields) == 0
    assert body_key(body=" ".join(TEXT.split()[:20])) != 0


def test_the_numbers_of_the_headline_are_those_of_the_text_too_and_links_are_no_words() -> None:
    long = "The council counts twelve ships in the old harbour and 340 people on the quay. " * 2
    made = article(headline="Seven ships wait", body=long, language="en")
    linked = article(headline="Seven ships wait", body=f"{long}https://e.org/a/55/77?page=99", language="en")
    columns = identified(made, linked).columns
    numbers, in_headline = (columns[name].view("|u1").reshape(2, -1) for name in ("numbers", "headline_numbers"))
    assert np.bitwise_count(numbers).sum(axis=1).tolist() == [3, 3]
    assert np.bitwise_count(in_headline).sum(axis=1).tolist() == [1, 1]
    assert (numbers & in_headline == in_headline).all()
    assert (numbers[0] == numbers[1]).all()
    assert columns["shingles"][0] == columns["shingles"][1]


def test_the_columns_say_what_the_record_says() -> None:
    dated = article(
        url="https://a.org/1", body=TEXT, dates=(("field", "2023-03-20T14:05:09+01:00"),), modified="2023-03-21"
    )
    batch = identified(dated, article(body="undated"))
    columns = {name: column.tolist() for name, column in batch.columns.items()}
    assert columns["published_from"] == [1679317509, UNKNOWN_INSTANT]
    assert columns["modified_from"] == [1679356800, UNKNOWN_INSTANT]
    assert columns["partition"] == [20230320, 0]
    assert columns["body_length"] == [len(TEXT), 7]
    assert batch.columns["id_hi"][0].tobytes().hex() + batch.columns["id_lo"][0].tobytes().hex() == dated[0]["id"]


@given(st.text(), st.text(), st.booleans())
def test_no_text_breaks_the_digests(headline: str, body: str, is_html: bool) -> None:
    raw = RawArticle("x", "1", headline=headline, body=body, html=is_html)
    [spaced] = content_digests([RawArticle("x", "1", headline=f" {headline}\n", body=f"\t{body} ", html=is_html)])
    assert content_digests([raw]) == [spaced]
