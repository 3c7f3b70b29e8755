"""Bylines: who wrote a text, name by name.

RSS 2.0 gives an author as "jane@example.org (Jane Doe)", RFC 5322 writes "Jane Doe <jane@example.org>", and pages print "By A, B and C",
"Von A und B, dpa", "Door onze correspondent A", "A; B", in any language.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from transforms.normalise.agencies import agency_of

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
"""Languages -> words before the first name. They part from it by a space or a colon."""

AMBIGUOUS_OPENINGS = "von|van|de|di|av|af|från|od|от|του|της|haber"
"""Those that begin names too ("Di Maria"): they count with a capital, where two capitals follow or an agency."""

UNSURE_OPENINGS = ("van", "de")
"""Those of them that begin so many names that they count before "our correspondent" only."""

CONJUNCTIONS = "and|und|et|og|och|ja|ve|və|dan|та|και|kaj|és|și|si|eta|agus|ir|un|dhe|with|mit|avec|con|med|met"
"""Words between two names; in lower case only, but in a byline of capitals."""

SURNAME_CONJUNCTIONS = "y|e|i|a|en|na|ac|at|и|і"
"""Those that also stand inside a surname ("Ramón y Cajal") or before a place ("en Madrid"): two words must follow, or one stand before."""

ROLES = (
    "editor editors correspondent correspondents reporter reporters writer writers columnist columnists contributor contributors "
    "journalist journalists producer producers photographer editor-in-chief freelancer intern critic anchor presenter blogger "
    "commentator redakteur redakteurin redaktor redaktorin korrespondent korrespondentin korrespondenten reporterin chefredakteur "
    "chefredakteurin volontär volontärin autor autorin journalistin verslaggever verslaggeefster redacteur redactrice "
    "correspondente hoofdredacteur journaliste columniste correspondant correspondante rédacteur rédactrice envoyé envoyée "
    "chroniqueur periodista corresponsal redactor redactora reportero reportera enviado enviada columnista editora jornalista "
    "repórter colunista giornalista corrispondente inviato inviata redattore redattrice redaktør redaktör toimittaja "
    "kirjeenvaihtaja dziennikarz dziennikarka redaktorka novinář novinářka újságíró jurnalist muhabir muhabiri editör wartawan "
    "jurnalis журналист журналистка корреспондент корреспондентка обозреватель редактор журналіст журналістка кореспондент "
    "кореспондентка"
)
"""Words of a role, in lower case: what holds one is no name behind a comma, nor behind "our" before the first name."""

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
"""Last words of a name that is a group's: an "and" inside it joins no two names."""

NOBODIES = {
    "agencies", "agency", "news agencies", "and agencies", "wire services", "wire reports", "staff", "staff reporter", "staff reporters",
    "staff writer", "our correspondent", "guest author", "web desk", "news desk", "newsdesk", "editors", "editor", "admin", "administrator",
    "redaktion", "die redaktion", "redactie", "de redactie", "redaktionen", "redazione", "rédaction", "la rédaction", "redacción",
    "la redacción", "redaksi", "redação", "a redação", "agenturen", "agences", "agencias", "agenzie", "byråer",
}  # fmt: skip
"""What stands in the place of a name and names nobody, in lower case."""

_MAX_BYLINE_CHARACTERS = 1_000
"""A longer text is no byline, and comes back whole."""

