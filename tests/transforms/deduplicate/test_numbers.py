import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.deduplicate.number_words import CLASHING, LANGUAGES, Words, number_words
from newslake.transforms.deduplicate.numbers import NUMBER_BITS, number_sketch, numbers, share_standing

SENTENCES = [
    ("en", "Nine people were killed and fourteen injured when a bus overturned.", "9 14"),
    ("en", "The council voted 7-4 to spend $2.4 million on 18 new buses.", "7-4 2.4 18"),
    ("en", "On 14 June 2024 thirty-two homes lost power for two and a half hours.", "32 2"),
    ("en", "One of the five suspects, aged 23, was released on April 3rd.", "5 23"),
    ("en", "Shares fell 3.25% to 1,045.50 pence, the lowest since 2019.", "3.25 1045.50"),
    ("en", "The twenty-third edition drew a hundred and fifty entries from twelve countries.", "150 12"),
    ("en", "Call 020 7946 0958 or 555-0142 before 9:30 a.m.", "9.30"),
    ("en", "Two thousand five hundred soldiers and 2,500 civilians.", "2500"),
    ("en", "The seven-year-old boy won in 2h15 and ran 42 km.", "7 2.15 42"),
    ("en", "More than one hundred thousand people marched; hundreds were detained.", "100000"),
    ("de", "Bei dem Unfall wurden drei Menschen getötet und siebzehn verletzt.", "3 17"),
    ("de", "Am 12. Oktober kamen 1.350 Besucher, zweiundvierzig mehr als 2022.", "1350 42"),
    ("de", "Ein Mann und eine Frau, 34 und 36 Jahre alt, gewannen 3:1.", "34 36 3-1"),
    ("de", "Die Firma zahlt einhundertfünfzig Euro und 2,75 Prozent Zinsen.", "150 2.75"),
    ("de", "Rund zweitausend Menschen demonstrierten ab 14.30 Uhr, Hunderte kamen später.", "2000 14.30"),
    ("de", "Der Bund gibt 4,5 Milliarden Euro für fünf Länder, 20 Tausend Stellen.", "4.5 5 20000"),
    ("de", "Am 03.04.2024 um 8:15 Uhr sprangen sechs Wagen aus den Gleisen.", "8.15 6"),
    ("nl", "Bij de brand kwamen drie mensen om en raakten tweeëntwintig mensen gewond.", "3 22"),
    ("nl", "Een man van 45 kreeg op 3 mei twaalf jaar cel.", "45 12"),
    ("nl", "Ajax won met 4-0 voor 53.000 toeschouwers, onder wie vijfendertig kinderen.", "4-0 53000 35"),
    ("nl", "Ongeveer driehonderd huizen en 1,5 miljoen euro schade.", "300 1.5"),
    ("fr", "Quatre personnes sont mortes et vingt et une autres blessées.", "4 21"),
    ("fr", "Le 8 janvier, quatre-vingt-dix-sept députés ont voté, soit 17,5 %.", "97 17.5"),
    ("fr", "Une hausse de dix pour cent en deux ans, à 1 250 euros.", "10 2 1250"),
    ("fr", "Le train de 10h30 transportait soixante-douze passagers et un chien.", "10.30 72"),
    ("fr", "Le 1er mars, il a gagné 6-3 devant quinze mille spectateurs.", "6-3 15000"),
    ("es", "Murieron cuatro personas y veintiséis resultaron heridas.", "4 26"),
    ("es", "El 5 de mayo se vendieron treinta y cinco mil entradas a 12,50 euros.", "35000 12.50"),
    ("es", "Una mujer de 31 años y un niño de dos, a las 18:45 horas.", "31 2 18.45"),
    ("es", "Subió un diez por ciento, hasta 20 mil dólares, tras once días.", "10 20000 11"),
    ("es", "Doscientas cincuenta familias recibieron quinientos euros.", "250 500"),
    ("pt", "Três pessoas morreram e vinte e oito ficaram feridas.", "3 28"),
    ("pt", "Em 7 de setembro de 2023, duzentos e dez mil fiéis ouviram uma missa.", "210000"),
    ("pt", "O Benfica venceu por 2-1 com dois golos, um deles aos 89 minutos.", "2-1 2 89"),
    ("pt", "A dívida subiu para 3,2 mil milhões, mais quinze por cento.", "3200 15"),
    ("it", "Sono morte sette persone e trentotto sono rimaste ferite.", "7 38"),
    ("it", "Il 4 luglio duemila turisti hanno pagato 1.800 euro.", "2000 1800"),
    ("it", "Un uomo di 52 anni ha vinto centoventi milioni, il venti per cento in più.", "52 120 20"),
    ("it", "Un ragazzo di ventuno anni e due amici, ore 21.15.", "21 2 21.15"),
    ("ru", "Погибли семь человек, ещё двадцать три пострадали.", "7 23"),
    ("ru", "5 мая двести пятьдесят рабочих получили по 15 тыс. рублей.", "250 15000"),
    ("ru", "Один мужчина и двое детей, 12 и 14 лет, выжили.", "2 12 14"),
    ("ru", "Сборная выиграла 3:2 на двадцать пятой минуте, забив пять голов.", "3-2 5"),
    ("ru", "Более ста тысяч человек, 1,7 млн рублей, к 1-му апреля.", "100000 1.7"),
    ("sv", "Fem personer dog och tjugotre skadades i olyckan.", "5 23"),
    ("sv", "Den 6 mars såldes två tusen biljetter för 150 kronor.", "2000 150"),
    ("sv", "En man och ett barn, sju år, hittades klockan 14.20.", "7 14.20"),
    ("da", "Seks mennesker døde, og femogtyve blev såret.", "6 25"),
    ("da", "Den 3. august kom to hundrede gæster til halvtreds kroner.", "200 50"),
    ("da", "En kvinde på 41 og et barn på fire år.", "41 4"),
    ("nb", "Åtte personer omkom og trettifem ble skadet.", "8 35"),
    ("nb", "Den 17. mai gikk tre tusen barn, to av dem i 12 timer.", "3000 2 12"),
    ("zh", "事故造成三人死亡，二十五人受伤，损失3.5万元。", "3 25 35000"),
    ("zh", "三月五日，第三届大会有一百二十名代表，周三一起开会。", "120"),
    ("zh", "他十分高兴，一万两千人参加，百分之三十是2023年来的。", "12000 30"),
    ("ja", "5月3日、四人が死亡し、十七人がけがをした。", "4 17"),
    ("ja", "三菱は3万5000台を二百億円で売り、3日間で完売した。", "35000 200 3"),
    ("ar", "قتل ٧ أشخاص وأصيب ٢٣ في ٥ مدن", "7 23 5"),
    ("hi", "दुर्घटना में १२ लोग मारे गए और 1,00,000 रुपये", "12 100000"),
    (None, "Seven ships, fünf Schiffe, trois navires, and 40 men to fire once.", "7 5 3 40"),
    ("en", "Inflation was 2.0 percent in the year to March; 12 May ballots were lost.", "2"),
    ("en", "Between 100 and 150 homes, or 100-150 by another count, stood at 12-ft depth.", "100 150 100-150 12"),
    ("en", "TWO DEAD, FORTY HURT as £1.2m yacht sinks off 1000-tonne pier", "2 40 1.2 1000"),
    ("en", "Temperatures of -5C to 31°C; winds of 60mph; a 5–7 defeat.", "5 31 60 5-7"),
    ("en", "The U.S. reported 1,000,000,000 doses on Jan. 6 and Dec 25th, 2021.", "1000000000"),
    ("en", "Flight MH370, order 2023-11-4711, IBAN 123456789012, route 66.", "370 66"),
    ("en", "It lasted from 1914 to 1918, or 1939-45, for six years.", "6"),
    ("en", "Two-thirds of three hundred and sixty-five days; twenty to thirty people.", "2 365 20 30"),
    ("en", "He scored eight, nine and ten.", "8 9 10"),
    ("en", "There were fifteen hundred guests, a thousand and one nights.", "1500 1001"),
    ("en", "Someone tenfold sixteenths, often a weight; canine, height.", ""),
    ("de", "Die zweite Mannschaft verlor das dritte Spiel am 5. und 6. Mai mit 0:4.", "5 0-4"),
    ("de", "Zwölf Uhr, die Vierundzwanzig-Stunden-Frist, zwei-, dreimal.", "12 24 2"),
    ("de", "Vom 1. Januar bis 31. Dezember 2023 fielen 1'234 Liter, also 12,0 Prozent.", "1234 12"),
    ("de", "DREISSIG Verletzte; fünfhundertdreiundzwanzigtausend Euro Schaden", "30 523000"),
    ("de", "Achtung, Achterbahn! Zweifel am Dreirad, einige Siebener.", ""),
    ("de", "Tel. 0421/362-1234, 04 21 36 21 23, Konto 1234567890", ""),
    ("nl", "Honderdvijfentwintig mensen, éénentwintig auto's en één hond op 12 maart.", "125 21"),
    ("nl", "De tweede zege, 3-1, na 2.500 dagen; negenennegentig punten.", "3-1 2500 99"),
    ("fr", "La deuxième fois, cent vingt-trois blessés, mille deux cents évacués.", "123 1200"),
    ("fr", "Soixante et onze députés, quatre-vingts sénateurs, dix-huit ans, 5 p. 100.", "71 80 18 5 100"),
    ("fr", "Le vingt-troisième tour, 20e étape, à 18 h 30, un village, l'une des onze.", "18.30 11"),
    ("es", "El veintiuno por ciento de los mil doscientos treinta y dos votos", "21 1232"),
    ("es", "La segunda vez, del 3 al 5 de junio, ganó 4 a 2 ante 1.500.000 personas", "3 4 2 1500000"),
    ("pt", "Cento e vinte e três deputados, mil e quinhentos euros, às 20h45, dia 1º de maio", "123 1500 20.45"),
    ("pt", "Dezessete por cento das duas mil e duas crianças", "17 2002"),
    ("it", "Milleduecento euro, quarantotto ore, il terzo posto, 3 a 0", "1200 48 3 0"),
    ("it", "Duecentocinquantamila abitanti; ventitré feriti l'8 marzo", "250000 23"),
    ("ru", "Пятеро погибли, сто двадцать один человек ранен, тысяча рублей", "5 121 1000"),
    ("ru", "К 15 июля, во вторник в 9:00, 3-й этап выиграли двумя очками 21 400 зрителей", "9 2 21400"),
    ("sv", "Hundratjugofem personer, ettusen kronor, tvåhundra bilar den 5:e maj", "125 200"),
    ("da", "Tre hundrede og femogtres kroner, 1.234,50 kr., den 5. maj kl. 14.30", "365 1234.50 14.30"),
    ("nb", "Tjueen elever, nittiåtte prosent, 2 500 kroner, to-tre dager", "21 98 2500 2 3"),
    ("zh", "二〇二三年，两国签署十八项协议，一百零五人，九一一事件，五千万元", "105 18 911 50000000"),
    ("zh", "3人死亡，1200名居民，5月20日，第20届，12.5%", "3 1200 12.5"),
    ("zh", "这是万一的事，一个人，千万小心，三个月，五十多人", "3 50"),
    ("ja", "三十五歳の男、百二十人、千円、１２月５日午前９時３０分", "35 120 1000 9 30"),
    ("ja", "2対1で勝利、四国、九州、第三者、三つ、1万2千人", "2 1 10000 2000"),
    ("ko", "5월 3일 7명이 숨지고 12명이 다쳤다. 3만5000명", "7 12 35000"),
    ("fa", "۱۲ نفر کشته و ۳٫۵ میلیون", "12 3.5"),
    ("pl", "Zginęło 7 osób, 12,5 tys. złotych", "7 12.5"),
    (None, "Zwei Tote und vierzig Verletzte", "2 40"),
    (None, "Dos muertos y cuarenta heridos", "40"),
    (None, "To be sure, once a fire is due, sex sells ten or so", ""),
    (None, "Cinco en Madrid, trente en France", "5 30"),
    ("en", "Police said twenty-two-year-old Sam, 5ft 11in, fled at 3am with £45,000.", "22 5 11 3 45000"),
    ("en", "A three-judge panel ruled six to three; the 2-1 vote cost $1.25bn.", "3 6 2-1 1.25"),
    ("en", "Seventy percent of 1,100 adults, plus or minus 3.5 points, on Nov. 12-15.", "70 1100 3.5"),
    ("en", "The A380 carried 412; runway 09/27 was shut until 5.45pm on 2 June.", "380 412 9/27 5.45"),
    ("en", "Nineteen eighty-four was read by one hundred and one pupils", "19 84 101"),
    ("en", "Gold rose $12.40 to $2,034.10 an ounce; oil at 78.", "12.40 2034.10 78"),
    ("de", "Mindestens elf Tote, achtundsechzig Verletzte, Schaden: 2 Mio. Euro.", "11 68 2"),
    ("de", "Der FC siegte 2:1 (1:0) vor 12 500 Fans am Sonntag, 7. April, um 15 Uhr 30.", "2-1 1-0 12500 15 30"),
    ("de", "Zweihundertfünfzig der eintausendzweihundert Stellen fallen bis 2030 weg.", "250 1200"),
    ("de", "Hundertzwanzig Feuerwehrleute, dreimal so viele wie 2021, und ein Hund", "120"),
    ("nl", "Zes van de acht verdachten, tussen 19 en 24 jaar, kregen 40 uur taakstraf.", "6 8 19 24 40"),
    ("nl", "Zestigduizend euro, tweehonderdvijftig banen, 3,5 procent", "60000 250 3.5"),
    ("fr", "Trente-deux blessés dont six graves, à 7 h 45, sur l'A6, le 14 juillet 2023.", "32 6 7.45"),
    ("fr", "Un séisme de magnitude 6,8 a fait plus de deux mille neuf cents morts.", "6.8 2900"),
    ("fr", "Soixante-quinze euros les deux, quatre-vingt-deux les trois.", "75 2 82 3"),
    ("es", "Trescientos sesenta y cinco días, nueve detenidos, 1,5 millones.", "365 9 1.5"),
    ("es", "El Madrid ganó 3-0; mil personas y ciento veinte policías; 2.º puesto", "3-0 1000 120"),
    ("pt", "Quarenta e sete feridos, cinco mortos, R$ 1,2 milhão, 10% a mais que em 2019.", "47 5 1.2 10"),
    ("pt", "Às 14h de 25 de abril, cem mil pessoas, mil e duzentos polícias", "14 100000 1200"),
    ("it", "Quattro arresti, sessantadue indagati, 3,4 milioni, alle 18:00.", "4 62 3.4 18"),
    ("it", "Tremilacinquecento posti, un anno e sei mesi, 21enne ferito", "3500 6 21"),
    ("ru", "Сорок два человека, в том числе трое детей; ущерб 3,5 миллиона.", "42 3 3.5"),
    ("ru", "Тысяча двести домов, 12-летний мальчик, 24 февраля 2022 года, 100 000 евро", "1200 12 100000"),
    ("sv", "Fyra män, 19–24 år, greps; åttiofem procent, 1 200 kronor.", "4 19-24 85 1200"),
    ("da", "Tolv biler, otteogtyve personer, kl. 9.15 den 12.3.2024, 2,5 mio. kr.", "12 28 9.15 2.5"),
    ("nb", "Førtito prosent, sju av ti, klokken 07.30, 1. juledag, 15 millioner", "42 7 10 7.30 1 15"),
    ("zh", "警方拘捕七名男子，年龄介乎十八至六十二岁，涉款约一千二百万元", "7 18 62 12000000"),
    ("zh", "他第一次获得三千五百元，四月二十日，两辆车", "3500 2"),
    ("ja", "男女六人を逮捕、被害総額は約二千万円、午後三時、二十代", "6 20000000 3 20"),
    ("ar", "وقال إن ١٬٢٠٠ شخص و ٣٫٥٪ و 15 جريحا", "1200 3.5 15"),
]
"""Language, sentence, and its numbers."""


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES)
def test_the_numbers_of_a_sentence(language: str | None, text: str, expected: str) -> None:
    assert numbers(text, language) == set(expected.split())


