"""An actor that an undone list created, and that is erased after, comes back by no list."""

import pytest
from sqlalchemy import select

from app.jobs import depositing, undoing
from app.lists import deposits, review
from app.models import Actor, ActorFingerprint, Deposit
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.operations.erasing import actor_marks, erase, everything
from tests.short_lists import CRIP, ids, run, sent

WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"
HEAD = "Identifiant;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel"
ERASED = (
    "12;Point accueil;Association;99 rue Autre;93300;Aubervilliers;01 99 00 00 99;p@example.org"
)
OTHER = f"13;{CRIP}"


def listed(*lines: str) -> bytes:
    return "\r\n".join((HEAD, *lines)).encode("cp1252")


def undone_and_erased(runtime: Runtime) -> None:
    vault = runtime.vault
    with write(runtime.staff) as session:
        upload = sent(listed(ERASED, OTHER), source="liste", who=WHO)
        deposit, _ = deposits.deposit(session, vault, upload, "93")
    depositing.check(runtime, deposit)
    with write(runtime.staff) as session:
        seen = session.get_one(Deposit, deposit).at
        review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
        deposits.ask_to_apply(session, deposit, seen, WHO)
    depositing.apply(runtime, deposit)
    public_id = ids(runtime)["Point accueil"]
    with write(runtime.staff) as session:
        found = deposits.find_for_job(session, vault, deposit)
        assert found is not None
        deposits.ask_to_undo(session, vault, found, found.since, WHO)
    undoing.undo(runtime, deposit)
    with read(runtime.staff) as session:
        actor = session.scalars(select(Actor.id).where(Actor.public_id == public_id)).one()
        marked = select(ActorFingerprint).where(ActorFingerprint.actor_id == actor)
        assert session.scalars(marked).all() == []
    erase(runtime, actor_marks(runtime, public_id))
    assert "Point accueil" not in everything(runtime)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "source"),
    [
        (ERASED, "liste"),
        ("12;Autrement dit;Association;;93300;Aubervilliers;;", "liste"),
        (";Point accueil;Association;3 rue Tierce;93300;Aubervilliers;01 99 00 00 99;", "autre"),
    ],
)
def test_it_is_known_by_what_its_list_called_it_and_by_what_it_bears(
    runtime: Runtime, line: str, source: str
) -> None:
    undone_and_erased(runtime)
    assert run(runtime, listed(line, OTHER), source=source).rejected == 1
    said = everything(runtime)
    assert "Point accueil" not in said
    assert "Autrement dit" not in said


@pytest.mark.slow
def test_a_namesake_of_another_place_is_taken(runtime: Runtime) -> None:
    undone_and_erased(runtime)
    namesake = ";Point accueil;Association;3 rue Tierce;93300;Aubervilliers;01 99 00 00 11;"
    assert run(runtime, listed(namesake, OTHER), source="autre").rejected == 0
    assert "Point accueil" in ids(runtime)
