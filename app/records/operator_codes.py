"""Codes by which an operator hides its own record: given by a link, shown once, revoked.

Of a code nothing is stored but its keyed digest: nobody of the desk can read it again.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.people import TOKEN_BYTES, token_digest
from app.errors import Mesure23Error
from app.models import Actor, OperatorCode
from app.platform.database.sessions import among
from app.records.code_letters import new_code, plain, written
from app.records.joined import with_survivors
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault

LINK_FOR = timedelta(days=14)
MOST = 20
LONGEST_LABEL = 60
TABLE, COLUMN = OperatorCode.__tablename__, "label"


class CodeLinkOver(Mesure23Error):
    """Ce lien ne sert plus : il vaut quatorze jours, et montre son code une seule fois."""

    status = 410
    title = "Lien terminé"
    advice = "Demandez-en un autre à la personne de l’équipe de la carte qui vous l’a envoyé."


class LabelMissing(Mesure23Error):
    """Dites à qui ce code est donné, sans nom de personne : « direction », « veille de nuit »."""

    status = 422
    title = "À qui est ce code ?"
    advice = "Écrivez une fonction, puis recommencez."


class TooManyCodes(Mesure23Error):
    """Aucun lien n’est créé : cet opérateur a déjà 20 codes ou liens."""

    status = 409
    title = "Trop de codes"
    advice = "Révoquez ceux qui ne servent plus, puis recommencez."


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a code, or a link that shows one. shown_at: None until its link was used.

    former: the name of the actor that it was given for, which was joined to this one since.
    """

    id: UUID
    label: str
    former: str
    made_at: datetime
    made_by: str
    link_ends_at: datetime
    shown_at: datetime | None
    used_at: datetime | None


def invite(
    session: Session,
    vault: Vault,
    actor_id: UUID,
    code_id: UUID,
    label: str,
    *,
    who: str,
    now: datetime,
) -> str | None:
    """Return the token of a link that shows a new code once; the token stands nowhere else.

    code_id: as its form says it, so that one that is sent again makes no second link: None.
    Raises LabelMissing, TooManyCodes.
    """
    label = " ".join(label.split())
    if not label:
        raise LabelMissing
    # Two who invite at once: one goes after the other.
    session.execute(select(Actor.id).where(Actor.id == actor_id).with_for_update(key_share=True))
    if session.get(OperatorCode, code_id) is not None:
        return None
    counted = select(func.count()).select_from(OperatorCode)
    if session.scalars(counted.where(OperatorCode.actor_id == actor_id)).one() >= MOST:
        raise TooManyCodes
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = OperatorCode(
        id=code_id,
        actor_id=actor_id,
        label=vault.seal(TABLE, code_id, COLUMN, label.encode("utf-8", "replace")),
        made_at=now,
        made_by=who,
        link=token_digest(token),
        link_ends_at=now + LINK_FOR,
    )
    session.add(made)
    session.flush()
    return token


def check_link(session: Session, token: str, now: datetime) -> None:
    """Raise CodeLinkOver for a link that shows no code, whatever the reason."""
    _linked(session, token, now)


def show(session: Session, vault: Vault, token: str, now: datetime) -> tuple[UUID, str]:
    """Return the actor of a link and its new code, which nobody can read again.

    Raises CodeLinkOver.
    """
    row = _linked(session, token, now, lock=True)
    code = new_code()
    row.link, row.digest, row.shown_at = None, digest_of(session, vault, code), now
    session.flush()
    return row.actor_id, written(code)


def _linked(session: Session, token: str, now: datetime, *, lock: bool = False) -> OperatorCode:
    asked = select(OperatorCode).where(
        OperatorCode.link == token_digest(token), OperatorCode.link_ends_at > now
    )
    # Of two who press at once the second one reads that the link served.
    row = session.scalar(asked.with_for_update() if lock else asked)
    if row is None:
        raise CodeLinkOver
    return row


def holders(session: Session, vault: Vault, actor_id: UUID) -> Sequence[Holder]:
    """Return who holds a code that hides an actor, or a link to one, the first one first."""
    names = _with_joined(session, vault, actor_id)
    statement = select(OperatorCode).where(among(OperatorCode.actor_id, names))
    rows = session.scalars(statement.order_by(OperatorCode.made_at, OperatorCode.id))
    return [
        Holder(
            each.id,
            vault.open(TABLE, each.id, COLUMN, each.label).decode("utf-8", "replace"),
            names[each.actor_id],
            *(each.made_at, each.made_by, each.link_ends_at, each.shown_at, each.used_at),
        )
        for each in rows
    ]


def _with_joined(session: Session, vault: Vault, actor_id: UUID) -> dict[UUID, str]:
    """Return an actor, and those that have codes and were joined to it, with their names."""
    key, found = index_key(session, vault), {actor_id: ""}
    archived = select(OperatorCode.actor_id).join(Actor, Actor.id == OperatorCode.actor_id)
    # Few are archived and have codes; whom each was joined to is sealed.
    for each in session.scalars(archived.where(Actor.status == "archived").distinct()).all():
        line = with_survivors(session, vault, key, each)
        if actor_id in line.keys() - {each}:
            found[each] = line[each].record.name
    return found


def revoke(session: Session, vault: Vault, actor_id: UUID, code_id: UUID) -> bool:
    """Let a code, or a link to one, serve no more; return whether there was one.

    Of an actor, or of one that was joined to it. Who is hidden by it stays so.
    """
    of_actor = among(OperatorCode.actor_id, _with_joined(session, vault, actor_id))
    wanted = (OperatorCode.id == code_id, of_actor)
    gone = session.scalar(delete(OperatorCode).where(*wanted).returning(OperatorCode.id))
    return gone is not None


def digest_of(session: Session, vault: Vault, code: str) -> bytes:
    """Return what is stored of a code."""
    return digest(index_key(session, vault), "operator code", plain(code))


def new_code_id() -> UUID:
    """Return the id that the form of an invitation gives."""
    return uuid4()