@pytest.mark.parametrize(
    ("text", "golden"),
    [
        ("No number at all.", ""),
        ("In 2023 seven of 1,200 ships; 3:2", "51 82 184"),
        ("٤٥ من ١٢", "43 95"),
    ],
)
def test_sketches_are_stored_and_never_change(text: str, golden: str) -> None:
    (sketch,) = number_sketch([text], ["en"])
    assert " ".join(map(str, np.flatnonzero(np.unpackbits(sketch)))) == golden


def test_small_numbers_never_share_a_bit() -> None:
    assert len({row.tobytes() for row in number_sketch(map(str, range(81)), ["en"] * 81)}) == 81


@pytest.mark.parametrize(
    ("form", "number"),
    [
        *(
            (form, "1200")
            for form in ("1,200", "1.200", "1 200", "1\u00a0200", "1\u202f200", "1'200", "1’200", "01200")
        ),
        *((form, "1500000") for form in ("1,500,000", "1.500.000", "15,00,000", "1 500 000", "1500 thousand", "150万")),
        *((form, "1.5") for form in ("1.5", "1,5", "1٫5", "１.５", "1.5%", "€1.5")),
        *((form, "9.30") for form in ("9.30", "9:30", "09:30", "9h30", "9 h 30")),
        *((form, "3-2") for form in ("3-2", "3:2", "3–2", "3—2", "3−2")),
        *((form, "20000") for form in ("20 mil", "20 тыс.", "20 Tausend", "20 000", "20千", "2万", "twenty thousand")),
        *((form, "45") for form in ("45", "٤٥", "४५", "４５", "forty-five", "forty five")),
        *((form, "5") for form in ("5", "5.0", "5,00", "5:00", "$5", "5km", "five", "5-year-old", "(5)")),
        ("7.0-6", "7-6"),
        ("6-3/16", "6-3/16"),
        ("8.2.0", "8.2.0"),
        ("2,000", "2000"),
        ("2000", "2000"),
        ("1,999", "1999"),
    ],
)
def test_a_number_has_one_form_however_it_is_written(form: str, number: str) -> None:
    assert numbers(f"for {form} at", "en") == numbers(form, "en") == {number}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("seven dead", "nine dead"),
        ("three ships", "four ships"),
        ("20", "2"),
        ("1.5", "15"),
        ("25, 80, 60", "258060"),
        ("3-2", "2-3"),
        ("3-2", "32"),
        ("12 1923", "121923"),
        ("6-3/16", "6-1/4"),
        ("4, 800", "4 800"),
    ],
)
def test_different_numbers_have_different_sketches(one: str, other: str) -> None:
    first, second = number_sketch([one, other], ["en", "en"])
    assert first.tobytes() != second.tobytes()


