"""Pages of invented news sites in the manner of real content systems, with the right answers.

Each layout is a function from a ``Story`` to the bytes of a page. ``Layout.carries`` says which
fields a reader can find in the page; the others must stay empty.
"""

import html
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from commandline import CHECKOUT
from prose import prose, sentences

FIELDS = ("headline", "description", "date", "modified", "authors", "url", "language", "publisher")
FIELDS += ("keywords", "sections", "image", "body", "clean")
"""The fields that are judged. "clean" tells that the body holds nothing from beside the article."""

_NOISE = "Zqnoise"
"""A word that stands in all that is no part of an article."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a page tells, and so the right answers."""

    headline: str
    description: str
    paragraphs: tuple[str, ...]
    date: str
    modified: str
    authors: tuple[str, ...]
    url: str
    language: str
    publisher: str
    keywords: tuple[str, ...]
    sections: tuple[str, ...]
    image: str


@cache
def _texts() -> dict[str, str]:
    lines = (CHECKOUT / "tests/data/encodings/texts.jsonl").read_text("utf-8").splitlines()
    return {text["language"]: text["text"] for text in map(json.loads, lines)}


_STOPS = {"ja": "。", "zh-Hans": "。", "hi": "।"}


def story(language: str, seed: int) -> Story:
    """Return the story of a seed in a language. English stories share no sentence."""
    if language == "en":
        first = sentences(f"page {seed}", 1)[0].rstrip(".")
        headline, description = first, sentences(f"description {seed}", 1)[0]
        paragraphs = tuple(prose(f"page {seed}", 24).split("\n\n"))
    else:
        text, stop = _texts()[language], _STOPS.get(language, ".")
        parts = [part.strip() for part in text.split(stop) if part.strip()]
        headline, description = f"{parts[0]} {seed}", f"{parts[-1]} {seed}{stop}"
        paragraphs = tuple(
            f"{number}{seed} "
            + f"{stop} ".join([*parts[number % len(parts) :], *parts[: number % len(parts)]] * 2)
            + stop
            for number in range(1, 7)
        )
    slug = f"https://{language.lower()}.paper.example/2024/{seed}-story"
    return Story(
        headline,
        description,
        paragraphs,
        f"2024-03-{1 + seed % 28:02d}T10:{seed % 60:02d}:00+01:00",
        f"2024-03-{1 + seed % 28:02d}T18:{seed % 60:02d}:00+01:00",
        (("Jana Doe", "Ivo Novak") if seed % 2 else ("Mia O'Hara-Lind",)),
        slug,
        language.partition("-")[0] if language.startswith("zh") else language,
        "The Saltmere Courier",
        ("harbour", "council", "ferries"),
        ("Local",),
        f"https://img.paper.example/{seed}.jpg",
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """How one content system writes a page."""

    name: str
    language: str
    write: Callable[[Story], str]
    carries: tuple[str, ...]
    encoding: str = "utf-8"
    changes: Callable[[Story], Story] | None = None

    def page(self, seed: int) -> tuple[bytes, Story]:
        """Return a page, and the story with what the page does not carry left empty."""
        told = story(self.language, seed)
        told = self.changes(told) if self.changes else told
        data = self.write(told).encode(self.encoding, "xmlcharrefreplace")
        missing = {name for name in FIELDS if name not in self.carries} - {"body", "clean"}
        empty = {name: () if name in ("authors", "keywords", "sections") else "" for name in missing}
        return data, replace(told, **empty)  # type: ignore[arg-type]


_e = html.escape
_NAV = f"<nav><ul><li><a href='/'>{_NOISE} Home</a></li><li><a href='/sport'>{_NOISE} Sport</a></li></ul></nav>"
_COOKIES = (
    f"<div id='cookie-banner' class='cookie-consent' role='dialog'><p>{_NOISE} We and our 842 partners use cookies to "
    f"store data on your device. You may accept all cookies or manage your choices.</p><button>Accept</button></div>"
)
_FOOTER = f"<footer><p>{_NOISE} © 2024 The Saltmere Courier. All rights reserved.</p></footer>"


def _related(tag: str = "div") -> str:
    cards = "".join(
        f"<article class='card'><a href='/r{n}'><h3>{_NOISE} Another story {n}</h3></a>"
        f"<time datetime='2019-01-0{n}'>{n} January 2019</time><p>{_NOISE} teaser of it</p></article>"
        for n in (1, 2, 3)
    )
    return f"<{tag} class='related-articles'><h2>{_NOISE} Read more</h2>{cards}</{tag}>"


def _comments() -> str:
    return (
        "<section id='comments' class='comments-area'><h2>2 comments</h2><ol class='comment-list'>"
        + "".join(
            f"<li class='comment'><article class='comment-body'><b class='fn'>{_NOISE} reader{n}</b>"
            f"<time datetime='2024-05-0{n}T08:00:00Z'>May {n}</time><div class='comment-content'><p>{_NOISE} "
            f"I do not agree "
            f"with this at all, and I have lived there for years.</p></div></article></li>"
            for n in (1, 2)
        )
        + "</ol></section>"
    )


def _paragraphs(s: Story) -> str:
    return "".join(f"<p>{_e(text)}</p>\n" for text in s.paragraphs)


def _script(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>'


def _article(s: Story, **more: object) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": s.headline,
        "description": s.description,
        "datePublished": s.date,
        "dateModified": s.modified,
        "author": [{"@type": "Person", "name": name} for name in s.authors],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": s.publisher,
            "logo": {"@type": "ImageObject", "url": "/l.png"},
        },
        "mainEntityOfPage": {"@type": "WebPage", "@id": s.url},
        "image": [s.image],
        "keywords": list(s.keywords),
        "articleSection": list(s.sections),
        "inLanguage": s.language,
        **more,
    }


