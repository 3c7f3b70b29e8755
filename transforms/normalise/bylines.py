"""Split bylines into the names of those who wrote a text.

RSS 2.0 gives an author as "jane@example.org (Jane Doe)", RFC 5322 writes "Jane Doe
<jane@example.org>". Pages print "By A, B and C", "Von A und B, dpa", "Door onze correspondent A" or
"A; B", in any language.
"""

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from newslake.transforms.normalise.agencies import agency_of
from newslake.transforms.normalise.datelines import is_month, is_weekday
from newslake.transforms.normalise.places import is_known_place

OPENINGS = {
    "en": "by|written by|words by|story by|text by|reported by|posted by|report by|author|authors",
    "de": "text|autor|autorin|autoren|verfasst von|ein bericht von|ein beitrag von",
    "nl": "door|auteur|auteurs|tekst|geschreven door",
    "fr": "par|texte|auteur|écrit par|propos recueillis par",
    "es ca gl": "por|texto|autora|escrito por",
    "pt": "por|texto de|escrito por",
    "it": "a cura di|autore|autrice|scritto da|testo di",
    "nb da sv": "skrevet af|skrevet av|tekst af|tekst|text av|skriven av|författare|forfatter",
    "fi et": "kirjoittaja|kirjoittanut|teksti|autor|tekst",
    "pl cs sk": "przez|autorzy|napisał|napisała|autoři|napsal|napsala",
    "hu": "írta|szerző",
    "ro": "scris de|autori",
    "hr sr sl bs": "piše|pišu|autori|napisao|napisala",
    "tr az": "yazan|haber|müəllif",
    "id ms": "oleh|penulis",
    "vi": "tác giả",
    "ru uk bg": "автор|авторы|текст|автори|пише",
    "el": "του|της|γράφει|γράφουν|συντάκτης",
    "ar fa ur": "بقلم|كتب|كتبت|الكاتب|نویسنده",
    "he": "מאת",
    "zh ja ko": "作者|文|撰文|글|執筆",
}
"""Languages -> words before the first name. A space or a colon parts them from it."""

AMBIGUOUS_OPENINGS = "von|van|de|di|av|af|från|od|от|του|της|haber"
"""Openings that also begin names ("Di Maria").

They count before a colon or "our correspondent". Otherwise they need a capital, and two words with
capitals or an agency behind them.
"""

UNSURE_OPENINGS = ("van", "de")
"""Ambiguous openings that count only before a colon or "our correspondent", capital or not."""

CONJUNCTIONS = "and|und|et|og|och|ja|ve|və|dan|та|και|kaj|és|și|si|eta|agus|ir|un|dhe|with|mit|avec|con|med|met"
"""Words between two names. They are in lower case, except in a byline all in capitals."""

SURNAME_CONJUNCTIONS = "y|e|i|a|en|na|ac|at|и|і"
"""Conjunctions that also stand inside a surname ("Ramón y Cajal") or before a place ("en Madrid").

They part two names only if two words follow, or if one word stands before.
"""

COMPANY_CONJUNCTIONS = frozenset({"with", "mit", "avec", "con", "med", "met"})
"""Conjunctions that also stand inside the name of an outlet ("Walks with Dogs").

They part two names only if both have two words or more, or if one is an agency.
"""

ROLES = (
    "editor editors correspondent correspondents reporter reporters writer writers columnist columnists contributor "
    "contributors journalist journalists producer producers photographer editor-in-chief freelancer intern critic "
    "anchor presenter blogger commentator redakteur redakteurin redaktor redaktorin korrespondent korrespondentin "
    "korrespondenten reporterin chefredakteur chefredakteurin volontär volontärin autor autorin journalistin "
    "verslaggever verslaggeefster redacteur redactrice correspondente hoofdredacteur journaliste columniste "
    "correspondant correspondante rédacteur rédactrice envoyé envoyée chroniqueur periodista corresponsal redactor "
    "redactora reportero reportera enviado enviada columnista editora jornalista repórter colunista giornalista "
    "corrispondente inviato inviata redattore redattrice redaktør redaktör toimittaja kirjeenvaihtaja dziennikarz "
    "dziennikarka redaktorka novinář novinářka újságíró jurnalist muhabir muhabiri editör wartawan jurnalis журналист "
    "журналистка корреспондент корреспондентка обозреватель редактор журналіст журналістка кореспондент кореспондентка"
)
"""Words of a role, in lower case. Text with one is not a name behind a comma or behind "our"."""

