import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.normalise.urls import TRACKERS, absolute_url, canonical_url, registrable_domain


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://daily.example", "https://daily.example/"),
        ("HTTPS://Daily.EXAMPLE:443/A/b", "https://daily.example/A/b"),
        ("http://daily.example:80/a", "http://daily.example/a"),
        ("https://daily.example:8443/a", "https://daily.example:8443/a"),
        ("  https://daily.example/a\n", "https://daily.example/a"),
        ("https://reader:secret@daily.example/a", "https://daily.example/a"),
        ("https://daily.example/a#comments", "https://daily.example/a"),
        ("https://daily.example/#!/story/7", "https://daily.example/#!/story/7"),
        ("https://daily.example/a/../b/./c", "https://daily.example/b/c"),
        ("https://dagblad.example/é?ü", "https://dagblad.example/%C3%A9?%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://daily.example/a?", "https://daily.example/a"),
        ("http://daily.example/story;jsessionid=0F3A?id=2", "http://daily.example/story?id=2"),
    ],
)
def test_one_address_has_one_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "https://daily.example/a/",
        "https://daily.example/a",
        "http://daily.example/a",
        "https://m.daily.example/a",
        "https://daily.example//a?id=30&b=1&a=2",
        "https://daily.example/story?id=7&page=2&lang=de&ref=12345",
        "https://daily.example/index.php?title=A_B&oldid=0",
        "https://daily.example/a?x=%5B1%5D&y",
        "https://daily.example/search?source=reuters&sid=12",
        "https://daily.example/wiki/amp",
        "https://daily.example/amp/",
        "https://daily.example/new-guitar_amp.html",
    ],
)
def test_what_may_name_an_article_stays(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?utm_source=rss&utm_medium=feed", ""),
        ("?id=7&UTM_Source=rss", "?id=7"),
        ("?z=1&fbclid=abc&a=2", "?z=1&a=2"),
        ("?id=7&amp;utm_source=rss", "?id=7"),
        ("?CMP=Share_Desktop", ""),
        ("?cmp=wheat-against-rye", "?cmp=wheat-against-rye"),
        ("?ref=rss", ""),
        ("?rss", ""),
        ("?outputType=amp&id=1", "?id=1"),
        ("?sid=0123456789abcdef0123456789abcdef&t=2", "?t=2"),
        ("?utmost=1", "?utmost=1"),
    ],
)
def test_trackers_go_and_the_rest_keeps_its_order_and_bytes(query: str, kept: str) -> None:
    assert canonical_url(f"https://daily.example/a{query}") == f"https://daily.example/a{kept}"


@pytest.mark.parametrize("name", sorted(TRACKERS))
def test_every_listed_tracker_goes(name: str) -> None:
    assert canonical_url(f"https://daily.example/a?{name}=x1&id=3") == "https://daily.example/a?id=3"


@pytest.mark.parametrize(
    ("amp", "article"),
    [
        ("https://daily.example/two-ships-sink/amp/", "https://daily.example/two-ships-sink/"),
        ("https://daily.example/two-ships-sink/amp", "https://daily.example/two-ships-sink"),
        ("https://daily.example/ships-12.amp.html", "https://daily.example/ships-12.html"),
        ("https://daily.example/ships-12~amp.html", "https://daily.example/ships-12.html"),
        ("https://daily.example/ships-12.amp", "https://daily.example/ships-12"),
        ("https://daily.example/two-ships-sink/%2e.amp", "https://daily.example/two-ships-sink/"),
    ],
)
def test_the_amp_page_of_an_article_is_the_article(amp: str, article: str) -> None:
    assert canonical_url(amp) == article


@pytest.mark.parametrize(
    "text", ["", "news", "/a/b", "//daily.example/a", "mailto:desk@daily.example", "javascript:alert(1)", "ftp://daily.example/", "https://",
             "https://a b/", "https://daily.example:99999/", "https://\ud800/", "tag:daily.example,2023:7"],
)  # fmt: skip
def test_what_is_no_web_address_has_no_form_and_no_domain(text: str) -> None:
    assert canonical_url(text) is None
    assert registrable_domain(text) is None


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://news.example.com:8080/a", "example.com"),
        ("https://someone.blogspot.com/a", "someone.blogspot.com"),
        ("https://blogspot.com/", "blogspot.com"),
        ("http://localhost/a", "localhost"),
        ("http://127.0.0.1:8000/a", "127.0.0.1"),
        ("http://[::1]/a", "[::1]"),
        ("http://wire.internal/a", "wire.internal"),
        ("http://a.b.wire.internal/a", "wire.internal"),
        ("https://co.uk/", "co.uk"),
    ],
)
def test_the_domain_is_the_registered_one_or_the_host(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain


def test_relative_urls_are_made_absolute() -> None:
    assert absolute_url("../p/1.jpg", "https://daily.example/a/b/c") == "https://daily.example/a/p/1.jpg"
    assert absolute_url("//cdn.example/1.jpg", "https://daily.example/") == "https://cdn.example/1.jpg"
    assert absolute_url("https://cdn.example/1.jpg", None) == "https://cdn.example/1.jpg"
    assert absolute_url("1.jpg", None) is None
    assert absolute_url("data:image/png;base64,AA", "https://daily.example/") is None
    assert absolute_url("1.jpg", "https://[bad/") is None


PIECES = [
    "/",
    "a",
    "-",
    "_",
    ".",
    "..",
    "amp",
    ".amp",
    "~amp",
    "%2e",
    ";jsessionid=1",
    "?",
    "&",
    "=",
    "utm_x",
    "amp;",
    "#",
    "#!",
    "html",
    "é",
    ":",
    "@",
    "\\",
]
URLS = st.builds("https://h.example{}".format, st.lists(st.sampled_from(PIECES)).map("".join)) | st.text().map("http://x.example/{}".format)


@given(URLS)
@example("https://h.example/a-b-c/.;jsessionid=1/amp.amp/amp")
@example("https://h.example/a?&utm_source=1&")
def test_the_canonical_form_is_its_own_canonical_form(url: str) -> None:
    canonical = canonical_url(url)
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        assert registrable_domain(canonical) == registrable_domain(url)


@given(st.text() | st.text().map("https://{}".format))
def test_no_text_makes_it_raise(text: str) -> None:
    canonical_url(text)
    registrable_domain(text)
    absolute_url(text, "https://h.example/")
    absolute_url("a", text)
