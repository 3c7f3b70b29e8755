"""Dates that Babel prints by CLDR: each must be read as the date that it is, or refused."""

import datetime as dt
import subprocess
import sys

import pytest
from babel import Locale
from babel.dates import format_date

from newslake.transforms.normalise.dates import ParsedDate, parse_date
from newslake.transforms.normalise.dates.words import words_of

LISTED = """af ar az be bg bn ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka
    kk ko lt lv mk ml mr ms nl no pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh zu"""
LANGUAGES = LISTED.split()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("style", ["medium", "long", "full"])
def test_every_month_is_read_as_its_language_prints_it(language: str, style: str) -> None:
    locale = Locale.parse(language)
    for month in range(1, 13):
        day = dt.date(2021, month, 28)
        date = parse_date(format_date(day, style, locale=locale), language=language)
        assert isinstance(date, ParsedDate)
        assert (date.value, date.flags) == (day.isoformat(), ())


def test_reading_a_language_leaves_its_locale_to_babel_whole() -> None:
    assert words_of("pt")
    assert Locale.parse("pt_AO").months["format"]["wide"][1] == "janeiro"


def test_no_table_is_loaded_before_a_text_needs_it() -> None:
    code = (
        "import sys; from newslake.transforms.normalise.dates import parse_date; parse_date('2021-11-07'); "
        "print('babel' in sys.modules, 'dateparser' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "False"]