TEAMS = (
    "team",
    "desk",
    "staff",
    "board",
    "bureau",
    "newsroom",
    "department",
    "section",
    "unit",
    "crew",
    "editors",
    "redaktion",
    "redactie",
)
"""Last words of a group's name: an "and" inside such a name joins no two names."""

NOBODIES = {
    "agencies", "agency", "news agencies", "and agencies", "wire services", "wire reports", "staff", "staff reporter",
    "staff reporters", "staff writer", "our correspondent", "guest author", "web desk", "news desk", "newsdesk",
    "editors", "editor", "admin", "administrator", "redaktion", "die redaktion", "redactie", "de redactie",
    "redaktionen", "redazione", "rédaction", "la rédaction", "redacción", "la redacción", "redaksi", "redação",
    "a redação", "agenturen", "agences", "agencias", "agenzie", "byråer",
}  # fmt: skip
"""Words that stand in the place of a name and name nobody, in lower case."""

_NOTHING = frozenset({"null", "(null)", "nil", "none", "undefined", "nan", "n/a"})
"""What programs write where they have no author, in lower case."""
_ARTICLES = frozenset({"a", "an", "our", "un", "une", "een", "ein", "eine"})
_MAX_DESK_WORDS = 3

_MAX_BYLINE_CHARACTERS = 1_000
"""A longer text is not a byline, and comes back whole."""

