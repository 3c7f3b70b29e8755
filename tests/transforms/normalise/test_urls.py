import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newslake.transforms.normalise import url_rules
from newslake.transforms.normalise.urls import absolute_url, canonical_url, registrable_domain


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
        ("http://daily.example/(S(lit3py55t21z5v55vlm25s55))/story.aspx", "http://daily.example/story.aspx"),
        ("https://daily.example/%%36%31", "https://daily.example/%%361"),
        ("http://daily.example./a", "http://daily.example/a"),
        ("https://daily.example/%7ejan/%c3%a9%2f%41?q=%2d%5b", "https://daily.example/~jan/%C3%A9%2FA?q=-%5B"),
        ("https://daily.example/a?&id=3&&b=1&", "https://daily.example/a?id=3&b=1"),
        ("https://daily.example/#/story/7", "https://daily.example/#/story/7"),
        ("https://daily.example/#/", "https://daily.example/"),
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
        "https://./a",
        "https://daily.1../a",
        "https://daily.example/amp/",
        "https://daily.example/new-guitar_amp.html",
        "https://daily.example/new-guitar-amp.html",
        "https://daily.example/amp/guitars",
        "https://daily.example/amp/11223344",
        "https://daily.example/amp/1.1223344",
        "https://daily.example/forum/guitar-and-bass-gear/amp/valves",
        "https://daily.example/lite",
        "https://amp.com.au/a-b-c",
        "https://amp.daily.example/",
        "https://m.daily.example/story-7654321.html?id=1",
        "https://daily.example/%",
        "https://daily.example/news/index.html",
        "https://daily.example/a?b=2&a=1",
        "https://daily.example/press-releases-and-statements?source=ministry",
        "https://daily.example/story-7654321?ref=12",
        "https://daily.example/list?cid=12&icid=3",
        "https://daily.example/redirect",
        "https://daily.example/redirect?url=https%3A%2F%2Fdaily.example%2Flogin",
        "https://daily.example/review?url=https%3A%2F%2Fother.example%2Fa",
        "https://www.google.com/search?q=https://other.example/a",
        "https://www.google.com/url?q=news",
        "https://t.co/AbCdEf1234",
        "https://feedproxy.google.com/~r/daily/~3/AbCdEf/",
        "https://www.youtube.com/watch?v=abcdefghijk",
        "https://daily.example/read?at_id=91",
        "https://daily.example/read?itm_id=91&wt_id=7&cx_id=3",
        "https://daily.example/list?r=europe&iid=443&cmp=16431",
        "https://daily.example/list?source=nl_NL&ref=nl",
        "https://daily.example/gear?mode=amplifiers&type=amp",
        "https://daily.example/jobs/12.html?sid=7",
        "https://daily.example/at&t-news",
        "https://daily.example/a&b=1",
        "https://daily.example/a%3Fb=1",
        "https://daily.example/ask?q=what?id=7",
        "https://web.archive.org/web/",
        "https://archive.ph/AbC12",
        "https://arquivo.pt/2011/a.b",
        "https://daily.example/web/20110106023242/http://other.example/a",
        "https://translate.google.com/?sl=nl&tl=en&text=bridge",
        "https://webcache.googleusercontent.com/search?q=bridge",
    ],
)
def test_a_part_that_may_name_an_article_stays(url: str) -> None:
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
        ("?%75tm_source=rss", ""),
        ("?sf1234567=1", ""),
        ("?at_medium=RSS&at_campaign=x", ""),
        ("?WT.mc_id=x&WT.nav=y", ""),
        ("?source=newsletter", ""),
        ("?ref=weekly-letter.example", ""),
        ("?ref=footer-links", ""),
        ("?ref=footnotes", "?ref=footnotes"),
        ("?ref=story7.html", "?ref=story7.html"),
        ("?source=wire.example", "?source=wire.example"),
        ("?via=twitter", ""),
        ("?share=twitter", ""),
        (
            "?page=with:block-64180f1c8f08&utm_source=x",
            "?page=with:block-64180f1c8f08",
        ),  # an item of a live page, shared
        ("?page=2", "?page=2"),
        ("?share=12", "?share=12"),
        ("?outputType=amp-type", ""),
        ("?view=full", "?view=full"),
        ("?outputType=amp&id=1", "?id=1"),
        ("?sid=0123456789abcdef0123456789abcdef&t=2", "?sid=0123456789abcdef0123456789abcdef&t=2"),
        ("?utmost=1", "?utmost=1"),
        ("?r=rss", ""),
        ("?cmp=16431&utm_medium=display", ""),
        ("?campaign=12&utm_medium=display", "?campaign=12"),
        ("?ref=gnb_pc_lv2", ""),
        ("?ref=lnb", ""),
        ("?iid=nl_footerbutton", ""),
        ("?at_campaign=x&at_our_own_name=3&id=4", "?id=4"),
        ("?id=7?utm_source=rss&utm_medium=feed", "?id=7"),
        ("?_format=amp&id=1", "?id=1"),
    ],
)
def test_trackers_go_and_the_rest_keeps_its_order_and_bytes(query: str, kept: str) -> None:
    assert canonical_url(f"https://daily.example/a{query}") == f"https://daily.example/a{kept}"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/a&utm_source=rss", "/a"),
        ("/a/&utm_source=rss&utm_medium=feed", "/a/"),
        ("/a&b=1&utm_source=rss", "/a&b=1"),
        ("/a&amp;utm_source=rss", "/a"),
        ("/a%3Futm_source=rss", "/a"),
        ("/a&fbclid=2?id=3", "/a?id=3"),
    ],
)
def test_trackers_that_a_feed_appended_to_the_path_go(path: str, kept: str) -> None:
    assert canonical_url(f"https://daily.example{path}") == f"https://daily.example{kept}"


