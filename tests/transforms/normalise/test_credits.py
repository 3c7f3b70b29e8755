import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.normalise.credits import Caption, closing_agencies, lift_captions, split_credit


@pytest.mark.parametrize(
    ("line", "text", "credit"),
    [
        # a dash, a bar or a slash before a known agency
        ("The bridge at dawn - AFP", "The bridge at dawn", "AFP"),
        ("The bridge at dawn – Ada Quill/REUTERS", "The bridge at dawn", "Ada Quill/REUTERS"),
        ("De brug bij zonsopgang — © BELGA", "De brug bij zonsopgang", "BELGA"),
        ("The old bridge at dawn / Ada Quill", "The old bridge at dawn", "Ada Quill"),
        # brackets
        ("The bridge at dawn. (AP)", "The bridge at dawn.", "AP"),
        ("The bridge at dawn (AP Photo/Ada Quill, File)", "The bridge at dawn", "AP Photo/Ada Quill, File"),
        ("El puente, el 5 de mayo. Ada Pluma (EFE)", "El puente, el 5 de mayo.", "Ada Pluma (EFE)"),
        ("Die Brücke. Ada Feder (dpa/picture alliance via Getty)", "Die Brücke.", "Ada Feder (dpa/picture alliance via Getty)"),
        ("The bridge at dawn. (Quill & Ink Studios)", "The bridge at dawn.", "Quill & Ink Studios"),
        ("Jembatan dibuka. (ANTARA FOTO/Ada Pena/foc)", "Jembatan dibuka.", "ANTARA FOTO/Ada Pena/foc"),
        ("Jembatan dibuka(Dok. Kota)", "Jembatan dibuka", "Dok. Kota"),
        ("The bridge (Courtesy of Ada Quill)", "The bridge", "Courtesy of Ada Quill"),
        ("The bridge [Ada Quill/The Daily Nib]", "The bridge", "Ada Quill/The Daily Nib"),
        ("The bridge (Ada Quill for The Daily Nib)", "The bridge", "Ada Quill for The Daily Nib"),
        # labels
        ("De brug (Foto: ANP / Ada Veer)", "De brug", "ANP / Ada Veer"),
        ("De brug is open. Beeld ANP", "De brug is open.", "ANP"),
        ("Die Brücke. Quelle: dpa", "Die Brücke.", "dpa"),
        ("Die Brücke (Bild: mit KI von der Redaktion erstellt / quill)", "Die Brücke", "mit KI von der Redaktion erstellt / quill"),
        ("Die Brücke ist offen, Foto: Ada Feder", "Die Brücke ist offen", "Ada Feder"),
        ("Le pont. Crédit photo : AFP", "Le pont.", "AFP"),
        ("Most otwarty | fot. Ada Pióro", "Most otwarty", "Ada Pióro"),
        ("A híd megnyílt. Fotó: Toll Ada / MTI", "A híd megnyílt.", "Toll Ada / MTI"),
        ("Brúin var opnuð. Mynd: Ada Penni", "Brúin var opnuð.", "Ada Penni"),
        ("Ibhuloho. Isithombe: ADA QUILL", "Ibhuloho.", "ADA QUILL"),
        ("Мост открыт Фото: Ада Перо, Вестник", "Мост открыт", "Ада Перо, Вестник"),
        ("Η γέφυρα (Φωτό: Eurokinissi)", "Η γέφυρα", "Eurokinissi"),
        ("افتتاح الجسر. صورة: رويترز", "افتتاح الجسر.", "رويترز"),
        ("पुल खुला (फोटो: पीटीआई)", "पुल खुला", "पीटीआई"),
        ("สะพานเปิดแล้ว ภาพ: รอยเตอร์", "สะพานเปิดแล้ว", "รอยเตอร์"),
        ("The bridge (Photo by Ada Quill/Getty Images)", "The bridge", "Ada Quill/Getty Images"),
        ("The bridge in rain Photo by - / AFP via Getty Images", "The bridge in rain", "- / AFP via Getty Images"),
        ("The bridge. © Ada Quill | dpa", "The bridge.", "Ada Quill | dpa"),
        ("The bridge (c) Ada Quill", "The bridge", "Ada Quill"),
        ("The bridge. Ada Quill/© AFP", "The bridge.", "Ada Quill/© AFP"),
        ("Foto: Ada Veer", "", "Ada Veer"),
        # a last sentence
        ("The bridge at dawn. ADA QUILL / AFP", "The bridge at dawn.", "ADA QUILL / AFP"),
        ("Am 3. Juli. Ada Feder / Pool via Reuters", "Am 3. Juli.", "Ada Feder / Pool via Reuters"),
        ("The bridge at dawn. The Associated Press", "The bridge at dawn.", "The Associated Press"),
        ("The bridge at dawn. EFE/ A.B. Pluma", "The bridge at dawn.", "EFE/ A.B. Pluma"),
        ("The bridge at dawn. Handout", "The bridge at dawn.", "Handout"),
        ("The bridge. Ada Quill/Copyright 2023 The AP. All rights reserved.", "The bridge.",
         "Ada Quill/Copyright 2023 The AP. All rights reserved."),
        ("The bridge in Paris ADA QUILL / AFP", "The bridge in Paris", "ADA QUILL / AFP"),
        ("The bridge in Paris Ada van der Quill/Reuters", "The bridge in Paris", "Ada van der Quill/Reuters"),
        ('"The Bridge" Capture d\'écran de Pluma', '"The Bridge"', "Capture d'écran de Pluma"),
        ("Die Brücke. 20min/Ada Feder", "Die Brücke.", "20min/Ada Feder"),
        ("The bridge.—AFP", "The bridge.", "AFP"),
        ("The bridge. File photo: Ada Quill", "The bridge.", "Ada Quill"),
        ("The bridge. Photo / Ada Quill", "The bridge.", "Ada Quill"),
        ("The premier meets Ada Quill - AFP", "The premier meets Ada Quill", "AFP"),
        ("The bridge in St. Petersburg - AFP", "The bridge in St. Petersburg", "AFP"),
        ("The minister Bert Ink Ada Quill - Europa Press / EP", "The minister Bert Ink", "Ada Quill - Europa Press / EP"),
        ("The bridge below the castle Getty Images", "The bridge below the castle", "Getty Images"),
        # in front
        ("BILD: APA/ADA FEDER Die Brücke ist wieder offen", "Die Brücke ist wieder offen", "APA/ADA FEDER"),
        ("Ada Quill/REUTERS The bridge is open", "The bridge is open", "Ada Quill/REUTERS"),
        ("Image source, Getty Images Image caption, The bridge is open", "The bridge is open", "Getty Images"),
        # East Asia
        ("橋が開通した（東京で、３日）＝ＡＰ", "橋が開通した（東京で、３日）", "ＡＰ"),
        ("橋が開通した＝東京都で2023年3月20日、橋野花子撮影", "橋が開通した＝東京都で2023年3月20日", "橋野花子撮影"),
        ("開通した橋（Ｃ）共同通信社", "開通した橋", "共同通信社"),
        ("橋が開通した（写真：アフロ）", "橋が開通した", "アフロ"),
        ("大桥通车。新华社记者 桥小花 摄", "大桥通车。", "新华社记者 桥小花 摄"),
        ("大橋通車。（圖／中央社）", "大橋通車。", "中央社"),
        ("다리가 개통됐다 [사진 출처 = 연합뉴스]", "다리가 개통됐다", "연합뉴스"),
        ("다리가 개통됐다 연합뉴스", "다리가 개통됐다", "연합뉴스"),
        ("다리가 개통됐다. 부산시 제공", "다리가 개통됐다.", "부산시 제공"),
        ("大桥通车（视频截图）", "大桥通车", "视频截图"),
        ("다리가 개통됐다. /연합뉴스", "다리가 개통됐다.", "연합뉴스"),
        # a button of the page
        ("The bridge. Foto: Ada Quill/AP Visa mer", "The bridge.", "Ada Quill/AP Visa mer"),
    ],
)  # fmt: skip
def test_a_caption_is_parted_from_its_credit(line: str, text: str, credit: str) -> None:
    assert split_credit(line) == Caption(text, credit)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The bridge at dawn",
        "The minister, Ada Quill (CDU)",
        "The bridge (Kundus, 6.12.2010)",
        "He works on artificial general intelligence (AGI)",
        "a) the first (b) the second (c) the third of them",
        "Smith told Reuters.",
        "A talk with reporters from Reuters",
        "The mayor, said the minister - according to AFP",
        "Foto: Der Kanzler spricht im Bundestag.",
        "The source: nobody knows",
        "Imagen de Ada Pluma",
        "Die Burg im Bild: Ein Ort der Ruhe",
        "A bridge between two towns (Oberau/Unterau)",
        "The minister — Ada Quill",
        "3. Good Habits",
        "Ada Quill in Paris, France.",
    ],
)
def test_a_line_without_a_known_credit_comes_back_whole(line: str) -> None:
    assert split_credit(line) == Caption(line, None)


