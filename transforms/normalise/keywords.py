"""Keywords and sections: the terms of a feed's categories and a document's keyword fields, one a term.

RSS and Atom have one category an element, but outlets put lists into one, "#" before, and what their system writes where an editor has
chosen nothing. A comma stands in names too ("Kingston, Ontario", "Doe, Jane"): it parts terms only where it clearly does.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from newslake.transforms.normalise.text import one_line

MAX_TERM_CHARACTERS = 100
"""What is longer is a sentence."""
_MAX_LIST_CHARACTERS = 10_000
"""What is longer is no list of keywords."""

PLACEHOLDERS = frozenset(
    unicodedata.normalize("NFC", name).casefold()
    for name in (
        # WordPress' first category ("Uncategorized") as its translations have it, and the spellings of other systems
        *("uncategorized", "uncategorised", "uncategorized posts", "no category", "without category"),
        *(
            "ongekategoriseer",
            "pa kategori",
            "të pakategorizuara",
            "غير مصنف",
            "بدون تصنيف",
            "sailkatu gabeak",
            "kategoriarik gabe",
        ),
        *(
            "без категорыі",
            "অশ্রেণীভুক্ত",
            "nekategorisano",
            "nekategorizirano",
            "без категория",
            "некатегоризирано",
            "sense categoria",
        ),
        *(
            "未分类",
            "未分類",
            "nezařazené",
            "bez kategorie",
            "ikke kategoriseret",
            "ukategoriseret",
            "geen categorie",
            "zonder categorie",
        ),
        *(
            "niet gecategoriseerd",
            "ongecategoriseerd",
            "määratlemata",
            "luokittelematon",
            "non classé",
            "non classée",
            "sans catégorie",
        ),
        *(
            "sen categoría",
            "sen categorizar",
            "allgemein",
            "nicht kategorisiert",
            "unkategorisiert",
            "ohne kategorie",
            "keine kategorie",
        ),
        *(
            "χωρίς κατηγορία",
            "ακατηγοριοποίητο",
            "αταξινόμητα",
            "ללא קטגוריה",
            "अवर्गीकृत",
            "egyéb kategória",
            "kategorizálatlan",
        ),
        *(
            "óflokkað",
            "tak berkategori",
            "tanpa kategori",
            "tidak dikategorikan",
            "senza categoria",
            "non categorizzato",
            "カテゴリーなし",
        ),
        *(
            "미분류",
            "분류되지 않음",
            "bez kategorijas",
            "be kategorijos",
            "некатегоризовано",
            "без категорија",
            "ukategorisert",
        ),
        *(
            "ikke kategorisert",
            "دسته‌بندی نشده",
            "دسته بندی نشده",
            "bez kategorii",
            "niesklasyfikowane",
            "sem categoria",
        ),
        *(
            "não categorizado",
            "fără categorie",
            "necategorizat",
            "без рубрики",
            "без категории",
            "nezaradené",
            "bez kategórie",
        ),
        *(
            "nerazvrščeno",
            "sin categoría",
            "sin clasificar",
            "sin categorizar",
            "okategoriserad",
            "okategoriserade",
            "ไม่มีหมวดหมู่",
        ),
        *("ไม่ได้จัดหมวดหมู่", "kategorisiz", "kategorilenmemiş", "без категорії", "chưa phân loại", "chưa được phân loại"),
        # of programs
        *("null", "none", "undefined", "nan", "n/a", "(none)", "(not set)"),
    )
)
"""What stands where no category was chosen. Words that also name a section ("General", "Other", "News") are kept."""

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
"""With its semicolon: "R&D" and "Q&A" hold none."""
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S*", re.IGNORECASE)
_HASHTAGS = re.compile(r"[#＃][^\s#＃]+(?:\s+[#＃][^\s#＃]+)+")
_STRONG_BREAK = re.compile(r"[;；|｜、\n]")
"""No term holds one of these."""
_COMMA = re.compile(r"(?<![0-9])[,，،]|[,，،](?![0-9])")
"""Not within a number: "1,000 days"."""
_LOOSE_COMMA = re.compile(r"[,，،]\s")
"""Where no comma has a space behind it they join terms, as in a file."""
_LISTED_QUOTES = re.compile(r"""\s*(?:"[^"]*"|'[^']*')(?:\s*,\s*(?:"[^"]*"|'[^']*'))+\s*""")
_QUOTED = re.compile(r"""["'][^"']*["']""")
_MAX_WORDS = 5
"""A longer part is one of a sentence."""
_MIN_LISTED = 3
"""From so many parts on, where the article has no other term, commas part terms: two may be a town and its province."""
_QUOTES = {
    '"': '"', "'": "'", "“": "”„“", "„": "“”", "”": "”", "‘": "’", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』",
    "《": "》", "[": "]",
}  # fmt: skip
"""An opening sign and those that close it, by language."""
_FILLED_SPACES = re.compile(r"[\s_\u200c-]+")
_PLAIN_PLACEHOLDERS = frozenset(_FILLED_SPACES.sub(" ", name) for name in PLACEHOLDERS)


