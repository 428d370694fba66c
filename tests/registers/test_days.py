"""Days of editions: what is said again of another one, and those that no file says."""

import io
import json
from datetime import date

import pytest
from sqlalchemy import select

from app.gazetteer.load import read_gazetteer
from app.models import RegisterState
from app.platform.database.engines import Databases
from app.platform.database.sessions import read
from app.registers.competence_update import CompetenceUpdate
from app.registers.errors import TooMuchChanges
from app.runtime.staff import Runtime
from geo.gazetteer import Gazetteer
from geo.territories import Commune, Territory
from importers.registers.activities import Host
from importers.registers.catalogue import registers
from importers.registers.competence import Competences
from importers.registers.edition import Edition
from importers.registers.establishments import Establishments
from importers.registers.reading import read_competences, read_register
from tests.registers.test_updating import many, update

SAID = date(2026, 10, 6)
PUBLIC = "930000484"
HOST = Host("Hôpital", "93", "1 rue de l’Exemple", "93000", "Bobigny", "93008", None, None, "")
IN_93 = [Territory("93", "Seine-Saint-Denis", "departement", "1", "R")]
BOBIGNY = [Commune("93008", "Bobigny", "93", ("93000",), None, 2.45, 48.91)]
UNDATED = {
    "ror": "nom;commune;code postal;type\nMDA de Bobigny;Bobigny;93000;Maison des adolescents\n",
    "inclusion": json.dumps([{"id": "a", "nom": "MDA de Bobigny", "code_insee": "93008"}]),
    "finess_activites": json.dumps([{"numFinessEge": PUBLIC, "activites": ["M41"]}]),
    "annuaire": json.dumps([{"id": "a", "nom": "MDS", "pivot": []}]),
    "tribunaux": "Commune;TJ\n93008;TJ BOBIGNY\n",
    "forces": "Code commune;Institution\n93008;PN\n",
    "communes": json.dumps(
        [
            {
                "code_insee_commune": "93008",
                "type_service_local": [{"code_type_service_local": "tgi", "organisme": ["a"]}],
            }
        ]
    ),
}


def read_as(
    code: str, gazetteer: Gazetteer, name: str, day: date | None = None
) -> Edition | Competences:
    file = io.BytesIO(UNDATED[code].encode())
    if not registers()[code].mapping:
        return read_competences(code, file, name, gazetteer, day)
    return read_register(code, file, name, gazetteer, lambda numbers: {PUBLIC: HOST}, day)


def test_a_day_to_come_is_none(worker_databases: Databases) -> None:
    with read(worker_databases.staff) as session:
        found = Establishments(read_gazetteer(session.connection()), SAID)
    assert found.edition(SAID, ()).day_assumed is False
    to_come = found.edition(date(2099, 1, 1), ())
    assert (to_come.day, to_come.day_assumed) == (SAID, True)


def said_by(edition: Edition | Competences) -> object:
    return edition.lines if isinstance(edition, Edition) else edition.said


@pytest.mark.parametrize("code", UNDATED)
def test_a_day_that_nothing_says_is_assumed_and_said_to_be(code: str) -> None:
    gazetteer = Gazetteer(IN_93, BOBIGNY, [])
    assert read_as(code, gazetteer, "fichier").day_assumed
    named = read_as(code, gazetteer, f"fichier-{SAID}")
    given = read_as(code, gazetteer, "fichier", SAID)
    # Who gives a file knows better than its name.
    other = read_as(code, gazetteer, "fichier-2026-11-01", SAID)
    for each in (named, given, other):
        assert (each.day, each.day_assumed) == (SAID, False)
    assert said_by(given) == said_by(named) == said_by(other)


def test_what_is_in_force_says_whether_its_day_is_assumed(runtime: Runtime) -> None:
    assumed = Competences(SAID, {}, {}, day_assumed=True)
    for edition in (assumed, Competences(SAID, {}, {})):
        CompetenceUpdate(runtime.staff, runtime.vault, registers()["forces"], edition).apply()
        with read(runtime.staff) as session:
            (state,) = session.scalars(select(RegisterState).where(RegisterState.code == "forces"))
            assert state.day_assumed == edition.day_assumed


@pytest.mark.slow
def test_what_is_said_again_of_another_day_is_no_unusual_change(runtime: Runtime) -> None:
    update(runtime, *many(30))
    later = [each | {"mise à jour": "01/10/2026"} for each in many(30)]
    (part,) = update(runtime, *later, day=date(2026, 11, 6))
    assert part.summary
    assert (part.updated, part.summary.updated, part.summary.redated) == (0, 30, 30)
    moved = [each | {"téléphone": "01 99 00 77 77"} for each in later]
    with pytest.raises(TooMuchChanges):
        update(runtime, *moved, day=date(2026, 11, 6))
