"""Split credit lines from captions: the agency or photographer named beside a caption.

IPTC Photo Metadata 2023.2 calls the fields "Description" and "Credit Line". News sites print the
credit behind the caption: after a dash, in brackets, behind a label ("Foto:") or as a last sentence
of its own. Some print it in front.
"""

import itertools
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from newslake.transforms.normalise.agencies import NEWS_AGENCIES, PICTURE_AGENCIES, agency_of, is_picture_agency
from newslake.transforms.normalise.places import is_known_place

PICTURE_LABELS = {
    "af ar az bs ca cs da de es et fil gl hr hu id is it ka lb lv mk mt nb nl nn no pl pt ro sk sl sq sr sv tr uz":
        "foto fotos fotó fotók",
    "en fr": "photo photos photograph picture pictures pic image images illustration credit credits crédit crédits",
    "de":
        "bild bilder bildquelle bildnachweis bildrechte fotocredit fotoquelle symbolfoto symbolbild "
        "archivfoto archivbild grafik",
    "nl": "beeld foto's illustratie",
    "af": "beelde prent",
    "sv nb da":
        "fotograf arkivfoto arkivbild pressfoto genrefoto bilde illustrasjon illustrationsfoto pressefoto privatfoto",
    "fi": "kuva kuvat kuvaaja",
    "et": "pilt",
    "is fo": "mynd myndir ljósmynd",
    "lt": "nuotrauka nuotr.",
    "pl": "fot. zdjęcie zdjęcia",
    "cs sk": "snímek snímka",
    "sl hr sr bs": "slika snimio fotografija",
    "hu": "kép képek",
    "ro": "imagine",
    "es": "fotografía fotografias fotografías imagen imágenes",
    "ca gl pt it": "fotografia fotografie imatge imagem imagens immagine imaxe crédito créditos credito crediti",
    "eu": "argazkia argazkiak",
    "cy ga gd": "llun lluniau pictiúr grianghraf dealbh",
    "tr": "fotoğraf fotoğraflar görsel",
    "az": "fotoqraf",
    "id ms": "gambar ilustrasi kredit",
    "fil": "larawan",
    "sw": "picha",
    "zu xh": "isithombe izithombe umfanekiso imifanekiso ifoto",
    "st tn": "senepe setshwantsho",
    "so": "sawir sawirka",
    "ru uk bg mk sr be kk ky": "фото фотография фотограф снимка снимки слика фотографија сурет сүрөт",
    "mn": "зураг",
    "el": "φωτογραφία φωτογραφίες φωτό φωτο",
    "ka hy": "ფოტო լուսանկարը լուսանկար",
    "ar fa ur": "صورة تصوير الصورة عکس عکاس تصویر فوٹو",
    "he": "צילום צילומים תמונה קרדיט",
    "hi mr ne": "फोटो फ़ोटो तस्वीर छायाचित्र तस्बिर",
    "bn as": "ছবি",
    "ta te kn ml si gu pa": "படம் ఫోటో ಚಿತ್ರ ഫോട്ടോ ඡායාරූපය ફોટો ਤਸਵੀਰ",
    "th lo km": "ภาพ ภาพถ่าย เครดิต ຮູບ រូបភាព រូបថត",
    "my": "ဓာတ်ပုံ",
    "vi": "ảnh",
    "am ti": "ፎቶ",
    "ja": "写真 写真提供 画像 撮影",
    "zh": "图 圖 图片 圖片 图源 圖源 摄影 攝影 摄 攝 图片来源 圖片來源 照片 供图",
    "ko": "사진 사진제공 이미지 사진출처 그래픽",
}  # fmt: skip
"""Languages -> words with a colon (or "=") before the maker or owner of a picture."""

SOURCE_LABELS = {
    "en fr": "source sources",
    "de": "quelle quellen",
    "nl af": "bron",
    "sv nb da": "källa kilde kjelde",
    "fi et": "lähde allikas",
    "is lt lv": "heimild šaltinis avots",
    "pl cs sk": "źródło zdroj autor",
    "sl hr sr bs": "vir izvor",
    "hu": "forrás",
    "ro": "sursa sursă",
    "es": "fuente fuentes",
    "pt it ca gl": "fonte font fonti",
    "tr az": "kaynak mənbə",
    "id ms": "sumber",
    "vi": "nguồn",
    "sw zu": "chanzo umthombo",
    "sq": "burimi",
    "ru uk bg mk sr": "источник джерело източник извор",
    "el": "πηγή",
    "ar fa ur": "المصدر منبع ماخذ",
    "he": "מקור",
    "hi bn": "स्रोत साभार সূত্র সৌজন্যে",
    "th": "ที่มา",
    "ja zh ko": "出典 提供 来源 來源 출처 제공 자료",
}  # fmt: skip
"""The same for words that also stand before the source of a figure or a text.

They make a credit, but they never make a paragraph of a text a caption.
"""

BY_WORDS = "by von vom van de du di da av af par por przez od от від podle"
"""Words between a label and a name if there is no colon ("Photo by", "Foto von", "Photo de")."""

KEPT_LABELS = (
    "supplied handout hand-out ho contributed submitted provided courtesy cortesía cortesia screengrab screenshot "
    "screencap skjermdump skjermbilde skärmdump skærmbillede kuvakaappaus bildschirmfoto schermafbeelding schermata "
    "zrzut capture captura cattura privat privé privada particular private archiv archive archivo arquivo archivio "
    "arkiv arkisto archief file reproduction reprodução reproducción divulgação gentileza dok dok. doc doc. "
    "dokumentasi istimewa repro pool"
)
"""Words that are a credit, or begin one, and stay in it: they tell the origin of the picture."""

KEPT_PHRASES = re.compile(
    r"(?:capture (?:d['’]écran|vidéo)|captura de (?:pantalla|imagen|tela|ecrã|vídeo|video)|zrzut ekranu|"
    r"screen ?(?:shot|grab)s?|"
    r"(?:photo |image |picture )?courtesy(?: of| photo| image)?|cortes[ií]a(?: de)?|(?:foto |imagem )?(?:divulgação|"
    r"reprodução)|"
    r"(?:mit )?freundlicher genehmigung|avec l['’]aimable autorisation|gentile concessione|istimewa|handout|"
    r"hand-out)(?=\W|$)|"
    r"(?:dok|doc)\.",
    re.IGNORECASE,
)
"""Phrases like the words in ``KEPT_LABELS``."""

KINDS_OF_PICTURE = {
    "en": r"(?:file|archive|archival|stock|submitted|contributed|supplied|courtesy|handout|staff|library|illustrative|"
          r"representational|representative) (?:photo|photograph|picture|image|pic)s?",
    "de": "(?:archiv|symbol|beispiel)(?:foto|bild|aufnahme)",
    "nl": "archief(?:foto|beeld)|foto ter illustratie|illustratiefoto",
    "fr": "(?:photo|image)s? d['’](?:archives?|illustration)",
    "es ca gl": "(?:foto|fotografía|imagen|imatge)s? (?:de |d['’])(?:archivo|arxiu|recurso)",
    "pt": "(?:foto|imagem) (?:de arquivo|(?:meramente )?ilustrativa)",
    "it": "(?:foto|immagine) (?:d['’]archivio|di (?:archivio|repertorio)|generica)",
    "da nb sv": "arkiv(?:foto|bilde|bild|billede)|genre(?:foto|bild)|"
                "(?:illustrasjons|illustrations)(?:foto|bilde|bild)|modell?foto",
    "fi": "arkistokuva|kuvituskuva",
    "pl cs sk": "zdjęcie (?:ilustracyjne|archiwalne|poglądowe)|"
                "(?:ilustrační|ilustračné|archivní) (?:foto|snímek|snímka)",
    "hu ro hr sr": "illusztráció|archív (?:fotó|felvétel)|(?:imagine|foto) (?:de arhivă|ilustrativă)|"
                   "arhivska fotografija",
    "ru uk bg": "(?:архивное|иллюстративное|архівне|ілюстративне|архивна) (?:фото|снимка)|фото из архива",
    "tr id": "(?:arşiv|temsili) (?:fotoğrafı?|görsel)|foto (?:arsip|ilustrasi|dokumentasi)",
}  # fmt: skip
"""Languages -> what a page prints in the place of a maker if the picture is old or a symbol."""

