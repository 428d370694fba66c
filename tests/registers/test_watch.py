"""Whose number is asked for: of public actors, and of none that somebody hidden has too."""

import json
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy import update as update_rows
from sqlalchemy.orm import Session

from app.models import Actor
from app.platform.database.sessions import read, write
from app.records.acts import protect, unprotect
from app.records.closing import archive, ended, reopen
from app.records.hidden_numbers import may_be_sent
from app.records.proposals import waiting
from app.records.viewing import Seen
from app.registers.api import Api
from app.registers.closures import Closure
from app.registers.public_numbers import public_numbers
from app.registers.watch import Watched, propose_closures, watch
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.makers import decide
from tests.registers.downloading import Client
from tests.registers.register_server import says
from tests.registers.test_moves import LYON
from tests.registers.test_updating import HOSPITAL, update
from tests.short_lists import ids, run

HEADER = "Nom;Catégorie;Adresse;Code postal;Commune;SIRET"
OPEN = "Service;Association;1 rue Haute;93000;Bobigny;73282932000074"
HOME = "Foyer;MECS;10 rue Cachée;93000;Bobigny;35600000000048"
OFFICE = "Bureau;Association;5 rue Autre;93300;Aubervilliers;35600000000048"


def csv_of(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("cp1252")


def asked(runtime: Runtime, territory: str | None = None) -> set[str]:
    with read(runtime.staff) as session:
        return set(public_numbers(session, runtime.vault, OPERATOR, territory))


def test_a_number_of_a_home_is_not_asked_for_though_a_person_published_its_office(
    runtime: Runtime,
) -> None:
    run(runtime, "\r\n".join((HEADER, OPEN, HOME, OFFICE)).encode("cp1252"))
    assert asked(runtime) == {"73282932000074"}
    office = ids(runtime)["Bureau"]
    decide(runtime, unprotect, office, who="essai", consent=date(2026, 1, 5), why="vu")
    assert asked(runtime) == {"73282932000074"}
    assert asked(runtime, "59") == set()


def test_a_number_that_another_list_gives_for_a_home_is_not_asked_for(runtime: Runtime) -> None:
    for source, number in (("b", "35600000000048"), ("a", "55208131766522")):
        home = f"{HOME[:-14]}{number};930000492"
        lines = (f"{HEADER};FINESS", home, f"{OPEN};", *([f"{OFFICE};"] if source == "b" else []))
        run(runtime, "\r\n".join(lines).encode("cp1252"), source=source)
    office = ids(runtime)["Bureau"]
    decide(runtime, unprotect, office, who="essai", consent=date(2026, 1, 5), why="vu")
    assert asked(runtime) == {"73282932000074"}


def test_a_closure_is_proposed_once_and_of_nobody_whom_a_person_hid_meanwhile(
    runtime: Runtime,
) -> None:
    run(runtime, "\r\n".join((HEADER, OPEN, HOME)).encode("cp1252"))
    with read(runtime.staff) as session:
        numbers = public_numbers(session, runtime.vault, OPERATOR)
    (seen,) = numbers.values()
    found = [Watched(seen, Closure(seen.record.siret or "", date(2026, 3, 31), None))]
    for hidden in (False, False, True):
        if hidden:
            decide(runtime, protect, seen.public_id, who="essai", why="vu")
        with write(runtime.staff) as session:
            propose_closures(session, runtime.vault, OPERATOR, found)
        with read(runtime.staff) as session:
            waits = waiting(session, runtime.vault, OPERATOR)
        assert [each.detail["closed_on"] for each in waits] == ([] if hidden else ["2026-03-31"])


@pytest.mark.parametrize("hidden", ["record", "other list"])
def test_who_took_over_is_not_said_where_a_home_has_that_number(
    runtime: Runtime, hidden: str
) -> None:
    home, moved = "35600000000048", date(2026, 3, 15)
    lines = [f"{HEADER};FINESS", f"{OPEN};"]
    if hidden == "other list":
        run(runtime, csv_of(lines[0], f"{HOME};930000492"), source="b")
        lines.append(f"{HOME[:-14]}55208131766522;930000492")
    else:
        lines.append(f"{HOME};")
    run(runtime, csv_of(*lines), source="a")
    with read(runtime.staff) as session:
        ((siret, seen),) = public_numbers(session, runtime.vault, OPERATOR).items()
    for follower, said in ((home, (None, None)), ("73282932000082", ("73282932000082", moved))):
        watched = Watched(seen, Closure(siret, date(2026, 3, 31), follower, moved))
        with write(runtime.staff) as session:
            (proposed,) = propose_closures(session, runtime.vault, OPERATOR, [watched])
        assert (proposed.closure.moved_to, proposed.closure.moved_on) == said
    with read(runtime.staff) as session:
        waits = waiting(session, runtime.vault, OPERATOR)
    assert {each.detail["moved_to"] for each in waits} == {None, "73282932000082"}


@pytest.mark.parametrize("hides", ["home", "person"])
def test_who_took_over_is_said_no_more_once_somebody_hidden_has_that_number(
    runtime: Runtime, hides: str
) -> None:
    relay = "Relais;Association;7 rue Tierce;93000;Bobigny;35600000000048"
    run(runtime, csv_of(HEADER, OPEN))
    with read(runtime.staff) as session:
        ((siret, seen),) = public_numbers(session, runtime.vault, OPERATOR).items()
    watched = Watched(seen, Closure(siret, date(2026, 3, 31), "35600000000048", date(2026, 3, 15)))
    with write(runtime.staff) as session:
        propose_closures(session, runtime.vault, OPERATOR, [watched])
    run(runtime, csv_of(HEADER, OPEN, HOME if hides == "home" else relay))
    if hides == "person":
        decide(runtime, protect, ids(runtime)["Relais"], who="essai", why="menaces")
    with read(runtime.staff) as session:
        (waits,) = waiting(session, runtime.vault, OPERATOR)
    assert ended(waits.detail) == "fermé depuis le 31/03/2026"


def test_one_number_of_two_public_actors_is_proposed_of_the_one_that_was_watched(
    runtime: Runtime,
) -> None:
    siret = {"siret": "73282932000074"}
    lyon = LYON | {"n° FINESS": "690000484", "nom": "Hôpital de Lyon"}
    update(runtime, HOSPITAL | siret, HOSPITAL | lyon | siret)
    for territory in ("93", "69M"):
        with read(runtime.staff) as session:
            numbers = public_numbers(session, runtime.vault, OPERATOR, territory)
        ((number, seen),) = numbers.items()
        with write(runtime.staff) as session:
            watched = Watched(seen, Closure(number, None, None))
            assert propose_closures(session, runtime.vault, OPERATOR, [watched]) == [watched]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "fermé depuis le 31/03/2026"),
        ({"closed_on": None}, "fermé"),
        (
            {"moved_to": "73282932000082", "moved_on": "2026-03-15"},
            "fermé depuis le 31/03/2026, déménagé le 15/03/2026 : SIRET 73282932000082",
        ),
        # Of a former seat, nobody says when; and of a proposal of a former version.
        (
            {"moved_to": "73282932000082"},
            "fermé depuis le 31/03/2026, déménagé : SIRET 73282932000082",
        ),
        (
            {"moved_to": "35600000000048", "moved_on": None},
            "fermé depuis le 31/03/2026, repris par un autre organisme : SIRET 35600000000048",
        ),
    ],
)
def test_what_the_state_says_is_a_sentence_with_its_days(
    more: dict[str, str | None], sentence: str
) -> None:
    detail = {"siret": "73282932000074", "closed_on": "2026-03-31", "moved_to": None}
    assert ended(detail | more) == sentence


