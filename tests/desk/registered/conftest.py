"""The clock of events that visitors register for."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.models import AccessMail, AgendaRecord
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Bureau
from tests.makers_agenda import (
    WRITTEN,
)


@pytest.fixture
def runtime(bureau: Bureau) -> Iterator[Runtime]:
    before = bureau.clock.at
    bureau.clock.at = WRITTEN + timedelta(days=1)
    yield runtime_of(bureau)
    bureau.clock.at = before
    with write(bureau.databases.staff) as session:
        session.execute(delete(AgendaRecord))
        session.execute(delete(AccessMail))