_KIND_OF_PICTURE = re.compile(rf"(?:{'|'.join(KINDS_OF_PICTURE.values())})(?=\s?[/|,:;–-]|[.)\]]?$)", re.IGNORECASE)

BUTTONS = re.compile(
    r"\s(?:vis mer|visa mer|les mer|läs mer|se mer|vis mere|læs mere|show more|read more|view more|see more|"
    r"mehr anzeigen|meer tonen|"
    r"lees meer|ver más|leer más|ver mais|voir plus|afficher plus|lire la suite|mostra altro|leggi tutto|näytä lisää|"
    r"lue lisää|"
    r"pokaż więcej|zobrazit více|показать ещё|purchase licensing rights(?:, opens new tab)?|"
    r"expand|enlarge|hide caption|toggle caption)\W{0,3}$",
    re.IGNORECASE,
)
"""Buttons that stand behind a caption on the page. Their words stay behind the credit."""

RIGHTS = re.compile(
    r"[.,;\s(]{0,3}(?:all rights reserved|alle rechte vorbehalten|alle rechten voorbehouden|tous droits réservés|"
    r"todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati|все права защищены|"
    r"無断転載\S{0,8}|무단 ?전재\S{0,8}(?: \S{1,8}){0,3})[.)\s]{0,3}$",
    re.IGNORECASE,
)
"""Endings of some credits; searched near the end only."""

PLATFORMS = {
    "facebook", "google", "google earth", "google maps", "google street view", "instagram", "linkedin", "reddit",
    "snapchat", "telegram", "tiktok", "truth social", "twitter", "vk", "weibo", "whatsapp", "wikipedia", "x", "youtube",
}  # fmt: skip
"""Platforms that pictures are taken from, in lower case. They are known credits, but not
agencies.
"""

_MAX_CREDIT_CHARACTERS = 160
_MAX_CREDIT_WORDS = 18
# The first limit is for labels that may be a word of the sentence, the second for "©" and "Photo
# by".
_MAX_PLAIN_WORDS, _MAX_SIGNED_WORDS = (
    8,
    12,
)
_MAX_INNER_CREDIT_CHARACTERS = 80  # in brackets inside a caption
_MAX_CREDIT_PARTS = 16
_MAX_AGENCY_CHARACTERS = 60  # with "Photo", a year and the like
# Characters at both ends of a line that are searched for labels.
_LABELLED_HEAD, _LABELLED_TAIL = 60, 220
_MAX_LINE_CHARACTERS = 2_000
"""The limit of a caption in IPTC-IIM 4.2. A longer line is a text, and comes back whole."""

PARTICLES = (
    "van der den de del della delle di da dal dos das do du des la le les el al bin ibn ben von vom zu zum zur ten ter "
    "te af av y e i og och und and et en & of the für for d' l' 't st"
)
"""Words that stand in lower case inside names."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption and its credit line as printed, without the label; ``text`` may be empty."""

    text: str
    credit: str | None


def _alternatives(*tables: dict[str, str]) -> str:
    """Return a pattern of all words, grouped by first letter so that few are tried at a place.

    Longer words come first.
    """
    words = sorted(
        {word for table in tables for line in table.values() for word in line.split()},
        key=lambda word: (word[0], -len(word), word),
    )
    return "|".join(
        f"{first}(?:{'|'.join(re.escape(word[1:]) for word in of_letter)})"
        for first, of_letter in itertools.groupby(words, itemgetter(0))
    )


def _first_letters(table: dict[str, str]) -> str:
    """Return the first letters of the words in ``table``; a search for them first is faster."""
    return "".join(sorted({word[0] for line in table.values() for word in line.split()}))


