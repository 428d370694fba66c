"""Protecting and publishing are acts: what they change, and what they leave behind."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import ActorUnknown
from app.models import Actor, Revision
from app.platform.database.sessions import read
from app.records.accords import ConsentMissing, ConsentToCome, ConsentTooOld
from app.records.acts import (
    AlreadyPublic,
    CategoryUnknown,
    PhoneUnknown,
    protect,
    show_phone,
    unprotect,
)
from app.records.hidden import hidden
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.makers import decide
from tests.short_lists import APART, HEADER, NEIGHBOUR, SAME_PHONE, SHELTER, csv, ids, run

CONSENT = date(2026, 11, 2)
NUMBER = ["+33199000010"]
NEUTRAL = "Service d'accompagnement – Seine-Saint-Denis"
HOME = "Lieu d'accueil – Seine-Saint-Denis"


def phones(runtime: Runtime) -> dict[str, list[str]]:
    """Public name -> phones, as a visitor may read them."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT name, phones FROM actor"))
        return {row.name: row.phones for row in rows}


def address(runtime: Runtime) -> str | None:
    """Return the address of the only actor, as a visitor may read it."""
    with runtime.databases.public.connect() as connection:
        found: str | None = connection.execute(text("SELECT address FROM actor")).scalar_one()
    return found


