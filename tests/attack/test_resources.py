"""Resources in every state, in a world full of hidden places: what visitors may read of them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.models import Base, ResourceRecord
from app.models.privileges import PUBLIC_VIEWS
from app.runtime.staff import Runtime
from tests.attack.conftest import Attacked
from tests.attack.places import MARKER, OPEN_MARKER
from tests.attack.resources import COLLECTION, UNPUBLISHED

pytestmark = pytest.mark.slow

VIEWS = sorted((*(each for each in PUBLIC_VIEWS if each.startswith("resource")), "issuing_body"))
SEALED = sorted(
    each for each in Base.metadata.tables if each.startswith("resource") and each not in VIEWS
)


def rows_of(runtime: Runtime, view: str) -> str:
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text(f"SELECT v::text FROM {view} v")).scalars()
        return "\n".join(rows)


def test_resources_were_written_as_designed(attacked: Attacked) -> None:
    planted = attacked.dataset.resources
    assert len(planted.published) >= 7
    assert len(planted.withdrawn) == 2
    # Fifteen that were never open, one for professionals, one erased, one taken down.
    assert len(planted.hidden_ids) == 18
    with Session(attacked.runtime.staff) as session:
        for status, resource in planted.before.items():
            assert session.get_one(ResourceRecord, resource).status == status


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_holds_a_secret(attacked: Attacked, view: str) -> None:
    found = rows_of(attacked.runtime, view)
    assert not attacked.sentinels.in_text(found.encode())
    assert not [each for each in attacked.dataset.resources.hidden_ids if each in found]


def test_what_may_be_read_is_there(attacked: Attacked) -> None:
    found = "\n".join(rows_of(attacked.runtime, view) for view in VIEWS)
    for word in ("titre", "actuelle", "ouvert", "collection"):
        assert f"{OPEN_MARKER}{word}" in found
    assert COLLECTION in found
    assert UNPUBLISHED not in found


@pytest.mark.parametrize("table", [*SEALED, *(f"public.{each}" for each in VIEWS)])
def test_the_login_of_visitors_opens_no_table(attacked: Attacked, table: str) -> None:
    with (
        attacked.databases.public.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(text(f"SELECT * FROM {table}"))


def test_what_is_never_open_lies_nowhere_in_clear(attacked: Attacked) -> None:
    with attacked.databases.staff.connect() as connection:
        for table in SEALED:
            rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert not attacked.sentinels.in_bytes("\n".join(rows).encode()), table
        clear = "SELECT r::text FROM resource r WHERE audience = 'public'"
        assert MARKER not in "\n".join(connection.execute(text(clear)).scalars())
