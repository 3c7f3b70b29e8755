"""Random feeds of all dialects, well-formed but for what a text may hold.

``random_feed`` makes one from a generator of random numbers. ``oddness`` is the share of choices
that no sane program makes: an element in a place where it does not belong, odd attributes, markup
in a text, declarations of namespaces on inner elements.
"""

import html
from collections.abc import Callable
from random import Random

Make = Callable[[Random, float], str]

_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "georss": "http://www.georss.org/georss",
    "thr": "http://purl.org/syndication/thread/1.0",
    "yt": "http://www.youtube.com/xml/schemas/2015",
    "gd": "http://schemas.google.com/g/2005",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "yandex": "http://news.yandex.ru",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "cc": "http://web.resource.org/cc/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "company": "https://news.example/our/words",
}
_WORDS = (
    *("Harbour", "opens", "again", "café", "“quoted”", "AT&T", "a < b", "日本語", "Новости", "🦊", "x\u00a0y", "é"),
    *(
        "null",
        "3 > 2",
        "<b>bold</b>",
        "List<int>",
        "&amp;",
        "&nbsp;",
        "it's",
        '"so"',
        "\u200b",
        "tab\there",
        "two\nlines",
    ),
    *("\x92smart\x94", "&#146;", "ünï", "undefined", "<br/>", "<img src='/p.jpg' alt=''>", "</p>", "&copy;"),
)
_URLS = (
    *("https://news.example/2024/01/harbour", "http://news.example/?a=1&b=2", "/relative/path", "story.html", "#top"),
    *(
        "https://news.example/",
        "//cdn.example/pic.jpg",
        "https://cdn.example/pic-300x200.jpg?w=3",
        "http:///x.example/a",
    ),
    *("tag:news.example,2024:1", "urn:uuid:60a76c80", "N/A", "mailto:ann@news.example", "https://[bad", "yt:video:abc"),
    *(
        "https://news.example/a b",
        "HTTPS://News.Example/UP",
        "https://news.example/?token=secret",
        "www.news.example/1",
    ),
    *("https://user:pw@news.example/x", "https://news.example/a;b=c?d#e", "https://news.example/x?", "?q=1", ""),
)
_DATES = (
    *(
        "Mon, 06 Sep 2021 16:45:00 GMT",
        "2021-09-06T16:45:00Z",
        "2021-09-06",
        "03/04/2023",
        "4.3.2023 10:00",
        "yesterday",
    ),
    *("2021-09", "", "Tue, 31 Feb 2021 99:00:00 +0200", "1630946700", "2021-09-06T16:45:00.123+02:00", "lundi 6 mars"),
)
_PEOPLE = (
    "Ann Lee",
    "ann@news.example (Ann Lee)",
    "ann@news.example",
    "Reuters, Ann Lee and Bo",
    "",
    "Ann <a@b.example>",
)
_TAGS = ("News", "Sport", "politics, world", "", "a/b", "Été")
_NUMBERS = ("640", "480", "1", "", "100%", "640px", "x")
_TYPES = ("html", "text", "xhtml", "text/html", "text/plain", "TEXT/HTML", "application/xhtml+xml", "image/jpeg")


def _text(words: tuple[str, ...], longest: int) -> Make:
    def make(random: Random, oddness: float) -> str:
        text = " ".join(random.choice(words) for _ in range(random.randint(min(longest, 1), longest)))
        return _written(random, oddness, text)

    return make


def _written(random: Random, oddness: float, text: str) -> str:
    """Write a text in one of the ways that XML has, with white space around it."""
    if random.random() < 0.3:
        text = random.choice(("\n    ", " ", "\t", "\u00a0")) + text + random.choice(("\n", "  "))
    form = random.random()
    if form < 0.35:
        return f"<![CDATA[{text.replace(']]>', '')}]]>"
    if form < 0.45:
        cut = random.randint(0, len(text))
        return f"{html.escape(text[:cut])}<![CDATA[{text[cut:]}]]>{random.choice(('', ' '))}"
    if form < 0.55:
        return "".join(
            f"&#{ord(char)};" if random.random() < 0.3 and char not in "\x92\x94" else html.escape(char)
            for char in text
        )
    if form < 0.65:
        cut = random.randint(0, len(text))
        middle = random.choice(("<!-- a comment -->", "<?php echo 1 ?>", "<![CDATA[]]>", "<!-- <i> & -->"))
        return html.escape(text[:cut]) + middle + html.escape(text[cut:])
    if form > 1 - oddness / 4:
        return f"<p>{html.escape(text)}</p>"
    return html.escape(text, quote=random.random() < 0.5).replace(
        "&#x27;", random.choice(("&#39;", "&#039;", "&apos;", "&#x27;"))
    )