_PICTURE, _SOURCE = _alternatives(PICTURE_LABELS), _alternatives(SOURCE_LABELS)
_BY = "|".join(BY_WORDS.split())
_PHOTO = ("foto", "photo", "фото", "φωτο")  # labels that do not stand inside a sentence
_LABEL_KINDS = ("copyright", "picture", "source", "slashed", "bbc", "by", "bare")
_PARTING = ".!?…。！？)]）］】\"”»’'|/,;–—-"  # marks between a label and the text before it
_KINDS = "file|archive|stock|cover|lead|main|featured|header|top"  # of pictures, before "photo"
_OPEN, _CLOSE = "([（［【〔", ")]）］】〕"
_PART = re.compile(
    r"\s?[/／|｜,，、;()\[\]（）–—=＝・]\s?|\s-\s|:\s|\s(?:via|vía|on|for|för|für|pour|voor|through|per|"
    r"im Auftrag von)\s",
    re.IGNORECASE,
)
_MARKS_OF_RIGHT = re.compile(r"^(?:copyright|©|\(c\))?\s?(?:(?:19|20)\d\d)?\s?(?=\S)", re.IGNORECASE)
_YEAR_BEHIND = re.compile(r"(?:\s(?:copyright|©))?\s(?:19|20)\d\d$", re.IGNORECASE)
_AGENCY_AFFIX = re.compile(
    r"^(?:foto|photo|fot\.|bild|beeld)\s|"
    r"\s?(?:photos?|fotos?|images?|bilder|bild|pool|wire|archive?|archivo|file|handout|news|sports?|entertainment|"
    r"stock|staff|記者|记者|기자|通信|提供|제공)$",
    re.IGNORECASE,
)
_WEB_NAME = re.compile(r"@?[\w.+-]{1,64}(?:@[\w-]+)?\.[a-z]{2,6}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"""[.!?…]["'”’»)\]]?(?:\s|(?=[—–]))(?=\S)|[。！？][」』]?\s?(?=\S)|["”»)\]]\s(?=\S)""")
_ACCOUNT = re.compile(r"(?<=\s)@[\w.]{2,40}\s?(?:/|\||[-–—]|via\s|on\s)\s?", re.IGNORECASE)
"""The name of an account before its platform: "@name via X"."""
_JOINT = re.compile(r"\s?[/|]\s?|\s[-–—]\s|\svia\s")
_SUFFIX = re.compile(r"I{2,3}|IV|[JS]r\.?")
_INITIAL = re.compile(r"(?:[^\W\d_]\.?-?){1,2}")
_WHOLE = re.compile(r"[\w.&' -]+(?:(?<! )/(?! )[\w.&' -]+|\svia\s[\w.&' -]+)?")
_SHORT_FORM = re.compile(
    r"(?:^|\s)(?:[^\W\d_]|St|Ste|Sta|Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Sgt|Lt|Col|Capt|Mt|Ft|No|Nr|Hl|vs|Sr|Sra|Mme|"
    r"Mgr|ul|ул|им|св|г)$"
)
"""Short forms with a full stop, which does not end a sentence."""
_FOR = re.compile(r"\s(?:for|für|pour|för|voor|para|per)\s")
_ORDINAL = re.compile(r"(?<!\d)\d{1,2}$")
_SEPARATOR = re.compile(r"\s(?:[-–—]{1,2}|\||/)\s|\s[–—]|—\s?")
_EASTERN_SUFFIXES = (
    "撮影", "提供", "写す", "資料写真", "摄", "攝", "供图", "供圖", "截图", "截圖", "资料图", "資料圖片",
    "제공", "기자", "자료사진",
)  # fmt: skip
_EASTERN_TAIL = re.compile(
    r"[=＝]\s?(?P<agency>[^=＝。、，]{1,30})$"
    r"|(?:[、，＝=。]|\s)(?P<maker>[^、，＝=。\s]{2,14}(?:撮影|提供|写す))$"
    r"|(?:[、，。）)]|\s)(?P<shot>(?:\S{2,10}(?:记者|記者|通讯员)\s?)?[\u4e00-\u9fff·]{2,4}\s?[摄攝])$"
    r"|[.。]\s(?P<reporter>[가-힣]{2,4}\s?(?:\S{2}\s?)?기자)$"
    r"|\s(?P<korean>[가-힣A-Z0-9=]{2,12})$"
    r"|[.\s](?P<given>\S{2,20}\s?제공)$"
    r"|[/／]\s?(?P<slashed>[^/／\s]{0,12}[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3][^/／\s]{0,12})$"
)
_REPRODUCED = re.compile(r"\s(?P<credit>(?:Reprodução|Divulgação|Arquivo|Reproducción|Cortesía)\s?/\s?[^/]{2,40})$")
_BALTIC_TAIL = re.compile(r"(?<=[.!?)])\s(?P<credit>[^.()]{2,60}\s(?:nuotr\.|nuotrauka|felvétele|felv\.))$")
_BBC_CAPTION = re.compile(r"\simage caption,\s", re.IGNORECASE)
_STOPS = ".!?…。！？"
_OUTLET_ENDS = ("Shimbun", "Shinbun", "Shimpo", "Nippo")
"""Last words of Japanese newspapers, which stand in no other name."""
NO_FIRST_WORDS = (
    "writer reporter photographer journalist correspondent editor columnist producer videographer photojournalist "
    "president director chairman chairwoman chief executive ceo managing senior staff bureau building headquarters "
    "office offices newsroom tower logo journalists reporters photographers writers editors poll photo photos image "
    "images agency news service services"
)
"""Words behind the name of an agency or outlet that belong to it: "Associated Press Writer"."""
_NO_FIRST_WORDS = frozenset(NO_FIRST_WORDS.split())
_TRIM = " ,，、;:|/=＝-–—("


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    credit: str
    rule: str


@lru_cache(maxsize=1)
def _label_pattern() -> re.Pattern[str]:
    """Return the pattern of labels, compiled when first used because that takes long."""
    return re.compile(
        rf"""(?P<open>[{re.escape(_OPEN)}]\s?)?(?:
      (?P<copyright>©|[(（][cCсСｃＣ][)）]|[Ⓒⓒ]|\bcopyright(?:\s©|\s\(c\))?(?=[\s:]))\s?:?\s?
    | (?<!\w)(?:
        (?:(?:{_KINDS})\s)?(?=[{_first_letters(PICTURE_LABELS)}])(?P<picture>
          (?:{_PICTURE})(?:\s?[/-]\s?(?:{_PICTURE}|video|vidéo|text))?(?:\s(?:{_PICTURE}|{_SOURCE}|courtesy|montage|{_BY}))?
        )(?:\s?[:：=＝՝]\s?|\s\|\s)
      | (?=[{_first_letters(SOURCE_LABELS)}])(?P<source>(?:{_SOURCE})(?:\s(?:{_PICTURE}))?)\s?[:：=＝]\s?
      | (?P<slashed>图|圖|图片|圖片|摄影|攝影|写真|사진)\s?[/／]\s?
      | (?P<bbc>image\ssource),\s
      | (?:(?:{_KINDS})\s)?
        (?P<by>(?:photos?|photograph|picture|image|illustration|graphic|fotos?|fotograf[ií]a|fotó)\s(?:{_BY}))\s
      | (?:(?:{_KINDS})\s)?(?P<bare>fotos?|photo|beeld|fot\.|kuva|bild|mynd|ljósmynd|gambar|фото)(?:\s?/\s?|\s)
    ))""",
        re.IGNORECASE | re.VERBOSE,
    )


def split_credit(line: str) -> Caption:
    """Split a caption line from its credit line.

    >>> split_credit("Souvenirs in Moskou - AFP")
    Caption(text='Souvenirs in Moskou', credit='AFP')
    >>> split_credit("The bridge (Picture: PA)")
    Caption(text='The bridge', credit='PA')

    A line without a known credit comes back whole with ``credit=None``. Only labels, brackets and
    separators are dropped.
    """
    found = _find_credit(line)
    return Caption(line, None) if found is None else Caption(found.text, found.credit)


def lift_captions(paragraphs: Sequence[str]) -> tuple[tuple[str, ...], tuple[Caption, ...]]:
    """Split the paragraphs of a text into those that stay, and the captions among them.

    This is stricter than ``split_credit``, whose caller knows that the line is a caption: to take
    text out of a body is worse than to leave a caption in it. A paragraph with a label ("Foto:") is
    a caption if it is short and an agency or a clear name follows the label. A paragraph without
    a label is one only between two paragraphs of prose that are much longer. It must also be short
    and have one of these endings:

    - a credit that stands below pictures only: "AP Photo/Jane Doe", "© dpa", "File photo",
    - a dash and an agency, or an agency's bracket, and no digit, full stop or quotation mark before
      that,
    - one sentence, and the bracket of an agency of the world: "(AP)".

    News in brief and tickers also end their items with an agency. So captions with the last two
    endings stay in the text if the first paragraph ends with an agency, or if more than two others
    before the last one do. All captions stay if they have as many characters as the rest of the
    text, or more.

    >>> prose = "The bridge has been closed for a year. " * 4
    >>> lift_captions([prose, "The bridge at dawn - AFP", prose])[1]
    (Caption(text='The bridge at dawn', credit='AFP'),)
    >>> lift_captions(["The bridge is open.", "The council met - AFP", "It will rain."])[1]
    ()
    """
    labelled: dict[int, Caption] = {}
    certain: dict[int, Caption] = {}
    unlabelled: dict[int, Caption] = {}
    signed: list[int] = []
    for place, paragraph in enumerate(paragraphs if len(paragraphs) > 1 else ()):
        if (
            len(paragraph) > _MAX_CAPTION_CHARACTERS
            or not _has_cue(paragraph)
            or (found := _find_credit(paragraph)) is None
        ):
            continue
        if found.rule in _LABELLED_RULES:
            if _is_labelled_caption(found, paragraph):
                labelled[place] = Caption(found.text, found.credit)
        elif _credits_picture(found, paragraph):
            certain[place] = Caption(found.text, found.credit)
        elif _credits_agency(found):
            signed.append(place)
            if _is_unlabelled_caption(found, paragraph):
                unlabelled[place] = Caption(found.text, found.credit)
    captions = labelled
    if unlabelled or certain:
        *before, last = (place for place in range(len(paragraphs)) if place not in labelled)
        lines = labelled | certain | unlabelled
        inside = {
            place
            for place in before
            if place in lines
            and _stands_in_prose(paragraphs, place, lines, 1 if place in certain else _MIN_PROSE_RATIO)
        }
        # An agency at the end of the last paragraph signs the whole text.
        is_list = 0 in signed or len(signed) - (last in signed) > _MAX_UNLABELLED_LINES
        found_inside = certain if is_list else certain | unlabelled
        captions = labelled | {place: caption for place, caption in found_inside.items() if place in inside}
    stay = tuple(paragraph for place, paragraph in enumerate(paragraphs) if place not in captions)
    if not captions or sum(map(len, stay)) <= sum(len(caption.text) for caption in captions.values()):
        return tuple(paragraphs), ()
    return stay, tuple(captions[place] for place in sorted(captions))


def closing_agencies(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return the agencies that sign a text: "(ANP)", "Reuters" or "© dpa" at its end.

    They stand on the last line or behind the last sentence. The result has their canonical names.

    >>> closing_agencies(["It rained.", "It will rain. (AFP/dpa)"])
    ('AFP', 'dpa')
    """
    if not paragraphs:
        return ()
    line = paragraphs[-1][-_MAX_SIGNATURE_CHARACTERS - 40 :].rpartition("\n")[2].strip()
    if _cue_words().isdisjoint(_WORD.findall(line)):
        return ()
    bare = line.rstrip(" .")
    if bare[-1:] in _CLOSE and bare:
        start = _opening_bracket(bare)
        if start is None or (start and line[:start].rstrip()[-1:] not in _STOPS + "\"”»’'"):
            return ()
        line = line[start:]
    else:
        *_, line = re.split(_SENTENCE_END, line) if RIGHTS.search(line) is None else (line,)
        if len(line) > _MAX_SIGNATURE_CHARACTERS:
            return ()
    core = line[: rights.start()] if (rights := RIGHTS.search(line)) else line
    core = _SIGNATURE_LABEL.sub("", core.strip(" .()[]（）［］【】/*-–—")).strip()
    agencies = []
    for part in re.split(r"\s?[/|,;+&、]\s?|\s[-–—]\s|\s(?:and|und|et|y|e|en|og|och|i|и|та|with|mit|avec)\s", core):
        bare = _MARKS_OF_RIGHT.sub("", part.strip())
        agency = agency_of(bare)
        if agency is not None and not is_picture_agency(agency):
            agencies.append(agency)
        elif not (agencies and len(bare) < 4 and bare.islower()):
            return ()
    return tuple(dict.fromkeys(agencies))