@pytest.mark.parametrize("page", ["viewtopic.php", "forum/viewforum.php", "index.php", "Board.PHP"])
def test_the_session_of_a_forum_goes_on_pages_of_php_only(page: str) -> None:
    session = "0123456789abcdef0123456789abcdef"
    assert canonical_url(f"https://daily.example/{page}?t=2&sid={session}") == f"https://daily.example/{page}?t=2"
    assert canonical_url(f"https://daily.example/story?sid={session}") == f"https://daily.example/story?sid={session}"


def test_a_session_goes_where_the_path_has_the_number_of_the_page() -> None:
    session = "0123456789abcdef0123456789abcdef"
    assert canonical_url(f"https://daily.example/jobs/12.html?sid={session}") == "https://daily.example/jobs/12.html"


ITEM_FRAGMENTS = [
    "post-1",
    "post12",
    "page/5",
    "page/2023-03-20/5",
    "story/5",
    "id=1",
    "articleId=77",
    "story_no=two-ships-sink",
    "block-63f0a1b2c3d4e5f60718293a",
    "liveblog-entry-123",
    "entry_12",
    "beitrag-12",
    "eintrag.12",
    "noticia12",
    "event-0a1b2c",
    "comment-123",
    "post-comment-123",
    "kommentar12345",
    "incident-7",
    "1234567",
    "2023-03-20",
    "2024-03",
    "release-2024-03-05",
    "v0",
    "v1.2",
    "v1.2.0-rc1",
    "v120---2024-03-05",
    "1.2.0",
    "63f0a1b2c3d4e5f60718293a",
    "0a1b2c3d-1111-2222-3333-444455556666",
    "!/story/7",
    "/story/7",
]


