"""The fields of an entry, from the text of a feed."""

import pytest

from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.read import read_document

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:yandex="http://news.yandex.ru" '
    'xmlns:foaf="http://xmlns.com/foaf/0.1/"'
)
HEAD = f'<rss version="2.0" {NAMESPACES}><channel><title>Paper</title><link>https://p.example/</link>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title><link href="https://p.example/"/>'


def articles(text: str, language: str | None = None) -> list[RawArticle]:
    url = "https://p.example/feed"
    document = FeedDocument(url, url, text.encode(), 200, SourceSettings(), language=language)
    return [item for item in read_document(document) if isinstance(item, RawArticle)]


def rss(item: str, *, tail: str = "</channel></rss>") -> RawArticle:
    [article] = articles(f"{HEAD}<item>{item}</item>{tail}")
    return article


def atom(entry: str) -> RawArticle:
    [article] = articles(f"{ATOM}<entry><id>x:1</id>{entry}</entry></feed>")
    return article


# URLs


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link></link><guid>https://p.example/1</guid>", "https://p.example/1"),
        ('<link/><guid isPermaLink="True">https://p.example/1</guid>', "https://p.example/1"),
        ("<link>N/A</link><guid>https://p.example/1</guid>", "https://p.example/1"),
        ("<link>#</link><guid>https://p.example/1</guid>", "https://p.example/1"),
        ("<link>https://p.example</link><guid>https://p.example/1</guid>", "https://p.example/1"),
        ("<guid>https://p.example/1</guid><link>https://p.example/</link>", "https://p.example/1"),
        ("<link>mailto:a@p.example</link><guid>https://p.example/1</guid>", "https://p.example/1"),
        ('<link>https://p.example/</link><guid isPermaLink="false">https://p.example/1</guid>', "https://p.example/"),
        ('<link></link><guid isPermaLink="false">https://p.example/1</guid>', None),
        ("<link></link><guid>1</guid>", None),
        ("<link></link><guid>www.p.example/1</guid>", "https://www.p.example/1"),
        ("<link>https://p.example/2</link><guid>https://p.example/1</guid>", "https://p.example/2"),
        ('<link rel="canonical" href="https://o.example/">https://p.example/1</link>', "https://p.example/1"),
        ('<link uri="at://did:plc:zz/post/1">https://p.example/1</link>', "https://p.example/1"),
        ('<link href="https://p.example/1"/>', "https://p.example/1"),
        ("<link>https://p.example/1</link><link>https://p.example/2</link>", "https://p.example/1"),
    ],
)
def test_the_url_of_an_entry(item: str, url: str | None) -> None:
    article = rss(f"<title>One</title>{item}")
    assert article.url == url
    assert article.url_is_void == (url == "https://p.example/")


def test_an_atom_id_is_the_url_if_there_is_no_link() -> None:
    [article] = articles(f'{ATOM}<entry><title>One</title><id>https://p.example/1</id><link href=""/></entry></feed>')
    assert article.url == "https://p.example/1"


def test_the_relation_of_an_atom_link_may_be_an_iri() -> None:
    registry = "http://www.iana.org/assignments/relation"
    links = f'<link rel="{registry}/self" href="/self"/><link rel="{registry}/alternate" href="/1"/>'
    assert atom(f"<title>One</title>{links}").url == "https://p.example/1"


def test_an_atom_content_may_be_a_picture() -> None:
    assert atom('<title>One</title><content type="image/png" src="/p.png"/>').images == (
        ("https://p.example/p.png", None, None),
    )


def test_the_text_of_an_atom_link_is_no_link() -> None:
    assert atom('<link href="https://p.example/1">here</link>').url == "https://p.example/1"


def test_secrets_of_a_link_are_masked() -> None:
    article = rss(
        "<title>One</title><link>https://p.example/1?token=abcdef</link><guid>https://p.example/?key=xyz</guid>"
    )
    assert article.url is not None
    assert article.source_id is not None
    assert article.url.startswith("https://p.example/1?token=***")
    assert article.source_id.startswith("https://p.example/?key=***")


def test_a_guid_is_the_same_in_a_damaged_feed() -> None:
    item = "<title>One</title><guid>https://p.example/?a=1&amp;b=2</guid>"
    whole, damaged = rss(item), rss(f"{item}<odd><!-- </item>")
    assert whole.source_id == damaged.source_id == "https://p.example/?a=1&b=2"
    assert damaged.warnings == ("malformed_feed",)


def test_escapes_in_a_damaged_feed_are_resolved_once() -> None:
    item = (
        "<title>A &amp;quot; B</title><description>C &amp;quot; D &lt;b&gt;</description><category>E &amp; F</category>"
    )
    whole, damaged = rss(item), rss(f"{item}<odd><!-- </item>")
    assert (whole.headline, whole.body, whole.keywords) == (damaged.headline, damaged.body, damaged.keywords)
    assert damaged.keywords == ("E & F",)


# Texts