def _og(s: Story, *, times: bool = True) -> str:
    pairs = [
        ("og:type", "article"),
        ("og:title", s.headline),
        ("og:description", s.description),
        ("og:url", s.url),
        ("og:site_name", s.publisher),
        ("og:image", s.image),
    ]
    if times:
        pairs += [("article:published_time", s.date), ("article:modified_time", s.modified)]
        pairs += [("article:section", s.sections[0]), *(("article:tag", word) for word in s.keywords)]
    return "".join(f'<meta property="{name}" content="{_e(text)}"/>' for name, text in pairs)


def _whole(s: Story, head: str, body: str, attributes: str | None = None) -> str:
    attributes = f'lang="{s.language}"' if attributes is None else attributes
    return (
        f"<!DOCTYPE html>\n<html {attributes}><head><meta charset='utf-8'><title>{_e(s.headline)} - {_e(s.publisher)}"
        f"</title>{head}</head><body>{_COOKIES}<header>{_NAV}</header>{body}{_FOOTER}</body></html>"
    )


def _canonical(s: Story) -> str:
    return f'<link rel="canonical" href="{s.url}">'


def _yoast(s: Story) -> str:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "WebPage",
                "@id": s.url,
                "url": s.url,
                "name": f"{s.headline} - {s.publisher}",
                "datePublished": s.date,
            },
            _article(s, **{"@type": "Article", "author": {"@id": "#/person/1"}, "publisher": {"@id": "#org"}}),
            {"@type": ["Person", "Organization"], "@id": "#/person/1", "name": s.authors[0]},
            {"@type": "Organization", "@id": "#org", "name": s.publisher},
            {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Home"}]},
        ],
    }
    body = (
        f"<main id='main'><article class='post'><header class='entry-header'><h1 "
        f"class='entry-title'>{_e(s.headline)}</h1>"
        f"<time class='entry-date published' datetime='{s.date}'>x</time></header><div class='entry-content'>"
        f"{_paragraphs(s)}</div></article>{_comments()}</main><aside class='widget-area'>{_related()}</aside>"
    )
    return _whole(s, _canonical(s) + _og(s) + _script(graph), body)


