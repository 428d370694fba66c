"""One sealed value that does not open costs nobody the rest of what is held on them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import confirming, requests
from app.accounts.request_caps import counted_by
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.inbox.message import LetterAsked
from app.models import (
    AccessRequest,
    Account,
    ActorProtected,
    Alert,
    AuditEntry,
    CommitteeMember,
    LetterSubscriber,
    MemberMessage,
    MemberReport,
    NetworkMember,
    OperatorCode,
    Passkey,
    ProviderIdentity,
    Role,
    StaffSession,
)
from app.network import held
from app.platform.database.sessions import read, write
from app.subscriptions import subscribing
from app.vault.lenient import LABEL, UNCHECKED, UNREAD, UNREAD_COUNT
from app.vault.sealing import KeyMissing, Vault, new_key, parse_keys
from tests.desk.asked import runtime
from tests.desk.bureau import Bureau, Person
from tests.desk.home import Home
from tests.desk.test_account_data import CHIEF, asked_by
from tests.makers_agenda import by_a_lost_key, written_otherwise
from tests.networked import joins, says

Damage = Callable[[bytes], bytes]
# Each sealed value of somebody that is handed out.
PLACES: tuple[tuple[type[Any], str], ...] = (
    *((Account, column) for column in ("person", "chief", "reason")),
    *((model, "content") for model in (AccessRequest, Alert, CommitteeMember, LetterSubscriber)),
    *((MemberMessage, "content"), (MemberReport, "content"), (NetworkMember, "profile")),
    *((Passkey, "name"), (ProviderIdentity, "detail")),
    *((StaffSession, "device"), (AuditEntry, "detail")),
)
# What is in the file of whoever may be handed all of it.
ALL = ("Appelé au standard.", "Messagerie reçue", "Un relais.", "Non.", "Repérage", "jaune")


@pytest.fixture
def person(bureau: Bureau) -> Person:
    """Somebody of whom each kind of value is held, damaged nowhere."""
    found = bureau.enrolled(Role.PROFESSIONNEL)
    bureau.signed_in_as(found)
    seal, now, who = bureau.vault.seal_json, bureau.clock.at, found.id
    joins(runtime(bureau), who)
    says(runtime(bureau), who, function="soin", helps="Repérage")
    other = bureau.enrolled(Role.PROFESSIONNEL).id
    with write(bureau.databases.staff) as session:
        account = session.get_one(Account, who)
        confirming.give_chief(bureau.vault, account, CHIEF)
        requests.add(session, bureau.vault, asked_by(found.mail), now)
        account.reason = bureau.vault.seal("account", who, "reason", b"Appel\xc3\xa9 au standard.")
        of = {"sender_id": who, "recipient_id": other, "made_at": now}
        message = MemberMessage(id=uuid4(), state="left", at=now, **of)
        message.content = seal(
            "member_message", message.id, "content", {"text": "Messagerie reçue"}
        )
        report = MemberReport(id=uuid4(), made_at=now, sender_id=other, recipient_id=who)
        said = {"why": "Non.", "text": "Un relais."}
        report.content = seal("member_report", report.id, "content", said)
        alert = Alert(id=uuid4(), account_id=who, domain="acteurs", digest=uuid4().bytes)
        alert.rhythm, alert.since, alert.sent_at = "mois", now, now
        alert.content = seal("alert", alert.id, "content", {"query": "q=jaune"})
        seat = CommitteeMember(id=uuid4(), territory_code="93", mailbox=account.login)
        seat.invited_at = seat.ends_at = seat.joined_at = now
        seat.invited_by, seat.account_id = "os:test", who
        said = {"mail": found.mail, "function": "Coordination"}
        seat.content = seal("committee_member", seat.id, "content", said)
        key = Passkey(id=uuid4(), account_id=who, credential=uuid4().bytes, public_key=b"x")
        key.name = bureau.vault.seal("passkey", key.id, "name", b"Cl\xc3\xa9 bleue")
        linked = ProviderIdentity(account_id=who, subject=uuid4().bytes)
        linked.detail = seal("provider_identity", who, "detail", {"siret": "1" * 14})
        session.add_all((message, report, alert, seat, key, linked))
        subscribing.add(session, bureau.vault, LetterAsked(mail=found.mail), now)
        by = Author("os:test")
        add(session, bureau.vault, by, Action.MEMBER_READMITTED, str(who), {"why": "Revenu."})
    return found


@pytest.fixture
def session(bureau: Bureau) -> Iterator[Session]:
    """A session of which nothing stays."""
    with Session(bureau.databases.staff) as found:
        yield found
        found.rollback()


def theirs(session: Session, vault: Vault, person: Person, model: type[Any]) -> Any:
    """The newest row of somebody in a table."""
    if model is Account:
        return session.get_one(Account, person.id)
    mailbox = counted_by(session, vault, person.mail).mailbox
    columns: dict[type[Any], tuple[Any, Any]] = {
        AccessRequest: (AccessRequest.mailbox, mailbox),
        LetterSubscriber: (LetterSubscriber.mailbox, mailbox),
        MemberMessage: (MemberMessage.sender_id, person.id),
        MemberReport: (MemberReport.recipient_id, person.id),
        AuditEntry: (AuditEntry.subject, str(person.id)),
    }
    column, value = columns.get(model) or (model.account_id, person.id)
    return session.scalars(select(model).where(column == value)).all()[-1]


def copied(session: Session, entry: AuditEntry) -> AuditEntry:
    """An entry of which nothing was sealed for its own place."""
    number = session.scalars(select(func.max(AuditEntry.number))).one() + 1
    names = ("at", "who", "role", "action", "subject", "detail", "mac", "link")
    given = {name: getattr(entry, name) for name in names}
    return AuditEntry(id=uuid4(), number=number, **given)


def handed_out(session: Session, bureau: Bureau, person: Person) -> tuple[dict[str, Any], str]:
    session.flush()
    session.expire_all()
    found = held.held(session, bureau.vault, person.id, bureau.clock.at)
    return found, json.dumps(found, ensure_ascii=False)


def test_of_whom_nothing_is_damaged_all_is_handed_out_as_ever(
    bureau: Bureau, session: Session, person: Person
) -> None:
    found, said = handed_out(session, bureau, person)
    assert LABEL not in said
    assert UNREAD_COUNT not in found
    assert all(each in said for each in ALL)


@pytest.mark.parametrize("damaged", [written_otherwise, by_a_lost_key])
@pytest.mark.parametrize(("model", "column"), PLACES)
def test_one_damaged_value_says_so_in_its_place_and_the_rest_is_handed_out(
    bureau: Bureau,
    session: Session,
    person: Person,
    model: type[Any],
    column: str,
    damaged: Damage,
) -> None:
    whole, _ = handed_out(session, bureau, person)
    row = theirs(session, bureau.vault, person, model)
    if model is AuditEntry:
        # Nobody may change an entry: one more, as of another database.
        row = copied(session, row)
    setattr(row, column, damaged(getattr(row, column)))
    session.add(row)
    found, said = handed_out(session, bureau, person)
    assert found.pop(UNREAD_COUNT) == 1
    assert LABEL in said
    assert found.keys() == whole.keys()
    # Parts of which nothing is damaged are the same; who lost their address, lost what it finds.
    by_mail = {"demandes_d_acces", "lettre", "inscriptions"} if column == "person" else set()
    changed = {name for name in whole if whole[name] != found[name]}
    assert len(changed - by_mail) == 1
    assert all(UNREAD in json.dumps(found[each], ensure_ascii=False) for each in by_mail)
    assert sum(each in said for each in ALL) >= len(ALL) - 2


def test_by_their_address_what_it_finds_is_handed_out_whatever_is_damaged(
    bureau: Bureau, session: Session, person: Person
) -> None:
    row = theirs(session, bureau.vault, person, Account)
    row.person = written_otherwise(row.person)
    session.flush()
    account, found = held.held_by(session, bureau.vault, person.mail, bureau.clock.at)
    assert (account, found[UNREAD_COUNT]) == (person.id, 1)
    assert found["compte"]["nom"] == UNREAD
    assert [each["nom"] for each in found["demandes_d_acces"]] == ["Sacha"]
    assert len(found["lettre"]) == 1


def test_a_key_that_is_missing_for_all_is_an_error_that_names_it(
    bureau: Bureau, session: Session, person: Person
) -> None:
    other = replace(bureau, vault=parse_keys(new_key()))
    with pytest.raises(KeyMissing, match="MESURE23_KEYS"):
        handed_out(session, other, person)
    with pytest.raises(KeyMissing):
        held.held_by(session, other.vault, person.mail, bureau.clock.at)


def test_where_the_record_of_somebody_hidden_is_damaged_no_text_of_others_is_handed_out(
    bureau: Bureau, session: Session, person: Person, home: Home
) -> None:
    moments = ("made_at", "shown_at", "link_ends_at", "asked_at")
    pressed = dict.fromkeys(moments, bureau.clock.at)
    said = {"id": uuid4(), "label": b"", "made_by": "essai", "digest": uuid4().bytes}
    session.add(OperatorCode(actor_id=home.id, **said, **pressed))
    record = session.get_one(ActorProtected, home.id)
    record.record = written_otherwise(record.record)
    account = session.get_one(Account, person.id)
    # Of texts that name nothing none is asked for.
    reason = "Appelé au 01 99 00 00 10.".encode()
    account.reason = bureau.vault.seal("account", person.id, "reason", reason)
    found, text = handed_out(session, bureau, person)
    assert found["compte"]["motif_de_l_approbation"] == UNCHECKED
    assert found[UNREAD_COUNT] >= 2
    # What they wrote themselves, and what names nothing, is theirs as ever.
    assert "Messagerie reçue" in text


@pytest.mark.parametrize("own", [True, False])
def test_the_desk_says_so_before_it_hands_out_the_rest(
    bureau: Bureau, person: Person, own: bool
) -> None:
    def noted() -> int:
        with read(bureau.databases.staff) as session:
            mine = (AuditEntry.subject == str(person.id), AuditEntry.action == handed)
            return len(session.scalars(select(AuditEntry).where(*mine)).all())

    handed = Action.ACCOUNT_HANDED_OUT.value
    browser = bureau.signed_in_as(person) if own else bureau.signed_in(Role.ADMINISTRATEUR)
    path = "/gestion/compte/donnees" if own else f"/gestion/comptes/{person.id}/donnees"
    with write(bureau.databases.staff) as session:
        damage(session, person.id)
    page = browser.post(path)
    assert page.headers["content-type"].startswith("text/html")
    assert "1 valeur scellée n’a pas pu être lue" in page.text
    assert f'action="{path}"' in page.text
    assert noted() == 0
    answer = browser.post(path, {"malgre": "true"})
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.json()[UNREAD_COUNT] == 1
    assert noted() == 1


def damage(session: Session, account: UUID) -> None:
    wrote = select(MemberMessage).where(MemberMessage.sender_id == account)
    row = session.scalars(wrote).one()
    assert row.content is not None
    row.content = written_otherwise(row.content)


def test_the_page_of_whose_name_is_damaged_hands_out_the_rest(
    bureau: Bureau, person: Person
) -> None:
    browser = bureau.signed_in(Role.ADMINISTRATEUR)
    with write(bureau.databases.staff) as session:
        row = session.get_one(Account, person.id)
        row.person, whole = written_otherwise(row.person), row.person
    try:
        page = browser.get(f"/gestion/comptes/{person.id}/donnees")
        assert (page.status_code, UNREAD in page.text) == (200, True)
        answer = browser.post(f"/gestion/comptes/{person.id}/donnees", {"malgre": "true"})
        assert answer.json()["compte"]["nom"] == UNREAD
    finally:
        # Lists of all accounts open each of them.
        with write(bureau.databases.staff) as session:
            session.get_one(Account, person.id).person = whole
