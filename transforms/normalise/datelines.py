"""Find the dateline of a news text: the place, agency and day that it opens with.

The Associated Press Stylebook ("datelines") has the place in capitals, then a dash. Agencies put
their name in brackets between the two. Others print "MADRID, 5 nov. (EFE).-", "(ANSA) - ROMA, 20
MAR -", "МОСКВА, 20 марта. /ТАСС/.", "北京3月20日电" or "(서울=연합뉴스)".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from newslake.transforms.normalise.agencies import agency_of, is_picture_agency
from newslake.transforms.normalise.places import LANGUAGES, is_known_place, is_known_region


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline: place and day as printed, canonical names of agencies, and where it ends."""

    place: str | None
    agencies: tuple[str, ...]
    date_text: str | None
    end: int


NO_PLACES = (
    "UPDATE UPDATED BREAKING EXCLUSIVE LIVE WATCH VIDEO VIDEOS PHOTO PHOTOS GALLERY ANALYSIS OPINION EDITORIAL REVIEW "
    "COMMENT INTERVIEW FACTBOX TIMELINE EXPLAINER NEWS NOTE NOTICE ALERT WARNING CORRECTION CORRECTED RETRANSMISSION "
    "SPOILER SPOILERS TLDR IMPORTANT DISCLAIMER QUESTION ANSWER SPONSORED ADVERTISEMENT PODCAST POLL QUIZ READ MORE "
    "SUMMARY ABSTRACT BACKGROUND METHODS RESULTS CONCLUSION TODO EDIT CHAPTER PART SECTION EPISODE VOLUME STEP DAY "
    "WEEK EILMELDUNG LIVEBLOG LIVETICKER KOMMENTAR ANALYSE HINTERGRUND INTERVJU KORRIGIERT WIEDERHOLUNG "
    "ZUSAMMENFASSUNG ANZEIGE WERBUNG DIRECT VIDÉO INFO ENTRETIEN REPORTAGE PORTRAIT ENQUÊTE TRIBUNE DÉCRYPTAGE URGENT "
    "EXCLUSIF OPINIÓN ANÁLISIS ENTREVISTA ÚLTIMA HORA DIRECTO VÍDEO EXCLUSIVA REPORTAJE AGGIORNAMENTO DIRETTA "
    "INTERVISTA ESCLUSIVA LUISTER BEKIJK COLUMN OPINIE UITLEG СРОЧНО ВИДЕО ФОТО ОБНОВЛЕНО ИНТЕРВЬЮ МНЕНИЕ ЭКСКЛЮЗИВ "
    "GÜNCELLEME SON DAKİKA ÖZEL NATO NASA FIFA UEFA UNESCO UNICEF OPEC ASEAN HTML JSON HTTP SPORT SPORTS TENNIS "
    "FOOTBALL SOCCER RUGBY CRICKET HOCKEY BASKETBALL GOLF CYCLING ATHLETICS FUSSBALL HANDBALL VOETBAL WIELRENNEN "
    "FÚTBOL FUTEBOL CALCIO CYCLISME CICLISMO POLITICS POLITIK POLITIQUE POLITIEK POLÍTICA POLITICA ECONOMY BUSINESS "
    "MARKETS STOCKS WIRTSCHAFT ÉCONOMIE ECONOMIE ECONOMÍA ECONOMIA JUSTICE JUSTIZ CULTURE KULTUR CULTUUR CULTURA "
    "WEATHER WETTER MÉTÉO WEER HEALTH SCIENCE TECHNOLOGY WORLD MONDE TRAVEL FOOD RECIPE OBITUARY СПОРТ ПОЛИТИКА "
    "ЭКОНОМИКА КУЛЬТУРА"
)
"""Words in capitals that open a text before a dash and are not places.

They name its kind or section, or a body known by its initials.
"""

_NO_PLACES = frozenset(NO_PLACES.split())
_MAX_HEAD_CHARACTERS = 140
_MAX_PLACE_WORDS = 6

