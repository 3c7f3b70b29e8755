import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newslake.transforms.normalise.credits import Caption, closing_agencies, lift_captions, split_credit


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
        ("Die Brücke. Ada Feder (dpa/picture alliance via Getty)", "Die Brücke.",
         "Ada Feder (dpa/picture alliance via Getty)"),
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
        ("Die Brücke (Bild: mit KI von der Redaktion erstellt / quill)", "Die Brücke",
         "mit KI von der Redaktion erstellt / quill"),
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
        ("The minister Bert Ink Ada Quill - Europa Press / EP", "The minister Bert Ink",
         "Ada Quill - Europa Press / EP"),
        ("The bridge below the castle Getty Images", "The bridge below the castle", "Getty Images"),
        # no mark before the agency, an account, or a right
        ("El puente nuevo de la villa EFE/ A.B. Pluma", "El puente nuevo de la villa", "EFE/ A.B. Pluma"),
        ("The bridge below the castle AP Photo/Ada Quill, File", "The bridge below the castle",
         "AP Photo/Ada Quill, File"),
        ("Die Brücke am Morgen dpa/Ada Feder", "Die Brücke am Morgen", "dpa/Ada Feder"),
        ("The bridge at dawn @quill_ink via X / Reuters", "The bridge at dawn", "@quill_ink via X / Reuters"),
        ("The bridge at dawn. @quill via Instagram", "The bridge at dawn.", "@quill via Instagram"),
        ("The bridge on 5 May Ada Quill III/Copyright 2025 The AP. All rights reserved.", "The bridge on 5 May",
         "Ada Quill III/Copyright 2025 The AP. All rights reserved."),
        ("The bridge in rain Ada Quill/Copyright AFP 2023. All rights reserved.", "The bridge in rain",
         "Ada Quill/Copyright AFP 2023. All rights reserved."),
        ("The bridge in rain Copyright 2023 The Associated Press. All rights reserved.", "The bridge in rain",
         "2023 The Associated Press. All rights reserved"),
        ("The bridge in rain AFP via Getty Images", "The bridge in rain", "AFP via Getty Images"),
        # an old picture, or a symbol
        ("The bridge in 1990 File photo", "The bridge in 1990", "File photo"),
        ("Le pont (photo d'archives)", "Le pont", "photo d'archives"),
        ("The bridge at dawn. File photo", "The bridge at dawn.", "File photo"),
        ("The bridge at dawn - Stock image", "The bridge at dawn", "Stock image"),
        ("Die Brücke (Symbolbild)", "Die Brücke", "Symbolbild"),
        ("Le pont. Photo d'archives", "Le pont.", "Photo d'archives"),
        ("El puente. Foto de archivo", "El puente.", "Foto de archivo"),
        ("Most otwarty. Zdjęcie ilustracyjne", "Most otwarty.", "Zdjęcie ilustracyjne"),
        ("Мост открыт. Архивное фото", "Мост открыт.", "Архивное фото"),
        # in front
        ("The Nib Shimbun Leaders of three towns meet.", "Leaders of three towns meet.", "The Nib Shimbun"),
        ("AFP-Jiji Leaders of three towns meet.", "Leaders of three towns meet.", "AFP-Jiji"),
        ("Nib Shimbun file photo The old bridge is shown.", "The old bridge is shown.", "Nib Shimbun file photo"),
        ("Kyodo News People wait at the bridge.", "People wait at the bridge.", "Kyodo News"),
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
        "In Pictures: Ada Quill Opens A Bridge",
        "عکس: مردی زیر باران",
        "צילום: היא לא תחזור",
        "사진: 그는 오지 않았다",
        "ছবি: সে আসেনি",
        "写真：彼は来ない",
        "صورة: الوزير يتحدث",
        "3. Good Habits",
        "Associated Press Writer Ada Quill talks to a crowd.",
        "Reuters Institute fellows meet in Oberau.",
        "The Associated Press building in Oberau.",
        "The Oberau Post Office is closed.",
        "The mayor looks at a file photo",
        "Der Mann auf einem alten Archivbild",
        "File photo of the bridge in Oberau.",
        "A post by @quill on X",
        "A poster of @quill on X",
        "A map of the bridge by EPA/Bridgefund",
        "Ada Quill signs for AFP/Paris",
        "He was named by TASS/Interfax",
        "Demonstrators hold a sign: 'No AA/BB'",
        "Ada Quill in Paris, France.",
    ],
)
def test_a_line_without_a_known_credit_comes_back_whole(line: str) -> None:
    assert split_credit(line) == Caption(line, None)


