"""What becomes of a known actor is said before somebody answers that a line is it."""

import re

import pytest

from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import row_of
from tests.desk.imports.test_pairs import answer
from tests.short_lists import csv, reached, run

EFFECT = re.compile(
    r'<th scope="row">(\w+).*?</th>(?:\s*<td[^>]*>.*?</td>){2}\s*<td[^>]*>(.*?)</td>', re.DOTALL
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "number", "beside", "said", "public"),
    [
        ("Lin", "01 98 00 93 00", "Mme Petit – ", "reste", True),
        # What may be somebody's own is public no more, and that is said.
        ("Chanvre", "06 98 00 93 01", "Mme Petit – ", "ne serait plus public", False),
    ],
)
def test_what_an_answer_takes_of_the_known_actor_is_said_before_it_is_given(
    lists: Lists, word: str, number: str, beside: str, said: str, public: bool
) -> None:
    name, seat = f"Écoute {word}", f"Association;4 rue {word};93000;Bobigny"
    run(lists.runtime, csv(f"{name};{seat};{number};"), source=f"{word} connue")
    browser, other = lists.signed_in(), f"Service Écoute {word}"
    line = f"{other};{seat};{beside}{number};accueil@{word.lower()}.example.org"
    page = lists.sent(browser, line, source=word, portee="partielle")
    row = row_of(browser, page, other)
    (link,) = re.findall(r'href="([^"]+/comparer)"', row)
    # What one of both alone says tells nothing of who they are: among other lines it is folded.
    assert f"Cette ligne seule dit : adresses électroniques (accueil@{word.lower()}" in row
    assert ">Adresses électroniques" not in row
    text = browser.get(link).text
    effects = {label: re.sub(r"<[^>]*>", "", text) for label, text in EFFECT.findall(text)}
    assert effects["Nom"] == "la fiche reste"
    assert effects["Adresses"] == "la ligne ajoute"
    assert effects["Téléphones"] == said
    assert answer(lists, browser, page, other, "meme", ".1") == 303
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"
    phones, mail = reached(lists.runtime, name)
    assert (bool(phones), mail) == (public, f"accueil@{word.lower()}.example.org")
