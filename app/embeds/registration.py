"""Registering an embed: an act of the staff, noted with who did it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.embeds.logo import media_type
from app.embeds.look import Look
from app.embeds.origins import read_origin
from app.embeds.registered import read_locked
from app.embeds.stored import Registration
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Embed, Role, new_embed_id
from app.search.criteria import Search
from app.search.wording import chips, heading
from app.settings import mail_or_web
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
