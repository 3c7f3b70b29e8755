"""Split bylines into the names of those who wrote a text.

RSS 2.0 gives an author as "jane@example.org (Jane Doe)", RFC 5322 writes "Jane Doe
<jane@example.org>". Pages print "By A, B and C", "Von A und B, dpa", "Door onze correspondent A" or
"A; B", in any language.
"""

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from newslake.transforms.normalise.agencies import agency_of
from newslake.transforms.normalise.byline_words import (
    AMBIGUOUS_OPENINGS,
    ASIDES,
    BODY_WORDS,
    BROADCASTERS,
    BY_WORDS,
    COMPANY_CONJUNCTIONS,
    CONJUNCTIONS,
    DEGREES,
    EASTERN_DESKS,
    EASTERN_ROLES,
    EASTERN_TASKS,
    HONORIFICS,
    JOINED_CONJUNCTIONS,
    KINDS_OF_TEXT,
    NAMES_WITH_JOINED_LETTER,
    NOBODIES,
    OPENINGS,
    OUTLET_ARTICLES,
    OUTLET_WORDS,
    RELEASES,
    ROLE_MODIFIERS,
    ROLES,
    SUPPORT,
    SURNAME_CONJUNCTIONS,
    TASKS,
    TEAMS,
    UNSURE_OPENINGS,
)
from newslake.transforms.normalise.datelines import is_month, is_weekday
from newslake.transforms.normalise.places import LANGUAGES, is_known_place, is_known_region

_NOTHING = frozenset({"null", "(null)", "nil", "none", "undefined", "nan", "n/a"})
"""What programs write where they have no author, in lower case."""
_ARTICLES = frozenset({"a", "an", "our", "un", "une", "een", "ein", "eine"})
_MAX_DESK_WORDS = 3
_MAX_RELATIVE_WORDS = 6
_ONE = re.compile(r"\b(?:an?|one|un|une|una|um|uma|einem|einer|een|en|ett|et)\b")
_FIRST_WITHOUT_CASE = "\u0590"  # Hebrew; the scripts with case that news use come before it

_MAX_BYLINE_CHARACTERS = 1_000
"""A longer text is not a byline, and comes back whole."""

