import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newslake.schemas import codec
from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.schemas.reject import Reason, Reject
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.read import read_document

SHARED = Path(os.environ.get("NEWSLAKE_SHARED", Path(__file__).parents[4] / "shared")) / "feeds"

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rss version="2.0"><channel><title>Paper</title><link>https://p.example/</link>'
)
RSS = (
    f"{HEAD}\n"
    '<item><title>One é</title><link>https://p.example/1</link>'
    '<description><![CDATA[<p>A > b</p>]]></description></item>\n'
    '<item><title>Two</title><link>https://p.example/2</link><description>&lt;p&gt;Second&lt;/p&gt;</description></item>\n'
    '<item><title>Three</title><guid isPermaLink="false">3</guid><link>https://p.example/3</link></item>\n'
    "</channel></rss>\n"
)  # fmt: skip
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>'
    '<entry><title>One</title><id>a:1</id><link href="https://p.example/1"/>'
    '<content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry>'
    '<entry><title>Two</title><id>a:2</id><link href="https://p.example/2"/></entry></feed>'
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://p.example/"><title>Paper</title><link>https://p.example/</link></channel>'
    '<item rdf:about="https://p.example/1"><title>One</title><link>https://p.example/1</link></item>'
    '<item rdf:about="https://p.example/2"><title>Two</title><link>https://p.example/2</link></item></rdf:RDF>'
)


def document(body: bytes | str, **fields: object) -> FeedDocument:
    raw = body.encode() if isinstance(body, str) else body
    return FeedDocument("https://p.example/feed", "https://p.example/feed", raw, 200, SourceSettings(), **fields)  # type: ignore[arg-type]


def read(body: bytes | str, **fields: object) -> tuple[list[RawArticle], list[Reject]]:
    items = list(read_document(document(body, **fields)))
    return [item for item in items if isinstance(item, RawArticle)], [
        item for item in items if isinstance(item, Reject)
    ]


def only_reject(body: bytes | str) -> Reject:
    articles, rejects = read(body)
    assert articles == []
    [reject] = rejects
    return reject


def told(article: RawArticle) -> tuple[object, ...]:
    return article.position, article.headline, article.body, article.url, article.source_id


# A cut feed


@pytest.mark.parametrize("feed", [RSS, ATOM, RDF])
def test_a_feed_cut_anywhere_gives_its_complete_entries_and_a_reject_for_the_broken_one(feed: str) -> None:
    whole, rejects = read(feed)
    assert rejects == []
    for end in range(feed.index("<title>Paper"), len(feed.rstrip())):
        cut = feed[:end]
        complete = cut.count("</item>") + cut.count("</entry>")
        begun = cut.count("<item>") + cut.count("<item ") + cut.count("<entry>")
        articles, rejects = read(cut)
        assert [told(article) for article in articles] == [told(article) for article in whole[:complete]], cut
        if begun > complete:
            assert [(reject.reason, reject.whole_source) for reject in rejects] == [(Reason.TRUNCATED, False)], cut
        assert all(article.warnings == ("malformed_feed",) for article in articles), cut


def test_the_reject_of_a_cut_entry_holds_what_there_is_of_it() -> None:
    _, [reject] = read(RSS[: RSS.index("https://p.example/2")])
    assert reject.payload == b"<item><title>Two</title><link>"
    assert "entry 2" in reject.detail
    assert "</rss>" in reject.detail


def test_an_unclosed_entry_in_a_closed_feed_is_kept() -> None:
    articles, rejects = read(f"{HEAD}<item><title>One</title></item><item><title>Two</title></channel></rss>")
    assert [(article.headline, article.warnings) for article in articles] == [
        ("One", ()),
        ("Two", ("malformed_feed",)),
    ]
    assert rejects == []


@pytest.mark.parametrize(
    "head",
    [
        "<rss><channel><title>Paper</titel><description>x",
        "<rss><channel><title>Paper</title><description>x<link>https://p.example/</link>",
        "<rss version=2.0><channel><title>Paper</title><image><url>x</image>",
        "<b>Warning</b>: no memory in /x.php<br /><rss><channel><title>Paper</title>",
        "<channel><title>Paper</title>",
        '<rss><channel><media:thumbnail url="x"/><title>Paper</title>',
    ],
)
def test_damage_before_the_first_entry_costs_no_entry(head: str) -> None:
    articles, rejects = read(f"{head}<item><title>One</title></item><item><title>Two</title></item></channel></rss>")
    assert [(article.headline, article.publisher) for article in articles] == [("One", "Paper"), ("Two", "Paper")]
    assert rejects == []


