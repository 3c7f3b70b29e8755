import pytest
from babel import Locale
from hypothesis import example, given
from hypothesis import strategies as st

from newslake.transforms.normalise.bylines import people_and_agencies, plain_byline, split_byline
from newslake.transforms.normalise.places import LANGUAGES


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ada Quill", ("Ada Quill",)),
        ("By Ada Quill and Bert Ink", ("Ada Quill", "Bert Ink")),
        ("BY ADA QUILL AND BERT INK", ("ADA QUILL", "BERT INK")),
        ("Ada Quill, Bert Ink, and Carla Nib", ("Ada Quill", "Bert Ink", "Carla Nib")),
        ("Ada Quill,Bert Ink,Carla Nib", ("Ada Quill", "Bert Ink", "Carla Nib")),
        ("Ada Quill | Bert Ink", ("Ada Quill", "Bert Ink")),
        ("Ada Quill / Bert Ink", ("Ada Quill", "Bert Ink")),
        ("Ada Quill; Bert Ink", ("Ada Quill", "Bert Ink")),
        ("Ada Quill with Bert Ink", ("Ada Quill", "Bert Ink")),
        ("Door onze correspondent Ada Veer", ("Ada Veer",)),
        ("Von unserem Korrespondenten in Bern Ada Feder", ("Ada Feder",)),
        ("De notre correspondante Ada Plume", ("Ada Plume",)),
        ("Von Ada von der Feder und Bert Kiel, dpa", ("Ada von der Feder", "Bert Kiel", "dpa")),
        ("Text: Von Ada Feder", ("Ada Feder",)),
        ("Von dpa", ("dpa",)),
        ("Par Ada Plume, Bert Quai et Carl Oie", ("Ada Plume", "Bert Quai", "Carl Oie")),
        ("Por Ada Pluma, Blas Ganso y Carla Tinta", ("Ada Pluma", "Blas Ganso", "Carla Tinta")),
        ("Ada Penna e Beda Oca", ("Ada Penna", "Beda Oca")),
        ("Ada Fjær og Bjørn Blekk", ("Ada Fjær", "Bjørn Blekk")),
        ("Ada Kynä ja Bert Muste", ("Ada Kynä", "Bert Muste")),
        ("Ада Перо и Борис Чернов", ("Ада Перо", "Борис Чернов")),
        ("Ada Tüy ve Bora Mürekkep", ("Ada Tüy", "Bora Mürekkep")),
        ("Ada Pena dan Budi Tinta", ("Ada Pena", "Budi Tinta")),
        ("Ada Plumo kaj Berto Inko", ("Ada Plumo", "Berto Inko")),
        ("花子、太郎", ("花子", "太郎")),
        ("文／王小花", ("王小花",)),
        ("記者王小花／台北報導", ("王小花",)),
        ("글 아무개, 홍길순", ("아무개", "홍길순")),
        ("desk@daily.example (Ada Quill)", ("Ada Quill",)),
        ('"Ada Quill" <ada@daily.example>, Bert Ink <b@daily.example>', ("Ada Quill", "Bert Ink")),
        ("Ada Quill (ada@daily.example)", ("Ada Quill",)),
        ("desk@daily.online (Ada Quill)", ("Ada Quill",)),
        ("Ada Quill ada@daily.agency", ("Ada Quill",)),
        ("Ada Quill, ada@daily.example, Bert Ink", ("Ada Quill", "Bert Ink")),
        ("(Ada Quill)", ("Ada Quill",)),
        ("/u/ada_quill", ("ada_quill",)),
        ("u/ada-quill9", ("ada-quill9",)),
        ("Ada Quill / Riga", ("Ada Quill",)),
        ("Ada Quill, Political Editor", ("Ada Quill",)),
        ("Ada Quill, Chief Reporter, and Bert Ink", ("Ada Quill", "Bert Ink")),
        ("Ada Quill – Political Editor", ("Ada Quill",)),
        ("Ada Quill,Gadget Team", ("Ada Quill", "Gadget Team")),
        ("Ada Quill, The Daily Nib", ("Ada Quill", "The Daily Nib")),
        ("Ada Quill and agencies", ("Ada Quill", "agencies")),
        ("Von Ada Feder (Text) und Bert Kiel (Fotos)", ("Ada Feder",)),
        ("Text: Ada Feder, Fotos: Bert Kiel", ("Ada Feder",)),
        ("Text: Ada Feder Fotos: Bert Kiel und Carl Sand", ("Ada Feder",)),
        ("Foto: Bert Blekk Tekst: Ada Fjær", ("Ada Fjær",)),
        ("Von Ada Feder und Bert Kiel (Foto)", ("Ada Feder",)),
        ("Foto: Bert Blekk", ("Bert Blekk",)),
        ("Text och bild: Ada Fjäder", ("Ada Fjäder",)),
        ("Words by Ada Quill, photos by Bert Ink", ("Ada Quill",)),
        ("Reporting by Ada Quill; Editing by Bert Ink", ("Ada Quill",)),
        ("Penulis: Ada Pena Editor: Budi Tinta", ("Ada Pena",)),
        ("文/桥小花 图/河小明", ("桥小花",)),
        ("글 홍길순 사진 아무개", ("홍길순",)),
        ("El Cálamo y agencias", ("El Cálamo", "agencias")),
        ("Ada Quill - Reuters", ("Ada Quill", "Reuters")),
        ("Ada Quill (AFP)", ("Ada Quill", "AFP")),
        ("AFP/dpa", ("AFP", "dpa")),
        ("Ada Quill in Rome and Bert Ink in Lima", ("Ada Quill", "Bert Ink")),
        ("Ada Quill, Jr., and Bert Ink III", ("Ada Quill, Jr.", "Bert Ink III")),
        ("Quill, Ada", ("Ada Quill",)),
        ("van Quill, Ada; de Ink, Bert", ("Ada van Quill", "Bert de Ink")),
        ("Ada Quill, Ada Quill", ("Ada Quill",)),
        # HTML, and several lines
        ('<a href="/ada">Ada Quill</a> and Bert', ("Ada Quill", "Bert")),
        ("Ada Quill &amp; Bert Ink", ("Ada Quill", "Bert Ink")),
        ("Ada Quill &amp;amp; Bert Ink", ("Ada Quill", "Bert Ink")),
        ("<span class=by>Door <b>Ad&eacute; Veer</b></span>", ("Adé Veer",)),
        ("By Ada Quill<br/>By Bert Ink", ("Ada Quill", "Bert Ink")),
        ("<p>Ada Quill</p><p>Political Editor</p>", ("Ada Quill",)),
        ("Ada Quill\nBert Ink", ("Ada Quill", "Bert Ink")),
        ("Ada Quill\r\nReuters", ("Ada Quill", "Reuters")),
        ("By\nAda Quill\nand Bert Ink", ("Ada Quill", "Bert Ink")),
        ("Ada\nQuill", ("Ada Quill",)),
        ("Ada Quill,\n Bert Ink", ("Ada Quill", "Bert Ink")),
        # dates, times and other notes behind the names
        ("Ada Quill | March 20, 2023", ("Ada Quill",)),
        ("Ada Quill • 20 March 2023", ("Ada Quill",)),
        ("By Ada Quill 20 March 2023", ("Ada Quill",)),
        ("Ada Quill, Mar 20", ("Ada Quill",)),
        ("Ada Quill, 20/03/2023 - 10:15", ("Ada Quill",)),
        ("Von Ada Feder am 20. März 2023", ("Ada Feder",)),
        ("Par Ada Plume, le 20 mars 2023, 10h15", ("Ada Plume",)),
        ("Ada Pluma y Blas Ganso - 20 de marzo de 2023", ("Ada Pluma", "Blas Ganso")),
        ("Ada Quill | Updated 2023-03-20 10:15 GMT", ("Ada Quill",)),
        ("Ada Quill | 4 min read", ("Ada Quill",)),
        ("2023年3月20日 记者 桥小花", ("桥小花",)),
        ("Ada Quill | Monday, March 20, 2023", ("Ada Quill",)),
        ("Ada Quill, May 2023", ("Ada Quill",)),
        ("20 Minutes avec AFP", ("20 Minutes", "AFP")),
        ("Ada Quill, France 24", ("Ada Quill", "France 24")),
        ("Ada Quill | Published by The Nib", ("Ada Quill", "Published by The Nib")),
        # places of the writers
        ("Ada Quill, BBC News, Nairobi", ("Ada Quill", "BBC News")),
        ("Ada Quill, Warszawa", ("Ada Quill",)),
        ("Ada Tüy / İZMİR (DHA)", ("Ada Tüy", "DHA")),
        ("Ada Tüy/ANKARA, (DHA)", ("Ada Tüy", "DHA")),
        ("ANKARA (AA)", ("AA",)),
        ("Ada Quill – Berlin", ("Ada Quill",)),
        ("Ada Quill, Paris; Bert Ink, Berlin", ("Ada Quill", "Bert Ink")),
        ("Ada, Sofia and Florence", ("Ada", "Sofia", "Florence")),
        # tasks and roles
        ("Text: Ada, Bild: Bert", ("Ada",)),
        ("Tekst og foto: Ada Fjær", ("Ada Fjær",)),
        ("Text & Fotos: Ada Feder und Bert Kiel", ("Ada Feder", "Bert Kiel")),
        ("Words and pictures by Ada Quill", ("Ada Quill",)),
        ("Dr. Ada Quill, MD, MPH", ("Dr. Ada Quill, MD, MPH",)),
        ("Ada Quill, M.P.H.", ("Ada Quill, M.P.H.",)),
        ("Ada Quill, M.D., Ph.D. and Bert Ink, RN", ("Ada Quill, M.D., Ph.D.", "Bert Ink, RN")),
        ("Ada Quill, Do", ("Ada Quill", "Do")),
        ("AFP & Ada", ("AFP", "Ada")),
        ("记者 桥小花", ("桥小花",)),
        ("本报记者：桥小花 河小明", ("桥小花", "河小明")),
        ("新华社记者 桥小花", ("新华社", "桥小花")),
        # an opening in lower case
        ("von Ada Feder", ("Ada Feder",)),
        ("de Ada Plume et Bert Quai", ("Ada Plume", "Bert Quai")),
        ("di Ada Penna", ("Ada Penna",)),
        ("van Ada Veer, Riga", ("Ada Veer",)),
        ("av Ada Fjær", ("Ada Fjær",)),
        ("от Ады Перо", ("Ады Перо",)),
        ("von dpa", ("dpa",)),
        # a kind of text, a participle or a date before the name
        ("Opinion by Ada Quill", ("Ada Quill",)),
        ("Guest essay by Ada Quill and Bert Ink", ("Ada Quill", "Bert Ink")),
        ("Ein Gastbeitrag von Ada Feder", ("Ada Feder",)),
        ("Tribune de Ada Plume", ("Ada Plume",)),
        ("Commento di Ada Penna", ("Ada Penna",)),
        ("Krönika av Ada Fjäder", ("Ada Fjäder",)),
        ("Kommentar: Ada Feder", ("Ada Feder",)),
        ("Мнение: Ада Перо", ("Ада Перо",)),
        ("Published by Ada Quill on Monday, 20 March 2023", ("Ada Quill",)),
        ("Publié par Ada Plume le 20 mars 2023 à 10h15", ("Ada Plume",)),
        ("Publié le 20 mars 2023 par Ada Plume", ("Ada Plume",)),
        ("20.03.2023 um 10:15 von Ada Feder", ("Ada Feder",)),
        ("20 maart 2023 om 10:15 door Ada Veer", ("Ada Veer",)),
        ("By Ada Quill Updated 2 hours ago", ("Ada Quill",)),
        ("Ada Feder, vor 2 Stunden", ("Ada Feder",)),
        # a role without a comma
        ("Ada Quill Journalist", ("Ada Quill",)),
        ("Ada Quill Senior Political Correspondent", ("Ada Quill",)),
        ("Journalist Ada Quill", ("Ada Quill",)),
        ("Журналист Ада Перо", ("Ада Перо",)),
        ("홍길순 기자", ("홍길순",)),
        ("홍길순·아무개 선임기자", ("홍길순", "아무개")),
        ("도쿄=홍길순 특파원", ("홍길순",)),
        ("記者橋小花", ("橋小花",)),
        ("本報記者橋小花、河小明", ("橋小花", "河小明")),
        ("橋野花子記者", ("橋野花子",)),
        ("글·사진 홍길순 기자", ("홍길순",)),
        ("홍길순 기자(서울)", ("홍길순",)),
        ("文／記者橋小花", ("橋小花",)),
        ("橋小花/台北報導", ("橋小花",)),
        # an agency or an outlet without a comma
        ("By Ada Quill and Bert Ink The Canadian Press", ("Ada Quill", "Bert Ink", "The Canadian Press")),
        ("By ADA QUILL and BERT INK Associated Press Writers", ("ADA QUILL", "BERT INK", "Associated Press Writers")),
        ("Ada Feder dpa", ("Ada Feder", "dpa")),
        ("Ada Quill - BBC News", ("Ada Quill", "BBC News")),
        ("Ada Quill – The Daily Nib", ("Ada Quill", "The Daily Nib")),
        ("Ada Quill for the Herald", ("Ada Quill",)),
        ("Ada Quill, Special to The Post", ("Ada Quill",)),
        ("Ada Plume pour Radio Nib", ("Ada Plume",)),
        ("mit AFP", ("AFP",)),
        ("with files from The Canadian Press", ("The Canadian Press",)),
        ("Ada Quill, with files from Reuters", ("Ada Quill", "Reuters")),
        ("mit Material von dpa", ("dpa",)),
        ("Door Ada Veer en ANP", ("Ada Veer", "ANP")),
        ("By Ada Quill of The Herald", ("Ada Quill",)),
        ("Ada Quill 5 min read", ("Ada Quill",)),
        ("Ada Quill (she/her)", ("Ada Quill",)),
        ("Ada Quill CNN", ("Ada Quill", "CNN")),
        ("Ada Quill and Bert Ink of The Associated Press", ("Ada Quill", "Bert Ink", "The Associated Press")),
        ("dpa/lnw", ("dpa",)),
        ("Ada Quill for the Nib", ("Ada Quill",)),
        ("Ada Veer voor de Veerlander", ("Ada Veer",)),
        ("Ada Quill Bloomberg News", ("Ada Quill", "Bloomberg News")),
        ("Opinion | Ada Quill", ("Ada Quill",)),
        ("от нашего корреспондента Ады Перо", ("Ады Перо",)),
        ("com Lusa", ("Lusa",)),
        ("AFP, NEW YORK, USA", ("AFP",)),
        # the place of an agency
        ("AFP, MANILA", ("AFP",)),
        ("AFP - Paris", ("AFP",)),
        ("AFP in Manila", ("AFP",)),
        ("MANILA, AFP", ("AFP",)),
        # accounts
        ("Ada Quill (@quill)", ("Ada Quill",)),
        ("Ada Quill (@quill) and Bert Ink @bert_ink", ("Ada Quill", "Bert Ink")),
        ("Ada Quill | Twitter: @quill", ("Ada Quill",)),
        # conjunctions that Arabic and Hebrew write with the next word
        ("أحمد منصور وسارة حداد", ("أحمد منصور", "سارة حداد")),
        ("أحمد منصور ووليد حداد", ("أحمد منصور", "وليد حداد")),
        ("דנה לוי ויוסי כהן", ("דנה לוי", "יוסי כהן")),
        # no name
        ("Updated 2 hours ago", ()),
        ("Last updated 5 minutes ago", ()),
        ("il y a 3 jours", ()),
        ("Updated an hour ago", ()),
        ("Updated yesterday", ()),
        ("3시간 전", ()),
        ("By: ", ()),
        ("By", ()),
        ("Von:", ()),
        (",", ()),
        ("20 March 2023", ()),
        ("  ", ()),
        ("", ()),
        ("Par Ada Quill (avec AFP)", ("Ada Quill", "AFP")),
        ("Ada Quill (mit dpa)", ("Ada Quill", "dpa")),
    ],
)
def test_every_name_is_found_in_its_order(byline: str, names: tuple[str, ...]) -> None:
    assert split_byline(byline) == names


