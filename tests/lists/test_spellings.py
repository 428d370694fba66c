"""What a list only spells otherwise is no disagreement and no change; what it says otherwise is."""

from typing import Any

import pytest
from sqlalchemy import select

from app.models import ActorProtected, Proposal
from app.platform.database.sessions import read, write
from app.records.joining import join
from app.records.proposals import perhaps_same, propose
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from tests.lists.answering import Read, applied
from tests.lists.test_conflicts import found
from tests.lists.test_same_actor import Line, line

ADDRESS = "12 boulevard Victor-Hugo"
SITE = "https://www.exemple.example/aide"
KNOWN = line("Maison de l'Écoute", ADDRESS, Téléphone="01 99 00 00 01", Site=SITE)
SPELLED = line(
    "MAISON DE L ECOUTE",
    "12, bd Victor Hugo",
    Téléphone="+33 1 99 00 00 01",
    Site="http://exemple.example/aide/",
) | {"Commune": "BOBIGNY"}


def record(runtime: Runtime) -> Any:
    with read(runtime.staff) as session:
        one = session.scalars(select(ActorProtected)).one()
        return open_record(runtime.vault, one.actor_id, one.record)


def outcome(runtime: Runtime, *lines: Line, source: str = "une") -> dict[str, int]:
    """Return what becomes of the lines of a list; one that cannot be used stands with them."""
    counts = Read(runtime, lines, source=source).counts
    outcomes = ("created", "updated", "unchanged", "conflicting", "doubtful", "missing")
    return {name: counts[name] for name in outcomes if name in counts}


@pytest.mark.slow
@pytest.mark.parametrize("source", ["une", "autre"])
def test_another_spelling_of_everything_is_no_change_and_no_disagreement(
    runtime: Runtime, source: str
) -> None:
    applied(runtime, KNOWN)
    before = record(runtime)
    spelled = Read(runtime, (SPELLED,), source=source)
    assert spelled.counts.get("conflicting", 0) == 0
    assert spelled.apply() == "applied"
    after = record(runtime)
    same = ("name", "address", "street", "postcode", "city", "phones", "website")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert found(runtime) == set()
    assert outcome(runtime, KNOWN, source=source) == {"unchanged": 1}
    assert outcome(runtime, SPELLED, source=source) == {"unchanged": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [
        line("Maison de l'Écoute", "14, bd Victor Hugo", Téléphone="01 99 00 00 01", Site=SITE),
        line("Maison de l'Écoute", "12, av. Victor Hugo", Téléphone="01 99 00 00 01", Site=SITE),
        line("Maison de l'Écoute", ADDRESS, Téléphone="01 99 00 00 02", Site=SITE),
        line("Maison de l'Écoute", ADDRESS, Téléphone="01 99 00 00 01", Site=SITE + "?id=2"),
        line("Maison de l'Écoute", ADDRESS, Téléphone="01 99 00 00 01", Site=SITE + "#/2"),
        line("Maison de l'Écoute", ADDRESS, Téléphone="01 99 00 00 02, 01 99 00 00 01", Site=SITE),
    ],
)
def test_another_number_street_phone_or_page_stays_a_change(
    runtime: Runtime, changed: Line
) -> None:
    applied(runtime, KNOWN)
    assert outcome(runtime, changed) == {"updated": 1}


@pytest.mark.slow
def test_a_list_that_names_more_of_an_address_than_its_spelling_changes_it(
    runtime: Runtime,
) -> None:
    applied(runtime, KNOWN)
    more = KNOWN | {"Adresse": "12 bd Victor-Hugo, bâtiment B"}
    assert outcome(runtime, more) == {"updated": 1}


@pytest.mark.slow
def test_a_doubtful_line_found_to_be_the_same_disagrees_of_no_spelling(runtime: Runtime) -> None:
    applied(runtime, KNOWN)
    asked = Read(runtime, (SPELLED | {"Nom": "Écoute 93"},), source="autre")
    asked.answer("Écoute 93", 1)
    assert asked.apply() == "applied"
    assert {each[0] for each in found(runtime)} == {"nom"}


NUMBER = {"FINESS": "930000484"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("Centre hospitalier de Bobigny", "CH de BOBIGNY"),
        ("ASE – Département (siège)", "Aide sociale à l'enfance, département"),
        ("Solidarité des rives (SODERI)", "SODERI – Solidarité des rives"),
        ("Les Pins – prévention spécialisée", "Club de prévention Les Pins"),
    ],
)
def test_a_name_that_matching_takes_for_the_same_is_asked_of_nobody(
    runtime: Runtime, known: str, said: str
) -> None:
    applied(runtime, line(known, ADDRESS, **NUMBER))
    other = Read(runtime, (line(said, ADDRESS, **NUMBER),), source="autre")
    assert other.counts.get("conflicting", 0) == 0
    assert other.apply() == "applied"
    assert record(runtime).name == known
    assert found(runtime) == set()


def test_a_name_that_says_something_else_is_asked(runtime: Runtime) -> None:
    applied(runtime, line("Centre hospitalier de Bobigny", ADDRESS, **NUMBER))
    other = line("Centre hospitalier de Bobigny – maternité", ADDRESS, **NUMBER)
    assert outcome(runtime, other, source="autre") == {"conflicting": 1}


@pytest.mark.slow
def test_a_list_of_which_two_lines_are_one_actor_does_not_disagree_with_itself(
    runtime: Runtime,
) -> None:
    same = {"Courriel": "accueil@relais.example"}
    one = line("Relais des Rives", ADDRESS, Téléphone="01 99 00 00 41", **same)
    two = line("Relais des rives – accueil", ADDRESS, Téléphone="01 99 00 00 42", **same)
    applied(runtime, one, two)
    with write(runtime.staff) as session:
        key = index_key(session, runtime.vault)
        first, second = session.scalars(select(ActorProtected.actor_id)).all()
        propose(session, runtime.vault, key, [perhaps_same(second, first, "noms proches")])
        (asked,) = session.scalars(select(Proposal.id).where(Proposal.about == "same"))
        join(session, runtime.vault, asked, who="essai")
    assert found(runtime) == set()
