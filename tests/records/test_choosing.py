"""What of a list a person may take over a record, whoever asks."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from app.records.acts import RANK_OF_STAFF
from app.records.choosing import Choice, choose, may_choose, may_take, otherwise
from app.records.edits import Edit
from app.records.record import ActorRecord, Origin
from importers.row import ActorRow, Sign

KEY, DAY, SOURCE = b"k" * 32, date(2026, 5, 4), uuid4()
IN_PLACE = Origin(source=uuid4(), day=date(2026, 1, 5), rank=20)
HOUSES = Sign(says="houses", field="name", word="foyer")


def edit(**values: Any) -> Edit:
    record = ActorRecord(
        **{"name": "Service", "category": "ase", "territory": "93", "phones": ("+33199000001",)}
        | values
    )
    origins = dict.fromkeys(("name", "phones"), IN_PLACE)
    return Edit(uuid4(), record, origins, was_protected=False)


def row(**values: Any) -> ActorRow:
    given = {"name": "Service", "category": "ase", "territory": "93", "phones": ("+33199000002",)}
    return ActorRow(**{"line": 2} | given | values)


def of(one: Edit, line: ActorRow) -> dict[str, bool]:
    """Field that a line says otherwise -> whether it may be taken."""
    found = otherwise(KEY, one, line, SOURCE, DAY)
    return {each.field: may_take(one, line, each) for each in found}


def test_a_phone_is_taken_and_a_name_is_not() -> None:
    assert of(edit(), row(name="Autre nom")) == {"name": False, "phones": True}


def test_what_a_line_leaves_open_is_no_disagreement() -> None:
    assert of(edit(website="https://a.example.org"), row(phones=())) == {}


@pytest.mark.parametrize(("commune", "asked"), [("93008", set()), ("93001", {"address"})])
def test_another_spelling_of_an_address_is_one_of_its_commune_alone(
    commune: str, asked: set[str]
) -> None:
    one = edit(address="1 rue Haute\n93000 Bobigny", commune="93008", phones=())
    line = row(address="1 R. HAUTE\n93000 BOBIGNY", commune=commune, phones=())
    assert of(one, line).keys() == asked


def test_what_a_line_that_is_hidden_in_its_file_says_is_none_either() -> None:
    assert of(edit(), row(status="draft")) == {}


@pytest.mark.parametrize("which", ["withheld by the line", "withheld before"])
def test_no_withheld_contact_is_taken(which: str) -> None:
    number = ("+33199000002",) if which == "withheld by the line" else ("+33199000001",)
    one = edit() if which == "withheld by the line" else edit(unpublished=number)
    line = row(unpublished=number) if which == "withheld by the line" else row()
    assert of(one, line) == {"phones": False}


def test_beside_a_line_that_hides_nobody_chooses() -> None:
    assert not may_choose(edit(), row(signs=(HOUSES,)))
    hidden = edit()
    hidden.level = "held"
    assert not may_choose(hidden, row())


@pytest.mark.parametrize(
    ("choice", "phone"), [("list", "+33199000002"), ("record", "+33199000001")]
)
def test_what_was_chosen_is_a_persons(choice: Choice, phone: str) -> None:
    one, line = edit(), row(contacts=("Mme Exemple",))
    choose(one, line, SOURCE, DAY, otherwise(KEY, one, line, SOURCE, DAY), choice)
    assert one.record.phones == (phone,)
    assert one.provenance["phones"].rank == RANK_OF_STAFF
    assert one.changes["phones"].origin == IN_PLACE
    # Whom the line names comes with its phone.
    assert one.record.contacts == (("Mme Exemple",) if choice == "list" else ())


def test_hours_that_are_taken_leave_no_words_of_those_before() -> None:
    week, other = "Mo-Fr 09:00-17:00", "Sa 09:00-12:00"
    one = edit(opening_hours=other, hours_text="le samedi matin")
    line = row(phones=("+33199000001",), opening_hours=week)
    choose(one, line, SOURCE, DAY, otherwise(KEY, one, line, SOURCE, DAY), "list")
    assert (one.record.opening_hours, one.record.hours_text) == (week, None)
    assert one.changes["hours_text"].before == "le samedi matin"
    one = edit(opening_hours=other, hours_text="le samedi matin")
    choose(one, line, SOURCE, DAY, otherwise(KEY, one, line, SOURCE, DAY), "record")
    assert (one.record.opening_hours, one.record.hours_text) == (other, "le samedi matin")
