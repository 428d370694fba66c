"""A page for paper as WeasyPrint takes it: written as XML, styled once, and nothing is fetched.

To be imported when the first page is laid out: WeasyPrint takes half a second.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NoReturn
from xml.etree import ElementTree

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.html import UA
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

# What no XML may hold; an HTML parser would have dropped it.
_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# WeasyPrint's own rules for footnotes: no page of ours has one, and they are worked out for each
# element, as its rule for the signs of lists would be, which only its items have.
_NOTES = re.compile(r"^::(?:foot)?note-.*$", re.MULTILINE)
_SIGNS = re.compile(r"^(?=::marker)", re.MULTILINE)


class Nothing(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
    """Refuses every address."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> NoReturn:
        """Raise FatalURLFetchingError: WeasyPrint logs any other and goes on without the file."""
        raise FatalURLFetchingError(url)


class WellFormed(HTML):  # type: ignore[misc] # WeasyPrint has no types
    """A page of ours, read by the parser of XML: that of HTML takes 20 times as long.

    styles: those of its head, taken out of it. Raises ParseError where a tag is not closed.
    """

    def __init__(self, html: str) -> None:
        # Ours, with what lists hold escaped; it declares no entity.
        root = ElementTree.fromstring(_NO_XML.sub("", html))  # noqa: S314
        self.styles = []
        if (head := root.find("head")) is not None:
            for style in head.findall("style"):
                head.remove(style)
                self.styles.append(_styles(style.text or ""))
        super().__init__(string="<html/>", url_fetcher=Nothing())
        untyped: Any = self
        untyped.wrapper_element = untyped.wrapper_element.from_html_root(root, None)
        untyped.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_LIGHT]


@lru_cache(16)
def _styles(text: str) -> CSS:
    # With fonts to read into, else WeasyPrint passes over what asks for one.
    fonts = FontConfiguration()
    return CSS(string=text, url_fetcher=Nothing(), media_type="print", font_config=fonts)


_LIGHT = CSS(string=_SIGNS.sub("li", _NOTES.sub("", UA)), counter_style=CounterStyle())
