"""The day of a register's entry is shown beside that register's name, and nowhere else."""

from datetime import date

import pytest
from sqlalchemy import text

from app.runtime.staff import Runtime
from tests.registers.test_updating import HOME, HOSPITAL, update
from tests.short_lists import csv, run

SAID = date(2024, 10, 24)


def days(runtime: Runtime) -> dict[str, tuple[str | None, date | None]]:
    """Return name -> register and day, as a visitor may read them."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT name, register, verified_on FROM actor"))
        return {row.name: (row.register, row.verified_on) for row in rows}


def test_who_holds_an_address_back_is_not_found_in_the_register_by_its_day(
    runtime: Runtime,
) -> None:
    beside = {"n° FINESS": "930000500", "adresse": "10, rue cachee", "nom": "CMP"}
    update(runtime, HOME, HOSPITAL | beside, HOSPITAL)
    shown = days(runtime)
    assert shown["CMP"] == (None, None)
    assert shown["Hôpital d’exemple"] == ("finess", SAID)


@pytest.mark.slow
@pytest.mark.parametrize("list_first", [True, False])
def test_whom_a_list_names_without_a_day_was_verified_by_nobody(
    runtime: Runtime, list_first: bool
) -> None:
    data = csv("Hôpital d’exemple;Santé;1 rue de l’Exemple;93000;Bobigny;;")
    listed = b"FINESS;" + data.replace(b"\r\n", b"\r\n930000484;")
    for step in (1, 0) if list_first else (0, 1):
        if step:
            run(runtime, listed)
        else:
            update(runtime, HOSPITAL)
    assert days(runtime) == {"Hôpital d’exemple": (None, None)}
