import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newslake.transforms.normalise.agencies import agency_of
from newslake.transforms.normalise.datelines import split_dateline


@pytest.mark.parametrize(
    ("dateline", "place", "agencies", "date_text"),
    [
        ("UTRECHT (ANP) - ", "UTRECHT", ("ANP",), None),
        ("UTRECHT - ", "UTRECHT", (), None),
        ("UTRECHT, ANP - ", "UTRECHT", ("ANP",), None),
        ("BOSTON, March 20 (Reuters) - ", "BOSTON", ("Reuters",), "March 20"),
        ("BOSTON, March 20 — ", "BOSTON", (), "March 20"),
        ("DULUTH, Minn. (AP) — ", "DULUTH, Minn.", ("AP",), None),
        ("BOSTON—", "BOSTON", (), None),
        ("ST. LOUIS — ", "ST. LOUIS", (), None),
        ("(AP) — ", None, ("AP",), None),
        ("Köln/Bonn (dpa/lnw) - ", "Köln/Bonn", ("dpa",), None),
        ("Linz (APA/Reuters) – ", "Linz", ("APA", "Reuters"), None),
        ("Lyon, 20 mars 2023 (AFP) - ", "Lyon", ("AFP",), "20 mars 2023"),
        ("Lyon (AFP) ", "Lyon", ("AFP",), None),
        ("SEVILLA, 5 nov. (EFE).- ", "SEVILLA", ("EFE",), "5 nov."),
        ("(ANSA) - TORINO, 20 MAR - ", "TORINO", ("ANSA",), "20 MAR"),
        ("(ANSA) - ", None, ("ANSA",), None),
        ("RIO DE JANEIRO (Reuters) - ", "RIO DE JANEIRO", ("Reuters",), None),
        ("Казань. 20 марта. ИНТЕРФАКС - ", "Казань", ("Interfax",), "20 марта"),
        ("КАЗАНЬ, 20 мар — РИА Новости. ", "КАЗАНЬ", ("RIA Novosti",), "20 мар"),
        ("КАЗАНЬ, 20 марта. /ТАСС/. ", "КАЗАНЬ", ("TASS",), "20 марта"),
        ("الرياض (واس) - ", "الرياض", ("SPA",), None),
        ("上海3月20日电 ", "上海", (), "3月20日"),
        ("新华社上海3月20日电（记者 某某）", "上海", ("Xinhua",), "3月20日"),
        ("（中央社高雄20日電）", "高雄", ("CNA",), "20日"),
        ("（中央社記者某某高雄20日電）", None, ("CNA",), "20日"),
        ("【釜山聯合ニュース】", "釜山", ("Yonhap",), None),
        ("【ボストン＝共同】", "ボストン", ("Kyodo",), None),
        ("［大阪 20日 ロイター］ - ", "大阪", ("Reuters",), "20日"),
        ("【3月20日 AFP】", None, ("AFP",), "3月20日"),
        ("(부산=연합뉴스) 아무개 기자 = ", "부산", ("Yonhap",), None),
        # known places in other languages and cases; unknown ones with a date, a state or a country
        ("PARIJS - ", "PARIJS", (), None),
        ("WENEN – ", "WENEN", (), None),
        ("МЮНХЕН — ", "МЮНХЕН", (), None),
        ("ΑΘΗΝΑ - ", "ΑΘΗΝΑ", (), None),
        ("İZMİR — ", "İZMİR", (), None),
        ("OBERAU, 20 mars - ", "OBERAU", (), "20 mars"),
        ("OBERAU, Ont. — ", "OBERAU, Ont.", (), None),
        ("OBERAU, Mexico — ", "OBERAU, Mexico", (), None),
        ("OBERAU (AP) — ", "OBERAU", ("AP",), None),
        ("Oberau (dpa/lby) - ", "Oberau", ("dpa",), None),
        ("Oberau, 20 mars (AFP) - ", "Oberau", ("AFP",), "20 mars"),
        ("Kyiv, Ukraine (AP) — ", "Kyiv, Ukraine", ("AP",), None),
        ("DOHA - ", "DOHA", (), None),
        ("TENNIS (AFP) - ", None, ("AFP",), None),
        ("MONDAY, March 20 (AP) - ", None, ("AP",), "March 20"),
        ("Apple (Reuters) - ", None, ("Reuters",), None),
        # days that do not belong to the place
        ("Gdynia, 20.03.2023 (PAP) - ", "Gdynia", ("PAP",), "20.03.2023"),
        ("LONDON, Tuesday (Reuters) - ", "LONDON", ("Reuters",), None),
        ("LONDON, Tuesday - ", "LONDON", (), None),
        ("BREMEN, Dienstag - ", "BREMEN", (), None),
        # an outlet or a second agency
        ("MEDAN, NIB.com - ", "MEDAN", (), None),
        ("BANDUNG, NIB.co.id – ", "BANDUNG", (), None),
        ("【AFP=時事】", None, ("AFP", "Jiji"), None),
    ],
)
def test_a_dateline_is_read_and_the_text_behind_it_found(
    dateline: str, place: str | None, agencies: tuple[str, ...], date_text: str | None
) -> None:
    found = split_dateline(f"{dateline}The council met.")
    assert found is not None
    assert (found.place, found.agencies, found.date_text, found.end) == (place, agencies, date_text, len(dateline))


