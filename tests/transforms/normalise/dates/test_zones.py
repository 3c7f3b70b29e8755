import datetime as dt

import pytest

from newslake.transforms.normalise.dates.values import Refusal, Refused, Zone
from newslake.transforms.normalise.dates.zones import zone_of


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Z", 0), ("gmt", 0), ("+0530", 5.5), ("-03:30", -3.5), ("UTC+1", 1), ("GMT-02:00", -2), ("MST-07:00", -7),
        ("MESZ", 2), ("WIB", 7),
        ("NPT", 5.75),
    ],
)  # fmt: skip
def test_offsets_and_names_of_one_meaning_are_zones(text: str, hours: float) -> None:
    zone = zone_of(text)
    assert isinstance(zone, Zone)
    assert (zone.offset, zone.is_unknown) == (dt.timedelta(hours=hours), False)


@pytest.mark.parametrize("text", ["IST", "AST", "A", "-0000", "XYZT"])
def test_a_name_of_several_meanings_is_no_known_zone(text: str) -> None:
    zone = zone_of(text)
    assert isinstance(zone, Zone)
    assert zone.is_unknown


@pytest.mark.parametrize(
    ("text", "reason"),
    [("+14:01", Refusal.IMPOSSIBLE), ("+02:60", Refusal.IMPOSSIBLE), ("PM", Refusal.UNRECOGNISED),
     ("PTG", Refusal.UNRECOGNISED),
     ("Mars/Olympus", Refusal.UNRECOGNISED), ("J", Refusal.UNRECOGNISED)],
)  # fmt: skip
def test_a_text_that_is_not_a_zone_is_refused(text: str, reason: Refusal) -> None:
    assert zone_of(text) == Refused(reason)


def test_the_offset_of_a_region_depends_on_the_date() -> None:
    zone = zone_of("ET")
    assert isinstance(zone, Zone)
    assert zone.region is not None
    assert zone.region.utcoffset(dt.datetime(2023, 7, 1)) == dt.timedelta(hours=-4)