@pytest.mark.parametrize("fragment", ITEM_FRAGMENTS)
def test_a_fragment_that_names_an_item_stays(fragment: str) -> None:
    assert canonical_url(f"https://daily.example/a?utm_source=x#{fragment}") == f"https://daily.example/a#{fragment}"
    assert (
        canonical_url(f"https://daily.example/a#{fragment}:~:text=two,ships") == f"https://daily.example/a#{fragment}"
    )


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "!",
        "/",
        "top",
        "comments",
        "comments/5",
        "more-123",
        "respond",
        "reply-5",
        "disqus_thread",
        "xtor=RSS-1-[id]",
        "Echobox=1679300000",
        "echobox=1679300000-post",
        "ref=rss",
        "rss_id=12",
        "utm_source=x&utm_id=3",
        "mc_eid=0a1b",
        "id=",
        "link_location=live-1",
        ":~:text=two%20ships",
        "top:~:text=post-1",
        "h2-3",
        "toc-1",
        "fn1",
        "fnref:2",
        "cite_note-5",
        "cite_ref-5",
        "p12",
        "L20-L30",
        "section-2",
        "slide-3",
        "photo/3",
        "gallery-item-3",
        "t=120",
        "5",
        ".ZBh1c2Ab3",
        "sthash.a1b2c3.dpuf",
        "the-second-part",
        "amp_tf=From%20%251%24s&aoh=16793",
    ],
)
def test_a_fragment_that_is_a_place_in_the_page_or_a_tracker_goes(fragment: str) -> None:
    assert canonical_url(f"https://daily.example/a#{fragment}") == "https://daily.example/a"


@pytest.mark.parametrize("fragment", ["section", "photos", "h2-3", "the-second-part", "5", "more-about-ships"])
def test_a_place_in_the_page_stays_if_nothing_else_tells_articles_apart(fragment: str) -> None:
    page = "https://daily.example/a"
    assert canonical_url(f"{page}?utm_source=x#{fragment}:~:text=x", keep_fragment=True) == f"{page}#{fragment}"


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "!",
        "/",
        "comments",
        "Comments-area",
        "reacties",
        "respond",
        "disqus_thread",
        "more-123",
        "top",
        "rss",
        "share",
        ":~:text=two%20ships",
        "xtor=RSS-1-[id]",
        "utm_source=x",
        "ref=rss",
        "Echobox=1679300000",
        "t=120",
        ".ZBh1c2Ab3",
        "sthash.a1b2c3.dpuf",
    ],
)
def test_noise_never_tells_articles_apart(fragment: str) -> None:
    assert canonical_url(f"https://daily.example/a#{fragment}", keep_fragment=True) == "https://daily.example/a"


def test_only_the_parameters_of_a_fragment_that_name_an_item_stay() -> None:
    assert canonical_url("https://daily.example/a#utm_source=x&id=7&t=3") == "https://daily.example/a#id=7"


def test_on_a_live_page_any_fragment_with_a_number_is_an_item() -> None:
    assert canonical_url("https://daily.example/live/ships#link-6c9d") == "https://daily.example/live/ships#link-6c9d"
    assert canonical_url("https://daily.example/en-direct-ships#m12") == "https://daily.example/en-direct-ships#m12"
    assert canonical_url("https://daily.example/olive/ships#link-6c9d") == "https://daily.example/olive/ships"
    for no_item in ("comments-6", ".ZBh1c2", "top"):
        assert canonical_url(f"https://daily.example/live/ships#{no_item}") == "https://daily.example/live/ships"


def test_the_page_of_a_pdf_is_the_pdf() -> None:
    assert canonical_url("https://daily.example/Report.PDF#page=5") == "https://daily.example/Report.PDF"
    assert canonical_url("https://daily.example/epaper#page=5") == "https://daily.example/epaper#page=5"


def test_items_of_a_live_page_stay_apart_by_their_query_too() -> None:
    urls = [
        f"https://daily.example/live?{name}={value}"
        for name in ("pinned_post_locator", "page")
        for value in ("with:block-1", "b")
    ]
    assert [canonical_url(url) for url in urls] == urls


def test_a_very_long_address_is_parsed_and_no_more() -> None:
    path = "/%7e" + "é" * 3_000
    assert canonical_url(f"https://a:b@DAILY.example:443{path}?utm_source=x#top") == (
        f"https://daily.example{path.replace('é', '%C3%A9')}?utm_source=x#top"
    )


