"""Which entries of a feed the user wants, by patterns on headline and URL."""

from newslake.schemas.raw import RawArticle, SourceSettings


class Choice:
    """The ``keep`` and ``drop`` patterns of a source.

    A pattern is a regular expression of RE2, which is searched anywhere in the text, in either
    case. RE2 takes time in proportion to the text, whatever the pattern and the text are. An entry
    is taken if every ``keep`` pattern matches and no ``drop`` pattern does. A missing headline or
    URL is an empty text.
    """

    def __init__(self, settings: SourceSettings) -> None:
        self._keep, self._drop = settings.keep, settings.drop

    def takes(self, article: RawArticle) -> bool:
        """Tell whether the user wants an entry."""
        texts = {"headline": article.headline or "", "url": article.url or ""}
        return all(matches(pattern, texts[name]) for name, pattern in self._keep) and not any(
            matches(pattern, texts[name]) for name, pattern in self._drop
        )


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern of RE2 is found in a text, in either case.

    Raises ValueError if the pattern is not valid.
    """
    import pyarrow  # has RE2; it takes 0.2 s, and few feeds have patterns
    import pyarrow.compute

    texts = pyarrow.array([text.encode("utf-8", "replace").decode()])
    return bool(pyarrow.compute.match_substring_regex(texts, pattern, ignore_case=True)[0].as_py())
