"""The closed place of a CDLP: what is written there lies nowhere in clear."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.attack.committees import SAID
from tests.attack.conftest import Attacked

pytestmark = pytest.mark.slow
TABLES = ("committee_member", "committee_agenda", "committee_decision")


@pytest.mark.parametrize("table", TABLES)
def test_what_is_written_there_is_sealed_and_no_public_login_asks_for_it(
    attacked: Attacked, table: str
) -> None:
    with attacked.databases.staff.connect() as connection:
        rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
    assert rows
    assert not [each for each in rows if SAID in each or SAID.encode().hex() in each]
    with (
        attacked.databases.public.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(text(f"SELECT 1 FROM public.{table}"))
