"""Markdown becomes a few elements and no program, whatever somebody writes."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.resources.markdown import LINK, addresses, plain, render
from tests import effort

ALLOWED = {"p", "h3", "h4", "ul", "ol", "li", "em", "strong", "a", "blockquote", "br", "hr"}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}


class Seen(HTMLParser):
    """What a browser would make of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ("br", "hr"):
            self.open.append(tag)
        self.wrong += [name for name, _ in attrs if name not in ATTRIBUTES.get(tag, ())]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(data)

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(decl)


def seen(text: str) -> Seen:
    found = Seen(str(render(text)))
    assert found.tags <= ALLOWED
    assert found.wrong == []
    assert found.open == []
    assert all(LINK.match(link) for link in found.links)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=alert(1)>b</b> <!-- c -->",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](java&Tab;script:alert(1))",
        "[a](data:text/html,<script>)",
        "[a](vbscript:x)",
        "[a](//mauvais.example/)",
        "[a](/gestion/comptes)",
        "[a][r]\n\n[r]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![a](https://exemple.fr/pixel.png)",
        '[a](https://exemple.fr/ "x\\" onmouseover=alert(1)")',
        '[a](https://exemple.fr/"onmouseover=alert(1))',
        "```html\n<script>\n```",
        "    <script>alert(1)</script>",
        "<svg/onload=alert(1)>\n\n# <iframe src=//x>",
    ],
)
def test_no_text_becomes_a_program(text: str) -> None:
    seen(text)


def test_what_staff_write_is_shown_below_the_title_of_the_page() -> None:
    html = render("# Au retour\n\n1. *Accueillir*\n2. [Lire](https://exemple.fr/a?b=1&c=2)")
    assert html == (
        "<h3>Au retour</h3>\n<ol>\n<li><em>Accueillir</em></li>\n"
        '<li><a href="https://exemple.fr/a?b=1&amp;c=2" rel="noopener nofollow">Lire</a></li>\n'
        "</ol>\n"
    )


@pytest.mark.parametrize(
    "address",
    ["https://exemple.fr", "mailto:a@exemple.fr", "tel:119", "/ressources/0123456789abcdef"],
)
def test_a_link_leads_where_a_reader_may_be_sent(address: str) -> None:
    assert seen(f"[a]({address})").links == [address]


def test_words_are_read_without_signs() -> None:
    text = "# Au retour\n\n- **Dire** qu’on\n  est là\n- [Lire](https://exemple.fr)\n\n> jamais"
    assert plain(text) == "Au retour\nDire qu’on est là\nLire\njamais"
    marked = "Au retour\n- Dire qu’on est là\n- Lire\njamais"
    assert plain(text, marks=True) == marked
    assert plain("3. Dire\n4. Lire", marks=True) == "3. Dire\n4. Lire"


@pytest.mark.parametrize("code", [0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0xFE0F, 0xE000, 0xE0041])
def test_no_entity_brings_a_sign_that_nobody_sees(code: int) -> None:
    text = f"10 rue Ca&#{code};chée, [appeler](tel:+3319900&#x{code:x};0010)"
    assert plain(text) == "10 rue Cachée, appeler"
    assert "10 rue Cachée" in render(text)
    assert seen(text).links == ["tel:+33199000010"]


def test_links_are_read_as_the_page_has_them() -> None:
    text = "[a](tel:+33&#49;99000010)\n\n- [b][r] et `c`\n\n[r]: https://exemple.fr/d"
    assert addresses(text) == ("tel:+33199000010", "https://exemple.fr/d")


@pytest.mark.parametrize(
    "sign", ["[", "[a](", "![", "> ", "- ", "*a_ ", "**a", "<", "&", "[a]: b\n"]
)
def test_ten_thousand_signs_are_read_within_a_second(sign: str) -> None:
    with effort.at_most(1):
        seen(sign * 10_000)


@given(
    st.text(st.sampled_from("[]()<>!*_`#&:;/\\\"'=-+. \n\tajavscriptonhe1é\x00\u2028"), max_size=80)
)
def test_no_text_leaves_the_allowed_elements(text: str) -> None:
    seen(text)
    plain(text)
