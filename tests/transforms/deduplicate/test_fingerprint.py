"""Fingerprints and lead sketches, compared with a slow implementation in plain Python.

The golden vectors are stored in lakes: a change of them is a new version of the index.
"""

import math
import random
import unicodedata
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.deduplicate import fingerprint as near
from newslake.transforms.deduplicate.fingerprint import (
    BINS,
    EXACT_ABOVE,
    SOURCE_SHIFTS,
    compatible,
    containment,
    fingerprint,
    jaccard,
    lead_sketch,
    share_in_lead,
)

GOLDENS = {
    "latin": (
        "De burgemeester opende dinsdag de brug over de rivier, na drie jaar bouwen. "
        "Een café aan de kade schonk gratis soep.",
        "9c66a3fb15fba56a0fd3970ce4e64a7b48aab2ce75cb56f248cd43aa777e9ddf",
        105,
    ),
    "cyrillic": (
        "Во вторник мэр открыл мост через реку, который строили три года. Кафе на набережной бесплатно угощало супом.",
        "5d1be427804482d85d9c88664662aa4a7d9c736ecb1daaa1a6ad7345d4de4d34",
        97,
    ),
    "greek": (
        "Ο ΔΗΜΑΡΧΟΣ εγκαινίασε την Τρίτη τη γέφυρα πάνω από τον ποταμό, ύστερα από τρία χρόνια εργασιών.",
        "6c78a82b2b363d23c8fd447541363acb482e4675b49576a5294c34e4e845d6de",
        85,
    ),
    "arabic": (
        "افتتح رئيس البلدية يوم الثلاثاء الجسر فوق النهر بعد ثلاث سنوات من البناء، وقدم مقهى على الضفة حساءً مجانيًا.",
        "a1e2a23bb37ea3521db04f1d9f3483c5fc046b6b8c4a4c8ed771e39030143e9a",
        98,
    ),
    "hebrew": (
        "ראש העיר פתח ביום שלישי את הגשר מעל הנהר, אחרי שלוש שנות בנייה. בית קפה על הגדה חילק מרק חינם.",
        "106b024db76ac970dc5af586581d1d7c46ea2bf10201129fcb2fde5a25f1015d",
        83,
    ),
    "devanagari": (
        "महापौर ने मंगलवार को नदी पर बने पुल का उद्घाटन किया। इसे बनाने में तीन साल लगे।",
        "493cd57c351e8443f5b1493c351bafbe0ff0a7ec73cb27360a38fbb19fc00ccb",
        69,
    ),
    "thai": (
        "นายกเทศมนตรีเปิดสะพานข้ามแม่น้ำเมื่อวันอังคาร หลังจากก่อสร้างมาสามปี ร้านกาแฟริมน้ำแจกซุปฟรี",
        "1ec2dff1eb0b57951e2b0627f8577becb549b3227e2d11868a8cdf70560ed2ad",
        85,
    ),
    "chinese": (
        "市长星期二为横跨河流的大桥剪彩,这座桥建了三年。河边的一家咖啡馆免费供应热汤，许多居民前来参加。",
        "4b579325fee69c4b4b7976c68ebe9cbe794b97565d77d977684b9793edc65d93",
        39,
    ),
    "japanese": (
        "市長は火曜日、三年がかりで建設された川の橋を開通させた。岸辺のカフェではスープが無料で配られた。",
        "5320fd2054eb5df0df1ee210fd105df0035470819a8746f003a9df48ca16c45d",
        39,
    ),
    "korean": (
        "시장은 화요일에 삼 년에 걸쳐 지은 강 위의 다리를 개통했다. 강가의 카페는 수프를 무료로 나누어 주었다.",
        "63300bbe8c0c2d56da88057c0b0c2d615488da229c3511603605da2f1d7c9f60",
        49,
    ),
    "mixed": (
        "🎉 Le pont est OUVERT ‼️ Cafe\u0301 gratuit 👩🏽‍🚒 pour 1½ heure… ﬁnalement № Ⅷ; x̂ + ŷ = İstanbul, "
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢, 𠮷野家",
        "9cb780d2269eb9f919ea4c190eea202eff9b6de74af758e61d36553e47d75cea",
        85,
    ),
}
"""Text, the first 32 bytes of its signature, and its number of shingles."""

