"""An actor that is called as a person is hidden, and two people who look need nobody's accord."""

import json
from datetime import date

import pytest
from sqlalchemy import select, update

from app.models import ActorProtected
from app.platform.database.sessions import read, write
from app.records.acts import unprotect
from app.records.causes import Cause, active
from app.records.known_causes import whys_in
from app.records.sealed import open_causes, read_causes
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.short_lists import csv, ids, run

LINE = "Mme Durand;Association;3 rue Ouverte;93000;Bobigny;01 99 00 00 40;"
NAME = "Mme Durand"
FORMERLY = {"why": "secret", "what": "mme", "field": "name", "since": "2026-05-01"}


def causes(runtime: Runtime) -> tuple[Cause, ...]:
    with read(runtime.staff) as session:
        row = session.scalars(select(ActorProtected)).one()
        return open_causes(runtime.vault, row.actor_id, row.causes)


def publish(runtime: Runtime) -> None:
    (public_id,) = ids(runtime).values()
    decide(runtime, unprotect, public_id, who="essai", consent=None, why="c’est une association")


@pytest.mark.slow
def test_it_shows_a_neutral_record_until_it_is_lifted_without_an_accord(runtime: Runtime) -> None:
    run(runtime, csv(LINE))
    assert NAME not in ids(runtime)
    assert [each.why for each in causes(runtime)] == ["person"]
    publish(runtime)
    assert set(ids(runtime)) == {NAME}
    run(runtime, csv(LINE + "accueil@example.org"))
    assert set(ids(runtime)) == {NAME}


def test_it_is_hidden_again_where_its_list_moves_it(runtime: Runtime) -> None:
    numbered = b"R\xe9f;" + csv(LINE).replace(b"\r\n", b"\r\nA1;", 1)
    run(runtime, numbered)
    publish(runtime)
    run(runtime, numbered.replace(b"3 rue Ouverte", b"9 rue Ouverte"))
    assert NAME not in ids(runtime)


def as_formerly(runtime: Runtime) -> None:
    """Store the causes as a release did that took a civility for a demand."""
    with write(runtime.staff) as session:
        row = session.scalars(select(ActorProtected)).one()
        assert row.causes is not None
        stored = runtime.vault.open_json("actor_protected", row.actor_id, "causes", row.causes)
        former = [each | {"why": "secret"} for each in stored]
        sealed = runtime.vault.seal_json("actor_protected", row.actor_id, "causes", former)
        session.execute(update(ActorProtected).values(causes=sealed))


def test_what_a_former_release_took_for_a_demand_is_read_as_what_it_is(runtime: Runtime) -> None:
    run(runtime, csv(LINE))
    as_formerly(runtime)
    assert [each.why for each in active(causes(runtime))] == ["person"]
    assert whys_in(json.dumps([FORMERLY]).encode()).every == {"person"}
    publish(runtime)
    as_formerly(runtime)
    run(runtime, csv(LINE + "accueil@example.org"))
    assert set(ids(runtime)) == {NAME}


def test_a_demand_in_a_name_is_still_one() -> None:
    for other in ({"what": "confidentiel"}, {"field": "description"}):
        (cause,) = read_causes([FORMERLY | other])
        assert (cause.why, cause.since) == ("secret", date(2026, 5, 1))