def _arc(s: Story) -> str:
    body = (
        f"<div id='fusion-app'><main><article><h1>{_e(s.headline)}</h1><h2 class='sub'>{_e(s.description)}</h2>"
        f"<div class='byline'>By <a rel='author' href='/a'>{s.authors[0]}</a></div><div class='article-body'>"
        f"{_paragraphs(s)}</div></article>{_related()}</main></div>"
    )
    return _whole(s, _canonical(s) + _og(s, times=False) + _script([_article(s), {"@type": "BreadcrumbList"}]), body)


def _bare_time(s: Story) -> str:
    body = (
        f"<main><article><h1>{_e(s.headline)}</h1><p class='meta'><time datetime='{s.date}'>4 March 2024</time></p>"
        f"{_paragraphs(s)}</article></main>{_related()}"
    )
    return _whole(s, "", body)


def _bare(s: Story) -> str:
    body = f"<div id='content'><h1>{_e(s.headline)}</h1><p class='byline'>By {s.authors[0]}</p>{_paragraphs(s)}</div>"
    return _whole(s, "", body + _related(), "")


def _drupal(s: Story) -> str:
    author = f'<meta name="author" content="{_e(s.authors[0])}"/>'
    body = (
        f"<main role='main'><article about='/node/7'><h1><span>{_e(s.headline)}</span></h1><div "
        f"class='field--name-body'>"
        f"{_paragraphs(s)}</div></article></main>{_comments()}{_related()}"
    )
    return _whole(s, _og(s) + author, body)


def _dublin_core(s: Story) -> str:
    pairs = [("DC.title", s.headline), ("DC.creator", s.authors[0]), ("DC.date.issued", s.date[:10])]
    pairs += [("DC.publisher", s.publisher), ("DC.language", s.language), ("DC.description", s.description)]
    pairs += [("DCTERMS.modified", s.modified), ("keywords", ", ".join(s.keywords))]
    metas = "".join(f'<meta name="{name}" content="{_e(text)}">' for name, text in pairs)
    return _whole(
        s, metas + _canonical(s), f"<div id='main-content'><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</div>", ""
    )


def _microdata(s: Story) -> str:
    body = (
        f"<div class='news-detail' itemscope itemtype='http://schema.org/NewsArticle'><h1 itemprop='headline'>"
        f"{_e(s.headline)}</h1><meta itemprop='datePublished' content='{s.date}'><span itemprop='author' itemscope "
        f"itemtype='http://schema.org/Person'><span itemprop='name'>{s.authors[0]}</span></span><div "
        f"itemprop='articleBody'>"
        f"{_paragraphs(s)}</div></div>{_related()}"
    )
    page = _whole(s, f'<meta name="description" content="{_e(s.description)}">', body)
    return page.replace("charset='utf-8'", "http-equiv='Content-Type' content='text/html; charset=windows-1251'")


def _kicker(s: Story) -> str:
    body = (
        f"<main><article><h1><span class='kicker'>Hafen:</span> <span class='title'>{_e(s.headline)}</span></h1>"
        f"<div class='metadata'><time class='metadata__date' datetime='{s.date}'>4. März 2024, 10:00 Uhr</time></div>"
        f"<div class='article-body'>{_paragraphs(s)}</div></article></main>{_related('aside')}"
    )
    return _whole(s, _canonical(s) + _og(s, times=False) + _script(_article(s, keywords=", ".join(s.keywords))), body)


def _dirty_json(s: Story) -> str:
    text = json.dumps(_article(s), ensure_ascii=False, indent=1).replace('"description": "', '"description": "\n', 1)
    script = f"<script type='application/ld+json'>\n<!--\n{text[:-1]},\n}};\n-->\n</script>"
    return _whole(
        s, _canonical(s) + script, f"<main><article><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</article></main>"
    )