WORDS = [
    f"{start}{middle}{end}"
    for start in "bdfglmprst"
    for middle in ("a", "ei", "o", "u")
    for end in ("n", "rk", "ld", "st", "m")
]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
SPACED_TEXT = st.text(
    st.sampled_from("aB é\n.…\u00a0，：；！？（）＝\u0301\u0338ß字\U0001f389\U00020bb7\ud800"), max_size=200
)
CONTEXTUAL = [
    character
    for character in map(chr, range(0x40000))
    if unicodedata.combining(character)
    or unicodedata.normalize("NFKC", character) != character
    or unicodedata.decomposition(character)
]
"""Characters that normalising changes or reorders, and those that it takes apart and joins again,
without Hangul."""
COMBINING = [
    "\u1161",
    "\u11a8",
    *sorted({part for one in CONTEXTUAL for part in unicodedata.normalize("NFD", one)[1:]}),
]
CONTEXTUAL_TEXT = st.lists(
    st.sampled_from("ae .がก𑂙") | st.sampled_from(CONTEXTUAL) | st.sampled_from(COMBINING), min_size=1, max_size=5
).flatmap(lambda few: st.text(st.sampled_from(few), max_size=60))
LONGER_TEXT = st.builds(lambda part, times: part * times, SPACED_TEXT, st.integers(1, 20))


def words(count: int, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) + chance.choice(WORDS) for _ in range(count))


def cleaned(text: str) -> list[int]:
    points: list[int] = []
    for character in unicodedata.normalize("NFKC", text):
        if unicodedata.category(character)[0] in "LMN" and ord(character) < 0x40000:
            points.append(ord(character.lower()[0]))
        elif points and points[-1] != 32:
            points.append(32)
    return points[:-1] if points and points[-1] == 32 else points


def mixed(value: int) -> int:
    value = (value ^ value >> 16) * 0x85EBCA6B % 2**32
    value = (value ^ value >> 13) * 0xC2B2AE35 % 2**32
    return value ^ value >> 16


def shingle_hashes(text: str) -> Iterator[int]:
    points = cleaned(text)
    for start in range(len(points) - 8):
        value = 0
        for point in points[start : start + 9]:
            value = (value * 0x9E3779B1 + point) % 2**32
        yield mixed(value)


def reference(text: str) -> tuple[bytes, int]:
    hashes = list(shingle_hashes(text))
    if not hashes:
        return bytes(BINS), 0
    minima: dict[int, int] = {}
    for value in hashes:
        minima[value >> 25] = min(minima.get(value >> 25, value), value)
    order = [0, *sorted(range(1, BINS), key=mixed)]
    taken = (
        next(minima[(place + shift) % BINS] for shift in order if (place + shift) % BINS in minima)
        for place in range(BINS)
    )
    used = len({value >> 19 for value in hashes})
    linear = min(round(-8192 * math.log((8192 - used or 1) / 8192)), len(hashes))
    return bytes(value & 0xFF for value in taken), len(set(hashes)) if len(hashes) > EXACT_ABOVE else linear


def fingerprints(*texts: str) -> list[tuple[bytes, int]]:
    made = fingerprint(texts)
    assert (made.signatures.shape, made.signatures.dtype) == ((len(texts), BINS), np.uint8)
    assert (made.shingles.shape, made.shingles.dtype) == ((len(texts),), np.uint32)
    return [(signature.tobytes(), int(count)) for signature, count in zip(made.signatures, made.shingles, strict=True)]


@pytest.mark.parametrize("script", GOLDENS)
def test_fingerprints_are_frozen_for_every_script(script: str) -> None:
    text, signature, shingles = GOLDENS[script]
    assert [(found[:32].hex(), count) for found, count in fingerprints(text)] == [(signature, shingles)]


