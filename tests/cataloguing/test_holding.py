"""What two curateurs agree to is what both read: who is hidden meanwhile makes a text wait anew."""

import pytest

from app.cataloguing.holding import NotReadYet, release, waiting
from app.cataloguing.publishing import ask
from app.cataloguing.versions import save
from app.platform.database.sessions import write
from app.records.acts import protect, unprotect
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.makers import decide
from tests.makers_resources import (
    CURATEUR,
    NAMES_HOME,
    READER,
    WRITER,
    held_one,
    made,
    now,
    release_by,
    seen,
    status,
)
from tests.resource_contents import document
from tests.short_lists import APART, SHELTER, csv, ids, run

BOTH = f"{NAMES_HOME} Un autre lieu est au 99 rue Autre, à Aubervilliers."


@pytest.mark.slow
def test_who_is_hidden_since_the_first_curateur_agreed_makes_a_text_wait_anew(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER, APART))
    resource = held_one(runtime, title="Sentinelle", summary=BOTH)
    assert not release_by(runtime, WRITER)
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="essai")
    assert not release_by(runtime, READER)
    assert "Sentinelle" not in seen(runtime)
    assert status(runtime, resource) == "held"
    # Both read it anew, the first one too.
    assert not release_by(runtime, READER)
    assert release_by(runtime, WRITER)
    assert "Sentinelle" in seen(runtime)


@pytest.mark.slow
def test_a_text_that_two_let_out_waits_anew_as_another_home_has_its_number(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER))
    resource = held_one(runtime, title="Sentinelle", summary="Appelez le 01 99 00 00 10.")
    assert not release_by(runtime, WRITER)
    assert release_by(runtime, READER)
    other = "Second foyer;MECS;4 rue Neuve;93300;Aubervilliers;01 99 00 00 10;"
    run(runtime, csv(SHELTER, other))
    assert "Sentinelle" not in seen(runtime)
    assert status(runtime, resource) == "held"


@pytest.mark.slow
def test_a_text_that_two_let_out_waits_anew_as_its_actor_is_hidden_once_more(
    runtime: Runtime,
) -> None:
    run(runtime, csv(APART))
    made(runtime, title="Sentinelle", summary="99 rue Autre")
    (actor,) = ids(runtime).values()
    decide(runtime, protect, actor, who="essai", why="essai")
    assert not release_by(runtime, WRITER)
    assert release_by(runtime, READER)
    assert "Sentinelle" in seen(runtime)
    (neutral,) = ids(runtime).values()
    decide(runtime, unprotect, neutral, who="essai", consent=paris_day(), why="essai")
    assert "Sentinelle" in seen(runtime)
    (actor,) = ids(runtime).values()
    decide(runtime, protect, actor, who="essai", why="essai")
    assert "Sentinelle" not in seen(runtime)


def test_a_newer_version_goes_on_to_wait_as_a_former_one_comes_out(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    resource = held_one(runtime, title="Sentinelle", summary=NAMES_HOME)
    with write(runtime.staff) as session:
        of = (session, runtime.vault, WRITER, resource)
        save(*of, document(title="Récrite"), now(), based_on=1)
        ask(*of, now())
    assert not release_by(runtime, WRITER)
    assert release_by(runtime, READER)
    assert "Sentinelle" in seen(runtime)
    assert status(runtime, resource) == "waiting"


@pytest.mark.slow
def test_nobody_agrees_to_a_text_that_is_masked_for_them(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    held_one(runtime, title="Sentinelle", summary=NAMES_HOME)
    assert not release_by(runtime, WRITER)
    with write(runtime.staff) as session:
        (each,) = waiting(session, runtime.vault, CURATEUR)
        with pytest.raises(NotReadYet):
            release(session, runtime.vault, CURATEUR, READER, each.id, now())
    assert "Sentinelle" not in seen(runtime)
    assert release_by(runtime, READER)
