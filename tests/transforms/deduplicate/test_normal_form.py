"""Words, numbers and symbols of a text. The golden values are stored in lakes: a change of them is a new version of the index."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.deduplicate.normal_form import figures, normal_form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Hello, World!", "helloworld"),
        ("Straße — ﬁn", "strassefin"),
        ("L’été à 1½ £", "létéà112"),
        ("Ⅷ x²", "viiix2"),
        ("हिन्दी में", "हिन्दीमें"),
        ("今日、東京で。", "今日東京で"),
        ("葛\U000e0100城市", "葛\U000e0100城市"),
        ("น้ำ", "น้\u0e4d\u0e32"),
        ("مرحبا بالعالم", "مرحبابالعالم"),
        ("snake_case", "snakecase"),
        ("a\ud800b", "ab"),
        ("", ""),
    ],
)
def test_the_normal_form_is_frozen_for_every_script(text: str, form: str) -> None:
    assert normal_form(text).decode() == form


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1.5 million and 15 more", "1.5"),
        ("1,204 dead", "1,204"),
        ("at -5 degrees, from 1-2 to 3", "-5 1-2"),
        ("2:1 on 1/12/2022", "2:1 1/12/2022"),
        ("pages 10–12", "10–12"),
        ("12+34, 5 + -6.", "-6 + +"),
        ("--5 1–2--3.4, −٣٫٤ and +1", "-5 1–2--3.4 −٣ +1 + −"),
        ("$12, €12, 3% and 3‰", "$ % ‰ €"),
        ("C++ ✅ 🙂", "+ + ✅ 🙂"),
        ("x-5, v1.2 and a 3.4", "3.4"),
        ("“Quoted” — said, he…", ""),
    ],
)
def test_figures_are_frozen(text: str, told: str) -> None:
    assert figures(text).decode() == told


def spelt_out_form(text: str) -> bytes:
    """The normal form as it is described, a character at a time."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum() or unicodedata.category(char)[0] == "M").encode()


def spelt_out_figures(text: str) -> bytes:
    """Figures as they are described: each number is looked at, and each character."""
    told = []
    for number in re.finditer(r"\d(?:[\d.,:/–−-]*\d)?", text):
        sign, before_sign = text[: number.start()][-1:], text[: number.start()][-2:-1]
        if sign and sign in "-−+" and not before_sign.isalnum():
            told.append(sign + number[0])
        elif not sign.isalnum() and not number[0].isdecimal():
            told.append(number[0])
    told += sorted(char for char in text if char in "$%+‰" or (unicodedata.category(char)[0] == "S" and char > "\x7f"))
    return " ".join(told).encode("utf-8", "replace")


WESTERN = st.sampled_from([*map(chr, range(0x100)), *"‘’“”„–—…"])
TELLING = st.sampled_from("0123456789.,:/–−-+$%‰€ '’“”„—…\u00a0éÉß¼µ²٣１ำ\u0301\u0e49เI")
"""What the rules speak of: met by chance, few of them would stand together."""
ANY = st.characters(exclude_categories=())
TEXTS = st.one_of(*map(st.text, (WESTERN, TELLING, ANY, st.one_of(TELLING, ANY))))


@pytest.mark.parametrize(("quick", "spelt_out"), [(normal_form, spelt_out_form), (figures, spelt_out_figures)], ids=["form", "figures"])
@given(TEXTS)
def test_the_quick_way_of_each_script_leads_where_the_rule_does(
    quick: Callable[[str], bytes], spelt_out: Callable[[str], bytes], text: str
) -> None:
    assert quick(text) == spelt_out(text)


PLANES_IN_USE = (range(0x40000), range(0xE0000, 0xE1000))


def test_each_character_is_told_as_the_rule_says() -> None:
    for start in (point for plane in PLANES_IN_USE for point in plane[::64]):
        text = " ".join(f"1{char}2 -{char}1 {char}-1" for char in map(chr, range(start, start + 64)))
        assert normal_form(text) == spelt_out_form(text), hex(start)
        assert figures(text) == spelt_out_figures(text), hex(start)


@given(st.text())
def test_the_normal_form_is_nothing_but_words(text: str) -> None:
    form = normal_form(text).decode()
    assert not any(char.isspace() for char in form)
    assert normal_form(form).decode() == form or not text.isascii()
