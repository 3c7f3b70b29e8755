import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newslake.transforms.deduplicate.words import BATCH_POINTS, headline_and_body_digests, no_words, word_digests


def digest(*parts: str) -> bytes:
    return word_digests([parts])[0]


@pytest.mark.parametrize(
    ("text", "golden"),
    [
        ("", "909d5dbc3d949d88c05f5a52b63a7b83"),
        ("The mayor opened the bridge: 1,200 came, at -5 degrees.", "79810fcb7cbcb8458e2f8b70a3ab1473"),
        ("Straße — ﬁn, Ⅷ x²", "cf976cb82ff93e3abceba718b67b9016"),
        ("हिन्दी में", "be486ea7ef94f1434a806d7fef0aac59"),
        ("今日、東京で１２人。", "fe59d8c19d1b6a93ae8b4340474f45da"),
        ("مرحبا بالعالم ٤٥", "954b7919010d3e80d76b14101ef70416"),
        ("ไทย ๑๒ น้ำ", "82382d84e4769c198c839087c0579628"),
        ("Привет, мир", "62f658dfdc6f597cf3ecd3c637b3485d"),
        ("C++ ✅ 🙂", "8b75a1a9993acdb39b114bb4e9cb55ff"),
    ],
)
def test_digests_are_stored_and_never_change(text: str, golden: str) -> None:
    assert digest(text).hex() == golden


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, World!", "hello world"),
        ("“Polish” it, he said…", '"polish" it he said'),
        ("ΟΔΟΣ", "οδος"),
        ("ﬁn Ⅷ", "fin viii"),
        ("１２％", "12%"),
        ("snake_case", "snake case"),
        ("今日、東京で。", "今日 東京で"),
        ("- one\n- two", "one two"),
        ("1–2 to 3", "1-2 to 3"),
        ("from 3 - 4", "from 3, 4"),
        ("in 2023, 5 came", "in 2023 -- 5 came"),
        ("COVID-19", "Covid 19"),
        ("10.", "10"),
        ("a|b <c>", "abc"),
        ("\ud800x", "x"),
        ("a\x1eb", "ab"),
    ],
)
def test_capitals_commas_quotes_and_spaces_make_no_other_words(one: str, other: str) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مـــرحبا", "مرحبا"),  # tatweel
        ("مُحَمَّدٌ", "محمد"),  # harakat
        ("هٰذا", "هذا"),  # a small alef above
        ("שָׁלוֹם", "שלום"),  # niqqud
        ("בְּרֵאשִׁ֖ית", "בראשית"),  # niqqud and a mark of chant
        ("\ufb2a\ufb4b", "שו"),  # letters with niqqud of their own
        ("co\u00adoperate", "cooperate"),  # soft hyphen
        ("1\u00ad000", "1 000"),
        ("أحمد إلى آخر ٱلله", "احمد الى اخر الله"),  # forms of alef
        ("\u0627\u0654حمد", "احمد"),  # alef and a hamza apart
        ("\u0627\u0653خر", "اخر"),
    ],
)
def test_what_writers_of_arabic_and_hebrew_leave_out_makes_no_other_words(one: str, other: str) -> None:
    assert digest(one) == digest(other)
    assert digest("Text", f"a {one}.") == digest("Text", f"a {other}")


@given(st.text("ابجدשלוםabc 12", min_size=1), st.data())
def test_optional_marks_may_stand_anywhere(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    marks = data.draw(st.text("\u0640\u064b\u064e\u0651\u0652\u0670\u0591\u05b0\u05bc\u05c1\u05c7\u00ad", min_size=1))
    # Between two digits a mark parts two numbers, as any other mark does.
    assume(not (text[:place][-1:].isdigit() and text[place:][:1].isdigit()))
    assert digest(text[:place] + marks + text[place:]) == digest(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مؤمن", "مومن"),  # a hamza that no one leaves out
        ("على", "علي"),
        ("سماء", "سما"),
        ("مدرسة", "مدرسه"),
        ("שלום", "שלומ"),
        ("कि", "क"),  # a vowel of Hindi is never optional
        ("น้ำ", "นำ"),
        ("café", "cafe"),
    ],
)
def test_other_marks_and_letters_make_other_words(one: str, other: str) -> None:
    assert digest(one) != digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It lost 1.5 million.", "It lost 15 million."),
        ("1,204 dead", "1.204 dead"),
        ("It was -5 degrees.", "It was 5 degrees."),
        ("-5 degrees", "5 degrees"),
        ("Growth of 1-2 points", "Growth of 12 points"),
        ("2:1", "21"),
        ("1/12/2022", "11/2/2022"),
        ("It costs $12.", "It costs €12."),
        ("Up 3%", "Up 3‰"),
        ("All is well ✅", "All is well ❌"),
        ("She writes C++", "She writes C"),
        ("−5", "5"),
        ("1 23 45", "12 3 45"),
        ("1, 23", "12, 3"),
        ("2 - 1", "21"),
        ("cut by .5 points", "cut by 5 points"),
        ("1 -5", "15"),
        ("naïve", "naive"),
        ("হাত", "হতি"),
    ],
)
def test_an_edit_of_a_letter_a_number_or_a_symbol_makes_other_words(one: str, other: str) -> None:
    assert digest(one) != digest(other)


