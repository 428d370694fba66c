"""What anybody proposes is not taken by one key where visitors would then read less of anybody."""

import pytest
from sqlalchemy import func, select

from app.models import Actor, AuditEntry, Report, Role
from app.platform.database.sessions import read, write
from app.records import acts
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_reports import LINE, PAGE, decide, lines, reported
from tests.desk.actors.test_sheet import opened
from tests.desk.bureau import Browser

OF_THE_SHELTER, OF_AN_OPEN_ONE = "01 99 00 00 10", "01 99 00 00 99"


def line_of(browser: Browser, report: str) -> str:
    (line,) = (each for each in lines(browser) if f'id="s-{report}"' in each)
    return line


def public(desk: Desk) -> list[tuple[object, ...]]:
    """All that visitors read of actors that could be told by what disappears."""
    columns = (Actor.public_id, Actor.name, Actor.address, Actor.commune_code, Actor.phones)
    with read(desk.databases.staff) as session:
        return [tuple(each) for each in session.execute(select(*columns).order_by(Actor.id))]


def waits(desk: Desk, report: str) -> bool:
    with read(desk.databases.staff) as session:
        undecided = select(Report.id).where(Report.decided_at.is_(None))
        return report in {str(each) for each in session.scalars(undecided)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "right", "role", "said"),
    [
        ("ASE d'exemple", OF_THE_SHELTER, Role.CURATEUR, "masquerait"),
        ("ASE d'exemple", OF_THE_SHELTER, Role.REFERENT_DEPARTEMENT, "masquerait"),
        ("Association libre", OF_THE_SHELTER, Role.REFERENT_ETAT, "revoir"),
        ("Association voisine", OF_THE_SHELTER, Role.CURATEUR, "masquerait"),
        ("Foyer fictif", OF_AN_OPEN_ONE, Role.CURATEUR, "masquerait"),
    ],
    ids=["itself", "of a département", "of the State", "held already", "its neighbour"],
)
def test_a_number_that_would_hide_somebody_is_written_in_the_form_or_not_at_all(
    desk: Desk, name: str, right: str, role: Role, said: str
) -> None:
    report, before = reported(desk, name, "phone", right), public(desk)
    browser = desk.signed_in(role)
    if "is-protected" in line_of(browser, report):
        opened(desk, browser, name)
    assert decide(browser, report, "prendre", line_of(browser, report)) == (
        f"{PAGE}?fait={said}#s-{report}"
    )
    assert public(desk) == before
    assert waits(desk, report)
    # What the form would tell them is noted, as it is of the form.
    with read(desk.databases.staff) as session:
        tried = select(func.count()).select_from(AuditEntry).where(AuditEntry.subject == report)
        assert session.scalars(tried).one() == 1
    page = browser.get(f"{PAGE}?fait={said}&decide={report}").text
    # In the line that a browser is led to, and nowhere else; nothing is to be taken back.
    (line,) = (each for each in LINE.findall(page) if f'id="s-{report}"' in each)
    assert "ouvrez le formulaire de la fiche" in line
    assert page.count("ouvrez le formulaire de la fiche") == 1
    assert "/annuler" not in page


def test_the_number_that_a_neutral_place_shows_is_not_taken_away_by_one_key(desk: Desk) -> None:
    public_id, why = desk.ids()["Foyer fictif"], {"who": "essai", "why": "accueil"}
    with write(desk.databases.staff) as session:
        acts.show_phone(session, desk.vault, public_id, "+33199000010", **why)
    report, before = reported(desk, "Foyer fictif", "phone", "01 99 00 00 98"), public(desk)
    browser = desk.signed_in()
    opened(desk, browser, "Foyer fictif")
    said = decide(browser, report, "prendre", line_of(browser, report))
    assert "fait=masquerait" in said
    assert public(desk) == before
    with write(desk.databases.staff) as session:
        acts.hide_contact(session, desk.vault, public_id, "+33199000010", **why)
