"""The place of one CDLP, empty before each test."""

from collections.abc import Iterator

import pytest

from app.models import Role
from tests.desk.bureau import Browser, Bureau
from tests.desk.committees.seats import emptied


@pytest.fixture(autouse=True)
def empty(bureau: Bureau) -> Iterator[None]:
    before = bureau.clock.at
    emptied(bureau)
    yield
    bureau.clock.at = before


@pytest.fixture
def convener(bureau: Bureau) -> Browser:
    return bureau.signed_in(Role.REFERENT_ETAT)