_OPENINGS = sorted(
    {word for line in OPENINGS.values() for word in line.split("|")}, key=lambda word: (-len(word), word)
)
_OPENING = re.compile(rf"(?:{'|'.join(_OPENINGS)})(?:\s?[:：／]\s?|\s)", re.IGNORECASE)
_AMBIGUOUS_OPENING = re.compile(rf"(?P<word>{AMBIGUOUS_OPENINGS})(?P<colon>\s?[:：])?\s", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_KINDS = "|".join(
    sorted({word for line in KINDS_OF_TEXT.values() for word in line.split()}, key=lambda w: (-len(w), w))
)
_KIND_OPENING = re.compile(
    rf"(?:(?:[^\W\d_]+\s){{0,2}}(?:{_KINDS})\s(?P<by>{BY_WORDS})\s|(?:{'|'.join(RELEASES.split())})\s(?:{BY_WORDS})\s"
    rf"|(?:{_KINDS})\s?[:：]\s?)(?=[^\W\d_])",
    re.IGNORECASE,
)
"""A kind of text or a participle before the name: "Opinion by A", "Published by A"."""
_SUPPORT_OPENING = re.compile(
    rf"(?:[-–—]\s?)?(?:(?:{SUPPORT})|(?P<with>{'|'.join(sorted(COMPANY_CONJUNCTIONS))}))\s(?=\S)", re.IGNORECASE
)
_KIND_WORDS = frozenset(_WORD.findall(f"{' '.join(KINDS_OF_TEXT.values())} {RELEASES}"))
_SUPPORT_WORDS = COMPANY_CONJUNCTIONS | set(re.findall(r"(?:^|\|)(\w+)\b(?![^(|]*\))", SUPPORT))
_SUPPORT_INSIDE = re.compile(rf",?\s(?:[-–—]\s)?(?:{SUPPORT})\s(?=\S)", re.IGNORECASE)
_TWO_CAPITALS = re.compile(r"[^\W\d_a-z]\S*\s(?:[a-z]\S{0,3}\s){0,3}[^\W\d_a-z]")
_FULL_NAME_FIRST = re.compile(r"[^\W\d_a-z][^\s,]*(?<!-)\s(?:[a-z]\S{0,3}\s){0,3}[^\W\d_a-z]")
"""Two words with capitals. "Gooi- en Eemlander" is one word."""
_OUR = (
    "onze|our|unserem|unserer|unser|notre|nuestro|nuestra|nosso|nossa|il nostro|la nostra|vår|vores|naszego|nasz|"
    "нашего|наш"
)
_OWN_ROLE = re.compile(
    rf"(?:(?:van|from|by|de|von)\s)?(?:{_OUR})\s(?P<role>(?:[^\W\d_][\w-]*\s){{1,4}})(?=[^\W\d_])", re.IGNORECASE
)
_THERE = re.compile(r"(?:in|à|a|en|aus|uit|te)\s\S+\s(?=\S+\s\S)")
_CHINESE_REPORTER = re.compile(
    r"(?:(?:記者|记者)(?P<names>[^／/]{2,20})|(?P<name>[\u4e00-\u9fff]{2,4}))[／/][^／/]{0,8}(?:報導|报道|報道)"
)
_OUTLET_ARTICLES = frozenset(OUTLET_ARTICLES.split())
_SEPARATOR = re.compile(
    rf"\s?[;|/•·、，،；／｜\n]\s?|\s?,\s?(?:(?![A-Z])(?:{CONJUNCTIONS}|{SURNAME_CONJUNCTIONS}|&)\s)?"
    rf"|\s(?:&|\+|[-–—])\s|\s(?![A-Z])(?:{CONJUNCTIONS}|{SURNAME_CONJUNCTIONS})\s"
)
_CAPITAL_CONJUNCTION = re.compile(rf"\s(?:{CONJUNCTIONS})\s", re.IGNORECASE)
_SURNAME_CONJUNCTION = frozenset(SURNAME_CONJUNCTIONS.split("|"))
_ADDRESS = r"[^\s@<>()\[\],;]{1,64}@[^\s@<>()\[\],;]{1,255}"
_ADDRESS_FIRST = re.compile(rf"(?<![^\s,;|])(?:mailto:)?{_ADDRESS}\s?\((?P<name>[^()]{{1,200}})\)")
_ADDRESS_BEHIND = re.compile(rf"(?P<name>(?<!\S)[^\s@,;]+),?\s(?:mailto:)?{_ADDRESS}(?![^\s,;])")
_ACCOUNT = re.compile(r"/?u/(?P<name>[\w-]{1,40})")
"""The name of an account at Reddit."""
_IN_BRACKETS = re.compile(r"[(\[（【〔](?P<name>[^()\[\]（）【】〔〕]+)[)\]）】〕]")
_HANDLE = re.compile(
    r"(?<!\S)(?:[,|/–—-]\s)?[(\[]?(?:(?:on\s)?(?:twitter|x|instagram|threads|bluesky|mastodon)\s?:?\s)?"
    r"(?<![\w.])@[\w.]{1,39}\w(?:@[\w.-]+\w)?[)\]]?(?![\w@])",
    re.IGNORECASE,
)
"""The name of an account beside a person's: "Jane Doe (@jane)"."""
_BRACKETED_ADDRESS = re.compile(rf"\s?[<(\[](?:mailto:)?{_ADDRESS}[>)\]]")
_BEHIND_NAME = re.compile(
    r"(?:jr|sr|ii|iii|iv|v|phd|ph\.d|md|m\.d|esq|inc|ltd|llc|gmbh|mba|ma|dphil|rn|frs|obe|mbe|cbe|mp|qc|kc)\.?",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(
    r"(?P<name>\S+\s\S.*?)\s(?P<word>in|à|aus|uit|desde|из|reporting from)\s(?P<place>[^\W\d_a-z]\S*(?:\s\S+){0,2})"
)
_PRONOUNS = re.compile(r"(?:she|he|they)/\w+(?:/\w+)?", re.IGNORECASE)
_BRACKETED_END = re.compile(r"(?P<name>[^()]+?)\s?\((?:(?:with|avec|mit|met|con|com|med|z|с)\s)?(?P<inside>[^()]*)\)")


_AGENCY_STAFF = re.compile(
    r"\s(?:staff|staff writers?|news agency|news|photo|reporters?|writers?|correspondents?|redaktion|contributors?)$",
    re.IGNORECASE,
)
_ROLES = frozenset(ROLES.split())
_DEGREES = frozenset(DEGREES.split())
_HONORIFICS = frozenset(HONORIFICS.split())
_TASKS = frozenset(TASKS.split())
_ASIDES = frozenset(ASIDES.split())
_NAMES_WITH_JOINED_LETTER = frozenset(NAMES_WITH_JOINED_LETTER.split())
_ROLE_MODIFIERS = frozenset(ROLE_MODIFIERS.split())
_OUTLET_WORDS = frozenset(OUTLET_WORDS.split())
_BROADCASTERS = frozenset(BROADCASTERS.split())
_BODY_WORDS = frozenset(BODY_WORDS.split())
_WEB_NAME = re.compile(r"[\w-]{2,30}(?:\.[a-z]{2,6}){1,2}", re.IGNORECASE)
_TASK = "|".join(sorted(_TASKS, key=lambda word: -len(word)))
_TASK_JOINT = "[/&+,]|and|und|og|och|en|et|y|e|i|ja|и"
_TASK_OPENING = re.compile(
    rf"(?:{_TASK})(?:\s?(?:{_TASK_JOINT})\s?(?:{_TASK}))*\s?"
    rf"(?:[:：]|(?<=\w)\s(?:by|von|door|par|por|af|av)(?=\s))\s?",
    re.IGNORECASE,
)
_OPENING_ALONE = re.compile(rf"(?:{'|'.join(_OPENINGS)})\s?[:：]?|(?:{AMBIGUOUS_OPENINGS})\s?[:：]", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"</?(?:br|p|li|div|ul|ol)\b[^<>]*>", re.IGNORECASE)
_ON = (
    r"(?<!\w)(?:(?:on|at|am|vom|um|le|à|op|om|el|a las|il|alle|den|em|às|kl\.?|klo|ore|dne|w dniu|pada)\s)?"
    r"(?:(?P<weekday>[^\W\d_]{2,12}),?\s)?"
)
_YEAR = r"(?:,?\s(?:de\s)?\d{4})?"
_DATES = (
    re.compile(
        _ON
        + r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})"
        r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]?|\d{1,2}[:.h]\d{2}(?:\s?(?:[ap]\.?m\.?|uhr|uur|h))?"
        r"(?:\s(?:GMT|UTC|E[SD]?T|C[SD]T|P[SD]?T|CES?T|BST|IST|MSK|WIB|JST|KST|AE[SD]T))?)(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_ON}\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s(?:de\s|of\s)?(?P<month>[^\W\d_]{{3,12}})\.?{_YEAR}(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_ON}(?P<month>[^\W\d_]{{3,12}})\.?\s(?:\d{{1,2}}(?:st|nd|rd|th)?{_YEAR}|(?:de\s)?(?:19|20)\d\d)(?!\w)",
        re.IGNORECASE,
    ),
)
"""Dates and times in digits; day and month; month and day.

A word is a month only if CLDR lists it: "France 24" is an outlet.
"""
_READING_TIME = (
    r"\d+\s?(?:min\b\.?(?:\s\w+){0,2}|minutes?\s(?:read|de lecture)|minuten\s(?:lesezeit|leestijd|lezen)|"
    r"minuti di lettura|minutos de lec?i?tura)"
)
_NOTE_WORDS = (
    r"(?:last |first )?(?:updated|published|posted|modified|created)|aktualisiert|veröffentlicht|stand|publié|"
    r"mis à jour|gepubliceerd|bijgewerkt|publicado|actualizado|atualizado|pubblicato|aggiornato|opdateret|"
    r"publisert|oppdatert|publicerad|uppdaterad|обновлено|опубликовано|güncelleme|diperbarui"
)
_NOTE_BEHIND = re.compile(rf"(?:^|\s)(?:{_NOTE_WORDS})(?=\s?\|)", re.IGNORECASE)
_NOTES = re.compile(
    rf"(?:{_NOTE_WORDS})(?:\s?(?:yesterday|today|just now|gestern|heute|hier|aujourd['’]hui|ayer|hoy|ieri|oggi|ontem|"
    r"hoje|gisteren|vandaag|i går|i dag|igår|idag|вчера|сегодня|dün|bugün|on|at|am|um|le|à|op|om|el|il|kl|"
    r"ET|EST|EDT|PT|GMT|UTC|BST|IST|CET|CEST|\d+|\W))*"
    rf"|{_READING_TIME}",
    re.IGNORECASE,
)
"""What pages print behind a byline: the date, and how long it takes to read the text."""
_HAN_NAME = r"[\u4e00-\u9fff·]{2,4}"
_EASTERN_REPORTER = re.compile(
    rf"(?P<desk>[\u4e00-\u9fff]{{2,6}}?)??(?:{EASTERN_DESKS})?(?:记者|記者|通讯员|通訊員|特派员|特派員|編集委員|論説委員)"
    rf"(?:[\s：:]\s?(?P<parted>[\u4e00-\u9fff·、，\s]{{2,30}})|(?P<joined>{_HAN_NAME}(?:[、，\s]{_HAN_NAME})*))"
)
"""A reporter's word before Chinese or Japanese names: "本報記者林小美", "新华社记者 王小花"."""
_REPORTERS_BODY = re.compile(r".*(?:协会|協會|協会|俱乐部|俱樂部|クラブ|站|团|團|部|会|會|网|網|社|室|席)")
_EASTERN_ROLE = re.compile(
    rf"(?:[가-힣]{{1,6}}=)?(?!(?:{EASTERN_DESKS}|无国界|無國界|国境なき)|\S+[부팀국실단部社紙局]\s?(?:{EASTERN_ROLES}))"
    rf"(?P<name>[가-힣]{{2,4}}|[\u4e00-\u9fff\u3040-\u30ff·]{{2,8}}(?:\s[\u4e00-\u9fff\u3040-\u30ff]{{1,4}})?)"
    rf"(?:\s?(?:{EASTERN_DESKS})|\s[가-힣]{{2,6}})?\s?[(（]?(?:{EASTERN_ROLES})(?:[)）]|[(（][가-힣]{{1,8}}[)）])?"
)
"""A role behind a Korean, Japanese or Chinese name: "김서연 기자", "도쿄=김서연 특파원"."""
_EASTERN_TASK = re.compile(rf"(?:{EASTERN_TASKS})(?:\s?[:：／/＝=・]\s?|\s)(?=\S\S)")
_EASTERN_ASIDE = re.compile(
    r"(?<=\S\S)[\s、，,;／/|]\s?(?:图|圖|摄影|攝影|写真|撮影|사진|영상|그래픽|编辑|編輯|責任編輯|责任编辑)(?:\s?[:：／/＝=・]\s?|\s)\S.*$"
)
"""A photographer or editor behind the names: "글 김서연 사진 박도윤"."""
_HAN_CONJUNCTION = re.compile(r"[\u4e00-\u9fff]{2,4}(?P<word>(?<=...)和|[与與及])[\u4e00-\u9fff]{2,4}")
"""Two Chinese names. Behind two characters "和" may belong to a Japanese name."""
_THAI_CONJUNCTION = re.compile(r"(?<=\S\S)\s?และ\s?(?=\S\S)")
_JOINED_CONJUNCTION = re.compile(rf"(?<=\w)\s(?P<letter>[{''.join(JOINED_CONJUNCTIONS.values())}])(?=\w{{2}})")
_TASK_INSIDE = re.compile(
    rf"(?<=\w)\s(?=(?:{_TASK})(?:\s?(?:{_TASK_JOINT})\s?(?:{_TASK}))*\s?[:：])(?<!\s(?:og|en|et|ja)\s)"
    r"(?<!\s(?:and|und|och)\s)(?<!\s[yeiи&+]\s)",
    re.IGNORECASE,
)
"""Before a task in the middle of a byline: "Tekst: A Foto: B"."""
_OUTLET_BEHIND = re.compile(
    r"(?P<name>\S+\s\S.*?),?\s"
    r"(?:(?P<special>special\s(?:to|for))|of(?=\sThe\s)|for|für|pour|para|voor|för|per|dla|для)\s(?P<outlet>\S.*)",
    re.IGNORECASE,
)
"""A name, and the outlet that the person writes for: "Jane Doe for the Herald"."""


