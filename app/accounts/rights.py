"""What is held on somebody who has an account: handed out at their request, or deleted.

The journal and the history of actors name an account by its id alone, which is of nobody once the
account is gone.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from app.accounts import assigning, codes, ending, identities, passkeys, people, requests
from app.accounts.errors import AccountUnknown
from app.audit import reading
from app.models import (
    Account,
    AgendaRegistration,
    Base,
    Challenge,
    CommitteeMember,
    Confirmation,
    DeskDraft,
    Invitation,
    MemberBlock,
    MemberMessage,
    MemberReport,
    NetworkMember,
    Passkey,
    ProviderIdentity,
    RecoveryCode,
    ResourceDraft,
    Reveal,
    Revision,
    SignInAttempt,
    SourceFile,
    StaffSession,
    TerritoryCurateur,
)
from app.reference.motives import ADDRESS_MOTIVES, MOTIVES
from app.vault.lenient import UNREAD
from app.vault.sealing import Vault
from geo.zones import paris_day

_KEY = Account.__table__.c.id
# Who did it, in the journal that is handed out.
BY_ONESELF = "la personne"
# Tables whose rows belong to an account and go with it.
OWNED = (
    *(Passkey, ProviderIdentity, RecoveryCode, Invitation, Confirmation, StaffSession),
    *(DeskDraft, ResourceDraft, TerritoryCurateur, Reveal, NetworkMember),
    *(CommitteeMember, MemberMessage, MemberBlock, MemberReport, AgendaRegistration),
)


def owned_by(model: type[Base], account_id: UUID) -> ColumnElement[bool]:
    """Return which rows of a table name an account: of what one wrote to another, both have it."""
    keys = model.__table__.foreign_keys
    return or_(*(each.parent == account_id for each in keys if each.column is _KEY))


def delete_account(session: Session, account: Account, now: datetime) -> None:
    """Delete an account and all that is of its person; raise LastAdministrator."""
    ending.leave_one(session, account, now)
    remove(session, account)


def remove(session: Session, account: Account) -> None:
    """Delete an account and all that is of its person, whoever is left."""
    for model in OWNED:
        session.execute(delete(model).where(owned_by(model, account.id)))
    session.execute(delete(Challenge).where(Challenge.subject == account.id))
    session.execute(delete(SignInAttempt).where(SignInAttempt.login == account.login))
    session.delete(account)
    session.flush()


def held(
    session: Session, vault: Vault, account_id: UUID, now: datetime, mail: str = ""
) -> dict[str, Any]:
    """Return what is held on somebody, in words that they can read; raise AccountUnknown.

    Secrets stay out (password, codes, keys), and who else acted is said by their role alone.
    mail: their address, where it is known otherwise.
    """
    person = people.read(session, vault, account_id)
    return {
        "fait_le": _said(now),
        "compte": {
            "identifiant": str(person.id),
            "nom": person.name,
            "adresse_electronique": person.mail,
            "adresse_du_responsable": person.chief,
            "role": person.role_label,
            "territoires": list(person.territories),
            "organisation": person.organisation,
            "siret": person.siret,
            "fonction": person.function,
            "approuve_le": _said(person.approved_at),
            "motif_de_l_approbation": person.reason,
            "curateur_ou_suppleant_de": list(assigning.territories_of(session, account_id)),
            "cree_le": _said(person.made_at),
            "confirme_le": _said(person.confirmed_at),
            "dernier_usage": _said(person.used_at),
            "desactive_le": _said(person.disabled_at),
        },
        "moyens_de_connexion": {
            "cles_d_acces": [
                {"nom": name, "ajoutee_le": _said(key.made_at), "servie_le": _said(key.used_at)}
                for key, name in passkeys.listed(session, vault, account_id)
            ],
            "mot_de_passe_et_application": person.has_password,
            "proconnect": _identity(session, vault, account_id),
            "codes_de_secours_restants": codes.count_left(session, account_id),
        },
        "sessions": _sessions(session, vault, account_id),
        "invitations": _links(session, Invitation, account_id),
        "demandes_de_confirmation": _links(session, Confirmation, account_id),
        "demandes_d_acces": _requests(session, vault, mail or person.mail),
        "contacts_demandes": _reveals(session, account_id),
        "formulaires_commences": [
            _said(at)
            for model in (DeskDraft, ResourceDraft)
            for at in session.scalars(select(model.at).where(model.account_id == account_id))
        ],
        "listes_deposees": [
            _said(at)
            for at in session.scalars(
                select(SourceFile.received_at).where(SourceFile.who == str(account_id))
            )
        ],
        "versions_de_fiches_signees": session.scalars(
            select(func.count()).select_from(Revision).where(Revision.who == str(account_id))
        ).one(),
        "journal": _journal(session, vault, str(account_id)),
    }


def _identity(session: Session, vault: Vault, account_id: UUID) -> dict[str, str]:
    """Return what is held of an identity of ProConnect: its number is a digest, and of no use."""
    linked = identities.listed(session, vault, account_id)
    if linked is None:
        return {}
    return {
        "reliee_le": _said(linked.made_at),
        "servie_le": _said(linked.used_at),
        "autre_organisation_signalee_le": _said(linked.notified_at),
        "siret": linked.siret,
    }


def _reveals(session: Session, account_id: UUID) -> list[dict[str, str]]:
    """Return what somebody asked for, by number, motive and day: no file leads to a place, nor
    says when one took back what it had chosen.
    """
    rows = select(Reveal).where(Reveal.account_id == account_id).order_by(Reveal.asked_at)
    return [
        {
            "numero": row.number,
            "motif": MOTIVES[row.motive],
            "motif_pour_l_adresse": ADDRESS_MOTIVES.get(row.address_motive or "", ""),
            "demande_le": _day(row.asked_at),
            "donne_le": _day(row.given_at),
            "adresse_donnee_le": _day(row.address_at),
        }
        for row in session.scalars(rows)
    ]


def _day(at: datetime | None) -> str:
    return paris_day(at).isoformat() if at else ""


def held_by(
    session: Session, vault: Vault, mail: str, now: datetime
) -> tuple[UUID | None, dict[str, Any]]:
    """Return the account of an address, and what is held on its person; None, and their requests,
    of whom has none yet. Raises AccountUnknown where there is neither.
    """
    try:
        account_id = people.find_by_mail(session, vault, mail).id
    except AccountUnknown:
        if not (asked := _requests(session, vault, mail)):
            raise
        return None, {"fait_le": _said(now), "demandes_d_acces": asked}
    return account_id, held(session, vault, account_id, now, mail)


def _requests(session: Session, vault: Vault, mail: str) -> list[dict[str, str]]:
    if mail == UNREAD:
        # They are found by it alone.
        return [{"adresse_electronique": UNREAD}]
    return [
        {
            "nom": each.name,
            "adresse_electronique": each.mail,
            "organisation": each.organisation,
            "siret": each.siret,
            "fonction": each.function,
            "territoire": each.territory,
            "le": _said(each.since),
        }
        for each in requests.held(session, vault, mail)
    ]


def _sessions(session: Session, vault: Vault, account_id: UUID) -> list[dict[str, str]]:
    rows = select(StaffSession).where(StaffSession.account_id == account_id)
    return [
        {
            "navigateur": vault.open("staff_session", row.id, "device", row.device).decode(),
            "ouverte_le": _said(row.opened_at),
            "derniere_activite": _said(row.seen_at),
            "fermee_le": _said(row.ended_at),
        }
        for row in session.scalars(rows.order_by(StaffSession.opened_at))
    ]


def _links(
    session: Session, model: type[Invitation] | type[Confirmation], account_id: UUID
) -> list[dict[str, str]]:
    rows = session.execute(
        select(model.made_at, model.ends_at, model.used_at)
        .where(model.account_id == account_id)
        .order_by(model.made_at)
    )
    return [
        {"le": _said(row.made_at), "fin": _said(row.ends_at), "servi_le": _said(row.used_at)}
        for row in rows
    ]


def _journal(session: Session, vault: Vault, account_id: str) -> list[dict[str, object]]:
    return [
        {
            "numero": line.number,
            "le": _said(line.at),
            "geste": line.action,
            "par": BY_ONESELF if line.who == account_id else line.role or "le service",
            "objet": line.subject,
            "detail": line.detail,
        }
        for line in reading.about(session, vault, account_id)
    ]


def _said(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