def _agency(s: Story) -> str:
    own = _article(
        s, author={"@type": "Organization", "name": "AFP"}, image={"@type": "ImageObject", "contentUrl": s.image}
    )
    text = json.dumps(own, ensure_ascii=False)[:-1] + ',\n "isAccessibleForFree": true,\n}'
    body = f"<article><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</article>{_related()}"
    return _whole(s, f'<script type="application/ld+json">{text}</script>' + _canonical(s), body)


def _with_video(s: Story) -> str:
    video = {"@context": "https://schema.org", "@type": "VideoObject", "name": "A film", "uploadDate": "2017-01-01"}
    scripts = _script({"@type": "BreadcrumbList"}) + _script(video) + _script(_article(s, video=video))
    return _whole(
        s, _canonical(s) + scripts, f"<article><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</article>{_related()}"
    )


def _shift_jis(s: Story) -> str:
    body = f"<div id='main'><div class='article'><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</div></div>"
    page = _whole(s, _canonical(s) + _script(_article(s)), body)
    return page.replace("charset='utf-8'", "http-equiv='Content-Type' content='text/html; charset=Shift_JIS'")


def _chinese(s: Story) -> str:
    metas = f'<meta name="publishdate" content="{s.date[:10]}"><meta name="author" content="{s.authors[0]}">'
    metas += f'<meta name="keywords" content="{",".join(s.keywords)}">'
    metas += f'<meta name="description" content="{_e(s.description)}">'
    body = f"<div class='text_title'><h1>{_e(s.headline)}</h1></div><div class='rm_txt_con cf'>{_paragraphs(s)}</div>"
    return _whole(s, metas, body + _related()).replace("charset='utf-8'", "charset='gb2312'")


def _arabic(s: Story) -> str:
    body = f"<div dir='rtl' class='article-content'><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</div>{_related()}"
    return _whole(s, _og(s) + f'<meta name="author" content="{_e(s.authors[0])}">', body, 'lang="ar" dir="rtl"')


def _korean(s: Story) -> str:
    head = _og(s) + f'<meta property="og:article:author" content="{_e(s.authors[0])}">' + _canonical(s)
    body = f"<section><h1 id='title'>{_e(s.headline)}</h1><article id='dic_area'>{_paragraphs(s)}</article></section>"
    return _whole(s, head, body)


def _cookie_wall(s: Story) -> str:
    wall = f"<div class='modal consent-wall'><p>{_NOISE} Kies welke cookies u accepteert.</p></div>"
    body = f"{wall}<main><article><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</article>{_related()}</main>{_comments()}"
    return _whole(s, _canonical(s) + _script(_article(s)), body)


def _amp(s: Story) -> str:
    body = (
        f"<article><h1>{_e(s.headline)}</h1><amp-img src='{s.image}'></amp-img>"
        f"{_paragraphs(s)}</article>"
        f""
        f"<amp-ad>{_NOISE}</amp-ad>{_related()}"
    )
    return _whole(s, _canonical(s) + _script(_article(s)), body, f'amp lang="{s.language}"')


def _live_blog(s: Story) -> str:
    updates = [
        {"@type": "BlogPosting", "headline": f"Update {n}", "datePublished": f"2024-06-0{n}T09:00:00Z"} for n in (1, 2)
    ]
    own = _article(s, **{"@type": "LiveBlogPosting", "liveBlogUpdate": updates, "coverageStartTime": s.date})
    posts = "".join(
        f"<article class='post'><time datetime='2024-06-0{n}T09:00:00Z'>9:00</time><p>{_e(text)}</p></article>"
        for n, text in enumerate(s.paragraphs, 1)
    )
    return _whole(s, _canonical(s) + _script(own), f"<main><h1>{_e(s.headline)}</h1>{posts}</main>")


