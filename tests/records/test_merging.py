"""What a line writes to an actor that a person, another list or a consent has spoken of."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ActorProtected
from app.models.protected import Level
from app.records.acts import classify, unprotect
from app.records.record import ActorRecord
from app.records.sealed import open_record
from app.runtime.staff import Runtime
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


def test_a_list_that_is_silent_takes_no_word_of_another_one_away(runtime: Runtime) -> None:
    for category in ("MECS", "Association"):
        send(runtime, category, "01 99 00 00 10", source=f"première {category}")
        send(runtime, category, "", source=f"seconde {category}")
        assert lilas(runtime)[0].phones == ("+33199000010",)


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


def test_what_one_list_withholds_no_other_publishes_nor_itself_later(runtime: Runtime) -> None:
    send(runtime, "ASE", "01 99 00 00 10 (ne pas diffuser)")
    for source in ("liste", "autre"):
        send(runtime, "ASE", "01 99 00 00 10", source=source)
        assert lilas(runtime)[0].unpublished == ("+33199000010",)
