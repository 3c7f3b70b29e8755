"""The parts of the benchmark of duplicates: the planted copies, and the counting of answers.

People read the results, so these are not tested.
"""

import datetime as dt
import json
import random
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from newslake.schemas.staging import ARTICLE_COLUMNS

FOLDER = Path(__file__).parent


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that imports a module of this folder, as the scripts in it do."""
    monkeypatch.syspath_prepend(FOLDER)
    return import_module


@pytest.fixture
def corpus(bench: Any) -> list[Any]:
    articles: list[Any] = bench("news_copies").make_corpus(3)
    return articles


def pairs(corpus: list[Any], kind: str) -> list[tuple[Any, Any]]:
    by_number = {article.number: article for article in corpus}
    found = [(by_number[article.group], article) for article in corpus if article.kind == kind]
    assert found
    return found


def test_the_same_seed_makes_the_same_corpus(bench: Any, corpus: list[Any]) -> None:
    make_corpus = bench("news_copies").make_corpus
    assert make_corpus(3) == corpus
    assert make_corpus(3, seed=2) != corpus


def test_every_genre_has_every_kind_of_copy(bench: Any, corpus: list[Any]) -> None:
    copies = bench("news_copies")
    planted = Counter((article.genre, article.kind) for article in corpus)
    assert all(planted[genre.name, kind] for genre in copies.GENRES for kind in copies.KINDS)
    assert all(planted[page, page] for page in copies.PAGES)


def test_a_copy_stands_on_another_outlets_domain_up_to_five_days_later(bench: Any, corpus: list[Any]) -> None:
    assert len({article.url for article in corpus}) == len(corpus)
    for kind in bench("news_copies").KINDS:
        for original, copy in pairs(corpus, kind):
            assert original.kind == "original"
            assert original.genre == copy.genre
            assert original.url.split("/")[2] != copy.url.split("/")[2]
            assert dt.timedelta(0) <= copy.day - original.day <= dt.timedelta(5)


def test_what_is_no_copy_is_a_group_of_its_own(corpus: list[Any]) -> None:
    sizes = Counter(article.group for article in corpus)
    for article in corpus:
        if article.kind in ("follow-up", "weather page", "results page", "fixed form", "service page"):
            assert sizes[article.group] == 1
    assert set(sizes.values()) == {1, 2}


def test_an_exact_copy_is_exact(corpus: list[Any]) -> None:
    for original, copy in pairs(corpus, "exact"):
        assert (copy.text, copy.headline) == (original.text, original.headline)


def test_an_edited_lead_leaves_the_rest(corpus: list[Any]) -> None:
    for original, copy in pairs(corpus, "edited lead"):
        mine, theirs = original.text.split("\n\n"), copy.text.split("\n\n")
        assert len(mine) == len(theirs)
        assert sum(one != other for one, other in zip(mine, theirs, strict=True)) == 1


def test_a_caption_comes_after_the_text(corpus: list[Any]) -> None:
    for original, copy in pairs(corpus, "caption appended"):
        assert copy.text.startswith(original.text + "\n\n")


def test_other_boilerplate_stands_around_the_same_story(bench: Any, corpus: list[Any]) -> None:
    for original, copy in pairs(corpus, "other boilerplate"):
        mine, theirs = original.text.split("\n\n"), copy.text.split("\n\n")
        assert mine != theirs
        assert len(set(mine) & set(theirs)) >= len(mine) - 2
        assert len(set(theirs) - set(mine)) <= 2


def test_a_cut_text_has_lost_two_fifths(corpus: list[Any]) -> None:
    for original, copy in pairs(corpus, "cut to 60 %"):
        kept = re.sub(r"(…| \[\.\.\.\])$", "", copy.text)
        assert original.text.startswith(kept)
        assert 0.58 <= len(kept) / len(original.text) <= 0.61


def test_another_date_prefix_stands_before_the_same_text(corpus: list[Any]) -> None:
    for original, copy in pairs(corpus, "other date prefix"):
        assert copy.text != original.text
        assert copy.text[-50:] == original.text[-50:]
        assert abs(len(copy.text) - len(original.text)) < 80


def test_noise_spoils_some_three_characters_in_a_hundred(bench: Any) -> None:
    corpus = bench("news_copies").make_corpus(10)
    spoilt = chars = 0
    for original, copy in pairs(corpus, "3 % of characters wrong"):
        assert abs(len(copy.text) - len(original.text)) < 0.03 * len(original.text) + 5
        mine, theirs = bench("duplicates").shingles(original.text), bench("duplicates").shingles(copy.text)
        spoilt += len(mine - theirs)
        chars += len(mine)
    assert 0.12 < spoilt / chars < 0.30  # 1 - 0.97^9 = 0.24, less the errors that cleaning repairs


@pytest.mark.parametrize(
    ("text", "tag", "written"),
    [
        ("1,200", "en", {"twelve hundred"}),
        ("1,234", "en", {"1.234"}),
        ("42", "en", {"forty-two"}),
        ("1956", "en", {"1956"}),
        ("14:05", "en", {"14.05"}),
        ("1 200", "ru", {"1.200"}),
        ("21", "ru", {"двадцать один"}),
        ("1,200", "ar", {"١,٢٠٠"}),
        ("305", "th", {"๓๐๕"}),
        ("305", "zh", {"三百〇五", "３０５"}),
        ("15", "ja", {"十五", "１５"}),
    ],
)
def test_numbers_are_translated_as_the_language_writes_them(bench: Any, text: str, tag: str, written: set[str]) -> None:
    assert {bench("news_copies")._other_number(text, tag, random.Random(seed)) for seed in range(20)} == written


def test_a_follow_up_shares_a_third_with_what_it_follows(bench: Any) -> None:
    corpus = bench("news_copies").make_corpus(10)
    by_number = {article.number: article for article in corpus}
    shares = []
    for article in corpus:
        if article.kind == "follow-up":
            before = by_number[article.number - 1]
            assert before.url.split("/")[2] == article.url.split("/")[2]
            assert before.day < article.day
            told = article.text.split("\n\n")
            shared = max(len(part) for part in told if part[-10:] in before.text)
            shares.append(shared / len(article.text))
    assert 0.28 < sum(shares) / len(shares) < 0.42


def test_long_and_short_texts_are_of_their_length(bench: Any) -> None:
    corpus = bench("news_copies").make_corpus(10)
    words = {
        genre: [len(one.text.split()) for one in corpus if one.genre == genre and one.kind == "original"]
        for genre in ("long", "short")
    }
    assert all(240 <= count <= 820 for count in words["long"])
    assert all(14 <= count <= 70 for count in words["short"])
    assert 400 < sum(words["long"]) / len(words["long"]) < 560
    assert 28 < sum(words["short"]) / len(words["short"]) < 46


def test_no_slot_is_left_open(bench: Any, corpus: list[Any]) -> None:
    prose = bench("grammar")
    for article in corpus:
        assert not re.search(r"[{}]", article.text + article.headline)
    for tongue in (prose.ENGLISH, *prose.SCRIPTS):
        for topic in tongue.topics:
            story = prose.begin_story(tongue, dt.date(2023, 3, 5), random.Random(1))
            story.rules.update(topic)
            for rule, patterns in (tongue.base | topic).items():
                for _ in patterns:
                    if not rule.startswith(("head", "foot", "domain", "outlet")):
                        assert "{" not in prose.line(story, rule)


def test_unrelated_articles_have_little_in_common(bench: Any) -> None:
    duplicates, prose = bench("duplicates"), bench("grammar")
    for tongue in (prose.ENGLISH, *prose.SCRIPTS):
        texts = []
        for seed in range(12):
            story = prose.begin_story(tongue, dt.date(2023, 3, 5), random.Random(seed))
            texts.append(
                duplicates.shingles(tongue.gap.join(map(tongue.gap.join, prose.paragraphs(story, tongue.sizes[1]))))
            )
        assert (
            max(duplicates.jaccard(left, right) for place, left in enumerate(texts) for right in texts[:place]) < 0.35
        )


def test_many_articles_are_the_same_for_the_same_numbers_and_of_two_kilobytes(bench: Any, tmp_path: Path) -> None:
    write_many = bench("news_copies").write_many
    write_many(tmp_path / "a", 200)
    write_many(tmp_path / "b", 200)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    rows = [json.loads(line) for line in (tmp_path / "a").read_text(encoding="utf-8").splitlines()]
    assert len({row["url"] for row in rows}) == 200
    assert all(1_800 <= len(row["text"].encode()) < 2_900 for row in rows)
    assert 180 <= len({row["text"] for row in rows}) < 200


def article(bench: Any, number: int, group: int, genre: str = "long", kind: str = "original") -> Any:
    return bench("news_copies").Article(
        number, group, genre, kind, f"https://a.example/{number}", dt.date(2023, 3, 5), "h", "t"
    )


def test_recall_counts_planted_pairs_and_precision_all_that_was_put_together(bench: Any) -> None:
    duplicates, finders = bench("duplicates"), bench("copy_finders")
    corpus = [
        article(bench, 0, 0),
        article(bench, 1, 0, kind="exact"),
        article(bench, 2, 2),
        article(bench, 3, 2, kind="caption appended"),
        article(bench, 4, 4, genre="short"),
        article(bench, 5, 5, genre="service page", kind="service page"),
        article(bench, 6, 6, genre="service page", kind="service page"),
    ]
    labels = {0: 0, 1: 0, 2: 2, 3: 0, 4: 0, 5: 5, 6: 5}
    tally = duplicates.Tally
    recalled = {("long", "exact"): tally(1, 1), ("long", "caption appended"): tally(0, 1), ("long", "all"): tally(1, 2)}
    assert duplicates.recall(corpus, labels) == recalled
    assert duplicates.pair_precision(corpus, labels) == {
        "long": tally(1, 6),
        "short": tally(0, 3),
        "service page": tally(0, 1),
        "all": tally(1, 6),
    }
    repeats = (
        finders.Repeat(1, 0, "content", None),
        finders.Repeat(3, 0, "near", 0.6),
        finders.Repeat(4, 0, "near", 0.6),
        finders.Repeat(6, 5, "near", 0.6),
    )
    found = finders.Found(labels, repeats)
    assert duplicates.row_precision(corpus, found) == {
        "long": tally(1, 2),
        "short": tally(0, 1),
        "service page": tally(0, 1),
        "all": tally(1, 3),
    }


def test_the_exact_rule_puts_equal_texts_together(bench: Any, corpus: list[Any], tmp_path: Path) -> None:
    labels = bench("copy_finders").find_exact(corpus, tmp_path).labels
    assert all(labels[original.number] == labels[copy.number] for original, copy in pairs(corpus, "exact"))
    assert all(labels[original.number] != labels[copy.number] for original, copy in pairs(corpus, "cut to 60 %"))


def test_the_resolvers_columns_are_those_of_staging_and_have_repeats_of_each_kind(bench: Any) -> None:
    columns = bench("resolver").make_columns(4_000)
    assert {name: column.dtype.str for name, column in columns.items()} == {
        name: np.dtype(dtype).str for name, dtype in ARTICLE_COLUMNS.items()
    }
    assert {len(column) for column in columns.values()} == {4_000}
    ids, contents = len(set(columns["id_hi"].tolist())), len(set(columns["content_hi"].tolist()))
    assert 3_400 < ids < 3_700
    assert 3_200 < contents < ids


def test_a_copied_lake_can_be_added_to_without_harm(bench: Any, tmp_path: Path) -> None:
    scale = bench("scale")
    lake = tmp_path / "lake"
    (lake / "articles").mkdir(parents=True)
    (lake / "articles" / "large").write_bytes(b"x" * scale.LINKED_BYTES)
    (lake / "small").write_bytes(b"y")
    scale.copy_lake(lake, tmp_path / "copy")
    (tmp_path / "copy" / "small").write_bytes(b"z")
    assert (lake / "small").read_bytes() == b"y"
    assert (tmp_path / "copy/articles/large").samefile(lake / "articles/large")


@pytest.mark.parametrize(
    ("one", "other", "index"),
    [
        ([1, 1, 2, 2], [7, 7, 5, 5], 1.0),
        ([1, 2, 3], [3, 1, 2], 1.0),
        ([1, 1, 2, 2], [1, 2, 1, 2], -0.5),
        ([1, 1, 1, 2], [1, 1, 2, 2], 0.0),
    ],
)
def test_the_adjusted_rand_index_of_groupings_worked_out_by_hand(
    bench: Any, one: list[int], other: list[int], index: float
) -> None:
    assert bench("duplicates").adjusted_rand_index(one, other) == pytest.approx(index)
