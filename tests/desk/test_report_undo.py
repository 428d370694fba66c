"""A decision on a report is taken back within the hour, with what it wrote."""

import pytest
from sqlalchemy import select, text

from app.models import Actor, Report, Role
from app.models.report import Wrong
from app.platform.database.sessions import read, write
from app.reports.receiving import COLUMN, TABLE, report_of
from app.runtime.staff import Runtime
from tests.desk.bureau import Browser, Bureau
from tests.short_lists import APART, csv, run

HERE = "/gestion/signalements"
NAME, PHONE, OTHER = "Association libre", "+33199000099", "+33199000055"


@pytest.fixture
def curateur(bureau: Bureau) -> Browser:
    run(Runtime(bureau.settings, bureau.databases, bureau.vault, "", None), csv(APART))
    return bureau.signed_in(Role.CURATEUR)


def actor(bureau: Bureau) -> Actor:
    with read(bureau.databases.staff) as session:
        return session.scalars(select(Actor).where(Actor.name == NAME)).one()


def reported(bureau: Bureau, wrong: Wrong, right: str = "", mail: str = "") -> str:
    """The id of an error that waits, alone."""
    with write(bureau.databases.staff) as session:
        session.execute(text("DELETE FROM report"))
        of = session.get_one(Actor, actor(bureau).id)
        number = report_of(session, bureau.vault, of, wrong, right, bureau.clock.at)
        session.flush()
        content = {"actor": of.public_id, "right": right, "mail": mail}
        report = session.get_one(Report, number)
        report.content = bureau.vault.seal_json(TABLE, number, COLUMN, content)
    return str(number)


def decided(browser: Browser, bureau: Bureau, number: str, answer: str) -> str:
    with read(bureau.databases.staff) as session:
        last = text("SELECT max(number) FROM revision WHERE actor_id = :id")
        seen = session.scalars(last, {"id": actor(bureau).id}).one()
    said = browser.post(f"{HERE}/{number}", {"reponse": answer, "vu": str(seen)})
    return str(said.headers["location"])


def waits(bureau: Bureau) -> bool:
    with read(bureau.databases.staff) as session:
        return session.scalars(select(Report.decided_at)).one() is None


@pytest.mark.slow
def test_what_was_taken_leaves_the_sheet_again(bureau: Bureau, curateur: Browser) -> None:
    number = reported(bureau, "phone", "01 99 00 00 55")
    location = decided(curateur, bureau, number, "prendre")
    assert f"decide={number}" in location
    assert actor(bureau).phones == [OTHER]
    assert 'data-key="u"' in curateur.get(location).text
    undone = curateur.post(f"{HERE}/annuler", {"signalement": number})
    assert undone.headers["location"] == f"{HERE}?fait=annule#s-{number}"
    assert actor(bureau).phones == [PHONE]
    assert waits(bureau)


def test_what_was_closed_waits_again_and_not_for_somebody_else_nor_later(
    bureau: Bureau, curateur: Browser
) -> None:
    number = reported(bureau, "other", "un mot")
    decided(curateur, bureau, number, "refuser")
    given = {"signalement": number}
    assert bureau.signed_in(Role.CURATEUR).post(f"{HERE}/annuler", given).status_code == 409
    before = bureau.clock.at
    try:
        bureau.clock.pass_by(minutes=61)
        later = curateur.post(f"{HERE}/annuler", given)
        assert later.status_code in (401, 409)
    finally:
        bureau.clock.at = before
    assert not waits(bureau)


def test_it_is_offered_only_while_it_can_be(bureau: Bureau, curateur: Browser) -> None:
    location = decided(curateur, bureau, reported(bureau, "other", "un mot"), "refuser")
    offered, before = f'action="{HERE}/annuler"', bureau.clock.at
    assert offered in curateur.get(location).text
    assert offered not in bureau.signed_in(Role.CURATEUR).get(location).text
    try:
        for _ in range(3):
            # Who is signed in works on meanwhile.
            bureau.clock.pass_by(minutes=21)
            page = curateur.get(location)
        assert page.status_code == 200
        assert offered not in page.text
    finally:
        bureau.clock.at = before


def test_what_somebody_is_answered_about_stays_decided(bureau: Bureau, curateur: Browser) -> None:
    number = reported(bureau, "other", "un mot", "a@example.org")
    assert "decide=" not in decided(curateur, bureau, number, "refuser")
    assert curateur.post(f"{HERE}/annuler", {"signalement": number}).status_code == 409
    assert not waits(bureau)
