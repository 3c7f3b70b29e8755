"""Near-duplicates: judged in buckets, and compared with the table of the rule over all pairs."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_storage import MemoryStorage

from newslake.schemas.staging import Columns
from newslake.transforms.deduplicate import candidates, near
from newslake.transforms.deduplicate.index import near as near_index
from newslake.transforms.deduplicate.index.near import NEAR_COLUMNS, NearFile
from newslake.transforms.deduplicate.near import (
    DROP,
    MARK,
    NearCounters,
    NearPolicy,
    NearVerdicts,
    judge_near,
    meet_alike,
)
from newslake.transforms.deduplicate.near_rule import Articles, Likeness, compare, days_apart, equal_bytes
from newslake.transforms.deduplicate.standing import Standing
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.local import LocalStorage

POLICY = NearPolicy(DROP, 6)
TEN = 0b11_1111_1111
"""Ten numbers."""


@dataclass(frozen=True)
class Text:
    """An article with the fingerprint of text ``base``, except for some bytes.

    These are the first ``changed`` bytes and the last ``ending`` bytes. A text of another ``seed``
    has other bytes there. ``first`` is the first day, and ``span`` is how many days follow it.
    ``numbers`` and ``in_headline`` have a bit for each number.
    """

    base: int = 0
    changed: int = 0
    ending: int = 0
    seed: int = 0
    shingles: int = 1000
    first: int = 0
    span: int = 0
    asks: bool = True
    outlet: int = 0
    headline: int = 0
    numbers: int = 0b11
    in_headline: int = 0
    body: int = 0

    @property
    def signature(self) -> bytes:
        return signature_of(self.base, self.changed, self.ending, self.seed)

    def equal(self, other: "Text") -> int:
        return sum(left == right for left, right in zip(self.signature, other.signature, strict=True))


@cache
def signature_of(base: int, changed: int, ending: int, seed: int) -> bytes:
    signature = np.random.default_rng(base).integers(0, 256, 128, np.uint8)
    # These values differ from those of the base, so no byte is equal by chance.
    own = np.random.default_rng([7, seed]).integers(1, 256, 128, np.uint8)
    own[changed : 128 - ending] = 0
    return (signature ^ own).tobytes()


def sketches(values: Sequence[int]) -> np.ndarray:
    raw = b"".join(one.to_bytes(32, "little") for one in values)
    return np.frombuffer(raw, np.uint8).reshape(-1, 32)


def articles_of(texts: Sequence[Text]) -> Articles:
    return Articles(
        np.frombuffer(b"".join(text.signature for text in texts), "<u4").reshape(-1, 32),
        np.array([text.shingles for text in texts], np.uint32),
        np.array([text.first for text in texts], np.int32),
        np.array([text.first + text.span for text in texts], np.int32),
        np.array([text.outlet for text in texts], np.uint32),
        np.array([text.headline for text in texts], np.uint32),
        sketches([text.numbers for text in texts]).__getitem__,
        sketches([text.in_headline for text in texts]).__getitem__,
    )


def file_of(storage: Storage, name: str, texts: Sequence[Text], ids: Sequence[int] | None = None) -> NearFile:
    articles = articles_of(texts)
    rows: Columns = {column: np.zeros(len(texts), dtype) for column, dtype in NEAR_COLUMNS.items()}
    rows |= {column: getattr(articles, column) for column in ("shingles", "day_from", "day_until")}
    rows |= {column: getattr(articles, column) for column in ("outlet", "headline")}
    rows["signature"] = articles.words.view("|V128").reshape(-1)
    rows["numbers"] = sketches([text.numbers for text in texts]).view("|V32").reshape(-1)
    rows["body"] = np.array([text.body for text in texts], np.uint32)
    rows["id_hi"], rows["id_lo"] = halves(range(len(texts)) if ids is None else ids)
    near_index.write(storage, name, rows)
    return NearFile(storage, name)


def halves(ids: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one // 4 for one in ids], "<u8"), np.array([one % 4 + 1 for one in ids], "<u8")


def standing_of(texts: Sequence[Text], ids: Sequence[int] = (), files: Sequence[NearFile] = ()) -> Standing:
    body, headline = (np.array([getattr(text, name) for text in texts], np.uint32) for name in ("body", "headline"))
    return Standing(body, headline, halves(ids or [1000 + row for row in range(len(texts))]), files)


def judge(*texts: Text, files: Sequence[NearFile] = (), policy: NearPolicy = POLICY) -> NearVerdicts:
    """Judge the texts, those first that do not ask, and return the verdicts in the order given."""
    order = np.array(sorted(range(len(texts)), key=lambda row: texts[row].asks), np.int64)
    some = [texts[row] for row in order.tolist()]
    found = judge_near(articles_of(some), sum(not text.asks for text in texts), standing_of(texts, files=files), policy)
    back = np.argsort(order)
    leader = np.where(found.leader < 0, -1, order[found.leader]) if len(order) else found.leader
    known = found.known[0][back], found.known[1][back]
    return replace(found, likeness=found.likeness[back], leader=leader[back], known=known, score=found.score[back])


def judge_articles(articles: Articles, asks: bool = True, files: Sequence[NearFile] = ()) -> NearVerdicts:
    count = len(articles.shingles)
    zeros = np.zeros(count, np.uint32)
    standing = Standing(zeros, zeros, halves(range(count)), files)
    return judge_near(articles, 0 if asks else count, standing, POLICY)


Found = tuple[str, str, int, float] | None
"""The likeness, "run" or "lake", the row or id, and the score; None for a row without a leader."""


def told(verdicts: NearVerdicts) -> list[Found]:
    found: list[Found] = []
    hi, lo = verdicts.known
    columns = (verdicts.likeness, verdicts.leader, hi, lo, verdicts.score)
    for likeness, leader, high, low, score in zip(*(column.tolist() for column in columns), strict=True):
        assert leader < 0 or (high, low) == (0, 0)
        name = {Likeness.APART: "apart", Likeness.MARK: "mark", Likeness.DROP: "drop"}[likeness]
        assert (leader >= 0 or low > 0) == (name != "apart") == (score > 0)
        if leader >= 0:
            found.append((name, "run", leader, round(score, 5)))
        else:
            found.append((name, "lake", high * 4 + low - 1, round(score, 5)) if low else None)
    return found


def brief(*texts: Text, **more: Any) -> list[tuple[str, int] | None]:
    """Return the likeness and the row or id of each row's leader."""
    return [found and (found[0], found[2]) for found in told(judge(*texts, **more))]