@pytest.mark.parametrize(
    "paragraph",
    [
        "",
        "-",
        "The council met - and left.",
        "The council (AFP) said it met.",
        "President Ada Quill (AP) - she said.",
        "Deutsche Presse-Agentur (dpa) teilte mit.",
        "The Associated Press (AP) The council",
        "I think - therefore I am",
        "JavaScript (JS) - a language",
        "UPDATE - The council met.",
        "CHAPTER ONE - The council met.",
        "NASA — The council met.",
        "UTRECHT - ",
        "WHAT A LONG LINE THIS WAS - The council met.",
        "OBERON - a language",
        "(and so on) - The council",
        "(Getty Images) - The council",
        "Utrecht - De raad",
        "SPORT - The council met.",
        "TENNIS, 20 mars - Les Oies ont gagné.",
        "VOLLEY - Les Oies ont gagné.",
        "JUSTITIE - De raad kwam bijeen.",
        "WIRTSCHAFT — Die Preise steigen.",
        "SILVER - The price fell.",
        "RECIPE - The best soup.",
        "TUESDAY - The council met.",
        "TUESDAY, March 20 - The council met.",
        "DEAR ADA - The neighbours are loud.",
        "ADA QUILL - The writer is back.",
        "PARIS QUILL - The writer is back.",
        "QUILLWORKS — The firm grows.",
        "SOUL - The singer is back.",
        "TURKEY - Roast it for three hours.",
        "QUILL, Ada — The writer is back.",
    ],
)
def test_a_line_that_may_be_something_else_is_no_dateline(paragraph: str) -> None:
    assert split_dateline(paragraph) is None


PIECES = [
    *" ()=/【】—。",
    "UTRECHT",
    "Lyon",
    ", ",
    "20 mars",
    "March 20",
    "AFP",
    "dpa/tmn",
    " - ",
    "日电",
    "3月20日",
    ". ",
    "The",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
@example("A" * 300)
@example("(" * 300)
def test_the_parts_of_a_dateline_stand_before_its_end(paragraph: str) -> None:
    found = split_dateline(paragraph)
    if found is not None:
        head = paragraph[: found.end]
        assert 0 < found.end <= len(paragraph)
        assert found.place is None or found.place in head
        assert found.date_text is None or found.date_text in head
        assert found.place is not None or found.agencies
        assert all(agency_of(agency) == agency for agency in found.agencies)


@pytest.mark.parametrize("text", ["MADRID.– El gobierno presentó el plan.", "MADRID ― El gobierno presentó el plan."])
def test_every_dash_that_a_pattern_knows_may_open_a_dateline(text: str) -> None:
    found = split_dateline(text)
    assert found is not None
    assert found.place == "MADRID"