@given(
    st.lists(ANY_TEXT | SPACED_TEXT | CONTEXTUAL_TEXT | LONGER_TEXT, max_size=8),
    st.sampled_from((16, 200, 1000, near.BATCH_POINTS)),
)
def test_each_text_has_the_fingerprint_of_the_definition_however_it_is_batched_and_cut(
    texts: list[str], batch_points: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "BATCH_POINTS", batch_points)
        assert fingerprints(*texts) == [reference(text) for text in texts]


def test_each_code_point_becomes_what_the_definition_says_in_whatever_text_it_stands() -> None:
    others = [*sorted(set(map(chr, range(0x40001))).difference(CONTEXTUAL)), "\U000e0100", "\U0010ffff"]
    texts = ["".join(others[start : start + 400]) for start in range(0, len(others), 400)]
    texts += [f"the {character} r{character}{character}ad" for character in CONTEXTUAL]
    assert fingerprints(*texts) == [reference(text) for text in texts]


def test_any_mark_may_follow_any_letter() -> None:
    chance = random.Random(1)
    marks = [*filter(unicodedata.combining, CONTEXTUAL), *COMBINING * 10]
    texts = [
        f"{letter}{''.join(chance.choices(marks, k=chance.randint(1, 3)))} and so on"
        for letter in chance.sample(CONTEXTUAL, 3_000)
    ]
    assert fingerprints(*texts) == [reference(text) for text in texts]


def test_a_character_to_normalise_at_the_beginning_of_a_text_is_normalised() -> None:
    texts = "forty were there already", "ﬁve came later", "№ 46 was the last"
    assert fingerprints(*texts) == [reference(text) for text in texts]


def test_a_text_that_grows_long_in_nfkc_does_not_change_its_neighbours() -> None:
    expanding = [character for character in CONTEXTUAL if len(cleaned(character)) > 2]
    chance = random.Random(1)
    grown = "".join(chance.choices(expanding, k=near.BATCH_POINTS // 2))
    assert len(list(shingle_hashes(grown))) > EXACT_ABOVE
    texts = words(20, 1), grown, words(20, 2)
    assert fingerprints(*texts) == [reference(text) for text in texts]


@given(ANY_TEXT | SPACED_TEXT | CONTEXTUAL_TEXT)
def test_compatible_text_has_the_same_words_in_folded_case_as_nfkc(text: str) -> None:
    def letters(normalised: str) -> list[str]:
        return [one for one in normalised.casefold() if unicodedata.category(one)[0] in "LMN"]

    assert letters(compatible(text)) == letters(unicodedata.normalize("NFKC", text))


def test_a_very_long_text_among_short_ones_has_its_own_fingerprint_and_an_exact_count() -> None:
    long = words(36_000, 1)
    assert len(long) > 300_000
    assert fingerprints("", words(300, 2), long, words(20, 3)) == [
        reference(text) for text in ("", words(300, 2), long, words(20, 3))
    ]
    assert fingerprints(long)[0][1] == len(set(shingle_hashes(long))) > EXACT_ABOVE


def test_a_long_text_with_few_shingles_is_counted_like_a_short_one() -> None:
    once = words(50, 1) + ". "
    assert near.BATCH_POINTS < len(once * 78) < EXACT_ABOVE
    assert fingerprints(once * 78) == fingerprints(once * 3)
    assert fingerprints("." * 500_000 + once + "." * 500_000) == fingerprints(once)


def test_a_text_in_a_batch_never_needs_an_exact_count() -> None:
    assert near.BATCH_POINTS <= EXACT_ABOVE


@pytest.mark.parametrize("count", [1, 59, 300, 3_000, 20_000, 39_000])
def test_shingles_are_counted_to_within_a_few_per_cent(count: int) -> None:
    chance = random.Random(count)
    letters = "".join(chr(0x4E00 + chance.randrange(20_000)) for _ in range(count + 8))
    assert fingerprints(letters)[0][1] == pytest.approx(count, rel=0.04)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The mayor has opened it", "  the MAYOR -- has\n\nopened…it!"),
        ("ﬁnal № 8 ｆｕｌｌ width", "final No 8 full width"),
        ("Cafe\u0301 on the quay", "café on the quay"),
        ("İstanbul and Ankara", "istanbul and ankara"),
        ("a lone \ud800 surrogate", "a lone surrogate"),
        ("tags \U000e0041 and so on", "tags and so on"),
        ("by \u2a74\u0338 we mean no equal", "by we mean no equal"),
        ("the \u0e01\u0e48\u0e38 and the \u05d1\u05bc\u05b0", "the \u0e01\u0e38\u0e48 and the \u05d1\u05b0\u05bc"),
        (
            "\u0e19\u0e49\u0e33\u0e43\u0e2a \u0e17\u0e33\u0e44\u0e21",
            "\u0e19\u0e49\u0e4d\u0e32\u0e43\u0e2a \u0e17\u0e4d\u0e32\u0e44\u0e21",
        ),
    ],
    ids=[
        "case, marks and spaces",
        "compatibility forms",
        "combining marks",
        "dotted capital",
        "lone surrogate",
        "beyond plane 3",
        "mark on a separator",
        "order of marks",
        "sara am",
    ],
)
def test_texts_that_clean_to_the_same_have_the_same_fingerprint(one: str, other: str) -> None:
    assert fingerprints(one) == fingerprints(other)
    assert fingerprints(one)[0][1] > 0


