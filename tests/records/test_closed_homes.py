"""A home that a list calls closed shows nothing of what it hid, and hides nobody new."""

import pytest
from sqlalchemy import text

from app.platform.database.sessions import read
from app.records.hidden import hidden
from app.records.proposals import waiting
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.short_lists import HEADER, NEIGHBOUR, SHELTER, csv, ids, run

LATER = "Nouvelle association;Association;10 rue Cachée;93000;Bobigny;01 99 00 00 41;"


def listed(*lines: str) -> bytes:
    return "\r\n".join((f"{HEADER};État", *lines)).encode("cp1252")


def neighbours(runtime: Runtime) -> dict[str, bool]:
    """True name of each held actor -> whether it is proposed."""
    with read(runtime.staff) as session:
        found = hidden(session, runtime.vault, OPERATOR)
        return {each.record.name: each.proposed for each in found if each.level == "held"}


def addresses(runtime: Runtime) -> dict[str, str | None]:
    with runtime.databases.public.connect() as connection:
        found = connection.execute(text("SELECT name, address FROM actor"))
        return {row.name: row.address for row in found}


@pytest.mark.slow
@pytest.mark.parametrize("source", ["liste", "une liste hostile"])
def test_a_list_that_closes_a_home_proposes_its_neighbours_and_shows_none(
    runtime: Runtime, source: str
) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR))
    assert neighbours(runtime) == {"Association voisine": False}
    run(runtime, listed(f"{SHELTER};fermé", f"{NEIGHBOUR};"), source=source)
    assert neighbours(runtime) == {"Association voisine": True}
    assert addresses(runtime) == {"Association voisine": None}
    # Nor does a list that says the neighbour anew, and otherwise.
    run(runtime, csv(NEIGHBOUR.replace("00 11", "00 12")), source=source)
    assert addresses(runtime) == {"Association voisine": None}


@pytest.mark.slow
def test_who_comes_to_the_address_of_a_closed_home_is_shown_and_held_once_it_opens(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR))
    run(runtime, listed(f"{SHELTER};fermé"), source="autre")
    run(runtime, csv(LATER), source="associations")
    assert addresses(runtime)["Nouvelle association"] == "10 rue Cachée\n93000 Bobigny"
    assert addresses(runtime)["Association voisine"] is None
    run(runtime, listed(f"{SHELTER.replace('00 10', '00 13')};ouvert"), source="autre")
    assert addresses(runtime)["Nouvelle association"] is None
    assert neighbours(runtime) == {"Association voisine": False, "Nouvelle association": False}


def test_nothing_is_asked_any_more_of_a_closed_actor(runtime: Runtime) -> None:
    head = f"{HEADER};État;Accord de publication"
    for state in ("", "fermé"):
        data = f"{head}\r\n{SHELTER};{state};12/03/2026"
        run(runtime, data.encode("cp1252"))
        with read(runtime.staff) as session:
            found = waiting(session, runtime.vault, OPERATOR)
        assert len(found) == (state == "")
    assert ids(runtime) == {}