_MAX_CAPTION_CHARACTERS = 300
_MAX_UNLABELLED_CHARACTERS, _MAX_UNLABELLED_LINES = 130, 2
# The length of a paragraph beside a caption without label, and its ratio to the caption's.
_MIN_PROSE_CHARACTERS, _MIN_PROSE_RATIO = 120, 3
_MAX_SIGNATURE_CHARACTERS = 60
_MIN_CAPTION_WORDS, _MIN_UNCASED_CHARACTERS = 3, 6
_SIGNATURE_LABEL = re.compile(
    rf"^(?:(?:{_SOURCE})\s?[:：=]\s?|(?:with|mit|avec|met|con|com|med|с|z|ze)\s|©\s?|copyright\s|\(c\)\s?)",
    re.IGNORECASE,
)
_MAX_CAPTION_WORDS, _MIN_SENTENCE_WORDS = 18, 6
_LABELLED_RULES = ("picture", "by", "bbc", "slashed")
_UNLABELLED_RULES = ("dash", "bracket", "copyright", "eastern")
_NO_CAPTION = re.compile(r"""[\d.!?…。！？।؟۔:;："“”„«»『「]|\s[-–—|/]\s|(?<!\w)['‘]|^[-–—•*]""")
"""Marks of news, speech, times, scores, lists and datelines. A caption line without a label has
none of them before its agency.
"""
_PHOTOGRAPHER = re.compile(
    r"(?:[\w-]+\s){0,2}(?:photos?|fotos?|images?|pictures?|wire|pool)\s?/\s?\S+\s\S.*"
    r"|(?P<agency>\S[^/,;:]{1,30})/[^\W\d_]\S*\s[^\W\d_].*|[^\W\d_]\S*\s[^/,;:]{1,40}/\s?\S[^/,;:]{1,30}"
    r"|getty images",
    re.IGNORECASE,
)
"""A maker and an agency: "AP Photo/Jane Doe", "REUTERS/Jane Doe", "Jane Doe/AFP"."""
_BY_WORDS = frozenset(BY_WORDS.split())
_VERBS_OF_BEING = "is are was were ist sind est sont es son è são är er"
_BEFORE_OWNERS = _BY_WORDS | frozenset(_VERBS_OF_BEING.split())
"""Last words of a sentence that tells who owns something: "The text is © dpa"."""
_AGENCIES_OF_THE_WORLD = ("AP", "Reuters", "AFP", "EPA")
"""Agencies whose bare name often credits a picture. Those of one country sign reports."""
OF_REPORTS = (
    "i he she it they we you this that these those there and but or so then meanwhile however also said says saying "
    "told tells announced reported according er es sie wir und aber dann sagte sagten laut il elle ils nous et mais "
    "selon él ella pero dijo según hij zij het maar zei volgens"
)
"""Words of reports and of speech. A caption has none of them before the bare name of an agency."""
_OF_REPORTS = frozenset(OF_REPORTS.split())
_PROSE_STOPS = ".!?…。！？।؟۔"
_UNLABELLED_MARKS = "-–—―＝=([（［©"
NO_CAPTION_OPENINGS = (
    "door text tekst texte texto testo related read watch listen see also lees kijk siehe lesen mehr lire voir vea ver "
    "lea leia veja leggi les läs lue czytaj zobacz čtěte читайте смотрите baca oku"
)
"""First words of bylines and of links to other texts, which end with an agency too."""
_NO_CAPTION_OPENINGS = _BY_WORDS | frozenset(NO_CAPTION_OPENINGS.split())
_PHOTOGRAPH = re.compile(
    r"(?:\w+\s)?(?!photos\b)(?:(?:archiv|arkiv|press|presse|symbol|genre|privat|ge)?foto|photo|фото|φωτ[οό]|fot\.|"
    r"nuotr|kuvaaja|ljósm|grianghraf|snimio)",
    re.IGNORECASE,
)
"""Labels that mean photograph or photographer. "Picture", "image", "Bild" and "photos" also stand
before what is shown.
"""
_EASTERN_MAKER = re.compile(
    r"(?:\S{2,10}(?:记者|記者|通讯员)\s?)?[\u4e00-\u9fff\u30a0-\u30ff·]{2,8}\s?(?:撮影|提供|写す|摄|攝)"
    r"|(?:[가-힣]{2,6}\s)?[가-힣]{2,4}\s(?:\S{2}\s?)?기자|[가-힣A-Z]{2,12}\s제공"
)
"""A maker with the word for it, behind the label. Scripts without capitals need it."""
_NO_NAME_WORDS = (
    "the a an this that these those his her their my our your its der die das dem ein eine einer het een el la los las "
    "un una unos il lo gli le les une des os as um uma den det ett et en ei az egy in on at by with from to into over "
    "under after before is are was how why what who when where which im am bei mit aus nach über wie warum wer wo op "
    "met bij uit naar hoe wat dans avec sur chez pourquoi comment qui con sin por para cómo qué quién nel nella sul "
    "come chi com sem não no na i på hos hvordan hvem hur в на с из как что кто где king queen prince princess pope "
    "president premier minister chancellor mayor sir lord lady mr mrs ms dr judge general captain könig königin papst "
    "präsident präsidentin kanzler kanzlerin bundeskanzler herr frau koning koningin paus roi reine pape rey reina "
    "papa re regina presidente président présidente presidenta ministre ministro ministra rei rainha kung drottning "
    "kong dronning påven paven король папа президент"
)
"""Articles, prepositions, question words and titles. A line in title case with one of them is about
someone, and is not a photographer's name.
"""
_NO_NAMES = frozenset(_NO_NAME_WORDS.split())
_UNFINISHED = _NO_NAMES | frozenset((*BY_WORDS.split(), "for", "of", "user", "account", "and", "or"))
_WORD = re.compile(r"\w+")
_CUE_CHARACTERS = re.compile("©|Ⓒ|ⓒ|＝|【|〔|撮|摄|攝|제공|기자")
"""Alternatives only, and no character class: ``re`` then skips to their first letters."""


@lru_cache(maxsize=1)
def _cue_words() -> frozenset[str]:
    """Return words of which nearly every caption line has one.

    They are the words of the labels, and the longest word of each agency's name, in several cases.
    A caption line without such a word has one of _CUE_CHARACTERS.
    """
    labels = {word for line in PICTURE_LABELS.values() for word in _WORD.findall(line)} | {"courtesy", "copyright"}
    words = {form for word in labels for form in (word, word.capitalize(), word.upper())}
    for table in (NEWS_AGENCIES, PICTURE_AGENCIES):
        for name, others in table.items():
            for spelling in (name, *others):
                longest = max(_WORD.findall(spelling), key=len)
                words |= {longest, longest.upper()}
                if " " not in spelling and not spelling.isupper():
                    words |= {longest.lower(), longest.capitalize()}
    return frozenset(word for word in words if len(word) > 1)


def _has_cue(paragraph: str) -> bool:
    """Tell fast whether ``paragraph`` may be a caption line: it then has a cue near an end."""
    ends = paragraph if len(paragraph) <= 200 else f"{paragraph[:60]} {paragraph[-140:]}"
    return not _cue_words().isdisjoint(_WORD.findall(ends)) or (
        not ends.isascii() and _CUE_CHARACTERS.search(ends) is not None
    )


