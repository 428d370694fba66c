"""A letter as a mail: both halves say alike, nothing of it loads or runs."""

import re
from html.parser import HTMLParser

import pytest

from app.letters.letter import Item, Read, Words
from app.letters.mail import Halves, halves_of
from tests.hostile import HOSTILE

SITE, LEAVE = "https://carte.example.org", "https://carte.example.org/lettres/quitter/x"
ITEM = Item("webinaire", "Repérer & orienter", "/agenda/0", "mardi 16 mars, de 10 h à 12 h")
WORDS = Words(
    "## Ce mois\n\n**Trois** fiches :\n\n- une [fiche](/ressources/1)\n- deux <b>\n\n1 < 2"
)


def halves(*blocks: Read, link_only: bool = False) -> Halves:
    return halves_of("2027-03", blocks, site=SITE, leave=LEAVE, link_only=link_only)


class Seen(HTMLParser):
    """What a person reads of a page, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._is_hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._is_hidden = tag in ("style", "title")
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_endtag(self, tag: str) -> None:
        self._is_hidden = False

    def handle_data(self, data: str) -> None:
        if not self._is_hidden:
            self.said.append(data)


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"https?://\S+", "", text))


@pytest.mark.parametrize("blocks", [(), (ITEM,), (WORDS,), (WORDS, ITEM, Words("Fin."))])
@pytest.mark.parametrize("link_only", [False, True])
def test_both_halves_say_alike(blocks: tuple[Read, ...], link_only: bool) -> None:
    both = halves(*blocks, link_only=link_only)
    seen = Seen(both.html)
    assert sorted(words_of(both.text)) == sorted(words_of(" ".join(seen.said)))
    assert set(re.findall(r"https://\S+", both.text)) == set(seen.links)


@pytest.mark.parametrize("text", HOSTILE.values())
def test_nothing_of_what_is_written_runs_or_loads(text: str) -> None:
    item = Item(text, text, "/agenda/0", text)
    seen = Seen(halves(Words(text), item).html)
    quiet = {"html", "head", "meta", "title", "style", "body", "main", "p", "section", "footer"}
    quiet |= {"a", "small", "h2", "h3", "h4", "strong", "em", "ul", "ol", "li", "br", "code"}
    quiet |= {"blockquote", "pre", "hr"}
    assert seen.tags <= quiet
    assert [
        each for each in seen.links if not each.startswith(("https:", "http:", "mailto:", "tel:"))
    ] == []


def test_addresses_of_ours_are_whole_in_both() -> None:
    both = halves(Words("Voir [ici](/ressources/1), et [là](https://exemple.fr/a)."))
    for each in (f"{SITE}/ressources/1", "https://exemple.fr/a"):
        assert each in both.text
        assert f'"{each}"' in both.html


def test_a_list_is_one_in_the_text_as_well() -> None:
    assert "Ce mois\n\nTrois fiches :\n- une fiche\n- deux <b>\n\n1 < 2" in halves(WORDS).text


@pytest.mark.parametrize("path", ["/ressources", "/agenda?territoire=93", "/lettres/2027-03"])
def test_a_text_leads_to_what_visitors_read(path: str) -> None:
    both = halves(Words(f"Voir [ici]({path})."))
    assert f"Voir ici.\n{SITE}{path}" in both.text
    assert f'"{SITE}{path}"' in both.html


@pytest.mark.parametrize("path", ["/gestion", "/agendas", "//exemple.fr/ressources"])
def test_a_text_leads_nowhere_else_of_ours(path: str) -> None:
    assert path not in Seen(halves(Words(f"Voir [ici]({path}).")).html).links