_OPENINGS = sorted({word for line in OPENINGS.values() for word in line.split("|")}, key=lambda word: (-len(word), word))
_OPENING = re.compile(rf"(?:{'|'.join(_OPENINGS)})(?:\s?[:：／]\s?|\s)", re.IGNORECASE)
_AMBIGUOUS_OPENING = re.compile(rf"(?P<word>{AMBIGUOUS_OPENINGS})(?P<colon>\s?[:：])?\s", re.IGNORECASE)
_TWO_CAPITALS = re.compile(r"[^\W\d_a-z]\S*\s(?:[a-z]\S{0,3}\s){0,3}[^\W\d_a-z]")
_OUR = "onze|our|unserem|unserer|unser|notre|nuestro|nuestra|nosso|nossa|il nostro|la nostra|vår|vores|naszego|nasz|нашего|наш"
_OWN_ROLE = re.compile(rf"(?:(?:van|from|by|de|von)\s)?(?:{_OUR})\s(?P<role>(?:[^\W\d_][\w-]*\s){{1,4}})(?=[^\W\d_])", re.IGNORECASE)
_THERE = re.compile(r"(?:in|à|a|en|aus|uit|te)\s\S+\s(?=\S+\s\S)")
_CHINESE_REPORTER = re.compile(r"(?:記者|记者)(?P<names>[^／/]{2,20})[／/][^／/]{0,8}(?:報導|报道|報道)")
_SEPARATOR = re.compile(
    rf"\s?[;|/•·、，；／｜\n]\s?|\s?,\s?(?:(?:{CONJUNCTIONS}|{SURNAME_CONJUNCTIONS}|&)\s)?|\s(?:&|\+|[-–—])\s|\s(?:{CONJUNCTIONS}|{SURNAME_CONJUNCTIONS})\s"
)
_CAPITAL_CONJUNCTION = re.compile(rf"\s(?:{CONJUNCTIONS})\s", re.IGNORECASE)
_SURNAME_CONJUNCTION = frozenset(SURNAME_CONJUNCTIONS.split("|"))
_ADDRESS = r"[^\s@<>()\[\],;]{1,64}@[^\s@<>()\[\],;]{1,255}"
_ADDRESS_FIRST = re.compile(rf"(?<![^\s,;|])(?:mailto:)?{_ADDRESS}\s?\((?P<name>[^()]{{1,200}})\)")
_BRACKETED_ADDRESS = re.compile(rf"\s?[<(\[](?:mailto:)?{_ADDRESS}[>)\]]")
_BEHIND_NAME = re.compile(
    r"(?:jr|sr|ii|iii|iv|v|phd|ph\.d|md|m\.d|esq|inc|ltd|llc|gmbh|mba|ma|dphil|rn|frs|obe|mbe|cbe|mp|qc|kc)\.?", re.IGNORECASE
)
_IN_PLACE = re.compile(r"(?P<name>\S+\s\S.*?)\s(?:in|à|aus|uit|desde|из|reporting from)\s(?P<place>[^\W\d_a-z]\S*(?:\s\S+){0,2})")
_BRACKETED_END = re.compile(r"(?P<name>[^()]+?)\s?\((?P<inside>[^()]*)\)")


_AGENCY_STAFF = re.compile(
    r"\s(?:staff|staff writers?|news agency|news|photo|reporters?|writers?|correspondents?|redaktion|contributors?)$", re.IGNORECASE
)
_ROLES = frozenset(ROLES.split())
_TASKS = {
    "",
    "text",
    "texte",
    "texto",
    "testo",
    "tekst",
    "foto",
    "fotos",
    "photo",
    "photos",
    "video",
    "videos",
    "grafik",
    "graphic",
    "graphics",
}
"""What a name did, before a colon or in brackets behind it."""


def split_byline(text: str) -> tuple[str, ...]:
    """Every name of a byline in its order, agencies and outlets too, as printed; () for an empty one.

    Words such as "By", e-mail addresses beside a name, roles behind a comma and the place of a correspondent are not names. A byline that
    is one name, or that can't be split for sure, is one name. "Doe, Jane" (one comma, one word on each side, no agency) is one name turned
    round: a catalogue's way to write it, while two authors known by one word each are rare; it comes back as "Jane Doe".

    >>> split_byline("By Jane Doe, John Roe and Reuters")
    ('Jane Doe', 'John Roe', 'Reuters')
    >>> split_byline("jane@example.org (Jane Doe)")
    ('Jane Doe',)
    """
    text = " ".join(text.split())
    if not text or len(text) > _MAX_BYLINE_CHARACTERS or "://" in text or agency_of(text) is not None:
        return (text,) if text else ()
    if "@" in text:
        text = _without_addresses(text)
    chinese = _CHINESE_REPORTER.fullmatch(text)
    body = chinese["names"] if chinese else _without_opening(text)
    if body.isupper() and " " in body:
        body = _CAPITAL_CONJUNCTION.sub(lambda match: match[0].lower(), body)
    if ";" in body:
        names = [name for part in body.split(";") for name in _inverted(part.strip()) or _split(part.strip())]
    else:
        names = list(_inverted(body) or _split(body))
    names = [name for part in names for name in _with_agency(_clean(part)) if name]
    return tuple(dict.fromkeys(names)) or (text,)


