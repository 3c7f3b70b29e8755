from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.redact import (
    hide,
    redact,
    redact_link,
    redact_links,
    secret_headers,
    secret_values,
    secret_words,
    source_key,
    source_name,
)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:p@ss@example.org/feed", "https://***@example.org/feed"),
        ("https://example.org/a@b?c=d@e", "https://example.org/a@b?c=d@e"),
        ("https://example.org/?Token=1&lang=nl&API_KEY=2", "https://example.org/?Token=***&lang=nl&API_KEY=***"),
        (
            "https://example.org/?%6bey=1;sig=2#access_token=3",
            "https://example.org/?%6bey=***;sig=***#access_token=***",
        ),
        (
            "https://s3.example.org/f?X-Amz-Signature=ab&X-Amz-Date=1",
            "https://s3.example.org/f?X-Amz-Signature=***&X-Amz-Date=1",
        ),
        ("https://example.org/?monkey=1&keyword=2&key=", "https://example.org/?monkey=1&keyword=2&key=***"),
        ("https://example.org/?subscription-key=1&pwd=2", "https://example.org/?subscription-key=***&pwd=***"),
        (
            "https://example.org/f?jwt=1&pat=2&PHPSESSID=3&sid=4",
            "https://example.org/f?jwt=***&pat=***&PHPSESSID=***&sid=4",
        ),
        (
            "https://example.org/f?passphrase=1&authkey=2&auth_key=3",
            "https://example.org/f?passphrase=***&authkey=***&auth_key=***",
        ),
        (
            "https://example.org/f?feed_key=1&user_credentials=2",
            "https://example.org/f?feed_key=***&user_credentials=***",
        ),
        (
            "https://example.org/f?private_token=1&rss_token=2&sort_key=3",
            "https://example.org/f?private_token=***&rss_token=***&sort_key=3",
        ),
        ("https://example.org/f;jsessionid=1A2B?x=1", "https://example.org/f;jsessionid=***?x=1"),
        ("https://example.org/f;JSESSIONID=1A2B/story;page=2", "https://example.org/f;JSESSIONID=***/story;page=2"),
        ("https://example.org/a=b;c?ASP.NET_SessionId=1", "https://example.org/a=b;c?ASP.NET_SessionId=***"),
        ("user:secret@example.org/feed", "***@example.org/feed"),
        ("//user:secret@example.org/feed", "//***@example.org/feed"),
        ("/feeds/saved.xml", "/feeds/saved.xml"),
        ("/mail/a:b@c.txt", "/mail/a:b@c.txt"),
    ],
)
def test_userinfo_and_secret_values_are_masked_and_nothing_else(url: str, shown: str) -> None:
    assert redact(url) == shown


NEW = "https://example.org/feed?PHPSESSID={}&lang=nl"
OLD = "https://user:{}@example.org/feed?token={}&lang=nl"


@pytest.mark.parametrize("known_by", [source_name, source_key, redact_link])
def test_what_is_known_by_its_url_stays_two_if_only_a_secret_differs(known_by: Callable[[str], str]) -> None:
    assert known_by(NEW.format("one")) != known_by(NEW.format("two"))
    assert known_by(NEW.format("one")) == known_by(NEW.format("one"))
    assert known_by("https://example.org/feed?sid=1") == "https://example.org/feed?sid=1"


def test_names_that_lakes_know_their_sources_by_stay() -> None:
    url = OLD.format("word", "abc")
    assert source_name(url) == source_key(url) == redact(url) == "https://***@example.org/feed?token=***&lang=nl"
    assert source_key(NEW.format("one")) == NEW.format("one")


def test_names_and_links_show_no_secret_and_a_rotated_password_changes_none() -> None:
    assert "hidden" not in source_name(NEW.format("hidden")) + redact_link(NEW.format("hidden"))
    one, two = (f"https://user:{word}@example.org/feed?jwt=1" for word in ("one", "two"))
    assert source_name(one) == source_name(two)


@given(st.text(alphabet="ab;=/?#&@:*jwtpakey0123456789"))
def test_names_and_links_stay_as_they_are_in_another_pass(text: str) -> None:
    for masked in (source_name(text), redact_link(text)):
        assert redact_link(masked) == redact_link(redact_link(masked))
    assert redact_link(redact_link(text)) == redact_link(text)


def test_values_of_headers_are_hidden_in_every_form() -> None:
    words = secret_words(["Bearer a&b/c+d-0123==", "gold", "sid=abcdefgh; theme=dark"])
    echoed = "a&b/c+d-0123 a&amp;b/c+d-0123 a%26b%2Fc%2Bd-0123 a%26b/c%2Bd-0123 abcdefgh"
    assert hide(echoed, words) == "*** *** *** *** ***"
    assert hide(echoed.encode(), words) == b"*** *** *** *** ***"
    assert hide("asked for 'secret-0', not for gzip", secret_words(["SECRET-0"])) == "asked for '***', not for gzip"
    assert hide("The Bearer of gold", words) == "The Bearer of gold"
    assert secret_words([]) == ()


@given(st.text())
def test_redacting_twice_is_redacting_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(
    st.from_regex(r"[a-z0-9]{12,20}", fullmatch=True),
    st.sampled_from(["key", "token", "sig", "password", "client_secret"]),
)
def test_no_secret_is_left_wherever_it_stands(secret: str, name: str) -> None:
    assert secret not in redact(f"https://{secret}:{secret}@example.org/f?a=1&{name}={secret}&b=2#{name}={secret}")


def test_secret_headers_are_known_by_their_names() -> None:
    headers = [
        ("Authorization", "Bearer one"),
        ("x-api-KEY", "two"),
        ("Cookie", "consent=accepted; PHPSESSID=three; auth_token=four"),
        ("User-Agent", "reader"),
    ]
    assert list(secret_headers(headers)) == ["Bearer one", "two", "three", "four"]


def test_a_nested_name_is_secret_by_its_last_part() -> None:
    assert (
        redact("https://p.example/?auth[token]=one&filter[page]=2")
        == "https://p.example/?auth[token]=***&filter[page]=2"
    )


def test_urls_within_a_text_are_redacted_and_the_rest_stays() -> None:
    text = 'see <a href="https://p.example/1?token=abcdef&a=1">it</a>, https://p.example/2 and token=abcdef'
    assert redact_links(text) == (
        f'see <a href="{redact_link("https://p.example/1?token=abcdef&a=1")}">it</a>, '
        "https://p.example/2 and token=abcdef"
    )
    assert redact_links(text.encode() + b"\xff") == redact_links(text).encode() + b"\xff"


def test_credentials_that_are_no_unicode_are_secret_too() -> None:
    assert secret_values("http://\udcff:pa55@example.org/") == ("pa55", "PzpwYTU1")