@pytest.mark.parametrize(
    "byline",
    [
        "Reuters",
        "Reuters staff",
        "THE DAILY NIB",
        "Loud And Clear",
        "Walks with Dogs",
        "Common Cause in Farming",
        "Health and Science Team",
        "Quill & Ink",
        "Ada Ramón y Quill",
        "Ada Pluma en Lima",
        "Von der Quill",
        "Di Quill",
        "Per Arne Quill",
        "De Quill",
        "Ada O'Quill-Ink",
        "Ada Quill (aq)",
        "Ada Quill (Rome, Lima)",
        "아무개 기자 외 2명",
        "Onze redactie",
        "https://social.example/ada/quill",
        "ada@daily.example",
        "Quill and Quill",
        "Mr. and Mrs. Quill",
        "Herr und Frau Feder",
        "Ada March",
        "April May",
        "Ada, Bert " * 200,
        "van Gogh",
        "From our Correspondent",
        "Van onze verslaggever",
        "de Gooi- en Veerlander",
        "Ada Can Efe",
        "Ada R. Bloomberg",
        "Reporters Without Quills",
        "Middle East Correspondent",
        "Center for Public Quills",
        "National Center for the Press",
        "Ouest - France",
        "无国界记者",
        "記者協會",
        "أحمد محمد وليد حسن",
        "@quill",
        "Studio 54",
    ],
)
def test_a_byline_that_may_be_one_name_stays_whole(byline: str) -> None:
    assert split_byline(byline) == (byline.strip(),)