def test_whom_a_person_archived_no_list_opens_again_and_a_person_does(runtime: Runtime) -> None:
    lines = "\r\n".join((HEADER, OPEN))
    run(runtime, lines.encode("cp1252"))
    with read(runtime.staff) as session:
        ((siret, seen),) = public_numbers(session, runtime.vault, OPERATOR).items()
    with write(runtime.staff) as session:
        watched = Watched(seen, Closure(siret, None, None))
        propose_closures(session, runtime.vault, OPERATOR, [watched])
        (waits,) = waiting(session, runtime.vault, OPERATOR)
        archive(session, runtime.vault, waits.id, who="essai")
    run(runtime, lines.replace("1 rue Haute", "2 rue Haute").encode("cp1252"))
    assert statuses(runtime) == ["archived"]
    with write(runtime.staff) as session:
        reopen(session, runtime.vault, waits.id, who="essai")
    assert statuses(runtime) == ["published"]


@pytest.mark.parametrize("hides", ["person", "home", "archive"])
def test_who_is_hidden_while_others_are_asked_for_is_not_asked_for(
    runtime: Runtime, client: Client, hides: str
) -> None:
    other = "Relais;Association;7 rue Tierce;93000;Bobigny;55208131766522"
    run(runtime, csv_of(HEADER, OPEN, other))
    with read(runtime.staff) as session:
        numbers = public_numbers(session, runtime.vault, OPERATOR)
    first, second = numbers
    closed = {"siret": first, "etat_administratif": "F", "date_fermeture": "2026-03-31"}
    body = {"results": [{"siege": closed, "matching_etablissements": []}]}
    client.server.answers = [says(200, json.dumps(body).encode())]

    def is_public(number: str, actor: UUID) -> bool:
        with read(runtime.staff) as session:
            return may_be_sent(session, runtime.vault, number, actor)

    with Api(client.server.url, clock=client.time.now, sleep=client.time.sleep) as api:
        found = watch(api, numbers, is_public)
        assert next(found).closure.siret == first
        hide(runtime, numbers[second], hides)
        assert list(found) == []
    assert [first in path for path in client.server.paths] == [True]


def hide(runtime: Runtime, actor: Seen, how: str) -> None:
    siret = actor.record.siret
    if how == "person":
        decide(runtime, protect, actor.public_id, who="essai", why="vu")
    elif how == "home":
        home = f"Foyer;MECS;10 rue Cachée;93000;Bobigny;{siret}"
        run(runtime, csv_of(HEADER, home), source="autre")
    elif how == "archive":
        with write(runtime.staff) as session:
            session.execute(
                update_rows(Actor).where(Actor.id == actor.actor_id).values(status="archived")
            )


def statuses(runtime: Runtime) -> list[str]:
    with Session(runtime.staff) as session:
        return list(session.scalars(select(Actor.status)))