_DASH = r"\s?[-–—―]{1,3}"
_MONTH_DAY = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|"
    r"\d{1,2}\.?(?:º|er|st|nd|rd|th)?\s(?:de\s)?[^\W\d_]{3,12}\.?|[^\W\d_]{3,12}\.?\s\d{1,2})(?:,?\s(?:de\s)?\d{4})?"
)
_BRACKET = r"[(\[/（［]\s?(?P<agency>[^()\[\]（）［］\n]{2,60}?)\s?[)\]/）］]"
_PLACE = r"(?P<place>[^\W\d_][^()\[\]{}<>\"“”:;!?\n—–/|]{1,60}?(?:/[^\W\d_][^()\n,/]{1,30}?)?)"
_DATE = rf"(?:[,.]?\s(?P<date>{_MONTH_DAY}))"
_AGENCY_FIRST = re.compile(
    rf"{_BRACKET}(?:{_DASH}\s?(?:(?P<place>[^\W\d_][^\d\n(),–—:]{{1,40}}?),\s(?P<date>{_MONTH_DAY})\.?{_DASH}\s?)?|:\s)"
)
_BRACKETED = re.compile(rf"{_PLACE}{_DATE}?[,.]?\s?{_BRACKET}(?P<end>\.?{_DASH}\s?|[.:]\s|\s(?=[^\W\d_]|[\"“„«'‘]))")
_CAPITALS = re.compile(
    rf"(?P<place>[^\W\d_][^()\[\]{{}}<>\"“”:;!?\d\n—–/|]{{2,50}}?(?:/[^\W\d_][^()\n,/\d]{{1,30}}?)?){_DATE}?"
    rf"(?:\.?\s[-–—―]{{1,3}}\s|\s?[—―]\s?|\.[-–—]\s?)"
)
_RUSSIAN = re.compile(
    rf"(?P<place>[^\W\d_][^()\d\n.,]{{1,40}})[.,]\s(?P<date>{_MONTH_DAY})\.?\s?[-–—.]?\s"
    rf"(?P<agency>[^\W\d_][^\n.—–]{{2,30}}?)(?:\s[-–—]\s|\.\s)"
)
_CHINESE = re.compile(
    r"[（(【]?(?:(?P<agency>新华社|新華社|中新社|中央社|法新社|路透社|美联社|中新网)(?P<reporter>记者|記者)?|本报|"
    r"本報|本台|人民网|央视网)?"
    r"(?P<place>[\u4e00-\u9fff]{2,8}?)?(?P<date>(?:\d{1,2}月)?\d{1,2}日)(?:电|電|讯|"
    r"訊)[）)】]?\s?(?:[（(][^（）()\n]{2,30}[）)])?\s?"
)
_JAPANESE = re.compile(
    r"[【［\[〔](?:(?P<place>[^\W\d_]{1,12}?)[\s　＝=]*(?P<date>(?:\d{1,2}月)?\d{1,2}日)?[\s　＝=]*)??"
    r"(?P<agency>[^\W\d_]{2,12}?(?:＝|=)?[^\W\d_]{0,8})[】］\]〕]\s?(?:[-–—]\s?)?"
)
_JAPANESE_DAY = re.compile(
    r"[【［\[](?P<date>(?:\d{1,2}月)?\d{1,2}日)\s(?P<agency>[A-Z]{2,8}|[^\W\d_]{2,10})[】］\]]\s?"
)
_KOREAN = re.compile(
    r"[(\[【](?P<place>[^\W\d_]{1,10}(?:[·,]\s?[^\W\d_]{1,10})?)\s?=\s?(?P<agency>[^\W_]{2,10})[)\]】]\s?"
    r"(?:[^=\n]{2,40}?(?:기자|특파원|통신원)\s?=\s?)?"
)
_CITIES = re.compile(r"[/,]|\s[-–]\s|\s(?:and|und|et|y|e|en|og|och|i|и)\s")
_DESK = re.compile(r"^[A-Za-z]{2,5}/[a-z]{2,3}$")
"""An agency with the sign of its desk, such as "dpa/lnw", which stands in datelines only."""
_OUTLET = re.compile(r"[\w-]{2,30}\.(?:com|net|org|co|id|in|tr|my|ph|co\.\w\w)(?:\.\w\w)?", re.IGNORECASE)
_PARTS = re.compile(r"\s?[/,+&|=＝-]\s?|\s(?:and|und|et|y|e|en|og|och|и)\s")


def split_dateline(paragraph: str) -> Dateline | None:
    """Return the dateline that ``paragraph`` opens with, or None if there is no clear one.

    Before an agency in brackets, a place counts if it is in capitals, before a date, or known. An
    agency in brackets also counts alone. Without an agency, the place must be in capitals. It must
    also be a capital or great city, or have a date, country or state behind it: sections ("TENNIS -
    "), names and headings look the same, and the length of the dash tells nothing.

    >>> split_dateline("WASHINGTON, March 20 (Reuters) - The council met.")
    Dateline(place='WASHINGTON', agencies=('Reuters',), date_text='March 20', end=33)
    >>> split_dateline("PARIJS - De raad kwam bijeen.").place
    'PARIJS'
    """
    head = paragraph[:_MAX_HEAD_CHARACTERS]
    first = head[:1]
    if first.isascii() and not (first and _may_open(head)):
        return None
    if first in "([（［【〔":
        return _agency_first(head)
    if not first.isalpha():
        return None
    if first > "\u2e7f":
        return _chinese(head)
    return _bracketed(head) or _russian(head) or _capitals(head)