NAMES_OF_SCRIPT = {
    "ar": ("أحمد منصور", "سارة حداد"),
    "he": ("אדה לוי", "דנה כהן"),
    "th": ("ปากกา ดี", "ขนนก งาม"),
    "zh": ("桥小花", "河小明"),
    "zh_Hant": ("橋小花", "河小明"),
}


# Slovene "in" stands before a place in other languages: "Ada Quill in New York".
@pytest.mark.parametrize("language", sorted({*LANGUAGES.split()} - {"sl"}))
def test_the_word_and_parts_two_names_in_every_language_of_cldr(language: str) -> None:
    first, second = NAMES_OF_SCRIPT.get(language, ("Ada Quill", "Bert Ink"))
    pair = Locale.parse(language).list_patterns["standard"]["2"].replace("{0}", first).replace("{1}", second)
    assert split_byline(pair) == (first, second)


def test_a_long_text_of_many_lines_stays_one() -> None:
    text = "Ada Quill\n" * 50_000
    assert split_byline(text) == (" ".join(text.split()),)


def test_people_are_parted_from_agencies() -> None:
    names = [
        "Ada Quill",
        "REUTERS",
        "The Associated Press",
        "Reuters staff",
        "AFP Business Writer",
        "agencies",
        "Ada Quill",
        "The Daily Nib",
    ]
    assert people_and_agencies(names) == (("Ada Quill", "The Daily Nib"), ("Reuters", "AP", "AFP"))
    assert people_and_agencies(()) == ((), ())


