"""A letter as the two halves of a mail, which say alike: text, and HTML that loads nothing.

The first line says nothing of the field: programs show it beside the subject.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup

from app.letters.letter import PATH, Item, Read, Words, title_of
from app.resources.markdown import addresses, plain, render

# Without a class or a style of its own anywhere else: it is what a policy may name by its digest.
STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; background: #f4f4f1; color: #1d2327; }
body, td { font: 16px/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.375rem; line-height: 1.25; margin: 1rem 0; }
h2, h3, h4 { font-size: 1.0625rem; line-height: 1.3; margin: 0 0 .25rem; }
p, ul, ol { margin: 0 0 .75rem; }
a { color: #0b4f8a; }
section { overflow-wrap: anywhere; margin: 0 0 1rem; padding: 1rem; background: #fff; }
section > :last-child { margin-bottom: 0; }
section small { color: #4a5560; }
footer { font-size: .875rem; color: #4a5560; padding: .5rem 0 2rem; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  body { background: #14181b; color: #e8eaec; }
  section { background: #20262b; }
  a { color: #9ccbf5; }
  section small, footer { color: #b4bcc4; }
}
"""
STYLE_DIGEST = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
PAGE = Markup("""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<p>{hello}</p>
{body}
<footer>
<p><a href="{page}">{page_words}</a></p>
<p><a href="{leave}">{leave_words}</a></p>
</footer>
</main>
</body>
</html>
""")
PAGE_WORDS = "Lire cette lettre sur le site"
LEAVE_WORDS = "Ne plus la recevoir, ou moins souvent"


@dataclass(frozen=True, slots=True)
class Halves:
    """A mail as it is read by programs that show text, and by those that show HTML."""

    text: str
    html: str


def halves_of(
    month: str, blocks: Sequence[Read], *, site: str, leave: str, link_only: bool = False
) -> Halves:
    """Return the mail of a letter. leave: the address by which one leaves; site: of the service.

    link_only: for whoever shares a mailbox, where it is read and nothing of what it says.
    """
    title, page = title_of(month), f"{site}{PATH}/{month}"
    hello = f"Bonjour, voici votre {title[0].lower()}{title[1:]}."
    said = () if link_only else blocks
    lines = [hello, *(_text(each, site) for each in said)]
    lines += ["-- ", f"{PAGE_WORDS} :\n{page}", f"{LEAVE_WORDS} :\n{leave}"]
    body = Markup("\n").join(_html(each, site) for each in said)
    html = PAGE.format(
        title=title,
        style=Markup(STYLE),  # noqa: S704 # ours
        hello=hello,
        body=body,
        page=page,
        page_words=PAGE_WORDS,
        leave=leave,
        leave_words=LEAVE_WORDS,
    )
    return Halves("\n\n".join(lines) + "\n", str(html))


def _text(block: Read, site: str) -> str:
    if isinstance(block, Item):
        return "\n".join(
            (f"{block.what} : {block.title}", *filter(None, (block.said,)), f"{site}{block.path}")
        )
    return "\n".join(
        (plain(block.text, marks=True), *(_whole(each, site) for each in addresses(block.text)))
    )


def _html(block: Read, site: str) -> Markup:
    if isinstance(block, Words):
        return Markup("<section>{}</section>").format(linked(block, site))
    return Markup(
        '<section><small>{what}</small><h2><a href="{url}">{title}</a></h2>{said}</section>'
    ).format(
        what=block.what,
        url=f"{site}{block.path}",
        title=block.title,
        said=Markup("<p>{}</p>").format(block.said) if block.said else "",
    )


def linked(words: Words, site: str) -> Markup:
    """Return words of the desk as HTML that is read elsewhere: links have the service's address."""
    # The renderer writes each link so, and escapes the sign in what people write.
    html = str(render(words.text)).replace('<a href="/', f'<a href="{site}/')
    return Markup(html)  # noqa: S704 # the renderer's, but for where its links lead


def _whole(address: str, site: str) -> str:
    return f"{site}{address}" if address.startswith("/") else address