def _is_labelled_caption(found: _Found, paragraph: str) -> bool:
    """Tell whether a labelled ``paragraph`` is a caption line.

    It may also be a sentence, or a headline ("Photos: King Charles Arrives").
    """
    if len(_SENTENCE_END.findall(found.text)) > 1 or not any(map(str.isalpha, found.credit)):
        return False
    names = [part for part in map(str.strip, _PART.split(found.credit)) if part]
    agencies = [part for part in names if _known(part.strip(" .")) or part.strip(" ").casefold().rstrip(".:") in _KEPT]
    others = [part for part in names if part not in agencies]
    if not _is_cased(found.credit):
        if not agencies:
            return _EASTERN_MAKER.fullmatch(found.credit) is not None
        return all(_EASTERN_MAKER.fullmatch(part) is not None for part in others)
    if agencies and _reading(found.credit) == "agency":
        return all(len(part) < 4 or _is_maker(part, max_words=4) for part in others)
    if found.credit[0] in "©Ⓒⓒ":
        return _reading(found.credit[1:].strip()) is not None
    if any(mark in found.credit for mark in "/|／｜"):
        return _reading(found.credit) is not None and _is_full_name(re.split(r"[/|／｜]", found.credit)[0].strip())
    if len(agencies) == len(names):  # "Foto: Privat"
        return found.text != "" or _PHOTOGRAPH.match(paragraph) is not None
    first, *owners = found.credit.split(", ")
    if found.text and owners and _is_full_name(first):  # "Foto: Name Name, Outlet"
        return all(_is_maker(owner, max_words=4) and not owner.endswith("ing") for owner in owners)
    # "Picture: Mona Lisa"
    is_photograph = found.text != "" or found.rule == "by" or _PHOTOGRAPH.match(paragraph) is not None
    # "Photo: New York"
    if not is_photograph or _reading(found.credit) != "names" or is_known_place(found.credit):
        return False
    return _is_full_name(found.credit)


def _credits_picture(found: _Found, paragraph: str) -> bool:
    """Tell whether the credit stands below pictures only, and the line is short enough."""
    text, credit = found.text, found.credit
    first, _, rest = text.partition(" ")
    if (
        not text
        or text.isupper()
        or len(_SENTENCE_END.findall(text)) > 1
        # "De brug" may open a caption, "De Ada Plume" a byline.
        or (first.casefold() in _NO_CAPTION_OPENINGS and (first.casefold() not in _BY_WORDS or _reading(rest)))
        or text.rpartition(" ")[2].casefold() in _BEFORE_OWNERS
        or (_is_cased(text) and text.count(" ") + 1 < _MIN_CAPTION_WORDS)
    ):
        return False
    if found.rule == "kept":
        return _KIND_OF_PICTURE.fullmatch(credit) is not None
    if not _credits_agency(found):
        return False
    if found.rule == "eastern":
        return paragraph[len(text) :].lstrip()[:1] in ("＝", "=")
    if found.rule == "copyright":
        return paragraph[len(text) :].lstrip(" -–—|/(")[:1] in ("©", "Ⓒ", "ⓒ")
    return found.rule in ("glued", "bracket") and _PHOTOGRAPHER.fullmatch(credit) is not None


def _is_full_name(text: str) -> bool:
    """Tell whether ``text`` is surely the name of one person.

    It has two capitalised words, or more with only initials or particles between them.
    """
    words = text.split(" ")
    if len(words) < 2 or not _is_maker(text, max_words=5) or len(words[0]) < 2 or words[-1].casefold().endswith("ing"):
        return False
    return all(word in _PARTICLES or _INITIAL.fullmatch(word) for word in words[1:-1])


def _is_maker(text: str, max_words: int) -> bool:
    """Tell whether ``text`` can be a maker: few words of a name, none of ``_NO_NAME_WORDS``."""
    words = text.split(" ")
    if len(words) > max_words or not _is_name(text) or text[-1] in ".!?…":
        return False
    return all(
        (word in _PARTICLES and 0 < place < len(words) - 1)
        or word.casefold() not in _NO_NAMES
        or (place > 0 and len(word) == 1 and word.isupper())
        for place, word in enumerate(words)
    )


def _is_unlabelled_caption(found: _Found, paragraph: str) -> bool:
    """Tell whether the line has the form of a caption: a phrase, and its agency behind it."""
    text = found.text
    if found.rule == "bracket" and agency_of(found.credit) in _AGENCIES_OF_THE_WORLD and text[-1:] == ".":
        is_long = text.count(" ") + 1 >= _MIN_SENTENCE_WORDS
        words = {word.casefold() for word in _WORD.findall(text)}
        return is_long and _NO_CAPTION.search(text[:-1]) is None and _OF_REPORTS.isdisjoint(words)
    if found.rule not in _UNLABELLED_RULES or len(paragraph) > _MAX_UNLABELLED_CHARACTERS or not text[:1].isalpha():
        return False
    if (
        _NO_CAPTION.search(text) is not None
        or text.isupper()
        or text.partition(" ")[0].casefold() in _NO_CAPTION_OPENINGS
    ):
        return False
    if " ".join(paragraph.split())[len(text) :].lstrip()[:1] not in _UNLABELLED_MARKS:
        return False
    if found.rule in ("bracket", "copyright") and _signs_reports(found.credit):
        # "(AFP)" signs reports; "(Getty Images)" and "(Ada Quill/AFP)" stand below pictures.
        return False
    if not _is_cased(text):  # such scripts often have no spaces
        return len(text) >= _MIN_UNCASED_CHARACTERS
    return _MIN_CAPTION_WORDS <= text.count(" ") + 1 <= _MAX_CAPTION_WORDS and _reading(text) is None


def _signs_reports(credit: str) -> bool:
    """Tell whether ``credit`` has only news agencies, their staff and desks: "dpa/lnw"."""
    parts = [
        re.sub(r"\s(?:staff|news|wire|reporters?)$", "", part.strip(" ."), flags=re.IGNORECASE)
        for part in _PART.split(credit)
    ]
    return all(agency_of(part) in NEWS_AGENCIES or (len(part) < 4 and part.islower()) or not part for part in parts)


def _stands_in_prose(paragraphs: Sequence[str], place: int, lines: Container[int], ratio: int) -> bool:
    """Tell whether the next paragraphs on both sides are prose.

    Prose has sentences, and is ``ratio`` times as long as this line. Caption lines are skipped.
    """
    beside = (
        next((paragraphs[other] for other in others if other not in lines), "")
        for others in (range(place - 1, -1, -1), range(place + 1, len(paragraphs)))
    )
    least = max(_MIN_PROSE_CHARACTERS, ratio * len(paragraphs[place]))
    return all(
        len(paragraph) >= least and (not _is_cased(paragraph) or any(stop in paragraph for stop in _PROSE_STOPS))
        for paragraph in beside
    )


def _is_cased(text: str) -> bool:
    """Tell whether the first letter has capitals; in other scripts names look like words."""
    letter = next(filter(str.isalpha, text), "")
    return letter.lower() != letter.upper()


def _credits_agency(found: _Found) -> bool:
    """Tell whether the credit has an agency.

    If the credit is the whole line, only a picture agency counts, because "Reuters" may be a
    byline.
    """
    parts = [_AGENCY_AFFIX.sub("", _MARKS_OF_RIGHT.sub("", part.strip(" ."))) for part in _PART.split(found.credit)]
    agencies = [agency for part in parts if (agency := agency_of(part)) is not None]
    return any(map(is_picture_agency, agencies)) if found.text == "" else bool(agencies)


def _find_credit(line: str) -> _Found | None:
    if len(line) > _MAX_LINE_CHARACTERS:
        return None
    line = " ".join(line.split())
    pressed = BUTTONS.search(line, max(0, len(line) - 50))
    text = line[: pressed.start()] if pressed else line
    for rule in (_whole, _labelled, _bracketed, _eastern, _glued, _last_sentence, _separated, _fronted):
        found = rule(text)
        if found is not None:
            return _Found(found.text, found.credit + pressed[0].rstrip(), found.rule) if pressed else found
    return None