@pytest.mark.parametrize(
    "text",
    [
        "on 25.11.2026, 2026-11-25, 11/25/26, 25/11/2026, 5.3.2023 and 5/3/23, in 05/2023",
        "since 1998, in 2023-24, from 2019–2023, the 1990s, 2023年",
        "March 5, Mar. 5, 5 March, 5. März, 5 mars, 5 de marzo, 5 марта, 5th of March, March 5-7, 3月5日, 3월 5일",
        "the 1st, 2nd, 3rd and 11th, 1er, 2e, 3ème, 5º, 5-й, 5:e, 第5",
        "call 0800 555 111, 0421 362-3888, +49 421 362-12114, 1-800-577-8477, 1 800 555 1234, (415) 555-1234",
        "reference 2026-11-4711-03, item 456789012",
        "one of a few, the first, a second, hundreds of thousands, twenty-first",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert numbers(text, "en") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("in March 50 died", {"50"}), ("5 may die", {"5"}), ("200 march", {"200"}), ("0-0 (0-0)", {"0-0"})],
)
def test_what_looks_like_a_date_or_a_telephone_number_counts(text: str, expected: set[str]) -> None:
    assert numbers(text, "en") == expected


ARTICLES = {
    "da": "en et",
    "de": "ein eine einen eins",
    "en": "one a an",
    "es": "un una uno",
    "fr": "un une",
    "it": "un uno una",
    "nb": "en ett et",
    "nl": "een één",
    "pt": "um uma",
    "ru": "один одна одно",
    "sv": "en ett",
}


