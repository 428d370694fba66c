"""What any of its sources says of a home guards it, whichever of them its record follows."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import ActorFingerprint
from app.records.marks import stored_mark
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from tests.operations.erasing import erase, value_marks
from tests.registers.test_orders import ORDERS
from tests.registers.test_protected import HEADER, name_it, public
from tests.registers.test_updating import HOME, update
from tests.short_lists import run

pytestmark = pytest.mark.slow

NAMED = HOME | {"nom": "Les Quatre Vents"}
LISTED = "{};Les Quatre Vents;MECS;7 rue Tierce;93000;Bobigny;01 99 00 00 77;;"
FAR = {"adresse": "99 rue Lointaine", "téléphone": "01 99 00 00 99"}
SERVICE = {"identifiant": "un-service", "catégorie": "association"}
BESIDE = {
    "address": {"adresse": "10, R. CACHEE"},
    "phone": {"téléphone": "01.99.00.00.10"},
    "address of the list": {"adresse": "7, R. TIERCE"},
    "phone of the list": {"téléphone": "01.99.00.00.77"},
}
OTHER_HOME = NAMED | {
    "n° FINESS": "930000501",
    "nom": "MECS Les Pins",
    "adresse": "3 rue Basse",
    "téléphone": "01 99 00 00 33",
}
SECRETS = ("cachee", "tierce", "99000010", "99000077")
ANOTHER = ";Association libre;Association;1 rue Haute;93000;Bobigny;01 99 00 00 55;;"


def list_it(runtime: Runtime, number: str = "", **options: object) -> None:
    send(runtime, LISTED.format(number), **options)


def send(runtime: Runtime, *lines: str, **options: object) -> None:
    run(runtime, "\r\n".join((HEADER, *lines)).encode("cp1252"), "liste.csv", **options)


def steps(runtime: Runtime, said: dict[str, str]) -> dict[str, Callable[[], object]]:
    service = {"nom": "Service d'AEMO des Quatre Vents", **SERVICE, **FAR, **said}
    return {
        "finess": partial(update, runtime, NAMED),
        "annuaire": partial(name_it, runtime, "annuaire", **service),
        "list": partial(list_it, runtime),
    }


def says_none(runtime: Runtime) -> None:
    seen = public(runtime)
    assert not [each for each in SECRETS if each in seen]


@pytest.mark.parametrize("said", BESIDE)
@pytest.mark.parametrize("order", ORDERS)
def test_what_any_source_says_of_it_guards_it(
    runtime: Runtime, order: tuple[str, ...], said: str
) -> None:
    work = steps(runtime, BESIDE[said])
    for step in order:
        work[step]()
    says_none(runtime)


@pytest.mark.parametrize("said", ["address", "phone"])
def test_its_marks_stay_once_its_line_is_missing(runtime: Runtime, said: str) -> None:
    work = steps(runtime, BESIDE[said])
    work["finess"]()
    work["list"]()
    update(runtime, OTHER_HOME)
    list_it(runtime, "930000492", source="une autre liste")
    work["annuaire"]()
    says_none(runtime)


def test_marks_of_a_list_that_moves_it_are_those_of_its_last_file(runtime: Runtime) -> None:
    work = steps(runtime, BESIDE["address"])
    work["finess"]()
    work["list"]()
    update(runtime, NAMED | {"adresse": "5 rue Neuve"})
    work["annuaire"]()
    assert "cachee" in public(runtime)
    assert "neuve" not in public(runtime)


def test_who_was_beside_it_by_a_line_that_moved_stays_held(runtime: Runtime) -> None:
    work = steps(runtime, BESIDE["address"])
    for step in work.values():
        step()
    update(runtime, NAMED | {"adresse": "5 rue Neuve"})
    says_none(runtime)


def test_a_phone_counts_for_an_organisation_where_the_line_that_gives_it_says(
    runtime: Runtime,
) -> None:
    update(runtime, NAMED)
    giving = ";Service {0};Association;{0};93000;Bobigny;01 99 00 00 10;;"
    moved = ";Les Quatre Vents;MECS;1 rue Avant;93000;Bobigny;01 99 00 00 77;;"
    send(runtime, moved, giving.format("10 rue Cachée"), giving.format("99 rue Lointaine"))
    assert "99000010" not in public(runtime)


def test_a_value_that_is_erased_is_no_mark_any_more(runtime: Runtime) -> None:
    update(runtime, NAMED)
    list_it(runtime)
    send(runtime, ANOTHER, source="une autre liste")
    assert marked(runtime, "+33199000010")
    erase(runtime, value_marks(runtime, "01 99 00 00 10"))
    assert not marked(runtime, "+33199000010")
    assert marked(runtime, "+33199000077")


def marked(runtime: Runtime, phone: str) -> int:
    """How many stored actors bear a phone, as a home does."""
    with Session(runtime.staff) as session:
        _, value = stored_mark(("phone", phone), index_key(session, runtime.vault), home=True)
        return session.scalars(select(func.count()).where(ActorFingerprint.digest == value)).one()
