import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newslake.transforms.feeds.links import absolute_link, choose_url, is_http

BASE = "https://news.example/feed"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://news.example/1?a=1&b=2#c", "https://news.example/1?a=1&b=2#c"),
        (" /1 ", "https://news.example/1"),
        ("//cdn.example/1", "https://cdn.example/1"),
        ("?p=1", "https://news.example/feed?p=1"),
        ("www.news.example/1", "https://www.news.example/1"),
        ("WWW.news.example", "https://WWW.news.example"),
        ("news.example/1", "https://news.example/1"),
        ("www/1", "https://news.example/www/1"),
        ("http:/news.example/1", "http://news.example/1"),
        ("http:news.example/1", "http://news.example/1"),
        ("https:///news.example/1", "https://news.example/1"),
        (r"https:\\news.example/1", "https://news.example/1"),
        ("HTTPS://news.example/1", "https://news.example/1"),
        ("https://https://news.example/1", "https://news.example/1"),
        ("http://https://news.example/1", "https://news.example/1"),
        ("https://archive.example/https://news.example/1", "https://archive.example/https://news.example/1"),
        ("https://news.example/a\n  b", "https://news.example/ab"),
        *((word, None) for word in ("N/A", "null", "None", "undefined", "-", "#", "", "about:blank")),
        *((link, None) for link in ("mailto:a@news.example", "at://did:plc:zz/post/1", "ftp://news.example/1")),
        *((link, None) for link in ("javascript:void(0)", "tel:+31", "data:text/html,x", "urn:x:1", "http://[x")),
    ],
)
def test_a_link_becomes_a_web_address_or_nothing(link: str, url: str | None) -> None:
    assert absolute_link(link, BASE) == url


def test_without_a_base_only_whole_addresses_are_links() -> None:
    assert absolute_link("/1", "") is None
    assert absolute_link("//news.example/1", "") == "https://news.example/1"


@given(st.text() | st.text(alphabet="htps:/\\w.x#?@[ \n"))
@example("https:")
def test_any_text_becomes_a_web_address_or_nothing(link: str) -> None:
    url = absolute_link(link, BASE)
    assert url is None or is_http(url)


def test_the_first_link_that_names_an_article_counts() -> None:
    home = "https://news.example/paper/"
    assert choose_url(["https://news.example/", "https://news.example/1"], BASE, home) == (
        "https://news.example/1",
        False,
    )
    assert choose_url(["https://news.example/paper", "N/A"], BASE, home) == ("https://news.example/paper", True)
    assert choose_url(["mailto:a@news.example", None, "https://news.example/?p=1"], BASE, home) == (
        "https://news.example/?p=1",
        False,
    )
    assert choose_url(["N/A", None], BASE, home) == (None, False)
