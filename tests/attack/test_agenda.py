"""Events in every state, in a world full of hidden places: what visitors may read of them."""

import pytest
from sqlalchemy import text

from tests.attack.conftest import Attacked
from tests.attack.places import MARKER, OPEN_MARKER

pytestmark = pytest.mark.slow


def test_no_row_that_visitors_read_holds_a_secret(attacked: Attacked) -> None:
    planted = attacked.dataset.events
    with attacked.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT e::text FROM agenda_event e")).scalars()
        found = "\n".join(rows)
    assert f"{OPEN_MARKER}public" in found
    assert f"{OPEN_MARKER}accueil" in found
    assert all(each in found for each in planted.shown)
    assert len(planted.hidden_ids) == 3
    assert not [each for each in planted.hidden_ids if each in found]
    assert not attacked.sentinels.in_text(found.encode())


def test_what_is_never_open_lies_nowhere_in_clear(attacked: Attacked) -> None:
    with attacked.databases.staff.connect() as connection:
        for table in ("agenda_record", "agenda_mark"):
            rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert not attacked.sentinels.in_bytes("\n".join(rows).encode()), table
        clear = "SELECT e::text FROM agenda_event e WHERE audience = 'public'"
        assert MARKER not in "\n".join(connection.execute(text(clear)).scalars())
