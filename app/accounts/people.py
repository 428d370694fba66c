"""Accounts: who they are of, how they are made, and whether they let anybody in."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.errors import (
    AccountUnknown,
    MailMalformed,
    MailTaken,
    NameMissing,
    NotOneself,
    RoleByApproval,
    TerritoriesWrong,
)
from app.models import Account, Role, Territory
from app.models.account import CONFIRMED_FOR
from app.platform.database.sessions import among
from app.vault.digests import digest, index_key
from app.vault.lenient import Unread, leniently
from app.vault.sealing import Vault

TOKEN_BYTES, LONGEST_NAME = 32, 120
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# An account that nobody used for so long lets nobody in.
UNUSED_FOR = timedelta(days=183)
# Authors of deeds that have no account.
BY_CHIEF, BY_DEPOSIT_LINK, BY_ACTOR = "link:chief", "link:deposit", "link:actor"
BY_SERVICE, BY_OPERATOR = "worker", "code:operator"
NAMELESS = {
    BY_ACTOR: "L’acteur lui-même, par son lien",
    BY_OPERATOR: "Son opérateur, par son code",
    BY_CHIEF: "Le responsable hiérarchique, par son lien",
    BY_DEPOSIT_LINK: "Un lien de dépôt",
    BY_SERVICE: "Le service, de lui-même",
}

ROLE_LABELS = {
    Role.REFERENT_DEPARTEMENT: "Référent du Département",
    Role.REFERENT_ETAT: "Référent de l’État",
    Role.CURATEUR: "Curateur",
    Role.ADMINISTRATEUR: "Administrateur",
    Role.PROFESSIONNEL: "Professionnel",
}


def access_of(role: Role) -> str:
    """Return which access a role has, as the mails and pages of somebody else say it."""
    if role is Role.PROFESSIONNEL:
        return "professionnel à la cartographie Mesure 23"
    return "au bureau de la cartographie Mesure 23"


@dataclass(frozen=True, slots=True)
class Person:
    """An account with who it is of. chief: the mail address of who may confirm it, or nothing.

    organisation, siret, function, approved_by, reason: of a professional alone; siret: 14 digits,
    or nothing. unread: who it is of does not open, as a lenient vault says.
    """

    id: UUID
    name: str
    mail: str
    role: Role
    territories: tuple[str, ...]
    made_at: datetime
    confirmed_at: datetime
    used_at: datetime
    disabled_at: datetime | None
    has_password: bool
    has_code: bool
    chief: str = ""
    organisation: str = ""
    siret: str = ""
    function: str = ""
    approved_at: datetime | None = None
    approved_by: str = ""
    reason: str = ""
    unread: bool = False

    @property
    def role_label(self) -> str:
        """Return the role as pages say it."""
        return ROLE_LABELS[self.role]


def token_digest(token: str) -> bytes:
    """Return what stands in the database for a token that only its bearer has."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def find_by_mail(session: Session, vault: Vault, mail: str) -> Account:
    """Return the account of a mail address, for a change; raise AccountUnknown."""
    wanted = Account.login == login_of(session, vault, mail)
    account = session.scalar(select(Account).where(wanted).with_for_update())
    if account is None:
        raise AccountUnknown
    return account


def login_of(session: Session, vault: Vault, mail: str) -> bytes:
    """Return the keyed digest by which an account is found, whatever the case of its address."""
    return digest(index_key(session, vault), "login", mail.strip().casefold())


def create(
    session: Session,
    vault: Vault,
    *,
    mail: str,
    name: str,
    role: Role,
    territories: Iterable[str] = (),
    by: str,
) -> Account:
    """Add an account of the staff that nobody can sign in with yet; raise what is wrong with it."""
    if role is Role.PROFESSIONNEL:
        raise RoleByApproval
    account = prepare(session, vault, mail=mail, name=name, role=role, territories=territories)
    account.made_by = by
    return add(session, account)


def prepare(
    session: Session,
    vault: Vault,
    *,
    mail: str,
    name: str,
    role: Role,
    territories: Iterable[str],
    more: Mapping[str, str] | None = None,
    number: UUID | None = None,
) -> Account:
    """Return an account that is not there yet; more: what else is sealed of its person; number:
    its id, where it takes that of something before it.
    """
    mail, name = valid_mail(mail), valid_name(name)
    codes = territories_of_role(session, role, territories)
    login = login_of(session, vault, mail)
    if session.scalar(select(Account.id).where(Account.login == login)):
        raise MailTaken
    account = Account(id=number or uuid4(), login=login, role=role.value, territories=codes)
    person = {"name": name, "mail": mail, **(more or {})}
    account.person = vault.seal_json("account", account.id, "person", person)
    return account


def add(session: Session, account: Account) -> Account:
    """Add an account that was prepared; raise MailTaken."""
    session.add(account)
    try:
        session.flush()
    except IntegrityError:
        # Somebody else made it meanwhile.
        raise MailTaken from None
    return account


