"""What a line writes to an actor that a person, another list or a consent has spoken of."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ActorProtected
from app.models.protected import Level
from app.records.acts import RANK_OF_STAFF, classify, unprotect
from app.records.choosing import settle
from app.records.edits import Edit, merge
from app.records.merging import Said, options
from app.records.record import ActorRecord, Origin
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from importers.row import ActorRow
from tests.makers import decide
from tests.short_lists import APART, NEIGHBOUR, SHELTER, csv, ids, run

TITLES = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Description"
LILAS = "Les Lilas;{};1 rue Haute;93000;Bobigny;{};{}"


def stored(runtime: Runtime) -> dict[str, tuple[ActorRecord, Level | None]]:
    """Return true name -> record and level."""
    with Session(runtime.staff) as session:
        found = {}
        for sealed in session.scalars(select(ActorProtected)):
            record = open_record(runtime.vault, sealed.actor_id, sealed.record)
            found[record.name] = record, sealed.level
        return found


def send(
    runtime: Runtime, category: str, phone: str = "", text: str = "", source: str = "liste"
) -> None:
    data = f"{TITLES}\r\n{LILAS.format(category, phone, text)}"
    run(runtime, data.encode("cp1252"), source=source)


def lilas(runtime: Runtime) -> tuple[ActorRecord, Level | None]:
    return stored(runtime)["Les Lilas"]


@pytest.mark.slow
def test_no_list_changes_a_category_that_a_person_gave(runtime: Runtime) -> None:
    send(runtime, "ASE")
    decide(runtime, classify, ids(runtime)["Les Lilas"], "paej", who="essai", why="vu")
    for source in ("liste", "autre"):
        send(runtime, "Association", source=source)
        assert lilas(runtime)[0].category == "paej"


def test_another_list_gives_the_category_that_the_first_did_not_know(runtime: Runtime) -> None:
    send(runtime, "inconnue")
    send(runtime, "ASE", source="autre")
    record, level = lilas(runtime)
    # A person publishes it, no list.
    assert (record.category, level) == ("ase", "unlisted")


@pytest.mark.slow
def test_a_list_that_is_silent_takes_no_word_of_another_one_away(runtime: Runtime) -> None:
    for category in ("MECS", "Association"):
        send(runtime, category, "01 99 00 00 10", source=f"première {category}")
        send(runtime, category, "", source=f"seconde {category}")
        assert lilas(runtime)[0].phones == ("+33199000010",)


@pytest.mark.slow
def test_a_dated_consent_answers_words_that_come_after_it(runtime: Runtime) -> None:
    send(runtime, "MECS", "01 99 00 00 10")
    (public_id,) = ids(runtime).values()
    consent = date(2026, 1, 5)
    decide(runtime, unprotect, public_id, who="essai", consent=consent, why="accord signé")
    send(runtime, "MECS", "01 99 00 00 10", "Hébergement de mineurs")
    assert lilas(runtime)[1] is None
    # A consent is for the place; it answers no demand for secrecy.
    send(runtime, "MECS", "01 99 00 00 10", "Adresse confidentielle")
    assert lilas(runtime)[1] == "neutral"


def test_a_home_that_a_person_published_holds_no_neighbour_that_comes_later(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER), source="foyers")
    (public_id,) = ids(runtime).values()
    consent = date(2026, 1, 5)
    decide(runtime, unprotect, public_id, who="essai", consent=consent, why="accord signé")
    run(runtime, csv(NEIGHBOUR, APART), source="autre")
    assert stored(runtime)["Association voisine"][1] is None


@pytest.mark.slow
def test_what_one_list_withholds_no_other_publishes_nor_itself_later(runtime: Runtime) -> None:
    send(runtime, "ASE", "01 99 00 00 10 (ne pas diffuser)")
    for source in ("liste", "autre"):
        send(runtime, "ASE", "01 99 00 00 10", source=source)
        assert lilas(runtime)[0].unpublished == ("+33199000010",)


def test_what_a_list_withholds_joins_what_a_person_withheld() -> None:
    day = date(2026, 3, 1)
    by_hand = Origin(source="staff", day=day, rank=RANK_OF_STAFF)
    own, other = "+33699000001", "+33699000002"
    record = ActorRecord(name="Les Lilas", category="ase", territory="93", unpublished=(own,))
    edit = Edit(uuid4(), record, {"unpublished": by_hand}, was_protected=False)
    row = ActorRow(
        line=2,
        name="Les Lilas",
        category="ase",
        territory="93",
        phones=(other,),
        unpublished=(other,),
    )
    merge(edit, row, Origin(source=uuid4(), day=day, rank=10), last_wins=False)
    assert edit.record.phones == (other,)
    assert edit.record.unpublished == (own, other)
    assert edit.provenance["unpublished"] == by_hand


def test_what_is_taken_of_a_list_stays_withheld_as_it_came() -> None:
    number, day = "+33699000002", date(2026, 3, 1)
    record = ActorRecord(name="Les Lilas", category="ase", territory="93", contacts=("A. Exemple",))
    edit = Edit(uuid4(), record, {}, was_protected=False)
    never_public = {"unpublished": [number], "contacts": ["B. Exemple"]}
    settle("phones", [number], never_public, edit, day)
    assert edit.record.phones == edit.record.unpublished == (number,)
    assert edit.record.contacts == ("A. Exemple", "B. Exemple")
    # A number that is not taken is hidden by it no more than before.
    settle("emails", ["a@example.org"], {"unpublished": ["+33199000010"]}, edit, day)
    assert edit.record.unpublished == (number,)


@pytest.mark.parametrize(
    ("first", "second", "better"),
    [
        ("CENTRE MEDICO SOCIAL", "Centre médico-social", "second"),
        ("Centre medico-social", "Centre médico-social", "second"),
        ("Centre médico-social", "CENTRE MEDICO SOCIAL", "first"),
        ("CENTRE MEDICO SOCIAL", "Centre de santé", "first"),
        ("Centre médico-social", "Centre médico-social.", "first"),
    ],
)
@pytest.mark.parametrize("later", [0, 1])
def test_of_two_that_are_as_sure_the_better_written_name_is_proposed(
    first: str, second: str, better: str, later: int
) -> None:
    def said(name: str, day: int) -> Said:
        record = ActorRecord(name=name, category="pmi", territory="93")
        return Said(record, {"name": Origin(source=uuid4(), day=date(2026, 1, day), rank=50)})

    (name,) = options(said(first, 1), said(second, 1 + later))
    assert name.better == ("second" if later else better)