def test_a_word_belongs_to_its_part() -> None:
    assert digest("one two", "three") != digest("one", "two three") != digest("one two three", "")
    assert digest("one", "") == digest("ONE", "--")


def test_a_text_without_words_has_the_digest_of_no_words() -> None:
    assert digest("") == digest(" … — ”") == no_words() != digest("a")


@pytest.mark.parametrize(("narrow", "wide"), [("\xe9\xe9", "\ue9e9"), ("a\0a\0", "aa")])
def test_texts_of_narrow_and_wide_characters_are_never_mixed_up(narrow: str, wide: str) -> None:
    assert digest(narrow) != digest(wide + "𠀀")


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_a_digest_depends_only_on_its_own_text(texts: list[tuple[str, str]]) -> None:
    assert word_digests(texts) == [digest(*parts) for parts in texts]


def test_texts_of_all_sizes_are_told_apart_in_one_call() -> None:
    texts = [("x" * size,) for size in (1, BATCH_POINTS, 3 * BATCH_POINTS, BATCH_POINTS - 1, 0)]
    assert word_digests(texts) == [digest(*parts) for parts in texts]
    assert len(set(word_digests(texts))) == len(texts)


@given(st.text())
def test_letters_and_numbers_count_and_nothing_between_them_does(text: str) -> None:
    """Compare with a plain form of the rule, for texts without digits, signs and symbols."""
    made = unicodedata.normalize(
        "NFKC", "".join(char for char in text if unicodedata.category(char)[0] not in "SN" and char not in "$%+‰")
    )
    made = "".join(char for char in made if unicodedata.category(char)[0] not in "SN" and char not in "$%+‰")
    said = "".join(char for char in made if unicodedata.category(char)[0] in "LM" and ord(char) < 0x40000)
    assume(unicodedata.is_normalized("NFKC", said))  # marks that become neighbours may change places
    assert digest(made) == digest(said)


def body_digest(headline: str, body: str) -> bytes:
    return headline_and_body_digests([(headline, body)])[0][1]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_the_first_digest_is_that_of_both_parts_and_the_second_depends_on_its_own_text(
    texts: list[tuple[str, str]],
) -> None:
    digests = headline_and_body_digests(texts)
    assert [both for both, _ in digests] == word_digests(texts)
    assert [body for _, body in digests] == [body_digest(*text) for text in texts]


def test_the_digest_of_a_body_does_not_depend_on_the_headline() -> None:
    body = body_digest("", "We value your privacy. 1,200 partners ask.")
    assert body == body_digest("A ferry sinks", "We value your privacy: 1,200 partners ask")
    assert body == body_digest("今日", "we value your privacy 1,200 partners ask") == word_digests([(_PRIVACY,)])[0]
    assert body != body_digest("", "We value your privacy. 1,201 partners ask.")


_PRIVACY = "We value your privacy. 1,200 partners ask."


def test_a_headline_that_the_body_repeats_at_its_beginning_does_not_count() -> None:
    alone = body_digest("", _PRIVACY)
    assert body_digest("A ferry sinks", f"A FERRY SINKS.\n\n{_PRIVACY}") == alone
    assert body_digest("今日", f"「今日」 {_PRIVACY}") == alone
    assert body_digest("A ferry sinks", f"{_PRIVACY} A ferry sinks") != alone
    assert body_digest("A ferry sinks", f"A ferry sank. {_PRIVACY}") != alone
    assert body_digest("A ferry sinks", "A ferry sinks") == body_digest("", "") == no_words()


def test_two_digests_of_texts_of_all_sizes_are_told_apart_in_one_call() -> None:
    texts = [("h" * (size // 3), "x" * size) for size in (1, BATCH_POINTS, 3 * BATCH_POINTS, BATCH_POINTS - 1, 0)]
    assert headline_and_body_digests(texts) == [headline_and_body_digests([text])[0] for text in texts]
    assert len(set(headline_and_body_digests(texts))) == len(texts)
