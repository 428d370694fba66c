"""One sealed value that does not open costs nobody the list that it stands in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts import confirming, leavers, people, requests
from app.accounts.deciders import Decider
from app.audit import reading
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.models import (
    AccessRequest,
    Account,
    ActorProtected,
    AuditEntry,
    MemberReport,
    NetworkMember,
    OperatorCode,
    Report,
    Role,
)
from app.network import reporting, watching
from app.platform.database.sessions import read, write
from app.vault.lenient import LABEL
from app.vault.sealing import KeyMissing, Vault, new_key, parse_keys
from tests.desk.access_asked import PAGE, count, forget_all
from tests.desk.asked import runtime
from tests.desk.bureau import Bureau, Person
from tests.desk.home import Home
from tests.desk.test_account_data import CHIEF, asked_by
from tests.makers_agenda import by_a_lost_key, written_otherwise
from tests.networked import joins, says

Damage = Callable[[bytes], bytes]
ACCOUNTS, JOURNAL = "/gestion/comptes", "/gestion/journal"
UNREAD_LINE = "sealed value not read"
DAMAGES = pytest.mark.parametrize("damage", [written_otherwise, by_a_lost_key])
WHY = "Appelé au standard."


@contextmanager
def damaged(
    bureau: Bureau, model: type[Any], row: UUID, column: str, damage: Damage = written_otherwise
) -> Iterator[None]:
    """Have a value not open for a while."""

    def put(change: Damage) -> bytes:
        with write(bureau.databases.staff) as session:
            found = session.get_one(model, row)
            former: bytes = getattr(found, column)
            setattr(found, column, change(former))
        return former

    former = put(damage)
    try:
        yield
    finally:
        put(lambda _: former)


def approved(bureau: Bureau) -> Person:
    """A professional of whom all is said that a list shows."""
    person = bureau.enrolled(Role.PROFESSIONNEL)
    with write(bureau.databases.staff) as session:
        account = session.get_one(Account, person.id)
        confirming.give_chief(bureau.vault, account, CHIEF)
        account.reason = bureau.vault.seal("account", person.id, "reason", WHY.encode())
    return person


def read_page(bureau: Bureau, role: Role, path: str) -> str:
    page = bureau.signed_in(role).get(path)
    assert page.status_code == 200
    return page.text


@DAMAGES
@pytest.mark.parametrize("column", ["person", "chief", "reason"])
def test_the_list_of_accounts_says_in_its_place_what_does_not_open(
    bureau: Bureau, capsys: pytest.CaptureFixture[str], column: str, damage: Damage
) -> None:
    person, other = approved(bureau), approved(bureau)
    capsys.readouterr()
    with damaged(bureau, Account, person.id, column, damage):
        text = read_page(bureau, Role.ADMINISTRATEUR, ACCOUNTS)
    assert LABEL in text
    assert other.mail in text
    assert (person.mail in text) is (column != "person")
    # No form sends it back as if somebody had written it.
    assert f'value="{LABEL}"' not in text
    said = capsys.readouterr().out
    assert said.count(UNREAD_LINE) == 1
    assert str(person.id) in said


@DAMAGES
def test_whose_account_does_not_open_is_no_leaver_and_other_lists_are_shown(
    bureau: Bureau, damage: Damage
) -> None:
    person, other = approved(bureau), approved(bureau)
    curateur = bureau.enrolled(Role.CURATEUR)
    with damaged(bureau, Account, person.id, "person", damage):
        read_page(bureau, Role.ADMINISTRATEUR, f"{ACCOUNTS}/partis")
        with read(bureau.databases.staff) as session:
            known = leavers.organisations(session, bureau.vault)
            every = {each.key for each in known} | {person.id}
            found = leavers.compare(session, bureau.vault, every, other.mail)
    assert LABEL not in {each.name for each in known}
    assert person.id not in {each.id for each in found.leavers}
    with damaged(bureau, Account, curateur.id, "person", damage):
        assert LABEL in read_page(bureau, Role.CURATEUR, "/gestion/territoires")
        with read(bureau.databases.staff) as session:
            who = str(curateur.id)
            assert people.names_of(session, bureau.vault, [who]) == {who: LABEL}


@DAMAGES
def test_the_journal_says_in_its_place_what_does_not_open(bureau: Bureau, damage: Damage) -> None:
    person = approved(bureau)
    by, subject = Author(str(person.id), Role.CURATEUR), str(uuid4())
    with write(bureau.databases.staff) as session:
        add(session, bureau.vault, by, Action.SHOWN, subject, {"why": WHY})
        session.flush()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == subject)).one()
        # Nobody may change an entry: one more, as of another database.
        number = session.scalars(select(func.max(AuditEntry.number))).one() + 1
        names = ("at", "who", "role", "action", "subject", "mac", "link")
        given = {name: getattr(entry, name) for name in names} | {"detail": damage(entry.detail)}
        session.add(AuditEntry(id=uuid4(), number=number, **given))
    with damaged(bureau, Account, person.id, "person", damage):
        text = read_page(bureau, Role.ADMINISTRATEUR, f"{JOURNAL}?objet={subject}")
        assert LABEL in read_page(bureau, Role.ADMINISTRATEUR, JOURNAL)
    assert WHY in text
    rows = text.split("<tbody>")[1].split("</tbody>")[0]
    # Who did both, and what one of them was.
    assert rows.count(LABEL) == 3


def test_where_the_record_of_somebody_hidden_does_not_open_the_journal_withholds_what_may_name_them(
    bureau: Bureau, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = ("made_at", "shown_at", "link_ends_at", "asked_at")
    code = {"id": uuid4(), "label": b"", "made_by": "essai", "digest": uuid4().bytes}
    subject = str(uuid4())
    with write(bureau.databases.staff) as session:
        session.add(
            OperatorCode(actor_id=home.id, **code, **dict.fromkeys(moments, bureau.clock.at))
        )
        for why in ("Appelé au 01 99 00 00 10.", WHY):
            add(session, bureau.vault, Author("os:test"), Action.SHOWN, subject, {"why": why})
    capsys.readouterr()
    with damaged(bureau, ActorProtected, home.id, "record"):
        text = read_page(bureau, Role.ADMINISTRATEUR, f"{JOURNAL}?objet={subject}")
    with write(bureau.databases.staff) as session:
        session.execute(delete(OperatorCode).where(OperatorCode.id == code["id"]))
    assert (text.count("texte masqué"), text.count(WHY)) == (1, 1)
    assert "01 99" not in text
    assert "texts not compared with hidden places" in capsys.readouterr().out


@DAMAGES
def test_the_network_is_shown_without_what_does_not_open(bureau: Bureau, damage: Damage) -> None:
    person, other = approved(bureau), approved(bureau)
    for each in (person, other):
        joins(runtime(bureau), each.id)
        says(runtime(bureau), each.id, helps="Repérage")
    number, now = uuid4(), bureau.clock.at
    with write(bureau.databases.staff) as session:
        both = {"sender_id": person.id, "recipient_id": other.id}
        said = bureau.vault.seal_json("member_report", number, "content", {"why": WHY, "text": ""})
        session.add(MemberReport(id=number, made_at=now, content=said, **both))
    for model, row, column in (
        (Account, person.id, "person"),
        (NetworkMember, person.id, "profile"),
        (MemberReport, number, "content"),
    ):
        with damaged(bureau, model, row, column, damage):
            directory = bureau.signed_in_as(other).get("/pro/reseau")
            assert directory.status_code == 200
            assert f"/pro/reseau/membres/{other.id}" in directory.text
            shown = read_page(bureau, Role.ADMINISTRATEUR, "/gestion/reseau")
            assert (LABEL in shown) is (model is not NetworkMember)


@DAMAGES
def test_a_request_for_an_access_that_does_not_open_is_shown_and_can_be_refused_alone(
    bureau: Bureau, damage: Damage
) -> None:
    forget_all(bureau)
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    with write(bureau.databases.staff) as session:
        for mail in ("abimee@example.org", "lisible@example.org"):
            requests.add(session, bureau.vault, asked_by(mail), bureau.clock.at)
        rows = session.scalars(select(AccessRequest).order_by(AccessRequest.id)).all()
        for each in rows:
            each.confirmed_at = bureau.clock.at
        first = rows[0].id
        rows[0].content = damage(rows[0].content)
    page = referent.get(PAGE)
    assert page.status_code == 200
    assert LABEL in page.text
    assert page.text.count('value="approuver"') == 1
    given = {"reponse": "approuver", "motif": WHY, "organisation": "Exemple", "fonction": "x"}
    assert referent.post(f"{PAGE}/{first}", given).status_code == 503
    assert count(bureau) == 2
    answer = referent.post(f"{PAGE}/{first}", {"reponse": "refuser"})
    assert answer.headers["location"].endswith("fait=refuse-illisible")
    assert "illisible" in referent.get(answer.headers["location"]).text
    assert count(bureau) == 1


@DAMAGES
def test_a_report_of_a_visitor_that_does_not_open_is_shown_without_what_it_proposes(
    bureau: Bureau, damage: Damage
) -> None:
    numbers = (uuid4(), uuid4())
    with write(bureau.databases.staff) as session:
        for number, right in zip(numbers, ("Perdu", "Lisible"), strict=True):
            said = {"actor": "x", "right": right, "mail": "", "own": False}
            content = bureau.vault.seal_json("report", number, "content", said)
            given = {"wrong": "other", "content": content, "received_at": bureau.clock.at}
            session.add(Report(id=number, **given))
    with damaged(bureau, Report, numbers[0], "content", damage):
        text = read_page(bureau, Role.CURATEUR, "/gestion/signalements")
    assert LABEL in text
    assert "Lisible" in text
    assert "attend une réponse" not in text


def test_a_key_that_is_missing_for_all_is_an_error_that_names_it(bureau: Bureau) -> None:
    person = approved(bureau)
    lists: tuple[Callable[[Session, Vault], object], ...] = (
        people.everybody,
        lambda session, vault: people.names_of(session, vault, [str(person.id)]),
        lambda session, vault: reading.lines(session, vault, reading.Wanted()),
        lambda session, vault: requests.waiting(
            session, vault, Decider(Role.REFERENT_DEPARTEMENT, ["93"], bureau.clock.at)
        ),
        reporting.read_waiting,
        lambda session, vault: watching.read_members(session, vault, "", 1),
    )
    for each in lists:
        with read(bureau.databases.staff) as session, pytest.raises(KeyMissing):
            each(session, parse_keys(new_key()))