FIRST, LAST = "The first paragraph of a text.", "And then the last one, which ends it."


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        ("The bridge at dawn - AFP", Caption("The bridge at dawn", "AFP")),
        ("The bridge at dawn (Foto: Ada Veer)", Caption("The bridge at dawn", "Ada Veer")),
        ("The bridge at dawn. ADA QUILL / AFP", Caption("The bridge at dawn.", "ADA QUILL / AFP")),
        ("Photo by Ada Quill on Unsplash", Caption("", "Ada Quill on Unsplash")),
        ("Photo: Ada Quill", Caption("", "Ada Quill")),
        ("Getty Images", Caption("", "Getty Images")),
        ("橋が開通した＝ＡＰ", Caption("橋が開通した", "ＡＰ")),
        ("Reuters", None),
        ("The premier meets Ada Quill - AFP", Caption("The premier meets Ada Quill", "AFP")),
        ("NEW YORK - AFP", None),
        ("Utrecht (ANP)", None),
        ("By Ada Quill (AFP)", None),
        ("Ada Quill - Reuters", None),
        ("It rained. (AFP)", None),
        ("The mayor resigned, he said - according to AFP", None),
        ("It was a Tuesday. Nobody came. The bridge fell. (AFP)", None),
        ("It rained. Ada Quill", None),
        ("Picture: Imperfect", None),
        ("Source: Ada Quill", None),
        ("See the picture: Ada Quill", None),
        ("A text made by © Quill Works", None),
        ("The bridge at dawn, " + "which nobody had ever seen, " * 12 + "- AFP", None),
    ],
)
def test_only_lines_that_are_surely_captions_leave_a_text(line: str, caption: Caption | None) -> None:
    stays = (FIRST, LAST) if caption else (FIRST, line, LAST)
    assert lift_captions([FIRST, line, LAST]) == (stays, (caption,) if caption else ())


