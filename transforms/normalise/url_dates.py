"""Find the date in a URL or a file name: the last resort if an article has no other date.

Newsrooms file their pages by day: ``/2023/03/20/slug``, ``/2023/mar/20/slug``, ``/20230320/``,
``/20230320-slug``. A date needs a year of four digits from 1990 to 2100, a day of the calendar, and
no letter or digit beside it. If two dates disagree in more than precision, there is no date,
because a wrong date is worse than none.

Not read are the query, a day at the end of a slug ("d-day-1994-06-06") and the folders of
calendars: these dates often tell what the page is about.
"""

import datetime as dt
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
"""The web begins in 1990; four digits outside these years count something else."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""English only: in paths, other languages write months as numbers."""

_YEAR = r"(?P<year>[12][0-9]{3})"
_MONTH = r"(?P<month>[0-9]{2})"
_MONTH_OR_YEAR = r"(?P<month_or_year>[0-9]{2})"
"""A month behind a hyphen: "2011-11". "2011-12" is not read, because it is a season or a budget
year.
"""
_DAY = r"(?P<day>[0-9]{2})"
_MONTH_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
_TIME = r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"
_END = r"(?=/|\Z)"

_FOLDERS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"/{_YEAR}/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}}){_END}",
        rf"/{_YEAR}/{_MONTH_NAME}/(?P<day>[0-9]{{1,2}}){_END}",
        rf"/{_YEAR}/{_MONTH}-?{_DAY}{_END}",
        rf"/{_YEAR}-?{_MONTH}/{_DAY}{_END}",
        rf"/{_YEAR}-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}}){_END}",
        rf"/{_YEAR}{_MONTH}{_DAY}{_END}",
        # day or month first: read if one of them is above 12
        rf"/(?P<one>[0-9]{{2}})/(?P<other>[0-9]{{2}})/{_YEAR}{_END}",
    )
)
_MONTH_FOLDERS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # two digits, because "/2023/3/" may be a third page; not before a day that does not exist
        rf"/{_YEAR}/{_MONTH}{_END}(?!/[0-9]{{2}}{_END})",
        rf"/{_YEAR}/{_MONTH_NAME}{_END}",
        rf"/{_YEAR}-{_MONTH_OR_YEAR}{_END}",
    )
)
_SLUGS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # at the start only: elsewhere a slug names the day that it is about
        rf"\A{_YEAR}(?P<dash>[-_]){_MONTH}(?P=dash){_DAY}(?=[-_T]|\Z)",
        rf"\At?{_YEAR}{_MONTH}{_DAY}(?:T?{_TIME}Z?)?(?=[-_])",  # "t20230320_7": TRS, a Chinese system
        rf"\A{_YEAR}{_MONTH}{_DAY}T?{_TIME}Z?\Z",
        # with the time of day, it is not the number of an article
        rf"(?<=[-_]){_YEAR}{_MONTH}{_DAY}{_TIME}(?=[-_]|\Z)",
        rf"(?<=[-_]){_YEAR}{_MONTH}{_DAY}(?=-p[0-9][0-9a-z]{{4}}\Z)",  # Nine Entertainment: slug-20230320-p5ctab
    )
)
_FILE_NAMES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![0-9A-Za-z]){_YEAR}(?P<dash>[-_.]){_MONTH}(?P=dash){_DAY}(?=T[0-9]{{2}}|[^0-9A-Za-z]|\Z)",
        rf"(?<![0-9A-Za-z]){_YEAR}{_MONTH}{_DAY}(?:T?{_TIME}Z?)?(?![0-9A-Za-z])",
    )
)
_MONTH_FILE_NAMES = (
    re.compile(rf"\A{_YEAR}-{_MONTH_OR_YEAR}(?=[-_][A-Za-z]|\Z)"),
    re.compile(rf"(?<=[-_.]){_YEAR}-{_MONTH_OR_YEAR}\Z"),
)

_ANY_DAY = re.compile(r"(?:19|20|21)[0-9]{2}([-_.]?)[0-9]{2}\1[0-9]{2}(?![0-9])")
_COMPACT_FOLDER = re.compile(rf"/{_YEAR}{_MONTH}{_DAY}{_END}")
_ABOUT_DAYS_LISTED = """agenda almanac birthdays booking calendar calendario calendrier cinema days efemerides
    ephemerides event events evenement evenementen evenements evento eventos fixtures games guide history hotel
    hotels jadwal kalender kalendarz listings lottery match matches on-this-day programme programmes
    program results schedule score scores search shop termine this-day timeline timelines tv tv-guide tvgids
    veranstaltung veranstaltungen weather whats-on"""
_ABOUT_DAYS = frozenset(_ABOUT_DAYS_LISTED.split())
"""Folders of pages about what happens on a day."""
_NUMBERED_LISTED = """call ean fax file id ids isbn item items job jobs member node order part phone product products
    profile property sku tel telephone user users"""
_NUMBERED = frozenset(_NUMBERED_LISTED.split())
"""Folders whose numbers are names."""
_PAGES_LISTED = """article articles artikel content detail details doc document news p page photo photos post posts
    show story stories video videos view"""
_NUMBERED_PAGES = _NUMBERED | frozenset(_PAGES_LISTED.split())
"""Also folders whose numbers may be names if nothing follows them."""
_COUNTING = re.compile(
    r"(?:\A|[-_. ])(?:best|chapter|issue|model|nr|no|page|part|top|v|version|vol|volume)[-_. ]\Z", re.IGNORECASE
)
"""Words before a number in a file name: "top-2000-10"."""