@given(
    st.sampled_from(["/a", "/live/a", "/a.pdf"]),
    st.lists(st.sampled_from([*ITEM_FRAGMENTS, ":~:", "#", "=", "&", "top", "ref"])),
)
def test_a_cleaned_fragment_does_not_change_again(path: str, pieces: list[str]) -> None:
    once = canonical_url(f"https://daily.example{path}#{''.join(pieces)}")
    assert once is not None
    assert canonical_url(once) == once


@pytest.mark.parametrize("name", sorted(url_rules.TRACKERS))
def test_every_listed_tracker_goes(name: str) -> None:
    assert canonical_url(f"https://daily.example/a?{name}=x1&id=3") == "https://daily.example/a?id=3"


@pytest.mark.parametrize("prefix", sorted(url_rules.TRACKER_PREFIXES))
def test_every_listed_family_of_trackers_goes(prefix: str) -> None:
    assert canonical_url(f"https://daily.example/a?{prefix}x=x1&id=3") == "https://daily.example/a?id=3"


@pytest.mark.parametrize(("host", "names"), sorted(url_rules.HOST_TRACKERS.items()))
def test_a_sites_own_trackers_go_there_and_nowhere_else(host: str, names: str) -> None:
    host = host.replace("*", "com")
    for name in names.split():
        assert canonical_url(f"https://www.{host}/a?{name}=x1&zz=3") == f"https://www.{host}/a?zz=3"
        assert canonical_url(f"https://www.daily.example/a?{name}=x1") == f"https://www.daily.example/a?{name}=x1"


@pytest.mark.parametrize(
    "path",
    [
        "/news/story-7654321.html",
        "/2023/03/20/brief",
        "/2023/mar/20/brief",
        "/2023/0320/brief",
        "/20230320/brief",
        "/a/0a1b2c3d-1111-2222-3333-444455556666",
        "/two-ships-sink-off-the-coast",
        "/articles/7654321/brief",
    ],
)
def test_a_link_origin_goes_where_the_path_names_the_article(path: str) -> None:
    assert (
        canonical_url(f"https://daily.example{path}?ref=BG-P1&source=teaser_4&id=2")
        == f"https://daily.example{path}?id=2"
    )


