"""The pictures of an entry: each once, in its largest size, and none that shows nothing."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from newslake.transforms.feeds.links import is_http, join, split_url

_IMAGE_TAG = re.compile(r"""<(?:amp-)?img\b(?P<attributes>(?:[^"'<>]++|"[^"]*+"|'[^']*+')*+)""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_ADDRESSES = ("data-src", "data-lazy-src", "data-original", "src")
"""Attributes with a picture's address. Scripts that load pictures late put a placeholder into
src."""
_SOURCE_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_CANDIDATE = re.compile(r"(?<![^\s,])(?P<url>[^\s,]\S*[^\s,])(?:\s+(?P<size>\d+(?:\.\d+)?)[wx])?\s*(?:,|\Z)")
"""One candidate of a srcset (HTML Living Standard, section 4.8.4.2.1)."""
_PIXEL_STYLE = re.compile(r"(?:width|height)\s*:\s*[01]px")
_LEADING_DIGITS = re.compile(r"\s*(\d{1,5})")

_PICTURE_PATH = re.compile(r"\.(?:avif|gif|jpe?g|png|webp)\Z", re.IGNORECASE)
_SIZE_IN_NAME = re.compile(r"-(?P<width>\d{2,4})x(?P<height>\d{2,4})(?=\.\w+\Z)")
"""WordPress puts the size into the name of a smaller copy: "harbour-300x200.jpg"."""
_ORIGINAL = 1_000_000_000

_MAX_PIXEL_SIDE = 3
_MAX_ICON_SIDE = 32
_NO_PICTURE_HOSTS = tuple(
    f".{name}"
    for name in (
        # faces
        *("gravatar.com",),
        # counters of readers
        *("doubleclick.net", "feedburner.com", "feedproxy.google.com", "feedsportal.com", "feedblitz.com"),
        *("pixel.wp.com", "stats.wordpress.com", "stats.wp.com", "scorecardresearch.com", "quantserve.com"),
        *("google-analytics.com", "imrworldwide.com", "chartbeat.net", "2mdn.net", "pixel.parsely.com"),
        # buttons
        *("feeds.wordpress.com", "addtoany.com", "twemoji.maxcdn.com"),
    )
)
_NO_PICTURE_PATH = re.compile(
    r"/(?:avatars?|emoji|emojis|twemoji|smileys?|smilies)/|/avatar\.\w+\Z|/emoji\.php\Z"
    r"|/(?:1x1|pixel|spacer|blank|transparent|clear|clear-?pixel|count|counter|beacon)\.(?:gif|png)\Z",
    re.IGNORECASE,
)
_NO_PICTURE_CLASSES = frozenset({"avatar", "gravatar", "author", "byline", "emoji", "smiley", "smilies"})
_CLASS_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a feed names it. ``width`` and ``height`` are in pixels, 0 if not known."""

    url: str
    caption: str | None = None
    credit: str | None = None
    width: int = 0
    height: int = 0

    @property
    def area(self) -> int:
        """Return the size by which copies of one picture are compared.

        An address without a size is that of the original.
        """
        if self.width or self.height:
            return (self.width or self.height) * (self.height or self.width)
        if size := _SIZE_IN_NAME.search(self.url):
            return int(size["width"]) * int(size["height"])
        return 0 if "?" in self.url else _ORIGINAL


def distinct_pictures(pictures: Iterable[Picture], base: str) -> tuple[tuple[str, str | None, str | None], ...]:
    """Return the pictures that show something as (URL, caption, credit), each once.

    The largest copy of a picture stays, with the first caption and credit of all its copies. Faces
    of authors, emoji, icons and pixels that count readers are left out. ``base`` makes URLs
    absolute.
    """
    found: dict[str, Picture] = {}
    for given in pictures:
        url = join(base, given.url.strip())
        picture = given if url == given.url else replace(given, url=url)
        if not is_http(picture.url) or _shows_nothing(picture):
            continue
        key = _subject(picture.url)
        known = found.setdefault(key, picture)
        if known is picture:
            continue
        best = picture if picture.area > known.area else known
        found[key] = replace(best, caption=known.caption or picture.caption, credit=known.credit or picture.credit)
    return tuple((picture.url, picture.caption, picture.credit) for picture in found.values())


def largest(pictures: Iterable[Picture]) -> list[Picture]:
    """Return the largest of several copies of one picture, in a list; [] for no pictures."""
    best = max(pictures, key=lambda picture: picture.area, default=None)
    return [best] if best else []


def pictures_in(markup: str) -> Iterator[Picture]:
    """Yield the pictures of HTML, as its ``<img>`` elements name them."""
    for tag in _IMAGE_TAG.finditer(markup):
        attributes = {
            name.lower(): double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(tag[1])
        }
        words = _CLASS_WORD.findall(attributes.get("class", "").lower())
        if not _NO_PICTURE_CLASSES.isdisjoint(words) or _PIXEL_STYLE.search(attributes.get("style", "")):
            continue
        addresses = (attributes.get(name) for name in _ADDRESSES)
        address = next((address for address in addresses if address and not address.startswith("data:")), None)
        if address := address or _largest_of_set(attributes):
            yield Picture(
                html.unescape(address), width=pixels(attributes.get("width")), height=pixels(attributes.get("height"))
            )


def is_picture_path(url: str) -> bool:
    """Tell whether a URL ends in the name of a picture file; a query may follow."""
    return _PICTURE_PATH.search(url.partition("?")[0]) is not None


def pixels(value: object) -> int:
    """Return a length in pixels, 0 for anything else.

    >>> pixels("640"), pixels("640px"), pixels("100%"), pixels(None)
    (640, 640, 0, 0)
    """
    digits = _LEADING_DIGITS.match(value) if isinstance(value, str) and "%" not in value else None
    return int(digits[1]) if digits else 0


def _largest_of_set(attributes: dict[str, str]) -> str | None:
    """Return the address of the largest picture in a srcset."""
    sources = next((attributes[name] for name in _SOURCE_SETS if attributes.get(name)), "")
    candidates = [(float(found["size"] or 1), found["url"]) for found in _CANDIDATE.finditer(sources)]
    return max(candidates, default=(0, None), key=lambda candidate: candidate[0])[1]


def _subject(url: str) -> str:
    """Return a key that is equal for copies of one picture in several sizes.

    The query of a picture file asks for a size or a format.
    """
    address = url.partition("#")[0].partition("://")[2]
    path, _, query = address.partition("?")
    path = _SIZE_IN_NAME.sub("", path)
    return path if not query or _PICTURE_PATH.search(path) else f"{path}?{query}"


def _shows_nothing(picture: Picture) -> bool:
    sides = [side for side in (picture.width, picture.height) if side]
    if sides and (min(sides) <= _MAX_PIXEL_SIDE or (len(sides) == 2 and max(sides) <= _MAX_ICON_SIDE)):
        return True
    host, path, _ = split_url(picture.url)
    return f".{host}".endswith(_NO_PICTURE_HOSTS) or _NO_PICTURE_PATH.search(path) is not None