def likeness(later: Text, kept: Text, policy: NearPolicy = POLICY) -> str:
    """Return what the later article is beside the kept one, which is in the run, or in the lake."""
    found = brief(kept, later, policy=policy)
    assert found[0] is None
    in_lake = brief(later, files=[file_of(MemoryStorage(), "one", [kept])], policy=policy)
    assert in_lake == found[1:]
    assert found[1] is None or found[1][1] == 0
    return found[1][0] if found[1] else "apart"


# The definition, over all pairs.


def similarity_of(one: Text, other: Text) -> float:
    return min(max((one.equal(other) / 128 - 1 / 256) / (1 - 1 / 256), 0), 1)


def containment_of(one: Text, other: Text) -> float:
    less, more = sorted((one.shingles, other.shingles))
    similarity = similarity_of(one, other)
    return min(similarity * (less + more) / (1 + similarity) / less, 1) if more <= 10 * less else 0


def share(numbers: int, others: int) -> float:
    return (numbers & others).bit_count() / numbers.bit_count() if numbers else 1


def days_between(one: Text, other: Text) -> int:
    return max(one.first, other.first) - min(one.first + one.span, other.first + other.span)


def verdict_of(later: Text, kept: Text, policy: NearPolicy) -> str:
    """Return what the table says of a pair that shares a key."""
    similarity, contained, apart = similarity_of(later, kept), containment_of(later, kept), days_between(later, kept)
    one_outlet = later.outlet == kept.outlet
    one_headline = later.headline == kept.headline != 0
    alike = similarity >= 0.5 or contained >= 0.85 or (one_headline and not one_outlet and similarity >= 0.25)
    if not alike or apart > policy.window_days:
        return "apart"
    if min(later.shingles, kept.shingles) < 110 and not one_headline:
        return "apart"
    repeats = similarity >= 0.7 and later.shingles <= 1.25 * kept.shingles
    repeats |= contained >= 0.85 and later.shingles <= kept.shingles
    others = later.numbers ^ kept.numbers if similarity >= 0.7 else later.numbers & ~kept.numbers
    agree = share(later.numbers, kept.numbers) >= 0.75 and others.bit_count() <= 3
    agree &= later.in_headline & ~kept.numbers == 0
    vouched = one_headline or (later.numbers & kept.numbers).bit_count() >= 2
    agree &= vouched or similarity >= 0.85 or similarity < 0.7
    # One day of an outlet may be two days of UTC.
    one_day = apart <= 0 and max(later.span, kept.span) <= 1
    is_cut = contained >= 0.85 and 1.25 * later.shingles <= kept.shingles
    itself = one_headline and one_day and (similarity >= 0.9 or is_cut)
    is_long = min(later.shingles, kept.shingles) >= 110
    if is_long and repeats and agree and (not one_outlet or itself):
        return "drop" if policy.mode == DROP else "mark"
    fewer, more = sorted((later.numbers, kept.numbers), key=int.bit_count)
    return "mark" if share(fewer, more) > 0.5 else "apart"


def score_of(one: Text, other: Text) -> float:
    similarity, contained = similarity_of(one, other), containment_of(one, other)
    return contained if similarity < 0.7 and contained >= 0.85 else similarity


def define(texts: Sequence[Text], lake: Sequence[tuple[int, Text]], policy: NearPolicy) -> tuple[list[Found], int]:
    """Return what the definition says of each row, and how many pairs are not apart.

    ``lake`` holds for each known article its id and its text.
    """
    found: list[Found] = [None] * len(texts)
    kept = [row for row, text in enumerate(texts) if not text.asks]
    met = list(kept)
    verified = 0
    for row, text in enumerate(texts):
        if not text.asks:
            continue
        verified += sum(verdict_of(text, texts[other], policy) != "apart" for other in met)
        verified += sum(verdict_of(text, known, policy) != "apart" for _, known in lake)
        options = [("run", other, texts[other]) for other in kept] + [("lake", id_, known) for id_, known in lake]
        ranked = [
            (verdict_of(text, other, policy), text.equal(other), where == "lake", -at, where, score_of(text, other))
            for where, at, other in options
        ]
        # "drop" is the strongest verdict.
        best = max(ranked, key=lambda one: (("apart", "mark", "drop").index(one[0]), *one[1:4]), default=None)
        if best and best[0] != "apart":
            found[row] = (best[0], best[4], -best[3], round(float(np.float32(best[5])), 5))
        if not best or best[0] != "drop":
            kept.append(row)
        met.append(row)
    return found, verified


# All texts of one base share the last band, so that all their pairs meet.
TEXTS = st.builds(
    Text,
    base=st.sampled_from([0, 0, 0, 1]),
    changed=st.just(0) | st.sampled_from([0, 1, 38, 39, 63, 64, 92]) | st.integers(0, 64),
    ending=st.sampled_from([0, 0, 0, 10, 32]),
    seed=st.integers(0, 2),
    shingles=st.sampled_from([50, 60, 109, 110, 137, 138, 200, 250, 251, 1000, 1000, 1100, 1101]),
    first=st.integers(-200, 200) | st.integers(0, 8),
    span=st.sampled_from([0, 0, 0, 1, 2, 30, 364, 400]),
    asks=st.sampled_from([True, True, False]),
    outlet=st.sampled_from([0, 7, 7, 8, 9]),
    headline=st.sampled_from([0, 1, 1, 2]),
    numbers=st.sampled_from([0, 0b11, 0b110, 0b1111, 0b11110, 0b1110111, TEN, TEN << 1, TEN << 2, 1 << 255]),
    in_headline=st.sampled_from([0, 0, 0b10, 1 << 5]),
)
POLICIES = st.sampled_from([POLICY, POLICY, NearPolicy(DROP, 0), NearPolicy(MARK, 6), NearPolicy(DROP, 100)])
# In a bucket of this many rows each member is compared with all members before it.
FEW = st.lists(TEXTS, max_size=9)
FEWER = st.lists(TEXTS, max_size=8)
FILES = st.lists(TEXTS, min_size=1, max_size=4).flatmap(
    lambda texts: st.lists(st.lists(st.sampled_from(texts), max_size=8), max_size=3)
)
"""Files of the lake. The same text may stand in several of them."""