def plain_byline(text: str) -> str:
    """Return ``text`` as one line without tags and entities, its lines joined by "; " or a space.

    Bylines of feeds and pages are often HTML.

    >>> plain_byline('<a href="/jane">Jane Doe</a> &amp; John Roe')
    'Jane Doe & John Roe'
    """
    if "&" in text:
        text = html.unescape(html.unescape(text)) if "&amp;" in text else html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _BREAK_TAG.sub("\n", text))
    if ("\n" not in text and "\r" not in text) or len(text) > _MAX_BYLINE_CHARACTERS:
        return " ".join(text.split())
    joined = ""
    for line in filter(None, (" ".join(line.split()) for line in text.splitlines())):
        joined += (_joint(joined, line) if joined else "") + line
    return joined


def _joint(before: str, line: str) -> str:
    """Return what replaces a line break: "; " between two names, else a space."""
    if before[-1] in ",;:|/&-–—•" or line[0] in ",;|/&-–—•(" or _OPENING_ALONE.fullmatch(before.rstrip(" :") + ":"):
        return " "
    last, first = before.rpartition(" ")[2], line.partition(" ")[0]
    if last.islower() or first.islower():  # "and", or a role
        return " "
    is_one_name = (
        " " not in before
        and " " not in line
        and agency_of(before) is None
        and agency_of(line) is None
        and before[0] < "\u0590"
    )
    return " " if is_one_name else "; "