@pytest.mark.parametrize(
    ("amp", "article"),
    [
        ("https://daily.example/two-ships-sink/amp/", "https://daily.example/two-ships-sink/"),
        ("https://daily.example/two-ships-sink/amp", "https://daily.example/two-ships-sink"),
        ("https://daily.example/ships-12.amp.html", "https://daily.example/ships-12.html"),
        ("https://daily.example/ships-12~amp.html", "https://daily.example/ships-12.html"),
        ("https://daily.example/ships-12.amp", "https://daily.example/ships-12"),
        ("https://daily.example/ships-12,amp.html", "https://daily.example/ships-12.html"),
        ("https://daily.example/ships-12!amp", "https://daily.example/ships-12"),
        ("https://daily.example/ships-12,view=amp.daily.html", "https://daily.example/ships-12.daily.html"),
        ("https://daily.example/ships-765432-amp.html", "https://daily.example/ships-765432.html"),
        ("https://daily.example/ships-765432-x_amp.shtml", "https://daily.example/ships-765432-x.shtml"),
        (
            "https://daily.example/ships-a-0a1b2c3d-1111-2222-3333-444455556666-amp",
            "https://daily.example/ships-a-0a1b2c3d-1111-2222-3333-444455556666",
        ),
        ("https://daily.example/amp/world/two-ships-sink", "https://daily.example/world/two-ships-sink"),
        ("https://daily.example/AMP/world/two-ships-sink.html", "https://daily.example/world/two-ships-sink.html"),
        ("https://daily.example/amphtml/two-ships-sink.html", "https://daily.example/two-ships-sink.html"),
        ("https://daily.example/world/amp/brief-76543210", "https://daily.example/world/brief-76543210"),
        ("https://daily.example/two-ships-sink-765432/amp/1", "https://daily.example/two-ships-sink-765432"),
        ("https://daily.example/2023/03/20/ships/amp", "https://daily.example/2023/03/20/ships"),
        ("https://daily.example/google/amp/two-ships-sink.ghtml", "https://daily.example/two-ships-sink.ghtml"),
        ("https://daily.example/platform/amp/2023/3/20/ships", "https://daily.example/2023/3/20/ships"),
        ("https://daily.example/world/ships.htm/alt=amp.html", "https://daily.example/world/ships.html"),
        (
            "https://daily.example/world/amp_articleshow/7654321.cms",
            "https://daily.example/world/articleshow/7654321.cms",
        ),
        ("https://www.voanews.com/amp/ships/7654321.html", "https://www.voanews.com/a/ships/7654321.html"),
        ("https://indianexpress.com/article/two-ships-sink/lite/", "https://indianexpress.com/article/two-ships-sink/"),
        ("https://amp.daily.example/world/ships", "https://www.daily.example/world/ships"),
        ("https://amp.daily.example:8443/world/ships?amp=1", "https://www.daily.example:8443/world/ships"),
        ("https://amp.sport.daily.example/world/ships", "https://sport.daily.example/world/ships"),
        ("https://amp.daily.co.uk/world/ships", "https://www.daily.co.uk/world/ships"),
        ("https://amp.nos.nl/artikel/7-schepen", "https://nos.nl/artikel/7-schepen"),
        ("https://amp.cnn.com/cnn/2023/03/20/ships", "https://www.cnn.com/2023/03/20/ships"),
        ("https://m.daily.example/ships-12.amp.html", "https://www.daily.example/ships-12.html"),
        ("https://m.daily.example/ships?outputType=amp", "https://www.daily.example/ships"),
        ("https://daily.example/articles/76543/index.amp", "https://daily.example/articles/76543/"),
        ("https://daily.example/ships/index-amp.html", "https://daily.example/ships/index.html"),
        ("https://daily.example/article/ships/tnamp/", "https://daily.example/article/ships/"),
    ],
)
def test_the_amp_page_of_an_article_is_the_article(amp: str, article: str) -> None:
    assert canonical_url(amp) == article


def test_a_dot_before_an_amp_extension_or_session_is_no_new_dot_segment() -> None:
    assert canonical_url("https://daily.example/a/%2e.amp") == "https://daily.example/a/..amp"
    assert canonical_url("https://daily.example/a/.;jsessionid=1") == "https://daily.example/a/.;jsessionid=1"


_PAGE = "http://daily.example/a?id=3"


@pytest.mark.parametrize(
    "url",
    [
        f"https://web.archive.org/web/20110106023242/{_PAGE}&utm_source=x",
        f"https://web.archive.org/web/20110106023242id_/{_PAGE}",
        f"https://web.archive.org/web/*/{_PAGE}",
        f"https://web.archive.org/save/{_PAGE}",
        "https://web.archive.org/web/2011/daily.example/a?id=3",
        f"http://archive.is/20130110/{_PAGE}",
        f"https://archive.ph/newest/{_PAGE}",
        f"https://archive.ph/2013.01.10-110203/{_PAGE}",
        f"https://webarchive.nationalarchives.gov.uk/ukgwa/20121212135622/{_PAGE}",
        f"https://arquivo.pt/noFrame/replay/20121212135622/{_PAGE}",
        f"https://wayback.archive-it.org/1068/20121212135622mp_/{_PAGE}",
        f"https://www.webarchive.org.uk/wayback/archive/20121212135622/{_PAGE}",
        "https://webcache.googleusercontent.com/search?q=cache:AbCdEfGhIjKl:http://daily.example/a%3Fid%3D3+bridge",
        "https://webcache.googleusercontent.com/search?q=cache:daily.example/a%3Fid%3D3",
        "https://translate.google.de/translate?hl=de&sl=fr&u=http%3A%2F%2Fdaily.example%2Fa%3Fid%3D3",
        "https://daily-example.translate.goog/a?id=3&_x_tr_sch=http&_x_tr_sl=fr",
        "https://translate.yandex.ru/translate?url=http%3A%2F%2Fdaily.example%2Fa%3Fid%3D3&lang=en-ru",
        "https://www.microsofttranslator.com/bv.aspx?from=&to=en&a=http%3A%2F%2Fdaily.example%2Fa%3Fid%3D3",
    ],
)
def test_an_archived_or_translated_page_is_the_page(url: str) -> None:
    assert canonical_url(url) == _PAGE