@pytest.mark.parametrize("text", ["", " ", "\n.,!", "12345678", "... a b c d! ..."])
def test_fewer_than_nine_code_points_make_no_fingerprint(text: str) -> None:
    assert fingerprints(text) == [(bytes(BINS), 0)]
    assert fingerprints("123456789")[0][1] == 1


def test_zero_texts_give_zero_fingerprints() -> None:
    made = fingerprint([])
    assert made.signatures.shape == (0, BINS)
    assert lead_sketch([]).shape == (0, 64)
    assert share_in_lead(lead_sketch([]), lead_sketch([])).shape == (0,)


def test_the_four_bins_of_a_band_never_have_a_source_in_common_and_first_look_outside_the_band() -> None:
    assert sorted(SOURCE_SHIFTS) == list(range(1, BINS))
    for first_bin in range(0, BINS, 4):
        band = range(first_bin, first_bin + 4)
        for shift in SOURCE_SHIFTS:
            assert len({(place + shift) % BINS for place in band}) == 4
        assert not {(place + SOURCE_SHIFTS[0]) % BINS for place in band} & set(band)


def equal_bytes(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.count_nonzero(left == right, axis=1)


@pytest.mark.parametrize("count", [10, 50, 500])
def test_texts_with_nothing_in_common_have_bytes_in_common_by_chance_only(count: int) -> None:
    one = fingerprint([words(count, seed).replace("a", "ä") for seed in range(300)]).signatures
    other = fingerprint(
        [
            words(count, seed).replace("a", "ö").replace("e", "i").replace("o", "y").replace("u", "w")
            for seed in range(300)
        ]
    )
    equal = equal_bytes(one, other.signatures)
    assert equal.shape == (300,)
    assert equal.mean() == pytest.approx(BINS / 256, abs=0.25)
    assert jaccard(equal).mean() < 0.01


@pytest.mark.parametrize(("count", "within"), [(10, 0.16), (50, 0.09), (500, 0.06)])
def test_the_estimated_similarity_of_edited_texts_has_little_bias_and_spread(count: int, within: float) -> None:
    chance = random.Random(count)
    errors = []
    for seed in range(200):
        kept = words(count, seed).split()
        share = chance.random() * 0.2
        edited = [word if chance.random() > share else chance.choice(WORDS) for word in kept]
        texts = (" ".join(kept), " ".join(edited))
        found = fingerprint(texts).signatures
        left, right = ({text[start : start + 9] for start in range(len(text) - 8)} for text in texts)
        errors.append(jaccard(equal_bytes(found[:1], found[1:]))[0] - len(left & right) / len(left | right))
    assert abs(np.mean(errors)) < 0.02
    assert np.std(errors) < within


@pytest.mark.parametrize(("equal", "similarity"), [(0, 0), (1, 1 / 255), (64, 127 / 255), (128, 1)])
def test_similarity_is_the_share_of_equal_bytes_less_what_chance_makes_equal(equal: int, similarity: float) -> None:
    assert jaccard([equal])[0] == pytest.approx(similarity)


@pytest.mark.parametrize(
    ("similarity", "left", "right", "share"),
    [
        (0.1, 1000, 100, 1),
        (0.1, 1001, 100, 0),
        (0.1, 100, 1001, 0),
        (0.08, 100, 1000, 22 / 27),
        (0.2, 100, 400, 5 / 6),
        (0.5, 300, 300, 2 / 3),
        (1, 300, 200, 1),
        (0, 300, 300, 0),
        (1, 0, 0, 0),
    ],
)
def test_containment_follows_from_the_similarity_and_the_sizes(
    similarity: float, left: int, right: int, share: float
) -> None:
    assert containment([similarity], [left], [right])[0] == pytest.approx(share)


@given(st.integers(0, BINS), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_containment_is_a_share_no_less_than_the_similarity_or_nought(equal: int, left: int, right: int) -> None:
    similarity = jaccard(equal)
    share = containment(similarity, np.uint32(left), np.uint32(right))
    assert share == containment(similarity, np.uint32(right), np.uint32(left))
    if min(left, right) and max(left, right) <= 10 * min(left, right):
        assert similarity - 1e-12 <= share <= 1
    else:
        assert share == 0


def test_a_text_and_its_longer_version_are_told_by_containment() -> None:
    short, longer = words(300, 1), f"{words(200, 2)} {words(300, 1)} {words(300, 3)}"
    made = fingerprint([short, longer])
    similarity = jaccard(equal_bytes(made.signatures[:1], made.signatures[1:]))
    assert similarity[0] < 0.55
    assert containment(similarity, made.shingles[:1], made.shingles[1:])[0] > 0.85


@given(
    st.lists(ANY_TEXT | SPACED_TEXT | CONTEXTUAL_TEXT | LONGER_TEXT, max_size=8),
    st.sampled_from((4000, near.BATCH_POINTS)),
)
def test_a_lead_sketch_has_512_bits_and_the_bits_of_one_shingle_in_eight(texts: list[str], batch_points: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "BATCH_POINTS", batch_points)
        sketches = lead_sketch(texts)
    assert (sketches.shape, sketches.dtype) == ((len(texts), 64), np.uint8)
    for sketch, text in zip(sketches, texts, strict=True):
        expected = {value >> 3 & 511 for value in shingle_hashes(text[:600]) if value & 7 == 0}
        assert set(np.flatnonzero(np.unpackbits(sketch)).tolist()) == expected


def test_a_teaser_is_in_the_lead_that_it_was_cut_from_and_in_no_other() -> None:
    texts = [words(300, seed) for seed in range(100)]
    leads = lead_sketch(texts)
    teasers = lead_sketch([f"{text[40:290].upper()}…" for text in texts])
    assert share_in_lead(teasers, leads).min() > 0.95
    assert share_in_lead(teasers, np.roll(leads, 1, axis=0)).max() < 0.5
    assert share_in_lead(lead_sketch(["", "Soup!"]), leads[:2]).tolist() == [0, 0]


def test_two_bulletins_with_a_sentence_in_common_are_not_in_each_others_lead() -> None:
    boilerplate = "This is the hourly bulletin with the latest news from our own reporters. "
    bulletins = lead_sketch([boilerplate + words(40, seed) for seed in range(100)])
    assert share_in_lead(bulletins, np.roll(bulletins, 1, axis=0)).max() < 0.5


def test_what_stands_after_the_lead_is_not_in_its_sketch() -> None:
    text = words(200, 1)
    assert share_in_lead(lead_sketch([text[700:1000]]), lead_sketch([text]))[0] < 0.5