def test_titles_keep_words_in_angle_brackets() -> None:
    assert rss("<title>List&lt;int&gt;</title>").headline == "List<int>"
    assert rss("<title><![CDATA[<i>Hamlet</i> returns]]></title>").headline == "Hamlet returns"
    assert rss("<title>a&lt;b</title><description>&lt;p&gt;x&lt;/p&gt;</description>").headline == "a&lt;b"
    assert atom('<title type="html">Optional&lt;T&gt; &amp;amp; &lt;b&gt;more&lt;/b&gt;</title>').headline == (
        "Optional<T> & more"
    )
    assert atom("<title>&lt;b&gt;bold&lt;/b&gt;</title>").headline == "<b>bold</b>"


def test_a_title_in_base64_may_be_markup() -> None:
    assert atom('<title type="application/octet-stream">PGI+TGF0ZTwvYj4gZmVycnk=</title>').headline == "Late ferry"


def test_text_that_looks_encoded_twice_stays_as_written() -> None:
    assert rss("<title>How Ã©tÃ© came about</title>").headline == "How Ã©tÃ© came about"


@pytest.mark.parametrize("name", ["yandex:full-text", "full-text", "fulltext", "mailru:full-text", "articleBody"])
def test_an_element_with_the_whole_text_is_the_body(name: str) -> None:
    declared = 'xmlns:mailru="http://news.mail.ru/"' if name.startswith("mailru") else ""
    article = rss(
        f"<title>One</title><description>Lead.</description><{name} {declared}>&lt;p&gt;All of it.&lt;/p&gt;</{name}>"
    )
    assert (article.description, article.body, article.body_source) == ("Lead.", "<p>All of it.</p>", "feed_content")


def test_the_prefix_of_a_full_text_may_be_any() -> None:
    item = '<title>One</title><description>Lead.</description><y:full-text xmlns:y="http://news.yandex.ru">All.</y:full-text>'
    assert rss(item).body == "All."


def test_untyped_atom_content_with_escaped_markup_is_markup() -> None:
    article = atom("<title>One</title><content>&lt;p&gt;Text&lt;/p&gt;&lt;p&gt;More&lt;/p&gt;</content>")
    assert (article.body, article.html) == ("<p>Text</p><p>More</p>", True)


def test_a_content_of_pictures_only_does_not_hide_the_summary() -> None:
    article = rss(
        "<title>One</title><description>Lead.</description><content:encoded>&lt;img src='/p.jpg'&gt;</content:encoded>"
    )
    assert (article.body, article.body_source) == ("Lead.", "feed_summary")
    assert article.images == (("https://p.example/p.jpg", None, None),)


def test_bytes_in_base64_do_not_hide_the_summary() -> None:
    article = atom('<summary>Late.</summary><content type="application/octet-stream">AAECAwQFBgc=</content>')
    assert (article.body, article.body_source) == ("Late.", "feed_summary")


def test_null_is_no_text() -> None:
    article = rss("<title>One</title><description>null</description>")
    assert (article.description, article.body, article.body_source) == (None, None, "none")


# Authors


@pytest.mark.parametrize(
    ("item", "bylines"),
    [
        ("<author>editor@valley.media (Ann Bell)</author>", ("editor@valley.media (Ann Bell)",)),
        ("<author>Ann Bell (ann@valley.london)</author>", ("Ann Bell (ann@valley.london)",)),
        ("<author>/u/zed_bell</author>", ("/u/zed_bell",)),
        ("<author><name>Ann Bell</name><email>ann@valley.press</email></author>", ("Ann Bell",)),
        ("<author><person>Ann Bell</person><bio>Writes about ferries</bio></author>", ("Ann Bell",)),
        ("<author><firstname>Ann</firstname><lastname>Bell</lastname></author>", ("Ann Bell",)),
        ("<dc:creator><foaf:Person><foaf:name>Ann Bell</foaf:name></foaf:Person></dc:creator>", ("Ann Bell",)),
        ("<author>Ann Bell <email>ann@valley.press</email></author>", ("Ann Bell",)),
        ("<author><email>ann@valley.press</email></author>", ("ann@valley.press",)),
        ("<dc:creator>Ann Bell</dc:creator><dc:creator>Cid Dorn</dc:creator>", ("Ann Bell", "Cid Dorn")),
        ("<author>ann@valley.press</author><dc:creator>Ann Bell</dc:creator>", ("Ann Bell",)),
        ("<author>mailto:ann@valley.press</author><author>Ann Bell</author>", ("Ann Bell",)),
        ("<author></author><dc:creator>Ann Bell</dc:creator>", ("Ann Bell",)),
    ],
)
def test_the_authors_of_an_entry(item: str, bylines: tuple[str, ...]) -> None:
    assert rss(f"<title>One</title>{item}<category>x</category>").bylines == bylines


def test_an_author_that_is_never_closed_takes_nothing_of_the_next_entry() -> None:
    first, second = articles(
        f"{HEAD}<item><title>One</title><author>Ann</item><item><title>Two</title><odd>words</odd></item></channel></rss>"
    )
    assert (first.headline, second.headline, second.bylines) == ("One", "Two", ())


# Pictures


