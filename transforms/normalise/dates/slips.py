"""Mend slips of programs in dates: a digit that is missing, a sign twice, a space that is lost.

Each rule changes only a text that no other reader takes, and only where one reading is possible.
"""

import re

_QUOTES = "\"'`“”„‟«»‘’‚‹›<>"
_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:])"
_DAY = r"(?<![0-9./-])(?:[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}|[0-9]{4}[./][0-9]{1,2}[./][0-9]{1,2})"
_ISO_DAY = r"(?<![0-9./-])[0-9]{4}-[0-9]{2}-[0-9]{2}"

_SLIPS = tuple(
    (re.compile(pattern), mended)
    for pattern, mended in (
        # '2024-05-12' in quotes
        (rf"^[{_QUOTES}]+ ?(.*?[^{_QUOTES}]) ?[{_QUOTES}]+$", r"\1"),
        # a second sign: "--0200"
        (r"(:[0-9]{2} ?)([+-])\2([0-9]{2}:?[0-9]{2})$", r"\1\2\3"),
        # one digit of hours: "+2:00", "+200"
        (r"(:[0-9]{2} ?[+-])([0-9])(?=:?[0-9]{2}$)", r"\g<1>0\2"),
        # one digit of seconds: "18:30:5"
        (r"(?<![0-9:])([0-9]{1,2}:[0-9]{2}):([0-9])(?![0-9:.])", r"\1:0\2"),
        # the date in the basic format, the time in the extended one
        (rf"^((?:19|20)[0-9]{{2}})([0-9]{{2}})([0-9]{{2}})[Tt ]({_CLOCK})", r"\1-\2-\3T\4"),
        # a mark for a space between date and time. Behind "2024-05-12", "-05:00" is a zone.
        (rf"({_DAY})[-/_]({_CLOCK})", r"\1 \2"),
        (rf"({_DAY}|{_ISO_DAY}) ?@ ?({_CLOCK})", r"\1 \2"),
        # no space between date and time
        (rf"({_ISO_DAY})({_CLOCK})", r"\1 \2"),
        (rf"(月[0-9]{{2}})({_CLOCK})", r"\1 \2"),
        (r"^([0-9]{2}:[0-9]{2}:[0-9]{2})(?=[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}[./][0-9]{2}[./][0-9]{4})", r"\1 "),
        (r"^([0-9]{2}:[0-9]{2})(?=[0-9]{4}-[0-9]{2}-[0-9]{2}$|[0-9]{2}[./][0-9]{2}[./][0-9]{4}$)", r"\1 "),
    )
)


def mended(text: str) -> str:
    """Return a cleaned text without the slips of the table.

    >>> mended("2024-05-12T18:30:05+2:00"), mended("18:30:052024-05-12")
    ('2024-05-12T18:30:05+02:00', '18:30:05 2024-05-12')
    """
    for pattern, replacement in _SLIPS:
        text = pattern.sub(replacement, text)
    return text