FIRST = (
    "The first paragraph of a text. " + "It tells of the bridge, which was closed for a year, and of the ferry. " * 6
)
LAST = "And then the last one, which ends it. " + "The ferry will sail for a year, until the bridge is safe again. " * 6


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        # no label
        ("The bridge at dawn - AFP", Caption("The bridge at dawn", "AFP")),
        (
            "Vissers op de brug, aan de vooravond van het feest – ANP",
            Caption("Vissers op de brug, aan de vooravond van het feest", "ANP"),
        ),
        ("The premier meets Ada Quill - AFP", Caption("The premier meets Ada Quill", "AFP")),
        ("The bridge at dawn (Getty Images)", Caption("The bridge at dawn", "Getty Images")),
        ("The bridge at dawn (AFP via Getty Images)", Caption("The bridge at dawn", "AFP via Getty Images")),
        ("The bridge at dawn (Ada Quill/AFP)", Caption("The bridge at dawn", "Ada Quill/AFP")),
        ("Рыбаки на мосту ранним утром — ТАСС", Caption("Рыбаки на мосту ранним утром", "ТАСС")),
        ("夜明けの橋に並ぶ釣り人＝ＡＰ", Caption("夜明けの橋に並ぶ釣り人", "ＡＰ")),
        # a credit that stands below pictures only
        ("The bridge at dawn. © DPA Images | Ada Feder", Caption("The bridge at dawn.", "DPA Images | Ada Feder")),
        ("De brug op 3 mei 2023. — © BELGA", Caption("De brug op 3 mei 2023.", "BELGA")),
        ("The bridge at dawn. AP Photo/Ada Quill", Caption("The bridge at dawn.", "AP Photo/Ada Quill")),
        ("The bridge on 3 May. (Ada Quill/AFP)", Caption("The bridge on 3 May.", "Ada Quill/AFP")),
        ("夜明けの橋に並ぶ釣り人（東京で、３日）＝ＡＰ", Caption("夜明けの橋に並ぶ釣り人（東京で、３日）", "ＡＰ")),
        ("The bridge at dawn. File photo", Caption("The bridge at dawn.", "File photo")),
        # a sentence and the bracket of an agency of the world
        ("The bridge was closed in the storm. (AP)", Caption("The bridge was closed in the storm.", "AP")),
        # a label
        ("Guttene på broen. Foto: Privat", Caption("Guttene på broen.", "Privat")),
        ("Мост ранним утром Фото: Ада Перо, Волна", Caption("Мост ранним утром", "Ада Перо, Волна")),
        ("The bridge at dawn (Foto: Ada Veer)", Caption("The bridge at dawn", "Ada Veer")),
        (
            "The bridge at dawn. Nobody fishes. Foto: Ada B. Veer",
            Caption("The bridge at dawn. Nobody fishes.", "Ada B. Veer"),
        ),
        ("Die Brücke am Morgen. Bild: Ada von der Feder", Caption("Die Brücke am Morgen.", "Ada von der Feder")),
        ("Photo by Ada Quill on Unsplash", Caption("", "Ada Quill on Unsplash")),
        ("Photo: Ada Quill", Caption("", "Ada Quill")),
        ("Foto: ADA QUILL / ANP", Caption("", "ADA QUILL / ANP")),
        ("Photo: Ada Quill/The Daily Nib", Caption("", "Ada Quill/The Daily Nib")),
        ("Photo: Ada A Quill", Caption("", "Ada A Quill")),
        ("Picture by Ada Quill", Caption("", "Ada Quill")),
        ("Picture: PA", Caption("", "PA")),
        ("Image source, Getty Images Image caption, The bridge is open", Caption("The bridge is open", "Getty Images")),
        ("عکس: ایسنا", Caption("", "ایسنا")),
        ("사진: 연합뉴스", Caption("", "연합뉴스")),
        ("사진 = 아무개 기자", Caption("", "아무개 기자")),
        ("写真：橋野花子撮影", Caption("", "橋野花子撮影")),
    ],
)
def test_a_line_that_is_surely_a_caption_leaves_the_text(line: str, caption: Caption) -> None:
    assert lift_captions([FIRST, line, LAST]) == ((FIRST, LAST), (caption,))