@settings(max_examples=150)
@given(texts=FEW, policy=POLICIES)
def test_buckets_below_the_limit_give_what_the_definition_over_all_pairs_says(
    texts: list[Text], policy: NearPolicy
) -> None:
    texts = sorted(texts, key=lambda text: text.asks)
    verdicts = judge(*texts, policy=policy)
    found, verified = define(texts, [], policy)
    assert told(verdicts) == found
    assert (verdicts.counters.verified, verdicts.counters.dropped) == (verified, 0)


@settings(max_examples=60)
@given(texts=FEW, known=FILES, policy=POLICIES, random=st.randoms())
def test_the_lake_answers_as_the_definition_says_whatever_its_files(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[Text],
    known: list[list[Text]],
    policy: NearPolicy,
    random: Random,
) -> None:
    storage = LocalStorage(str(tmp_path_factory.mktemp("near")))
    ids = list(range(sum(map(len, known))))
    random.shuffle(ids)
    files, lake = [], []
    for number, part in enumerate(known):
        own = [ids.pop() for _ in part]
        files.append(file_of(storage, str(number), part, own))
        lake += list(zip(own, part, strict=True))
    random.shuffle(files)
    texts = sorted(texts, key=lambda text: text.asks)
    verdicts = judge(*texts, files=files, policy=policy)
    found, verified = define(texts, lake, policy)
    assert told(verdicts) == found
    assert (verdicts.counters.verified, verdicts.counters.dropped) == (verified, 0)


@settings(max_examples=60)
@given(texts=FEWER, policy=POLICIES, cut=st.integers(0, 8))
def test_the_same_rows_in_two_runs_choose_the_same_leaders(
    tmp_path_factory: pytest.TempPathFactory, texts: list[Text], policy: NearPolicy, cut: int
) -> None:
    texts = [replace(text, asks=True) for text in texts]
    whole = told(judge(*texts, policy=policy))
    first = told(judge(*texts[:cut], policy=policy))
    kept = [row for row, found in enumerate(first) if found is None or found[0] == "mark"]
    file = file_of(LocalStorage(str(tmp_path_factory.mktemp("near"))), "first", [texts[row] for row in kept], kept)
    second = told(judge(*texts[cut:], files=[file], policy=policy))
    # The id of a row of the first run is its place. A place in the second run counts from the cut.
    places = {"lake": 0, "run": cut}
    moved = [found and (found[0], "run", found[2] + places[found[1]], found[3]) for found in second]
    assert first + moved == whole


@settings(max_examples=60)
@given(texts=FEW, random=st.randoms())
def test_the_places_of_rows_that_do_not_ask_change_no_verdict(texts: list[Text], random: Random) -> None:
    asking = [text for text in texts if text.asks]
    placed = list(asking)
    for text in texts:
        if not text.asks:
            placed.insert(random.randint(0, len(placed)), text)
    before, after = judge(*texts), judge(*placed)
    asks, asks_after = ([text.asks for text in some] for some in (texts, placed))
    assert before.score[asks].tolist() == after.score[asks_after].tolist()
    assert before.likeness[asks].tolist() == after.likeness[asks_after].tolist()
    assert before.counters == after.counters


@settings(max_examples=60)
@given(texts=FEWER, known=FEWER, policy=POLICIES)
def test_an_article_that_repeats_a_file_or_is_repeated_by_it_meets_it(
    tmp_path_factory: pytest.TempPathFactory, texts: list[Text], known: list[Text], policy: NearPolicy
) -> None:
    """A file that other writers added meanwhile asks this before a run decides again."""
    file = file_of(LocalStorage(str(tmp_path_factory.mktemp("near"))), "one", known)
    pairs = [pair for one in texts for other in known for pair in ((one, other), (other, one))]
    meets = any(verdict_of(later, kept, policy) != "apart" for later, kept in pairs)
    assert meet_alike(articles_of(texts), [file], policy) == meets
    assert not meet_alike(articles_of(texts), [], policy)


@settings(max_examples=60)
@given(pairs=st.lists(st.tuples(TEXTS, TEXTS), max_size=5), policy=st.sampled_from([POLICY, NearPolicy(DROP, 0)]))
def test_a_comparison_tells_what_decided(pairs: list[tuple[Text, Text]], policy: NearPolicy) -> None:
    later, kept = ([pair[place] for pair in pairs] for place in (0, 1))
    rows = np.arange(len(pairs))
    every = compare(articles_of(later), rows, articles_of(kept), rows, policy.window_days, only_alike=False)
    assert every.place.tolist() == rows.tolist()
    for place, (one, other) in enumerate(pairs):
        assert every.equal[place] == one.equal(other)
        assert every.similarity[place] == pytest.approx(similarity_of(one, other))
        assert every.contained[place] == pytest.approx(containment_of(one, other))
        assert every.new_numbers[place] == (one.numbers & ~other.numbers).bit_count()
        assert every.new_headline_numbers[place] == (one.in_headline & ~other.numbers).bit_count()
        fewer, more = sorted((one.numbers, other.numbers), key=int.bit_count)
        assert every.shared_numbers[place] == pytest.approx(max(share(fewer, more), share(more, fewer)))
        assert Likeness(every.likeness[place]).name.lower() == verdict_of(one, other, policy)
        assert every.score[place] == pytest.approx(score_of(one, other), abs=1e-6)
    alike = compare(articles_of(later), rows, articles_of(kept), rows, policy.window_days)
    likely = alike.taken(alike.likeness > 0)
    assert likely.place.tolist() == np.flatnonzero(every.likeness).tolist()