@pytest.mark.parametrize("language", ARTICLES)
def test_an_article_is_no_number(language: str) -> None:
    assert all(number_words(f"x {word} y", language) == set() for word in ARTICLES[language].split())
    assert number_words(ARTICLES[language], language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_of_a_table_is_its_number(language: str) -> None:
    table = LANGUAGES[language]
    rows = {
        **dict(zip(range(2, 20), table.small.split(" "), strict=True)),
        **dict(zip(range(20, 100, 10), table.tens.split(" "), strict=True)),
        **{100: table.hundred, 1000: table.thousand},
    }
    for number, forms in rows.items():
        for form in forms.replace("_", " ").split("|"):
            assert number_words(f"({form.title()}.", language) == {str(number)}


TWENTY_ONE = {
    "da": "enogtyve",
    "de": "einundzwanzig",
    "en": "twenty-one",
    "es": "veintiuno",
    "fr": "vingt et un",
    "it": "ventuno",
    "nb": "tjueen",
    "nl": "eenentwintig",
    "pt": "vinte e um",
    "ru": "двадцать один",
    "sv": "tjugoett",
}
LONG = {
    "da": "to tusind fire hundrede og syvogtredive",
    "de": "zweitausendvierhundertsiebenunddreißig",
    "en": "two thousand four hundred and thirty-seven",
    "es": "dos mil cuatrocientos treinta y siete",
    "fr": "deux mille quatre cent trente-sept",
    "it": "duemilaquattrocentotrentasette",
    "nb": "to tusen fire hundre og trettisju",
    "nl": "tweeduizend vierhonderdzevenendertig",
    "pt": "dois mil quatrocentos e trinta e sete",
    "ru": "две тысячи четыреста тридцать семь",
    "sv": "tvåtusen fyrahundratrettiosju",
}


@pytest.mark.parametrize("language", TWENTY_ONE)
def test_a_compound_is_one_number(language: str) -> None:
    assert number_words(f"Es {TWENTY_ONE[language]}.", language) == {"21"}
    assert number_words(f"Es {LONG[language]}.", f"{language.upper()}-XX") == {"2437"}


def test_all_languages_together_read_what_does_not_clash() -> None:
    read = [language for language, text in LONG.items() if number_words(text, None) == {"2437"}]
    assert read == ["de", "en", "nl", "pt", "ru", "sv"]
    assert number_words("sieben, nueve", None) == number_words("sieben, nueve", "und") == {"7", "9"}
    assert number_words(" ".join(CLASHING), None) == set()
    assert number_words("sieben", "pl") == set()


def test_no_word_of_all_languages_together_has_two_numbers() -> None:
    found: dict[str, set[str]] = {}
    for language, table in LANGUAGES.items():
        for form in words_of(table):
            found.setdefault(form, set()).update(number_words(form, language))
    assert [form for form, values in found.items() if len(values) > 1 and form not in CLASHING] == []


def words_of(table: Words) -> list[str]:
    return " ".join((table.small, table.tens, table.hundreds, table.hundred, table.thousand)).replace("|", " ").split()


def test_the_share_of_numbers_that_stand_in_the_other_text() -> None:
    one, other, none = number_sketch(["two, 30, 400, 5", "2 and 30 and 400, 77", "nothing"], ["en"] * 3)
    rows = np.stack([one, other, one, none, none]), np.stack([other, one, none, one, none])
    assert share_standing(*rows).tolist() == [0.75, 0.75, 0.0, 1.0, 1.0]
    assert share_standing(rows[0][:0], rows[1][:0]).shape == (0,)


SHIPS = "There were {} grain ships loading and {} ships were waiting to load at Portmead."
FIRE = "A fire in a warehouse has killed {} people and injured {}, the fire service said at {}."


@pytest.mark.parametrize(
    ("form", "one", "other", "share"),
    [
        (SHIPS, ("seven", "six"), ("three", "two"), 0.0),
        (SHIPS, ("seven", "six"), ("7", "6"), 1.0),
        (FIRE, ("3", "11", "9:30"), ("27", "64", "9:30"), 1 / 3),
        (FIRE, ("three", "eleven", "9.30"), ("3", "11", "9:30"), 1.0),
    ],
)
def test_two_fillings_of_a_form_are_told_apart(form: str, one: tuple[str], other: tuple[str], share: float) -> None:
    kept, later = number_sketch([form.format(*one), form.format(*other)], ["en", "en"])
    assert share_standing(later[None], kept[None]) == pytest.approx(share)


@given(texts=st.lists(st.text(), max_size=4), language=st.sampled_from([None, "zh", "pl", *LANGUAGES]))
def test_a_sketch_depends_only_on_its_own_text(texts: list[str], language: str | None) -> None:
    made = number_sketch(texts, [language] * len(texts))
    assert made.shape == (len(texts), NUMBER_BITS // 8)
    for row, text in zip(made, texts, strict=True):
        assert row.tobytes() == number_sketch([text], [language]).tobytes()


@given(number=st.integers(0, 99_999_999).filter(lambda number: not 1900 < number < 2100))
def test_separators_of_thousands_change_nothing(number: int) -> None:
    plain = numbers(str(number), None)
    assert plain == {str(number)}
    assert all(numbers(f"{number:,}".replace(",", mark), None) == plain for mark in ",.'’\u00a0\u202f ")


@pytest.mark.parametrize(
    "text",
    ["1-" * 9_000, "1,000," * 9_000, "two " * 9_000, "+1 " * 9_000, "9" * 9_000, "hundert" * 9_000, "三" * 9_000],
)
def test_a_text_of_marks_and_numbers_only_is_read(text: str) -> None:
    assert all(number_sketch([text], [language]).shape == (1, 32) for language in (None, "de", "zh"))