_OPENINGS = sorted(
    {word for line in OPENINGS.values() for word in line.split("|")}, key=lambda word: (-len(word), word)
)
_OPENING = re.compile(rf"(?:{'|'.join(_OPENINGS)})(?:\s?[:：／]\s?|\s)", re.IGNORECASE)
_AMBIGUOUS_OPENING = re.compile(rf"(?P<word>{AMBIGUOUS_OPENINGS})(?P<colon>\s?[:：])?\s", re.IGNORECASE)
_TWO_CAPITALS = re.compile(r"[^\W\d_a-z]\S*\s(?:[a-z]\S{0,3}\s){0,3}[^\W\d_a-z]")
_OUR = (
    "onze|our|unserem|unserer|unser|notre|nuestro|nuestra|nosso|nossa|il nostro|la nostra|vår|vores|naszego|nasz|"
    "нашего|наш"
)
_OWN_ROLE = re.compile(
    rf"(?:(?:van|from|by|de|von)\s)?(?:{_OUR})\s(?P<role>(?:[^\W\d_][\w-]*\s){{1,4}})(?=[^\W\d_])", re.IGNORECASE
)
_THERE = re.compile(r"(?:in|à|a|en|aus|uit|te)\s\S+\s(?=\S+\s\S)")
_CHINESE_REPORTER = re.compile(r"(?:記者|记者)(?P<names>[^／/]{2,20})[／/][^／/]{0,8}(?:報導|报道|報道)")
_SEPARATOR = re.compile(
    rf"\s?[;|/•·、，；／｜\n]\s?|\s?,\s?(?:(?:{CONJUNCTIONS}|{SURNAME_CONJUNCTIONS}|&)\s)?|\s(?:&|\+|[-–—])\s"
    rf"|\s(?:{CONJUNCTIONS}|{SURNAME_CONJUNCTIONS})\s"
)
_CAPITAL_CONJUNCTION = re.compile(rf"\s(?:{CONJUNCTIONS})\s", re.IGNORECASE)
_SURNAME_CONJUNCTION = frozenset(SURNAME_CONJUNCTIONS.split("|"))
_ADDRESS = r"[^\s@<>()\[\],;]{1,64}@[^\s@<>()\[\],;]{1,255}"
_ADDRESS_FIRST = re.compile(rf"(?<![^\s,;|])(?:mailto:)?{_ADDRESS}\s?\((?P<name>[^()]{{1,200}})\)")
_ADDRESS_BEHIND = re.compile(rf"(?P<name>(?<!\S)[^\s@,;]+),?\s(?:mailto:)?{_ADDRESS}(?![^\s,;])")
_ACCOUNT = re.compile(r"/?u/(?P<name>[\w-]{1,40})")
"""The name of an account at Reddit."""
_IN_BRACKETS = re.compile(r"\((?P<name>[^()]+)\)")
_BRACKETED_ADDRESS = re.compile(rf"\s?[<(\[](?:mailto:)?{_ADDRESS}[>)\]]")
_BEHIND_NAME = re.compile(
    r"(?:jr|sr|ii|iii|iv|v|phd|ph\.d|md|m\.d|esq|inc|ltd|llc|gmbh|mba|ma|dphil|rn|frs|obe|mbe|cbe|mp|qc|kc)\.?",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(
    r"(?P<name>\S+\s\S.*?)\s(?P<word>in|à|aus|uit|desde|из|reporting from)\s(?P<place>[^\W\d_a-z]\S*(?:\s\S+){0,2})"
)
_BRACKETED_END = re.compile(r"(?P<name>[^()]+?)\s?\((?:(?:with|avec|mit|met|con|com|med|z|с)\s)?(?P<inside>[^()]*)\)")


_AGENCY_STAFF = re.compile(
    r"\s(?:staff|staff writers?|news agency|news|photo|reporters?|writers?|correspondents?|redaktion|contributors?)$",
    re.IGNORECASE,
)
_ROLES = frozenset(ROLES.split())
TASKS = (
    "text texts texte textes texto textos testo testi tekst teksten tekster teksti words story report reporting foto "
    "fotos photo photos fotograf fotografie fotografía photographie photographs photography picture pictures bild "
    "bilder beeld kuva kuvat mynd video videos vidéo vídeo illustration illustrations illustratie grafik graphic "
    "graphics фото текст видео"
)
"""What a person did, before a colon or in brackets behind the name: "Text: A", "Tekst og foto: A".
"""

HONORIFICS = "mr mrs ms miss dr prof sir herr frau dhr mevr mw m mme mlle sr sra srta sig dott"
"""Words before a name. An "and" behind one of them alone joins no two names ("Mr. and Mrs. Smith").
"""

DEGREES = (
    "MPH MSc MS BSc BA BS DO JD DDS DMD DVM PharmD EdD PsyD DrPH LLB LLM CFA CFP CPA RD RDN LCSW LMFT FACP FRCP FRCS "
    "FCA MPP MPA MFA PA-C NP PE MBBS MBChB MSW MEd MSN OD DPT CEO"
)
"""Letters behind a name and a comma. They are degrees in exactly this letter case, else a name."""

_DEGREES = frozenset(DEGREES.split())
_HONORIFICS = frozenset(HONORIFICS.split())
_TASKS = frozenset(TASKS.split())
_TASK = "|".join(sorted(_TASKS, key=lambda word: -len(word)))
_TASK_OPENING = re.compile(
    rf"(?:{_TASK})(?:\s?(?:[/&+,]|and|und|og|och|en|et|y|e|i|ja|и)\s?(?:{_TASK}))*\s?"
    rf"(?:[:：]|(?<=\w)\s(?:by|von|door|par|por|af|av)(?=\s))\s?",
    re.IGNORECASE,
)
_OPENING_ALONE = re.compile(rf"(?:{'|'.join(_OPENINGS)})\s?[:：]?|(?:{AMBIGUOUS_OPENINGS})\s?[:：]", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"</?(?:br|p|li|div|ul|ol)\b[^<>]*>", re.IGNORECASE)
_ON = r"(?<!\w)(?:(?:on|at|am|vom|le|op|el|il|den|em|dne|w dniu|pada)\s)?"
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
_NOTES = re.compile(
    r"(?:(?:last |first )?(?:updated|published|posted|modified|created)|aktualisiert|veröffentlicht|stand|publié|"
    r"mis à jour|gepubliceerd|bijgewerkt|publicado|actualizado|atualizado|pubblicato|aggiornato|opdateret|"
    r"publisert|oppdatert|publicerad|uppdaterad|обновлено|опубликовано|güncelleme|diperbarui)(?:\s?(?:on|at|am|um|le|à|op|om|el|il|kl|"
    r"ET|EST|EDT|PT|GMT|UTC|BST|IST|CET|CEST|\d+|\W))*"
    r"|\d+\s?(?:min\b\.?(?:\s\w+){0,2}|minutes?\s(?:read|de lecture)|minuten\s(?:lesezeit|leestijd|lezen)|"
    r"minuti di lettura|minutos de lec?i?tura)",
    re.IGNORECASE,
)
"""What pages print behind a byline: the date, and how long it takes to read the text."""
_EASTERN_REPORTER = re.compile(
    r"(?P<desk>[\u4e00-\u9fff]{2,6}?)?(?:特约)?(?:记者|記者|通讯员|通訊員|特派员|特派員)[\s：:]\s?(?P<names>[\u4e00-\u9fff·\s]{2,30})"
)


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

    Left out are words such as "By", tags, e-mail addresses beside a name, dates, roles behind a
    comma, and the place of a correspondent. A line break parts names. A byline that cannot be split
    for sure comes back as one name. "Doe, Jane" and "van Doe, Jane" become "Jane Doe" and
    "Jane van Doe": catalogues write names so, and two authors with one word each are rare.

    Return () if the byline is empty, or if it has only "By", dates, marks or a program's word for
    nothing. A byline that is only a role, an address or a word such as "staff" comes back whole.

    >>> split_byline("By Jane Doe, John Roe and Reuters")
    ('Jane Doe', 'John Roe', 'Reuters')
    >>> split_byline("jane@example.org (Jane Doe)")
    ('Jane Doe',)
    """
    text = plain_byline(text)
    if not text or len(text) > _MAX_BYLINE_CHARACTERS or "://" in text or agency_of(text) is not None:
        return (text,) if text else ()
    if _OPENING_ALONE.fullmatch(text) is not None or not any(map(str.isalpha, text)) or text.casefold() in _NOTHING:
        return ()  # "By:", "null"
    if (account := _ACCOUNT.fullmatch(text)) is not None:
        return (account["name"],)
    if "@" in text:
        text = _without_addresses(text)
    if (bracketed := _IN_BRACKETS.fullmatch(text)) is not None:
        text = bracketed["name"].strip() or text
    if any(map(str.isdigit, text)) and not (text := _without_dates(text)):
        return ()
    chinese = _CHINESE_REPORTER.fullmatch(text)
    eastern = _EASTERN_REPORTER.fullmatch(text)
    if eastern is not None:
        desk = eastern["desk"]
        return tuple(dict.fromkeys((*((desk,) if desk and agency_of(desk) else ()), *eastern["names"].split())))
    body = chinese["names"] if chinese else _without_opening(text)
    if body.isupper() and " " in body:
        body = _CAPITAL_CONJUNCTION.sub(lambda match: match[0].lower(), body)
    if ";" in body:
        first, *others = (_without_opening(part.strip()) for part in body.split(";"))
        parts = [first, *(part for part in others if not (_is_role(part) or _NOTES.fullmatch(part)))]
        names = [name for part in parts for name in _inverted(part) or _split(part)]
    else:
        names = list(_inverted(body) or _split(body))
    names = [name for part in names for name in _with_agency(_clean(part)) if name]
    return tuple(dict.fromkeys(names)) or (text,)


def _without_dates(text: str) -> str:
    """Return ``text`` without dates and times; a bar in place of each parts the text beside it."""

    def replaced(match: re.Match[str]) -> str:
        month = match.groupdict().get("month")
        return " | " if month is None or is_month(month) else match[0]

    for pattern in _DATES:
        text = pattern.sub(replaced, text)
    return text.strip(" |,;•·-–—(")


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
    task = _TASK_OPENING.match(text)
    if task is not None and text[task.end() :].strip():
        text = text[task.end() :].strip()
    for _ in range(2):  # "Text: Von A"
        ambiguous = _AMBIGUOUS_OPENING.match(text)
        if ambiguous is not None:
            if not _opens(ambiguous, text[ambiguous.end() :]):
                break
            text = text[ambiguous.end() :]
        elif (opening := _OPENING.match(text)) is not None and text[opening.end() :].strip():
            text = text[opening.end() :]
        else:
            break
    own = _OWN_ROLE.match(text)
    if own is not None:
        words = text[own.start("role") :].split(" ")
        count = next((place + 1 for place, word in enumerate(words[:-1]) if _is_role_word(word)), 0)
        if count:
            text = " ".join(words[count:])
            there = _THERE.match(text)  # "our correspondent in Moscow"
            text = text[there.end() :] if there else text
    return text.strip()


def _opens(opening: re.Match[str], rest: str) -> bool:
    if opening["colon"] is not None or _OWN_ROLE.match(rest) is not None:
        return True
    if opening[0][0].islower() or opening["word"].casefold() in UNSURE_OPENINGS:
        return False
    return _TWO_CAPITALS.match(rest) is not None or agency_of(rest) is not None


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


def _split(text: str) -> list[str]:
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
    names: list[str] = []
    for mark, part in parts:
        if _NOTES.fullmatch(part) is not None or (names and " " not in part and is_weekday(part)):
            continue
        if names and (_BEHIND_NAME.fullmatch(part) or part.replace(".", "") in _DEGREES):
            names[-1] = f"{names[-1]}, {part}"
        elif names and (_is_role(part) or _is_whereabouts(mark, part, names[-1])):
            if (
                part.endswith(")")
                and (bracketed := _BRACKETED_END.fullmatch(part)) is not None
                and agency_of(bracketed["inside"])
            ):
                names.append(bracketed["inside"])  # "Name / ISTANBUL (DHA)"
        elif part:
            names.append(part)
    return names


def _is_whereabouts(mark: str, part: str, name_before: str) -> bool:
    """Tell whether ``part`` is where the person before it writes from: "Jane Doe, Nairobi".

    The name before must have two words or more.
    """
    if mark not in (",", "/", "|", "•", "·", "／", "｜", "-", "–", "—") or " " not in name_before or len(part) > 60:
        return False
    bracketed = _BRACKETED_END.fullmatch(part)
    return is_known_place(bracketed["name"].strip() if bracketed else part)


def _parts(separator: str, before: str, after: str) -> bool:
    """Tell whether ``separator`` stands between two names."""
    mark = separator.strip()
    # A dash parts a name from an agency, a role or a place; otherwise it belongs to a name.
    if mark in ("-", "–", "—"):
        tail = after[:80].partition(",")[0]
        return _agency_of(tail) is not None or _is_role(tail) or _is_whereabouts(mark, tail.strip(), before)
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
        return (len(words) > 1 or " " not in before) and not next_name[:1].islower()
    return True


def _clean(name: str) -> str:
    """Return ``name`` without a role, task or place behind it, and punctuation around it."""
    name = name.strip(" ,;:|/*•·-–—")
    if name[:1] == name[-1:] == '"':
        name = name[1:-1].strip()
    task, colon, rest = name.partition(":")
    if colon and rest and (not task.strip() or _TASK_OPENING.fullmatch(task + colon) is not None):
        name = rest.strip()
    bracketed = _BRACKETED_END.fullmatch(name)
    if bracketed is not None and (
        _is_role(bracketed["inside"]) or bracketed["inside"].strip().casefold() in _TASKS | {""}
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


def _with_agency(name: str) -> tuple[str, ...]:
    """Return ("Jane Doe", "Reuters") for "Jane Doe (Reuters)", else ``name`` alone."""
    if name[:1] == "(" and name[-1:] == ")" and agency_of(name[1:-1].strip()) is not None:
        return (name[1:-1].strip(),)
    bracketed = _BRACKETED_END.fullmatch(name)
    if bracketed is None or agency_of(bracketed["inside"].strip()) is None:
        return (name,)
    if bracketed["name"].isupper() and is_known_place(bracketed["name"]):  # "ANKARA (AA)"
        return (bracketed["inside"].strip(),)
    return bracketed["name"], bracketed["inside"].strip()


@lru_cache(maxsize=1024)
def _is_role(text: str) -> bool:
    """Tell whether ``text`` is a role: "Political Editor", "correspondent in Moscow"."""
    words = text.split(" ")
    return len(words) <= 6 and any(map(_is_role_word, words)) and agency_of(words[0]) is None


def _is_role_word(word: str) -> bool:
    return word.casefold().strip(".,:") in _ROLES