def _whole(text: str) -> _Found | None:
    """Read a line that is only an agency, or a name tied to one: "Reuters", "Name via Agency"."""
    if len(text) > 60 or _reading(text) != "agency":
        return None
    return _Found("", text, "whole") if _WHOLE.fullmatch(text) and _credits_agency(_Found(text, text, "")) else None


def _labelled(text: str) -> _Found | None:
    """Read a credit with a label or a copyright sign: behind the caption, in brackets, in front."""
    pattern, tail = _label_pattern(), max(0, len(text) - _LABELLED_TAIL)
    for label in itertools.chain(pattern.finditer(text, 0, min(tail, _LABELLED_HEAD)), pattern.finditer(text, tail)):
        kind = next(kind for kind in _LABEL_KINDS if label[kind])
        before, credit, after = text[: label.start()].rstrip(), text[label.end() :], ""
        inside = _inside_bracket(credit) if label["open"] else None
        is_closed = inside is not None
        if inside is not None:
            credit, after = inside, credit[len(inside) + 1 :].strip(" .,;")
        elif label["open"]:
            before = f"{before} {label['open'].strip()}".lstrip()
        credit = _trimmed(credit)
        if _KIND_OF_PICTURE.fullmatch(label[0].lstrip(_OPEN + " ") + credit) is not None:
            continue  # "(photo d'archives)"
        if not _may_follow(kind, label[kind], before, credit, is_closed):
            continue
        if not before and not after:
            found = _line_of_credit(kind, label[kind], credit)
            if found is not None:
                return found
        elif not after or (len(credit) <= _MAX_INNER_CREDIT_CHARACTERS and kind in ("picture", "copyright", "by")):
            joint = _tail_start(before) if before[-1:] in ("/", "|") and not is_closed else None
            if joint is not None:  # "Name/© Agency": the name belongs to the credit
                return _Found(_trimmed_caption(text[:joint]), text[joint:].strip(), kind)
            if kind == "copyright" and before[-1:] == "/" and not is_closed:
                continue  # "... at noon Name Name/Copyright Agency": the name has no mark before it
            return _Found(_trimmed_caption(f"{before} {after}"), credit, kind)
    return None


def _line_of_credit(kind: str, label: str, credit: str) -> _Found | None:
    """Read a line that opens with a label: a credit only, or a credit with its caption behind."""
    if (reading := _reading(credit)) is not None:
        if not _is_cased(credit) and reading != "agency" and _EASTERN_MAKER.fullmatch(credit) is None:
            # "写真：彼は来ない": without capitals, a short sentence looks like a name.
            return None
        # "Foto de Name" may show the person.
        is_sure = kind not in ("by", "bare") or reading == "agency" or label.casefold().endswith(" by")
        return _Found("", credit, kind) if is_sure else None
    found = _split_bbc(credit) if kind == "bbc" else _split_front(credit)
    return None if found is None else _Found(*found, "bbc" if kind == "bbc" else "front")


def _may_follow(kind: str, label: str, before: str, credit: str, is_closed: bool) -> bool:
    """Tell whether ``credit`` can be a credit behind this label and this text.

    ``is_closed`` means that label and credit stand in brackets.
    """
    words = credit.count(" ") + 1
    if (
        not credit
        or len(credit) > _MAX_CREDIT_CHARACTERS
        or words > _MAX_CREDIT_WORDS
        or not any(map(str.isalpha, credit))
    ):
        return False
    reading = _reading(credit)
    if is_closed:
        return kind != "bare" or reading is not None
    is_parted = not before or before[-1] in _PARTING
    if kind == "copyright":
        is_sign = label[0] in "©Ⓒⓒ"
        if is_sign:
            return words <= _MAX_SIGNED_WORDS or is_parted
        return reading is not None or _reading(RIGHTS.sub("", credit)) == "agency"
    if kind == "bare":
        is_label = label[0].isupper() or label[-1] == "."  # "fot." is not a word of a sentence
        return is_parted and (reading == "agency" or (before != "" and is_label and reading == "names" and words > 1))
    if kind == "by":
        is_clear = is_parted or (label[0].isupper() and label.casefold().endswith(" by"))
        return is_clear and words <= _MAX_SIGNED_WORDS and (not credit[0].islower() or reading == "agency")
    if not is_parted and not _may_stand_unparted(label, before, credit):
        return False
    is_sentence = _SENTENCE_END.search(credit) is not None or (credit[0].islower() and label[0].islower())
    return not before or words <= _MAX_PLAIN_WORDS or (is_parted and not is_sentence)


def _may_stand_unparted(label: str, before: str, credit: str) -> bool:
    """Tell whether a label without a mark before it is a label, and not a word of the sentence.

    "Die Burg im Bild: Ein Ort der Ruhe" is a sentence.
    """
    # "In Pictures: Ada Quill Opens a Bridge"
    if label[0].islower() or (" " not in before and _reading(credit) != "agency"):
        return False
    if label.casefold().startswith(_PHOTO):
        return True
    word = before.rpartition(" ")[2]
    reading = _reading(credit)
    return reading == "agency" or "/" in credit or (reading == "names" and not (word.islower() and len(word) <= 3))


def _bracketed(text: str) -> _Found | None:
    """Read a credit in brackets at the end: "(AP)", "Name Name (AP)", "[Agency]"."""
    text = text.rstrip(" .")
    if not text or text[-1] not in _CLOSE:
        return None
    start = _opening_bracket(text)
    if start is None or not (inside := text[start + 1 : -1].strip()) or len(inside) > _MAX_CREDIT_CHARACTERS:
        return None
    before = text[:start].rstrip()
    if not before:
        return _Found("", inside, "bracket") if _reading(inside) == "agency" else None
    if _reading(inside) == "agency":
        if _abbreviates(inside, before):
            return None
        joint = _tail_start(before)
        return _Found(_trimmed_caption(before[:joint]), text[joint or start :].strip() if joint else inside, "bracket")
    if _is_kept_phrase(inside) or inside.endswith(_EASTERN_SUFFIXES) or _is_kept_word(inside):
        return _Found(_trimmed_caption(before), inside, "kept")
    if (text[-1] == "]" and _reading(inside) == "names") or _is_maker_and_owner(inside):
        return _Found(_trimmed_caption(before), inside, "name")
    if before[-1] in _STOPS + '”"' and _reading(inside) == "names":
        return _Found(before, inside, "name")
    return None


def _is_maker_and_owner(inside: str) -> bool:
    """Tell whether brackets hold a full or web name, and its employer: "Name Name/The Paper".

    The employer may also follow "for".
    """
    maker, _, owner = inside.partition("/") if "/" in inside else inside.partition(" for ")
    return (
        bool(owner)
        and (" " in maker.strip() or "." in maker)
        and not maker[:1].isdigit()
        and _reading(inside) == "names"
    )


def _eastern(text: str) -> _Found | None:
    """Read the ends of Asian captions: "＝共同", "、名前撮影", "记者 姓名 摄", "/연합뉴스".

    Also those of Lithuanian, Hungarian and Portuguese captions.
    """
    tail = None if text.isascii() else _EASTERN_TAIL.search(text, max(0, len(text) - 60))
    if tail is not None:
        kind = str(tail.lastgroup)
        credit = tail[kind].strip()
        if kind == "korean" and (credit.isascii() or agency_of(credit) is None):
            return None
        if kind in ("agency", "slashed") and not (_reading(credit) == "agency" or credit.endswith(_EASTERN_SUFFIXES)):
            return None
        return _Found(_trimmed_caption(text[: tail.start(kind)]), credit, "eastern")
    tail = _BALTIC_TAIL.search(text, max(0, len(text) - 80)) or _REPRODUCED.search(text, max(0, len(text) - 80))
    return None if tail is None else _Found(text[: tail.start()].rstrip(), tail["credit"], "eastern")


