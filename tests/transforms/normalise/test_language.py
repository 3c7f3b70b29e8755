import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from newslake.transforms.normalise.language import MIN_LETTERS, MIN_SHARE, Detected, detect_language, detect_languages

LEADS = {
    "af": ("Nuwe brug oor die rivier gaan oop",
           "Die nuwe brug oor die rivier is gister geopen nadat werkers drie jaar lank gebou het."),
    "ar": ("افتتاح جسر جديد فوق النهر", "افتتح الوزير صباح اليوم جسرا جديدا فوق النهر بعد ثلاث سنوات من العمل."),
    "cs": ("Most přes řeku se po třech letech znovu otevřel",
           "Řidiči mohou od pondělí opět jezdit po mostě, řekl mluvčí města."),
    "da": ("Broen over fjorden åbner igen",
           "Efter tre års arbejde kan bilisterne igen køre over broen, siger kommunens talsmand."),
    "de": ("Brücke über den Fluss wieder offen",
           "Nach drei Jahren Bauzeit dürfen Autos die Brücke seit Montag wieder befahren."),
    "en": ("Bridge over the river opens again",
           "Drivers may use the bridge again after three years of work, the council said."),
    "es": ("El puente sobre el río vuelve a abrir",
           "Los conductores ya pueden cruzar el puente después de tres años, dijo el alcalde."),
    "fi": ("Silta avattiin liikenteelle",
           "Autoilijat pääsivät maanantaina jälleen sillalle kolmen vuoden rakennustöiden jälkeen."),
    "fr": ("Le pont sur la rivière rouvre",
           "Les automobilistes peuvent de nouveau emprunter le pont après trois ans de travaux."),
    "hi": ("नदी पर नया पुल खुला", "तीन साल के काम के बाद सोमवार को पुल फिर से खोल दिया गया, मंत्री ने कहा।"),
    "hu": ("Újra megnyílt a híd a folyó felett", "Három évnyi munka után hétfőtől ismét járhatnak autók a hídon."),
    "nl": ("Brug over de rivier weer open",
           "Na drie jaar werk mogen auto's sinds maandag weer over de brug rijden, zegt de gemeente."),
    "nn": ("Brua over fjorden er open att",
           "Etter tre år med arbeid kan bilistane no køyre over brua att, seier ho, men ikkje fort."),
    "no": ("Broen over fjorden er åpnet igjen",
           "Etter tre år med arbeid kan bilistene nå kjøre over broen, sier hun, men ikke fort."),
    "pl": ("Most nad rzeką znów otwarty",
           "Po trzech latach prac kierowcy mogą znowu jeździć mostem, powiedział rzecznik miasta."),
    "pt": ("Ponte sobre o rio volta a abrir",
           "Depois de três anos, os motoristas já podem atravessar a ponte, disse a prefeitura."),
    "ru": ("Мост через реку снова открыт",
           "После трёх лет работ водители снова могут ездить по мосту, сообщила мэрия."),
    "tr": ("Nehir üzerindeki köprü yeniden açıldı",
           "Üç yıllık çalışmanın ardından sürücüler köprüyü yeniden kullanabiliyor."),
    "uk": ("Міст через річку знову відкрито",
           "Після трьох років робіт водії знову можуть їздити мостом, повідомила мерія."),
    "zh": ("大桥重新开放", "经过三年的施工，司机们从星期一起又可以使用这座大桥，市政府表示。"),
}  # fmt: skip


