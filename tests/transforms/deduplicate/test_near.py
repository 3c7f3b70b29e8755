"""Near-duplicates: judged in buckets, and compared with the definition over all pairs."""

import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.staging import Columns
from newslake.transforms.deduplicate import near
from newslake.transforms.deduplicate.index import near as near_index
from newslake.transforms.deduplicate.index.near import BANDS, NEAR_COLUMNS, NearFile
from newslake.transforms.deduplicate.near import (
    BUCKET_LEADERS,
    FORM_SHINGLES,
    NearCounters,
    NearRows,
    NearRule,
    NearVerdicts,
    judge_near,
)
from newslake.transforms.storage.local import LocalStorage

RULE = NearRule()
MIN_SHARED_BYTES = 71  # of 128: the fewest equal bytes that give a Jaccard index of 0.55


@dataclass(frozen=True)
class Text:
    """An article with the fingerprint of text ``base``, except for some bytes.

    These are the first ``changed`` bytes and the last ``ending`` bytes.
    """

    base: int = 0
    changed: int = 0
    ending: int = 0
    seed: int = 0
    shingles: int = 100
    first: int = 0
    span: int = 0
    asks: bool = True
    outlet: int = 0
    headline: int = 0
    figures: int = 0
    """A bit for each figure."""

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


def rows_of(texts: Sequence[Text]) -> NearRows:
    return NearRows(
        np.frombuffer(b"".join(text.signature for text in texts), "|V128"),
        np.array([text.shingles for text in texts], np.uint32),
        np.array([text.first for text in texts], np.int32),
        np.array([text.first + text.span for text in texts], np.int32),
        np.array([text.asks for text in texts], np.bool_),
        np.array([text.outlet for text in texts], np.uint64),
        np.array([text.headline for text in texts], np.uint64),
        np.frombuffer(b"".join(text.figures.to_bytes(16, "big") for text in texts), "|V16"),
    )


