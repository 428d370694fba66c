"""How much of what a register had named is a question: neither what it never named, nor returns."""

from dataclasses import replace

import pytest

from app.lists.summary import Summary
from app.platform.database.sessions import read, write
from app.registers.competence_update import CompetenceUpdate
from app.registers.errors import TooManyUnreadable
from app.registers.state import read_state
from app.registers.updating import Update
from app.runtime.staff import Runtime
from importers.registers.catalogue import registers
from importers.registers.competence import Competences, Named
from tests.registers.test_updating import DAY, FINESS, edition, many, public, update
from tests.short_lists import run

LYON = {"territory": "69M", "code commune": "69383", "code postal": "69003", "commune": "Lyon"}


def listed(runtime: Runtime, first: int, last: int) -> Summary:
    """Send centres of `many` as a list knows them, without the phone that the register adds."""
    lines = [
        f"93000{n:04};Centre {n};Santé;{n} rue Longue;93000;Bobigny" for n in range(first, last + 1)
    ]
    header = "FINESS;Nom;Catégorie;Adresse;Code postal;Commune"
    return run(runtime, "\r\n".join((header, *lines)).encode("cp1252"))


@pytest.mark.slow
def test_whom_a_register_names_for_the_first_time_is_no_change_of_whom_it_had_named(
    runtime: Runtime,
) -> None:
    listed(runtime, 31, 60)
    update(runtime, *many(30))
    (part,) = update(runtime, *many(60))
    assert part.summary
    assert (part.known, part.summary.updated, part.updated) == (30, 30, 0)
    assert len(public(runtime)) == 60


@pytest.mark.slow
def test_who_comes_back_is_no_change_either(runtime: Runtime) -> None:
    update(runtime, *many(30))
    update(runtime, *many(25))
    assert len(public(runtime)) == 25
    (part,) = update(runtime, *many(30))
    assert (part.known, part.updated) == (25, 0)
    assert len(public(runtime)) == 30


@pytest.mark.slow
def test_a_first_load_that_was_cut_short_goes_on_without_a_question(runtime: Runtime) -> None:
    listed(runtime, 1, 30)
    lyon = [each | LYON | {"n° FINESS": f"69{each['n° FINESS'][2:]}"} for each in many(25)]
    given = edition(*many(30), *lyon)
    work = Update(runtime.staff, runtime.vault, runtime.settings, FINESS, given, "essai")
    first, _ = work.plan()
    with write(runtime.staff) as session:
        work._apply(session, first)
    again = Update(runtime.staff, runtime.vault, runtime.settings, FINESS, given, "essai")
    again.check(parts := again.plan())
    again.apply(parts)
    assert len(public(runtime)) == 55


@pytest.mark.slow
def test_an_edition_that_something_kills_is_said_to_be_unfinished(runtime: Runtime) -> None:
    lyon = [each | LYON | {"n° FINESS": f"69{each['n° FINESS'][2:]}"} for each in many(2)]
    work = Update(
        *(runtime.staff, runtime.vault, runtime.settings, FINESS),
        *(edition(*many(2), *lyon), "essai"),
    )

    def killed(done: int, of_all: int) -> None:
        if done:
            raise SystemExit

    parts = work.plan()
    with pytest.raises(SystemExit):
        work.apply(parts, killed)
    assert len(public(runtime)) == 2
    assert "n'est pas finie" in (failure_of(runtime) or "")
    work.apply(work.plan())
    assert len(public(runtime)) == 4
    assert failure_of(runtime) is None


def failure_of(runtime: Runtime) -> str | None:
    with read(runtime.staff) as session:
        state = read_state(session, FINESS)
        assert state
        return state.failure


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False])
def test_a_field_that_has_another_form_is_a_question_before_whom_it_names_is_lost(
    runtime: Runtime, first: bool
) -> None:
    if not first:
        update(runtime, *many(300))
    before = public(runtime)
    given = replace(edition(*many(279)), left_out={"illisibles": 21})
    work = Update(runtime.staff, runtime.vault, runtime.settings, FINESS, given, "essai")
    with pytest.raises(TooManyUnreadable, match=r"21 fiches sur 300"):
        work.check(work.plan())
    assert public(runtime) == before
    slips = replace(given, left_out={"illisibles": 19})
    work = Update(runtime.staff, runtime.vault, runtime.settings, FINESS, slips, "essai")
    work.check(work.plan())


def test_communes_that_cannot_be_read_are_a_question_too(runtime: Runtime) -> None:
    said = {"93008": frozenset({Named("police")})}
    given = Competences(DAY, said, {"illisibles": 350})
    work = CompetenceUpdate(runtime.staff, runtime.vault, registers()["forces"], given)
    with pytest.raises(TooManyUnreadable, match="350 fiches sur 351"):
        work.check(work.plan())
