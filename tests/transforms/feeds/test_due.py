"""Which feeds a run asks, with what, and in which groups."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

from newslake.schemas.feed_state import AnswerFacts, FeedCheck, FeedOutcome, FeedState, Validators
from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.schemas.staging import SourceCounts
from newslake.transforms.feeds.choice import Choice
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.due import REQUESTS_AT_ONCE, due_feeds, due_instants, grouped_by_server
from newslake.transforms.feeds.state import new_state, validators_of

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
PLAIN = SourceSettings()
URL = "https://news.example/rss"
COUNTS = SourceCounts(URL)


def request(url: str = URL, settings: SourceSettings = PLAIN) -> FeedRequest:
    return FeedRequest(url, settings)


def reached(settings: SourceSettings) -> str:
    return settings.reach_digest()


def checked(
    state: FeedState | None = None,
    *,
    now: dt.datetime = NOW,
    outcome: FeedOutcome = FeedOutcome.OK,
    facts: AnswerFacts = AnswerFacts(200, Validators('"a"', "Mon", "hash")),  # noqa: B008 (it is frozen)
    settings: SourceSettings = PLAIN,
) -> FeedState:
    how = {"settings": settings.digest("1"), "reached": reached(settings)}
    check = FeedCheck(URL, state, outcome, facts, interval=300, entries=("a", "b"), **how)
    return new_state(check, COUNTS, now, is_written=True)


def test_an_unknown_feed_is_asked_without_validators() -> None:
    assert due_feeds([request()], {}, NOW, "1", reached) == ([request()], [])


def test_a_feed_is_due_after_its_interval_and_asked_with_its_validators() -> None:
    states = {URL: checked()}
    assert due_feeds([request()], states, NOW + dt.timedelta(minutes=4), "1", reached)[0] == []
    [due], waiting = due_feeds([request()], states, NOW + dt.timedelta(minutes=5), "1", reached)
    assert waiting == []
    assert (due.validators, due.state) == (Validators('"a"', "Mon", "hash"), states[URL])


def test_other_settings_and_another_version_read_a_feed_in_full() -> None:
    state = checked()
    later = NOW + dt.timedelta(hours=1)
    for settings, version in ((replace(PLAIN, language="nl"), "1"), (PLAIN, "2")):
        [due], _ = due_feeds([request(settings=settings)], {URL: state}, later, version, reached)
        assert due.validators == Validators()
    secret = replace(PLAIN, headers=(("X-Key", "abc"),), interval=10.0)
    [due], _ = due_feeds([request(settings=secret)], {URL: state}, later, "1", reached)
    assert due.validators.etag == '"a"'


def test_a_feed_is_due_at_once_if_it_is_reached_in_another_way() -> None:
    states = {URL: checked(outcome=FeedOutcome.FAILED, facts=AnswerFacts(401))}
    due, [waiting] = due_feeds([request()], states, NOW, "1", reached)
    assert (due, waiting.has_failed) == ([], True)
    for settings in ({"headers": (("Authorization", "Basic b"),)}, {"interval": 60.0}, {"allow_private": True}):
        assert len(due_feeds([request(settings=replace(PLAIN, **settings))], states, NOW, "1", reached)[0]) == 1


def test_a_server_that_says_304_for_a_day_is_asked_in_full() -> None:
    state, now = checked(), NOW
    for _ in range(5):
        now += dt.timedelta(hours=5)
        sent = validators_of(state, PLAIN.digest("1"), now)
        facts = AnswerFacts(304 if sent.etag else 200, Validators('"a"', "Mon", "hash"))
        state = checked(state, now=now, outcome=FeedOutcome.NOT_MODIFIED, facts=facts)
    assert (sent.etag, sent.body_hash) == (None, "hash")
    assert validators_of(state, PLAIN.digest("1"), now).etag == '"a"'


def test_a_gone_feed_is_named_and_asked_only_on_request() -> None:
    states = {URL: checked(outcome=FeedOutcome.GONE, facts=AnswerFacts(410))}
    later = NOW + dt.timedelta(days=30)
    due, [waiting] = due_feeds([request()], states, later, "1", reached)
    assert (due, "--all" in waiting.why) == ([], True)
    assert len(due_feeds([request()], states, later, "1", reached, ask_all=True)[0]) == 1
    assert due_instants([URL], states, later) == []


def test_retry_after_holds_for_every_feed_of_the_host_and_no_other() -> None:
    states = {URL: checked(outcome=FeedOutcome.FAILED, facts=AnswerFacts(429, retry_after_seconds=7200))}
    same, other = "https://news.example/sport", "https://other.example/rss"
    due, waiting = due_feeds([request(same), request(other)], states, NOW + dt.timedelta(seconds=7199), "1", reached)
    assert ([one.location for one in due], [one.feed for one in waiting]) == ([other], [same])
    assert len(due_feeds([request(same)], states, NOW + dt.timedelta(seconds=7200), "1", reached)[0]) == 1


def test_a_feed_that_fails_for_a_week_of_hourly_runs_is_asked_a_dozen_times() -> None:
    states: dict[str, FeedState] = {}
    asked = []
    for hour in range(7 * 24):
        now = NOW + dt.timedelta(hours=hour)
        due, _ = due_feeds([request()], states, now, "1", reached)
        for one in due:
            asked.append(hour)
            check = FeedCheck(
                URL, one.state, FeedOutcome.FAILED, AnswerFacts(503), interval=3600, reached=reached(PLAIN)
            )
            states[URL] = new_state(check, COUNTS, now, is_written=True)
    assert 10 <= len(asked) <= 14, asked
    assert asked[:3] == [0, 1, 3]
    assert max(later - before for before, later in pairwise(asked)) <= 24
    assert (states[URL].failures, states[URL].failed_at) == (len(asked), states[URL].checked_at)


def test_http_and_https_of_one_name_are_one_host() -> None:
    states = {URL: checked(outcome=FeedOutcome.FAILED, facts=AnswerFacts(429, retry_after_seconds=7200))}
    plain, other = URL.replace("https", "http"), "https://news.example:8443/rss"
    due, _ = due_feeds([request(plain), request(other)], states, NOW, "1", reached)
    assert [one.location for one in due] == [other]


def test_the_first_of_two_requests_for_a_feed_counts() -> None:
    first = request(settings=replace(PLAIN, language="nl"))
    assert due_feeds([first, request()], {}, NOW, "1", reached)[0] == [first]


def test_the_requests_to_a_server_stay_together_and_servers_take_turns() -> None:
    many = [request(f"https://a.example/{number}") for number in range(REQUESTS_AT_ONCE + 10)]
    few = [request(f"https://b.example/{number}") for number in range(3)]
    groups = grouped_by_server([*many, *few])
    assert [len(group) for group in groups] == [REQUESTS_AT_ONCE + 10, 3]
    mixed = [one.location for one in grouped_by_server([*many[:3], *few])[0]]
    assert mixed == [f"https://{host}.example/{number}" for number in range(3) for host in "ab"]
    assert grouped_by_server([]) == []


def test_the_state_sums_up_and_keeps_what_a_304_does_not_tell() -> None:
    first = new_state(
        FeedCheck(URL, None, FeedOutcome.OK, AnswerFacts(200), interval=300, entries=tuple("abcdefghijkl")),
        SourceCounts(URL, new=10, duplicates=2, lag_seconds=90),
        NOW,
        is_written=True,
    )
    assert (first.since, first.entries, first.read, first.backlog) == (
        "2026-03-02T10:00:00Z",
        tuple("abcdehijkl"),
        12,
        12,
    )
    later = checked(first, now=NOW + dt.timedelta(hours=1), outcome=FeedOutcome.NOT_MODIFIED, facts=AnswerFacts(304))
    assert (later.new, later.quiet, later.entries, later.lag_seconds) == (10, 1, first.entries, 90)
    assert (later.succeeded_at, later.new_at) == ("2026-03-02T11:00:00Z", "2026-03-02T10:00:00Z")


def test_keep_and_drop_look_at_headline_and_url_in_either_case() -> None:
    settings = replace(PLAIN, keep=(("headline", "vote|poll"), ("url", "/news/")), drop=(("url", "sponsored"),))
    choice = Choice(settings)
    cases = {
        ("Big VOTE today", "https://x.example/news/1"): True,
        ("Big vote today", "https://x.example/sport/1"): False,
        ("Weather", "https://x.example/news/2"): False,
        ("A poll", "https://x.example/news/Sponsored/3"): False,
        (None, None): False,
    }
    for (headline, url), is_taken in cases.items():
        assert choice.takes(RawArticle("s", "entry 1", headline=headline, url=url)) is is_taken


def test_a_pattern_costs_time_in_proportion_to_the_text() -> None:
    choice = Choice(replace(PLAIN, drop=(("headline", "^(a+)+$"),)))
    assert choice.takes(RawArticle("s", "entry 1", headline="a" * 50_000 + "!"))
