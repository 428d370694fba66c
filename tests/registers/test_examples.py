"""The extracts of the demonstration: somebody everywhere, nobody true, and no shelter in sight."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Commune, Competence, RegisterState
from app.registers.examples import DAY, DIFFERENT, load_examples
from app.runtime.staff import Runtime
from app.search.gaps import differences, gaps
from app.search.situations import roles


@pytest.mark.slow
def test_each_territory_has_somebody_and_each_commune_a_court_a_brigade_and_an_ase(
    runtime: Runtime,
) -> None:
    assert load_examples(runtime.staff, runtime.vault, runtime.settings) > 0
    with Session(runtime.staff) as session:
        territories = set(session.scalars(select(Commune.territory_code)))
        without = {gap.role.categories[0] for gap in gaps(session)}
        registers = set(session.scalars(select(Competence.register)))
        days = set(session.scalars(select(RegisterState.day)))
        different = [(gap.role.categories[0], gap.commune) for gap in differences(session)]
    with runtime.databases.public.connect() as connection:
        counts = connection.execute(
            text("SELECT territory_code, count(*) FROM actor GROUP BY territory_code")
        ).all()
        public = connection.execute(text("SELECT name, address, phones FROM actor")).all()
    assert {code for code, _ in counts} == territories
    known = {"ase", "justice", "police", "pjj", "cdlp"}
    assert known <= {role.categories[0] for role in roles()}
    assert not without & known
    assert registers == {"annuaire", "communes", "tribunaux", "forces"}
    assert days == {DAY}
    assert different == [("justice", DIFFERENT)]
    assert not [each for each in public if "Quatre Vents" in each.name]
    assert all("(exemple)" in each.name.lower() for each in public if each.address)