def test_protecting_gives_a_neutral_record_and_a_new_address(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    before = ids(runtime)["Association libre"]
    outcome = decide(runtime, protect, before, who="essai", why="menaces")
    after = ids(runtime)
    assert after == {NEUTRAL: outcome.public_id}
    assert outcome.public_id != before


def test_protecting_hides_those_that_share_a_phone(runtime: Runtime) -> None:
    run(runtime, csv(SAME_PHONE, APART.replace("00 99", "00 10")))
    outcome = decide(runtime, protect, ids(runtime)["Association amie"], who="essai", why="menaces")
    assert outcome.beside == 1
    assert set(ids(runtime)) == {NEUTRAL, "Association libre"}
    assert phones(runtime)["Association libre"] == []


def test_protecting_again_what_was_published_meanwhile_hides_it_again(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    public_id = ids(runtime)["Association libre"]
    for _ in range(2):
        hid = decide(runtime, protect, public_id, who="essai", why="menaces")
        assert set(ids(runtime)) == {NEUTRAL}
        shown = decide(
            runtime, unprotect, hid.public_id, who="e", consent=paris_day(), why="accord"
        )
        public_id = shown.public_id
        assert set(ids(runtime)) == {"Association libre"}


def test_a_secret_actor_has_no_public_record_at_all(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    decide(
        runtime, protect, ids(runtime)["Association libre"], who="essai", why="menaces", secret=True
    )
    assert ids(runtime) == {}
    run(runtime, csv(APART.replace("00 99", "00 98")))
    assert ids(runtime) == {}


def test_no_list_undoes_a_decision(runtime: Runtime) -> None:
    header = "accord de publication"
    run(runtime, csv(APART))
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="menaces")
    data = csv(APART).decode("cp1252").replace("Courriel", f"Courriel;{header}") + ";01/02/2026"
    run(runtime, data.encode("cp1252"))
    assert set(ids(runtime)) == {NEUTRAL}


def test_publishing_takes_a_dated_consent_and_gives_a_new_address(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (before,) = ids(runtime).values()
    outcome = decide(runtime, unprotect, before, who="essai", consent=CONSENT, why="accord écrit")
    assert ids(runtime) == {"Foyer fictif": outcome.public_id}
    assert outcome.public_id != before
    with Session(runtime.staff) as session:
        revision = session.scalars(select(Revision).where(Revision.action == "unprotect")).one()
    why = runtime.vault.open_json("revision", revision.id, "why", revision.why)
    assert why == {"staff": "accord écrit", "consent_on": "2026-11-02"}


@pytest.mark.slow
def test_publishing_survives_the_next_list(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (before,) = ids(runtime).values()
    decide(runtime, unprotect, before, who="essai", consent=CONSENT, why="accord écrit")
    run(runtime, csv(SHELTER.replace("foyer@", "accueil@")))
    assert set(ids(runtime)) == {"Foyer fictif"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("former", "new"), [("10 rue Cachée", "99 rue Nouvelle"), ("00 00 10", "00 00 39")]
)
def test_a_consent_is_for_the_place_that_was_seen(runtime: Runtime, former: str, new: str) -> None:
    numbered = (
        csv(SHELTER).replace(b"Nom;", b"R\xe9f;Nom;").replace(b"Foyer fictif", b"C1;Foyer fictif")
    )
    run(runtime, numbered)
    (before,) = ids(runtime).values()
    decide(runtime, unprotect, before, who="essai", consent=CONSENT, why="accord écrit")
    assert set(ids(runtime)) == {"Foyer fictif"}
    run(runtime, numbered.replace(former.encode("cp1252"), new.encode("cp1252")))
    assert set(ids(runtime)) == {HOME}


@pytest.mark.slow
@pytest.mark.parametrize("said", ["", "ne pas diffuser l'adresse"])
def test_who_was_hidden_by_a_person_or_a_demand_is_hidden_again_elsewhere(
    runtime: Runtime, said: str
) -> None:
    head = "Réf;Nom;Catégorie;Adresse;Code postal;Commune;Observations"
    line = f"A1;Association libre;Association;{{}};93000;Bobigny;{said}"
    run(runtime, f"{head}\r\n{line.format('3 rue Montrée')}".encode())
    (public_id,) = ids(runtime).values()
    if not said:
        public_id = decide(runtime, protect, public_id, who="e", why="menaces").public_id
    decide(runtime, unprotect, public_id, who="essai", consent=paris_day(), why="accord")
    assert address(runtime) == "3 rue Montrée\n93000 Bobigny"
    run(runtime, f"{head}\r\n{line.format('9 rue Nouvelle')}".encode())
    assert address(runtime) is None
    assert set(ids(runtime)) == {NEUTRAL}


def test_an_office_that_a_list_moves_is_held_again(runtime: Runtime) -> None:
    head = "Réf;Nom;Catégorie;Adresse;Code postal;Commune;Missions"
    line = "A1;Association;Association;{};93000;Bobigny;écoute, hébergement"
    run(runtime, f"{head}\r\n{line.format('1 rue A')}".encode())
    (public_id,) = ids(runtime).values()
    decide(runtime, unprotect, public_id, who="essai", consent=None, why="un bureau")
    assert address(runtime) == "1 rue A\n93000 Bobigny"
    run(runtime, f"{head}\r\n{line.format('2 rue B')}".encode())
    assert address(runtime) is None


@pytest.mark.slow
def test_a_consent_that_was_taken_back_is_needed_again(runtime: Runtime) -> None:
    head = "Réf;Nom;Catégorie;Adresse;Code postal;Commune"
    line = "A1;Les Lilas;{};10 rue Cachée;93000;Bobigny"
    run(runtime, f"{head}\r\n{line.format('MECS')}".encode())
    (public_id,) = ids(runtime).values()
    shown = decide(runtime, unprotect, public_id, who="essai", consent=CONSENT, why="accord")
    hid = decide(runtime, protect, shown.public_id, who="essai", why="menaces")
    run(runtime, f"{head}\r\n{line.format('Association')}".encode())
    with pytest.raises(ConsentMissing):
        decide(runtime, unprotect, hid.public_id, who="essai", consent=None, why="association")


def test_a_draft_is_published_by_a_person(runtime: Runtime) -> None:
    run(runtime, csv(APART), draft=True)
    with read(runtime.staff) as session:
        (found,) = hidden(session, runtime.vault, OPERATOR)
    assert (found.record.name, found.level, len(found.sentences())) == (
        "Association libre",
        None,
        1,
    )
    decide(runtime, unprotect, found.public_id, who="essai", consent=None, why="confirmé")
    assert set(ids(runtime)) == {"Association libre"}
    run(runtime, csv(APART.replace("00 99", "00 98")), draft=True)
    assert set(ids(runtime)) == {"Association libre"}


def test_a_consent_has_been_given(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (public_id,) = ids(runtime).values()
    with pytest.raises(ConsentToCome):
        decide(runtime, unprotect, public_id, who="e", consent=date(2099, 1, 1), why="un jour")


def test_publishing_a_neighbour_does_not_publish_the_shelter(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR, SHELTER))
    with Session(runtime.staff) as session:
        neighbour = select(Actor.public_id).where(Actor.name == "Association voisine")
        public_id = session.scalars(neighbour).one()
    decide(runtime, unprotect, public_id, who="essai", consent=CONSENT, why="accord écrit")
    assert set(ids(runtime)) == {
        "Association voisine",
        HOME,
    }


def test_only_what_houses_nobody_is_published_without_consent(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR, SHELTER))
    with Session(runtime.staff) as session:
        found = dict(session.execute(select(Actor.category, Actor.public_id)).all())
    decide(runtime, unprotect, found["association"], who="essai", consent=None, why="autre entrée")
    assert "Association voisine" in ids(runtime)
    with pytest.raises(ConsentMissing):
        decide(runtime, unprotect, found["heberger"], who="essai", consent=None, why="sans accord")


@pytest.mark.slow
@pytest.mark.parametrize("line", [APART, f"{APART};Adresse à ne pas diffuser"])
def test_a_decision_or_a_demand_is_lifted_by_an_accord_alone(runtime: Runtime, line: str) -> None:
    head = f"{HEADER};Description" if line != APART else HEADER
    run(runtime, f"{head}\r\n{line}".encode("cp1252"))
    (public_id,) = ids(runtime).values()
    if line == APART:
        public_id = decide(runtime, protect, public_id, who="e", why="menaces").public_id
    assert "Association libre" not in ids(runtime)
    with pytest.raises(ConsentMissing):
        decide(runtime, unprotect, public_id, who="e", consent=None, why="plus rien")
    day_before = paris_day() - timedelta(days=1)
    with pytest.raises(ConsentTooOld) as refused:
        decide(runtime, unprotect, public_id, who="e", consent=day_before, why="accord d’avant")
    asked = "la décision de le protéger" if line == APART else "la demande de ne pas le publier"
    assert f"Un accord du {day_before:%d/%m/%Y} ne répond pas à {asked}" in str(refused.value)
    assert f"qui est du {paris_day():%d/%m/%Y}" in str(refused.value)
    decide(runtime, unprotect, public_id, who="e", consent=paris_day(), why="accord écrit")
    assert set(ids(runtime)) == {"Association libre"}


def test_no_list_that_changes_a_category_makes_consent_needless(runtime: Runtime) -> None:
    head = "Réf;Nom;Catégorie;Adresse;Code postal;Commune"
    for category in ("MECS", "Association"):
        line = f"A1;Foyer fictif;{category};10 rue Cachée;93000;Bobigny"
        run(runtime, f"{head}\r\n{line}".encode())
    (public_id,) = ids(runtime).values()
    with pytest.raises(ConsentMissing):
        decide(runtime, unprotect, public_id, who="essai", consent=None, why="une association")


def test_one_number_of_a_protected_place_is_published_by_a_person(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (before,) = ids(runtime).values()
    outcome = decide(runtime, show_phone, before, "01 99 00 00 10", who="essai", why="accord oral")
    assert outcome.public_id == before
    assert phones(runtime) == {HOME: NUMBER}
    run(runtime, csv(SHELTER.replace("foyer@", "accueil@")))
    assert list(phones(runtime).values()) == [NUMBER]
    decide(runtime, protect, before, who="essai", why="menaces")
    assert list(phones(runtime).values()) == [[]]


def test_a_number_that_its_list_gives_no_more_is_not_shown_any_longer(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (before,) = ids(runtime).values()
    decide(runtime, show_phone, before, "01 99 00 00 10", who="essai", why="accord oral")
    run(runtime, csv(SHELTER.replace("00 10;", "00 12;")))
    assert list(phones(runtime).values()) == [[]]


def test_only_a_number_of_a_protected_actor_is_published_alone(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART))
    found = ids(runtime)
    public = found.pop("Association libre")
    with pytest.raises(AlreadyPublic):
        decide(runtime, show_phone, public, "01 99 00 00 99", who="essai", why="accord")
    (shelter,) = found.values()
    with pytest.raises(PhoneUnknown):
        decide(runtime, show_phone, shelter, "01 99 00 00 99", who="essai", why="accord")


def test_acts_on_nobody_or_for_nothing_are_refused(runtime: Runtime) -> None:
    run(runtime, csv(APART, "Lieu d'exemple;inconnue;3 rue X;93000;Bobigny;;"))
    with pytest.raises(ActorUnknown):
        decide(runtime, protect, "0000000000000000", who="essai", why="menaces")
    public = ids(runtime)["Association libre"]
    with pytest.raises(AlreadyPublic):
        decide(runtime, unprotect, public, who="essai", consent=CONSENT, why="accord")
    with Session(runtime.staff) as session:
        unknown = session.scalars(select(Actor.public_id).where(Actor.status == "draft")).one()
    with pytest.raises(CategoryUnknown):
        decide(runtime, unprotect, unknown, who="essai", consent=CONSENT, why="accord")


def test_protecting_names_the_registers_that_may_still_show_the_address(runtime: Runtime) -> None:
    data = "Nom;Catégorie;Adresse;Code postal;Commune;FINESS;SIRET\r\n"
    data += (
        "Association libre;Association;99 rue Autre;93300;Aubervilliers;930000012;26010004500012"
    )
    run(runtime, data.encode("cp1252"))
    outcome = decide(
        runtime, protect, ids(runtime)["Association libre"], who="essai", why="menaces"
    )
    assert outcome.registers == ("FINESS", "SIRENE")