def people_and_agencies(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of a byline as (people and outlets, canonical names of agencies), each once; "agencies" or "staff" is neither.

    >>> people_and_agencies(["Jane Doe", "REUTERS", "agencies"])
    (('Jane Doe',), ('Reuters',))
    """
    people: dict[str, None] = {}
    agencies: dict[str, None] = {}
    for name in names:
        agency = _agency_of(name)
        if agency is not None:
            agencies[agency] = None
        elif name.casefold().strip(" .") not in NOBODIES:
            people[name] = None
    return tuple(people), tuple(agencies)


def _agency_of(name: str) -> str | None:
    """The agency that ``name`` is or works under: "Reuters", "AFP staff", "AP Business Writer"."""
    if len(name) > _MAX_BYLINE_CHARACTERS:
        return None
    first, _, rest = name.partition(" ")
    return agency_of(name) or agency_of(_AGENCY_STAFF.sub("", name)) or (agency_of(first) if _is_role(rest) else None)


def _without_addresses(text: str) -> str:
    named = _ADDRESS_FIRST.sub(lambda match: f" {match['name']} ", text)
    return " ".join(_BRACKETED_ADDRESS.sub(" ", named).split()) or text


def _without_opening(text: str) -> str:
    """``text`` without "By" and its like, nor "our correspondent" before a name."""
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
    """("Jane Doe",) for "Doe, Jane"; else ()."""
    surname, _, given = text.partition(", ")
    if not surname or not given or "," in given or " " in given or agency_of(surname) or agency_of(given):
        return ()
    words = surname.split(" ")
    if len(words) > 1 and not all(word.islower() for word in words[:-1]):
        return ()
    if not (surname[0].isupper() or len(words) > 1) or not given[0].isupper() or _is_role_word(given) or _BEHIND_NAME.fullmatch(given):
        return ()
    if (given.isupper() and len(given) > 2 and "." not in given) or given.casefold() in NOBODIES or surname.casefold() in NOBODIES:
        return ()  # "Jane, BBC"
    return (f"{given} {surname}",)


def _split(text: str) -> list[str]:
    parts: list[str] = []
    start, depth, counted = 0, 0, 0
    for separator in _SEPARATOR.finditer(text):
        depth += text.count("(", counted, separator.start()) - text.count(")", counted, separator.start())
        counted = separator.start()
        if depth > 0 or separator.start() == start:
            continue
        before, after = text[start : separator.start()].strip(), text[separator.end() :]
        if not _parts(separator[0], before, after):
            continue
        parts.append(before)
        start = separator.end()
    parts.append(text[start:].strip())
    names: list[str] = []
    for part in parts:
        if names and _BEHIND_NAME.fullmatch(part):
            names[-1] = f"{names[-1]}, {part}"
        elif names and _is_role(part):
            continue
        elif part:
            names.append(part)
    return names


def _parts(separator: str, before: str, after: str) -> bool:
    """Whether ``separator`` stands between two names."""
    mark = separator.strip()
    if mark in ("-", "–", "—"):  # between a name and an agency or role; else it belongs to a name
        tail = after[:80].partition(",")[0]
        return _agency_of(tail) is not None or _is_role(tail)
    if mark != "&" and not (mark and mark[0].isalpha()):
        return True
    next_name = _SEPARATOR.split(after, maxsplit=1)[0] if after else ""
    words = next_name.split(" ")
    if next_name.casefold() in NOBODIES:
        return True
    if next_name.casefold().rpartition(" ")[2] in TEAMS and " " not in before:
        return False
    if mark == "&" and " " not in before and len(words) == 1:  # "Quill & Ink" is a firm
        return False
    if mark in _SURNAME_CONJUNCTION:
        return (len(words) > 1 or " " not in before) and not next_name[:1].islower()
    return True


def _clean(name: str) -> str:
    """``name`` without a role, place or agency's bracket behind it, nor punctuation around."""
    name = name.strip(" ,;:|/*•·-–—")
    if name[:1] == name[-1:] == '"':
        name = name[1:-1].strip()
    task, colon, rest = name.partition(":")
    if colon and rest and task.strip().casefold() in _TASKS:
        name = rest.strip()
    bracketed = _BRACKETED_END.fullmatch(name)
    if bracketed is not None and (_is_role(bracketed["inside"]) or bracketed["inside"].strip().casefold() in _TASKS):
        name = bracketed["name"]
    place = _IN_PLACE.fullmatch(name)
    if place is not None and not place["name"][0].islower():
        name = place["name"]
    return name[:-1] if name.endswith(".") and len(name.rpartition(" ")[2]) > 4 else name


def _with_agency(name: str) -> tuple[str, ...]:
    """("Jane Doe", "Reuters") for "Jane Doe (Reuters)"."""
    bracketed = _BRACKETED_END.fullmatch(name)
    if bracketed is None or agency_of(bracketed["inside"].strip()) is None:
        return (name,)
    return bracketed["name"], bracketed["inside"].strip()


@lru_cache(maxsize=1024)
def _is_role(text: str) -> bool:
    """Whether ``text`` is a role: "Political Editor", "correspondent in Moscow"; no team, which may have written the text."""
    words = text.split(" ")
    return len(words) <= 6 and any(map(_is_role_word, words)) and agency_of(words[0]) is None


def _is_role_word(word: str) -> bool:
    return word.casefold().strip(".,:") in _ROLES