def split_byline(text: str) -> tuple[str, ...]:
    """Return every name of a byline in its order and as printed, agencies and outlets too.

    Leave out words such as "By" and "Opinion by", tags, e-mail addresses and accounts beside a
    name, dates, roles, and the place of a correspondent or agency. Leave out an outlet behind
    "for", and photographers and editors if someone else wrote the text. A line break parts names. A
    byline that cannot be split for sure comes back as one name. "Doe, Jane" and "van Doe, Jane"
    become "Jane Doe" and "Jane van Doe": catalogues write names so, and two authors with one word
    each are rare.

    Return () if the byline is empty, or if it has only "By", dates, marks or a program's word for
    nothing. A byline that is only a role, an address or a word such as "staff" comes back whole.

    >>> split_byline("By Jane Doe, John Roe and Reuters")
    ('Jane Doe', 'John Roe', 'Reuters')
    >>> split_byline("jane@example.org (Jane Doe)")
    ('Jane Doe',)
    """
    text = plain_byline(text)
    if _is_plain_name(text):
        return (text,)
    if not text or len(text) > _MAX_BYLINE_CHARACTERS or "://" in text or agency_of(text) is not None:
        return (text,) if text else ()
    if _OPENING_ALONE.fullmatch(text) is not None or not any(map(str.isalpha, text)) or text.casefold() in _NOTHING:
        return ()  # "By:", "null"
    if (account := _ACCOUNT.fullmatch(text)) is not None:
        return (account["name"],)
    if "@" in text:
        text = _without_addresses(text)
        bare = " ".join(_HANDLE.sub("", text).split())
        text = bare if any(map(str.isalpha, bare)) else text
    if (bracketed := _IN_BRACKETS.fullmatch(text)) is not None:
        text = bracketed["name"].strip() or text
    if (any(map(str.isdigit, text)) or _NOTES.match(text)) and (
        not (text := _without_dates(text)) or _NOTES.fullmatch(text)
    ):
        return ()
    if _has_script_without_case(text):
        eastern = _eastern_names(text)
        if eastern:
            return eastern
        text = _parted_conjunctions(_EASTERN_ASIDE.sub("", text))
    if text.count(" ") > 3:
        text = _SUPPORT_INSIDE.sub(", ", text)
    text = _TASK_INSIDE.sub(" | ", text) if ":" in text or "：" in text else text
    body = _without_opening(text)
    is_aside = len(body) < len(text) and _is_aside(text[: -len(body)])
    if body.isupper() and " " in body:
        body = _CAPITAL_CONJUNCTION.sub(lambda match: match[0].lower(), body)
    if ";" in body:
        first, *others = (part.strip() for part in body.split(";"))
        texts = [part for part in others if not (_is_role(part) or _NOTES.fullmatch(part) or _is_aside(part))]
        names = [name for part in (first, *map(_without_opening, texts)) for name in _inverted(part) or _split(part)]
    else:
        names = list(_inverted(body) or _split(body, is_aside=is_aside))
    names = [name for part in names for name in _people(_clean(part)) if name]
    return tuple(dict.fromkeys(names)) or (text,)


def _is_plain_name(text: str) -> bool:
    """Tell fast whether ``text`` is two words of letters, none of which any rule is about."""
    first, _, second = text.partition(" ")
    return (
        first.isalpha()
        and second.isalpha()
        and first[0].isupper()
        and not _has_script_without_case(text)
        and _cues().isdisjoint((first.casefold(), second.casefold()))
        and agency_of(first) is None
    )


def _has_script_without_case(text: str) -> bool:
    return not text.isascii() and max(text) >= _FIRST_WITHOUT_CASE