@pytest.mark.parametrize("language", LEADS)
def test_a_headline_and_a_sentence_tell_the_language(language: str) -> None:
    detected = detect_language(*LEADS[language])
    assert detected.tag == language
    assert detected.score is not None
    assert detected.score >= MIN_SHARE


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("서울에 비가 많이 내렸다", "ko"),
        ("東京で橋が再び開通した", "ja"),
        ("新しい橋、3年の工事を経て開通", "ja"),
        ("สะพานข้ามแม่น้ำเปิดอีกครั้ง", "th"),
        ("ຂົວຂ້າມແມ່ນ້ຳເປີດອີກ", "lo"),
        ("Η γέφυρα άνοιξε ξανά", "el"),
        ("ხიდი კვლავ გაიხსნა", "ka"),
        ("Կամուրջը կրկին բացվեց", "hy"),
        ("பாலம் மீண்டும் திறக்கப்பட்டது", "ta"),
        ("వంతెన మళ్ళీ తెరిచారు", "te"),
        ("ހައްދުންމަތި އަލުން ހުޅުވިއްޖެ", "dv"),
    ],
)
def test_a_script_with_one_language_decides_alone(text: str, language: str) -> None:
    assert detect_language(text, None) == Detected(language, 1.0)


def test_a_script_decides_by_most_of_the_letters() -> None:
    assert detect_language("NATO와 EU 정상회담 개최", None) == Detected("ko", 0.538)
    assert detect_language("The word 서울 is Korean for the capital, as every visitor learns", None).tag == "en"


def test_chinese_is_not_japanese_for_one_kana() -> None:
    assert detect_language("日本品牌优の良品在中国各地开设了一百家新的商店，公司发言人星期一表示", None).tag == "zh"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ייִדישע שרײַבער האָבן זיך באַגעגנט און גערעדט װעגן דער צוקונפֿט פֿון דער שפּראַך", "yi"),
        ("הגשר מעל הנהר נפתח מחדש לאחר שלוש שנים של עבודה", "he"),
        ("پردەکە دوای سێ ساڵ کار کردنەوە بۆ هاتووچۆ کرایەوە و شۆفێران دڵخۆشن", "ckb"),
        ("Pir piştî sê salan ji nû ve hate vekirin û ajokar dikarin dîsa li ser bimeşin", "ku"),
    ],
)
def test_languages_that_the_model_lacks_are_known_by_their_letters(text: str, language: str) -> None:
    assert detect_language(text, None).tag == language


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("Ferry service halted by fog", "en"),
        ("Panaderos en huelga por sueldos más altos", "es"),
        ("Tres barcos y dos muelles según el alcalde", "es"),
        ("Borgmesteren åbner ny bro over fjorden", "da"),
        ("Ordføreren lover ny trikk før vinteren kommer", "no"),
        ("मेयरले जाडोअघि नयाँ ट्राम लाइन ल्याउने वाचा गरे", "ne"),
        ("नगर परिषद ने पुल बंद करने और सड़क खोलने का फैसला किया है", "hi"),
    ],
)
def test_a_short_headline_is_told_by_what_its_relatives_lack(headline: str, language: str) -> None:
    assert detect_language(headline, None).tag == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vlada je tijekom tjedna odlučila o uvjetima gradnje, kaže se u priopćenju, i obećava tisuće kuća.", "hr"),
        ("Vlada je tokom sedmice odlučila o uslovima gradnje, kaže se u saopćenju, i obećava hiljade kuća.", "bs"),
    ],
)
def test_a_text_is_told_by_the_words_that_its_relatives_lack(text: str, language: str) -> None:
    assert detect_language(None, text).tag == language


def test_words_of_a_relative_make_a_text_undetermined() -> None:
    text = "Vlada je tokom prošle nedelje donela odluku o uslovima gradnje, rekao je ministar u saopštenju."
    assert detect_language(None, text).tag in ("sr", "und")


@pytest.mark.parametrize(
    "headline", ["Minister vil lukke tre biblioteker", "Vlada zatvara tri knjižnice u gradu", "Rada zatvara tri parka"]
)
def test_a_headline_that_relatives_share_is_undetermined(headline: str) -> None:
    assert detect_language(headline, None).tag == "und"


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("新型路面電車運行開始", "ja"),
        ("県議会選挙投票率低下", "ja"),
        ("国会議員逮捕 収賄容疑", "ja"),
        ("東京都知事会見 物価対策発表", "ja"),
        ("輕軌電車通車典禮登場", "zh"),
        ("中央銀行利率決議公布今日", "zh"),
        ("政府宣布明天停止轻轨运行", "zh"),
    ],
)
def test_text_in_chinese_characters_alone_is_told_by_the_forms_of_japan(headline: str, language: str) -> None:
    assert detect_language(headline, None).tag == language


