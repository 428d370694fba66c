"""What the folder shares: a database that knows a phone and a mailbox of a person."""

import pytest

from app.runtime.staff import Runtime
from tests.operations.erasing import MAIL, PERSON, REFUSED
from tests.short_lists import CRIP, csv, run


@pytest.fixture
def known(runtime: Runtime) -> Runtime:
    """A phone and a mailbox of a person: public, in two versions, in a refused line, in history."""
    run(runtime, csv(CRIP, PERSON, REFUSED), name=f"liste {MAIL}.csv", source="liste")
    run(
        runtime,
        csv(CRIP, PERSON.replace("+33 (0)6.12", "06.12").replace("99 rue", "98 rue"), REFUSED),
    )
    return runtime