_words, _url, _date, _person, _tag, _number = (
    _text(_WORDS, 5), _text(_URLS, 1), _text(_DATES, 1), _text(_PEOPLE, 1), _text(_TAGS, 1), _text(_NUMBERS, 1)
)  # fmt: skip


def _nothing(random: Random, oddness: float) -> str:
    return random.choice(("", "", "", " ", "\n"))


def _xhtml(random: Random, oddness: float) -> str:
    inner = "".join(
        random.choice(
            (
                f"<p>{_written(random, 0, random.choice(_WORDS))}</p>",
                f'<a href="{html.escape(random.choice(_URLS))}" title="x &quot; y">link</a>',
                "<br/>",
                "<img src='/p.jpg' alt='a &amp; b'/>",
                "text &amp; more",
                "<ul><li>1</li>\n<li>2</li></ul>",
                "\n",
                "<DIV lang='nl'>a</DIV>",
                "<!-- c -->",
            )
        )
        for _ in range(random.randint(0, 4))
    )
    wrap = random.choice(
        (
            '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>',
            '\n<div xmlns="http://www.w3.org/1999/xhtml">{}</div>\n',
            '<div xmlns="http://www.w3.org/1999/xhtml"><div>{}</div><div>b</div></div>',
            '<div xmlns="http://www.w3.org/1999/xhtml">{}</div><div xmlns="http://www.w3.org/1999/xhtml">b</div>',
            '<div class="x">{}</div>',
            "{}",
            '<div xmlns="http://www.w3.org/1999/xhtml"><source src="a"/><table><tr><td>{}</td></tr></table></div>',
            '<xhtml:div xmlns:xhtml="http://www.w3.org/1999/xhtml"><xhtml:p>a</xhtml:p>{}</xhtml:div>',
        )
    )
    return wrap.format(inner)


def _children(*names: str) -> Make:
    def make(random: Random, oddness: float) -> str:
        parts = [element(random, oddness, random.choice(names)) for _ in range(random.randint(0, 3))]
        return random.choice(("", "\n   ")).join(["", *parts, ""])

    return make


_PERSON = _children("name", "name", "uri", "email", "url", "gd:image", "itunes:name", "itunes:email")
_MEDIA = _children(
    "media:title", "media:description", "media:credit", "media:thumbnail", "media:keywords", "media:copyright"
)
_GROUP = _children(
    "media:content", "media:content", "media:thumbnail", "media:title", "media:community", "media:rating"
)
_SOURCE = _children("title", "id", "link", "updated", "author", "subtitle", "rights", "category", "icon", "dc:date")
_IMAGE = _children("url", "title", "link", "width", "height", "description")

