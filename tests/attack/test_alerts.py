"""Mails of alerts, in a world full of hidden places: what a member may read, and nothing else."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.alerting import keeping, mails, news
from app.alerting.searches import read_address
from app.models import Account, Alert, FirstSeen, NetworkMember, Role
from app.resources.forms import Form
from app.resources.index import read_index
from app.visibility import Viewer
from tests.attack.agenda import NETWORK
from tests.attack.conftest import Attacked
from tests.attack.places import OPEN_MARKER
from tests.attack.resources import words_of
from tests.attack.test_desk import sign_in
from tests.networked import joins

pytestmark = pytest.mark.slow
ORIGINS = mails.Origins("https://carte.example.org", "https://bureau.example.org")
# What members read beside visitors.
FOR_MEMBERS = words_of(Form.SHEET) | {NETWORK.lower()}


def member_with_alerts(written: Attacked, session: Session, now: datetime) -> tuple[UUID, int]:
    """A member who is told of everything, of which nobody was told yet; and how many alerts."""
    account, _ = sign_in(written, Role.PROFESSIONNEL)
    joins(written.runtime, account)
    session.execute(delete(FirstSeen))
    before, asked = now - timedelta(days=1), ["/autour", "/ressources", "/agenda"]
    asked += [f"/departements/{code}" for code in sorted(written.dataset.territories)]
    for address in asked:
        wanted = read_address(session, address)
        keeping.create(session, written.runtime.vault, account, wanted, "aussitot", before)
    news.note(session, now)
    return account, len(asked)


def mails_of(written: Attacked, session: Session, now: datetime) -> list[mails.Mail]:
    """What would be sent now for each alert; nothing of it is noted."""
    index = partial(read_index, viewer=Viewer.written_to(None, now))
    found = []
    for alert in session.scalars(select(Alert.id)).all():
        with session.begin_nested() as point:
            given = (written.runtime.vault, alert, ORIGINS, now, index)
            found.append(mails.write(session, *given))
            point.rollback()
    return [mail for mail in found if mail]


def test_no_mail_of_an_alert_holds_what_its_reader_could_not_open(
    written: Attacked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "MOST", 1_000_000)
    monkeypatch.setattr(keeping, "MOST", 1_000)
    now = datetime.now(UTC)
    with Session(written.runtime.staff) as session:
        account, asked = member_with_alerts(written, session, now)
        sent = mails_of(written, session, now)
        assert len(sent) == asked
        whole = "\n".join(f"{mail.subject}\n{mail.text}\n{mail.headers}" for mail in sent)
        assert written.sentinels.in_text(whole.encode(), asked="") <= FOR_MEMBERS
        for word in (f"{OPEN_MARKER}titre", f"{OPEN_MARKER}public", f"{OPEN_MARKER}accueil"):
            assert word in whole
        # A member reads what is for members; nobody at all reads the others.
        unread = written.dataset.hidden_ids - read_by_members(session, now)
        assert unread
        assert not [each for each in unread if each in whole]
        own = update(NetworkMember).where(NetworkMember.account_id == account)
        disabled = update(Account).where(Account.id == account).values(disabled_at=now)
        for lost in (own.values(blocked_at=now), own.values(charter_on=None), disabled):
            with session.begin_nested() as point:
                session.execute(lost)
                assert mails_of(written, session, now) == []
                point.rollback()
        session.rollback()


def read_by_members(session: Session, now: datetime) -> set[str]:
    member = Viewer.written_to(None, now)
    shown = (select(each.c.public_id) for each in (member.resources(), member.events()))
    return {public_id for each in shown for public_id in session.scalars(each)}
