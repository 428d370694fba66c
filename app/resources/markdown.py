"""Markdown that staff write, as the few elements of a page that it may become, and as plain text.

It holds no raw HTML, image or block of code, and links only to where a reader may be sent.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from geo.text import drawn

# Of ours what visitors read: a letter leads to the agenda as a whole as well.
LINK = re.compile(
    r"(?:https?://|mailto:|tel:)[^\s]|/(?:ressources|agenda|lettres)(?:[/?#]|$)", re.IGNORECASE
)
# Indented lines are no code either: whoever writes a sheet indents to be read.
NEVER = ("image", "html_block", "html_inline", "code", "fence", "backticks")
# Below the title of the page and those of its parts.
HEADINGS = {"h1": "h3", "h2": "h3"}
LOWEST = "h4"


def _link(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, ___: EnvType) -> str:
    address = Markup("{}").format(tokens[at].attrGet("href") or "")
    return f'<a href="{address}" rel="noopener nofollow">'


def _heading(
    _: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, ___: EnvType
) -> str:
    tag = HEADINGS.get(tokens[at].tag, LOWEST)
    return f"<{tag}>" if tokens[at].nesting == 1 else f"</{tag}>\n"


def _draw(state: StateCore) -> None:
    """Leave out what nobody sees: a text holds none, and "&#8203;" in it becomes one."""
    for block in state.tokens:
        for token in block.children or ():
            token.content = drawn(token.content)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(list(NEVER))
    reader.core.ruler.push("draw", _draw)
    reader.normalizeLink = lambda url: normalizeLink(drawn(url))  # type: ignore[method-assign]
    reader.validateLink = lambda url: LINK.match(url) is not None  # type: ignore[method-assign]
    reader.add_render_rule("link_open", _link)
    reader.add_render_rule("heading_open", _heading)
    reader.add_render_rule("heading_close", _heading)
    return reader


_READER = _reader()


def render(text: str) -> Markup:
    """Return the HTML of a text: paragraphs, lists, titles, stress and links, nothing else."""
    return Markup(_READER.render(text))  # noqa: S704 # escaped by the reader, which knows no HTML


def plain(text: str, *, marks: bool = False) -> str:
    """Return the words of a text without its signs, one line for each of its blocks.

    marks: before what stands in a list, and an empty line before a paragraph or a title, for a
    person who would read torn sentences without.
    """
    lines, mark = list[str](), ""
    for each in _READER.parse(text):
        if marks and each.type == "list_item_open":
            mark = f"{each.info}{each.markup} " if each.info else "- "
        elif marks and lines and not each.level and each.type in ("heading_open", "paragraph_open"):
            lines.append("")
        elif each.type == "inline" and (words := "".join(_words(each.children or ())).strip()):
            lines.append(f"{mark}{words}")
            mark = ""
    return "\n".join(lines)


def addresses(text: str) -> tuple[str, ...]:
    """Return where the links of a text lead, as its page writes it."""
    tokens = (each for block in _READER.parse(text) for each in block.children or ())
    return tuple(str(each.attrGet("href")) for each in tokens if each.type == "link_open")


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in ("softbreak", "hardbreak") else token.content
