"""A professional joins the network by its charter, and leaves it."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from app.audit.journal import Author
from app.models import AuditEntry, NetworkMember, Role, Withdrawal
from app.models import network as models
from app.network import members
from app.network.charter import CHARTER_PROMISES
from app.network.held import held
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from app.visible import members as visible
from tests.desk.bureau import Browser, Bureau, Person

PAGE = "/pro/reseau/charte"
ACCEPTS: dict[str, Any] = {"charte": models.CHARTER_ON.isoformat(), "lu": "true"}
# The charter of each day that holds or held: another text takes another day.
TEXTS = {date(2026, 12, 1): "e219c965194456e8"}


@pytest.fixture
def person(bureau: Bureau) -> Person:
    return bureau.enrolled(Role.PROFESSIONNEL)


@pytest.fixture
def browser(bureau: Bureau, person: Person) -> Browser:
    return bureau.signed_in_as(person)


def is_member(bureau: Bureau, person: Person) -> bool:
    with read(bureau.databases.staff) as session:
        return members.is_member(session, person.id, bureau.clock.at)


def rows(bureau: Bureau, person: Person) -> list[NetworkMember]:
    with read(bureau.databases.staff) as session:
        own = NetworkMember.account_id == person.id
        return list(session.scalars(select(NetworkMember).where(own)))


def change(bureau: Bureau, person: Person, **values: Any) -> None:
    with write(bureau.databases.staff) as session:
        own = update(NetworkMember).where(NetworkMember.account_id == person.id)
        session.execute(own.values(**values))


def test_the_text_of_a_charter_is_that_of_its_day() -> None:
    assert TEXTS[models.CHARTER_ON] == sha256(repr(CHARTER_PROMISES).encode()).hexdigest()[:16]


def test_whoever_accepts_is_a_member_and_it_is_noted(
    bureau: Bureau, person: Person, browser: Browser
) -> None:
    assert "Rejoindre le réseau" in browser.get(PAGE).text
    assert not is_member(bureau, person)
    assert browser.post(PAGE, ACCEPTS).headers["location"] == f"{PAGE}?fait=accepte"
    assert is_member(bureau, person)
    assert "Quitter le réseau" in browser.get(PAGE).text
    with read(bureau.databases.staff) as session:
        noted = select(AuditEntry.action).order_by(AuditEntry.number.desc()).limit(1)
        assert session.scalar(noted) == "member_joined"
        assert held(session, bureau.vault, person.id, bureau.clock.at)["reseau"]["charte_du"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"lu": ""}, 422),
        ({"charte": "2026-11-30"}, 409),
        ({"charte": ""}, 409),
        ({"charte": "x"}, 409),
    ],
)
def test_a_charter_that_was_not_read_is_not_accepted(
    bureau: Bureau, person: Person, browser: Browser, sent: dict[str, str], status: int
) -> None:
    answer = browser.post(PAGE, {name: value for name, value in (ACCEPTS | sent).items() if value})
    assert answer.status_code == status
    assert rows(bureau, person) == []


def test_another_charter_is_accepted_anew(
    bureau: Bureau, person: Person, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post(PAGE, ACCEPTS)
    later = models.CHARTER_ON + timedelta(days=90)
    monkeypatch.setattr(visible, "CHARTER_ON", later)
    monkeypatch.setattr(members, "CHARTER_ON", later)
    assert not is_member(bureau, person)
    assert "La charte a changé" in browser.get(PAGE).text
    assert browser.post(PAGE, ACCEPTS | {"charte": later.isoformat()}).status_code == 303
    assert is_member(bureau, person)


def test_whoever_leaves_leaves_nothing_and_no_backup_brings_them_back(
    bureau: Bureau, person: Person, browser: Browser
) -> None:
    browser.post(PAGE, ACCEPTS)
    assert browser.post("/pro/reseau/quitter").status_code == 303
    assert not is_member(bureau, person)
    assert rows(bureau, person) == []
    with write(bureau.databases.staff) as session:
        noted = select(Withdrawal.subject).where(Withdrawal.what == "member")
        assert str(person.id) in session.scalars(noted).all()
    browser.post(PAGE, ACCEPTS)
    with write(bureau.databases.staff) as session:
        given = (session, bureau.vault, {str(person.id)}, "essai")
        assert revoked_again.members(*given) == 1
    assert not is_member(bureau, person)


def test_an_excluded_one_stays_so_whatever_they_do(
    bureau: Bureau, person: Person, browser: Browser
) -> None:
    browser.post(PAGE, ACCEPTS)
    with write(bureau.databases.staff) as session:
        given = (Author("os:essai"), person.id, bureau.clock.at)
        members.exclude(session, bureau.vault, *given)
    assert not is_member(bureau, person)
    with write(bureau.databases.staff) as session:
        noted = select(Withdrawal.subject).where(Withdrawal.what == "excluded")
        assert str(person.id) in session.scalars(noted).all()
        # A backup of before lets them in again, until the register is replayed.
        session.execute(update(NetworkMember).values(blocked_at=None))
        assert revoked_again.excluded(session, bureau.vault, {str(person.id)}, "essai") == 1
    browser.post("/pro/reseau/quitter")
    assert browser.post(PAGE, ACCEPTS).status_code == 403
    assert not is_member(bureau, person)
    assert "mis fin" in browser.get(PAGE).text


def test_a_member_whose_account_is_over_is_none(bureau: Bureau, person: Person) -> None:
    bureau.signed_in_as(person).post(PAGE, ACCEPTS)
    with read(bureau.databases.staff) as session:
        later = bureau.clock.at + timedelta(days=366)
        assert not members.is_member(session, person.id, later)


def test_it_is_for_professionals_alone(bureau: Bureau, curateur: Browser) -> None:
    assert bureau.browser().get(PAGE).status_code == 303
    assert curateur.get(PAGE).status_code == 403
    assert curateur.post(PAGE, ACCEPTS).status_code == 403


@pytest.fixture(autouse=True, scope="module")
def nobody(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(delete(NetworkMember))
