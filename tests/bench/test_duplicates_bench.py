"""The parts of the benchmark of duplicates: the planted copies, and the counting of answers.

People read the results, so these are not tested.
"""

import dataclasses
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


def test_recall_counts_planted_pairs_and_precision_the_drops(bench: Any) -> None:
    duplicates, finders = bench("duplicates"), bench("copy_finders")
    corpus = [
        article(bench, 0, 0),
        article(bench, 1, 0, kind="exact"),
        article(bench, 2, 2),
        article(bench, 3, 2, kind="caption appended"),
        article(bench, 4, 4, genre="short"),
        article(bench, 5, 5, genre="service page", kind="service page"),
        article(bench, 6, 6, genre="service page", kind="service page"),
        article(bench, 7, 7, genre="case", kind="stub"),
        article(bench, 8, 7, genre="case", kind="full, one outlet"),
    ]
    repeat = finders.Repeat
    repeats = [
        repeat(1, 0, "content", None),
        repeat(3, 0, "near", 0.6),
        repeat(4, 0, "marked", None),
        repeat(6, 5, "near", 0.6),
        repeat(7, 8, "near", 0.6),
    ]
    found = finders.found_of_repeats(corpus, repeats)
    tally, drops = duplicates.Tally, duplicates.Drops
    recalled = {("long", "exact"): tally(1, 1), ("long", "caption appended"): tally(0, 1), ("long", "all"): tally(1, 2)}
    assert duplicates.recall(corpus, found.labels) == recalled
    assert found.labels[4] == found.labels[0] != found.drop_labels[4] == 4
    assert duplicates.count_drops(corpus, found.drops, lambda one, kept: one.genre) == {
        "long": drops(right=1, wrong=1),
        "service page": drops(wrong=1),
        "case": drops(open=1),
        "all": drops(right=1, wrong=2, open=1),
        "all without service pages": drops(right=1, wrong=1, open=1),
    }
    assert duplicates.count_marks(corpus, found.marks)["all"] == tally(0, 1)


def test_a_finder_of_clusters_keeps_the_first_article_of_each(bench: Any) -> None:
    finders = bench("copy_finders")
    corpus = [article(bench, number, number) for number in (2, 0, 1)]
    found = finders.found_of_clusters(corpus, {0: 9, 1: 5, 2: 9})
    assert [(repeat.number, repeat.of) for repeat in found.drops] == [(0, 2)]
    assert found.labels[0] == found.labels[2] != found.labels[1]


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
    ids, contents = len(set(columns["id_hi"].tolist())), len(set(columns["match_hi"].tolist()))
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


@pytest.fixture(scope="module")
def cases() -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FOLDER)
        articles: list[Any] = []
        import_module("news_cases").add_cases(articles, 12)
        return articles


def of_kind(cases: list[Any], kind: str) -> list[tuple[Any, Any]]:
    """Return the first article of its group beside each article of a kind."""
    found = [(cases[one.group], one) for one in cases if one.kind == kind]
    assert found
    return found


def outlet(article: Any) -> str:
    return str(article.url.split("/")[2])


def by_outlet(cases: list[Any], kind: str) -> list[list[Any]]:
    """Return the articles of a kind, an outlet each."""
    outlets: dict[str, list[Any]] = {}
    for one in cases:
        if one.kind == kind:
            outlets.setdefault(outlet(one), []).append(one)
    assert outlets
    return list(outlets.values())


def test_the_same_seed_makes_the_same_cases_of_all_kinds(bench: Any, cases: list[Any]) -> None:
    again: list[Any] = []
    bench("news_cases").add_cases(again, 12)
    assert again == cases
    assert [article.number for article in cases] == list(range(len(cases)))
    assert {article.kind for article in cases} == set(bench("news_cases").CASES) | {"original"}
    assert not [article for article in cases if re.search(r"[{}<>]|  |\n ", article.text + article.headline)]


def test_each_kind_of_case_has_eight_texts_and_several_languages(bench: Any) -> None:
    prose, guides = bench("prose_cases"), bench("prose_guides")
    for texts in (prose.COLUMNS, prose.WIRES, prose.EVENTS, guides.GUIDES, guides.CHANGES):
        assert len(texts) >= 8
        assert len({text.tag for text in texts}) > 1
    for texts in (prose.NOTICES, guides.FEET):
        assert len({text for _, text in texts}) >= 8
    assert len(bench("grammar").ENGLISH.topics) >= 8


def test_a_standing_column_has_new_entries_between_the_same_words(cases: list[Any]) -> None:
    for issues in by_outlet(cases, "standing column"):
        for headline in {issue.headline for issue in issues}:
            parts = [issue.text.split("\n\n") for issue in issues if issue.headline == headline]
            assert len(parts) >= 4
            assert len({tuple(one[1:-1]) for one in parts}) == len(parts)
            assert len({one[0] for one in parts}) < len(parts)


def test_a_notice_has_three_headlines_and_one_text(cases: list[Any]) -> None:
    texts = Counter(article.text for article in cases if article.kind == "notice under many headlines")
    assert min(texts.values()) >= 3
    for text in texts:
        articles = [article for article in cases if article.text == text]
        assert len(set(map(outlet, articles))) == 1
        assert len({article.headline for article in articles}) >= 3


