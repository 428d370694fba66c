"""What a screen reader is given where the eye has something else."""

import re

import httpx
import pytest

SITUATION = "/autour?lieu=93008&s=1"


def page(client: httpx.Client, path: str) -> str:
    return client.get(path, headers={"Accept": "text/html"}, follow_redirects=True).text


def said(html: str) -> str:
    """Return the text of a piece of page that is not hidden from screen readers."""
    heard = re.sub(r'<span[^>]*aria-hidden="true"[^>]*>.*?</span>', "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", heard).split())


def test_a_group_is_said_once_with_the_unit_of_its_number(client: httpx.Client) -> None:
    html = page(client, "/departements/93")
    groups = re.findall(r'<section class="group"[^>]*>\s*<h2[^>]*>(.*?)</h2>', html, re.DOTALL)
    assert groups
    assert all(re.search(r" \d+ acteurs?$", said(group)) for group in groups)
    # A name would make of it a region, announced before a title of the same words.
    assert not re.search(r'<section class="group"[^>]*aria-', html)


def test_a_step_is_said_with_the_unit_of_its_number(client: httpx.Client) -> None:
    html = page(client, SITUATION)
    steps = re.findall(r'<li class="steps__step">(.*?)</li>', html, re.DOTALL)
    assert steps
    number = re.compile(r"(\d+ acteurs?|aucun acteur connu ici|liste non reçue)$")
    assert all(number.search(said(step)) for step in steps)


def test_missions_begin_with_a_capital_of_their_own(client: httpx.Client) -> None:
    facts = re.findall(r'<p class="card__fact">([^<]+)</p>', page(client, "/departements/93"))
    assert facts
    assert all(fact[0].isupper() for fact in facts)


def test_the_number_of_a_hidden_place_is_not_said_to_call_it(client: httpx.Client) -> None:
    cards = re.findall(r'<li class="card".*?</li>', page(client, "/departements/93"), re.DOTALL)
    hidden = [card for card in cards if "Adresse non publiée" in card]
    assert hidden
    assert all("appeler" not in card and ", pour " in card for card in hidden)


@pytest.mark.parametrize("path", ["/autour?ou=zzzzz", SITUATION])
def test_a_place_that_is_not_known_is_said_at_its_field(client: httpx.Client, path: str) -> None:
    html = page(client, path)
    field = re.search(r'<input class="place-box__input"[^>]*>', html)
    assert field
    unknown = "zzzzz" in path
    assert ('aria-invalid="true" aria-describedby="lieu-avis"' in field[0]) == unknown
    assert ('<p id="lieu-avis">' in html) == unknown


@pytest.mark.parametrize("path", ["/autour", "/departements/93", "/integrer"])
def test_a_field_whose_label_is_not_seen_has_a_title(client: httpx.Client, path: str) -> None:
    html = page(client, path)
    labels = re.findall(r'<label class="visually-hidden" for="([^"]+)"', html)
    assert labels
    for name in labels:
        field = re.search(rf'<(?:input|textarea)[^>]* id="{name}"[^>]*>', html)
        assert field
        assert " title=" in field[0], name


def test_each_group_of_fields_has_a_legend(client: httpx.Client) -> None:
    html = page(client, "/integrer")
    assert html.count("<fieldset") == len(re.findall(r"<fieldset[^>]*>\s*<legend", html)) > 5
