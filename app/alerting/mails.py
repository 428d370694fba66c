"""The mail of an alert: written as things stand when it leaves, and noted before it does.

Its subject says nothing of the field: others may look at the same mailbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.accounts import people
from app.alerting.keeping import query_of
from app.alerting.news import Between, Item, News, ReadIndex, read_news
from app.alerting.searches import Wanted, read_wanted, words_of
from app.inbox.opening import link_signer
from app.models import Account, Alert, NetworkMember
from app.platform.mail.links import Aim, Link, headers_to_leave, signed
from app.platform.mail.sending import Became
from app.vault.sealing import Vault
from app.visibility import Viewer
from app.visible.members import members

PATH = "/pro/alertes"
SUBJECT = "Du nouveau pour votre recherche"
TEXT = """Bonjour,

Vous avez demandé à être prévenu de ce qui est nouveau pour cette recherche :

{words}

{items}{more}
Changer le rythme de cette alerte, ou y mettre fin, sans vous connecter :
{leave}

Toutes vos alertes, une fois connecté :
{own}
"""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where public pages are, and the desk."""

    public: str
    desk: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is to be sent."""

    alert: UUID
    to: str
    text: str
    headers: Mapping[str, str]
    subject: str = SUBJECT


def settle(session: Session) -> list[UUID]:
    """Tell none again of what a mail said of which nobody knows whether it left; return these.

    Leaves nothing of who left the network, or was excluded.
    """
    row = NetworkMember
    over = select(row.account_id).where(or_(row.charter_on.is_(None), row.blocked_at.is_not(None)))
    session.execute(delete(Alert).where(Alert.account_id.in_(over)))
    doubtful = session.scalars(
        select(Alert).where(Alert.going_at.is_not(None)).order_by(Alert.id).with_for_update()
    ).all()
    for each in doubtful:
        _settled(each)
    return [each.id for each in doubtful]


def write(
    session: Session,
    vault: Vault,
    alert: UUID,
    origins: Origins,
    now: datetime,
    index: ReadIndex,
) -> Mail | None:
    """Return the mail of an alert, which from now on is on its way; None where there is none.

    now: until when what was first seen counts. Raises Mesure23Error where its search is none.
    """
    # Held until this ends, before the alert: whoever leaves meanwhile, or excludes them, waits for
    # the mail to be noted.
    owner = select(Alert.account_id).where(Alert.id == alert).scalar_subquery()
    own = members(now).where(NetworkMember.account_id == owner)
    account = select(Account.id).where(Account.id == owner)
    session.execute(account.with_for_update(read=True))
    if session.scalar(own.with_only_columns(Account.id).with_for_update(read=True)) is None:
        return None
    row = session.get(Alert, alert, with_for_update=True)
    if row is None or row.going_at is not None:
        return None
    wanted = read_wanted(session, row.domain, query_of(vault, row))
    viewer = Viewer.written_to(row.account_id, now)
    news = read_news(session, viewer, wanted, Between(row.since, now), index)
    if not news.total:
        row.since = now
        return None
    row.going_at = now
    token = signed(link_signer(session, vault), Link(Aim.LEAVE_ALERT, row.id))
    leave = f"{origins.public}/alertes/quitter/{token}"
    text = _text(news, words_of(session, wanted), wanted, origins, leave)
    to = people.read(session, vault, row.account_id).mail
    return Mail(row.id, to, text, headers_to_leave("alertes", origins.public, leave))


def note_became(session: Session, mail: Mail, became: Became) -> None:
    """Note what a mail server said of a mail; of an alert that was deleted meanwhile nothing."""
    row = session.get(Alert, mail.alert, with_for_update=True)
    if row is None or row.going_at is None:
        return
    if became == "later":
        row.going_at = None
        return
    _settled(row)
    row.refusals = row.refusals + 1 if became == "never" else 0


def _settled(row: Alert) -> None:
    if row.going_at is not None:
        row.since = row.sent_at = row.going_at
    row.going_at = None


def _text(news: News, words: str, wanted: Wanted, origins: Origins, leave: str) -> str:
    items = "\n".join(_line(each, origins) for each in news.items)
    rest = news.total - len(news.items)
    more = f"\net {rest} autre{'s' * (rest > 1)} : {origins.public}{wanted.path}\n" if rest else ""
    own = f"{origins.desk}{PATH}"
    return TEXT.format(words=words, items=items, more=more, leave=leave, own=own)


def _line(item: Item, origins: Origins) -> str:
    where = origins.public if item.is_public else f"{origins.desk}/pro"
    return f"– {item.title} ({item.what})\n  {where}{item.path}\n"
