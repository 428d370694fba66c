"""What coverage counts is what lists show, whoever covers a territory and whatever is hidden."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.models import Role
from app.platform.database.sessions import read
from app.search.ages import AGEING, AGES, NEUTRAL, OLD, RECENT, REGISTER, UNDATED, Age
from app.search.coverage import ALL, FRANCE, Cell, Coverage, read_coverage
from app.search.listed import is_listed
from app.search.reading import read_search
from app.search.results import find
from app.visibility import OPERATOR, PUBLIC, Viewer
from importers import vocabulary
from tests.makers import add_actor
from tests.world import NOW, World

TODAY = date(2026, 6, 10)
FUNCTIONS = tuple(vocabulary.load().functions)


@pytest.fixture(scope="module")
def reading(world: World) -> Iterator[Session]:
    """A session of the public login."""
    with read(world.databases.public) as session:
        yield session


@pytest.fixture(scope="module")
def found(reading: Session) -> Coverage:
    """What visitors read."""
    return read_coverage(reading, TODAY)


@pytest.mark.parametrize("function", [ALL, *FUNCTIONS])
@pytest.mark.parametrize("territory", ["93", "75", "59", "69M", "69", "48"])
def test_a_territory_and_france_together_are_what_its_list_shows(
    reading: Session, found: Coverage, territory: str, function: str
) -> None:
    search = read_search(reading, territory=territory, fonction=(function,) if function else ())
    listed = find(reading, search, NOW).total
    together = found.cell(territory, function).actors + found.cell(FRANCE, function).actors
    assert together == listed


def test_a_territory_is_listed_where_its_page_says_so(reading: Session, found: Coverage) -> None:
    for code in ("93", "75", "59", "48", "69M"):
        assert (code in found.listed) == reading.scalar(is_listed(code)), code


def by_age(cell: Cell) -> dict[str, int]:
    return {age.code: n for age, n in zip(AGES, cell.ages, strict=True) if n}


def counted(session: Session, viewer: Viewer = PUBLIC) -> Coverage:
    return read_coverage(session, TODAY, viewer)


@pytest.mark.parametrize(
    ("columns", "age"),
    [
        ({"verified_on": date(2026, 6, 10)}, RECENT),
        ({"verified_on": date(2025, 12, 11)}, RECENT),
        ({"verified_on": date(2025, 12, 10)}, AGEING),
        ({"verified_on": date(2025, 6, 11)}, AGEING),
        ({"verified_on": date(2025, 6, 10)}, OLD),
        ({}, UNDATED),
        ({"verified_on": date(2026, 6, 1), "register": "finess"}, REGISTER),
        ({"protected": True, "category": "heberger"}, NEUTRAL),
    ],
)
def test_an_actor_is_in_one_band(session: Session, columns: dict[str, object], age: Age) -> None:
    add_actor(session.connection(), territory_code="48", functions=["ecoute"], **columns)
    cell = counted(session).cell("48", "ecoute")
    assert by_age(cell) == {age.code: 1}
    assert cell.fresh == (age in (RECENT, AGEING))


def test_who_is_of_this_subject_is_counted_apart_as_well(session: Session) -> None:
    add_actor(session.connection(), territory_code="48", functions=["ecoute", "exploitation"])
    add_actor(session.connection(), territory_code="48", functions=["ecoute"])
    found = counted(session)
    assert (found.cell("48", "ecoute").actors, found.cell("48", "ecoute").special) == (2, 1)
    assert found.cell("48", "exploitation").special == 1
    assert found.cell("48").special == 1


@pytest.mark.parametrize("status", ["secret", "draft", "archived", "host"])
def test_who_is_not_public_changes_no_number_of_visitors(session: Session, status: str) -> None:
    before = counted(session)
    protected = status == "secret"
    add_actor(
        session.connection(), territory_code="48", functions=["hebergement"], status=status,
        protected=protected, **({} if protected else {"commune_code": "48095"}),
    )  # fmt: skip
    assert counted(session) == before


def test_a_curateur_reads_how_many_are_secret_and_a_referent_of_its_own(
    session: Session,
) -> None:
    add_actor(
        session.connection(),
        territory_code="48",
        functions=["hebergement"],
        status="secret",
        protected=True,
    )
    add_actor(
        session.connection(), territory_code="48", functions=["hebergement"], status="archived"
    )
    cell = counted(session, OPERATOR).cell("48", "hebergement")
    assert (cell.actors, cell.hidden) == (0, 1)
    for role, territory, hidden in (
        (Role.REFERENT_DEPARTEMENT, "48", 1),
        (Role.REFERENT_DEPARTEMENT, "93", 0),
        (Role.REFERENT_ETAT, "48", 0),
    ):
        cell = counted(session, Viewer.staff(role, [territory])).cell("48", "hebergement")
        assert (cell.actors, cell.hidden) == (0, hidden), (role, territory)
