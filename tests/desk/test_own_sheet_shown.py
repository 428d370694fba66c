"""What an actor answers is compared with what its page had shown, whatever happened meanwhile."""

import html
import re

import pytest
from sqlalchemy import select

from app.models import Report, Role
from app.platform.database.sessions import read, write
from app.records.acts import protect, unprotect
from app.reports.waiting import content_of
from geo.zones import paris_day
from tests.desk.actors.forms import correct
from tests.desk.bureau import Bureau
from tests.desk.test_own_sheet import another


def rights(bureau: Bureau) -> dict[str, str]:
    """What each report says would be right."""
    with read(bureau.databases.staff) as session:
        reports = session.scalars(select(Report)).all()
    return {each.wrong: content_of(bureau.vault, each)["right"] for each in reports}


def as_shown(page: str) -> dict[str, str]:
    """What a browser sends of the fields of a page that nobody touched."""
    areas = re.findall(r'<textarea id="\w+" name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S)
    hidden = re.findall(r'<input type="hidden" name="(lu_\w+)" value="([^"]*)"', page, re.S)
    return {name: html.unescape(text) for name, text in (*areas, *hidden)}


def test_of_who_was_shown_again_meanwhile_only_what_was_written_is_reported(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    public_id, link = another(bureau, 53)
    with write(bureau.databases.staff) as session:
        hidden = protect(session, bureau.vault, public_id, who="essai", why="essai").public_id
    visitor = bureau.browser()
    page = visitor.get(link).text
    assert "lu_" not in page
    with write(bureau.databases.staff) as session:
        consent = paris_day(bureau.clock.at)
        unprotect(session, bureau.vault, hidden, who="essai", consent=consent, why="essai")
    sent = as_shown(page) | {"reponse": "corriger", "autre": "Nous fermons en août"}
    assert "Merci" in visitor.post(link, sent).text
    assert rights(bureau) == {"other": "Nous fermons en août"}


def test_of_who_was_hidden_meanwhile_what_stayed_as_it_was_is_not_reported(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    public_id, link = another(bureau, 54)
    visitor = bureau.browser()
    sent = as_shown(visitor.get(link).text) | {
        "reponse": "corriger",
        "horaires": "lundi 9 h - 12 h",
    }
    assert "rue du Port" in sent["adresse"]
    with write(bureau.databases.staff) as session:
        protect(session, bureau.vault, public_id, who="essai", why="essai")
    # Nor does the page show again what it had shown.
    long = visitor.post(link, sent | {"autre": "x" * 1001})
    assert long.status_code == 422
    assert "rue du Port" not in long.text
    assert "Merci" in visitor.post(link, sent).text
    assert rights(bureau) == {"hours": "lundi 9 h - 12 h"}


@pytest.mark.slow
def test_what_the_desk_corrected_meanwhile_is_not_corrected_back(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    public_id, link = another(bureau, 55)
    visitor, curateur = bureau.browser(), bureau.signed_in(Role.CURATEUR)
    page = visitor.get(link).text
    correct(curateur, public_id, phones="01 99 00 02 56")
    sent = as_shown(page) | {"reponse": "corriger", "autre": "Nous fermons en août"}
    assert "Merci" in visitor.post(link, sent).text
    assert rights(bureau) == {"other": "Nous fermons en août"}
