"""What registers say of communes: tied to actors of the directory, and compared."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.gazetteer.load import load
from app.models import Actor, RegisterState
from app.platform.database.sessions import read, write
from app.records.acts import protect
from app.registers.competence_update import Change, CompetenceUpdate
from app.registers.errors import CanaryWrong, OlderEdition, TooManyCommunes
from app.registers.updating import Update
from app.runtime.staff import Runtime
from app.search.gaps import differences, gaps
from importers.mapping import shipped
from importers.registers.catalogue import Canary, registers
from importers.registers.competence import Competences, Named
from importers.registers.edition import Edition

pytestmark = pytest.mark.slow

DAY = date(2026, 10, 6)
DIRECTORY = registers()["annuaire"]
BOBIGNY, MONTREUIL, PARIS = "93008", "93048", "75056"
COURT = {
    "identifiant": "tj-bobigny",
    "nom": "Tribunal judiciaire de Bobigny",
    "catégorie": "justice",
    "adresse": "1 rue de l’Exemple",
    "code postal": "93000",
    "commune": "Bobigny",
    "code commune": BOBIGNY,
    "communes couvertes": f"{BOBIGNY};{MONTREUIL}",
}
OTHER = COURT | {
    "identifiant": "tj-paris",
    "nom": "Tribunal judiciaire de Paris",
    "adresse": "2 rue de l’Exemple",
    "code postal": "75017",
    "commune": "Paris",
    "code commune": PARIS,
    "communes couvertes": PARIS,
    "territory": "75",
}
POLICE = COURT | {
    "identifiant": "csp-bobigny",
    "nom": "Commissariat de police de Bobigny",
    "catégorie": "police",
    "adresse": "3 rue de l’Exemple",
    "communes couvertes": BOBIGNY,
}
IN_BOBIGNY = Named("justice", name="TJ BOBIGNY")
IN_PARIS = Named("justice", name="TJ Paris")


def directory(runtime: Runtime, *entries: dict[str, str]) -> None:
    columns = shipped()[DIRECTORY.mapping].header
    lines: dict[str, list[tuple[str, ...]]] = {}
    for each in entries or (COURT, OTHER, POLICE):
        line = tuple(each.get(name, "") for name in columns)
        lines.setdefault(each.get("territory", "93"), []).append(line)
    edition = Edition(columns, DAY, lines, {})
    work = Update(runtime.staff, runtime.vault, runtime.settings, DIRECTORY, edition, "essai")
    work.apply(work.plan(), accepted=True)


def state(runtime: Runtime, code: str, said: dict[str, set[Named]], day: date = DAY) -> Change:
    edition = Competences(day, {key: frozenset(who) for key, who in said.items()}, {})
    work = CompetenceUpdate(runtime.staff, runtime.vault, registers()[code], edition)
    change = work.plan()
    work.check(change)
    work.apply()
    return change


def said(runtime: Runtime) -> dict[tuple[str, str], set[str | None]]:
    """What the public login reads: register and commune -> names, None for nobody known."""
    statement = (
        "SELECT c.register, c.commune_code, name FROM competence c"
        " LEFT JOIN actor a USING (public_id)"
    )
    found: dict[tuple[str, str], set[str | None]] = {}
    with runtime.databases.public.connect() as connection:
        for register, commune, name in connection.execute(text(statement)):
            found.setdefault((register, commune), set()).add(name)
    return found


def different(runtime: Runtime) -> list[tuple[str, str]]:
    with read(runtime.staff) as session:
        return [(each.role.categories[0], each.commune) for each in differences(session)]


def test_a_town_hall_places_a_commune_whose_point_nobody_knew(
    runtime: Runtime, prepared: Path
) -> None:
    farino, nowhere = "98806", "SELECT code FROM commune WHERE point IS NULL"
    columns = shipped()[DIRECTORY.mapping].header
    halls = {farino: (165.77, -21.67), BOBIGNY: (0.0, 0.0)}
    edition = Edition(columns, DAY, {}, {}, town_halls=halls)
    work = Update(runtime.staff, runtime.vault, runtime.settings, DIRECTORY, edition, "essai")
    work.apply(work.plan(), accepted=True)
    for _ in range(2):
        with write(runtime.staff) as session:
            assert farino not in session.scalars(text(nowhere)).all()
            at = text("SELECT round(ST_X(point)::numeric, 2) FROM commune WHERE code = :code")
            assert float(session.execute(at, {"code": farino}).scalar_one()) == 165.77
            assert float(session.execute(at, {"code": BOBIGNY}).scalar_one()) > 2
            # What is prepared has no point of it, and takes none away.
            load(session.connection(), prepared)


def test_the_directory_states_what_its_services_are_in_charge_of(runtime: Runtime) -> None:
    directory(runtime)
    assert said(runtime) == {
        ("annuaire", BOBIGNY): {COURT["nom"], POLICE["nom"]},
        ("annuaire", MONTREUIL): {COURT["nom"]},
        ("annuaire", PARIS): {OTHER["nom"]},
    }


def test_a_name_or_an_id_leads_to_the_actor_of_the_directory_in_whatever_order(
    runtime: Runtime,
) -> None:
    state(runtime, "tribunaux", {BOBIGNY: {IN_BOBIGNY}})
    state(runtime, "communes", {BOBIGNY: {Named("justice", identifier="tj-bobigny")}})
    assert said(runtime) == {("tribunaux", BOBIGNY): {None}, ("communes", BOBIGNY): {None}}
    directory(runtime)
    found = said(runtime)
    assert found["tribunaux", BOBIGNY] == found["communes", BOBIGNY] == {COURT["nom"]}
    assert different(runtime) == []


def test_registers_that_name_two_courts_differ_and_nobody_is_missing(runtime: Runtime) -> None:
    directory(runtime)
    state(runtime, "tribunaux", {BOBIGNY: {IN_BOBIGNY}, MONTREUIL: {IN_PARIS}})
    assert different(runtime) == [("justice", MONTREUIL)]
    with read(runtime.staff) as session:
        without = {gap.commune for gap in gaps(session, "93") if "justice" in gap.role.categories}
    assert not without & {BOBIGNY, MONTREUIL}


def test_a_court_that_no_sheet_has_makes_the_other_one_doubtful(runtime: Runtime) -> None:
    directory(runtime)
    change = state(runtime, "tribunaux", {BOBIGNY: {Named("justice", name="TJ de Nulle-Part")}})
    assert change.nameless == [BOBIGNY]
    assert different(runtime) == [("justice", BOBIGNY)]


def test_a_force_without_a_unit_agrees_with_each_of_its_own(runtime: Runtime) -> None:
    directory(runtime)
    state(runtime, "forces", {BOBIGNY: {Named("police")}})
    assert different(runtime) == []
    state(runtime, "forces", {BOBIGNY: {Named("gendarmerie")}})
    assert different(runtime) == [("police", BOBIGNY)]


def test_a_commune_that_only_a_ministry_knows_gets_its_court(runtime: Runtime) -> None:
    directory(runtime)
    state(runtime, "tribunaux", {"93001": {IN_BOBIGNY}})
    with read(runtime.staff) as session:
        without = {gap.commune for gap in gaps(session, "93") if "justice" in gap.role.categories}
    assert "93001" not in without
    assert "93005" in without


def test_no_word_of_a_file_is_stored_and_a_hidden_actor_is_nobody(runtime: Runtime) -> None:
    directory(runtime)
    planted = Named("police", name="Foyer des Sentinelles, 10 rue Cachée")
    state(runtime, "forces", {BOBIGNY: {planted}, MONTREUIL: {Named("police", name="Bobigny")}})
    with runtime.staff.connect() as connection:
        dump = str(connection.execute(text("SELECT * FROM competence")).all())
    assert "entinelle" not in dump
    assert said(runtime)["forces", MONTREUIL] == {POLICE["nom"]}
    with runtime.staff.begin() as connection:
        connection.execute(
            text("UPDATE actor SET status = 'archived' WHERE category = 'police'"),
        )
    assert said(runtime)["forces", MONTREUIL] == {None}


def test_who_is_competent_can_be_hidden_and_nothing_leads_to_who_it_was(runtime: Runtime) -> None:
    directory(runtime)
    state(runtime, "forces", {MONTREUIL: {Named("police", name="Bobigny")}})
    assert said(runtime)["forces", MONTREUIL] == {POLICE["nom"]}
    with write(runtime.staff) as session:
        name = Actor.name == POLICE["nom"]
        public_id = session.scalars(select(Actor.public_id).where(name)).one()
        protect(session, runtime.vault, public_id, who="essai", why="menaces")
    assert said(runtime)["forces", MONTREUIL] == {None}


def test_who_keeps_its_address_beside_a_home_is_nobody_of_a_commune(runtime: Runtime) -> None:
    home = POLICE | {"identifiant": "sv-bobigny", "nom": "Service exemple de Bobigny"}
    directory(runtime, COURT, POLICE, home | {"communes couvertes": ""})
    state(runtime, "forces", {MONTREUIL: {Named("police", name=POLICE["nom"])}})
    assert said(runtime)["forces", MONTREUIL] == {POLICE["nom"]}
    with write(runtime.staff) as session:
        name = Actor.name == home["nom"]
        public_id = session.scalars(select(Actor.public_id).where(name)).one()
        protect(session, runtime.vault, public_id, who="essai", why="menaces")
    competent = said(runtime)
    assert competent["forces", MONTREUIL] == competent["annuaire", BOBIGNY] - {COURT["nom"]}
    assert competent["forces", MONTREUIL] == {None}


def test_the_same_edition_twice_writes_nothing(runtime: Runtime) -> None:
    directory(runtime)
    state(runtime, "tribunaux", {BOBIGNY: {IN_BOBIGNY}, MONTREUIL: {IN_PARIS}})

    def rows() -> list[tuple[object, ...]]:
        with runtime.staff.connect() as connection:
            statement = text("SELECT xmin::text, commune_code FROM competence ORDER BY 1, 2")
            return [tuple(row) for row in connection.execute(statement)]

    before = rows()
    change = state(runtime, "tribunaux", {MONTREUIL: {IN_PARIS}, BOBIGNY: {IN_BOBIGNY}})
    assert (change.known, change.added, change.updated, change.missing) == (2, 0, 0, 0)
    directory(runtime)
    assert rows() == before


def test_what_an_edition_says_no_more_is_gone_and_the_state_counts_communes(
    runtime: Runtime,
) -> None:
    state(runtime, "tribunaux", {BOBIGNY: {IN_BOBIGNY}, MONTREUIL: {IN_PARIS}})
    state(runtime, "tribunaux", {BOBIGNY: {IN_PARIS}})
    assert list(said(runtime)) == [("tribunaux", BOBIGNY)]
    with Session(runtime.staff) as session:
        found = session.get_one(RegisterState, "tribunaux")
        assert (found.day, found.actors) == (DAY, 1)


def test_three_communes_tell_a_shifted_edition() -> None:
    expected = {"01187": "Bourg-en-Bresse", "13201": "Marseille", "33063": "Bordeaux"}
    for code in ("annuaire", "communes", "tribunaux"):
        assert {each.commune: each.name for each in registers()[code].canary} == expected


@pytest.mark.parametrize(
    ("code", "wrong", "right"),
    [
        ("tribunaux", Named("justice", name="TJ PARIS"), IN_BOBIGNY),
        (
            "communes",
            Named("justice", identifier="tj-paris"),
            Named("justice", identifier="tj-bobigny"),
        ),
    ],
)
def test_a_shifted_edition_is_a_question(
    runtime: Runtime, code: str, wrong: Named, right: Named
) -> None:
    directory(runtime)
    canary = Canary(commune=BOBIGNY, category="justice", name="Bobigny")
    register = registers()[code].model_copy(update={"canary": (canary,)})
    for who in (wrong, right):
        edition = Competences(DAY, {BOBIGNY: frozenset([who])}, {})
        work = CompetenceUpdate(runtime.staff, runtime.vault, register, edition)
        if who == right:
            work.check(work.plan())
            return
        with pytest.raises(CanaryWrong, match=r"Bobigny.*93008") as caught:
            work.check(work.plan())
        # What stands there may be anything, the name of a home as well.
        assert "paris" not in str(caught.value).casefold()


def test_an_older_edition_or_one_of_other_courts_is_a_question(runtime: Runtime) -> None:
    with read(runtime.staff) as session:
        codes = list(session.scalars(text("SELECT code FROM commune WHERE territory_code = '93'")))
    state(runtime, "tribunaux", {code: {IN_BOBIGNY} for code in codes})
    with pytest.raises(OlderEdition):
        state(runtime, "tribunaux", {codes[0]: {IN_BOBIGNY}}, date(2026, 9, 1))
    with pytest.raises(TooManyCommunes, match=str(len(codes))):
        state(runtime, "tribunaux", {code: {IN_PARIS} for code in codes})
    with pytest.raises(TooManyCommunes):
        state(runtime, "tribunaux", {code: {IN_BOBIGNY} for code in codes[:10]})
    assert len(said(runtime)) == len(codes)


def test_of_brigades_of_one_name_that_of_the_territory_is_taken(runtime: Runtime) -> None:
    brigade = COURT | {
        "identifiant": "bta-93",
        "nom": "Brigade de gendarmerie - Saint-Exemple",
        "catégorie": "gendarmerie",
        "adresse": "4 rue de l’Exemple",
    }
    elsewhere = OTHER | {
        "identifiant": "bta-75",
        "nom": "Brigade de gendarmerie - Saint-Exemple",
        "catégorie": "gendarmerie",
        "adresse": "5 rue de l’Exemple",
    }
    directory(runtime, brigade, elsewhere)
    unit = Named("gendarmerie", name="BTA ST EXEMPLE")
    state(runtime, "forces", {BOBIGNY: {unit}, PARIS: {unit}, "59350": {unit}})
    with runtime.databases.public.connect() as connection:
        statement = text(
            "SELECT c.commune_code, territory_code FROM competence c LEFT JOIN actor a"
            " USING (public_id) WHERE c.register = 'forces'"
        )
        found = {row.commune_code: row.territory_code for row in connection.execute(statement)}
    assert found == {BOBIGNY: "93", PARIS: "75", "59350": None}