def test_an_article_that_comes_again_has_the_headline_and_day_that_its_kind_says(cases: list[Any]) -> None:
    for kind in ("again, same headline and day", "retitled, same day", "retitled, later"):
        for first, again in of_kind(cases, kind):
            assert outlet(first) == outlet(again)
            assert (first.headline == again.headline) == kind.startswith("again")
            assert (first.day == again.day) == (not kind.endswith("later"))


def test_wire_forms_tell_of_other_events_at_other_outlets(cases: list[Any]) -> None:
    for kind in ("wire form, same headline", "wire form, other headline"):
        forms = [article for article in cases if article.kind == kind]
        for one, other in zip(forms[::2], forms[1::2], strict=True):
            assert one.text != other.text
            assert outlet(one) != outlet(other)
            assert (one.headline == other.headline) == kind.endswith("same headline")
            assert not re.search(r"\d", one.text)
            assert len(one.text.split()) < 60


def test_a_full_text_is_half_again_as_long_as_its_stub_and_comes_in_a_later_run(bench: Any, cases: list[Any]) -> None:
    run_of = bench("news_cases").run_of
    for kind in ("full, one outlet", "full, one outlet, retitled", "full, other outlet"):
        for stub, full in of_kind(cases, kind):
            assert len(full.text) >= 1.5 * len(stub.text)
            assert full.text.startswith(stub.text[:60])
            assert run_of(full) > run_of(stub)
            assert (outlet(stub) != outlet(full)) == kind.endswith("other outlet")
            assert (stub.headline != full.headline) == kind.endswith("retitled")


def test_an_update_has_other_figures_and_one_other_paragraph(cases: list[Any]) -> None:
    for kind in ("update, one outlet", "update, other outlet"):
        for first, update in of_kind(cases, kind):
            old, new = first.text.split("\n\n"), update.text.split("\n\n")
            assert len(old) == len(new)
            assert old[0] != new[0]
            assert sum(one != other for one, other in zip(old, new, strict=True)) == 2
            assert (outlet(first) != outlet(update)) == kind.endswith("other outlet")


def test_a_cut_case_has_its_share_of_the_text(cases: list[Any]) -> None:
    for share in (25, 33, 40, 50, 60):
        for headline in ("same", "other"):
            for text, cut in of_kind(cases, f"cut to {share} %, {headline} headline"):
                kept = next(size for size in range(len(cut.text), 0, -1) if text.text.startswith(cut.text[:size]))
                assert share - 4 < 100 * kept / len(text.text) < share + 1
                assert outlet(text) != outlet(cut)
                assert (text.headline == cut.headline) == (headline == "same")


def test_a_guide_has_no_numbers_and_differs_in_each_variant(cases: list[Any]) -> None:
    guides = [article for article in cases if article.kind.startswith("guide")]
    assert not [article for article in guides if re.search(r"\d", article.text)]
    assert len({article.text for article in guides}) == len(guides)


def test_a_reversal_has_the_words_of_the_change(cases: list[Any]) -> None:
    sets = [article for article in cases if article.kind == "change and reversal"]
    for change, reversal in zip(sets[1::3], sets[2::3], strict=True):
        assert change.text != reversal.text
        words = [Counter(re.findall(r"\w+", article.text.lower())) for article in (change, reversal)]
        assert words[0] == words[1]


def test_a_long_foot_is_the_longer_part_of_the_text(cases: list[Any]) -> None:
    for articles in by_outlet(cases, "short above a long foot"):
        ends = Counter(article.text[-300:] for article in articles)
        assert min(ends.values()) >= 4
        assert len({article.text for article in articles}) == len(articles)


@pytest.mark.parametrize(
    ("kind", "of", "is_same_group", "is_same_outlet", "verdict"),
    [
        ("exact", "original", True, False, "right"),
        ("exact", "original", False, False, "wrong"),
        ("original", "cut to 60 %", True, False, "wrong"),
        ("cut to 25 %, same headline", "text of a cut", True, False, "right"),
        ("text of a cut", "cut to 25 %, same headline", True, False, "wrong"),
        ("standing column", "standing column", False, True, "wrong"),
        ("retitled, later", "original", True, True, "wrong"),
        ("original", "retitled, later", True, True, "wrong"),
        ("original", "exact", True, False, "right"),
        ("again, same headline and day", "original", True, True, "right"),
        ("stub", "full, one outlet", True, True, "open"),
        ("full, one outlet", "stub", True, True, "wrong"),
        ("guide, one outlet", "guide, one outlet", True, True, "wrong"),
        ("guide, one outlet", "guide, two outlets", True, False, "open"),
    ],
)
def test_a_drop_is_judged_by_its_kind(
    bench: Any, kind: str, of: str, is_same_group: bool, is_same_outlet: bool, verdict: str
) -> None:
    dropped = article(bench, 1, 0, kind=kind)
    kept = dataclasses.replace(article(bench, 0, 0 if is_same_group else 7, kind=of), url="https://b.example/0")
    if is_same_outlet:
        kept = dataclasses.replace(kept, url="https://a.example/0")
    assert bench("news_cases").judge(dropped, kept) == verdict