_OPENING = re.compile(r"[(/—―]|[ .][-–]")


def _may_open(head: str) -> bool:
    """Tell fast whether ``head`` may open with a dateline: it holds a bracket, a slash or a dash.

    A True proves nothing. ``head`` begins with an ASCII character; Chinese datelines need no mark.
    """
    return _OPENING.search(head) is not None or head[0] == "["


def _agency_first(head: str) -> Dateline | None:
    korean = _KOREAN.match(head)
    if korean is not None and agency_of(korean["place"]) is None and (agencies := _agencies(korean["agency"])):
        return Dateline(korean["place"], agencies, None, korean.end())
    day = _JAPANESE_DAY.match(head)
    if day is not None and (agencies := _agencies(day["agency"])):
        return Dateline(None, agencies, day["date"], day.end())
    if head[0] in "【［[〔" and (japanese := _JAPANESE.match(head)) is not None:
        found = _japanese(japanese)
        if found is not None:
            return found
    chinese = _chinese(head)
    if chinese is not None:
        return chinese
    match = _AGENCY_FIRST.match(head)
    if match is None or not (agencies := _agencies(match["agency"])):
        return None
    if match["place"] is not None and not match["place"].isupper():
        return Dateline(None, agencies, None, head.index(match["place"], match.end("agency")))
    return Dateline(match["place"], agencies, match["date"], match.end())


def _japanese(match: re.Match[str]) -> Dateline | None:
    """Read "【ソウル聯合ニュース】", "【ワシントン＝共同】" or "［東京 20日 ロイター］".

    The agency is the longest ending that is known.
    """
    inside = match[0].strip("【】［］[]〔〕 -–—")
    date = re.search(r"(?:\d{1,2}月)?\d{1,2}日", inside)
    named = inside if date is None else inside[: date.start()] + " " + inside[date.end() :]
    for start in range(len(named)):
        agency = agency_of(named[start:].strip(" 　＝="))
        if agency is not None:
            place = named[:start].strip(" 　＝=、") or None
            if place is not None and (other := agency_of(place)) is not None:  # "【AFP=時事】"
                return Dateline(None, tuple(dict.fromkeys((other, agency))), date[0] if date else None, match.end())
            return Dateline(place, (agency,), date[0] if date else None, match.end())
    return None


def _chinese(head: str) -> Dateline | None:
    match = _CHINESE.match(head)
    if match is None:
        return None
    # The name of the reporter stands before the place, and no space between them.
    place = None if match["reporter"] else match["place"]
    return Dateline(place, _agencies(match["agency"]) if match["agency"] else (), match["date"], match.end())


def _bracketed(head: str) -> Dateline | None:
    if "(" not in head and "/" not in head and "（" not in head and "[" not in head:
        return None
    match = _BRACKETED.match(head)
    if match is None or not (agencies := _agencies(match["agency"])):
        return None
    place = _without_weekday(_printed_place(match))
    follows = match["end"].strip() + head[match.end() : match.end() + 1]
    if not _is_place(place) or agency_of(place) is not None:
        return None
    if not place.isupper() and (follows[-1:].islower() or (len(follows) == 1 and place.count(" ") > 2)):
        # "The premier (AFP) said", "Ada Quill, a premier of old (AFP) Then"
        return None
    city = place.partition(",")[0]
    if is_weekday(city) or any(word.strip(".,'’") in _NO_PLACES for word in city.split(" ")):
        return Dateline(None, agencies, _printed_date(match), match.end())  # "VIDEO (AP) - "
    is_sure = (
        city.isupper()
        or match["date"] is not None
        or _DESK.search(match["agency"]) is not None
        or _holds_known_place(place)
    )
    return Dateline(place if is_sure else None, agencies, _printed_date(match), match.end())  # "Apple (Reuters) - "


def _holds_known_place(place: str) -> bool:
    """Tell whether a city of ``place`` is known: "Lyon", "Lyon, France", "Köln/Bonn"."""
    return any(is_known_place(city.strip()) for city in _CITIES.split(place))


