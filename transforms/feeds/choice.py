"""Which entries of a feed the user wants, by patterns on headline and URL."""

import re

from newslake.schemas.raw import RawArticle, SourceSettings


class Choice:
    """The ``keep`` and ``drop`` patterns of a source.

    A pattern is a regular expression that is searched anywhere in the text, in either case. An
    entry is taken if every ``keep`` pattern matches and no ``drop`` pattern does. A missing
    headline or URL is an empty text.
    """

    def __init__(self, settings: SourceSettings) -> None:
        self._keep = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in settings.keep]
        self._drop = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in settings.drop]

    def takes(self, article: RawArticle) -> bool:
        """Tell whether the user wants an entry."""
        texts = {"headline": article.headline or "", "url": article.url or ""}
        return all(pattern.search(texts[name]) for name, pattern in self._keep) and not any(
            pattern.search(texts[name]) for name, pattern in self._drop
        )