@pytest.mark.parametrize(
    "text", [None, "", "Radio 1", "— 12:30 —", "2023", "https://daily.example/the-bridge-is-open-again", "a@b.example"]
)
def test_too_few_letters_are_not_judged(text: str | None) -> None:
    assert detect_language(text, text and None) == Detected("und", None)


def test_a_doubtful_text_is_undetermined_and_its_score_is_told() -> None:
    detected = detect_language("Etsy, Plaid, Kubernetes", None)
    assert detected.tag == "und"
    assert detected.score is not None
    assert detected.score < MIN_SHARE


def test_addresses_and_numbers_do_not_change_the_language() -> None:
    headline, body = LEADS["nl"]
    noise = "https://daily.example/the-latest-news-from-the-council 12,500 desk@daily.example www.the-times.example"
    assert detect_language(headline, f"{noise} {body}").tag == "nl"


def test_only_the_lead_is_read() -> None:
    headline, body = LEADS["nl"]
    lead = f"{body} {body} {body}"[:200]
    assert detect_language(headline, lead + LEADS["ru"][1] * 9) == detect_language(headline, lead)


def test_capitals_are_read_as_small_letters() -> None:
    assert detect_language(LEADS["de"][0].upper(), LEADS["de"][1].upper()).tag == "de"


def test_probabilities_are_those_of_the_model() -> None:
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    for tag in ("cs", "da", "de", "en", "es", "fi", "fr", "hu", "nl", "pl", "pt", "ru", "tr", "uk"):
        headline, body = (part.encode()[:180].decode(errors="ignore") for part in LEADS[tag])
        label, probability = model.classify(f"{headline}\n{body}")
        assert detect_language(headline, body) == Detected(label, pytest.approx(probability, abs=2e-3))


def test_texts_of_any_length_side_by_side_are_read_as_the_model_reads_each() -> None:
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    texts = [
        " ".join(LEADS[tag])[:cut].strip() for tag in ("en", "fr", "pl", "tr") for cut in range(MIN_LETTERS * 2, 80)
    ]
    scores = [detected.score for detected in detect_languages([(text, None) for text in texts])]
    assert scores == pytest.approx([model.classify(text)[1] for text in texts], abs=2e-3)


def test_many_texts_at_once_are_what_each_is_alone() -> None:
    texts: list[tuple[str | None, str | None]] = [
        *LEADS.values(),
        (None, None),
        ("Radio 1", None),
        ("", "\U00010900" * 20),
    ]
    texts += [(headline, (body or "")[:cut]) for cut in (1, 30, 120) for headline, body in LEADS.values()]
    assert len(texts) > 40
    assert detect_languages(texts) == [detect_language(*text) for text in texts]


def test_the_model_is_loaded_when_a_text_needs_it() -> None:
    code = (
        "import sys, newslake.transforms.normalise.language as language;"
        "language.detect_language('서울에 비가 많이 내렸다', None);"
        "assert not {'py3langid', 'numpy'} & set(sys.modules);"
        "language.detect_language('The bridge is open again', None);"
        "assert 'numpy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.none() | st.text(), st.none() | st.text())
@example("\ud800" * 20 + "bridge over the river", None)
@example("א" * 400, "\u05b8" * 10)
def test_any_text_has_a_tag_and_a_score(headline: str | None, body: str | None) -> None:
    detected = detect_language(headline, body)
    assert detected.score is None or 0 <= detected.score <= 1
    assert detected.tag == "und" or detected.score is not None
    if sum(map(str.isalpha, f"{headline}{body}")) < MIN_LETTERS:
        assert detected.tag == "und"