# The lines of the table, and their edges. A copy with 38 other bytes has an index of .702, one with
# 39 of .694; with 63 of .506, and 64 of .498; with 95 of .255, and 96 of .247.

KEPT = Text(outlet=7, headline=1, numbers=TEN)
COPY = Text(outlet=8, headline=2, numbers=TEN)


@pytest.mark.parametrize(
    ("changed", "verdict"), [(0, "drop"), (38, "drop"), (39, "mark"), (63, "mark"), (64, "apart"), (96, "apart")]
)
def test_a_copy_at_another_outlet_is_dropped_from_an_index_of_070_and_marked_from_050(
    changed: int, verdict: str
) -> None:
    assert likeness(replace(COPY, changed=changed), KEPT) == verdict


@pytest.mark.parametrize(("changed", "verdict"), [(63, "mark"), (64, "mark"), (95, "mark"), (96, "apart")])
def test_two_outlets_under_one_headline_are_marked_from_an_index_of_025(changed: int, verdict: str) -> None:
    assert likeness(replace(COPY, headline=1, changed=changed), KEPT) == verdict
    at_one_outlet = likeness(replace(COPY, headline=1, outlet=7, changed=changed), KEPT)
    assert at_one_outlet == ("mark" if changed == 63 else "apart")


@pytest.mark.parametrize(
    ("shingles", "verdict"), [(800, "drop"), (1000, "drop"), (1250, "drop"), (1251, "mark"), (2000, "mark")]
)
def test_a_copy_that_is_longer_by_more_than_a_quarter_is_only_marked(shingles: int, verdict: str) -> None:
    assert likeness(replace(COPY, changed=30, shingles=shingles), KEPT) == verdict


@pytest.mark.parametrize(("shingles", "verdict"), [(500, "drop"), (499, "drop"), (1500, "mark"), (2000, "mark")])
def test_a_text_that_stands_in_a_longer_one_is_dropped_and_the_longer_one_is_marked(
    shingles: int, verdict: str
) -> None:
    half = replace(COPY, changed=56, shingles=shingles)
    assert similarity_of(half, KEPT) < 0.7
    assert containment_of(half, KEPT) >= 0.85
    assert likeness(half, KEPT) == verdict


@pytest.mark.parametrize(("changed", "verdict"), [(71, "drop"), (72, "apart")])
def test_a_text_of_which_less_than_085_stands_in_the_longer_one_is_apart(changed: int, verdict: str) -> None:
    part = replace(COPY, changed=changed, shingles=560)
    assert (containment_of(part, KEPT) >= 0.85) == (verdict == "drop")
    assert likeness(part, KEPT) == verdict


@pytest.mark.parametrize(("longer", "verdicts"), [(2000, ("drop", "mark")), (2001, ("apart", "apart"))])
def test_containment_counts_up_to_ten_times_the_length(longer: int, verdicts: tuple[str, str]) -> None:
    short, long = replace(COPY, shingles=200), replace(KEPT, changed=92, ending=20, shingles=longer)
    assert similarity_of(short, long) < 0.13
    assert (likeness(short, long), likeness(long, short)) == verdicts
    found = judge(long, short).score[1]
    assert found == (1 if verdicts[0] == "drop" else 0)


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({}, "drop"),
        ({"headline": 2}, "mark"),
        ({"headline": 0}, "mark"),
        ({"first": 1}, "mark"),
        ({"first": -1}, "mark"),
        ({"span": 1}, "drop"),  # a day of the outlet that touches two of UTC
        ({"first": -1, "span": 1}, "drop"),
        ({"first": -2, "span": 1}, "mark"),
        ({"span": 2}, "mark"),
        ({"span": 30}, "mark"),
        ({"changed": 39}, "mark"),
        ({"shingles": 1251}, "mark"),
        ({"changed": 12}, "drop"),
        ({"changed": 13}, "mark"),  # an index of less than 0.90
        ({"changed": 56, "shingles": 500}, "drop"),  # cut by half
        ({"changed": 38, "shingles": 800}, "drop"),
        ({"changed": 38, "shingles": 801}, "mark"),  # cut by less than a fifth
        ({"numbers": TEN << 3}, "mark"),
        ({"outlet": 8, "first": 1}, "drop"),
        ({"outlet": 0, "first": 1}, "drop"),
    ],
)
def test_one_outlet_repeats_itself_under_one_headline_on_one_day_only(more: dict[str, int], verdict: str) -> None:
    assert likeness(replace(KEPT, **more), KEPT) == verdict


def test_unknown_outlets_count_as_one_and_unknown_headlines_do_not() -> None:
    unknown = replace(KEPT, outlet=0)
    assert likeness(replace(COPY, outlet=0), unknown) == "mark"
    assert likeness(replace(COPY, outlet=0, headline=1), unknown) == "drop"
    assert likeness(replace(COPY, outlet=0, headline=1, first=1), unknown) == "mark"
    assert likeness(COPY, unknown) == "drop"
    nameless = replace(KEPT, headline=0)
    assert likeness(nameless, nameless) == "mark"
    assert likeness(replace(nameless, outlet=8), nameless) == "drop"
    assert likeness(replace(nameless, outlet=8, changed=80), nameless) == "apart"


@pytest.mark.parametrize("outlet", [7, 8])
@pytest.mark.parametrize(("shingles", "other"), [(109, 109), (110, 109), (109, 110), (50, 60)])
def test_short_texts_must_have_the_same_headline_and_are_only_marked(outlet: int, shingles: int, other: int) -> None:
    short, kept = replace(COPY, outlet=outlet, shingles=shingles), replace(KEPT, shingles=other)
    assert likeness(short, kept) == "apart"
    assert likeness(replace(short, headline=1), kept) == "mark"
    assert likeness(replace(short, shingles=110), replace(kept, shingles=110)) == ("drop" if outlet == 8 else "mark")
    assert likeness(replace(short, headline=0), replace(kept, headline=0)) == "apart"


