"""A desk with a home that a list hides, before anybody writes of it."""

from datetime import UTC, datetime

import pytest

from app.runtime.staff import Runtime
from tests.desk.bureau import Bureau
from tests.desk.resources.room import Room
from tests.short_lists import APART, SHELTER, csv, run


@pytest.fixture(scope="module")
def runtime(bureau: Bureau) -> Runtime:
    made = Runtime(bureau.settings, bureau.databases, bureau.vault, "", None)
    run(made, csv(SHELTER, APART))
    return made


@pytest.fixture
def room(bureau: Bureau, runtime: Runtime) -> Room:
    # The journal has its own clock.
    bureau.clock.at = datetime.now(UTC)
    return Room(bureau, runtime)