def file_of(path: Path, texts: Sequence[Text], ids: Sequence[int]) -> NearFile:
    rows = rows_of(texts)
    columns: Columns = {name: np.zeros(len(texts), dtype) for name, dtype in NEAR_COLUMNS.items()}
    columns |= {
        name: getattr(rows, name)
        for name in ("signature", "shingles", "day_from", "day_until", "outlet", "headline", "figures")
    }
    columns["id_hi"], columns["id_lo"] = (
        np.array([id_ // 4 for id_ in ids], "<u8"),
        np.array([id_ % 4 + 1 for id_ in ids], "<u8"),
    )
    storage = LocalStorage(str(path.parent))
    near_index.write(storage, path.name, columns)
    return NearFile(storage, path.name)


def judge(*texts: Text, files: Sequence[NearFile] = (), rule: NearRule = RULE) -> NearVerdicts:
    return judge_near(rows_of(texts), files, rule)


def leaders(*texts: Text, rule: NearRule = RULE) -> list[int]:
    return judge(*texts, rule=rule).leader.tolist()


def common_bytes(texts: Sequence[Text]) -> set[tuple[int, int]]:
    """Return (place, value) of the bytes that more short texts have than by chance."""
    short = [text.signature for text in texts if near.NAMED_SHINGLES <= text.shingles < FORM_SHINGLES]
    counts = Counter((place, value) for signature in short for place, value in enumerate(signature))
    mean = len(short) / 256
    return {byte for byte, count in counts.items() if count > mean + 2 * mean**0.5 + 3}


def score_of(one: Text, other: Text, rule: NearRule, common: set[tuple[int, int]]) -> float | None:
    """Return the score of two articles that repeat each other and share a band, else None.

    This is the definition.
    """
    less, more = sorted((one.shingles, other.shingles))
    are_short = less >= near.NAMED_SHINGLES and more < FORM_SHINGLES
    starts = [(4, range(0, 128, 4)), (3, range(0, 126, 3))][: 1 + are_short]
    shares_band = any(
        one.signature[at : at + size] == other.signature[at : at + size] for size, places in starts for at in places
    )
    shares_band |= are_short and one.headline == other.headline != 0
    if days_apart(one, other) > rule.window_days or not shares_band or less < near_index.MIN_SHINGLES:
        return None
    jaccard = min(max((one.equal(other) / 128 - 1 / 256) / (1 - 1 / 256), 0), 1)
    containment = min(jaccard * (less + more) / ((1 + jaccard) * less), 1) if more <= 4 * less else 0
    if jaccard >= rule.jaccard or containment >= rule.containment:
        return None if are_apart(one, other, jaccard, rule) else jaccard if jaccard >= rule.jaccard else containment
    are_two_outlets = 0 != one.outlet != other.outlet != 0
    fewer = min(one.figures.bit_count(), other.figures.bit_count())
    if one.span > 1 or other.span > 1:
        return None
    if (
        not are_short
        or not are_two_outlets
        or days_apart(one, other) > 7
        or 2 * (one.figures & other.figures).bit_count() < fewer
    ):
        return None
    pairs = [
        ((at, left), (at, right)) for at, (left, right) in enumerate(zip(one.signature, other.signature, strict=True))
    ]
    telling = sum(not (left in common and right in common) for left, right in pairs)
    equal = sum(left == right and left not in common for left, right in pairs) / max(telling, 32)
    return jaccard if (equal - 1 / 256) / (1 - 1 / 256) >= max(rule.jaccard - 0.3, 0.25) else None


def are_apart(one: Text, other: Text, jaccard: float, rule: NearRule) -> bool:
    two_headlines = one.headline != other.headline
    fewer = min(one.figures.bit_count(), other.figures.bit_count())
    if fewer >= 5 and 2 * (one.figures & other.figures).bit_count() < fewer:
        return True
    if two_headlines and max(one.shingles, other.shingles) < near.NAMED_SHINGLES:
        return True
    if one.outlet != other.outlet or one.outlet == 0:
        return False
    if min(one.shingles, other.shingles) < FORM_SHINGLES and (two_headlines or days_apart(one, other) > 0):
        return True
    return two_headlines and jaccard < min(rule.jaccard + 0.15, 1)


def days_apart(one: Text, other: Text) -> int:
    return max(one.first, other.first) - min(one.first + one.span, other.first + other.span)


Found = tuple[str, int, float] | None
"""("run", row, score), ("lake", id, score), or None for a row that is kept."""


def told(verdicts: NearVerdicts) -> list[Found]:
    found: list[Found] = []
    columns = (verdicts.leader, verdicts.known_hi, verdicts.known_lo, verdicts.score)
    for leader, hi, lo, score in zip(*(column.tolist() for column in columns), strict=True):
        assert leader < 0 or (hi, lo) == (0, 0)
        if leader >= 0:
            found.append(("run", leader, round(score, 5)))
        elif lo:
            found.append(("lake", hi * 4 + lo - 1, round(score, 5)))
        else:
            assert score == 0
            found.append(None)
    return found


def define(
    texts: Sequence[Text], lake: Sequence[tuple[int, Text, Sequence[Text]]], rule: NearRule
) -> tuple[list[Found], int]:
    """Return what the definition over all pairs says of each row, and how many pairs repeat.

    ``lake`` holds for each known article its id, its text, and all texts of its file.
    """
    common = common_bytes(texts)
    found: list[Found] = [None] * len(texts)
    kept = [row for row, text in enumerate(texts) if not text.asks]
    held = list(kept)
    verified = 0
    seen: list[int] = []
    for row, text in enumerate(texts):
        if not text.asks:
            continue
        verified += sum(score_of(text, texts[other], rule, common) is not None for other in held + seen)
        options = [("run", other, texts[other], common) for other in kept]
        options += [("lake", id_, known, common | common_bytes(part)) for id_, known, part in lake]
        scored = [
            (text.equal(other), where == "lake", -at, score_of(text, other, rule, of), where, at)
            for where, at, other, of in options
        ]
        repeated = [one for one in scored if one[3] is not None]
        verified += sum(where == "lake" for *_, where, _ in repeated)
        if repeated:
            *_, score, where, at = max(repeated)
            found[row] = (where, at, round(float(np.float32(score)), 5))
        else:
            kept.append(row)
        seen.append(row)
    return found, verified


TEXTS = st.builds(
    Text,
    base=st.integers(0, 1),
    changed=st.integers(0, 100),
    ending=st.integers(0, 28),
    seed=st.integers(0, 2),
    shingles=st.sampled_from([49, 50, 60, 100, 110, 200, 201, 400, 599, 700]),
    first=st.integers(-200, 200) | st.integers(0, 8),
    span=st.sampled_from([0, 0, 30, 364, 400]),
    asks=st.sampled_from([True, True, False]),
    outlet=st.sampled_from([0, 7, 7, 8]),
    headline=st.sampled_from([0, 1, 1]),
    figures=st.sampled_from([0, 0b111, 0b110, 0b11000, 1 << 127, 0b11111, 0b111 << 2, 0b1111100, 0b111110000]),
)
RULES = st.sampled_from([RULE, NearRule(window_days=0), NearRule(0.3, 0.6, 7), NearRule(0.9, 1.0, 400)])
# In a bucket of this many rows each member is compared with all members before it.
FEW = st.lists(TEXTS, max_size=BUCKET_LEADERS + 1)
FEWER = st.lists(TEXTS, max_size=BUCKET_LEADERS)


@given(texts=FEW, rule=RULES)
def test_buckets_below_the_limit_give_what_the_definition_over_all_pairs_says(
    texts: list[Text], rule: NearRule
) -> None:
    verdicts = judge(*texts, rule=rule)
    found, verified = define(texts, [], rule)
    assert told(verdicts) == found
    assert (verdicts.counters.verified, verdicts.counters.dropped) == (verified, 0)


@given(texts=FEW, known=st.lists(FEWER, max_size=3), rule=RULES, random=st.randoms())
def test_the_lake_answers_as_the_definition_says_whatever_its_files(
    tmp_path_factory: pytest.TempPathFactory, texts: list[Text], known: list[list[Text]], rule: NearRule, random: Random
) -> None:
    folder = tmp_path_factory.mktemp("near")
    ids = list(range(sum(map(len, known))))
    random.shuffle(ids)
    files, lake = [], []
    for number, part in enumerate(known):
        own = [ids.pop() for _ in part]
        files.append(file_of(folder / str(number), part, own))
        lake += [(id_, text, part) for id_, text in zip(own, part, strict=True)]
    random.shuffle(files)
    verdicts = judge(*texts, files=files, rule=rule)
    found, verified = define(texts, lake, rule)
    assert told(verdicts) == found
    assert (verdicts.counters.verified, verdicts.counters.dropped) == (verified, 0)


@given(texts=FEWER, rule=RULES, cut=st.integers(0, BUCKET_LEADERS))
def test_the_same_rows_in_two_runs_choose_the_same_leaders(
    tmp_path_factory: pytest.TempPathFactory, texts: list[Text], rule: NearRule, cut: int
) -> None:
    texts = [replace(text, asks=True) for text in texts]
    whole = told(judge(*texts, rule=rule))
    first = told(judge(*texts[:cut], rule=rule))
    kept = [row for row, found in enumerate(first) if found is None]
    file = file_of(tmp_path_factory.mktemp("near") / "first", [texts[row] for row in kept], kept)
    second = told(judge(*texts[cut:], files=[file], rule=rule))
    # The id of a row of the first run is its place. A place in the second run counts from the cut.
    places = {"lake": 0, "run": cut}
    again = first + [found and ("run", found[1] + places[found[0]], found[2]) for found in second]
    assert again == whole


@given(texts=FEW, random=st.randoms())
def test_the_places_of_rows_that_do_not_ask_change_no_verdict(texts: list[Text], random: Random) -> None:
    asking = [text for text in texts if text.asks]
    placed = list(asking)
    for text in texts:
        if not text.asks:
            placed.insert(random.randint(0, len(placed)), text)
    before, after = judge(*texts), judge(*placed)
    assert before.score[rows_of(texts).asks].tolist() == after.score[rows_of(placed).asks].tolist()
    assert before.counters == after.counters


def test_short_texts_of_one_outlet_under_two_headlines_or_on_two_days_are_of_one_form_and_no_duplicates() -> None:
    first, again = Text(outlet=7, headline=1, shingles=120), Text(outlet=7, headline=2, shingles=120)
    assert leaders(first, again) == [-1, -1]
    assert leaders(first, replace(again, outlet=8)) == [-1, 0]
    assert leaders(first, replace(again, headline=1)) == [-1, 0]
    assert leaders(first, replace(again, headline=1, first=1)) == [-1, -1]
    assert leaders(first, replace(again, outlet=8, first=1)) == [-1, 0]
    assert leaders(replace(first, outlet=0), replace(again, outlet=0)) == [-1, 0]
    assert leaders(replace(first, shingles=600), replace(again, shingles=600)) == [-1, 0]
    assert leaders(replace(first, shingles=599), replace(again, shingles=600)) == [-1, -1]


def test_the_shortest_texts_are_near_duplicates_under_one_headline_only() -> None:
    first, again = Text(outlet=7, headline=1, shingles=109), Text(outlet=8, headline=2, shingles=109)
    assert leaders(first, again) == [-1, -1]
    assert leaders(first, replace(again, headline=1)) == [-1, 0]
    assert leaders(first, replace(again, shingles=110)) == [-1, 0]


def test_long_texts_of_one_outlet_under_two_headlines_must_be_more_alike() -> None:
    first, again = Text(outlet=7, headline=1, shingles=900), Text(outlet=7, headline=2, shingles=900)
    assert leaders(first, replace(again, changed=38)) == [-1, 0]
    assert leaders(first, replace(again, changed=39)) == [-1, -1]
    assert leaders(first, replace(again, changed=39, outlet=8)) == [-1, 0]
    assert leaders(first, replace(again, changed=39, headline=1)) == [-1, 0]


def test_texts_that_disagree_in_their_figures_are_of_one_form() -> None:
    first, again = Text(shingles=900, figures=0b11111), Text(shingles=900, figures=0b1111100000)
    assert leaders(first, again) == [-1, -1]
    assert leaders(first, replace(again, figures=0b11111000)) == [-1, -1]
    assert leaders(first, replace(again, figures=0b1111100)) == [-1, 0]
    assert leaders(first, replace(again, figures=0b111100000)) == [-1, 0]
    assert leaders(first, replace(again, figures=0)) == [-1, 0]


SHORT = Text(outlet=7, headline=1, shingles=200, figures=0b1111)
RETOLD = 95
"""A copy with this many other bytes has an index of .25."""


def test_short_items_of_two_outlets_repeat_each_other_at_a_lower_index_where_they_agree_in_their_figures() -> None:
    copy = replace(SHORT, outlet=8, headline=2)
    assert leaders(SHORT, replace(copy, changed=RETOLD)) == [-1, 0]
    assert leaders(SHORT, replace(copy, changed=RETOLD + 1)) == [-1, -1]
    assert leaders(SHORT, replace(copy, changed=RETOLD, figures=0b11110000)) == [-1, -1]
    assert leaders(SHORT, replace(copy, changed=RETOLD, figures=0b111100)) == [-1, 0]
    assert leaders(SHORT, replace(copy, changed=RETOLD, outlet=7)) == [-1, -1]
    assert leaders(SHORT, replace(copy, changed=RETOLD, outlet=0)) == [-1, -1]
    assert leaders(SHORT, replace(copy, changed=RETOLD, first=7)) == [-1, 0]
    assert leaders(SHORT, replace(copy, changed=RETOLD, first=8)) == [-1, -1]
    assert leaders(SHORT, replace(copy, changed=RETOLD, span=1)) == [-1, 0]
    assert leaders(SHORT, replace(copy, changed=RETOLD, span=2)) == [-1, -1]
    assert leaders(replace(SHORT, shingles=599), replace(copy, changed=RETOLD, shingles=599)) == [-1, 0]
    assert leaders(replace(SHORT, shingles=599), replace(copy, changed=RETOLD, shingles=600)) == [-1, -1]
    assert leaders(replace(SHORT, shingles=109), replace(copy, changed=RETOLD, shingles=110)) == [-1, -1]


@pytest.mark.parametrize(("others", "leader"), [(1, 0), (2, -1)])
def test_bytes_that_many_short_items_share_make_no_copies(tmp_path: Path, others: int, leader: int) -> None:
    under_it = [
        replace(SHORT, outlet=9, headline=9, changed=RETOLD, seed=seed, first=60) for seed in range(1, others + 1)
    ]
    copy = replace(SHORT, outlet=8, headline=2, changed=RETOLD)
    assert leaders(SHORT, copy, *under_it)[1] == leader
    known = [SHORT, *under_it, replace(SHORT, outlet=9, changed=RETOLD, seed=9, first=60)]
    found = judge(copy, files=[file_of(tmp_path / "known", known, range(len(known)))])
    assert (found.known_lo[0] > 0) == (leader == 0)


def test_the_lower_index_of_short_items_moves_with_the_rule_and_has_a_floor() -> None:
    copy = replace(SHORT, outlet=8, headline=2)
    assert leaders(SHORT, replace(copy, changed=RETOLD - 19), rule=NearRule(jaccard=0.7, containment=1)) == [-1, 0]
    assert leaders(SHORT, replace(copy, changed=RETOLD - 18), rule=NearRule(jaccard=0.7, containment=1)) == [-1, -1]
    assert leaders(SHORT, replace(copy, changed=RETOLD), rule=NearRule(jaccard=0.4)) == [-1, 0]
    assert leaders(SHORT, replace(copy, changed=RETOLD + 1), rule=NearRule(jaccard=0.4)) == [-1, -1]


def test_a_row_that_repeats_a_dropped_one_is_kept() -> None:
    first, middle, last = Text(), Text(changed=40), Text(changed=40, ending=40)
    assert (middle.equal(first), middle.equal(last), last.equal(first)) == (88, 88, 48)
    verdicts = judge(first, middle, last)
    assert verdicts.leader.tolist() == [-1, 0, -1]
    assert verdicts.counters == NearCounters(candidates=3, verified=2, dropped=0)


def test_the_most_alike_kept_row_is_the_leader_and_the_first_one_wins_a_tie() -> None:
    far, farther = Text(changed=57, seed=1), Text(ending=57, seed=1)
    assert far.equal(farther) < MIN_SHARED_BYTES
    assert leaders(far, farther, Text()) == [-1, -1, 0]
    assert leaders(far, replace(farther, ending=56), Text()) == [-1, -1, 1]


def test_in_a_tie_the_lake_comes_before_the_run_and_its_lowest_id_first(tmp_path: Path) -> None:
    files = [file_of(tmp_path / str(id_), [Text()], [id_]) for id_ in (9, 5, 7)]
    assert told(judge(Text(asks=False), Text(), files=files)) == [None, ("lake", 5, 1.0)]
    changed = [file_of(tmp_path / "changed", [Text(changed=1)], [1])]
    assert told(judge(Text(asks=False), Text(), files=changed)) == [None, ("run", 0, 1.0)]


def test_a_row_that_repeats_the_lake_leads_no_other(tmp_path: Path) -> None:
    files = [file_of(tmp_path / "one", [Text(changed=40)], [1])]
    assert told(judge(Text(), Text(ending=57), files=files)) == [("lake", 1, 0.68627), None]
    assert leaders(Text(), Text(ending=57)) == [-1, 0]


def test_a_row_that_does_not_ask_is_kept_and_only_repeated() -> None:
    assert leaders(Text(), Text(asks=False), Text(asks=False)) == [1, -1, -1]


@pytest.mark.parametrize(("shared", "leader"), [(MIN_SHARED_BYTES, 0), (MIN_SHARED_BYTES - 1, -1)])
def test_the_jaccard_index_must_reach_the_rule(shared: int, leader: int) -> None:
    assert leaders(Text(), Text(changed=128 - shared))[1] == leader


@pytest.mark.parametrize(("longer", "leader"), [(400, 0), (401, -1)])
def test_containment_counts_up_to_a_size_ratio_of_four(longer: int, leader: int) -> None:
    verdicts = judge(Text(shingles=100), Text(changed=95, shingles=longer))
    assert verdicts.leader[1] == leader
    assert verdicts.score[1] == (1 if leader == 0 else 0)


@pytest.mark.parametrize(("shingles", "leader"), [(50, 0), (49, -1), (0, -1)])
def test_a_text_of_few_shingles_takes_no_part(shingles: int, leader: int) -> None:
    assert leaders(Text(shingles=50), Text(shingles=shingles))[1] == leader
    assert leaders(Text(shingles=50, asks=False), Text(shingles=shingles))[1] == leader


@pytest.mark.parametrize(
    ("first", "span", "leader"),
    [
        (90, 0, 0),
        (91, 0, -1),
        (-90, 0, 0),
        (-91, 0, -1),
        (-121, 31, 0),
        (-122, 31, -1),
        (90, 400, 0),
        (91, 400, -1),
        (-300, 900, 0),
    ],
)
@pytest.mark.parametrize("shift", [0, 45, 89, 135, 179, -19000])
def test_the_window_is_what_lies_between_two_intervals(
    tmp_path: Path, first: int, span: int, leader: int, shift: int
) -> None:
    texts = Text(first=shift), Text(first=first + shift, span=span)
    assert leaders(*texts)[1] == leader
    assert leaders(*reversed(texts))[1] == leader
    assert (judge(texts[1], files=[file_of(tmp_path / "one", texts[:1], [4])]).known_hi[0] == 1) == (leader == 0)


def test_an_interval_of_decades_is_compared_in_its_first_years_only() -> None:
    decades = Text(first=0, span=365 * 30, asks=False)
    assert leaders(decades, Text(first=365), Text(first=365 * 29, seed=1)) == [-1, 0, -1]


def test_rows_of_all_centuries_are_judged_together() -> None:
    days = [day for century in range(-70, 100) for day in (century * 36524, century * 36524 + 60)]
    assert leaders(*(Text(first=day) for day in days)) == [row - 1 if row % 2 else -1 for row in range(len(days))]


def copies(count: int, asks: bool = True, shingles: int = 100) -> NearRows:
    """Return near copies of one text, each with some bytes of its own at places of its own."""
    random = np.random.default_rng(3)
    signatures = np.tile(np.frombuffer(Text().signature, np.uint8), (count, 1))
    own = random.random(signatures.shape) < 0.1
    signatures[own] = random.integers(0, 256, int(own.sum()), np.uint8)
    days = random.integers(0, 30, count, np.int32)
    none = np.zeros(count, np.uint64)
    return NearRows(
        signatures.view("|V128").reshape(-1),
        np.full(count, shingles, np.uint32),
        days,
        days,
        np.full(count, asks),
        none,
        none,
        none.astype("|V16"),
    )


def sharing_one_band(count: int, shingles: int = 100) -> NearRows:
    """Return texts that have one paragraph in common, and nothing else."""
    rows = copies(count, shingles=shingles)
    signatures = np.frombuffer(np.random.default_rng(4).bytes(128 * count), np.uint8).reshape(-1, 128).copy()
    signatures[:, :4] = 7
    return replace(rows, signature=signatures.view("|V128").reshape(-1))


def test_a_hot_bucket_of_copies_leaves_one_and_compares_in_linear_number() -> None:
    count = 3000
    rows = rows_of([Text()])
    rows = NearRows(*(np.repeat(getattr(rows, name), count) for name in NearRows.__slots__))
    verdicts = judge_near(rows, [], RULE)
    assert verdicts.leader.tolist() == [-1] + [0] * (count - 1)
    assert (
        verdicts.counters.candidates
        == verdicts.counters.verified
        == BUCKET_LEADERS * count - BUCKET_LEADERS * (BUCKET_LEADERS + 1) // 2
    )
    assert verdicts.counters.dropped > BANDS * (count - 20) ** 2 // 2


@pytest.mark.parametrize(("shingles", "by_chance"), [(100, 0), (300, 100)])
def test_a_paragraph_that_thousands_share_makes_no_duplicates(shingles: int, by_chance: int) -> None:
    count = 3000
    rows = sharing_one_band(count, shingles)
    verdicts = judge_near(replace(rows, outlet=np.arange(1, count + 1, dtype=np.uint64)), [], RULE)
    compared = BUCKET_LEADERS * count - BUCKET_LEADERS * (BUCKET_LEADERS + 1) // 2
    assert verdicts.leader.max() == -1
    # Days 0 to 29 are widened into two blocks. Both blocks have the same first members.
    assert compared <= verdicts.counters.candidates <= compared + by_chance
    assert verdicts.counters.candidates + verdicts.counters.dropped >= count * (count - 1) // 2


@pytest.mark.parametrize("shingles", [100, 300])
def test_each_near_copy_finds_a_kept_leader_in_few_comparisons(shingles: int) -> None:
    count = 3000
    verdicts = judge_near(copies(count, shingles=shingles), [], RULE)
    repeats = verdicts.leader >= 0
    assert repeats.sum() > 0.99 * count
    assert (verdicts.leader[verdicts.leader[repeats]] == -1).all()
    assert verdicts.counters.candidates < 30 * count


@pytest.mark.parametrize("count", [300, 3000])
def test_a_text_that_recurs_for_years_is_kept_once_a_window(count: int) -> None:
    days = np.sort(np.random.default_rng(5).integers(0, 720, count, np.int32))
    rows = replace(copies(count), day_from=days, day_until=days)
    verdicts = judge_near(rows, [], RULE)
    repeats = np.flatnonzero(verdicts.leader >= 0)
    leader = verdicts.leader[repeats]
    # All rows are alike. If each were compared with each, 8 rows would be kept.
    assert count - len(repeats) <= 10
    assert (verdicts.leader[leader] == -1).all()
    assert (days[repeats] - days[leader] <= RULE.window_days).all()
    words = near_index.band_words(rows.signature)
    assert (words[repeats] == words[leader]).any(axis=1).all()
    equal = (words[repeats].view(np.uint8) == words[leader].view(np.uint8)).sum(axis=1)
    assert verdicts.score[repeats] == pytest.approx((equal / 128 - 1 / 256) / (1 - 1 / 256), abs=1e-6)


def test_a_hot_bucket_of_the_lake_is_asked_for_its_first_ones(tmp_path: Path) -> None:
    file = file_of(tmp_path / "hot", [Text()] * 30, range(30))
    verdicts = judge(Text(), files=[file])
    assert told(verdicts) == [("lake", 0, 1.0)]
    assert verdicts.counters == NearCounters(
        candidates=BUCKET_LEADERS, verified=BUCKET_LEADERS, dropped=BANDS * (30 - BUCKET_LEADERS)
    )


@pytest.mark.parametrize(
    "rows",
    [copies(10_000), copies(10_000, shingles=300), sharing_one_band(10_000)],
    ids=["near copies", "short ones", "one band"],
)
def test_memory_grows_with_the_rows_and_not_with_their_pairs(rows: NearRows) -> None:
    # There are 50,000,000 pairs, which would take 8 bytes or more each.
    tracemalloc.start()
    try:
        judge_near(rows, [], RULE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4000 * len(rows.asks)


@pytest.mark.parametrize("pairs_at_once", [1, 64, 1000])
def test_candidates_that_come_in_many_lots_are_judged_as_in_one(
    monkeypatch: pytest.MonkeyPatch, pairs_at_once: int
) -> None:
    rows = copies(100)
    whole = judge_near(rows, [], RULE)
    for name in ("_PAIRS_AT_ONCE", "_COMPARED_AT_ONCE", "_EDGES_AT_ONCE"):
        monkeypatch.setattr(near, name, pairs_at_once)
    again = judge_near(rows, [], RULE)
    assert told(again) == told(whole)
    assert again.counters.verified == whole.counters.verified
    assert again.counters.dropped == whole.counters.dropped


def test_rows_of_a_second_round_find_the_leaders_that_they_would_have_had_in_the_first() -> None:
    first = copies(2000, asks=False)
    asks = np.zeros(2000, np.bool_)
    asks[[5, 700, 1999]] = True
    verdicts = judge_near(replace(first, asks=asks), [], RULE)
    assert np.flatnonzero(verdicts.leader >= 0).tolist() == [5, 700, 1999]
    assert not asks[verdicts.leader[asks]].any()


def test_zero_rows_give_zero_verdicts() -> None:
    verdicts = judge()
    assert (verdicts.leader.tolist(), verdicts.counters) == ([], NearCounters())
