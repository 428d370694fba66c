"""A territory whose CDLP meets: two actors whom nobody verified, and a home."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import delete, text

from app.models import CdlpMeeting
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.desk.bureau import Bureau
from tests.short_lists import csv, ids, run

# Each test has others at other doors: whom one hides stays so.
OLD = "Association ancienne {0};Association;{1} rue Longue;93000;Bobigny;01 99 {2} 01;"
STEERS = "CRIP du conseil {0};CRIP;{1} rue Droite;93000;Bobigny;01 99 {2} 02;"
HOME = "Foyer de la réunion {0};MECS;{1} rue Cachée;93000;Bobigny;01 99 {2} 03;"
NUMBERS = count(10)


@pytest.fixture
def runtime(bureau: Bureau) -> Runtime:
    return Runtime(bureau.settings, bureau.databases, bureau.vault, "", None)


@pytest.fixture
def here(bureau: Bureau, runtime: Runtime) -> Iterator[dict[str, str]]:
    """Public ids by name of two actors whom nobody verified, and of a home; no meeting yet."""
    before = bureau.clock.at
    with write(bureau.databases.staff) as session:
        session.execute(delete(CdlpMeeting))
        session.execute(text("UPDATE actor SET status = 'archived'"))
    number = f"n{next(NUMBERS)}"
    said = (number, number[1:], f"{number[1:]} {number[1:]}")
    run(runtime, csv(*(each.format(*said) for each in (OLD, STEERS, HOME))), source=number)
    yield {name.replace(f" {number}", ""): each for name, each in ids(runtime).items()}
    bureau.clock.at = before
