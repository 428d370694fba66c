"""Resources that are for professionals alone: read under /pro by them, and by nobody else."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts import ending, people
from app.cataloguing import withdrawing
from app.models import ResourceRecord, Role
from app.platform.database.sessions import write
from app.resources.forms import Form
from tests.desk.bureau import Bureau
from tests.makers_resources import CURATEUR, READER, make_resource

PATH = "/pro/ressources"
# Said nowhere else.
TITLE, STEP = "Procédure sentinelle", "Étape sentinelle"


@pytest.fixture
def sheet(bureau: Bureau) -> str:
    return made(bureau, Form.SHEET, title=TITLE, steps=[{"text": STEP, "who": "L’ASE"}])


def made(bureau: Bureau, form: Form, **fields: Any) -> str:
    with write(bureau.databases.staff) as session:
        given = {"audience": "professionnel"} | fields
        return make_resource(session, bureau.vault, form, **given)


@pytest.mark.slow
def test_a_professional_lists_reads_and_takes_what_is_for_them(bureau: Bureau, sheet: str) -> None:
    made(bureau, Form.DOCUMENT, title="Document ouvert", audience="public")
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert f'href="{PATH}"' in browser.get("/pro").text
    listed = browser.get(PATH).text
    assert TITLE in listed
    assert "Document ouvert" not in listed
    assert TITLE in browser.get(f"{PATH}?q=sentinelle").text
    assert TITLE not in browser.get(f"{PATH}?q=introuvable").text
    (page,) = set(re.findall(rf'href="({PATH}/{sheet}/[^"]+)"', listed))
    shown = browser.get(page)
    assert STEP in shown.text
    assert browser.get(f"{PATH}/{sheet}/autre-nom").headers["location"] == page
    for file in (f"{PATH}.csv?q=sentinelle", f"{PATH}.ris", f"{PATH}/{sheet}/citation.ris"):
        answer = browser.get(file)
        assert TITLE in answer.text
        assert page in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"].startswith("attachment")
    assert shown.headers["cache-control"] == "no-store"


@pytest.mark.slow
def test_nobody_else_reads_any_of_it(bureau: Bureau, sheet: str) -> None:
    paths = (
        PATH,
        f"{PATH}.csv",
        f"{PATH}.ris",
        f"{PATH}/{sheet}/x",
        f"{PATH}/{sheet}/citation.ris",
    )
    with bureau.databases.public.connect() as connection:
        for view in ("resource", "resource_edition", "resource_withdrawn"):
            rows = connection.execute(text(f"SELECT v::text FROM {view} v")).scalars()
            assert "sentinelle" not in "\n".join(rows)
    gone = bureau.enrolled(Role.PROFESSIONNEL)
    disabled = bureau.signed_in_as(gone)
    assert TITLE in disabled.get(PATH).text
    with write(bureau.databases.staff) as session:
        ending.disable(session, people.get(session, gone.id), bureau.clock.at)
    before, expired = bureau.clock.at, bureau.enrolled(Role.PROFESSIONNEL)
    bureau.clock.pass_by(days=366)
    try:
        others = [bureau.browser(), disabled, bureau.signed_in_as(expired)]
        others += [bureau.signed_in(role) for role in Role if role is not Role.PROFESSIONNEL]
        for browser in others:
            for path in paths:
                answer = browser.get(path)
                assert answer.status_code in (303, 403), path
                assert "sentinelle" not in answer.text
    finally:
        bureau.clock.at = before


def test_what_is_withdrawn_is_gone_at_once(bureau: Bureau, sheet: str) -> None:
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    with write(bureau.databases.staff) as session:
        row = session.query(ResourceRecord).filter_by(public_id=sheet).one()
        given = (session, bureau.vault, CURATEUR, READER, row.id, bureau.clock.at)
        withdrawing.withdraw(*given)
    for path in (f"{PATH}/{sheet}/x", f"{PATH}/{sheet}/citation.ris", f"{PATH}/x/x"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert 'href="tel:119"' in answer.text
    assert sheet not in browser.get(PATH).text