def test_what_the_last_paragraph_ends_with_signs_the_text() -> None:
    assert lift_captions([FIRST, "The bridge is open. (AFP)"]) == ((FIRST, "The bridge is open. (AFP)"), ())


def test_a_text_is_never_all_captions() -> None:
    lines = ("The bridge at night - AFP", "The bridge (Foto: ANP)")
    assert lift_captions(lines) == (lines, ())
    assert lift_captions(lines[:1]) == (lines[:1], ())
    assert lift_captions(()) == ((), ())


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("(ANP)", ("ANP",)),
        ("Reuters", ("Reuters",)),
        ("© dpa", ("dpa",)),
        ("Copyright 2023 The Associated Press. All rights reserved.", ("AP",)),
        ("Quelle: dpa", ("dpa",)),
        ("dpa/tmn", ("dpa",)),
        ("AFP, Reuters", ("AFP", "Reuters")),
        ("It will rain. (avec AFP)", ("AFP",)),
        ("It will rain.\nReuters", ("Reuters",)),
        ("It will rain. dpa", ("dpa",)),
        ("It will rain, " * 9 + "he said. AFP/dpa", ("AFP", "dpa")),
        ("It will rain, the office told Reuters.", ()),
        ("It will rain.", ()),
        ("(by our reporter)", ()),
        ("Getty Images", ()),
        ("Ada Quill, Reuters", ()),
        ("It was sold to the agency (ANP)", ()),
        ("It will rain, said a reporter of the agency Reuters", ()),
        ("", ()),
    ],
)
def test_the_last_line_names_the_agencies_of_the_text(line: str, agencies: tuple[str, ...]) -> None:
    assert closing_agencies([FIRST, line]) == agencies


PIECES = st.sampled_from(
    [
        *"()[]（）/|.＝\n 3©",
        "Foto:",
        "Photo by",
        "(c)",
        " - ",
        ". ",
        "AFP",
        "Getty Images",
        "Ada",
        "said",
        "共同",
        "撮影",
        "写真",
        "Visa mer",
    ]
)
LINES = st.lists(PIECES).map("".join) | st.text()


@given(LINES)
@example("Foto:")
@example("(" * 400 + "AFP" + ")" * 400)
def test_nothing_is_dropped_but_labels_and_what_parts(line: str) -> None:
    caption = split_credit(line)
    if caption.credit is None:
        assert caption.text == line
    else:
        assert caption.credit.strip()
        for word in ("Ada", "said", "AP", "Getty", "共同", "Visa mer", "3"):
            assert f"{caption.text} {caption.credit}".count(word) == " ".join(line.split()).count(word)


@given(st.lists(LINES))
def test_lifting_parts_the_paragraphs_and_loses_none(paragraphs: list[str]) -> None:
    stay, captions = lift_captions(paragraphs)
    assert len(stay) + len(captions) == len(paragraphs)
    assert [paragraph for paragraph in paragraphs if paragraph in stay] or not stay
    assert lift_captions(stay)[0] == stay or len(stay) > 1
    closing_agencies(paragraphs)


def test_paragraphs_that_mostly_name_an_agency_are_a_list_of_reports() -> None:
    reports = ("The bridge is open again (AFP)", "The council of the town met (Reuters)", LAST)
    assert lift_captions(reports) == (reports, ())
    pictures = ("The bridge is open again (Foto: AFP)", "The council of the town met (Foto: ANP)", LAST)
    assert lift_captions(pictures)[0] == (LAST,)


def test_lifting_a_second_time_finds_no_more() -> None:
    stay, _ = lift_captions([FIRST, "The bridge at night - AFP", LAST])
    assert lift_captions(stay) == (stay, ())
