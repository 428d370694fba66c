"""Where a register names somebody else than a person did, the page of the desk says so."""

import html
import re

import pytest

from app.models import Role
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_competence import (
    COURT,
    PAGE,
    SAINT_DENIS,
    acting,
    registers,
    says,
    sent,
)

__all__ = ["registers", "sent"]
OTHERWISE = re.compile(r"<section><h2>Un registre dit autre chose.*?</section>", re.DOTALL)


@pytest.mark.slow
def test_a_register_that_says_otherwise_than_a_person_is_shown_as_long_as_it_does(
    desk: Desk, registers: None
) -> None:
    browser, path = desk.signed_in(Role.CURATEUR), f"{PAGE}?fonction={COURT}"
    assert not OTHERWISE.search(browser.get(path).text)
    says(browser, desk, "Tribunal A", fonction=COURT, commune=SAINT_DENIS)
    (found,) = OTHERWISE.findall(browser.get(path).text)
    words = html.unescape(" ".join(re.sub("<[^>]*>", " ", found).split()))
    assert "Saint-Denis Tribunal A (dit au bureau le " in words
    assert "mais Tribunal B (" in words
    assert acting(desk, SAINT_DENIS, COURT) == [("Tribunal A", False)]
    says(browser, desk, "Tribunal A", "retirer", fonction=COURT, commune=SAINT_DENIS)
    assert not OTHERWISE.search(browser.get(path).text)
    assert len(acting(desk, SAINT_DENIS, COURT)) == 2