@pytest.mark.parametrize(
    ("first", "span", "verdict"),
    [
        (6, 0, "drop"),
        (7, 0, "apart"),
        (-6, 0, "drop"),
        (-7, 0, "apart"),
        (-37, 31, "drop"),
        (-38, 31, "apart"),
        (6, 400, "drop"),
        (7, 400, "apart"),
        (-300, 900, "drop"),
    ],
)
@pytest.mark.parametrize("shift", [0, 3, 6, 45, 179, -19000])
def test_the_window_of_six_days_is_what_lies_between_two_intervals(
    first: int, span: int, verdict: str, shift: int
) -> None:
    kept, copy = replace(KEPT, first=shift), replace(COPY, first=first + shift, span=span)
    assert likeness(copy, kept) == verdict
    assert likeness(kept, copy) == verdict


@pytest.mark.parametrize("window", [0, 1, 13, 90])
def test_the_window_is_as_wide_as_the_policy_says(window: int) -> None:
    policy = NearPolicy(DROP, window)
    assert likeness(replace(COPY, first=window), KEPT, policy) == "drop"
    assert likeness(replace(COPY, first=window + 1), KEPT, policy) == "apart"


@pytest.mark.parametrize(
    ("numbers", "kept", "verdict"),
    [
        (0, 0, "drop"),
        (TEN, TEN, "drop"),
        (0b1, 0, "mark"),  # its one number is new, and the kept article has no other ones
        (0b1, 0b10, "apart"),
        (0b1111, 0b0111, "drop"),  # one of four is new
        (0b111, 0b011, "mark"),  # one of three is new
        (0b11, 0b01, "mark"),
        (TEN | 1 << 20, TEN, "drop"),
        (TEN | 7 << 20, TEN, "drop"),  # three are new, of thirteen
        (TEN << 5 | TEN | 7 << 20, TEN << 5 | TEN, "drop"),
        (TEN << 5 | TEN | 15 << 20, TEN << 5 | TEN, "mark"),  # four are new, although they are few
        (0b0111, 0b1111, "drop"),  # one of four is missing
        (0b011, 0b111, "drop"),
        (0, 0b111, "drop"),
        (0, 0b1111, "mark"),  # four are missing
        (TEN >> 3, TEN, "drop"),
        (TEN >> 4, TEN, "mark"),
        (TEN >> 2 | 1 << 20, TEN, "drop"),
        (TEN >> 2 | 3 << 20, TEN, "mark"),  # two are missing and two are new
        (0b0011, 0b0110, "apart"),  # half of them are the same
        (0b0111, 0b1110, "mark"),  # two of three
        (0b00111, 0b1111100, "apart"),  # one of the three of the article with fewer
        (0b01111, 0b1111100, "apart"),  # two of four
        (0b11111, 0b1111100, "mark"),  # three of five
    ],
)
def test_the_numbers_of_a_copy_must_agree_and_of_a_marked_pair_more_than_half(
    numbers: int, kept: int, verdict: str
) -> None:
    assert likeness(replace(COPY, numbers=numbers), replace(KEPT, numbers=kept)) == verdict


def test_a_text_that_was_cut_may_lack_numbers_but_bring_only_one() -> None:
    cut = replace(COPY, changed=56, shingles=500)
    assert likeness(replace(cut, numbers=0b1), KEPT) == "drop"
    assert likeness(replace(cut, numbers=0), KEPT) == "drop"
    assert likeness(replace(cut, numbers=0b111 | 1 << 20), KEPT) == "drop"
    assert likeness(replace(cut, numbers=0b11 | 1 << 20), KEPT) == "mark"
    assert likeness(replace(cut, numbers=0b1 | 1 << 20), KEPT) == "apart"
    assert likeness(replace(cut, numbers=0b1, changed=38), KEPT) == "mark"


def test_a_headline_or_two_numbers_or_more_of_the_text_must_vouch_for_two_outlets() -> None:
    later, kept = replace(COPY, numbers=0b1, changed=30), replace(KEPT, numbers=0b1)
    assert likeness(later, kept) == "mark"
    assert likeness(replace(later, headline=1), kept) == "drop"
    assert likeness(replace(later, numbers=0b11), replace(kept, numbers=0b11)) == "drop"
    assert likeness(replace(later, changed=19), kept) == "drop"  # an index of 0.85
    assert likeness(replace(later, changed=20), kept) == "mark"
    assert likeness(replace(later, changed=56, shingles=500), kept) == "drop"  # cut


@pytest.mark.parametrize(("in_headline", "verdict"), [(0b1, "drop"), (1 << 20, "mark"), (1 << 20 | 1, "mark")])
def test_all_numbers_of_the_headline_must_stand_in_the_kept_article(in_headline: int, verdict: str) -> None:
    assert likeness(replace(COPY, in_headline=in_headline, numbers=TEN | in_headline), KEPT) == verdict
    # The kept article may have numbers of its own in its headline.
    assert likeness(COPY, replace(KEPT, in_headline=in_headline, numbers=TEN | in_headline)) == "drop"


def test_texts_that_share_neither_a_band_nor_a_headline_are_not_compared() -> None:
    part = replace(COPY, shingles=200, changed=96)
    assert containment_of(part, replace(KEPT, shingles=1000)) > 0.85
    assert likeness(part, KEPT) == "apart"
    assert likeness(replace(part, changed=92), KEPT) == "drop"
    assert likeness(replace(part, headline=1), KEPT) == "drop"
    assert likeness(replace(part, headline=0), replace(KEPT, headline=0)) == "apart"


# Leaders.


def test_a_row_that_repeats_a_dropped_one_is_kept() -> None:
    first, middle, last = Text(outlet=1), Text(outlet=2, changed=38), Text(outlet=3, changed=38, ending=30)
    assert [first.equal(middle), middle.equal(last), last.equal(first)] == [90, 98, 60]
    verdicts = judge(first, middle, last)
    assert told(verdicts) == [None, ("drop", "run", 0, 0.70196), None]
    assert verdicts.counters == NearCounters(verdicts.counters.candidates, verified=2, dropped=0)


def test_a_marked_article_leads() -> None:
    first, marked = Text(outlet=1, changed=50), Text(outlet=2)
    copy = Text(outlet=3, ending=30)
    assert brief(first, marked, copy) == [None, ("mark", 0), ("drop", 1)]
    assert brief(first, marked, replace(copy, outlet=2)) == [None, ("mark", 0), ("mark", 1)]


