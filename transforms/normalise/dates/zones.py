"""Read time zones as dates print them: offsets, names, and regions."""

import datetime as dt
import re
import zoneinfo
from dataclasses import replace
from functools import lru_cache

from newslake.transforms.normalise.dates.values import NO_ZONE, Refusal, Refused, Zone

_MAX_OFFSET_MINUTES = 14 * 60
"""XML Schema part 2, section 3.2.7.3; the farthest zone in use is Kiribati's."""
_OFFSET = re.compile(
    r"(?:(?:UTC|GMT) ?|[A-Z]{3,4}(?=[+-][0-9]{2}:?[0-9]{2})|(?=[+-][0-9]{2}))([+-])([0-9]{1,2})(?::?([0-9]{2}))?",
    re.ASCII,
)
"""An offset may follow a name: in short after UTC and GMT ("GMT+2"), in full after others."""
_NAME = re.compile(r"[A-Z]{1,5}", re.ASCII)
_REGION = re.compile(r"[A-Z][A-Z_]+(?:/[A-Z0-9_+-]+){1,2}", re.ASCII | re.IGNORECASE)

ZONE_HOURS = {
    # RFC 822 section 5.1
    **{"UT": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    # common in feeds, and with one meaning in news
    **{
        "Z": 0,
        "UTC": 0,
        "WET": 0,
        "WEST": 1,
        "CET": 1,
        "MET": 1,
        "CEST": 2,
        "MEST": 2,
        "EET": 2,
        "EEST": 3,
        "MSK": 3,
        "TRT": 3,
    },
    **{
        "JST": 9,
        "KST": 9,
        "HKT": 8,
        "SGT": 8,
        "PHT": 8,
        "ICT": 7,
        "PKT": 5,
        "NPT": 5.75,
        "AKST": -9,
        "AKDT": -8,
        "HST": -10,
        "HDT": -9,
    },
    **{
        "AEST": 10,
        "AEDT": 11,
        "ACST": 9.5,
        "ACDT": 10.5,
        "AWST": 8,
        "NZST": 12,
        "NZDT": 13,
        "SAST": 2,
        "EAT": 3,
        "CAT": 2,
        "WAT": 1,
    },
    **{"ADT": -3, "NDT": -2.5, "BRT": -3, "BRST": -2, "ART": -3, "CLST": -3, "IDT": 3, "WIB": 7, "WITA": 8, "WIT": 9},
    # also Bangladesh and Bougainville, but their papers seldom print it
    "BST": 1,
    "МСК": 3,
    # German: western, central and eastern European (summer) time
    **{"MEZ": 1, "MESZ": 2, "WEZ": 0, "WESZ": 1, "OEZ": 2, "OESZ": 3},
}
_REGIONS = {"PT": "America/Los_Angeles", "MT": "America/Denver", "CT": "America/Chicago", "ET": "America/New_York"}
"""Names of US zones that do not say whether it is summer time: the date decides."""
AMBIGUOUS_ZONES = frozenset({"IST", "AST", "GST", "AMT", "WST", "SST", "ECT", "PYT", "LMT"})
"""Names that papers of several countries use for their own zone: their offset is unknown.

IST is the time of India, Israel and Ireland.
"""


_US_ZONES = frozenset({"pt", "mt", "ct", "et"})


def is_zone_name(text: str) -> bool:
    """Tell whether a folded word names a zone."""
    name = text.upper()
    return name in ZONE_HOURS or name in AMBIGUOUS_ZONES or text in _US_ZONES


OTHER_HOURS = {"BST": (1, 6, 11), "CST": (-6, -5, 8, 9.5), "CDT": (-5, -4, 10.5), "EST": (-5, 10), "EDT": (-4, 11)}
"""All offsets in hours that these names may mean.

The places are Britain, Bangladesh, Bougainville, the US, Cuba, China and Australia.
"""
_ELSEWHERE = {
    "zh": ("CST",),
    "bn": ("BST",),
    "en-au": ("EST", "EDT", "CST", "CDT"),
    "en-bd": ("BST",),
    "es-cu": ("CST", "CDT"),
}
"""Languages whose papers may mean another zone than the usual one."""


def means_another_zone(name: str, language: str) -> bool:
    """Tell whether papers in a language (BCP 47) may mean another zone by ``name``.

    >>> means_another_zone("CST", "zh-CN"), means_another_zone("CST", "en-US")
    (True, False)
    """
    tag = language.lower().replace("_", "-")
    return any((tag + "-").startswith(known + "-") and name.upper() in names for known, names in _ELSEWHERE.items())


@lru_cache(maxsize=1024)
def zone_of(text: str) -> Zone | Refused:
    """Return the zone that ``text`` prints; a name of many meanings gives an unknown zone.

    Refused if ``text`` is not a zone, or if the offset is impossible.

    >>> zone_of("GMT+2").offset, zone_of("IST").is_unknown
    (datetime.timedelta(seconds=7200), True)
    """
    name = text.upper()
    if match := _OFFSET.fullmatch(name):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if minutes > 59 or hours * 60 + minutes > _MAX_OFFSET_MINUTES:
            return Refused(Refusal.IMPOSSIBLE)
        offset = dt.timedelta(hours=hours, minutes=minutes)
        # UTC from a sender whose zone is unknown (RFC 5322 section 3.3, RFC 3339 section 4.3).
        if not offset and name[0] == "-":
            return Zone(text, is_unknown=True)
        return Zone(text, offset if match[1] == "+" else -offset)
    if (named := ZONE_HOURS.get(name)) is not None:
        return Zone(text, dt.timedelta(hours=named))
    if region := _REGIONS.get(name) or (text if _REGION.fullmatch(text) else None):
        try:
            return Zone(text, region=time_zone(region))
        except ValueError:
            return Refused(Refusal.UNRECOGNISED)
    if _NAME.fullmatch(text) is None:
        return Refused(Refusal.UNRECOGNISED)
    # Military zones were used with either sign (RFC 5322 section 4.3).
    if len(text) == 1 and text != "J":
        return Zone(text, is_unknown=True)
    # Names of zones end in T. Another word may be "PTG", Malay for PM.
    if text in AMBIGUOUS_ZONES or (len(text) >= 3 and text[-1] == "T"):
        return replace(NO_ZONE, printed=text)
    return Refused(Refusal.UNRECOGNISED)  # "PM" is not a zone


def fixed_zone(offset: dt.timedelta) -> Zone:
    """Return a zone that is ``offset`` ahead of UTC and has no printed name."""
    return Zone(None, offset)


@lru_cache(maxsize=256)
def time_zone(name: str) -> dt.tzinfo:
    """Return the zone of an IANA name ("Europe/Amsterdam") or an offset ("+01:00"), as in settings.

    Raises ValueError if ``name`` is neither.
    """
    if name[:1] in ("+", "-"):
        offset = zone_of(name)
        if isinstance(offset, Refused):
            raise ValueError(f"not an offset from UTC: {name!r}; write it as in '+01:00'")
        return dt.timezone(offset.offset)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"not a time zone: {name!r}; write an IANA name such as 'Europe/Amsterdam', or an offset such as '+01:00'"
        ) from error