def split_terms(terms: Iterable[str]) -> list[str]:
    """Each term of ``terms`` once, whatever its case, in the first spelling met and in the order found.

    Entities and tags are resolved, lists split, quotes and "#" around a term taken off; URLs, placeholders, what has no letter or digit
    and what is longer than ``MAX_TERM_CHARACTERS`` are left out. Applied to its own result it changes nothing.

    >>> split_terms(["Food &amp; Drink", "#Ukraine", "Uncategorized", "ukraine"])
    ['Food & Drink', 'Ukraine']
    >>> split_terms(["war, peace, treaties"])
    ['war', 'peace', 'treaties']
    >>> split_terms(["Kingston, Ontario", "Rivers"])
    ['Kingston, Ontario', 'Rivers']
    """
    split: list[str] = []
    found = _distinct(part for term in terms if len(term) <= _MAX_LIST_CHARACTERS for part in _parts(term))
    while split != found:
        split = found
        found = _distinct(
            part for term in split for listed in _listed(term, is_only=len(split) == 1) for part in _parts(listed)
        )
        found = [term for term in found if len(term) <= MAX_TERM_CHARACTERS]
    return found


@lru_cache(maxsize=8192)
def _parts(term: str) -> tuple[str, ...]:
    """``term`` cleaned, or its parts where it holds what no term does."""
    term = _resolve(term)
    pieces = term.split() if _HASHTAGS.fullmatch(term.strip()) else _STRONG_BREAK.split(term)
    return tuple(name for name in map(_bare, pieces) if _is_term(name))


def _resolve(term: str) -> str:
    """``term`` without entities and tags, however often they were escaped."""
    while "&" in term or "<" in term:
        resolved = _TAG.sub(" ", _ENTITY.sub(lambda entity: html.unescape(entity[0]), term))
        if resolved == term:
            break
        term = resolved
    return term


def _bare(term: str) -> str:
    """``term`` as one line, without the quotes around it and the signs before it."""
    term = one_line(term)
    while term:
        inner = term.strip(" ,，،")
        if len(inner) > 2 and inner[-1] in _QUOTES.get(inner[0], "") and not {inner[0], inner[-1]} & set(inner[1:-1]):
            inner = inner[1:-1]
        elif inner[0:1] in ("#", "＃") and inner[1:2].isalpha():
            inner = inner[1:].removesuffix(inner[0])  # "#Topic#" on Weibo
        if inner == term:
            break
        term = inner
    return term


def _is_term(name: str) -> bool:
    if not any(letter.isalnum() for letter in name) or _LINK.fullmatch(name):
        return False
    return _FILLED_SPACES.sub(" ", name.casefold()) not in _PLAIN_PLACEHOLDERS


def _listed(term: str, *, is_only: bool) -> list[str]:
    if _LISTED_QUOTES.fullmatch(term):
        return [quoted for quoted in _QUOTED.findall(term) if quoted]
    if not is_only and len(term) <= MAX_TERM_CHARACTERS:
        return [term]
    pieces = [piece for piece in _COMMA.split(term) if piece.strip()]
    is_list = len(pieces) >= _MIN_LISTED and all(len(piece.split()) <= _MAX_WORDS for piece in pieces)
    return pieces if is_list or (len(pieces) > 1 and _LOOSE_COMMA.search(term) is None) else [term]


def _distinct(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())