def test_a_drop_is_stronger_than_a_mark_of_a_text_that_is_more_alike(tmp_path: Path) -> None:
    strange, own = Text(outlet=1, changed=38, asks=False), Text(outlet=2, asks=False)
    copy = Text(outlet=2, headline=5)
    assert copy.equal(own) > copy.equal(strange)
    assert brief(strange, own, copy)[2] == ("drop", 0)
    storage = LocalStorage(str(tmp_path))
    drops, marks = file_of(storage, "drops", [strange], [5]), file_of(storage, "marks", [own], [3])
    for files in ([drops, marks], [marks, drops], [file_of(storage, "both", [strange, own], [5, 3])]):
        assert brief(copy, files=files) == [("drop", 5)]
    assert brief(strange, copy, files=[marks])[1] == ("drop", 0)
    assert brief(own, copy, files=[drops])[1] == ("drop", 5)


def test_the_most_alike_kept_row_is_the_leader_and_the_first_one_wins_a_tie() -> None:
    far, farther = Text(outlet=1, changed=35), Text(outlet=2, ending=35)
    assert brief(far, farther, Text(outlet=3))[2] == ("drop", 0)
    assert brief(far, replace(farther, ending=34), Text(outlet=3))[2] == ("drop", 1)


def test_in_a_tie_the_lake_comes_before_the_run_and_its_lowest_id_first(tmp_path: Path) -> None:
    storage = LocalStorage(str(tmp_path))
    files = [file_of(storage, str(id_), [Text(outlet=1)], [id_]) for id_ in (9, 5, 7)]
    held, copy = Text(outlet=1, asks=False), Text(outlet=2)
    assert told(judge(held, copy, files=files)) == [None, ("drop", "lake", 5, 1.0)]
    changed = [file_of(storage, "changed", [Text(outlet=1, changed=1)], [1])]
    assert told(judge(held, copy, files=changed)) == [None, ("drop", "run", 0, 1.0)]


def test_a_row_that_repeats_the_lake_leads_no_other(tmp_path: Path) -> None:
    files = [file_of(LocalStorage(str(tmp_path)), "one", [Text(outlet=1, changed=38)], [1])]
    row, other = Text(outlet=2), Text(outlet=3, ending=30)
    assert brief(row, other, files=files) == [("drop", 1), None]
    assert brief(row, other) == [None, ("drop", 0)]
    assert brief(row, other, files=files, policy=NearPolicy(MARK)) == [("mark", 1), ("mark", 0)]


def test_a_row_that_does_not_ask_is_kept_and_only_repeated() -> None:
    held = Text(outlet=1, asks=False)
    assert brief(Text(outlet=2), held, replace(held, outlet=3)) == [("drop", 1), None, None]


def test_the_mode_mark_drops_nothing_and_so_marks_beside_more_leaders() -> None:
    texts = Text(outlet=1), Text(outlet=2, changed=38), Text(outlet=3, changed=38, ending=30)
    assert brief(*texts, policy=NearPolicy(MARK)) == [None, ("mark", 0), ("mark", 1)]
    assert judge(*texts, policy=NearPolicy(MARK)).score[1:].tolist() == pytest.approx([0.70196, 0.76471], abs=1e-5)


def test_an_interval_of_decades_is_compared_in_its_first_years_only() -> None:
    decades = Text(outlet=1, first=0, span=365 * 30, asks=False)
    found = brief(decades, Text(outlet=2, first=365), Text(outlet=3, first=365 * 29, seed=1))
    assert found == [None, ("drop", 0), None]


def test_rows_of_all_centuries_are_judged_together() -> None:
    days = [day for century in range(-70, 100) for day in (century * 36524, century * 36524 + 6)]
    found = brief(*(Text(outlet=1 + row, first=day) for row, day in enumerate(days)))
    assert found == [("drop", row - 1) if row % 2 else None for row in range(len(days))]


def test_zero_rows_give_zero_verdicts() -> None:
    verdicts = judge()
    assert (told(verdicts), verdicts.counters) == ([], NearCounters())


def test_more_rows_than_an_edge_has_room_for_are_refused() -> None:
    with pytest.raises(ValueError, match="134217729 rows"):
        judge_near(
            replace(articles_of([]), shingles=np.broadcast_to(np.uint32(500), (1 << 27) + 1)),
            0,
            standing_of([]),
            POLICY,
        )


# Standing text.

CONSENT = Text(outlet=7, body=5)
OTHERS = [replace(CONSENT, headline=headline) for headline in (1, 2, 3)]


def are_standing(known: Sequence[Text], ids: Sequence[int], run: Sequence[Text], run_ids: Sequence[int]) -> list[bool]:
    """Tell of bodies 5, 6 and 0 whether they are standing text, with each known text in a file."""
    storage = MemoryStorage()
    parts = enumerate(zip(ids, known, strict=True))
    files = [file_of(storage, str(number), [text], [id_]) for number, (id_, text) in parts]
    return standing_of(run, run_ids, files).has(np.array([5, 6, 0], np.uint32)).tolist()


@pytest.mark.parametrize("in_run", [0, 1, 2, 3])
def test_a_body_under_three_headlines_is_standing_text_in_the_run_the_lake_or_both(in_run: int) -> None:
    ids = [10, 11, 12]
    known, run = OTHERS[in_run:], OTHERS[:in_run]
    assert are_standing(known, ids[in_run:], run, ids[:in_run]) == [True, False, False]
    two = [replace(text, headline=min(text.headline, 2)) for text in OTHERS]
    assert are_standing(two[in_run:], ids[in_run:], two[:in_run], ids[:in_run]) == [False] * 3
    unnamed = [replace(text, body=0) for text in OTHERS]
    assert are_standing(unnamed[in_run:], ids[in_run:], unnamed[:in_run], ids[:in_run]) == [False] * 3


