"""Registering an embed and revoking it: acts of the staff, each noted with who did it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.embeds.logo import media_type
from app.embeds.look import Look
from app.embeds.origins import read_origin
from app.embeds.registered import ID, RegisteredUnknown, read_locked
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Embed, EmbedRevocation, Role, new_embed_id
from app.search.criteria import Search
from app.search.wording import chips, heading
from app.settings import mail_or_web
from app.vault.sealing import Vault
from app.visibility import Viewer

NAME_MAX = 100
CONTACT_MAX = 200
ORIGINS_MAX = 20


class EmbedInvalid(Mesure23Error):
    """Cette carte ne peut pas être enregistrée : {problem}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An embed to register, as somebody typed it; search and look are read already.

    subdomains: origins may be wildcards. contact: a mail address or an https one. logo: a file.
    """

    search: Search
    look: Look
    origins: tuple[str, ...]
    subdomains: bool = False
    name: str
    contact: str | None = None
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered embed as staff see it; revoked_at, revoked_by: null while it is shown.

    logo: size in bytes, or None without one. why: sealed, see app.vault.sealing.
    """

    id: str
    search: str
    look: str
    origins: tuple[str, ...]
    name: str
    contact: str | None
    logo: int | None
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    revoked_by: str | None
    why: bytes | None


def register(session: Session, draft: Draft, who: str, embed_id: str | None = None) -> str:
    """Write an embed, and return its id; raises EmbedInvalid, OriginInvalid or LogoInvalid.

    embed_id: the one that it takes, so that a form that is sent twice makes one embed.
    """
    values = {
        "id": embed_id or new_embed_id(),
        "search": urlencode(draft.search.pairs(of_territory=True)),
        "look": urlencode(draft.look.pairs()),
        "origins": _origins(draft),
        "name": _name(draft.name),
        "contact": _contact(draft.contact),
        "logo": draft.logo,
        "logo_type": None if draft.logo is None else media_type(draft.logo),
        "created_by": who,
    }
    session.execute(upsert(Embed).values(values).on_conflict_do_nothing())
    return str(values["id"])


def revoke(
    session: Session, vault: Vault, embed_id: str, *, who: str, why: str
) -> tuple[Registration, bool]:
    """Revoke an embed for good; return it, and whether it was not revoked before.

    Raises RegisteredUnknown.
    """
    read_registration(session, embed_id)
    values = {
        "embed_id": embed_id,
        "who": who,
        "why": vault.seal(EmbedRevocation.__tablename__, embed_id, "why", why.encode()),
    }
    added = upsert(EmbedRevocation).values(values).on_conflict_do_nothing()
    done = session.scalar(added.returning(EmbedRevocation.embed_id))
    return read_registration(session, embed_id), done is not None


def read_registration(session: Session, embed_id: str) -> Registration:
    """Return a registered embed; raises RegisteredUnknown."""
    row = None
    if ID.fullmatch(embed_id):
        row = session.execute(_REGISTRATIONS.where(Embed.id == embed_id)).one_or_none()
    if row is None:
        raise RegisteredUnknown
    return _registration(row)


def selected(session: Session, embed: Registration) -> Search | None:
    """Return what an embed selects; None where its territory or a filter is known no more."""
    try:
        return read_locked(session, embed.search)
    except Mesure23Error:
        return None


def is_for(viewer: Viewer, search: Search | None) -> bool:
    """Return whether somebody keeps an embed: a référent those of its own territories alone.

    search: what the embed selects; None where that is known no more.
    """
    if viewer.role is Role.CURATEUR:
        return True
    codes = set(search.territories) if search else set()
    return bool(codes) and codes <= viewer.territories


def in_words(session: Session, search: Search) -> str:
    """Return in French what an embed selects."""
    where = read_names(session)[search.territory] if search.territory else heading(session, search)
    return " ; ".join([where, *(chip.label for chip in chips(session, search))])


def reason_of(vault: Vault, embed: Registration) -> str:
    """Return why an embed was revoked; "" while it is shown. Raises KeyMissing or NotOpened."""
    if embed.why is None:
        return ""
    return vault.open(EmbedRevocation.__tablename__, embed.id, "why", embed.why).decode()


def read_all(session: Session) -> list[Registration]:
    """Return every embed, those that are shown first, by name."""
    order = (EmbedRevocation.at.is_not(None), Embed.name, Embed.created_at)
    return [_registration(row) for row in session.execute(_REGISTRATIONS.order_by(*order))]


_REGISTRATIONS = select(
    Embed.id,
    Embed.search,
    Embed.look,
    Embed.origins,
    Embed.name,
    Embed.contact,
    func.octet_length(Embed.logo).label("logo"),
    Embed.created_at,
    Embed.created_by,
    EmbedRevocation.at.label("revoked_at"),
    EmbedRevocation.who.label("revoked_by"),
    EmbedRevocation.why,
).outerjoin(EmbedRevocation, EmbedRevocation.embed_id == Embed.id)


def _registration(row: Row[tuple[object, ...]]) -> Registration:
    return Registration(**row._asdict() | {"origins": tuple(row.origins)})


def _origins(draft: Draft) -> list[str]:
    origins = dict.fromkeys(
        read_origin(each, subdomains=draft.subdomains) for each in draft.origins
    )
    if not 0 < len(origins) <= ORIGINS_MAX:
        raise EmbedInvalid(problem=f"il faut de 1 à {ORIGINS_MAX} sites")
    return list(origins)


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not name or len(name) > NAME_MAX or not name.isprintable():
        raise EmbedInvalid(problem=f"le nom compte de 1 à {NAME_MAX} signes imprimables")
    return name


def _contact(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        contact = mail_or_web(given)
    except ValueError:
        contact = ""
    # What stands before an "@" in an address is not where it leads.
    elsewhere = contact.startswith("https:") and "@" in contact
    if not contact or len(contact) > CONTACT_MAX or not contact.isprintable() or elsewhere:
        raise EmbedInvalid(
            problem="le contact est une adresse de courriel ou commence par https://"
        )
    return contact
