import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.url_dates import date_in_filename, date_in_url


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("/2023/03/20/ships", "2023-03-20"),
        ("/2023/03/20", "2023-03-20"),
        ("/world/2023/mar/20/ships", "2023-03-20"),
        ("/world/2023/March/05/ships", "2023-03-05"),
        ("/world/2023/Sept/5/ships", "2023-09-05"),
        ("/article/2023/3/20/ships", "2023-03-20"),
        ("/article/2023/3/2/ships", "2023-03-02"),
        ("/n1/2023/0320/c7-1.html", "2023-03-20"),
        ("/gn/2023/03-20/7.shtml", "2023-03-20"),
        ("/2023-03/20/content_7.htm", "2023-03-20"),
        ("/202303/20/7.html", "2023-03-20"),
        ("/202303/t20230320_765.html", "2023-03-20"),
        ("/20230320/ships", "2023-03-20"),
        ("/a/20230320", "2023-03-20"),
        ("/2023-03-20/ships", "2023-03-20"),
        ("/politics/20/03/2023/abc", "2023-03-20"),
        ("/politics/03/20/2023/abc", "2023-03-20"),
        ("/politics/03/03/2023/abc", "2023-03-03"),
        ("/2023-03-20-ships", "2023-03-20"),
        ("/20230320-ships", "2023-03-20"),
        ("/20230320-ships/", "2023-03-20"),
        ("/world/20230320/ships", "2023-03-20"),
        ("/news/20230320/ships", "2023-03-20"),
        ("/archive/2023/03/20/ships", "2023-03-20"),
        ("/sport/2011/12/ships", "2011-12"),
        ("/ships-20230320140509-nt.html", "2023-03-20"),
        ("/ships-20230320-p5ctab.html", "2023-03-20"),
        ("/2023/03/ships", "2023-03"),
        ("/2023/03/", "2023-03"),
        ("/2023/may/ships", "2023-05"),
        ("/politics/2023-03/ships", "2023-03"),
        ("/2023/03/20230320-ships", "2023-03-20"),
        ("/2023%2F03%2F20/ships", "2023-03-20"),
    ],
)
def test_a_path_shows_its_day_or_month(path: str, date: str) -> None:
    assert date_in_url(f"https://www.daily.example{path}") == date
    assert date_in_url(f"http://daily.example:8080{path}?x=1#y") == date


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/2023/",
        "/2023/ships",
        "/2023/3/ships",  # a page, an issue, a month
        "/2023/13/ships",
        "/2023/13/20/ships",
        "/2023/02/30/ships",
        "/2023/03/45/ships",
        "/2019/20/table",
        "/season/2011-12/table",
        "/1984/06/04/ships",
        "/2101/01/01/ships",
        "/20231234/",
        "/ships-20231234.html",
        "/12345678",
        "/ships-12345678.html",
        "/id_120230320",
        "/202303201/ships",
        "/A20230320x/ships",
        "/2023032000123/ships",
        "/03/04/2023/ships",
        "/20/03/23/ships",
        "/2023-24/ships",
        "/ships-2023-24/",
        "/ships-of-2023",
        "/what-we-saw-on-2023-03-20-in-town",
        "/release-2023.3.1/",
        "/20230320-1111-2222-3333-444455556666",
        "/%20230320",
        "/2023/03/20/2023/03/22/ships",
        "/2023-03-20-to-2023-03-22",
        "/ships-2023-03-20/",
        "/war/d-day-2004-06-06",
        "/ships-20230320.html",
        "/ships_20230320",
        "/week-2023-03-20-2023-03-26",
        "/2023-03-20-2023-03-26",
        "/20230320-20230326-ships",
        "/timeline/2001/09/11",
        "/event/2030/05/01/",
        "/Calendar/2023/03/20/ships",
        "/on-this-day/2001/09/11/ships",
        "/tv/2023-03-20",
        "/games/20230320/ships",
        "/search/2023/03/20",
        "/product/20230320",
        "/product/20230320/ships",
        "/tel/20120101",
        "/article/20230320",
        "/article/20230320/",
        "/a?date=2023-03-20",
        "/a#/2023/03/20/",
    ],
)
def test_a_path_without_a_sure_date_gives_none(path: str) -> None:
    assert date_in_url(f"https://www.daily.example{path}") is None


