"""A plan of a register writes nothing, not even what it would need first."""

import pytest
from sqlalchemy import text

from app.commands.registers import prepare
from app.platform.database.sessions import write
from app.registers.errors import NoTerritories
from app.runtime.staff import Runtime


def test_a_plan_loads_no_territories(runtime: Runtime) -> None:
    prepare(runtime, only_plan=True)
    with write(runtime.staff) as session:
        session.execute(text("DELETE FROM former_commune"))
    with pytest.raises(NoTerritories, match="territories load"):
        prepare(runtime, only_plan=True)
    with runtime.staff.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM former_commune")) == 0
