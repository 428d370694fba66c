"""What is handed out of what is held on somebody, by the desk and a command, where places hide:
nothing but their own words, and what they may read at that moment.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import people
from app.accounts.request_caps import counted_by
from app.alerting import keeping
from app.alerting.searches import read_address
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.desk.shell.gate import COOKIE
from app.inbox.message import LetterAsked
from app.models import (
    Account,
    Actor,
    AgendaRecord,
    AgendaRegistration,
    Alert,
    CommitteeMember,
    LetterSubscriber,
    MemberReport,
    Role,
)
from app.network import committees, members, messages
from app.network.errors import ActorNotRead
from app.network.held import held_by
from app.platform.database.sessions import read, write
from app.registrations import registering
from app.subscriptions import subscribing
from app.visible.hiding import asked_to_hide
from tests.attack.agenda import NETWORK
from tests.attack.conftest import Attacked
from tests.attack.test_desk import sign_in
from tests.attack.test_desk_actors import OPENS, Masked, desk_of, masked
from tests.attack.test_desk_messages import put, reported
from tests.networked import joins, leaves, moved_to, says, works_for

pytestmark = pytest.mark.slow
# Of each kind of hidden place: a fixed few, and all of them by hand.
SAMPLES = [1, pytest.param(50, marks=pytest.mark.long)]
BY = Author("os:essai", Role.ADMINISTRATEUR)
ELSEWHERE = "974"


@dataclass(frozen=True)
class Held:
    """Somebody on whom something is held. blocker: whoever wants nothing of them."""

    account: UUID
    token: str
    mail: str
    blocker: UUID


def led_to(written: Attacked, each: Masked) -> Held:
    """A member of whom others wrote where a place is, while nothing of it was hidden."""
    account, token = sign_in(written, Role.PROFESSIONNEL)
    (writer, _), (blocker, _) = (sign_in(written, Role.PROFESSIONNEL) for _ in range(2))
    for member in (account, writer, blocker):
        joins(written.runtime, member)
    says(written.runtime, account, function="soin", helps="Repérage")
    try:
        works_for(written.runtime, account, each.seen.public_id)
    except ActorNotRead:
        assert each.seen.record.status != "published" or asked(written, each.seen.actor_id)
    text = f"Venez au {each.place.street}, {each.place.phone}."
    reported(written, put(written, writer, account, text, "left"), text)
    # What they wrote themselves as they reported it is theirs.
    gives_reason(written, account, "Non.", text)
    now, vault = datetime.now(UTC), written.runtime.vault
    with write(written.runtime.staff) as session:
        messages.block(session, blocker, account, now)
        mail = people.read(session, vault, account).mail
        wanted = read_address(session, "/table?territoire=93")
        keeping.create(session, vault, account, wanted, "mois", now)
    invited(written, account, mail, f"Coordination du {each.place.street}", now)
    return Held(account, token, mail, blocker)


def asked(written: Attacked, actor: UUID) -> bool:
    """Whether an actor asked that nobody learns of it: no member says that they work there."""
    with read(written.runtime.staff) as session:
        return session.scalars(select(asked_to_hide(Actor.id)).where(Actor.id == actor)).one()


def gives_reason(written: Attacked, account: UUID, why: str, text: str) -> None:
    seal = written.runtime.vault.seal_json
    with write(written.runtime.staff) as session:
        own = select(MemberReport).where(MemberReport.recipient_id == account)
        for row in session.scalars(own):
            row.content = seal("member_report", row.id, "content", {"why": why, "text": text})


def invited(written: Attacked, account: UUID, mail: str, function: str, now: datetime) -> None:
    """Somebody sits in the place of a CDLP, and is invited to another one."""
    seal = written.runtime.vault.seal_json
    with write(written.runtime.staff) as session:
        login = session.get_one(Account, account).login
        for code, joined in zip(sorted(written.dataset.territories)[:2], (now, None), strict=True):
            row = CommitteeMember(id=uuid4(), territory_code=code, invited_at=now, mailbox=login)
            row.invited_by, row.ends_at = "os:essai", now + committees.INVITED_FOR
            row.account_id, row.joined_at = (account, joined) if joined else (None, None)
            said = {"mail": mail, "function": function}
            row.content = seal(committees.TABLE, row.id, committees.COLUMN, said)
            session.add(row)


def asks_for_all(written: Attacked, mail: str) -> None:
    """Somebody wants the letter, and registered for each event while everybody read of it."""
    now, vault = datetime.now(UTC), written.runtime.vault
    with write(written.runtime.staff) as session:
        subscribing.add(session, vault, LetterAsked(mail=mail), now)
        mailbox = counted_by(session, vault, mail).mailbox
        for record in session.scalars(select(AgendaRecord.id)).all():
            row = AgendaRegistration(id=uuid4(), record_id=record, mailbox=mailbox)
            row.received_at = row.confirmed_at = now
            sealed = vault.seal_json(registering.TABLE, row.id, registering.COLUMN, {"mail": mail})
            row.content = sealed
            session.add(row)


@contextmanager
def handed_out(written: Attacked) -> Iterator[Any]:
    """Give what hands all out that is held on somebody, by each of the three ways."""
    with (
        desk_of(written, Role.PROFESSIONNEL) as (client, _),
        desk_of(written, Role.ADMINISTRATEUR) as (administrator, _),
    ):

        def of(each: Held, *, signs_in: bool = True) -> list[bytes]:
            cookie = {"Cookie": f"{COOKIE}={each.token}"}
            asked: list[httpx.Response] = []
            if signs_in:
                asked.append(client.post("/gestion/compte/donnees", headers=cookie))
            asked.append(administrator.post(f"/gestion/comptes/{each.account}/donnees"))
            assert [answer.status_code for answer in asked] == [200] * len(asked)
            return [*(answer.content for answer in asked), by_command(written, each.mail)]

        yield of
    with write(written.runtime.staff) as session:
        for model in (Alert, AgendaRegistration, LetterSubscriber):
            session.execute(delete(model))
        # Not the one that was planted for all.
        own = CommitteeMember.account_id.is_not(None) | CommitteeMember.mailbox.in_(
            select(Account.login)
        )
        session.execute(delete(CommitteeMember).where(own))


def by_command(written: Attacked, mail: str) -> bytes:
    """What `mesure23 user export` writes."""
    with write(written.runtime.staff) as session:
        _, found = held_by(session, written.runtime.vault, mail, datetime.now(UTC))
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def elsewhere(written: Attacked, account: UUID) -> None:
    moved_to(written.runtime, account, ELSEWHERE)


def excluded(written: Attacked, account: UUID) -> None:
    with write(written.runtime.staff) as session:
        members.exclude(session, written.runtime.vault, BY, account, datetime.now(UTC))


def disabled(written: Attacked, account: UUID) -> None:
    with write(written.runtime.staff) as session:
        session.get_one(Account, account).disabled_at = datetime.now(UTC)


STANDINGS = {
    "member": lambda *_: None,
    "member elsewhere": elsewhere,
    "left": lambda written, account: leaves(written.runtime, account),
    "excluded": excluded,
    "disabled": disabled,
}


@pytest.mark.parametrize("of_each_case", SAMPLES)
def test_nothing_is_handed_out_that_one_could_not_open(
    written: Attacked, of_each_case: int
) -> None:
    hidden = written.dataset.hidden_ids
    with handed_out(written) as of:
        for number, each in enumerate(masked(written, of_each_case)):
            standing = list(STANDINGS)[number % len(STANDINGS)]
            person = led_to(written, each)
            asks_for_all(written, person.mail)
            STANDINGS[standing](written, person.account)
            own = {NETWORK.lower()} if standing.startswith("member") else set()
            for body in of(person, signs_in=standing != "disabled"):
                case = (standing, each.place.case)
                assert written.sentinels.in_text(body) <= own, case
                assert (NETWORK in body.decode()) is bool(own), case
                assert str(person.blocker) not in body.decode(), case
                assert not [other for other in hidden if other.encode() in body], case
                places = {seat["territoire"] for seat in json.loads(body)["commissions"]}
                assert places == {""} if standing == "excluded" else len(places) == 2
                # What is theirs is there.
                assert person.mail.encode() in body
                assert b"Non." in body


def test_whoever_has_no_account_is_handed_out_what_visitors_read(written: Attacked) -> None:
    mail = f"{uuid4().hex}@example.org"
    with handed_out(written):
        asks_for_all(written, mail)
        said = by_command(written, mail)
    assert written.sentinels.in_text(said) == set()
    assert not [other for other in written.dataset.hidden_ids if other.encode() in said]
    found = json.loads(said)
    assert {each["evenement"] for each in found["inscriptions"]} > {""}
    assert len(found["lettre"]) == 1


def test_reasons_that_others_wrote_name_nobody_who_became_hidden(written: Attacked) -> None:
    account, _ = sign_in(written, Role.PROFESSIONNEL)
    vault, now = written.runtime.vault, datetime.now(UTC)
    # Nothing of it stays: the journal of this world is read by others.
    with Session(written.runtime.staff) as session:
        row = session.get_one(Account, account)
        texts = [f"Au {each.place.street}." for each in masked(written, 1)]
        row.reason = vault.seal("account", account, "reason", " ".join(texts).encode())
        for text in (*texts, "Appelé au standard."):
            add(session, vault, BY, Action.MEMBER_READMITTED, str(account), {"why": text})
        mail = people.read(session, vault, account).mail
        _, found = held_by(session, vault, mail, now)
        session.rollback()
    said = json.dumps(found, ensure_ascii=False)
    assert written.sentinels.in_text(said.encode()) == set()
    assert "Appelé au standard." in said


@pytest.mark.parametrize("role", [Role.CURATEUR, Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT])
def test_staff_are_handed_out_nothing_of_what_they_opened(written: Attacked, role: Role) -> None:
    account, token = sign_in(written, role)
    with write(written.runtime.staff) as session:
        mail = people.read(session, written.runtime.vault, account).mail
    with handed_out(written) as of, desk_of(written, role) as (client, _):
        client.headers["Cookie"] = f"{COOKIE}={token}"
        for each in masked(written, 1):
            page = f"/gestion/acteurs/{each.seen.public_id}"
            client.post(f"{page}{OPENS}")
            client.get(f"{page}/historique")
        for body in of(Held(account, token, mail, uuid4())):
            assert written.sentinels.in_text(body) == set()