_WEB_ADDRESS = re.compile(r"https?://[^/?#]*(?P<path>/[^?#]*)", re.IGNORECASE)
_ANY_YEAR = re.compile("(?:19|20|21)[0-9]{2}")
_EMBEDDED = re.compile(r"https?:/+[^/]*(?=/|\Z)", re.IGNORECASE)
"""A URL in the path of an archive. The date before it is that of the archived copy."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
"""Eight hex digits may look like a day."""
_EXTENSIONS = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]{0,9}){1,3}\Z")


def date_in_url(url: str) -> str | None:
    """Return the date in the path of an http or https URL: "2023-03-20" or "2023-03", or None.

    Folders come before the slug, whose digits may be the article's number. None if no date is sure.

    >>> date_in_url("https://www.example.org/world/2023/mar/20/two-ships-sink")
    '2023-03-20'
    >>> date_in_url("https://www.example.org/2023-03/two-ships-sink")
    '2023-03'
    >>> date_in_url("https://www.example.org/calendar/2023/03/20/") is None
    True
    """
    match = _WEB_ADDRESS.match(url.strip())
    if match is None or _ANY_YEAR.search(match["path"]) is None:
        return None
    path = urllib.parse.unquote(match["path"])
    if embedded := list(_EMBEDDED.finditer(path)):
        path = path[embedded[-1].end() :]
    folders, _, slug = path.rpartition("/")
    days_of_folders = _days_of_folders(f"{folders}/{'slug' if slug.strip('-0123456789') else slug}")
    if days_of_folders is None:
        return None
    if days_of_folders:
        return _finest(days_of_folders)
    path = _without_numbered_folders(path)
    slug = _UUID.sub("", _EXTENSIONS.sub("", path.rstrip("/").rpartition("/")[2]))
    days = set(_found(_SLUGS, slug)) if len(_ANY_DAY.findall(slug)) < 2 else set()
    months = set(_found(_MONTH_FOLDERS, path))
    if len(months) == 1:
        days = {day for day in days if day.startswith(tuple(months))}
    return _finest(months | days)


@lru_cache(maxsize=4096)  # an outlet's articles of one day are in a few folders
def _days_of_folders(path: str) -> frozenset[str] | None:
    """Return the days in the folders of ``path``, or None if they are those of a calendar.

    The last part of ``path`` only tells whether the slug is a number.
    """
    if not _ABOUT_DAYS.isdisjoint(path.lower().split("/")[:-1]):
        return None
    return frozenset(_found(_FOLDERS, _without_numbered_folders(path)))


def _without_numbered_folders(path: str) -> str:
    """Return ``path`` without folders of eight digits that are a number and not a day.

    The folder before tells: digits behind "product" are a number. Behind "news" they are a number
    only if nothing follows them. Whether the day exists does not matter. Other digits stay.
    """
    return _COMPACT_FOLDER.sub(lambda match: match[0] if _is_day_folder(path, match) else "/", path)


def _is_day_folder(path: str, match: re.Match[str]) -> bool:
    """Tell whether eight digits are a day, and not the number of a product, a person or a page."""
    before = path[: match.start()].rpartition("/")[2].lower()
    return before not in (_NUMBERED if path[match.end() :].strip("/") else _NUMBERED_PAGES)


def date_in_filename(uri: str) -> str | None:
    """Return the date in the last part of a path or URI: "2023-03-20" or "2023-03", or None.

    None if no date is sure.

    >>> date_in_filename("archive/20230320_1405_ap.json")
    '2023-03-20'
    >>> date_in_filename("gs://bucket/news-2023-03.jsonl.gz")
    '2023-03'
    """
    if "://" in uri:
        uri = urllib.parse.unquote(re.split("[?#]", uri, maxsplit=1)[0])
    name = _UUID.sub("", _EXTENSIONS.sub("", re.split(r"[/\\]", uri)[-1]))
    months = (form.search(name) for form in _MONTH_FILE_NAMES)
    if any(match and _COUNTING.search(name[: match.start()]) for match in months):
        return None
    return _finest({*_found(_FILE_NAMES, name), *_found(_MONTH_FILE_NAMES, name)})


def _found(forms: Iterable[re.Pattern[str]], text: str) -> Iterator[str]:
    for form in forms:
        for match in form.finditer(text):
            if (date := _iso(match.groupdict())) is not None:
                yield date


def _iso(parts: dict[str, str | None]) -> str | None:
    """Return the date of the groups of a form; None if it is impossible, unsure or too far off."""
    year = int(parts["year"] or 0)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    day = parts.get("day")
    if name := parts.get("name"):
        month = _MONTHS.index(name[:3].lower()) + 1
    elif "one" in parts:
        one, other = int(parts["one"] or 0), int(parts["other"] or 0)
        if (one > 12) == (other > 12) and one != other:
            return None
        month, day = min(one, other), str(max(one, other))
    elif "month_or_year" in parts:
        month = int(parts["month_or_year"] or 0)
        if month == (year + 1) % 100:
            return None
    else:
        month = int(parts["month"] or 0)
        # "/2023/03/2/" is the second page of March
        if day and len(day) < len(parts["month"] or ""):
            day = None
    try:
        date = dt.date(year, month, int(day) if day else 1)
    except ValueError:
        return None
    return date.isoformat() if day else f"{date:%Y-%m}"


def _finest(dates: Set[str]) -> str | None:
    """Return the one date of which all others are a coarser form, or None."""
    if not dates:
        return None
    finest = max(dates, key=len)
    return finest if all(finest.startswith(date) for date in dates) else None