def _without_weekday(place: str) -> str:
    """Return ``place`` without a day of the week behind it: "LONDON, Tuesday" becomes "LONDON"."""
    city, comma, day = place.rpartition(",")
    return city.rstrip() if comma and is_weekday(day.strip(" .")) else place


def _printed_place(match: re.Match[str]) -> str:
    """Return the place, with the full stop of a region's short form ("PORTLAND, Ore.")."""
    place = match["place"].rstrip(" ,")
    return place + "." if "," in place and match.string[match.end("place") :][:1] == "." else place


def _printed_date(match: re.Match[str]) -> str | None:
    """Return the day. Only the short form of a month keeps its full stop."""
    date: str | None = match["date"]
    return date.rstrip(".") if date is not None and len(date.split(" ")[-1]) > 5 else date


def _capitals(head: str) -> Dateline | None:
    if not head[1:2].isupper() and head[1:2] not in "'’. ":
        return None
    match = _CAPITALS.match(head)
    if match is None or not head[match.end() :].strip():
        return None
    place = _without_weekday(_printed_place(match))
    city, _, region = place.partition(",")
    is_sure = place != _printed_place(match) or match["date"] is not None
    agency = agency_of(place.rpartition(",")[2].strip()) if "," in place else None
    if agency is not None:  # "PARIJS, ANP -"
        city = place = place.rpartition(",")[0].rstrip()
    elif _OUTLET.fullmatch(region.strip()) is not None:  # "JAKARTA, KOMPAS.com -"
        place, is_sure = city, True
    letters = sum(map(str.isalpha, city))
    if (
        letters < 3
        or (match["date"] is None and agency is None and head[match.end()].islower())
        or not city.isupper()
        or not _is_place(place)
        or agency_of(place) is not None
    ):
        return None
    if any(word.strip(".,'’") in _NO_PLACES for word in city.split(" ")) or city.count(" ") > 3 or is_weekday(city):
        return None
    if not (is_sure or agency or is_known_region(region.strip()) or _holds_known_place(city)):
        return None  # "TENNIS - ", "ADA QUILL - "
    return Dateline(place, (agency,) if agency else (), _printed_date(match), match.end())


def is_weekday(word: str) -> bool:
    """Tell whether ``word`` is a day of the week, written out, in any of ``LANGUAGES``."""
    return word.casefold() in _calendar_names("days")


def is_month(word: str) -> bool:
    """Tell whether ``word`` is a month, written out or short, in any of ``LANGUAGES``."""
    return word.casefold().rstrip(".") in _calendar_names("months")


@lru_cache(maxsize=2)
def _calendar_names(table: str) -> frozenset[str]:
    from newslake.transforms.normalise.dates.words import locale_data

    found: set[str] = set()
    for language in LANGUAGES.split():
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated") if table == "months" else ("wide",):
                names = locale_data(language).get(table, {}).get(context, {}).get(width, {})
                if isinstance(names, Mapping):  # else a reference to another width
                    found.update(name.casefold().rstrip(".") for name in names.values() if isinstance(name, str))
    return frozenset(found)


def _russian(head: str) -> Dateline | None:
    """Read place, day, and agency without brackets: "Москва. 20 марта. ИНТЕРФАКС -"."""
    match = _RUSSIAN.match(head)
    if match is None or not (agencies := _agencies(match["agency"])) or not _is_place(match["place"]):
        return None
    return Dateline(match["place"], agencies, _printed_date(match), match.end())


def _is_place(text: str) -> bool:
    """Tell whether ``text`` looks like a place: few words, and capitals except in particles.

    A region may follow a comma.
    """
    words = text.replace(",", " ").replace("/", " ").split()
    if not 0 < len(words) <= _MAX_PLACE_WORDS:
        return False
    return all(
        not word[0].islower() or (len(word) <= 4 and 0 < place < len(words) - 1) for place, word in enumerate(words)
    )


@lru_cache(maxsize=1024)
def _agencies(text: str) -> tuple[str, ...]:
    """Return the news agencies that ``text`` lists, or () if it has other long words.

    Signs of desks and initials beside them do not count: "dpa/tmn" is ("dpa",).
    """
    if (agency := agency_of(text)) is not None:
        return () if is_picture_agency(agency) and agency != "EPA" else (agency,)
    found = []
    for part in _PARTS.split(text):
        agency = agency_of(part)
        if agency is not None and not is_picture_agency(agency):
            found.append(agency)
        elif len(part) > 12 or " " in part:
            return ()
    return tuple(dict.fromkeys(found))