@pytest.mark.parametrize("in_run", [0, 1, 2, 3])
def test_an_article_that_is_retitled_again_and_again_is_not_standing_text(in_run: int) -> None:
    for ids, is_standing in (([10, 10, 10], False), ([10, 10, 11], False), ([10, 11, 12], True)):
        found = are_standing(OTHERS[in_run:], ids[in_run:], OTHERS[:in_run], ids[:in_run])
        assert found == [is_standing, False, False]


@settings(max_examples=60)
@given(
    st.lists(st.builds(Text, headline=st.integers(1, 4), body=st.integers(0, 3), seed=st.integers(0, 4)), max_size=14),
    st.integers(0, 14),
    st.integers(0, 14),
)
def test_standing_text_is_counted_over_the_run_and_all_files(texts: list[Text], cut: int, second: int) -> None:
    parts = [texts[: min(cut, second)], texts[min(cut, second) : max(cut, second)]]
    storage = MemoryStorage()
    files = [file_of(storage, str(number), part, [text.seed for text in part]) for number, part in enumerate(parts)]
    run = texts[max(cut, second) :]
    found = standing_of(run, [text.seed for text in run], files).has(np.array([2, 0, 1, 2, 3, 9], np.uint32))
    headlines = {body: {text.headline for text in texts if text.body == body} for body in range(10)}
    ids = {body: {text.seed for text in texts if text.body == body} for body in range(10)}
    is_standing = [body > 0 and min(len(headlines[body]), len(ids[body])) >= 3 for body in range(10)]
    assert found.tolist() == [is_standing[body] for body in (2, 0, 1, 2, 3, 9)]


def test_an_article_of_the_lake_that_is_standing_text_now_leads_no_other() -> None:
    known = file_of(MemoryStorage(), "one", [OTHERS[0]], [4])
    copy = Text(outlet=8, headline=9)
    for others, leader in ((OTHERS[1:2], ("drop", 4)), (OTHERS[1:], None)):
        standing = standing_of(others, [20, 21][: len(others)], [known])
        verdicts = judge_near(articles_of([copy]), 0, standing, POLICY)
        (found,) = told(verdicts)
        assert (found and (found[0], found[2])) == leader


# Hot buckets.


def copies(count: int, days: Sequence[int] | None = None) -> Articles:
    """Return near copies of one text, each with some bytes of its own at places of its own.

    Each is of another outlet. The days are five, or as given.
    """
    random = np.random.default_rng(3)
    signatures = np.tile(np.frombuffer(Text().signature, np.uint8), (count, 1))
    own = random.random(signatures.shape) < 0.1
    signatures[own] = random.integers(0, 256, int(own.sum()), np.uint8)
    day = random.integers(0, 5, count) if days is None else np.array(days)
    return unlike(count, day, signatures=signatures)


def unlike(count: int, day: np.ndarray, headline: int = 0, signatures: np.ndarray | None = None) -> Articles:
    """Return texts of so many outlets, with nothing in common, or with the given fingerprints."""
    if signatures is None:
        signatures = np.frombuffer(np.random.default_rng(4).bytes(128 * count), np.uint8).reshape(-1, 128).copy()
    numbers = np.tile(sketches([0b11]), (count, 1))
    return Articles(
        signatures.view("<u4"),
        np.full(count, 400, np.uint32),
        day.astype(np.int32),
        day.astype(np.int32),
        np.arange(1, count + 1, dtype=np.uint32),
        np.full(count, headline, np.uint32),
        numbers.__getitem__,
        numbers.__getitem__,
    )


def weather(outlets: int, days: int) -> Articles:
    """Return an item under one headline of each outlet on each day; each says something else."""
    return unlike(outlets * days, np.repeat(np.arange(days), outlets), headline=1)


@pytest.mark.parametrize(("outlets", "days"), [(300, 40), (600, 20)])
def test_a_hot_headline_gives_work_that_is_linear_in_the_rows(outlets: int, days: int) -> None:
    half, whole = judge_articles(weather(300, 20)), judge_articles(weather(outlets, days))
    assert whole.likeness.max() == 0
    assert 300 * 20 < half.counters.candidates < 16 * 300 * 20
    assert whole.counters.candidates <= 2.2 * half.counters.candidates
    assert whole.counters.verified == 0
    assert whole.counters.dropped > 50 * whole.counters.candidates / 16


@pytest.mark.parametrize("days", [5, 20])
def test_a_hot_headline_of_the_lake_gives_eight_candidates_a_row(tmp_path: Path, days: int) -> None:
    storage, known = LocalStorage(str(tmp_path)), weather(300, days)
    rows: Columns = {column: np.zeros(300 * days, dtype) for column, dtype in NEAR_COLUMNS.items()}
    rows |= {column: getattr(known, column) for column in ("shingles", "day_from", "day_until", "headline", "outlet")}
    rows["signature"] = known.words.view("|V128").reshape(-1)
    near_index.write(storage, "known", rows)
    asked = unlike(300, np.full(300, days), headline=1)
    asked.words[:] ^= np.uint32(1 << 31 | 1 << 15)  # no band of these is known
    found = judge_articles(asked, files=[NearFile(storage, "known")])
    alone = judge_articles(asked)
    assert found.counters.candidates - alone.counters.candidates == 8 * 300
    known_within = 300 * min(6, days)
    assert found.counters.dropped - alone.counters.dropped == 300 * (known_within - 8)


def test_a_hot_bucket_of_copies_leaves_one_and_compares_in_linear_number() -> None:
    count = 3000
    same = unlike(count, np.zeros(count), signatures=np.tile(np.frombuffer(Text().signature, np.uint8), (count, 1)))
    verdicts = judge_articles(same)
    assert verdicts.leader.tolist() == [-1] + [0] * (count - 1)
    assert set(verdicts.likeness[1:].tolist()) == {Likeness.DROP}
    assert verdicts.counters.candidates == verdicts.counters.verified == 8 * count - 8 * 9 // 2
    assert verdicts.counters.dropped > 24 * (count - 20) ** 2 // 2