def valid_name(given: str) -> str:
    """Return a name as it is written; raise NameMissing."""
    name = " ".join(given.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NameMissing
    return name


def valid_mail(given: str) -> str:
    """Return a mail address as it is written; raise MailMalformed."""
    try:
        found = validate_email(given.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise MailMalformed from None
    return found.normalized


def territories_of_role(session: Session, role: Role, given: Iterable[str]) -> list[str]:
    """Return the codes of territories as a role has them; raise TerritoriesWrong."""
    codes = sorted({code.strip().upper() for code in given if code.isprintable() and code.strip()})
    if role in {Role.CURATEUR, Role.ADMINISTRATEUR}:
        if codes:
            raise TerritoriesWrong(problem="Ce rôle vaut pour toute la France : retirez les codes.")
        return []
    if not codes:
        raise TerritoriesWrong(problem="Donnez le code d’au moins un territoire, par exemple 93.")
    known = set(session.scalars(select(Territory.code).where(among(Territory.code, codes))))
    if unknown := [code for code in codes if code not in known]:
        raise TerritoriesWrong(problem=f"Aucun territoire n’a le code {', '.join(unknown)[:60]}.")
    return codes


def get(session: Session, account_id: UUID) -> Account:
    """Return an account, for a change; raise AccountUnknown."""
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise AccountUnknown
    return account


def get_another(session: Session, account_id: UUID, own: UUID) -> Account:
    """Return an account that is not one's own; raise AccountUnknown or NotOneself."""
    if account_id == own:
        raise NotOneself
    return get(session, account_id)


def read_person(vault: Vault, account: Account) -> Person:
    """Return who an account is of."""
    person = vault.open_json("account", account.id, "person", account.person)
    chief, reason = account.chief, account.reason
    return Person(
        id=account.id,
        name=person["name"],
        mail=person["mail"],
        role=Role(account.role),
        territories=tuple(account.territories),
        made_at=account.made_at,
        confirmed_at=account.confirmed_at,
        used_at=account.used_at,
        disabled_at=account.disabled_at,
        has_password=account.password is not None,
        has_code=account.totp is not None,
        chief=vault.open("account", account.id, "chief", chief).decode() if chief else "",
        organisation=person.get("organisation", ""),
        siret=person.get("siret", ""),
        function=person.get("function", ""),
        approved_at=account.approved_at,
        approved_by=account.approved_by or "",
        reason=vault.open("account", account.id, "reason", reason).decode() if reason else "",
        unread=isinstance(person, Unread),
    )


def read(session: Session, vault: Vault, account_id: UUID) -> Person:
    """Return whose account it is, without a lock; raise AccountUnknown."""
    account = session.get(Account, account_id)
    if account is None:
        raise AccountUnknown
    return read_person(vault, account)


def is_usable(account: Account, now: datetime) -> bool:
    """Say whether an account may let somebody in: enabled, used lately, confirmed within a year."""
    used = account.disabled_at is None and now - account.used_at < UNUSED_FOR
    return used and is_confirmed(account, now)


def is_confirmed(account: Account, now: datetime) -> bool:
    """Say whether an account was confirmed within a year; that of an administrateur, who opens no
    record, lets them in until the night disables it, which spares the last one.
    """
    return account.role == Role.ADMINISTRATEUR or now - account.confirmed_at < CONFIRMED_FOR


def everybody(session: Session, vault: Vault) -> list[Person]:
    """Return all accounts by name, those that are disabled last; what of one does not open says so
    in its place. Raises KeyMissing where none does.
    """
    lenient = leniently(session, vault)
    people = [read_person(lenient, each) for each in session.scalars(select(Account))]
    return sorted(people, key=lambda each: (each.disabled_at is not None, each.name.casefold()))


def names_of(session: Session, vault: Vault, authors: Iterable[str]) -> dict[str, str]:
    """Return who the authors of deeds are, by name; who typed a command by that of their login.

    A name that does not open says so. Raises KeyMissing where none does.
    """
    authors = set(authors)
    found = {who: NAMELESS[who] for who in authors if who in NAMELESS}
    in_commands = (who for who in authors if who.startswith("os:"))
    found |= {who: who.removeprefix("os:") + ", en ligne de commande" for who in in_commands}
    ids = [UUID(who) for who in authors - found.keys() if _ID.fullmatch(who)]
    found |= {str(each): f"Compte supprimé ({str(each)[:8]})" for each in ids}
    lenient = leniently(session, vault) if ids else vault
    for account in session.scalars(select(Account).where(among(Account.id, ids))):
        found[str(account.id)] = read_person(lenient, account).name
    return found


def writer_of(vault: Vault, session: Session, who: str) -> str:
    """Return who writes, as a sentence begins; who: "" where that is not known."""
    return names_of(session, vault, [who]).get(who, "Quelqu’un")
