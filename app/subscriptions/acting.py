"""Does what was asked by the links of mails: the last of each, once its link is checked again."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import people
from app.accounts.request_caps import counted_by
from app.inbox.acting import Asked, Deed
from app.inbox.opening import link_signer, open_act, opener
from app.models import Account, AgendaRegistration, Alert, LetterSubscriber, MailAct
from app.models.alert import Rhythm
from app.platform.mail.links import Aim, Link, checked, public_half
from app.subscriptions.subscribing import COLUMN, TABLE, mail_of
from app.vault.sealing import NotOpened, Vault

# Opened in one transaction.
AT_ONCE = 500
# What each link is for: one to leave confirms nobody.
_MAY: dict[Aim, frozenset[str]] = {
    Aim.CONFIRM: frozenset({"confirm", "leave"}),
    Aim.LEAVE: frozenset({"leave", "leave_all", "each", "quarterly", "whole", "link_only"}),
    Aim.LEAVE_ALERT: frozenset({"leave", "leave_all", "weekly", "monthly"}),
}
_SLOWER: dict[Deed, Rhythm] = {"weekly": "semaine", "monthly": "mois"}


def act(session: Session, vault: Vault) -> int:
    """Do what was asked, the oldest first; return how many acts there were."""
    oldest = select(MailAct.id).order_by(MailAct.at, MailAct.id).limit(AT_ONCE)
    columns = (MailAct.at, MailAct.subject, MailAct.box)
    taken = delete(MailAct).where(MailAct.id.in_(oldest)).returning(*columns)
    acts = sorted(session.execute(taken).all(), key=lambda row: row.at)
    if not acts:
        return 0
    box, public = opener(session, vault), public_half(link_signer(session, vault))
    for each in acts:
        asked = open_act(box, each.box)
        link = checked((public,), asked.token) if asked else None
        # Whoever took the login of public pages over adds what they like.
        if asked and link and link.subject == each.subject and asked.deed in _MAY[link.aim]:
            if link.aim is Aim.LEAVE_ALERT:
                _do_to_alert(session, vault, asked.deed, link)
            else:
                _do(session, vault, asked, link, each.at)
    return len(acts)


def _do_to_alert(session: Session, vault: Vault, deed: Deed, link: Link) -> None:
    row = session.get(Alert, link.subject, with_for_update=True)
    if row is None:
        return
    if deed == "leave":
        session.delete(row)
    elif deed == "leave_all":
        account = row.account_id
        session.execute(delete(Alert).where(Alert.account_id == account))
        try:
            mail = people.read(session, vault, account).mail
        except NotOpened:
            return
        _leave_public(session, counted_by(session, vault, mail).mailbox)
    else:
        row.rhythm = _SLOWER[deed]
    session.flush()


def _do(session: Session, vault: Vault, asked: Asked, link: Link, at: datetime) -> None:
    row = session.get(LetterSubscriber, link.subject, with_for_update=True)
    if row is None or link.is_over(at):
        return
    match asked.deed:
        case "confirm":
            _confirm(vault, row, asked, at)
        case "leave" if row.confirmed_at is None:
            # The mailbox stays known for some days, so that a stranger has no second mail sent.
            row.content = vault.seal_json(TABLE, row.id, COLUMN, {"mail": "", "shown": ""})
        case "leave":
            session.delete(row)
        case "leave_all":
            _leave_alerts(session, vault, row)
            _leave_public(session, row.mailbox)
        case "each" | "quarterly":
            row.rhythm = asked.deed
        case "whole" | "link_only":
            row.link_only = asked.deed == "link_only"
    session.flush()


def _leave_public(session: Session, mailbox: bytes) -> None:
    """Leave nothing of what a mailbox is sent of what is public."""
    for table in (AgendaRegistration, LetterSubscriber):
        session.execute(delete(table).where(table.mailbox == mailbox))


def _leave_alerts(session: Session, vault: Vault, row: LetterSubscriber) -> None:
    """Leave no alert of the account that has the address of a subscriber."""
    try:
        mail = mail_of(vault, row)
    except NotOpened:
        # What does not open is left all the same; of whom the alerts are nobody can say.
        return
    own = select(Account.id).where(Account.login == people.login_of(session, vault, mail))
    session.execute(delete(Alert).where(Alert.account_id.in_(own)))


def _confirm(vault: Vault, row: LetterSubscriber, asked: Asked, at: datetime) -> None:
    try:
        mail = mail_of(vault, row)
    except NotOpened:
        # Nobody who leaves waits for that.
        return
    if not mail:
        return
    proof = {"mail": mail, "shown": asked.shown}
    row.content = vault.seal_json(TABLE, row.id, COLUMN, proof)
    row.confirmed_at, row.link_only = at, asked.link_only
    row.refusals, row.suspended_at = 0, None
