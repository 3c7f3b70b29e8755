"""What changes in a text although nobody edited the article: it is removed before comparing.

This is counters, ages, credits of pictures, and tokens in links. A counter differs from a sentence
about numbers by its place: it is a line of its own, or stands between two separators, or ends the
text. "The film has 3,000,000 views so far." stays.
"""

import re

_LINK = re.compile(
    r"(https?://[^\s?#<>\"]+)\?([\w.~:/?@!$&'()*+,;=%\[\]-]*[\w/=%&])(#[\w.~:/?@!$&'()*+,;=%-]*[\w/=%&])?", re.ASCII
)
"""A link and its query (RFC 3986 section 3.4). Only ASCII counts, because in Chinese text no blank
follows a link. Marks that end a sentence do not count."""
_TOKEN = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|s?id_?token|token|sess(?:ion)?(?:id)?|s?sid|phpsessid|jsessionid|"
    r"sig|signature|expires?|exp|hash|hmac|nonce|policy|key-pair-id|x-amz-[\w-]+|ts|timestamp|time|rnd|rand|random|cb|cachebuster|_|"
    r"ref|referrer|cmp(?:id)?|cid|ito|smid|source|src|traffic_source|xtor|at_\w+|pk_\w+|wt_\w+)=",
    re.IGNORECASE,
)
"""Query parameters that say who came, from where and when: campaigns, sessions, signatures, clocks.
They do not name the page."""

_COUNTED = (
    r"(?:page )?views?|reads?|readers?|comments?",
    r"Aufrufe?|Kommentare?|[Mm]al gelesen",
    r"weergaven|reacties?|keer (?:bekeken|gelezen|gedeeld)",
    r"visningar|visninger|kommentar(?:er)?",
    r"vues?|commentaires?",
    r"comentarios?|visualizaciones",
    r"visualizações|comentários?",
    r"visualizzazion[ei]|comment[oi]",
    r"wyświetle(?:ń|nia|nie)|odsłon[ay]?|komentarz(?:y|e)?",
    r"görüntülenme|okunma|yorum",
    r"просмотр(?:ов|а|ы)?|комментари(?:ев|я|й|и)|прочтени(?:й|я|е)|перегляд(?:ів|и)?|коментар(?:ів|і)?",
    r"προβολές|σχόλια",
    r"مشاهدات?|مشاهدة|تعليقات?|بازدید|دیدگاه",
    r"צפיות|תגובות",
    r"次?(?:阅读|浏览|播放|评论|点赞|閱讀|瀏覽|評論|點閱)|人气|人氣",
    r"回視聴|閲覧|件のコメント|コメント",
    r"조회수?|댓글",
    r"kali dibaca|dibaca|lượt xem|bình luận",
)
"""What sites count, by language. Words that a text may use for a figure of its own are left out
("Shares: 1,200,000")."""
_AGES = (
    r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?) ago",
    r"(?:minuten|uur|uren|dagen) geleden",
    r"(?:минут[уы]?|часа?|часов|дн(?:я|ей)) назад",
    r"(?:分钟|小时|天|分鐘|小時)前",
    r"(?:分|時間|日)前",
    r"(?:분|시간|일) 전",
)
_NUMBER = r"\d[\d.,'’\u00a0\u202f ]{0,14}\s?(?:[KkMm]|[Tt]sd\.?|тыс\.?|万|萬|千)?\+?"
_WORDS = "|".join(_COUNTED)
_COUNTER = (
    rf"(?:(?:{_NUMBER})\s*(?:{_WORDS}|{'|'.join(_AGES)})|(?:{_WORDS})(?:次数|次數)?\s*[:：(（]?\s*{_NUMBER}\s*[)）]?)"
)
_VOLATILE = re.compile(
    rf"(?:(?<=[.!?] )|(?<=[。！？|•·])|\A)[ \t]{{0,4}}{_COUNTER}[ \t]{{0,4}}(?=[|•·]|\Z)", re.IGNORECASE
)

_AGENCIES = (
    r"AFP|AP|dpa|DPA|Reuters|REUTERS|ANP|EPA(?:-EFE)?|EFE|ANSA|TASS|ТАСС|Xinhua|新华社|Kyodo|Jiji|Yonhap|PA|AAP|Belga|BELGA|APA|Keystone|"
    r"KEYSTONE|NTB|TT|Ritzau|Scanpix|CTK|PAP|MTI|Lusa|UPI|Getty(?: Images)?|Shutterstock|Alamy|"
    r"Unsplash|Pexels|iStock|РИА Новости|Укринформ"
)
_NAME = r"(?:[A-ZÀ-ÖØ-Þ©][\w.'’-]{0,20}[ /,]{0,2}){1,5}"
_LABEL = (
    r"(?:[Pp]hotos?|[Ff]otos?|[Ii]mage|[Pp]icture|[Bb]ild|[Cc]rédit(?: photo)?|[Cc]redit)(?: by| credit| courtesy of)?"
)
_CREDIT = re.compile(
    rf"(?<=\S)[ \t]?(?:[-–—/|] ?|[(\[](?:Photo: ?|Foto: ?)?)(?:{_NAME}/ ?)?(?:{_AGENCIES})[)\]]?[ \t]?\Z|"
    rf"(?<=\S) ?[(\[]{_LABEL}[:©] ?{_NAME}[)\]]\Z|(?<=[.!?]) {_LABEL}[:©] ?{_NAME}\Z"
)
"""A credit line (IPTC Photo Metadata "Credit Line") at the end of a paragraph. Captions that were
lifted out of the text have lost theirs already."""

_SENTENCE_ENDS = tuple('.!?"”»…。！？」')
_TAIL_CHARS = 120
_MARK_OF_TAIL = re.compile(r"[\d\-–—/|(\[:©]")
"""A line without one of these has no counter or credit at its end."""


def without_volatile(text: str) -> str:
    """Return ``text`` without counters, ages, credits of pictures and tokens in links.

    A link with a query loses its fragment too, if it has one.

    >>> without_volatile("The harbour is closed.\\n\\n1,204 views | 3 comments")
    'The harbour is closed.\\n\\n|'
    >>> without_volatile("See https://example.org/a?token=1f for more.")
    'See https://example.org/a for more.'
    """
    if "://" in text:
        text = _LINK.sub(_without_tokens, text)
    # A line that ends like a sentence has no counter or credit at its end. Most lines do.
    return "\n".join(
        [line if line.endswith(_SENTENCE_ENDS) or not line else _without_tail(line) for line in text.split("\n")]
    )


def _without_tokens(link: re.Match[str]) -> str:
    """Return the link without its tokens and fragment.

    The rest of its query stays, because it may name the page.
    """
    kept = "&".join(one for one in link[2].split("&") if not _TOKEN.match(one))
    return f"{link[1]}?{kept}" if kept else link[1]


def _without_tail(line: str) -> str:
    head, tail = line[:-_TAIL_CHARS], line[-_TAIL_CHARS:]
    if _MARK_OF_TAIL.search(tail) is None:
        return line
    return head + _VOLATILE.sub("", _CREDIT.sub("", tail))