@pytest.mark.parametrize(
    "byline",
    ["A correspondent in Tehran", "Agencies | Monitoring Desk", "Our Reporter", "Web Desk", "null", "Undefined", "N/A"],
)
def test_a_byline_may_name_nobody(byline: str) -> None:
    assert people_and_agencies(split_byline(byline)) == ((), ())


PIECES = [
    *" ,;/|()&-@.<>",
    "Ada",
    "Quill",
    "By ",
    " and ",
    " y ",
    "Von ",
    "dpa",
    "Editor",
    "a@b.example",
    "Jr.",
    "、",
    "記者",
    "onze ",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
@example("By By By")
@example("By (a@b.example)(")
@example(", Ada")
@example("a@b.example(&)(")
@example("Von Von Von Von")
def test_names_are_words_of_the_byline_and_each_stands_once(byline: str) -> None:
    names = split_byline(byline)
    assert names or not any(name in byline for name in ("Ada", "Quill", "dpa"))
    assert len(set(names)) == len(names)
    byline = plain_byline(byline)
    assert plain_byline(byline) == byline or "&" in byline or "<" in byline
    for name in names:
        assert name == " ".join(name.split()) != ""
        assert all(word in byline.casefold() for word in name.casefold().replace(",", " ").split())
    people, agencies = people_and_agencies(names)
    assert not set(people) & set(agencies)


@given(
    st.lists(
        st.sampled_from(["Ada Quill", "Bert Ink", "Carla de Nib", "Reuters", "April May"]), min_size=1, unique=True
    )
)
def test_names_joined_again_are_split_again(names: list[str]) -> None:
    assert split_byline("; ".join(names)) == tuple(names)
    assert split_byline("By " + ", ".join(names)) == tuple(names)