def test_an_entry_whose_start_is_damaged_is_a_reject_with_its_bytes() -> None:
    one, two, three = (f"<item><title>{name}</title></item>" for name in ("One", "Two", "Three"))
    for items in ((one[3:], two, three), (one, f"<ite{two[5:]}", three), (one, two, three[6:])):
        articles, [reject] = read(f"{HEAD}{''.join(items)}</channel></rss>")
        assert len(articles) == 2
        assert (reject.reason, reject.whole_source) == (Reason.LOST_ENTRY, False)
        assert b"</title></item>" in reject.payload
        assert {article.publisher for article in articles} == {"Paper"}


def test_what_another_reader_would_swallow_is_read() -> None:
    items = "<item><title>One</title><description><![CDATA[a</description></item><item><title>Two</titl></item>"
    articles, [] = read(f"{HEAD}{items}<item><title>Three & four</title><x:y/></item></channel></rss>")
    assert [(article.headline, article.warnings) for article in articles] == [
        ("One", ("malformed_feed",)),
        ("Two", ("malformed_feed",)),
        ("Three & four", ("malformed_feed",)),
    ]
    assert articles[0].body == "a"


def test_a_whole_feed_out_of_a_damaged_archive_is_still_told_to_be_cut() -> None:
    articles, [reject] = read(RSS, cut="the archive ends in the middle")
    assert len(articles) == 3
    assert reject.reason is Reason.TRUNCATED
    assert "the archive ends in the middle" in reject.detail


# Documents that are not feeds


def test_an_html_page_is_no_feed_and_its_feeds_are_named() -> None:
    page = (
        "<!DOCTYPE html>\n<html><head><title>News</title>"
        '<link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'
    )
    reject = only_reject(page)
    assert (reject.reason, reject.whole_source) == (Reason.NOT_A_FEED, True)
    assert "HTML" in reject.detail
    assert "/rss" in reject.detail
    assert reject.payload == page.encode()


def test_the_name_of_a_file_is_text_and_never_opened() -> None:
    reject = only_reject("/etc/passwd")
    assert reject.reason is Reason.NOT_A_FEED
    assert reject.payload == b"/etc/passwd"


