"""A platform hands its programs one address of a database, and where to listen."""

import pytest
from pydantic import SecretStr

from app.runtime.addresses import read_settings

GIVEN = "postgres://somebody:secret@h/b"
OURS = "postgresql://ours:secret@h/b"


@pytest.fixture(autouse=True)
def _handed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", GIVEN)
    monkeypatch.setenv("MESURE23_ENV", "production")


def test_its_address_is_that_of_staff_or_of_public_pages() -> None:
    staff, public = read_settings(), read_settings(public=True)
    assert (staff.database_url, staff.public_database_url) == (SecretStr(GIVEN), None)
    assert (public.database_url, public.public_database_url) == (None, SecretStr(GIVEN))


def test_where_one_of_ours_is_set_it_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESURE23_PUBLIC_DATABASE_URL", OURS)
    assert read_settings().database_url is None
    assert read_settings(public=True).public_database_url == SecretStr(OURS)


def test_outside_of_production_it_is_another_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESURE23_ENV", "development")
    assert read_settings().database_url is None
