"""The table of fields holds together, and a content goes to its columns and back unchanged."""

import contextlib
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.resources.content import Content, links_of
from app.resources.field import FieldWrong
from app.resources.fields import BY_NAME, FIELDS, FILTERS, fields_of, shown_of
from app.resources.forms import Form
from app.resources.stored import body_of, columns_of, content_of
from tests.resource_contents import document, practice, sheet, study, training

EACH_FORM = [document(), sheet(), practice(), training(), study()]
LETTERS = st.characters(exclude_categories=["Cs"])
SHORT = st.text(LETTERS, max_size=40)


def test_an_error_does_not_repeat_what_was_written() -> None:
    with pytest.raises(ValidationError) as caught:
        document(title="10 rue Cachée " * 30)
    assert "Cachée" not in str(caught.value)


def test_names_of_files_and_filters_are_written_once() -> None:
    for names in (
        [field.name for field in FIELDS],
        [field.file.name for field in FIELDS if field.file],
        [field.filter.name for field in FIELDS if field.filter],
        [title for field in FIELDS for title in field.titles],
    ):
        assert sorted(names) == sorted({*names})
    assert all(re.fullmatch(r"[a-z_]+", field.file.name) for field in FIELDS if field.file)


@pytest.mark.parametrize("content", EACH_FORM, ids=lambda each: each.form)
def test_a_content_comes_back_from_its_columns(content: Content) -> None:
    assert content_of(columns_of(content)) == content


@given(title=SHORT.filter(str.strip), summary=SHORT, names=st.lists(SHORT, max_size=3))
def test_whatever_is_written_comes_back_from_its_columns(
    title: str, summary: str, names: list[str]
) -> None:
    try:
        content = document(title=title, summary=summary, bodies=names)
    except ValidationError:
        return
    assert content_of(columns_of(content)) == content
    assert "\x00" not in content.title + content.summary
    assert "\n" not in content.title


@pytest.mark.parametrize("content", EACH_FORM, ids=lambda each: each.form)
def test_each_field_of_a_form_is_shown_or_says_nothing(content: Content) -> None:
    for field in fields_of(content.form):
        assert all(isinstance(each, str) and each for each in field.shown(content))


@pytest.mark.parametrize("content", EACH_FORM, ids=lambda each: each.form)
def test_what_is_shown_is_read_back_from_a_cell(content: Content) -> None:
    for field in fields_of(content.form):
        if field.name in ("validations", "summary", "title", "subtitle", "method"):
            continue
        assert field.type.take(list(field.shown(content))) == field.type.take(
            _cell(field.value(content))
        )


def _cell(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("content", EACH_FORM, ids=lambda each: each.form)
def test_each_filter_finds_what_a_row_has_among_its_choices(content: Content) -> None:
    row = columns_of(content) | {"body_codes": []}
    for offered in FILTERS.values():
        values = offered.of(row)
        assert offered.choices is None or {*values} <= {*offered.choices}


def test_a_practice_without_an_evaluation_is_found_as_such() -> None:
    of = FILTERS["preuve"].of
    assert of(columns_of(practice(evaluation=None))) == ("non-evaluee",)
    assert of(columns_of(practice())) == ("prometteuse",)
    assert of(columns_of(document())) == ()


def test_a_proof_says_who_judged_and_when() -> None:
    with pytest.raises(ValidationError, match="qui a évalué"):
        practice(evaluation={"proof": "eprouvee", "by": "Un observatoire"})
    assert practice(evaluation={"proof": "inspirante"}).evaluation is not None


def test_a_document_has_a_nature_and_never_a_proof() -> None:
    assert shown_of(document(nature="evaluation"), "nature") == ("Évaluation",)
    assert "proof" not in {field.name for field in fields_of(Form.DOCUMENT)}


@pytest.mark.parametrize("mail", ["claire.petit@exemple.fr", "c.petit@exemple.fr"])
def test_a_mailbox_of_somebody_is_refused(mail: str) -> None:
    with pytest.raises(ValidationError, match="celle d’un service"):
        practice(mailbox=mail)


def test_a_mailbox_of_a_service_is_taken() -> None:
    assert "contact@exemple.fr" in links_of(practice(mailbox="contact@exemple.fr"))


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("year", ["1492"], "entre 1800"),
        ("year", ["douze"], "entre 1800"),
        ("published_on", ["31/02/2021"], "31/12/2021"),
        ("themes", ["cuisine"], "pas dans cette liste"),
        ("type", ["rapport", "guide"], "Une seule"),
        ("url", ["javascript:alert(1)"], "https://"),
        ("doi", ["dix"], "DOI"),
        ("title", ["x" * 301], "301 caractères"),
        ("territories", ["le Rhône"], "code connu"),
    ],
)
def test_what_a_form_sends_wrong_is_said_in_a_sentence(
    field: str, given: list[str], said: str
) -> None:
    with pytest.raises(FieldWrong, match=said):
        BY_NAME[field].type.read(given)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("year", "2021.0", 2021),
        ("published_on", "31/12/2021", date(2021, 12, 31)),
        ("type", "compte rendu", "compte-rendu"),
        ("themes", "Fugue et disparition; reperage", ("reperage", "fugue")),
        ("languages", "fr", ("fr",)),
        ("bodies", "ONPE ; IGAS", ("ONPE", "IGAS")),
        ("url", "www.exemple.fr", "https://www.exemple.fr"),
        ("reach", "FR métropolitaine", "metropole"),
        ("reach", None, "national"),
        ("publics", ["santé", "éducation"], ("sante", "education")),
    ],
)
def test_a_cell_is_read_as_catalogues_write_it(field: str, cell: Any, value: Any) -> None:
    assert BY_NAME[field].type.take(cell) == value


@given(st.sampled_from(FIELDS), st.one_of(st.text(max_size=20), st.none(), st.integers()))
def test_a_cell_is_read_or_refused_with_a_sentence(field: Any, cell: Any) -> None:
    with contextlib.suppress(FieldWrong):
        field.type.take(cell)


def test_the_whole_text_of_a_sheet_is_found_without_its_signs() -> None:
    body = body_of(sheet())
    assert "Accueillir sans reproche" in body
    assert "*" not in body
    assert "Dans l’heure" in body


def test_signs_that_nobody_sees_are_left_out() -> None:
    content = document(title="Un\u202e titre\ue000 \x00s\u034fû\u180er\u2028suite\U000e0041")
    assert content.title == "Un titre sûr suite"
