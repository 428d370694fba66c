"""Whose number is asked for: of public actors, and of none that somebody hidden has too."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor
from app.platform.database.sessions import read, write
from app.records.acts import protect, unprotect
from app.records.closing import archive, reopen
from app.records.proposals import waiting
from app.registers.closures import Closure
from app.registers.watch import Watched, propose_closures, public_numbers
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.makers import decide
from tests.short_lists import ids, run

HEADER = "Nom;Catégorie;Adresse;Code postal;Commune;SIRET"
OPEN = "Service;Association;1 rue Haute;93000;Bobigny;73282932000074"
HOME = "Foyer;MECS;10 rue Cachée;93000;Bobigny;35600000000048"
OFFICE = "Bureau;Association;5 rue Autre;93300;Aubervilliers;35600000000048"


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


def statuses(runtime: Runtime) -> list[str]:
    with Session(runtime.staff) as session:
        return list(session.scalars(select(Actor.status)))