@pytest.mark.parametrize(
    "line",
    [
        # an agency that signs, reports, or is the subject
        "Reuters",
        "Getty Images",
        "NEW YORK - AFP",
        "LYON, 20 mars 2023 (AFP)",
        "Utrecht (ANP)",
        "By Ada Quill (AFP)",
        "By Ada Quill, our reporter there - AFP",
        "Ada Quill - Reuters",
        "It rained. (AFP)",
        "And then the flood came. (AFP)",
        "The bridge at dawn. ADA QUILL / AFP",
        "The bridge was closed in the storm. (PTI)",
        "The mayor said the bridge was closed. (AP)",
        "The bridge was closed. It is open now. (AP)",
        "The text of this page is © Reuters",
        "© 2023 AFP",
        "With reporting by Ada Quill/AFP",
        "De Ada Plume van Oberau. © AFP",
        "The ferry on its last trip (AFP, Reuters)",
        "Die Brücke im Nebel am Morgen (dpa/lnw)",
        "The ferry on its last trip (Reuters Staff)",
        "He leaves a daughter, Ada, and two cats, Nib and Ink (AP)",
        "A cyclist was hurt on Friday in a fall near the old bridge (PTI)",
        "Wheat prices rose 4 percent on fears of a flood - Reuters",
        "11:40 - Incendie près du pont - AFP",
        "- Incendie près du vieux pont - AFP",
        "Heracles - Cambuur 1-1 (ANP)",
        '"We have seen the bridge go down" - Reuters',
        "“We have seen the bridge go down” – AP",
        "„Wir sahen die Brücke fallen“ – dpa",
        "«On a vu tomber le pont» - AFP",
        "Opening: a bridge for the town - AFP",
        "V Brně se v pondělí otevřel nový most (ČTK)",
        "W Gdyni otwarto w piątek nowy most (PAP)",
        "Új hidat adtak át Győrben hétfőn (MTI)",
        "Turkuun avattiin maanantaina uusi silta (STT)",
        "Jembatan baru dibuka di Medan, Senin (ANTARA)",
        "Bursa'da yeni köprü pazartesi günü açıldı (AA)",
        "新しい橋が月曜に開通した（共同）",
        "افتتح الوزير الجسر الجديد يوم الاثنين (رويترز)",
        "The mayor resigned, he said - according to AFP",
        "It was a Tuesday. Nobody came. The bridge fell. (AFP)",
        "It rained. Ada Quill",
        "The bridge at dawn, " + "which nobody had ever seen, " * 5 + "- AFP",
        "Q: Who owns the bridge? A: Reuters",
        # a label before a title, a headline or a sentence
        "Picture: Imperfect",
        "Photo: A Bridge In Three Parts",
        "PHOTOS: Queen Ada Arrives",
        "Photos: Ada Sails",
        "Bild: Die Königin",
        "Foto: El Puente",
        "Illustration: The Small Bridge",
        "Photo: Ada Quill Mends Bridge",
        "Photo: Ada, Laughing",
        "Photo: Ada Laughing",
        "Photo: Before/After",
        "Picture: Gioconda Nuda",
        "In Pictures: Queen Ada Visits Oberau",
        "Foto: Papst Ada",
        "Photo: New York",
        "The old bridge under water | Reuters",
        "The old bridge under water / Reuters",
        "Related bridge reopens after a year - Reuters",
        "صورة: الوزير / رويترز",
        "عکس: مردی که زیر باران ایستاده بود",
        "עכשיו. צילום: היא אמרה שלא תחזור",
        "사진: 그는 돌아오지 않았다",
        "ছবি: সে ফিরে আসেনি",
        "写真：橋は落ちない",
        "图片：他没有来",
        "صورة: الوزير يتحدث، رويترز",
        "ภาพ: เขาไม่กลับมา",
        "फोटो: वह नहीं आया",
        "Source: Ada Quill",
        "See the picture: Ada Quill",
        "A text made by © Quill Works",
        "The bridge was shut. The ferry sailed. The town was glad. Foto: Ada Veer",
    ],
)
def test_a_line_that_may_be_the_text_s_own_stays(line: str) -> None:
    paragraphs = (FIRST, line, LAST)
    assert lift_captions(paragraphs) == (paragraphs, ())