@pytest.mark.parametrize(("mobile", "site"), sorted(url_rules.MOBILE_HOSTS.items()))
def test_a_known_mobile_host_becomes_the_sites(mobile: str, site: str) -> None:
    assert canonical_url(f"https://{mobile}/a") == f"https://{site}/a"


def test_a_mobile_wiki_becomes_the_wiki() -> None:
    assert canonical_url("https://nl.m.wikipedia.org/wiki/Nieuws") == "https://nl.wikipedia.org/wiki/Nieuws"
    assert canonical_url("https://m.wikipedia.org/") == "https://m.wikipedia.org/"


GOOGLE_NEWS = base64.urlsafe_b64encode(b'\x08\x13"\x1ehttps://daily.example/a?id=300\xd2\x01\x00').decode().rstrip("=")
BING = base64.urlsafe_b64encode(b"https://daily.example/a?id=300").decode().rstrip("=")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fdaily.example%2Fa%3Fid%3D300&usg=x",
        "http://www.google.co.uk/url?q=https://daily.example/a%3Fid%3D300",
        "https://www.google.com/amp/s/daily.example/a%3Fid%3D300",
        "https://www.google.com/amp/s/daily.example/a?id=300",
        "https://daily-example.cdn.ampproject.org/c/s/daily.example/a?id=300&amp_js_v=0.1",
        "https://daily-example.cdn.ampproject.org/v/s/daily.example/a?id=300&usqp=x",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fdaily.example%2Fa%3Fid%3D300%26fbclid%3Dx&h=y",
        "https://www.facebook.com/l.php?u=https%253A%252F%252Fdaily.example%252Fa%253Fid%253D300",
        "https://nam12.safelinks.protection.outlook.com/?url=https%3A%2F%2Fdaily.example%2Fa%3Fid%3D300&data=x",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__daily.example_a-3Fid-3D300&d=x",
        "https://urldefense.com/v3/__https://daily.example/a?id=300__;!!x",
        "https://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fdaily.example%2fa%3fid%3d300&c=1",
        f"https://www.bing.com/ck/a?!&&p=x&u=a1{BING}&ntb=1",
        "https://r.search.yahoo.com/_ylt=x/RU=https%3a%2f%2fdaily.example%2fa%3fid%3d300/RK=2/RS=y",
        "https://redir.folha.com.br/redir/online/mundo/rss091/*https://daily.example/a?id=300",
        "https://go.theregister.com/feed/daily.example/a?id=300",
        "https://daily-example.turbopages.org/daily.example/s/a?id=300",
        "https://ad.doubleclick.net/ddm/clk/1;2;x?https://daily.example/a?id=300",
        "https://www.anrdoezrs.net/links/7/type/dlg/https://daily.example/a?id=300",
        "https://prf.hn/click/camref:x/destination:https%3A%2F%2Fdaily.example%2Fa%3Fid%3D300",
        "https://www.awin1.com/cread.php?awinmid=1&ued=https%3A%2F%2Fdaily.example%2Fa%3Fid%3D300",
        "https://href.li/?https://daily.example/a?id=300",
        f"https://news.google.com/rss/articles/{GOOGLE_NEWS}?oc=5",
        f"https://news.google.com/__i/rss/rd/articles/{GOOGLE_NEWS}",
        "https://clicks.weekly.example/redirect?url=https%3A%2F%2Fdaily.example%2Fa%3Fid%3D300&list=4",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fdaily.example%252Fa%253Fid%253D300",
    ],
)
def test_a_redirector_that_carries_its_target_becomes_the_target(url: str) -> None:
    assert canonical_url(url) == "https://daily.example/a?id=300"