def _paywall(s: Story) -> str:
    parts = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paywall"}
    head = _canonical(s) + _og(s) + _script(_article(s, isAccessibleForFree="False", hasPart=parts))
    wall = (
        f"<div class='paywall-box subscribe'><h3>{_NOISE} Subscribe</h3><a href='/s'>{_NOISE} from 1 a week</a></div>"
    )
    return _whole(s, head, f"<main><article><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</article>{wall}</main>")


def _xhtml(s: Story) -> str:
    metas = f'<meta name="date" content="{s.date}" /><meta name="author" content="{_e(s.authors[0])}" />'
    metas += (
        f'<meta name="description" content="{_e(s.description)}" /><meta http-equiv="content-language" content="sv" />'
    )
    return (
        '<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>{_e(s.headline)}</title>{metas}</head><body><div id='wrap'>{_NAV}<div "
        f"id='content'><h1>{_e(s.headline)}</h1>"
        f"{_paragraphs(s)}</div></div>{_FOOTER}</body></html>"
    )


def _newsletter(s: Story) -> str:
    own = _article(
        s, url=s.url, author=[{"@type": "Person", "name": name, "url": "https://x.example"} for name in s.authors]
    )
    body = (
        f"<div class='single-post'><article class='newsletter-post post'><div class='post-header'><h1 "
        f"class='post-title'>"
        f"{_e(s.headline)}</h1></div><div class='available-content'><div class='body "
        f"markup'>{_paragraphs(s)}</div></div>"
        f"</article></div>{_comments()}"
    )
    return _whole(s, _canonical(s) + _og(s, times=False) + _script(own), body)


def _tables(s: Story) -> str:
    text = "<br><br>".join(_e(text) for text in s.paragraphs)
    return (
        f"<HTML><HEAD><TITLE>{_e(s.headline)}</TITLE></HEAD><BODY BGCOLOR=white><TABLE WIDTH=760><TR><TD><A HREF=/>"
        f"{_NOISE} Home</A></TD><TD><FONT SIZE=5><B>{_e(s.headline)}</B></FONT><BR><FONT SIZE=2>{text}</FONT></TD></TR>"
        f"</TABLE></BODY></HTML>"
    )


def _pubdate(s: Story) -> str:
    body = (
        f"<main><article itemscope itemtype='https://schema.org/Article'><header><h1 "
        f"itemprop='headline'>{_e(s.headline)}</h1>"
        f"<time itemprop='dateModified' datetime='{s.modified}'>aktualizacja</time> "
        f"<time pubdate datetime='{s.date}'>x</time>"
        f"<a rel='author' href='/a'>{s.authors[0]}</a></header>{_paragraphs(s)}</article></main>"
        f"{_comments()}{_related()}"
    )
    return _whole(s, _canonical(s), body)


def _facebook_author(s: Story) -> str:
    head = '<meta property="article:author" content="https://www.facebook.com/courier">' + _og(s)
    body = f"<main><h1>{_e(s.headline)}</h1><div class='content'>{_paragraphs(s)}</div></main>{_related()}"
    return _whole(s, _canonical(s) + head + _script(_article(s, articleBody=" ".join(s.paragraphs))), body)


def _several(s: Story) -> str:
    others = [
        _article(
            s, headline=f"Another story {n}", datePublished=f"2019-01-0{n}", mainEntityOfPage=f"https://x.example/{n}"
        )
        for n in (1, 2)
    ]
    body = f"{_related('section')}<main><article><h1>{_e(s.headline)}</h1>{_paragraphs(s)}</article></main>"
    return _whole(s, _canonical(s) + "".join(_script(one) for one in [*others, _article(s)]), body)


def _json_only(s: Story) -> str:
    own = _article(s, articleBody="\n\n".join(s.paragraphs))
    return _whole(s, _canonical(s) + _script(own), "<div id='__next'><div class='spinner'></div></div>")


_ALL = FIELDS
_OG = ("headline", "description", "date", "modified", "url", "language", "publisher", "keywords", "sections", "image")
_OG += ("body", "clean")
_HEAD = ("headline", "body", "clean")


