"""A home that a list hides, an association that nothing does, and no event yet."""

import pytest
from sqlalchemy import delete

from app.models import AgendaRecord
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.short_lists import APART, SHELTER, csv, run


@pytest.fixture(scope="module")
def runtime(module_runtime: Runtime) -> Runtime:
    run(module_runtime, csv(SHELTER, APART))
    return module_runtime


@pytest.fixture(autouse=True)
def empty(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        session.execute(delete(AgendaRecord))