@pytest.mark.parametrize(
    ("body", "reason", "word"),
    [
        ("", Reason.EMPTY, ""),
        ("\ufeff \n\x00", Reason.EMPTY, ""),
        ("<sitemapindex><sitemap/></sitemapindex>", Reason.NOT_A_FEED, "<sitemapindex>"),
        ('{"items": []}', Reason.NOT_A_FEED, "version"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [', Reason.INVALID_JSON, ""),
        ("[" * 100_000, Reason.NOT_A_FEED, ""),
        ("{" * 100_000, Reason.INVALID_JSON, ""),
        ("<!-- never ends", Reason.NOT_A_FEED, ""),
        ("\x89PNG\r\n\x1a\n\x00\x00", Reason.NOT_A_FEED, ""),
    ],
)
def test_a_document_that_is_not_a_feed_is_rejected_with_its_kind(body: str, reason: Reason, word: str) -> None:
    reject = only_reject(body)
    assert (reject.reason, reject.whole_source) == (reason, True)
    assert word in reject.detail


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(f"{HEAD}</channel></rss>") == ([], [])
    assert read('{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": []}') == ([], [])


# Entities


BODY = '<rss version="2.0"><channel><item><title>{}</title></item></channel></rss>'


def bomb(subset: str, use: str) -> str:
    return f'<?xml version="1.0"?>\n<!DOCTYPE rss [\n{subset}\n]>\n{BODY.format(use)}'


LAUGHS = bomb('<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)), "&a9;")
REFUSED = {
    "billion laughs": LAUGHS,
    "one expansion": bomb('<!ENTITY a "ha"><!ENTITY b "&a;&a;">', "&b;"),
    "behind a character reference": bomb('<!ENTITY a "ha"><!ENTITY b "&#38;a;&#x26;a;">', "&b;"),
    "quadratic": bomb(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 10_000),
    "external file": bomb('<!ENTITY a SYSTEM "file:///etc/hostname">', "&a;"),
    "public": bomb('<!ENTITY a PUBLIC "-//X//Y" "http://127.0.0.1/x">', "&a;"),
    "parameter": bomb('<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;', "x"),
    "on one line": bomb('<!ENTITY a "ha"><!ENTITY b "&a;">', "&b;").replace("\n", " "),
    "after a comment with a tag": bomb('<!ENTITY b "&b2;">', "&b;").replace("<!DOCTYPE", "<!-- <rss> --><!DOCTYPE"),
    "markup": bomb('<!ENTITY a "<b>">', "&a;"),
    "very many": bomb("".join(f'<!ENTITY e{n} "x">' for n in range(400)), "&e1;"),
    "prolog that breaks off": f'<!DOCTYPE rss [\n<!ENTITY a "x">\n{BODY.format("&a;")}',
    "junk before": "junk" + bomb('<!ENTITY a "ha">', "&a;"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", REFUSED)
def test_entities_that_expand_are_refused_in_any_encoding(kind: str, encoding: str) -> None:
    reject = only_reject(REFUSED[kind].encode(encoding))
    assert (reject.reason, reject.whole_source) == (Reason.ENTITY_EXPANSION, True)


def test_short_plain_entities_are_resolved() -> None:
    feed = bomb(
        '<!ENTITY eacute "&#233;"><!ENTITY paper \'The "Paper"\'><!ENTITY amp "&#38;#38;">',
        "Caf&eacute; in &paper; &amp; more",
    )
    [article], [] = read(feed)
    assert article.headline == 'Café in The "Paper" & more'
    assert article.warnings == ()


def test_an_article_about_entity_attacks_is_no_attack() -> None:
    text = '<![CDATA[<!ENTITY x SYSTEM "file:///etc/passwd"> &x;]]>'
    feed = f"{HEAD}<item><title>XXE</title><description>{text}</description></item></channel></rss>"
    [article], [] = read(feed)
    assert article.body == '<!ENTITY x SYSTEM "file:///etc/passwd"> &x;'


# Encodings and bad characters


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_a_feed_in_another_unicode_form_is_read(encoding: str) -> None:
    articles, [] = read(RSS.replace("UTF-8", "UTF-16" if "16" in encoding else "UTF-8").encode(encoding))
    assert articles[0].headline == "One é"
    assert [article.warnings for article in articles] == [()] * 3


def test_a_declared_windows_1252_feed_is_read() -> None:
    [article], [] = read(
        f"{HEAD.replace('UTF-8', 'windows-1252')}<item><title>“Café” – €5</title></item></channel></rss>".encode(
            "cp1252"
        )
    )
    assert article.headline == "“Café” – €5"
    assert article.warnings == ()


@pytest.mark.parametrize("claim", ["utf-16", "UTF-32", "no-such-encoding", "rot13", "unicode_escape", "idna"])
def test_a_feed_in_utf_8_that_claims_the_impossible_is_read(claim: str) -> None:
    [article], [] = read(f"{HEAD.replace('UTF-8', claim)}<item><title>Café \\u0041</title></item></channel></rss>")
    assert (article.headline, article.warnings) == ("Café \\u0041", ())


def test_the_users_word_on_the_encoding_comes_first() -> None:
    body = f"{HEAD}<item><title>Новости</title></item></channel></rss>".encode("cp1251")
    [article] = read_document(FeedDocument("f", None, body, None, SourceSettings(encoding="windows-1251")))
    assert isinstance(article, RawArticle)
    assert (article.headline, article.warnings) == ("Новости", ())


def test_the_header_gives_the_encoding_where_the_document_does_not() -> None:
    body = f"{HEAD.partition('?>')[2]}<item><title>Новости</title></item></channel></rss>".encode("cp1251")
    [article], [] = read(body, charset="windows-1251")
    assert article.headline == "Новости"


def test_the_header_does_not_overrule_the_document() -> None:
    articles, [] = read(RSS, charset="iso-8859-1")
    assert articles[0].headline == "One é"


def test_latin_1_that_claims_to_be_utf_8_is_read_and_flagged() -> None:
    [article], [] = read(f"{HEAD}<item><title>Café – déjà vu</title></item></channel></rss>".encode("cp1252"))
    assert article.headline == "Café – déjà vu"
    assert article.warnings == ("invalid_utf8",)


def test_one_bad_byte_costs_one_character_of_one_entry() -> None:
    feed = f"{HEAD}<item><title>Né XX à Liège</title></item><item><title>Été</title></item></channel></rss>".encode()
    [broken, sound], [] = read(feed.replace(b"XX", b"\xff"))
    assert (broken.headline, broken.warnings) == ("Né ÿ à Liège", ("invalid_utf8",))
    assert (sound.headline, sound.warnings) == ("Été", ())


def test_bad_references_are_replaced_control_characters_dropped_and_both_flagged() -> None:
    rest = "</title></item><item><title>ok</title></item></channel></rss>"
    [reference, sound], [] = read(f"{HEAD}<item><title>a&#0;b&#xD800;c&#99999999999999999999;{rest}")
    assert (reference.headline, reference.warnings) == ("a\ufffdb\ufffdc\ufffd", ("bad_character_reference",))
    assert (sound.headline, sound.warnings) == ("ok", ())
    [control, sound], [] = read(f"{HEAD}<item><title>N\x00UL\x1f{rest}")
    assert (control.headline, control.warnings) == ("NUL", ("control_character",))
    assert (sound.headline, sound.warnings) == ("ok", ())


# The facts of the feed


def test_configured_names_come_before_the_feeds_own() -> None:
    saved = FeedDocument(
        "/feeds/p.xml", None, RSS.encode(), None, SourceSettings(publisher="The Paper", source="paper")
    )
    article = next(iter(read_document(saved)))
    assert isinstance(article, RawArticle)
    assert (article.publisher, article.source, article.feed_url) == ("The Paper", "paper", None)


def test_a_saved_feed_is_known_by_its_own_link_and_links_are_resolved_against_it() -> None:
    feed = RSS.replace("<rss ", '<rss xmlns:a="http://www.w3.org/2005/Atom" ').replace("<item>", "<item>", 1)
    feed = feed.replace(
        "<title>Paper", '<a:link rel="self" href="https://user:pw@p.example/news/rss?key=1"/><title>Paper'
    )
    feed = feed.replace("<link>https://p.example/1", "<link>../1")
    saved = FeedDocument("/feeds/p.xml", None, feed.encode(), None, SourceSettings())
    article = next(iter(read_document(saved)))
    assert isinstance(article, RawArticle)
    assert article.source == article.feed_url == "https://***@p.example/news/rss?key=***"
    assert article.url == "https://p.example/1"


def test_the_payload_is_the_entry_as_json_without_what_was_derived() -> None:
    [article, *_], [] = read(RSS)
    payload = codec.decode(article.payload)
    assert payload["title"] == "One é"
    assert payload["summary"] == "<p>A > b</p>"
    assert not [key for key in payload if key.endswith(("_parsed", "_detail"))]


@pytest.mark.skipif(not SHARED.is_dir(), reason="no real feeds: NEWSLAKE_SHARED is not set")
def test_every_entry_of_real_feeds_is_an_article_or_a_reject() -> None:
    for path in SHARED.glob("*.xml"):
        raw = path.read_bytes()
        items = list(read_document(FeedDocument(str(path), None, raw, None, SourceSettings())))
        assert len(items) == raw.count(b"<item>") + raw.count(b"<item ") + raw.count(b"<entry>") + raw.count(
            b"<entry "
        ), path.name
        # Two of them have relative links and name no site.
        assert all(isinstance(item, RawArticle) and item.headline and (item.url or item.source_id) for item in items)


@settings(max_examples=150)
@given(st.data())
def test_no_damage_makes_the_reader_fail(data: st.DataObject) -> None:
    feed = bytearray(data.draw(st.sampled_from([RSS, ATOM, RDF])).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(feed) - 1))
        piece = data.draw(
            st.sampled_from(
                [b"", b"<", b"&", b"]]>", b"<![CDATA[", b"</item>", b"<link>", b"<x y=>", b"&#xD800", b"\xff", b"<!--"]
            )
        )
        feed[at : at + data.draw(st.integers(0, 20))] = piece
    for item in read_document(document(bytes(feed))):
        assert isinstance(item, (RawArticle, Reject))


def test_entries_that_are_dated_in_numbers_know_of_each_other() -> None:
    dates = ("03/04/2023", "Mon, 20 Mar 2023 10:00:00 +0100", "21.3.2023 10:00", "2023-04-03", "03/04/2023")
    items = "".join(
        f"<item><title>{number}</title><pubDate>{date}</pubDate></item>" for number, date in enumerate(dates)
    )
    articles, _ = read(f"{HEAD}{items}</channel></rss>")
    shared = ("03/04/2023", "21.3.2023 10:00")
    assert [article.sibling_dates for article in articles] == [shared, (), shared, (), shared]


def test_a_relative_link_takes_over_no_secret_of_the_feeds_own_url() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>'
        '<link rel="self" href="https://user:pw@p.example/f?token=abcdef"/>'
        '<entry><title>One</title><id>a:1</id><link href="#one"/></entry></feed>'
    )
    saved = FeedDocument("feed.xml", None, atom.encode(), None, SourceSettings())
    (article,) = [item for item in read_document(saved) if isinstance(item, RawArticle)]
    assert article.url == "https://p.example/f?token=***#one"
