"""A territory that registers alone know says so, whatever of them holds an address back."""

from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.runtime.staff import Runtime
from tests.meanwhile import until
from tests.registers.test_updating import HOME, HOSPITAL, many, public, update
from tests.serving import offline_settings, serving
from tests.short_lists import csv, run

NOTE = "Liste non reçue : acteurs de registres nationaux"
BESIDE_A_HOME = HOSPITAL | {"n° FINESS": "930000500", "adresse": "10, rue cachee", "nom": "CMP"}


# A page holds fifty actors: beyond them the database is asked.
@pytest.mark.slow
@pytest.mark.parametrize("others", [1, 60])
def test_who_holds_back_an_address_is_taken_for_no_list(
    runtime: Runtime, tmp_path: Path, others: int
) -> None:
    update(runtime, HOME, BESIDE_A_HOME, *many(others))
    assert ("CMP", None, ["+33199000001"], None) in public(runtime)
    app = create_app(offline_settings(tmp_path), runtime.databases)
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        assert NOTE in client.get("/departements/93").text
        run(runtime, csv("Une liste;Association;9 rue Autre;93000;Bobigny;;"))
        # A page may be a second old.
        until(lambda: NOTE not in client.get("/departements/93").text)