def _one_author(s: Story) -> Story:
    return replace(s, authors=s.authors[:1])


LAYOUTS = (
    Layout("wordpress_yoast", "en", _yoast, _ALL, changes=_one_author),
    Layout("arc", "en", _arc, _ALL),
    Layout("bare_with_time", "en", _bare_time, (*_HEAD, "date", "language")),
    Layout("bare", "en", _bare, (*_HEAD, "authors"), changes=_one_author),
    Layout("drupal_opengraph", "en", _drupal, (*_OG, "authors"), changes=_one_author),
    Layout(
        "dublin_core",
        "en",
        _dublin_core,
        (*_HEAD, "authors", "date", "modified", "publisher", "language", "description", "keywords", "url"),
        changes=lambda s: replace(s, authors=s.authors[:1], date=s.date[:10]),
    ),
    Layout(
        "microdata_windows_1251",
        "ru",
        _microdata,
        (*_HEAD, "authors", "date", "language", "description"),
        "windows-1251",
        _one_author,
    ),
    Layout("kicker", "de", _kicker, _ALL),
    Layout("json_ld_in_comment", "es", _dirty_json, _ALL),
    Layout("agency_last_comma", "fr", _agency, _ALL, changes=lambda s: replace(s, authors=("AFP",))),
    Layout("with_video", "it", _with_video, _ALL),
    Layout("shift_jis", "ja", _shift_jis, _ALL, "shift_jis"),
    Layout(
        "gb2312",
        "zh-Hans",
        _chinese,
        (*_HEAD, "date", "authors", "keywords", "description", "language"),
        "gbk",
        lambda s: replace(s, authors=s.authors[:1], date=s.date[:10]),
    ),
    Layout("arabic", "ar", _arabic, (*_OG, "authors"), changes=_one_author),
    Layout("korean", "ko", _korean, (*_OG, "authors"), changes=_one_author),
    Layout("cookie_wall", "nl", _cookie_wall, _ALL),
    Layout("amp", "pt", _amp, _ALL),
    Layout("live_blog", "en", _live_blog, _ALL),
    Layout("paywall", "da", _paywall, _ALL),
    Layout(
        "xhtml_latin_1",
        "sv",
        _xhtml,
        (*_HEAD, "date", "authors", "description", "language"),
        "iso-8859-1",
        _one_author,
    ),
    Layout("newsletter", "en", _newsletter, _ALL),
    Layout("tables", "en", _tables, _HEAD),
    Layout(
        "pubdate",
        "pl",
        _pubdate,
        (*_HEAD, "date", "modified", "authors", "url", "language"),
        changes=_one_author,
    ),
    Layout("facebook_author", "tr", _facebook_author, _ALL),
    Layout("several_json_ld", "el", _several, _ALL),
    Layout("json_ld_alone", "en", _json_only, _ALL),
)


def judge(page: object, right: Story) -> dict[str, bool]:
    """Return for each field whether a Page has the right answer."""
    dates = getattr(page, "dates")  # noqa: B009
    found = {
        name: getattr(page, name, None) or "" for name in ("headline", "description", "modified", "url", "publisher")
    }
    body = page.body or ""  # type: ignore[attr-defined]
    places = [body.find(" ".join(text.split())) for text in right.paragraphs]
    images = page.images  # type: ignore[attr-defined]
    verdict = {name: text == getattr(right, name) for name, text in found.items()}
    return verdict | {
        "date": (dates[0][1] if dates and dates[0][0] != "updated" else "") == right.date,
        "authors": page.bylines == right.authors,  # type: ignore[attr-defined]
        "language": (page.language or "") == right.language,  # type: ignore[attr-defined]
        "keywords": page.keywords == right.keywords,  # type: ignore[attr-defined]
        "sections": page.sections == right.sections,  # type: ignore[attr-defined]
        "image": (images[0][0] if images else "") == right.image,
        "body": min(places) >= 0 and places == sorted(places),
        "clean": _NOISE not in body,
    }