@pytest.mark.parametrize(
    "paragraphs",
    [
        # news in brief, tickers and lists of reports
        (
            "Brug in Oberau",
            "De brug in Oberau is na een jaar weer open - ANP",
            "Pont in Unterau",
            "Het pont in Unterau vaart niet meer - ANP",
        ),
        ("Bridge opens - PTI", FIRST, "Ferry is to sail again - PTI", FIRST, "Mayor of the town resigns - PTI", LAST),
        ("The bridge is open again (PTI)", FIRST, "The ferry sails again (PTI)", LAST),
        # beside paragraphs that are not prose
        (FIRST, "The bridge at dawn - AFP", "The ferry at noon"),
        ("The ferry at noon", "The bridge at dawn - AFP", LAST),
        (
            FIRST,
            "The bridge at dawn - AFP",
            "The ferry on the Ems, its captain and all who sailed with him in the year of the flood " * 2,
            LAST,
        ),
        # no paragraph before it
        ("The bridge at dawn - AFP", FIRST, LAST),
    ],
)
def test_a_line_without_a_label_stays_in_lists_and_outside_prose(paragraphs: tuple[str, ...]) -> None:
    assert lift_captions(paragraphs) == (paragraphs, ())


def test_two_lines_without_a_label_leave_a_text_side_by_side() -> None:
    lines = ("The bridge at dawn - AFP", "The ferry at noon - AFP")
    assert lift_captions([FIRST, *lines, LAST])[0] == (FIRST, LAST)


def test_an_agency_at_the_end_of_the_last_paragraph_signs_the_text() -> None:
    assert lift_captions([FIRST, "The bridge is open. (AFP)"]) == ((FIRST, "The bridge is open. (AFP)"), ())


def test_a_text_is_never_all_captions() -> None:
    lines = ("The bridge at night (Foto: AFP)", "The bridge (Foto: ANP)")
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
def test_only_labels_and_separators_are_dropped(line: str) -> None:
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
    closing_agencies(paragraphs)


def test_a_text_is_never_more_captions_than_text() -> None:
    pictures = ("The bridge is open again (Foto: AFP)", "The council of the town met (Foto: ANP)")
    assert lift_captions((*pictures, "It rained.")) == ((*pictures, "It rained."), ())
    assert lift_captions((*pictures, LAST))[0] == (LAST,)


LINED = st.sampled_from(
    [
        FIRST,
        LAST,
        "The bridge at dawn - AFP",
        "The ferry at noon - Reuters",
        "The mayor, in rain (Foto: ANP)",
        "Foto: ANP",
        "(AFP)",
        "It rained (AFP)",
    ]
)


@given(st.lists(LINED | LINES, max_size=9))
def test_lifting_a_second_time_finds_no_more(paragraphs: list[str]) -> None:
    stay, _ = lift_captions(paragraphs)
    assert lift_captions(stay) == (stay, ())