_CONTENTS: dict[str, tuple[Make, ...]] = {
    **dict.fromkeys(("title", "dc:title", "media:title", "itunes:title", "abstract"), (_words,)),
    **dict.fromkeys(("description", "summary", "content", "content:encoded", "subtitle", "tagline"), (_words,)),
    **dict.fromkeys(("rights", "copyright", "dc:rights", "info", "media:description", "dc:description"), (_words,)),
    **dict.fromkeys(("itunes:summary", "itunes:subtitle", "yandex:full-text", "fulltext", "body"), (_words,)),
    **dict.fromkeys(("media:credit", "media:copyright", "company:text", "generator", "media:text"), (_words,)),
    **dict.fromkeys(("link", "guid", "id", "comments", "docs", "icon", "logo", "url", "uri", "homepage"), (_url,)),
    **dict.fromkeys(("wfw:commentRss", "feedburner:origLink", "creativeCommons:license", "atom:id"), (_url,)),
    **dict.fromkeys(("pubDate", "published", "issued", "updated", "modified", "created", "dc:date"), (_date,)),
    **dict.fromkeys(("dcterms:created", "dcterms:issued", "dcterms:modified", "lastBuildDate", "date"), (_date,)),
    **dict.fromkeys(("expirationDate", "yt:videoId", "slash:comments", "sy:updatePeriod", "ttl"), (_date, _number)),
    **dict.fromkeys(("author", "atom:author"), (_person, _PERSON)),
    **dict.fromkeys(("dc:creator", "dc:author", "itunes:author", "managingEditor", "webMaster"), (_person,)),
    **dict.fromkeys(("dc:publisher", "name", "email", "itunes:name", "itunes:email", "dc:contributor"), (_person,)),
    **dict.fromkeys(("contributor", "itunes:owner"), (_PERSON,)),
    **dict.fromkeys(("category", "dc:subject", "keywords", "itunes:keywords", "media:keywords"), (_tag,)),
    **dict.fromkeys(("media:category", "itunes:category"), (_tag, _nothing)),
    **dict.fromkeys(("itunes:explicit", "itunes:block", "itunes:duration"), (_text(("yes", "no", "clean", "Yes"), 1),)),
    **dict.fromkeys(("enclosure", "itunes:image", "gd:image", "atom:link", "thr:in-reply-to"), (_nothing,)),
    **dict.fromkeys(("cc:license", "podcast:transcript", "media:player", "media:statistics", "cloud"), (_nothing,)),
    **{"media:content": (_nothing, _MEDIA), "media:thumbnail": (_nothing, _url), "media:group": (_GROUP,)},
    **{"source": (_words, _SOURCE), "image": (_IMAGE, _nothing, _url)},
    **{"textInput": (_children("title", "name", "link"),)},
    **{"media:community": (_children("media:statistics", "media:starRating"),), "media:starRating": (_nothing,)},
    **{"media:rating": (_text(("adult", ""), 1),), "language": (_text(("en-US", "nl", ""), 1),)},
    **{"dc:language": (_text(("de_DE",), 1),), "georss:point": (_text(("45.2 -71.9", "x", ""), 1),)},
    **{"georss:box": (_text(("42.9 -71.0 43.0 -69.8",), 1),), "width": (_number,), "height": (_number,)},
    **{"company:id": (_number,), "company:group": (_children("company:id", "company:text", "title"),)},
    **{"links": (_url,), "item": (_children("title"),), "x": (_words,), "media:adult": (_number,)},
}  # fmt: skip
_ATTRIBUTES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "link": (
        ("href", _URLS),
        ("rel", ("alternate", "self", "enclosure", "related", "Alternate")),
        ("type", (*_TYPES, "application/rss+xml")),
    ),
    "enclosure": (("url", _URLS), ("type", ("audio/mpeg", "image/jpeg", "IMAGE/PNG")), ("length", _NUMBERS)),
    "guid": (("isPermaLink", ("true", "false", "False", "", "1")),),
    "category": (("term", _TAGS), ("scheme", _URLS), ("label", _TAGS), ("domain", _URLS)),
    "content": (
        *(("url", _URLS), ("medium", ("image", "video")), ("type", ("image/jpeg", "video/mp4"))),
        *(("width", _NUMBERS), ("height", _NUMBERS)),
    ),
    "thumbnail": (("url", _URLS), ("width", _NUMBERS), ("height", _NUMBERS)),
    "image": (("href", _URLS), ("url", _URLS), ("rdf:resource", _URLS)),
    "source": (("url", _URLS),),
    "player": (("url", _URLS),),
    "license": (("rdf:resource", _URLS),),
    "statistics": (("views", _NUMBERS), ("favorites", _NUMBERS)),
    "rating": (("scheme", ("urn:simple",)),),
    "in-reply-to": (("ref", _URLS), ("thr:source", _URLS)),
    "transcript": (("url", _URLS), ("type", ("text/vtt",))),
    "generator": (("uri", _URLS), ("version", _NUMBERS)),
}  # fmt: skip
_MARKED = frozenset({"title", "summary", "content", "subtitle", "rights", "description", "tagline", "info"})
_ODD_ATTRIBUTES = (
    *(("xml:lang", ("nl", "en_GB", "")), ("lang", ("fr",)), ("xml:base", ("https://base.example/dir/", "sub/", ""))),
    *(
        ("id", ("1", "x")),
        ("thr:count", ("3",)),
        ("gd:etag", ("W/x",)),
        ("media:x", ("y",)),
        ("xml:space", ("preserve",)),
    ),
    *(
        ("Title", ("A & B",)),
        ("rdf:about", _URLS),
        ("company:Type", ("Q",)),
        ("mode", ("escaped", "xml")),
        ("base", ("b/",)),
    ),
    *(("xlink:href", _URLS), ("href", _URLS)),
)
_PLAIN_NAMES = tuple(name for name in _CONTENTS if ":" not in name)
_ALL_NAMES = tuple(_CONTENTS)
_COMMON = {
    "rss": (
        *(
            "title",
            "link",
            "guid",
            "description",
            "pubDate",
            "category",
            "dc:creator",
            "content:encoded",
            "media:content",
        ),
        *("media:thumbnail", "enclosure", "author", "comments", "source", "itunes:author", "slash:comments", "dc:date"),
    ),
    "atom": (
        *("title", "link", "link", "id", "summary", "content", "published", "updated", "author", "category", "source"),
        *("contributor", "rights", "media:group", "media:thumbnail", "thr:in-reply-to", "yt:videoId"),
    ),
}