def _eastern_names(text: str) -> tuple[str, ...]:
    """Return the names beside a Chinese or Japanese word for a reporter, or ()."""
    if (chinese := _CHINESE_REPORTER.fullmatch(text)) is not None:
        return tuple(_split(chinese["names"] or chinese["name"]))
    task = _EASTERN_TASK.match(text)  # "文／記者林小美"
    found = _EASTERN_REPORTER.fullmatch(text[task.end() :] if task else text)
    if found is None or (found["joined"] and _REPORTERS_BODY.fullmatch(found["joined"])):
        return ()
    desk, names = found["desk"], re.split(r"[、，\s]\s?", (found["parted"] or found["joined"]).strip())
    return tuple(dict.fromkeys((*((desk,) if desk and agency_of(desk) else ()), *names)))


def _parted_conjunctions(text: str) -> str:
    """Return ``text`` with a comma for an "and" that is written with the next word.

    In Arabic and Hebrew it parts two names of two words or more. "وليد" (Walid) is a name and no
    conjunction.
    """
    if (han := _HAN_CONJUNCTION.fullmatch(text)) is not None:
        return f"{text[: han.start('word')]}、{text[han.end('word') :]}"
    text, start = _THAI_CONJUNCTION.sub(", ", text), 0
    for found in _JOINED_CONJUNCTION.finditer(text):
        before, after = text[start : found.start()], text[found.end() :]
        word = found["letter"] + after.split(" ", 1)[0].rstrip("،,")
        if " " in before.strip() and " " in after and word not in _NAMES_WITH_JOINED_LETTER:
            return f"{text[: found.start()]}, {_parted_conjunctions(after)}"
    return text


def _without_dates(text: str) -> str:
    """Return ``text`` without dates and times; a bar in place of each parts the text beside it."""

    def replaced(match: re.Match[str]) -> str:
        month, weekday = match.groupdict().get("month"), match["weekday"]
        if month is not None and not is_month(month):
            return match[0]
        is_other_word = weekday is not None and not is_weekday(weekday)
        return (match.string[match.start() : match.end("weekday")] if is_other_word else "") + " | "

    for pattern in _DATES:
        text = pattern.sub(replaced, text)
    text = re.sub(_READING_TIME, " | ", text, flags=re.IGNORECASE)
    text = _NOTE_BEHIND.sub("", _without_relative_times(text))
    return _without_notes_before(text.strip(" |,;•·-–—("))


def _without_relative_times(text: str) -> str:
    """Return ``text`` with a bar in place of "2 hours ago", in the languages of CLDR."""
    words = text.split(" ")
    for start in range(len(words)):
        for end in range(min(len(words), start + _MAX_RELATIVE_WORDS), start, -1):
            key = " ".join(words[start:end]).casefold().strip(" .,;()")
            counted = re.sub(r"\d+", "{0}", key)
            if (counted if counted != key else _ONE.sub("{0}", key)) in _relative_times():
                return _without_relative_times(" ".join((*words[:start], "|", *words[end:])))
    return text


@lru_cache(maxsize=1)
def _relative_times() -> frozenset[str]:
    """Return CLDR's patterns of times in the past, such as "{0} hours ago", without case."""
    from newslake.transforms.normalise.dates.words import locale_data

    return frozenset(
        " ".join(pattern.casefold().rstrip(".").split())
        for language in LANGUAGES.split()
        for directions in locale_data(language).get("date_fields", {}).values()
        if isinstance(directions, Mapping) and isinstance(directions.get("past"), Mapping)
        for pattern in directions["past"].values()
    )


def _without_notes_before(text: str) -> str:
    """Return ``text`` without "Published" and a bar, or "Published" and "by", before a name."""
    note = _NOTES.match(text)
    if note is None or note.end() == len(text):
        return text
    rest = text[note.end() :]
    return rest if "|" in note[0] or _OPENING.match(rest) else text