def _glued(text: str) -> _Found | None:
    """Read an agency before its photographer without a mark: "... at noon AP Photo/Name Name".

    Read an account and its platform too: "... at noon @name via X / Agency".
    """
    slash = text.find("/", max(0, len(text) - _MAX_INNER_CREDIT_CHARACTERS))
    while slash > 0:
        if text[slash - 1] != " " and (start := _agency_start(text, slash)) and _names_maker(text[slash + 1 :].strip()):
            return _Found(_trimmed_caption(text[:start]), text[start:].rstrip("."), "glued")
        slash = text.find("/", slash + 1)
    account = _ACCOUNT.search(text, max(0, len(text) - _MAX_INNER_CREDIT_CHARACTERS)) if "@" in text else None
    if account is None or _reading(text[account.end() :].rstrip(".")) != "agency":
        return None
    caption = text[: account.start()].rstrip()
    if _needs_more(caption.rpartition(" ")[2]):
        return None  # "a post by @name on X"
    return _Found(_trimmed_caption(caption), text[account.start() :].strip(), "glued")


def _agency_start(text: str, end: int) -> int:
    """Return where the agency that ends at ``end`` begins, as in "AP Photo", or 0."""
    words = text[:end].split(" ")
    for count in range(min(4, len(words) - 1), 0, -1):
        agency = " ".join(words[-count:])
        before = words[-count - 1]
        if _known(agency) and agency.casefold() not in PLATFORMS and before[-1:] not in _TRIM:
            return 0 if _needs_more(before) else end - len(agency)
    return 0


def _names_maker(text: str) -> bool:
    """Tell whether ``text`` is a credit that begins with a full name or an agency."""
    first = _PART.split(text, maxsplit=1)[0]
    return (" " in first or _known(first)) and _reading(text) is not None


def _needs_more(word: str) -> bool:
    """Tell whether a sentence goes on behind ``word``: "by", "the", an opened quotation."""
    return word.casefold() in _UNFINISHED or (word[:1] in "'\"“‘„«" and word[-1:] not in "'\"”’“»")


def _last_sentence(text: str) -> _Found | None:
    """Read a last sentence that has only agencies and names."""
    rights = RIGHTS.search(text, max(0, len(text) - 60))
    core = text[: rights.start()] if rights else text
    ends = [
        end
        for end in _SENTENCE_END.finditer(core, max(0, len(core) - _MAX_CREDIT_CHARACTERS))
        if _SHORT_FORM.search(core, max(0, end.start() - 6), end.start()) is None
    ]
    # "am 3. Juli": the full stop of an ordinal ends no sentence, so it is tried last.
    ends.sort(key=lambda end: _ORDINAL.search(core, max(0, end.start() - 3), end.start()) is not None)
    for end in ends:
        tail = core[end.end() :].strip(" -–—|/")
        if tail and (rule := _last_sentence_rule(tail, is_sentence=end[0][0] in _STOPS)) is not None:
            if rule == "name" and " " not in text[: end.start()]:
                continue  # "3. Good Habits"
            return _Found(_trimmed_caption(text[: end.end()]), text[end.end() :].strip(" -–—|/"), rule)
    found = _name_before_agency(core)
    return found if found is None or rights is None else _Found(found.text, text[len(found.text) :].strip(), found.rule)


def _last_sentence_rule(tail: str, *, is_sentence: bool) -> str | None:
    """Return the rule by which ``tail`` is a credit, or None.

    ``is_sentence`` means that a full stop stands before it, not a bracket or quotation mark.
    """
    reading = _reading(tail.rstrip("."))
    if reading == "agency":
        return "agency"
    words = tail.count(" ") + 1
    if words <= _MAX_PLAIN_WORDS and (_is_kept_phrase(tail) or (is_sentence and _is_kept_word(tail.rstrip(".")))):
        return "kept"
    if not is_sentence or reading != "names" or tail[-1] == "." or words > _MAX_PLAIN_WORDS + 1:
        return None
    # In scripts without case a name looks like a word.
    letter = next(filter(str.isalpha, tail), "")
    return "name" if letter.lower() != letter.upper() and (words <= 4 or "@" in tail or _FOR.search(tail)) else None


def _name_before_agency(text: str) -> _Found | None:
    """Read a name and its agency without a full stop before: "... in Paris NAME NAME / AFP".

    A name in capitals has two to four words. Other names are a given name and a surname, with
    initials and particles between: words with capitals before them may be the caption's, and most
    names have two words. If spaces stand around the dash or slash, the name may belong to the
    caption ("... meets Name Name - AFP"). It is then taken only if it is in capitals, or if the two
    words before it have capitals too.
    """
    for joint in _JOINT.finditer(text, max(0, len(text) - _MAX_CREDIT_CHARACTERS)):
        if _reading(text[joint.end() :].removeprefix("via ").rstrip(".")) != "agency":
            continue
        start = _agency_start(text, joint.start()) if joint[0] == " via " else 0
        if start:  # "... in the rain AFP via Getty Images"
            return _Found(_trimmed_caption(text[:start]), text[start:].strip(), "guess")
        words = text[: joint.start()].split(" ")[-_MAX_PLAIN_WORDS:]
        count = _capitals(words) or _name_words(words)
        name = words[-count:]
        if (
            count + 1 >= len(words)
            or words[-count - 1][-1] in ".,;:"
            or name[0] in _PARTICLES
            or not _is_name(" ".join(name))
        ):
            continue
        is_parted = joint[0][0] == " " and joint[0].strip() != "via"
        if is_parted and not name[0].isupper() and not all(word[:1].isupper() for word in words[-count - 2 : -count]):
            continue
        start = joint.start() - len(" ".join(name))
        return _Found(_trimmed_caption(text[:start]), text[start:].strip(), "guess")
    words = text.rsplit(" ", 3)
    for count in (2, 3):  # "... in 1990 File photo"; one German noun has a capital anyway
        kind = " ".join(words[-count:])
        if count < len(words) and kind[:1].isupper() and _KIND_OF_PICTURE.fullmatch(kind) is not None:
            return _Found(_trimmed_caption(text[: -len(kind)]), kind, "kept")
    name_of_two = " ".join(words[-2:])
    # "... at the stadium Getty Images": no sentence ends with the name of a picture agency.
    agency = agency_of(name_of_two)
    if (
        agency is not None
        and is_picture_agency(agency)
        and len(words) == 4
        and len(words[1]) > 4
        and words[1].islower()
    ):
        return _Found(_trimmed_caption(text[: -len(name_of_two)]), name_of_two, "guess")
    return None


def _capitals(words: list[str]) -> int:
    """Return how many words at the end are in capitals, or 0 if it is not two to four."""
    count = next(
        (place for place, word in enumerate(reversed(words)) if not word.isupper() or len(word) < 2), len(words)
    )
    return count if 2 <= count <= 4 else 0


def _name_words(words: list[str]) -> int:
    """Return the number of words at the end that make a given name and a surname."""
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        return _name_words(words[:-1]) + 1
    inside = next(
        (n for n, word in enumerate(reversed(words[:-1])) if not (word in _PARTICLES or _INITIAL.fullmatch(word))), 0
    )
    return inside + 2


def _separated(text: str) -> _Found | None:
    """Read an agency behind a dash, bar or slash, or a name of two to four words."""
    for separator in _SEPARATOR.finditer(text, max(0, len(text) - _MAX_CREDIT_CHARACTERS)):
        before, tail = text[: separator.start()].rstrip(), text[separator.end() :].strip()
        if not before:
            continue
        reading = _reading(tail.rstrip("."))
        if reading == "agency":
            return _Found(_trimmed_caption(before), tail, "dash")
        if _KIND_OF_PICTURE.fullmatch(tail.rstrip(".")) is not None:
            return _Found(_trimmed_caption(before), tail, "kept")
        mark = separator[0].strip()
        if (
            mark in "/|"
            and reading == "names"
            and 2 <= tail.count(" ") + 1 <= 4
            and before.count(" ") >= 3
            and " / " not in before
        ):
            return _Found(_trimmed_caption(before), tail, "name")
    return None


