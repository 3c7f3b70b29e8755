import pytest
from commandline import SHARED
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.feed_state import FeedHints
from newslake.transforms.feeds.hints import read_hints


def rss(channel: str, items: str = "<item><title>A</title></item>", after: str = "") -> bytes:
    return f'<?xml version="1.0"?>\n<rss version="2.0"><channel>{channel}{items}{after}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl> 5 </ttl>", 300),
        ("<TTL>5</TTL>", 300),
        ("<ttl\n>5\n</ttl>", 300),
        ("<ttl><![CDATA[5]]></ttl>", 300),
        ("<ttl>1.5</ttl>", 60),
        ("<ttl></ttl>", 0),
        ("<ttl>-5</ttl>", 0),
        ("<ttl>soon</ttl>", 0),
        ("<ttl>" + "9" * 5000 + "</ttl>", 0),
        ("<!-- <ttl>5</ttl> -->", 0),
        ("<description><![CDATA[<ttl>5</ttl>]]></description>", 0),
        ("<description>&lt;ttl>5&lt;/ttl></description>", 0),
        ("<media:ttl>5</media:ttl>", 0),
        ("", 0),
    ],
)
def test_ttl_is_in_minutes(channel: str, seconds: int) -> None:
    assert read_hints(rss(channel)).ttl_seconds == seconds


ENTRY_WITH_HINTS = "<ttl>5</ttl><skipHours><hour>3</hour></skipHours><sy:updatePeriod>daily</sy:updatePeriod>"


@pytest.mark.parametrize(
    "item",
    [
        f"<item>{ENTRY_WITH_HINTS}</item>",
        f"<item rdf:about='x'>{ENTRY_WITH_HINTS}</item>",
        f"<rss:item>{ENTRY_WITH_HINTS}</rss:item>",
        f"<entry>{ENTRY_WITH_HINTS}</entry>",
        f"<item><description><![CDATA[</item>{ENTRY_WITH_HINTS}]]></description></item>",
        f"<item><description><![CDATA[</item>{ENTRY_WITH_HINTS}",
        f"<item><!-- </item>{ENTRY_WITH_HINTS} --></item>",
        f"<item><title>A</title></item><item>{ENTRY_WITH_HINTS}</item>",
        f"<item>{ENTRY_WITH_HINTS}",
    ],
)
def test_the_text_of_an_entry_gives_no_hint(item: str) -> None:
    assert read_hints(rss("<title>T</title>", item)) == FeedHints()
    assert read_hints(rss("<ttl>60</ttl>", item)) == FeedHints(ttl_seconds=3600)


def test_hints_may_stand_behind_the_entries() -> None:
    items = "<item><description><![CDATA[ <ttl>1</ttl> ]]></description></item>"
    assert read_hints(rss("", items, "<ttl>30</ttl>")).ttl_seconds == 1800


def test_an_entry_shown_in_a_description_does_not_end_the_head() -> None:
    channel = "<description><![CDATA[<item>]]></description><!-- <item> --><ttl>60</ttl>"
    assert read_hints(rss(channel)).ttl_seconds == 3600


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ("<hour>0</hour><hour>23</hour>", (0, 23)),
        ("<hour> 7</hour>\n<hour>07</hour>", (7,)),
        ("<hour>24</hour>", (0,)),
        ("<hour>25</hour><hour>x</hour><hour>-1</hour><hour>123</hour>", ()),
        ("", ()),
    ],
)
def test_hours_are_0_to_23(hours: str, told: tuple[int, ...]) -> None:
    assert read_hints(rss(f"<skipHours>{hours}</skipHours>")).skip_hours == told


def test_an_hour_elsewhere_is_not_skipped() -> None:
    assert read_hints(rss("<hour>3</hour><day>Monday</day>")) == FeedHints()


def test_days_are_known_by_their_english_names() -> None:
    days = "<day>Sunday</day><day> saturday </day><day>Mon</day><day>Zondag</day><day>1</day>"
    assert read_hints(rss(f"<skipDays>{days}</skipDays>")).skip_days == (0, 5, 6)


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", 3600),
        ("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 900),
        ("<syn:updatePeriod>Daily</syn:updatePeriod>", 86_400),
        ("<sy:updateFrequency>2</sy:updateFrequency>", 43_200),
        ("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 604_800),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", 0),
    ],
)
def test_the_update_period_is_divided_by_its_frequency(channel: str, seconds: int) -> None:
    assert read_hints(rss(channel)).update_seconds == seconds


def test_a_feed_in_utf_16_gives_its_hints() -> None:
    assert read_hints(rss("<ttl>60</ttl>").decode().encode("utf-16")).ttl_seconds == 3600


def test_json_gives_none() -> None:
    assert read_hints(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}') == FeedHints()


@given(st.binary())
def test_no_bytes_are_a_fault(body: bytes) -> None:
    read_hints(body)
    read_hints(b"<ttl>" + body)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public feeds are not here")
def test_public_feeds_give_hints_within_reason() -> None:
    hints = [read_hints(path.read_bytes()) for path in sorted((SHARED / "feeds").glob("*")) if path.is_file()]
    assert any(one.ttl_seconds for one in hints)
    assert any(one.update_seconds for one in hints)
