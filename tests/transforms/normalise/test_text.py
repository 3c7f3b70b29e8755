import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.text import one_line, plain_text, word_count


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("One line.", "One line."),
        ("Two  spaces,\ta tab", "Two spaces, a tab"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\n\nFirst.\n \t\n\n\nSecond. \n third\n", "First.\n\nSecond.\nthird"),
        ("no\u00a0break and\u2009thin\u3000wide", "no break and thin wide"),
        ("first\u2029second\u2028third", "first\n\nsecond\nthird"),
        ("nul\x00l, bell\x07, \x1bescape, delete\x7f, \x9cc1", "null, bell, escape, delete, c1"),
        ("\ufeffbom, soft\u00adhyphen", "bom, softhyphen"),
        ("evil \u202etxt.exe\u202c \u2066x\u2069", "evil txt.exe x"),
        ("cafe\u0301", "caf\u00e9"),
        ("lone \ud83d half", "lone \ufffd half"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\u200b", ""),
        (" \u200b\u200d \u2060\n\u200c", ""),
        ("One.\n\u200b\n\u200b\nTwo.\n\n\u200c", "One.\n\nTwo."),
        ("\u200bOne \u200b\ntwo\u2060", "One\ntwo"),
        ("ភាសា\u200bខ្មែរ", "ភាសា\u200bខ្មែរ"),
        ("ശിവന്\u200d", "ശിവന്\u200d"),  # a joiner at the end changes the last letter
    ],
)
def test_plain_text_has_one_form(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_a_headline_is_one_line() -> None:
    assert one_line(" Rain\n\n and  wind\r\n") == "Rain and wind"
    assert one_line("Rain and wind") == "Rain and wind"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("word", 1),
        ("Two words.\n\nThen four more words\nand three more.", 9),
        ("- 1,000 well-known & loved, it's 3.5% -- or so ...", 7),
        ("Wait...what--who, and/or x@y.org?", 5),
        ("Dürer’s café – open", 3),
        ("The man—who came—left… then “slept”", 7),
        ("« Oui », dit-il, l’été", 3),
        ("Rain 🌧️ 👩\u200d👧 again 1️⃣", 3),
        ("कल बारिश होगी।", 3),
        ("東京都は雨", 5),
        ("東京、大阪。", 4),
        ("人々、佐々木さん、一〇年", 10),
        ("コーヒー・ﾆｭｰｽ", 8),
        ("NATO・EU（ＵＮ）、２０２３年", 5),
        ("도쿄에 비가 온다", 3),
        ("서울，부산 美 대통령", 4),
        ("iPhone 15が発売", 5),
        ("ตลาดหุ้น", 2),
        ("ตลาด NATO", 2),
        ("๒๕๖๖ ฿ ๏", 1),
        ("ခုနှစ်။", 1),
        ("မြန်မာနိုင်ငံ", 2),
        ("កម្ពុជា", 2),
        ("ខ្មែរ", 1),
        ("ตลาด ខ្ម", 2),  # four letters of Thai and three of Khmer
        ("one\u200btwo", 2),
        ("\u200b", 0),
        ("ព័ត៌មាន។", 2),
        ("ຂ່າວ", 1),
    ],
)
def test_words_are_counted_by_the_rules_of_the_script(text: str, words: int) -> None:
    assert word_count(text) == words


ODD = (
    st.text(
        alphabet=st.sampled_from(
            " \t\n\r\x00\x1c\x85\u00a0\u00ad\u2028\u2029\u202e\u3000\u0301\ufdd0\u200b\u200d\u2060ae\ud800東ก"
        )
    )
    | st.text()
)


@given(ODD)
def test_plain_text_is_its_own_plain_text(text: str) -> None:
    plain = plain_text(text)
    assert plain_text(plain) == plain
    assert unicodedata.is_normalized("NFC", plain)
    assert "\n\n\n" not in plain
    assert plain == plain.strip()
    plain.encode()


@given(st.text(alphabet=" \nab1,'\u00e9-"))
def test_words_are_what_stands_between_spaces_and_has_a_letter_or_digit(text: str) -> None:
    plain = plain_text(text)
    assert word_count(plain) == len([word for word in plain.replace("--", " ").split() if any(map(str.isalnum, word))])


@given(st.text(st.sampled_from([*map(chr, range(0x100)), *"‘’“”„–—―…"])))
def test_western_words_are_counted_alike_with_and_without_a_word_in_another_script(text: str) -> None:
    plain = plain_text(text)
    assert word_count(f"{plain} Ж") == word_count(plain) + 1


@given(ODD, ODD)
def test_a_further_paragraph_brings_its_own_words(one: str, other: str) -> None:
    one, other = plain_text(one), plain_text(other)
    both = word_count(f"{one}\n\n{other}")
    # Letters of scripts without spaces add up across the paragraphs.
    assert word_count(one) + word_count(other) - 1 <= both <= word_count(one) + word_count(other)
