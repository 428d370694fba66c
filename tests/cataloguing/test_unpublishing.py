"""Texts that are taken from visitors: as somebody becomes hidden, and as a curateur decides."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cataloguing import withdrawing
from app.cataloguing.holding import waiting
from app.cataloguing.versions import read
from app.errors import ResourceUnknown
from app.models import Actor, AuditEntry, IssuingBody, Resource, ResourceRecord, Role
from app.platform.database.sessions import write
from app.records.acts import protect
from app.resources.forms import Form
from app.runtime.staff import Runtime
from app.visibility import Viewer
from tests.makers import decide
from tests.makers_resources import (
    CURATEUR,
    NAMES_HOME,
    READER,
    WRITER,
    again,
    held_one,
    made,
    now,
    release_by,
    seen,
    status,
)
from tests.short_lists import APART, SHELTER, csv, ids, run

REFERENT = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"])


def test_a_text_that_two_let_out_is_not_held_again_as_its_actor_is_written(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER))
    held_one(runtime, title="Sentinelle", summary=NAMES_HOME)
    release_by(runtime, WRITER)
    release_by(runtime, READER)
    run(runtime, csv(SHELTER.replace("Foyer fictif", "FOYER Fictif")))
    assert "Sentinelle" in seen(runtime)


@pytest.mark.slow
def test_what_names_an_actor_is_taken_down_as_a_list_hides_it(runtime: Runtime) -> None:
    resource = made(runtime, title="Sentinelle", summary=NAMES_HOME)
    made(runtime, title="Autre titre")
    run(runtime, csv(SHELTER, APART))
    assert "Sentinelle" not in seen(runtime)
    assert "Autre titre" in seen(runtime)
    assert status(runtime, resource) == "held"
    release_by(runtime, WRITER)
    assert release_by(runtime, READER)
    assert "Sentinelle" in seen(runtime)


@pytest.mark.parametrize("fields", [{"summary": "99 rue Autre"}, {"summary": "01 99 00 00 99"}])
def test_what_names_an_actor_is_taken_down_as_a_person_hides_it(
    runtime: Runtime, fields: dict[str, Any]
) -> None:
    run(runtime, csv(APART))
    made(runtime, title="Sentinelle", **fields)
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="essai")
    assert "Sentinelle" not in seen(runtime)


@pytest.mark.slow
def test_what_is_tied_to_the_sheet_of_an_actor_is_taken_down_with_it(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    public_id = ids(runtime)["Association libre"]
    made(runtime, Form.PRACTICE, title="Sentinelle", actor_ids=[public_id])
    decide(runtime, protect, public_id, who="essai", why="essai")
    assert "Sentinelle" not in seen(runtime)


@pytest.mark.slow
def test_what_names_a_home_is_taken_down_as_nobody_public_shows_its_number_any_more(
    runtime: Runtime,
) -> None:
    several = [
        f"Antenne {number};Association;{number} rue Haute;93300;Aubervilliers;01 99 00 00 10;"
        for number in range(1, 4)
    ]
    run(runtime, csv(SHELTER, *several))
    made(runtime, title="Sentinelle", summary="Appeler le 01 99 00 00 10")
    assert "Sentinelle" in seen(runtime)
    others = [each.replace("01 99 00 00 10", f"01 99 00 00 5{n}") for n, each in enumerate(several)]
    run(runtime, csv(SHELTER, *others))
    assert "Sentinelle" not in seen(runtime)


@pytest.mark.slow
def test_what_names_a_home_is_taken_down_as_another_list_says_more_of_it(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER))
    made(runtime, title="Sentinelle", summary="Appeler le 01 99 00 00 77")
    made(runtime, title="Autre titre", summary="Appeler le 01 99 00 00 78")
    run(runtime, csv(SHELTER.replace("01 99 00 00 10", "01 99 00 00 77")), source="autre")
    found = seen(runtime)
    assert "Sentinelle" not in found
    assert "Autre titre" in found


@pytest.mark.slow
def test_what_links_to_the_sheet_of_an_actor_is_taken_down_with_it_and_then_held(
    runtime: Runtime,
) -> None:
    run(runtime, csv(APART))
    public_id = ids(runtime)["Association libre"]
    page = f"https://carte.exemple.fr/acteurs/{public_id}/association-libre"
    made(runtime, Form.SHEET, title="Sentinelle", more=f"Voir [leur page]({page}).")
    made(runtime, title="Seconde", url=page)
    with write(runtime.staff) as session:
        session.execute(update(Actor).values(status="secret"))
    held_one(runtime, title="Troisième", summary=f"Voir /acteurs/{public_id}")
    with write(runtime.staff) as session:
        session.execute(update(Actor).values(status="published"))
    decide(runtime, protect, public_id, who="essai", why="essai")
    found = seen(runtime)
    assert "Sentinelle" not in found
    assert "Seconde" not in found


@pytest.mark.slow
def test_what_stands_beside_a_new_home_is_hidden_in_texts_as_well(runtime: Runtime) -> None:
    near = APART.replace("99 rue Autre;93300;Aubervilliers", "10 rue Cachee;93000;Bobigny")
    run(runtime, csv(near))
    made(runtime, title="Sentinelle", summary="10 rue Cachee")
    made(runtime, title="Montré", summary="01 99 00 00 99")
    run(runtime, csv(SHELTER), source="autre")
    assert "Sentinelle" not in seen(runtime)
    assert "Montré" in seen(runtime)


def test_a_former_edition_alone_is_taken_down(runtime: Runtime) -> None:
    resource = made(runtime, title="Sentinelle", summary=NAMES_HOME)
    again(runtime, resource, title="Second titre")
    run(runtime, csv(SHELTER))
    assert "Sentinelle" not in seen(runtime)
    assert "Second titre" in seen(runtime)
    assert status(runtime, resource) == "published"


@pytest.mark.slow
def test_former_editions_come_back_with_the_last_but_for_those_that_name_a_home(
    runtime: Runtime,
) -> None:
    resource = made(runtime, title="Premier titre")
    again(runtime, resource, title="Sentinelle", summary=NAMES_HOME)
    again(runtime, resource, title="Troisième titre", summary="01 99 00 00 10")
    run(runtime, csv(SHELTER))
    release_by(runtime, WRITER)
    release_by(runtime, READER)
    found = seen(runtime)
    assert "Premier titre" in found
    assert "Troisième titre" in found
    assert "Sentinelle" not in found


def test_what_is_withdrawn_leaves_title_and_day_and_comes_back_within_the_hour(
    runtime: Runtime,
) -> None:
    resource = made(runtime, title="Titre retiré", summary="Résumé retiré")
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, resource, now(), "essai")
    assert "Titre retiré" in seen(runtime)
    assert "Résumé retiré" not in seen(runtime)
    late = now() + timedelta(hours=2)
    with write(runtime.staff) as session, pytest.raises(withdrawing.TooLateToTakeBack):
        withdrawing.take_back(session, runtime.vault, CURATEUR, READER, resource, late)
    with write(runtime.staff) as session:
        withdrawing.take_back(session, runtime.vault, CURATEUR, READER, resource, now())
    assert "Résumé retiré" in seen(runtime)


@pytest.mark.slow
def test_what_names_somebody_hidden_since_is_held_as_it_is_taken_back(runtime: Runtime) -> None:
    resource = made(runtime, title="Titre", summary=NAMES_HOME)
    given = (runtime.vault, CURATEUR, READER, resource)
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, *given, now())
    run(runtime, csv(SHELTER))
    with write(runtime.staff) as session:
        assert withdrawing.take_back(session, *given, now())
        newest = select(AuditEntry.action).order_by(AuditEntry.number.desc()).limit(1)
        assert session.scalars(newest).one() == "resource_held"
    assert "Titre" not in seen(runtime)
    assert status(runtime, resource) == "held"


def test_a_withdrawn_title_goes_as_what_it_names_is_hidden(runtime: Runtime) -> None:
    resource = made(runtime, title="Au 10 rue Cachée")
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, resource, now())
    run(runtime, csv(SHELTER))
    assert "Cachée" not in seen(runtime)
    assert status(runtime, resource) == "withdrawn"


@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_is_erased_leaves_nothing(runtime: Runtime, withdrawn: bool) -> None:
    resource = made(runtime, title="Titre effacé")
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, READER, resource)
        if withdrawn:
            withdrawing.withdraw(*given, now())
        withdrawing.erase(*given, now())
    assert "Titre effacé" not in seen(runtime)
    with Session(runtime.staff) as session, pytest.raises(ResourceUnknown):
        read(session, runtime.vault, CURATEUR, resource)


def test_a_body_is_read_of_as_long_as_it_issues_something_public(runtime: Runtime) -> None:
    made(runtime, audience="professionnel", bodies=["Organisme de professionnels"])
    resource = made(runtime, bodies=["Organisme pour tous"])
    assert "Organisme de professionnels" not in seen(runtime)
    assert "Organisme pour tous" in seen(runtime)
    with write(runtime.staff) as session:
        withdrawing.erase(session, runtime.vault, CURATEUR, READER, resource, now())
    assert "Organisme pour tous" not in seen(runtime)


@pytest.mark.slow
def test_a_body_that_no_published_text_names_is_not_stored_in_clear(runtime: Runtime) -> None:
    made(runtime, bodies=["Organisme qui reste"])
    bodies = ["Organisme retenu", "Organisme qui reste"]
    held = made(runtime, bodies=bodies, summary=NAMES_HOME)
    withdrawn = made(runtime, bodies=["Organisme retiré"])
    curated = made(runtime, bodies=["Organisme effacé"])
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, withdrawn, now())
        of_curated = update(IssuingBody).where(IssuingBody.name == "Organisme effacé")
        session.execute(of_curated.values(variants=["Autre nom"]))
    run(runtime, csv(SHELTER))
    assert status(runtime, held) == "held"
    names = select(IssuingBody.name).order_by(IssuingBody.name)
    with Session(runtime.staff) as session:
        assert session.scalars(names).all() == ["Organisme effacé", "Organisme qui reste"]
    with write(runtime.staff) as session:
        withdrawing.erase(session, runtime.vault, CURATEUR, READER, curated, now())
        assert session.scalars(names).all() == ["Organisme qui reste"]


def test_a_professional_text_is_screened_and_leaves_no_title(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    held_one(runtime, title="Sentinelle", audience="professionnel", summary=NAMES_HOME)
    resource = made(runtime, title="Pour professionnels", audience="professionnel")
    assert "Pour professionnels" not in seen(runtime)
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, resource, now())
    assert "Pour professionnels" not in seen(runtime)


def test_a_former_edition_that_was_withdrawn_does_not_come_back_with_the_last(
    runtime: Runtime,
) -> None:
    resource = made(runtime, title="Retirée")
    given = (runtime.vault, CURATEUR, READER, resource)
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, *given, now())
    again(runtime, resource, title="Suivante")
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, *given, now())
        assert not withdrawing.take_back(session, *given, now())
    assert "Suivante" in seen(runtime)
    assert "Retirée" not in seen(runtime)


def test_what_comes_back_has_the_term_of_review_that_it_had(runtime: Runtime) -> None:
    resource = made(runtime)
    given = (runtime.vault, CURATEUR, READER, resource)
    with write(runtime.staff) as session:
        term = session.get_one(ResourceRecord, resource).review_on
        assert term is not None
        session.get_one(ResourceRecord, resource).review_on = term - timedelta(days=90)
        withdrawing.withdraw(session, *given, now())
        withdrawing.take_back(session, *given, now())
    with Session(runtime.staff) as session:
        rows = session.execute(
            select(Resource.review_on, ResourceRecord.review_on).join(
                ResourceRecord, ResourceRecord.id == Resource.id
            )
        )
        assert rows.all() == [(term - timedelta(days=90),) * 2]


def test_what_waits_of_a_resource_waits_no_more_once_it_is_withdrawn(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    resource = made(runtime, title="Lue")
    assert again(runtime, resource, summary=NAMES_HOME)
    with write(runtime.staff) as session:
        withdrawing.withdraw(session, runtime.vault, CURATEUR, READER, resource, now())
        assert not waiting(session, runtime.vault, CURATEUR)
