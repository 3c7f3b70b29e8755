"""Handlers that keep apart what feedparser's own handlers of the same names mix up.

feedparser calls ``_start_<prefix>_<element>`` and ``_end_<prefix>_<element>`` on its parser
classes. Its own handlers make a picture's media:description or a podcast's itunes:summary the
content of the entry. They make dc:date its update, and separate credits from their pictures.
"""

from typing import Any

import feedparser
import feedparser.api
import feedparser.mixin

FAULT = "handler_fault"
"""This key of the feed tells that an element was skipped because feedparser's handler for it
failed."""

_HANDLER_FAULTS = (IndexError, KeyError, TypeError, ValueError)
"""What feedparser's handlers raise on misplaced elements: </category> alone, an empty width,
xml:base="http://[x"."""


class _Handlers:
    """Keeps each text under its own key, in the media:content around it, or in the entry or feed.

    If a handler fails, the feed loses only that element. The stacks are left as the handler would
    have left them.
    """

    _picture: dict[str, Any] | None = None

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        height = len(self.basestack)
        try:
            super().unknown_starttag(tag, attributes)  # type: ignore[misc]
        except _HANDLER_FAULTS:
            self.feeddata[FAULT] = True
            if len(self.basestack) == height:
                self.basestack.append(self.baseuri)
                self.langstack.append(self.lang)

    def unknown_endtag(self: Any, tag: str) -> None:
        try:
            super().unknown_endtag(tag)  # type: ignore[misc]
        except _HANDLER_FAULTS:
            self.feeddata[FAULT] = True
            del self.basestack[-1:], self.langstack[-1:]
            self.baseuri = self.basestack[-1] if self.basestack else self.baseuri
            self.lang = self.langstack[-1] if self.langstack else self.lang
            self.depth -= 1

    def _start_media_content(self: Any, attributes: dict[str, str]) -> None:
        self._picture = attributes
        self._get_context().setdefault("media_content", []).append(attributes)

    def _end_media_content(self: Any) -> None:
        self._picture = None

    def _keep(self: Any, key: str) -> None:
        text = self.pop(key)
        if text:
            owner = self._picture if self._picture is not None and key.startswith("media_") else self._get_context()
            owner.setdefault(key, text)

    def _start_media_description(self: Any, attributes: dict[str, str]) -> None:
        self.push("media_description", 0)

    def _end_media_description(self: Any) -> None:
        self._keep("media_description")

    def _start_media_credit(self: Any, attributes: dict[str, str]) -> None:
        self.push("media_credit", 0)

    def _end_media_credit(self: Any) -> None:
        self._keep("media_credit")

    def _start_itunes_summary(self: Any, attributes: dict[str, str]) -> None:
        self.push("itunes_summary", 0)

    def _end_itunes_summary(self: Any) -> None:
        self._keep("itunes_summary")

    def _start_dc_description(self: Any, attributes: dict[str, str]) -> None:
        self.push("dc_description", 0)

    def _end_dc_description(self: Any) -> None:
        self._keep("dc_description")

    def _start_dc_date(self: Any, attributes: dict[str, str]) -> None:
        self.push("dc_date", 0)

    def _end_dc_date(self: Any) -> None:
        self._keep("dc_date")


feedparser.api.StrictFeedParser = type("StrictFeedParser", (_Handlers, feedparser.api.StrictFeedParser), {})
feedparser.api.LooseFeedParser = type("LooseFeedParser", (_Handlers, feedparser.api.LooseFeedParser), {})

parse = feedparser.parse

NAMESPACES: dict[str, str] = {
    prefix: address for address, prefix in reversed(feedparser.mixin._FeedParserMixin.namespaces.items()) if prefix
} | {"atom": "http://www.w3.org/2005/Atom", "rss": "http://purl.org/rss/1.0/"}
"""The usual namespaces of the prefixes that feeds use, in lower case."""