def test_the_image_of_an_entry_is_its_picture_and_nothing_else_of_it() -> None:
    article = rss(
        "<image><url>https://p.example/p.jpg</url><title>x</title><link>https://p.example/z</link></image>"
        "<title>One</title><link>https://p.example/1</link>"
    )
    assert (article.headline, article.url) == ("One", "https://p.example/1")
    assert article.images == (("https://p.example/p.jpg", None, None),)
    for image in ("<image>/p.jpg</image>", '<image href="/p.jpg"/>'):
        assert rss(f"<title>One</title>{image}").images == (("https://p.example/p.jpg", None, None),)


def test_the_image_of_the_channel_is_that_of_no_entry() -> None:
    [article] = articles(f"{HEAD}<image><url>/logo.png</url></image><item><title>One</title></item></channel></rss>")
    assert article.images == ()


def test_the_largest_picture_of_a_group_stays() -> None:
    article = rss(
        "<title>One</title><media:group><media:content url='/s.jpg' medium='image' width='100'/>"
        "<media:content url='/l.jpg' medium='image' width='900'/><media:thumbnail url='/t.jpg'/></media:group>"
        "<media:content url='/o.jpg' medium='image'><media:thumbnail url='/u.jpg'/></media:content>"
        "<media:thumbnail url='/v.jpg'/>"
    )
    assert [url.rpartition("/")[2] for url, _, _ in article.images] == ["l.jpg", "o.jpg", "v.jpg"]


@pytest.mark.parametrize(
    ("inside", "caption", "credit"),
    [
        ("<media:title>The ferry</media:title><media:copyright>Ann/EPX</media:copyright>", "The ferry", "Ann/EPX"),
        ("<media:title>x</media:title><media:description>The ferry</media:description>", "The ferry", None),
        ("<media:credit>Ann</media:credit><media:copyright>EPX</media:copyright>", None, "Ann"),
        ("<media:title>One</media:title>", None, None),
        ("<media:title>Ferry_1</media:title>", None, None),
    ],
)
def test_the_caption_and_credit_of_a_picture(inside: str, caption: str | None, credit: str | None) -> None:
    media = f"<media:content url='/ferry-1.jpg' medium='image'>{inside}</media:content>"
    article = rss(f"<title>One</title>{media}<description>Late.</description>")
    assert article.images == (("https://p.example/ferry-1.jpg", caption, credit),)


def test_the_pictures_of_the_text_count_if_the_feed_names_no_other() -> None:
    text = "<description>&lt;img src='p.jpg'&gt; Late.</description><link>https://p.example/news/1</link>"
    assert rss(f"<title>One</title>{text}").images == (("https://p.example/news/p.jpg", None, None),)
    named = rss(f"<title>One</title>{text}<enclosure url='/e.jpg' type='image/jpeg'/>")
    assert named.images == (("https://p.example/e.jpg", None, None),)
    avatar = rss(f"<title>One</title>{text}<media:content url='https://0.gravatar.com/avatar/0a' medium='image'/>")
    assert avatar.images == (("https://p.example/news/p.jpg", None, None),)


def test_the_base_of_a_text_is_that_of_its_pictures() -> None:
    link = '<title>One</title><link href="https://p.example/1/"/>'
    text = '&lt;p&gt;Late.&lt;/p&gt;&lt;img src="a.jpg"&gt;</content>'
    assert (
        atom(f'{link}<content type="html" xml:base="https://c.example/">{text}').images[0][0]
        == "https://c.example/a.jpg"
    )
    assert atom(f'{link}<content type="html" xml:base="/x/">{text}').images[0][0] == "https://p.example/1/a.jpg"


def test_an_entry_with_a_picture_alone_is_an_article() -> None:
    assert rss("<enclosure url='/e.jpg' type='image/jpeg'/>").images == (("https://p.example/e.jpg", None, None),)


# The rest


def test_the_label_of_a_category_comes_before_its_term() -> None:
    assert atom('<title>One</title><category term="c-7" label="Ships"/><category term="Sea"/>').keywords == (
        "Ships",
        "Sea",
    )


def test_tags_in_a_category_are_no_part_of_it() -> None:
    article = rss("<title>One</title><category><p>Sea <b>and</b> ships</p></category><description>Late.</description>")
    assert (article.keywords, article.body) == (("Sea and ships",), "Late.")


def test_the_title_of_a_feed_is_read_without_scripts() -> None:
    title = "&lt;b&gt;Harbour&lt;/b&gt; Post&lt;script&gt;var a=1;&lt;/script&gt;&lt;!-- x --&gt;"
    [article] = articles(
        f"<rss version='2.0'><channel><title>{title}</title><item><title>1</title></item></channel></rss>"
    )
    assert article.publisher == "Harbour Post"


@pytest.mark.parametrize(("header", "language"), [("nl-NL", "nl-NL"), ("nl, en", None), (None, None)])
def test_the_header_tells_the_language_if_the_feed_does_not(header: str | None, language: str | None) -> None:
    [article] = articles(f"{HEAD}<item><title>1</title></item></channel></rss>", header)
    assert article.language == language
    [told] = articles(f"{HEAD}<language>fr</language><item><title>1</title></item></channel></rss>", header)
    assert told.language == "fr"