def test_the_folders_count_before_the_slugs_digits() -> None:
    assert date_in_url("https://daily.example/2023/11/02/ships-20040312/") == "2023-11-02"
    assert date_in_url("https://daily.example/2023/11/ships-20040312/") == "2023-11"


def test_the_second_page_of_a_month_is_no_day() -> None:
    assert date_in_url("https://daily.example/2023/03/2/") == "2023-03"


def test_an_archive_copys_own_date_is_not_the_articles() -> None:
    assert (
        date_in_url("https://archive.example/web/20230320140509/https://daily.example/2021/05/06/ships") == "2021-05-06"
    )
    assert date_in_url("https://archive.example/web/20230320140509/https://daily.example/") is None


@pytest.mark.parametrize(
    "text",
    ["", "2023/03/20", "/2023/03/20/", "ftp://daily.example/2023/03/20/", "https://2023.03.20.example/", "https://"],
)
def test_only_the_path_of_a_web_address_is_read(text: str) -> None:
    assert date_in_url(text) is None


@pytest.mark.parametrize(
    ("uri", "date"),
    [
        ("news-2023-03-20.txt", "2023-03-20"),
        ("20230320_1405_ap.json", "2023-03-20"),
        ("2023-03.jsonl.gz", "2023-03"),
        ("2023-03-20T14-05-09Z.xml", "2023-03-20"),
        ("20230320T140509Z.xml", "2023-03-20"),
        ("202303201405.xml", "2023-03-20"),
        ("daily_2023_03_20_final.txt", "2023-03-20"),
        ("daily.2023.03.20.csv", "2023-03-20"),
        ("news-2023-03.tar.gz", "2023-03"),
        ("2023-03-news.csv", "2023-03"),
        ("gs://bucket/1999/a%202023-03-20.txt", "2023-03-20"),
        ("https://daily.example/dump/2023-03-20.jsonl?token=20240101", "2023-03-20"),
        ("C:\\news\\2023-03-20.txt", "2023-03-20"),
        ("/in/2023-03-20#2.txt", "2023-03-20"),
    ],
)
def test_a_file_name_shows_its_day_or_month(uri: str, date: str) -> None:
    assert date_in_filename(uri) == date


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "news.txt",
        "2023/03/20/news.txt",
        "2023-03-20/",
        "news-2023.txt",
        "top-2000-10.csv",
        "version_2023-03.zip",
        "2023-03-20-top-2000-10.csv",
        "news-202303.txt",  # or 20:23:03
        "news-20231234.txt",
        "news-120230320.txt",
        "news-20230320a.txt",
        "budget-2011-12.pdf",
        "news-2023-24.txt",
        "2023-03-20--2023-03-27.csv",
        "20230320-1111-2222-3333-444455556666.json",
        "12345678.html",
        "version-2023.3.1.zip",
    ],
)
def test_a_file_name_without_a_sure_date_gives_none(uri: str) -> None:
    assert date_in_filename(uri) is None


PIECES = st.sampled_from(
    [*"0123456789", "/", "-", "_", ".", "%", "2023", "03", "20", "mar", "https://", "20230320", "é", "\n", "?"]
)
TEXTS = st.lists(PIECES).map("".join) | st.text()


@given(TEXTS)
def test_any_text_gives_an_iso_day_or_month_of_these_years_or_none(text: str) -> None:
    for found in (date_in_url(text), date_in_url(f"https://daily.example/{text}"), date_in_filename(text)):
        assert found is None or (
            re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", found) and "1990" <= found[:4] <= "2100"
        )


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_every_day_of_these_years_is_found(day: dt.date) -> None:
    assert date_in_url(f"https://daily.example/{day:%Y/%m/%d}/ships") == day.isoformat()
    assert date_in_url(f"https://daily.example/{day:%Y/%b/%d}/ships".lower()) == day.isoformat()
    assert date_in_filename(f"ships-{day:%Y%m%d}.txt") == day.isoformat()