def people_and_agencies(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the people and outlets among ``names``, and the canonical names of the agencies.

    Each appears once. Names such as "agencies" or "staff" are left out.

    >>> people_and_agencies(["Jane Doe", "REUTERS", "agencies"])
    (('Jane Doe',), ('Reuters',))
    """
    people: dict[str, None] = {}
    agencies: dict[str, None] = {}
    for name in names:
        agency = _agency_of(name)
        if agency is not None:
            agencies[agency] = None
        elif not _is_nobody(name):
            people[name] = None
    return tuple(people), tuple(agencies)


def _is_nobody(name: str) -> bool:
    """Tell whether ``name`` names nobody: "staff", "A correspondent", "Web Desk"."""
    words = name.casefold().strip(" .").split(" ")
    if " ".join(words) in NOBODIES or (words[-1] in ("desk", "newsdesk") and len(words) <= _MAX_DESK_WORDS):
        return True
    return words[0] in _ARTICLES and len(words) > 1 and all(map(_is_role_word, words[1:]))


def _agency_of(name: str) -> str | None:
    """Return the agency in "Reuters", "AFP staff" or "AP Business Writer"; else None."""
    if len(name) > _MAX_BYLINE_CHARACTERS:
        return None
    first, _, rest = name.partition(" ")
    return agency_of(name) or agency_of(_AGENCY_STAFF.sub("", name)) or (agency_of(first) if _is_role(rest) else None)


def _without_addresses(text: str) -> str:
    named = _ADDRESS_FIRST.sub(lambda match: f" {match['name']} ", text)
    return " ".join(_ADDRESS_BEHIND.sub(r"\g<name>", _BRACKETED_ADDRESS.sub(" ", named)).split()) or text


def _without_opening(text: str) -> str:
    """Return ``text`` without "By" and the like, and without "our correspondent" before a name."""
    if _cues().isdisjoint(_WORD.findall(text.casefold())):
        return text
    for opening in (_TASK_OPENING, _EASTERN_TASK):
        task = opening.match(text)
        if task is not None and text[task.end() :].strip():
            text = text[task.end() :].strip()
    for _ in range(3):  # "Text: Von A"
        opened = _without_word_before(text)
        if opened == text:
            break
        text = opened
    own = _OWN_ROLE.match(text)
    if own is not None:
        words = text[own.start("role") :].split(" ")
        count = next((place + 1 for place, word in enumerate(words[:-1]) if _is_role_word(word)), 0)
        if count:
            text = " ".join(words[count:])
            there = _THERE.match(text)  # "our correspondent in Moscow"
            text = text[there.end() :] if there else text
    return text.strip()


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    """Return words of which every opening and note has one, without case."""
    tables = (*OPENINGS.values(), AMBIGUOUS_OPENINGS, _OUR, TASKS, EASTERN_TASKS, _NOTE_WORDS)
    words = {word for table in tables for word in _WORD.findall(table.casefold())}
    return _KIND_WORDS | _SUPPORT_WORDS | words


def _without_word_before(text: str) -> str:
    """Return ``text`` without one opening: "Opinion by", "Von", "mit" before an agency."""
    words = _WORD.findall(text.casefold())
    kind = None if _KIND_WORDS.isdisjoint(words) else _KIND_OPENING.match(text)
    if kind is not None:
        rest = text[kind.end() :]
        is_unsure = kind["by"] is not None and kind["by"].casefold() in ("de", "di", "da", "del", "van")
        if _TWO_CAPITALS.match(rest) or not is_unsure:
            return rest
    support = _SUPPORT_OPENING.match(text) if words and words[0] in _SUPPORT_WORDS else None
    if support is not None:
        rest = text[support.end() :]
        if support["with"] is None or _names_agency_first(rest):
            return rest
    ambiguous = _AMBIGUOUS_OPENING.match(text)
    if ambiguous is not None:
        rest = text[ambiguous.end() :]
        return rest if _opens(ambiguous, rest) else text
    opening = _OPENING.match(text)
    return text[opening.end() :] if opening is not None and text[opening.end() :].strip() else text


def _names_agency_first(text: str) -> bool:
    first = _SEPARATOR.split(text, maxsplit=1)[0].strip()
    return (
        agency_of(first) is not None or agency_of(first.partition(" ")[0]) is not None or first.casefold() in NOBODIES
    )


def _opens(opening: re.Match[str], rest: str) -> bool:
    if opening["colon"] is not None or _OWN_ROLE.match(rest) is not None or agency_of(rest) is not None:
        return True
    if not opening[0][0].islower():
        return opening["word"].casefold() not in UNSURE_OPENINGS and _TWO_CAPITALS.match(rest) is not None
    return _FULL_NAME_FIRST.match(rest) is not None


def _inverted(text: str) -> tuple[str, ...]:
    """Return ("Jane Doe",) for "Doe, Jane", else ()."""
    surname, _, given = text.partition(", ")
    if not surname or not given or "," in given or " " in given or agency_of(surname) or agency_of(given):
        return ()
    words = surname.split(" ")
    if len(words) > 1 and not all(word.islower() for word in words[:-1]):
        return ()
    if (
        not (surname[0].isupper() or len(words) > 1)
        or not given[0].isupper()
        or _is_role_word(given)
        or _BEHIND_NAME.fullmatch(given)
    ):
        return ()
    if (
        (given.isupper() and len(given) > 2 and "." not in given)
        or given.casefold() in NOBODIES
        or surname.casefold() in NOBODIES
    ):
        return ()  # "Jane, BBC"
    return (f"{given} {surname}",)


def _is_aside(part: str) -> bool:
    """Tell whether ``part`` names someone who did not write: "Foto: A", "editing by A"."""
    first = _WORD.match(part)
    task = _TASK_OPENING.match(part) if first is not None and first[0].casefold() in _TASKS else None
    if task is not None:
        return all(word in _ASIDES for word in _WORD.findall(task[0].casefold()) if word in _TASKS)
    bracketed = _BRACKETED_END.fullmatch(part) if part.endswith(")") else None
    return bracketed is not None and bracketed["inside"].strip().casefold() in _ASIDES


def _split(text: str, *, is_aside: bool = False) -> list[str]:
    """Return the parts of ``text`` that are names; ``is_aside`` is for the first of them.

    Those who did not write are left out if others did. An "and" joins a name to them.
    """
    parts = _parted(text)
    asides: list[str] = []
    names: list[str] = []
    for place, (mark, part) in enumerate(parts):
        is_kind = len(parts) > 1 and part.casefold() in _KIND_WORDS  # "Opinion | Jane Doe"
        if (
            not part
            or is_kind
            or _NOTES.fullmatch(part) is not None
            or (names and " " not in part and is_weekday(part))
        ):
            continue
        is_joined = mark in ("&", "+") or mark[-1:].isalpha()
        if _is_aside(part):
            is_aside = True
        elif place and not (is_aside and is_joined and not part.endswith(")")):
            is_aside = False
        _add(asides if is_aside else names, mark, part)
    return names or asides


def _parted(text: str) -> list[tuple[str, str]]:
    """Return the parts of ``text``, each with the mark before it."""
    parts: list[tuple[str, str]] = []
    start, depth, counted, mark = 0, 0, 0, ""
    for separator in _SEPARATOR.finditer(text):
        depth += text.count("(", counted, separator.start()) - text.count(")", counted, separator.start())
        counted = separator.start()
        if depth > 0 or separator.start() == start:
            continue
        before, after = text[start : separator.start()].strip(), text[separator.end() :]
        if not _parts(separator[0], before, after):
            continue
        parts.append((mark, before))
        start, mark = separator.end(), separator[0].strip()
    parts.append((mark, text[start:].strip()))
    return parts


def _add(names: list[str], mark: str, part: str) -> None:
    """Add ``part`` to ``names`` unless it tells of the name before: a role, a degree, a place."""
    if names and (_BEHIND_NAME.fullmatch(part) or part.replace(".", "") in _DEGREES):
        names[-1] = f"{names[-1]}, {part}"
    elif names and mark[-1:].isalpha() and _is_role(part) and _people(part) != (part,):
        names.append(part)  # "A and B Staff Writers"
    elif names and (_is_role(part) or _is_whereabouts(mark, part, names[-1]) or _is_outlet_served(part)):
        bracketed = _BRACKETED_END.fullmatch(part) if part.endswith(")") else None
        if bracketed is not None and agency_of(bracketed["inside"]):
            names.append(bracketed["inside"])  # "Name / ISTANBUL (DHA)"
    elif mark == "/" and names and _is_desk_sign(part) and agency_of(names[-1]) is not None:
        return  # the sign of a desk: "dpa/lnw"
    elif len(names) == 1 and agency_of(part) is not None and is_known_place(names[0]):
        names[0] = part  # "MANILA, AFP"
    else:
        names.append(part)


def _is_desk_sign(part: str) -> bool:
    return len(part) < 4 and part.islower() and agency_of(part) is None


def _is_whereabouts(mark: str, part: str, name_before: str) -> bool:
    """Tell whether ``part`` is where the person before it writes from: "Jane Doe, Nairobi".

    The name before must have two words or more, or be an agency.
    """
    if mark not in (",", "/", "|", "•", "·", "／", "｜", "-", "–", "—") or len(part) > 60:
        return False
    if " " not in name_before and agency_of(name_before) is None:
        return False
    bracketed = _BRACKETED_END.fullmatch(part)
    place = bracketed["name"].strip() if bracketed else part
    return is_known_place(place) or (agency_of(name_before) is not None and is_known_region(place))


def _parts(separator: str, before: str, after: str) -> bool:
    """Tell whether ``separator`` stands between two names."""
    mark = separator.strip()
    # A dash parts a name from an agency, a role or a place; otherwise it belongs to a name.
    if mark in ("-", "–", "—"):
        tail = after[:80].partition(",")[0]
        return (
            _agency_of(tail) is not None
            or _is_role(tail)
            or _is_whereabouts(mark, tail.strip(), before)
            or (" " in before and _is_outlet(tail))
        )
    if mark != "&" and not (mark and mark[0].isalpha()):
        return True
    next_name = _SEPARATOR.split(after, maxsplit=1)[0] if after else ""
    words = next_name.split(" ")
    if next_name.casefold() in NOBODIES:
        return True
    # "Mr. and Mrs. Smith", "Quill and Quill"
    if before.casefold().rstrip(".") in _HONORIFICS or before == next_name:
        return False
    if next_name.casefold().rpartition(" ")[2] in TEAMS and " " not in before:
        return False
    if mark == "&" and " " not in before and len(words) == 1:  # "Quill & Ink" is a firm
        return agency_of(before) is not None or agency_of(next_name) is not None
    if mark in COMPANY_CONJUNCTIONS:
        has_agency = agency_of(before) is not None or agency_of(next_name) is not None
        return has_agency or (len(words) > 1 and " " in before)
    if mark in _SURNAME_CONJUNCTION:
        is_agency = agency_of(next_name) is not None
        return is_agency or ((len(words) > 1 or " " not in before) and not next_name[:1].islower())
    return True


def _clean(name: str) -> str:
    """Return ``name`` without a role, task or place behind it, and punctuation around it."""
    name = name.strip(" ,;:|/*•·-–—")
    if name[:1] == name[-1:] == '"':
        name = name[1:-1].strip()
    first = _WORD.match(name)
    task = _TASK_OPENING.match(name) if first is not None and first[0].casefold() in _TASKS else None
    if task is not None and name[task.end() :]:
        name = name[task.end() :].strip()
    name = name.removeprefix(":").strip()
    bracketed = _BRACKETED_END.fullmatch(name) if name[-1:] == ")" else None
    if bracketed is not None and (
        _is_role(bracketed["inside"])
        or bracketed["inside"].strip().casefold() in _TASKS | {""}
        or _PRONOUNS.fullmatch(bracketed["inside"]) is not None
    ):
        name = bracketed["name"]
    place = _IN_PLACE.fullmatch(name)
    # "Common Cause in Farming" is an outlet
    is_certain = place is not None and (place["word"] not in ("in", "à") or is_known_place(place["place"]))
    if place is not None and is_certain and not place["name"][0].islower():
        name = place["name"]
    return (
        name[:-1] if name.endswith(".") and len(last := name.rpartition(" ")[2]) > 4 and last.count(".") == 1 else name
    )


def _people(name: str) -> tuple[str, ...]:
    """Return the name of a person, and that of an agency or outlet behind it.

    Drop a role before or behind the name, and an outlet behind "for".
    """
    if name[:1] == "(" and name[-1:] == ")" and agency_of(name[1:-1].strip()) is not None:
        return (name[1:-1].strip(),)
    bracketed = _BRACKETED_END.fullmatch(name) if name[-1:] == ")" else None
    if bracketed is not None and agency_of(inside := bracketed["inside"].strip()) is not None:
        if bracketed["name"].isupper() and is_known_place(bracketed["name"]):  # "ANKARA (AA)"
            return (inside,)
        return _without_role(bracketed["name"]), inside
    if " " not in name or agency_of(name) is not None:
        return (_without_role(name),)
    served = _OUTLET_BEHIND.fullmatch(name) if name.count(" ") > 2 else None
    if served is not None and " of The " in name and agency_of(served["outlet"]) is not None:
        return (served["name"], served["outlet"])
    if served is not None and _serves_outlet(served) and not _names_body(served["name"]):
        name = served["name"]
    words = name.split(" ")
    if len(words) == 2 and agency_of(words[0]) is None:
        return (_without_role(name),)
    if agency_of(words[0]) is not None and is_known_place(" ".join(words[1:]).removeprefix("in ")):
        return (words[0],)  # "AFP in Manila"
    count = _outlet_start(words)
    return (_without_role(" ".join(words[:count])), *([" ".join(words[count:])] if count < len(words) else ()))


def _outlet_start(words: list[str]) -> int:
    """Return where an agency or outlet behind a full name begins, or the number of words.

    It is an agency, "The" and an outlet's word, or capitals and such a word: "BBC News". The name
    of an agency that is also a person's does not count ("Efe").
    """
    for start in range(2, len(words)):
        if words[start][0].islower() and agency_of(words[start]) is None:
            continue
        tail = " ".join(words[start:])
        if start == len(words) - 1 and tail.istitle() and tail != "Reuters":
            continue
        is_agency = _agency_of(tail) is not None and not (start == len(words) - 1 and " ".join(words).isupper())
        is_acronym = words[start].isupper() and words[start].isalpha() and not words[start - 1].isupper()
        is_marked = words[start] == "The" or (is_acronym and (len(words) > start + 1 or tail in _BROADCASTERS))
        if is_agency or (is_marked and _is_outlet(tail) and not _is_outlet(" ".join(words[:start]))):
            return start
    return len(words)


def _without_role(name: str) -> str:
    """Return a full name without the role before or behind it; other texts stay as they are."""
    if _has_script_without_case(name) and (eastern := _EASTERN_ROLE.fullmatch(name)) is not None:
        return eastern["name"]
    words = name.split(" ")
    roles = [place for place, word in enumerate(words) if _is_role_word(word)] if len(words) > 2 else []
    if not roles:
        return name
    first = roles[0]
    if all(map(_is_modifier, words[:first])):
        rest = words[first + 1 :]
        is_name = len(rest) > 1 and rest[0][0].isupper() and rest[-1][0].isupper() and len(roles) == 1
        # "Reporters Without Borders"
        is_one = (
            is_name and not words[first].endswith("s") and not _is_outlet(" ".join(rest)) and not _is_modifier(rest[0])
        )
        return " ".join(rest) if is_one else name
    if roles[-1] != len(words) - 1:
        return name
    end = first
    while _is_modifier(words[end - 1]):
        end -= 1
    is_name = (
        end > 1
        and words[0][0].isupper()
        and words[end - 1][0].isupper()
        and not _is_modifier(words[0])
        and not is_known_place(" ".join(words[:end]))
    )
    return " ".join(words[:end]) if is_name else name


def _is_modifier(word: str) -> bool:
    return word.casefold() in _ROLE_MODIFIERS


def _is_outlet(text: str) -> bool:
    """Tell whether ``text`` is surely an outlet: "BBC", "the Herald", "Le Monde", "nib.example"."""
    words = text.split(" ")
    if len(words) > 5 or agency_of(text) is not None:
        return len(words) <= 5
    is_acronym = text.isupper() and text.isalpha() and 2 < len(text) <= 5 and text not in _DEGREES
    return (
        is_acronym or _WEB_NAME.fullmatch(text) is not None or any(word.casefold() in _OUTLET_WORDS for word in words)
    )


def _serves_outlet(served: re.Match[str]) -> bool:
    """Tell whether a name of two words, "for" and an article, or "for" an outlet, stand there."""
    article, _, rest = served["outlet"].partition(" ")
    is_named = article.casefold() in _OUTLET_ARTICLES and rest[:1].isupper() and rest.count(" ") < 4
    is_person = served["name"].count(" ") == 1 and not _is_outlet(served["name"])
    return bool(served["special"]) or _is_outlet(served["outlet"]) or (is_named and is_person)


def _is_outlet_served(part: str) -> bool:
    """Tell whether ``part`` is an outlet behind "for": "for the Herald", "Special to The Post"."""
    served = _OUTLET_BEHIND.fullmatch(f"A A {part}") if " " in part else None
    return served is not None and served["name"] == "A A" and _serves_outlet(served)


def _names_body(text: str) -> bool:
    return any(word.casefold() in _BODY_WORDS for word in text.split(" "))


@lru_cache(maxsize=1024)
def _is_role(text: str) -> bool:
    """Tell whether ``text`` is a role: "Political Editor", "correspondent in Moscow"."""
    words = text.split(" ")
    return len(words) <= 6 and any(map(_is_role_word, words)) and agency_of(words[0]) is None


def _is_role_word(word: str) -> bool:
    return word.casefold().strip(".,:") in _ROLES
