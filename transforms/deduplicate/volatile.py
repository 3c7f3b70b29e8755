"""What of a text changes although nobody edited the article: counters, ages, credits of pictures, and what links carry behind their path.

A counter is told from a sentence that speaks of numbers by its place: it is a line of its own, or stands between two separators, or ends
the text. "The film has 3,000,000 views so far." stays.
"""

import re

_LINK_TAIL = re.compile(r"(https?://[^\s?#]+)[?#]\S*")
"""Query and fragment (RFC 3986 section 3): tracking and session tokens stand there."""

_COUNTED = (
    r"views?|page ?views?|reads?|readers?|comments?|shares?|likes?|clicks?|downloads?|impressions?|repl(?:y|ies)|reactions?",
    r"Aufrufe?|Kommentare?|Leser|Klicks|Reaktionen|[Mm]al gelesen",
    r"weergaven|reacties?|keer (?:bekeken|gelezen|gedeeld)",
    r"visningar|visninger|kommentar(?:er)?|delningar|delinger",
    r"vues?|commentaires?|partages?|lectures?|réactions?",
    r"visitas?|vistas?|comentarios?|lecturas?|visualizaciones|compartidos",
    r"visualizações|comentários?|leituras?|acessos|partilhas|compartilhamentos",
    r"visualizzazion[ei]|comment[oi]|letture|condivision[ei]",
    r"wyświetle(?:ń|nia|nie)|odsłon[ay]?|komentarz(?:y|e)?",
    r"görüntülenme|okunma|yorum|paylaşım",
    r"просмотр(?:ов|а|ы)?|комментари(?:ев|я|й|и)|прочтени(?:й|я|е)|перегляд(?:ів|и)?|коментар(?:ів|і)?",
    r"προβολές|σχόλια",
    r"مشاهدات?|مشاهدة|قراءة|تعليقات?|بازدید|دیدگاه",
    r"צפיות|תגובות",
    r"次?(?:阅读|浏览|播放|评论|点赞|閱讀|瀏覽|評論|點閱)|人气|人氣",
    r"回視聴|閲覧|件のコメント|コメント|ビュー",
    r"조회수?|댓글|추천",
    r"kali dibaca|dibaca|lượt xem|bình luận|ครั้ง",
)
"""What sites count, by language."""
_AGES = (
    r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?) ago",
    r"(?:minuten|uur|uren|dagen) geleden",
    r"(?:минут[уы]?|часа?|часов|дн(?:я|ей)) назад",
    r"(?:分钟|小时|天|分鐘|小時)前",
    r"(?:分|時間|日)前",
    r"(?:분|시간|일) 전",
)
_NUMBER = r"\d[\d.,'’\u00a0\u202f ]{0,14}\s?(?:[KkMm]|[Tt]sd\.?|тыс\.?|млн\.?|mil|万|萬|千)?\+?"
_WORDS = "|".join(_COUNTED)
_COUNTER = rf"(?:(?:{_NUMBER})\s*(?:{_WORDS}|{'|'.join(_AGES)})|(?:{_WORDS})(?:次数|次數)?\s*[:：(（]?\s*{_NUMBER}\s*[)）]?)"
_VOLATILE = re.compile(rf"(?:(?<=[.!?。！？|•·])|\A)[ \t]{{0,4}}{_COUNTER}[ \t]{{0,4}}(?=[|•·]|\Z)", re.IGNORECASE)

_AGENCIES = (
    r"AFP|AP|dpa|DPA|Reuters|REUTERS|ANP|EPA(?:-EFE)?|EFE|ANSA|TASS|ТАСС|Xinhua|新华社|Kyodo|Jiji|Yonhap|PA|AAP|Belga|BELGA|APA|Keystone|"
    r"KEYSTONE|NTB|TT|Ritzau|Scanpix|CTK|PAP|MTI|Lusa|UPI|Getty(?: Images)?|Shutterstock|Alamy|Unsplash|Pexels|iStock|РИА Новости|Укринформ"
)
_NAME = r"(?:[A-ZÀ-ÖØ-Þ©][\w.'’-]{0,20}[ /,]{0,2}){1,5}"
_LABEL = r"(?:[Pp]hotos?|[Ff]otos?|[Ii]mage|[Pp]icture|[Bb]ild|[Cc]rédit(?: photo)?|[Cc]redit)(?: by| credit| courtesy of)?"
_CREDIT = re.compile(
    rf"[ \t]?(?:[-–—/|] ?|[(\[](?:Photo: ?|Foto: ?)?)(?:{_NAME}/ ?)?(?:{_AGENCIES})(?:[ /]{_NAME})?[)\]]?[ \t]?\Z|"
    rf"[(\[ ]{{0,2}}\b{_LABEL}[:©] ?{_NAME}[)\]]?\Z"
)
"""A credit line (IPTC Photo Metadata "Credit Line") at the end of a paragraph; captions that were lifted out of the text come without
theirs."""

_SENTENCE_ENDS = tuple('.!?"”»…。！？」')
_TAIL_CHARS = 120


def without_volatile(text: str) -> str:
    """``text`` without counters, ages, credits of pictures and the tails of links.

    >>> without_volatile("The harbour is closed.\\n\\n1,204 views | 3 comments")
    'The harbour is closed.\\n\\n|'
    >>> without_volatile("See https://example.org/a?token=1f for more.")
    'See https://example.org/a for more.'
    """
    if "://" in text:
        text = _LINK_TAIL.sub(r"\1", text)
    # What ends as a sentence does is none of these: nearly all lines are passed over at once.
    return "\n".join([line if line.endswith(_SENTENCE_ENDS) or not line else _without_tail(line) for line in text.split("\n")])


def _without_tail(line: str) -> str:
    head, tail = line[:-_TAIL_CHARS], line[-_TAIL_CHARS:]
    return head + _VOLATILE.sub("", _CREDIT.sub("", tail))
