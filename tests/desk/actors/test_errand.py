"""What a form was opened for is remembered on every way that leads out of it and back."""

import html
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.models import Role
from app.platform.database.sessions import write
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import fields, send
from tests.desk.actors.test_reports import reported
from tests.desk.bureau import Browser

NAME, HIDDEN = "Association libre", "Foyer fictif"


@pytest.fixture(autouse=True)
def emptied(desk: Desk) -> Iterator[None]:
    """Nothing is left of the reports and of the drafts of a test."""
    yield
    with write(desk.databases.staff) as session:
        session.execute(text("DELETE FROM report"))
        session.execute(text("DELETE FROM desk_draft"))


@pytest.fixture
def curateur(desk: Desk) -> Browser:
    return desk.signed_in(Role.CURATEUR)


def test_a_draft_that_is_forgotten_leads_back_to_the_form_of_the_report(
    desk: Desk, curateur: Browser
) -> None:
    report = reported(desk, NAME, "other", "le site ne marche pas")
    path = f"/gestion/acteurs/{desk.ids()[NAME]}"
    form = f"{path}/modifier?signalement={report}"
    send(curateur, f"{path}/brouillon", fields(curateur.get(form)), {"description": "Un début."})
    (forget,) = re.findall(r'action="([^"]+/brouillon/oublier[^"]*)"', curateur.get(form).text)
    assert curateur.post(html.unescape(forget), {}).headers["location"] == form


@pytest.mark.parametrize("asked", ["situer", "apercu"])
def test_a_page_that_is_asked_for_again_leads_to_the_form_of_the_report(
    desk: Desk, curateur: Browser, asked: str
) -> None:
    report = reported(desk, NAME, "other", "le site ne marche pas")
    path = f"/gestion/acteurs/{desk.ids()[NAME]}"
    answer = curateur.get(f"{path}/{asked}?signalement={report}")
    assert answer.headers["location"] == f"{path}/modifier?signalement={report}"


@pytest.mark.slow
def test_an_opening_leads_to_the_form_of_the_report_that_it_was_done_for(
    desk: Desk, curateur: Browser
) -> None:
    report = reported(desk, HIDDEN, "other", "le numéro sonne occupé")
    path = f"/gestion/acteurs/{desk.ids()[HIDDEN]}"
    form = f"{path}/modifier?signalement={report}"
    to_open = curateur.get(form).headers["location"]
    page = curateur.get(to_open)
    assert "vous pourrez ensuite la corriger" in page.text
    (way,) = re.findall(r'name="suite" value="([^"]+)"', page.text)
    answer = curateur.post(f"{path}/ouvrir", {"suite": html.unescape(way)})
    assert answer.headers["location"] == form
    assert "le numéro sonne occupé" in html.unescape(curateur.get(form).text)
    # Its opening is over while somebody writes: they open it again, and write on.
    given = fields(curateur.get(form))
    before = desk.clock.at
    desk.clock.pass_by(minutes=16)
    try:
        aside = send(curateur, form, given, {"description": "Une phrase."}).headers["location"]
        assert aside == f"{path}?signalement={report}&fait=referme"
        assert f'value="{html.escape(form)}"' in curateur.get(aside).text
    finally:
        desk.clock.at = before
