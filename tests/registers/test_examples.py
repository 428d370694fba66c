"""The extracts of the demonstration: somebody everywhere, nobody true, and no shelter in sight."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Commune, Competence, RegisterState
from app.registers.examples import DAY, DIFFERENT, SOME, load_examples
from app.runtime.staff import Runtime
from app.search.gaps import differences, gaps
from app.search.situations import roles
from importers.registers.catalogue import registers as catalogue
from importers.registers.structures import OTHER


@pytest.mark.slow
def test_each_territory_has_somebody_and_each_commune_a_court_a_brigade_and_an_ase(
    runtime: Runtime,
) -> None:
    assert load_examples(runtime.staff, runtime.vault, runtime.settings) > 0
    with Session(runtime.staff) as session:
        territories = set(session.scalars(select(Commune.territory_code)))
        without = {gap.role.categories[0] for gap in gaps(session)}
        registers = set(session.scalars(select(Competence.register)))
        states = {each.code: each for each in session.scalars(select(RegisterState))}
        days = {code: state.day for code, state in states.items()}
        left_out = states["inclusion"].left_out
        different = [(gap.role.categories[0], gap.commune) for gap in differences(session)]
    with runtime.databases.public.connect() as connection:
        counts = connection.execute(
            text("SELECT territory_code, count(*) FROM actor GROUP BY territory_code")
        ).all()
        public = connection.execute(
            text("SELECT name, address, phones, register, territory_code, category FROM actor")
        ).all()
    assert {code for code, _ in counts} == territories
    known = {"ase", "justice", "police", "pjj", "cdlp"}
    assert known <= {role.categories[0] for role in roles()}
    assert not without & known
    assert registers == {"annuaire", "communes", "tribunaux", "forces"}
    assert days == dict.fromkeys(catalogue(), DAY)
    by_register = {
        code: {(each.territory_code, each.category) for each in public if each.register == code}
        for code in ("finess_activites", "inclusion", "ror")
    }
    # Where a gazetteer of a few communes has them.
    some = SOME & territories
    assert {"93", "974", "988"} <= some
    assert left_out == {OTHER: len(some)}
    assert by_register == {
        "finess_activites": {(code, "uaped") for code in some},
        "inclusion": {(code, each) for code in some for each in ("association", "mission_locale")},
        "ror": {(code, each) for code in some for each in ("maison_ados", "paej")},
    }
    assert different == [("justice", DIFFERENT)]
    assert not [each for each in public if "Quatre Vents" in each.name]
    assert all("(exemple)" in each.name.lower() for each in public if each.address)
