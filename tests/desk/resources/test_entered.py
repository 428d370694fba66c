"""A resource as its form says it, and what a form says of what is wrong."""

from typing import Any

import pytest

from app.desk.resources.controls import OWN, controls_of
from app.desk.resources.entered import (
    NotWhole,
    content_of,
    empty,
    entered,
    grown,
    lines_of,
    raised,
)
from app.resources.fields import fields_of
from app.resources.forms import Form
from tests.makers_resources import OF_FORM
from tests.resource_contents import document, practice, sheet

STEPS = next(each for each in OWN[Form.SHEET] if each.name == "steps")
# What another control says, with all that belongs to it.
INSTEAD = {"form", "proof"}


@pytest.mark.parametrize("form", Form)
def test_what_a_form_shows_is_what_it_sends(form: Form) -> None:
    content = OF_FORM[form]()
    assert content_of(form, entered(content)) == content


@pytest.mark.parametrize("form", Form)
def test_each_field_of_the_table_has_one_control(form: Form) -> None:
    names = [each.name for each in controls_of(form)]
    assert len(names) == len(set(names))
    assert {each.name for each in fields_of(form)} - INSTEAD <= set(names)


def problems(form: Form, sent: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(NotWhole) as wrong:
        content_of(form, sent)
    return wrong.value.problems


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        ({"title": ("",)}, "title", "à remplir"),
        ({"type": ("",)}, "type", "à remplir"),
        ({"year": ("il y a longtemps",)}, "year", "nombre"),
        ({"year": ("",), "published_on": ("31/12/0021",)}, "published_on", "entre 1800 et 2100"),
        ({"year": ("",), "published_on": ("01/01/2101",)}, "published_on", "entre 1800 et 2100"),
        ({"bodies": ("\n".join(map(str, range(61))),)}, "bodies", "60 noms au plus"),
        ({"isbn": ("9780306406158",)}, "isbn", "ISBN"),
        ({"url": ("pas une adresse",)}, "url", "https://"),
        ({"reach": ("territories",), "territories": ()}, "territories", "territoires"),
        ({"actor_ids": ("ailleurs",)}, "actor_ids", "fiche"),
    ],
)
def test_each_sentence_stands_at_its_control(given: dict[str, Any], name: str, said: str) -> None:
    found = problems(Form.DOCUMENT, {**entered(document()), **given})
    assert said in " ".join(found[name])
    assert len(found) == len(found[name]) == 1


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        (
            {"more": ("x" * 20_001,)},
            "more",
            "Ce texte a 20\u202f001 caractères, il peut en avoir 20\u202f000.",
        ),
        ({"now": ("Un\nDeux\nTrois\nQuatre",)}, "now", "3 lignes au plus."),
        (
            {"steps.who": ("x" * 301,)},
            "steps",
            "Ligne 1 : Ce texte a 301 caractères, il peut en avoir 300.",
        ),
    ],
)
def test_what_is_too_long_is_said_to_be_a_text_or_lines(
    given: dict[str, Any], name: str, said: str
) -> None:
    assert problems(Form.SHEET, {**entered(sheet()), **given}) == {name: [said]}


def test_a_sheet_without_steps_and_a_practice_judged_by_nobody_say_so() -> None:
    empty_steps = dict.fromkeys(STEPS.names, ())
    assert problems(Form.SHEET, {**entered(sheet()), **empty_steps}).keys() == {"steps"}
    unsigned = {**entered(practice()), "evaluation.by": ("",)}
    assert problems(Form.PRACTICE, unsigned).keys() == {"evaluation.proof"}


def test_a_line_that_is_wrong_is_said_by_its_number() -> None:
    given = {**entered(sheet()), "validations.body": ("Exemple",), "validations.day": ("hier",)}
    (said,) = problems(Form.SHEET, given)["validations"]
    assert said.startswith("Ligne 1 : Un jour")


def test_an_address_of_this_centre_is_stored_as_the_resource_that_it_leads_to() -> None:
    way = "https://carte.exemple.fr/ressources/00112233445566aa/guide"
    given = {**entered(sheet()), "sources.title": ("Guide",), "sources.url": (way,)}
    (source,) = content_of(Form.SHEET, given).own.sources  # type: ignore[union-attr]
    assert (source.url, source.resource_id) == (None, "00112233445566aa")


def test_a_new_sheet_shows_a_step_one_more_is_added_and_one_goes_up() -> None:
    sent = empty(Form.SHEET)
    assert len(lines_of(sent, STEPS)) == 1
    sent = {**grown(sent, STEPS), "steps.text": ("Un", "Deux"), "steps.who": ("A", "B")}
    assert [each["steps.text"] for each in lines_of(sent, STEPS)] == ["Un", "Deux"]
    first = lines_of(raised(sent, STEPS, 1), STEPS)[0]
    assert (first["steps.text"], first["steps.who"]) == ("Deux", "B")


def test_no_more_lines_are_added_than_a_sheet_has() -> None:
    sent = empty(Form.SHEET)
    for _ in range(STEPS.most_lines + 3):
        sent = grown(sent, STEPS)
    assert len(lines_of(sent, STEPS)) == STEPS.most_lines


def test_months_that_nobody_offers_are_wrong_however_long() -> None:
    sent = {**entered(sheet()), "review_months": ("9" * 5_000,)}
    assert "review_months" in problems(Form.SHEET, sent)