def test_a_feedsportal_link_is_decoded_unless_a_code_is_unknown() -> None:
    target = "0L0Sdaily0Bexample0Cworld0C20A230Cships0Etwo0Bhtml0Did0F7"
    assert (
        canonical_url(f"http://rss.feedsportal.com/c/1/f/2/s/3/l/{target}/story01.htm")
        == "http://www.daily.example/world/2023/ships-two.html?id=7"
    )
    unknown = f"http://rss.feedsportal.com/c/1/f/2/s/3/l/{target}0Y/story01.htm"
    assert canonical_url(unknown) == unknown


def test_a_google_news_token_without_a_url_stays() -> None:
    token = base64.urlsafe_b64encode(b'\x08\x13"\x08AU_yqLNN').decode().rstrip("=")
    assert (
        canonical_url(f"https://news.google.com/rss/articles/{token}?oc=5")
        == f"https://news.google.com/rss/articles/{token}"
    )


def test_a_short_video_link_becomes_the_videos_page() -> None:
    assert canonical_url("https://youtu.be/abcdefghijk?si=x") == "https://www.youtube.com/watch?v=abcdefghijk"


def test_redirectors_within_redirectors_have_an_end() -> None:
    deep = "https://l.facebook.com/l.php?u=" * 700 + "https://daily.example/a"
    assert canonical_url(deep) == deep


@pytest.mark.parametrize(
    "text", ["", "news", "/a/b", "//daily.example/a", "mailto:desk@daily.example", "javascript:alert(1)",
             "ftp://daily.example/", "https://",
             "https://a b/", "https://daily.example:99999/", "https://\ud800/", "tag:daily.example,2023:7"],
)  # fmt: skip
def test_text_that_is_not_a_web_address_has_no_form_and_no_domain(text: str) -> None:
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
    "/lite",
    "/2023/03/20/",
    "-123456",
    "_amp",
    ",amp",
    ".html",
    "/alt=amp.html",
    "/redirect",
    "?url=https://m.example/",
    "&ref=x",
    "%",
    "%36%31",
    "/(S(aaaaaaaaaaaaaaaaaaaaaaaa))",
    "1",
]
HOSTS = [
    "h.example",
    "amp.amp.example.org",
    "m.daily.example.",
    "indianexpress.com",
    "www.voanews.com",
    "l.facebook.com",
    "www.google.com/amp/s/amp.google.com/url",
]
PATHS = st.lists(st.sampled_from(PIECES)).map("".join)
URLS = st.builds("https://{}{}".format, st.sampled_from(HOSTS), PATHS) | st.text().map("http://x.example/{}".format)


@given(URLS)
@example("https://h.example/a-b-c/.;jsessionid=1/amp.amp/amp")
@example("https://h.example/a?&utm_source=1&")
@example("https://h.example.1../a")
@example("https://.?a")
def test_the_canonical_form_is_its_own_canonical_form(url: str) -> None:
    canonical = canonical_url(url)
    if canonical is not None:
        assert canonical_url(canonical) == canonical


@given(st.lists(st.sampled_from([piece for piece in PIECES if "url=" not in piece])).map("".join))
def test_the_domain_stays_where_no_redirector_is(path: str) -> None:
    for host in ("h.example", "amp.h.example", "m.sport.h.example"):
        canonical = canonical_url(f"https://{host}/{path}")
        assert canonical is None or registrable_domain(canonical) == "h.example"


@given(st.text() | st.text().map("https://{}".format))
def test_no_text_raises(text: str) -> None:
    canonical_url(text)
    registrable_domain(text)
    absolute_url(text, "https://h.example/")
    absolute_url("a", text)