def element(random: Random, oddness: float, name: str) -> str:
    """Return an element of this name as XML."""
    local = name.partition(":")[2] or name
    prefix = name.partition(":")[0] if ":" in name else ""
    attributes: dict[str, str] = {}
    likelihood = 0.3 if name == "link" and random.random() < 0.4 else 0.75
    for key, values in _ATTRIBUTES.get(local, ()) if name != "content" else ():
        if random.random() < likelihood:
            attributes[key] = random.choice(values)
    make = random.choice(_CONTENTS[name])
    if local in _MARKED and prefix not in ("media", "itunes", "dc") and random.random() < 0.5:
        attributes["type"] = random.choice(_TYPES)
        if "xhtml" in attributes["type"]:
            make = random.choice((_xhtml, _xhtml, make))
    if name == "content" and random.random() < 0.1:
        attributes["src"] = random.choice(_URLS)
        make = random.choice((make, _nothing))
    while random.random() < oddness / 2:
        key, values = random.choice(_ODD_ATTRIBUTES)
        attributes[key] = random.choice(values)
    written = "".join(f" {key}={_quoted(random, value)}" for key, value in attributes.items())
    if random.random() < oddness / 8 and prefix in _NAMESPACES:
        written += f' xmlns:{prefix}="{_NAMESPACES[prefix]}"'
    if random.random() < oddness / 16:
        written += f' xmlns="{random.choice((*_NAMESPACES.values(), "https://odd.example/ns"))}"'
    inside = make(random, oddness)
    if random.random() < oddness / 6:
        inside += element(random, oddness, random.choice(_ALL_NAMES))
    if random.random() < oddness / 10:
        inside = _words(random, oddness) + inside
    if not inside and random.random() < 0.5:
        return f"<{name}{written}/>"
    return f"<{name}{written}>{inside}</{name}>"


def _quoted(random: Random, value: str) -> str:
    escaped = html.escape(value)
    return f"'{escaped}'" if random.random() < 0.2 else f'"{escaped}"'


def random_feed(random: Random, oddness: float) -> str:
    """Return a feed with up to 4 entries."""
    root = random.choice(("rss", "rss", "rdf", "atom", "atom", "atom03"))
    names = _COMMON["atom" if root.startswith("atom") else "rss"]
    space = random.choice(("", "\n  "))

    def elements(most: int, others: tuple[str, ...] = ()) -> str:
        chosen = [
            random.choice(_ALL_NAMES if random.random() < oddness else (*names, *others))
            for _ in range(random.randint(0, most))
        ]
        parts = [element(random, oddness, name) for name in chosen]
        if random.random() < 0.1:
            parts.insert(random.randint(0, len(parts)), random.choice(("<!-- c -->", "stray text", "<?pi x?>")))
        return space.join([*parts, ""])

    tag = "entry" if root.startswith("atom") else "item"
    entries = []
    for number in range(random.randint(0, 4)):
        about = f' rdf:about="https://news.example/{number}"' if root == "rdf" else ""
        if random.random() < oddness / 4:
            key, values = random.choice(_ODD_ATTRIBUTES)
            about += f" {key}={_quoted(random, random.choice(values))}" if key not in about else ""
        entries.append(f"<{tag}{about}>{space}{elements(9)}</{tag}>{space}")
    head = elements(5, ("image", "language", "subtitle", "lastBuildDate", "generator", "ttl", "managingEditor"))
    late = elements(1) if random.random() < 0.05 + oddness / 10 else ""
    return random.choice(("", '<?xml version="1.0" encoding="UTF-8"?>\n', "<?xml version='1.0'?>\n", "\n\n")) + _around(
        random, oddness, root, head, "".join(entries) + late
    )


def _around(random: Random, oddness: float, root: str, head: str, entries: str) -> str:
    """Return a feed from its head and its entries."""
    declared = dict(_NAMESPACES)
    if random.random() < oddness / 8:
        declared[random.choice(tuple(declared))] = random.choice(tuple(declared.values()))
    spaces = [f' xmlns:{prefix}="{uri}"' for prefix, uri in declared.items()]
    random.shuffle(spaces)
    extra = "".join(spaces)
    while random.random() < oddness / 3:
        key, values = random.choice(_ODD_ATTRIBUTES)
        if f" {key}=" not in extra:
            extra += f" {key}={_quoted(random, random.choice(values))}"
    if root == "rss":
        version = random.choice(("2.0", "2.0", "0.91", "0.92", "2.01", "1.0", ""))
        channel = ' xml:lang="de"' if random.random() < oddness / 8 else ""
        return f'<rss version="{version}"{extra}>\n<channel{channel}>{head}{entries}</channel>\n</rss>\n'
    if root == "rdf":
        default = random.choice(
            ("http://purl.org/rss/1.0/", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
        )
        image = (
            '<image rdf:about="x"><title>I</title><url>u</url><link>l</link></image>' if random.random() < 0.3 else ""
        )
        return f'<rdf:RDF xmlns="{default}"{extra}><channel rdf:about="x">{head}</channel>{image}{entries}</rdf:RDF>'
    if root == "atom03":
        return f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"{extra}>{head}{entries}</feed>'
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{extra}>{head}{entries}</feed>'
