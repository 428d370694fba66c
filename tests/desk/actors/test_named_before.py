"""Who is named in a former version is read there: that somebody reads it stands in the journal."""

import pytest

from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_named import journal, url
from tests.short_lists import csv, run

MAIL = "camille.exemple@example.org"
WAYS = ("historique", "comparer?de=1&a=2")


def _corrected(desk: Desk, name: str, mail: str = "", **changes: object) -> str:
    """Send an actor in a list and correct it; return the address of its sheet."""
    line = f"{name};ASE;4 rue Ouverte;93000;Bobigny;01 99 00 00 40;{mail}"
    run(desk.runtime, csv(line), name=f"{name}.csv")
    answer = correct(desk.signed_in(), desk.ids()[name], **changes)
    assert answer.status_code == 303, answer.text
    return url(desk, name)


def _noted(desk: Desk, address: str, shown: str) -> int:
    browser, before = desk.signed_in(), journal(desk, "persons_read")
    for _ in range(2):
        assert shown in browser.get(address).text
    return journal(desk, "persons_read") - before


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_who_is_still_named_is_noted_where_versions_are_read(desk: Desk, way: str) -> None:
    address = _corrected(desk, f"Service nommé, {way[:4]}", MAIL, acronym="SN")
    assert _noted(desk, f"{address}/{way}", "SN") == 1


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_who_is_named_no_longer_is_noted_where_versions_are_read(desk: Desk, way: str) -> None:
    address = _corrected(desk, f"Service quitté, {way[:4]}", MAIL, emails="", withheld="")
    assert _noted(desk, address, "Service quitté") == 0
    assert _noted(desk, f"{address}/{way}", MAIL) == 1


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_versions_that_name_nobody_are_not_noted(desk: Desk, way: str) -> None:
    address = _corrected(desk, f"Service sans nom, {way[:4]}", acronym="SSN")
    assert _noted(desk, f"{address}/{way}", "SSN") == 0