def _fronted(text: str) -> _Found | None:
    found = _split_front(text) or _split_outlet_front(text)
    return None if found is None else _Found(*found, "front")


def _split_front(text: str) -> tuple[str, str] | None:
    """Return (caption, credit) of a line that opens with its credit, or None.

    Such lines are "Name/AGENCY Caption" and "AGENCY/NAME NAME Caption".
    """
    head = text[:100]
    slashes = [place for place, character in enumerate(head) if character in "/／"]
    for slash in reversed(slashes):
        front = text[:slash].strip()
        if _reading(front) is None:
            continue
        tail = text[slash + 1 :]
        offset = slash + 1 + len(tail) - len(tail.lstrip())
        words = text[offset : offset + 80].split(" ")
        count = next((n for n in (3, 2, 1) if n < len(words) and agency_of(" ".join(words[:n]).rstrip(".:,"))), 0)
        if not count and _reading(front) == "agency":
            while count < min(4, len(words) - 1) and words[count].isupper() and len(words[count]) > 1:
                count += 1
        if not count:
            continue
        end = offset + len(" ".join(words[:count]))
        caption = text[end:].lstrip(" .:|-–—")
        if " " in caption and not caption[0].islower() and caption[0] not in "/(|":
            return caption, text[:end].rstrip(" .:,")
    return None


def _split_outlet_front(text: str) -> tuple[str, str] | None:
    """Return (caption, credit) of a sentence behind an outlet: "The Nib Shimbun Leaders meet ...".

    A news agency of one word may be a part of the sentence, and so may most outlets: "The Denver
    Post Office is closed."
    """
    words = text[:120].split(" ")
    for count in range(min(5, len(words) - _MIN_CAPTION_WORDS - 1), 0, -1):
        front, following = " ".join(words[:count]), words[count]
        is_agency = (count > 1 or "-" in front) and agency_of(front) in NEWS_AGENCIES
        is_outlet = count > 1 and words[count - 1] in _OUTLET_ENDS and _is_name(front)
        if is_agency or is_outlet:
            if words[count : count + 2] == ["file", "photo"]:
                front, following = f"{front} file photo", words[count + 2]
            is_sentence = text[-1] in _STOPS and following[0].isupper() and following.casefold() not in _NO_FIRST_WORDS
            return (text[len(front) + 1 :], front) if is_sentence else None
    return None


def _split_bbc(text: str) -> tuple[str, str] | None:
    caption = _BBC_CAPTION.search(text)
    return None if caption is None else (text[caption.end() :], text[: caption.start()])


def _tail_start(before: str) -> int | None:
    """Return where a name behind the last sentence of ``before`` begins, or None."""
    for end in _SENTENCE_END.finditer(before, max(0, len(before) - 80)):
        tail = before[end.end() :].rstrip(" /|,")
        if tail and end[0][0] in _STOPS and _reading(tail) is not None and tail.count(" ") < 6:
            return end.end()
    return None


def _inside_bracket(text: str) -> str | None:
    """Return the text before the bracket that closes the one opened before ``text``, or None."""
    depth = 1
    for place, character in enumerate(text[: _MAX_CREDIT_CHARACTERS + 1]):
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth == 0:
            return text[:place]
    return None


def _opening_bracket(text: str) -> int | None:
    """Return the place of the bracket that the end of ``text`` closes, or None."""
    depth = 0
    for place in range(len(text) - 1, max(-1, len(text) - _MAX_CREDIT_CHARACTERS), -1):
        depth += (text[place] in _CLOSE) - (text[place] in _OPEN)
        if depth == 0:
            return place
    return None


def _abbreviates(acronym: str, before: str) -> bool:
    """Tell whether ``acronym`` only explains ``before``: "general intelligence (AGI)"."""
    letters = [word[0] for word in before.replace("-", " ").split()[-len(acronym) - 2 :]]
    initials = "".join(letters).casefold()
    return (
        acronym.isalpha()
        and len(acronym) > 1
        and (initials.endswith(acronym.casefold()) or acronym.casefold() in initials)
    )


def _is_kept_phrase(text: str) -> bool:
    return KEPT_PHRASES.match(text) is not None or _KIND_OF_PICTURE.match(text) is not None


def _is_kept_word(text: str) -> bool:
    first, _, rest = text.partition(" ")
    return first.casefold().rstrip(":/") in _KEPT and not first.islower() and (not rest or _reading(text) is not None)


def _trimmed(credit: str) -> str:
    credit = credit.strip(" ,;|")
    last = credit.rpartition(" ")[2]
    return credit[:-1].rstrip() if credit[-1:] == "." and len(last) > 4 and last.count(".") == 1 else credit


def _trimmed_caption(text: str) -> str:
    return text.strip().rstrip(_TRIM)


_KEPT = frozenset(KEPT_LABELS.split())
_PARTICLES = frozenset(PARTICLES.split())


@lru_cache(maxsize=4096)
def _reading(credit: str) -> str | None:
    """Return "agency" if ``credit`` names an agency, "names" if it has only names, else None.

    An agency may stand beside names only.
    """
    if not credit or len(credit) > _MAX_CREDIT_CHARACTERS or not any(map(str.isalpha, credit)):
        return None
    if len(credit) <= _MAX_AGENCY_CHARACTERS and _known(credit):
        return "agency"
    names_agency = False
    parts = _PART.split(credit, maxsplit=_MAX_CREDIT_PARTS)
    if len(parts) > _MAX_CREDIT_PARTS:
        return None
    for part in parts:
        part = part.strip(" .") if part.count(".") == 1 else part.strip()
        if not part or part in "-+":
            continue
        if 1 < len(part) <= _MAX_AGENCY_CHARACTERS and _known(part):
            names_agency = True
        # The sign of a desk or writer: "dpa/tmn", "APA/wf".
        elif not (_is_name(part) or (names_agency and len(part) < 4 and part.islower())):
            return None
    return "agency" if names_agency else "names"


def _known(part: str) -> bool:
    """Tell whether ``part`` names a news agency, or a platform such as "Facebook".

    A copyright mark and a year may stand before either name. An agency may also have up to two
    words of _AGENCY_AFFIX, such as "Photo" or "Pool". A platform must not be all in lower case.
    """
    part = _MARKS_OF_RIGHT.sub("", part)
    if part[-4:].isdigit():
        part = _YEAR_BEHIND.sub("", part)
    if agency_of(part) is not None or (part.casefold() in PLATFORMS and not part.islower()):
        return True
    bare = _AGENCY_AFFIX.sub("", part)
    return bare != part and (agency_of(bare) is not None or agency_of(_AGENCY_AFFIX.sub("", bare)) is not None)


def _is_name(part: str) -> bool:
    """Tell whether every word of ``part`` can stand in a name: capitalised, or a particle."""
    words = part.split(" ")
    if len(words) > 6:
        return False
    for place, word in enumerate(words):
        bare = word.strip("\"'’‘“”„«»")
        if not bare:
            return False
        if (bare in _PARTICLES and 0 < place < len(words) - 1) or (
            bare in _PARTICLES and len(words) > 1 and place == 0 and len(bare) < 4
        ):
            continue
        if bare in "&+":
            continue
        first = bare[0]
        if not first.isalpha():
            # "20min"
            if first.isdigit() and place == 0 and bare[-1].isalpha() and bare.isalnum():
                continue
            if not (_WEB_NAME.fullmatch(bare) and place == 0 == len(words) - 1):
                return False
        elif first.islower():
            camel = bare[1:2].isupper() or "'" in bare or "’" in bare  # "iStock", "d'Angelo"
            if not (
                camel
                or ("-" in bare and bare[-1:].isalpha() and bare.rpartition("-")[2][:1].isupper())
                or _WEB_NAME.fullmatch(bare)
            ):
                return False
        elif not first.isupper() and len(bare) > 12:
            return False
        if (bare[-1] == "." and len(bare) > 5 and bare.count(".") == 1) or bare[-1] in "!?:":
            return False
    return True