def test_a_paragraph_that_thousands_share_makes_no_duplicates() -> None:
    count = 3000
    rows = unlike(count, np.random.default_rng(5).integers(0, 5, count))
    rows.words[:, 0] = 7
    verdicts = judge_articles(rows)
    assert verdicts.likeness.max() == Likeness.APART
    # Days 0 to 4 are widened into two blocks.
    assert 8 * count - 36 <= verdicts.counters.candidates <= 16 * count
    assert verdicts.counters.candidates + verdicts.counters.dropped >= count * (count - 1) // 2


def test_each_near_copy_finds_a_kept_leader_in_few_comparisons() -> None:
    count = 3000
    verdicts = judge_articles(copies(count))
    repeats = verdicts.likeness == Likeness.DROP
    assert repeats.sum() > 0.99 * count
    assert (verdicts.likeness[verdicts.leader[repeats]] != Likeness.DROP).all()
    assert verdicts.counters.candidates < 30 * count


@pytest.mark.parametrize("count", [300, 3000])
def test_a_text_that_recurs_for_years_is_kept_once_a_window(count: int) -> None:
    days = np.sort(np.random.default_rng(5).integers(0, 720, count))
    rows = copies(count, days)
    verdicts = judge_articles(rows)
    repeats = np.flatnonzero(verdicts.likeness == Likeness.DROP)
    leader = verdicts.leader[repeats]
    kept = days[np.flatnonzero(verdicts.likeness != Likeness.DROP)].tolist()
    # All rows are alike. If each were compared with each, these rows would be kept.
    expected: list[int] = []
    for day in days.tolist():
        if not expected or day > expected[-1] + 6:
            expected.append(day)
    assert len(expected) <= len(kept) <= 1.05 * len(expected)
    assert (verdicts.likeness[leader] != Likeness.DROP).all()
    assert (days[repeats] - days[leader] <= 6).all()
    equal = (rows.words[repeats].view(np.uint8) == rows.words[leader].view(np.uint8)).sum(axis=1)
    assert verdicts.score[repeats] == pytest.approx((equal / 128 - 1 / 256) / (1 - 1 / 256), abs=1e-6)


@pytest.mark.parametrize("shift", range(7))
def test_a_row_beside_dropped_ones_is_compared_with_the_row_that_was_kept_beside_them(shift: int) -> None:
    """The first members of the bucket of the last row are all dropped."""
    days = [0, *[6] * 12, 7, 8, 12, 14]
    texts = [Text(outlet=1 + row, first=shift + day) for row, day in enumerate(days)]
    found = brief(*texts)
    assert found == [None, *[("drop", 0)] * 12, None, ("drop", 13), ("drop", 13), None]
    # A row that is not alike to the row that was kept is kept too.
    unlike = [replace(texts[13], changed=38), replace(texts[14], ending=38)]
    assert brief(*texts[:13], *unlike)[13:] == [None, None]


def test_a_hot_bucket_of_the_lake_is_asked_for_its_nearest_ones(tmp_path: Path) -> None:
    known = [Text(outlet=1 + number, first=number // 10) for number in range(30)]
    file = file_of(LocalStorage(str(tmp_path)), "hot", known, range(30))
    verdicts = judge(Text(outlet=99, first=1), files=[file])
    # All are equal, so the lowest id of the eight nearest ones leads: 12 to 19 are of that day.
    assert told(verdicts) == [("drop", "lake", 12, 1.0)]
    assert verdicts.counters == NearCounters(candidates=8, verified=8, dropped=24 * (30 - 8))


@pytest.mark.parametrize("kind", ["near copies", "one headline"])
def test_memory_grows_with_the_rows_and_not_with_their_pairs(kind: str) -> None:
    # There are 50,000,000 pairs, which would take 8 bytes or more each.
    rows = copies(10_000) if kind == "near copies" else weather(2000, 5)
    tracemalloc.start()
    try:
        judge_articles(rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4000 * 10_000


@pytest.mark.parametrize("at_once", [1, 64, 1000])
def test_candidates_that_come_in_many_lots_are_judged_as_in_one(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    rows = copies(100)
    file = file_of(MemoryStorage(), "known", [Text(outlet=1 << 20, changed=10 * number) for number in range(4)])
    whole = judge_articles(rows, files=[file])
    monkeypatch.setattr(candidates, "_PAIRS_AT_ONCE", at_once)
    for name in ("_COMPARED_AT_ONCE", "_EDGES_AT_ONCE", "_ASKED_AT_ONCE"):
        monkeypatch.setattr(near, name, at_once)
    again = judge_articles(rows, files=[file])
    assert told(again) == told(whole)
    assert again.counters.verified == whole.counters.verified
    assert again.counters.dropped == whole.counters.dropped


def test_rows_of_a_second_round_find_the_leaders_that_they_would_have_had_in_the_first() -> None:
    verdicts = judge_near(copies(2000), 1997, standing_of([]), POLICY)
    assert np.flatnonzero(verdicts.likeness).tolist() == [1997, 1998, 1999]
    assert (verdicts.leader[1997:] < 1997).all()


DAYS = st.integers(-800_000, 3_000_000)


@given(DAYS, st.integers(0, 800), DAYS, st.integers(0, 800))
def test_days_apart_is_how_many_days_one_interval_begins_after_the_other_ends(
    first: int, span: int, other: int, other_span: int
) -> None:
    apart = days_apart(first, first + span, other, other + other_span)
    assert apart == days_apart(other, other + other_span, first, first + span)
    share_a_day = bool({*range(first, first + span + 1)} & {*range(other, other + other_span + 1)})
    assert (apart <= 0) == share_a_day
    if not share_a_day:
        assert apart == (other - first - span if first < other else first - other - other_span)


@given(st.lists(st.tuples(st.binary(min_size=128, max_size=128), st.integers(0, 128)), max_size=4))
def test_equal_bytes_are_counted(pairs: list[tuple[bytes, int]]) -> None:
    left = b"".join(one for one, _ in pairs)
    right = b"".join(one[:same] + bytes(byte ^ 0x80 for byte in one[same:]) for one, same in pairs)
    words, others = (np.frombuffer(side, "<u4").reshape(-1, 32) for side in (left, right))
    assert equal_bytes(words, others).tolist() == [same for _, same in pairs]
