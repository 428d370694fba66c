"""The sheet of an actor: what is known, from where, what the public sees, and why no more."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.assigning import Assigned, assigned
from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.audit.journal import Author
from app.desk.actors.deeds import offered
from app.desk.actors.errand import NONE, Errand, ErrandOf
from app.desk.actors.outcomes import REASONS
from app.desk.actors.readers import readers_lines
from app.desk.actors.showing import ACTORS, WORKERS, field_lines, unsaid, with_names
from app.desk.shell import gate
from app.desk.shell.copies import still_shown_by
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import ActorUnknown
from app.lists.received import read_line
from app.models import Actor, Role
from app.operations.backups import backups_read
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.records import past, second_look, taking_back
from app.records.correcting import may_correct
from app.records.opening import note_opening, note_reading
from app.records.sheets import Sheet, public_contacts, read_sheet
from app.records.undoing import latest
from app.records.wording import LEVELS, STATES
from app.search.actor_schemas import ActorSheet
from app.search.holders import functions
from app.search.sheets import read_sheet as read_public_sheet
from geo.zones import paris_day
from importers import vocabulary

router = APIRouter(prefix=ACTORS)
# On the sheet itself; its history has the others.
LATEST = 5
DONE = {
    "ouvert": "La fiche est ouverte pour un quart d’heure. Cette ouverture est au journal.",
    "protege": "L’acteur est protégé. Ce qui était public de lui peut encore se lire dans les "
    "fichiers de la base jusqu’à leur effacement : « Aujourd’hui » le dit tant que c’est dû.",
    "protection_annulee": "La protection est annulée : le public lit de nouveau la fiche, à une "
    "nouvelle adresse.",
    "demande": "La levée est demandée : un autre curateur doit la confirmer.",
    "refuse": "La levée est refusée ; la fiche reste protégée.",
    "publie": "La protection est levée : la fiche publique montre de nouveau cet acteur.",
    "contact": "Le contact est public ; « Ne plus publier » le retire.",
    "contact_retire": "Le public ne lit plus ce contact ; « Rendre public » le montre de nouveau.",
    "lecteurs": "C’est noté : la fiche dit qui lit ce champ.",
    "retabli": "La version antérieure est rétablie, comme une version nouvelle.",
    "retabli_cache": "La version antérieure est rétablie. Elle est d’un moment où la fiche était "
    "cachée : elle l’est de nouveau, et la fiche dit pourquoi.",
    "deja": "L’acteur est déjà ce qu’il était à cette version : rien n’est écrit.",
    "enregistre": "C’est enregistré.",
    "referme": "La fiche s’est refermée. Ouvrez-la de nouveau : ce que vous aviez écrit est gardé.",
    "protege_depuis": "Cette fiche a été protégée entre-temps. Ouvrez-la : ce que vous aviez écrit "
    "est gardé, « Corriger » propose de le reprendre.",
    "cree": "L’acteur est créé, en brouillon : le public ne le voit pas encore.",
    "enregistre_cache": "C’est enregistré. Le public n’en voit pas tout : la fiche dit pourquoi.",
    "mis_en_ligne": "C’est enregistré, et publié.",
    "inchange": "Rien n’avait changé : rien n’est écrit.",
    "annule": "C’est annulé : la fiche est comme avant, dans une version nouvelle.",
    "annule_cache": "C’est annulé. Le public n’en voit pas tout : la fiche dit pourquoi.",
    "pas_annule": "Rien n’est annulé : la fiche a changé depuis, ou l’heure est passée. "
    "L’historique rétablit la version que vous choisissez.",
    "verifie": "C’est noté : vérifié aujourd’hui.",
    "archive": "L’acteur est archivé : le public ne le voit plus.",
    "en_ligne": "L’acteur est publié.",
    **{f"non_{each}": f"Rien n’a été fait : {why}." for each, why in REASONS.items()},
}
# Of a draft, or of what is not published for another reason.
UNSEEN = {
    "enregistre_cache": "C’est enregistré. Le public n’en voit rien : la fiche dit pourquoi.",
    "annule_cache": "C’est annulé. Le public n’en voit rien : la fiche dit pourquoi.",
}
# After these its author may want to take back what they did.
TAKEN_BACK = frozenset(
    {
        *("enregistre", "enregistre_cache", "mis_en_ligne", "retabli", "retabli_cache", "protege"),
        *("verifie", "archive", "en_ligne"),
    }
)
# After these a copy of the database may still show what was public.
HIDES = frozenset({"protege", "contact_retire", "archive"})
# What somebody came for who has to open a protected record first.
OPEN_FIRST = {
    "corriger": "Ouvrez d’abord la fiche : vous pourrez ensuite la corriger.",
    "lever": "Ouvrez d’abord la fiche : relisez-la, puis levez sa protection.",
    "operateur": "Ouvrez d’abord la fiche : les codes de son opérateur se lisent ensuite.",
    "professionnels": "Ouvrez d’abord la fiche : ce que son opérateur a choisi se lit ensuite.",
    "versions": "Ouvrez d’abord la fiche : ses versions se comparent et se rétablissent ensuite.",
    "annuler": "Ouvrez d’abord la fiche : ce que vous venez de faire s’annule par son historique.",
    "geste": "Ouvrez d’abord la fiche : elle se vérifie et s’archive ensuite.",
    "ligne": "Ouvrez d’abord la fiche : la ligne telle que reçue se lit ensuite.",
}


def to_open(public_id: str, purpose: str, errand: Errand = NONE) -> Response:
    """Lead to a protected record, where its reader is told what they have to do before."""
    return RedirectResponse(f"{ACTORS}/{public_id}{errand.added}pour={purpose}", 303)


def find(session: Session, desk: Desk, signed: SignedIn, public_id: str) -> Sheet:
    """Return the sheet of an actor that somebody works on; raise ActorUnknown."""
    return read_sheet(
        session,
        desk.vault,
        gate.viewer_of(signed),
        str(signed.account_id),
        public_id if public_id.isascii() and public_id.isalnum() else "",
        desk.now(),
    )


def note_persons(desk: Desk, signed: SignedIn, sheet: Sheet, *, beside: bool = False) -> None:
    """Note that whom a sheet names is read, unless it is of one whose opening is noted.

    beside: more is shown that may name somebody: a line as it was received, what it was before.
    """
    unnoted = not sheet.is_masked and sheet.open_until is None
    if sheet.names_somebody or (beside and unnoted):
        author = gate.author_of(signed)
        note_reading(desk.engine, desk.vault, author, sheet.actor_id, desk.now())


@router.get("/{public_id}")
@open_to(*WORKERS)
def sheet(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    errand: ErrandOf,
    public_id: str,
    fait: Annotated[str, Query(max_length=30)] = "",
    avec: Annotated[int, Query(ge=0, le=9_999)] = 0,
    registres: Annotated[int, Query(ge=0, le=9)] = 0,
    pour: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """Show an actor: of a protected one its name and commune, until it is opened.

    avec: how many were hidden with it. registres: registers that show it. pour: the reader's wish.
    """
    if alone := _public_alone(desk, signed, public_id):
        template, (shown, who) = "desk/actors/public.html", alone
        return render(request, template, signed, public=shown, curateur=who)
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        author, viewer = gate.author_of(signed), gate.viewer_of(signed)
        of = (session, desk.vault, viewer, found.actor_id)
        history = past.steps(*of, masked=found.is_masked, limit=LATEST)
        asked = second_look.asked(session, desk.vault, found.actor_id)
        history, names = with_names(session, desk.vault, history, asked.who if asked else "")
        known = field_lines(session, desk.vault, viewer, found)
        public, readers = _public(session, desk, public_id), readers_lines(*of[:3], found)
        contacts = public_contacts(session, found.actor_id)
        deed = latest(session, desk.vault, author, found.actor_id) if fait in TAKEN_BACK else None
        undone_until = _undone_until(session, desk, author, found)
    note_persons(desk, signed, found)
    return render(
        request,
        "desk/actors/sheet.html",
        signed,
        sheet=found,
        lines=known,
        readers=readers,
        lacking=unsaid(known),
        public=public,
        history=history,
        asked=asked if not found.is_masked else None,
        names=names,
        withheld=_withheld(found, contacts),
        given=[each for each in found.record.shown if each in contacts] if found.record else [],
        level=LEVELS[found.level],
        state=STATES[found.public_status],
        is_curator=signed.role is Role.CURATEUR,
        done=(DONE if public else DONE | UNSEEN).get(fait, ""),
        deed=deed,
        undone_until=undone_until,
        offered=offered(viewer, found, paris_day(desk.now())),
        correctable=found.record is not None
        and not may_correct(viewer, found.record.category, found.record.territory),
        two_people=desk.settings.four_eyes or found.by_operator,
        competence=_competence(found),
        open_first=OPEN_FIRST.get(pour, ""),
        onward=errand.form_of(found.public_id),
        **_after(desk, fait, avec, registres),
    )


def _after(desk: Desk, done: str, beside: int, registers: int) -> dict[str, Any]:
    """Return what a page says beside what was done: where else it was done, or is still shown."""
    return {
        "beside": beside if done in DONE else 0,
        "registers": registers if done == "protege" else 0,
        "copies": still_shown_by(desk) if done in HIDES else [],
        "backups": backups_read(desk.settings.backup_dir) if done == "protege" else [],
    }


def _competence(found: Sheet) -> str:
    """Return the page where it is said which communes an actor has, "" where none may be."""
    record = found.record
    if record is None or found.level is not None:
        return ""
    has = (each.code for each in functions() if record.category in each.categories)
    query = {"fonction": next(has, ""), "acteur": found.public_id}
    page = f"{gate.HOME}/competence/{record.territory}?{urlencode(query)}"
    return page if query["fonction"] else ""


def _undone_until(session: Session, desk: Desk, author: Author, found: Sheet) -> datetime | None:
    """Return until when its reader may take back that they protected an actor."""
    given = (session, desk.vault, author.who, found.actor_id, found.status)
    return taking_back.until(*given) if found.level else None


def _public(session: Session, desk: Desk, public_id: str) -> ActorSheet | None:
    """Return the actor as a visitor reads it; None where there is nothing to read."""
    try:
        return read_public_sheet(session, vocabulary.load(), public_id, desk.now())
    except ActorUnknown:
        return None


def _public_alone(desk: Desk, signed: SignedIn, public_id: str) -> tuple[ActorSheet, str] | None:
    """Return what a visitor reads of an actor to whom of the staff may read no more of it, and who
    looks after its territory, by name.

    Their list has it beside all others, and says nothing of what is hidden.
    """
    viewer = gate.viewer_of(signed)
    if viewer.role is not Role.REFERENT_ETAT or not public_id.isalnum():
        return None
    with read(desk.engine) as session:
        listed = select(Actor.territory_code).where(
            viewer.worked_on(), Actor.public_id == public_id
        )
        territory = session.scalar(listed)
        whole = viewer.sealed().where(Actor.public_id == public_id)
        if territory is None or session.scalar(whole) is not None:
            return None
        public = _public(session, desk, public_id)
        who = str(assigned(session).get(territory, Assigned()).curateur or "")
        curateur = names_of(session, desk.vault, [who]).get(who, "")
        return (public, curateur) if public else None


def _withheld(sheet: Sheet, public: frozenset[str]) -> list[str]:
    """Return the phones and mailboxes that a person alone may give to the public."""
    if sheet.record is None:
        return []
    record = sheet.record
    contacts = (*record.phones, *record.emails)
    hidden = contacts if sheet.level in ("neutral", "held") else record.unpublished
    return [each for each in contacts if each in hidden and each not in public]


@router.post("/{public_id}/ouvrir")
@open_to(*WORKERS)
def open_it(
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    suite: Annotated[str, Form(max_length=gate.LONGEST_WAY)] = "",
) -> Response:
    """Open a protected record for its reader; noted before anything of it is shown.

    suite: the page of the desk that they read it for, else its sheet.
    """
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
    if found.is_masked:
        note_opening(desk.engine, desk.vault, gate.author_of(signed), found.actor_id)
    sheet = f"{ACTORS}/{found.public_id}?fait=ouvert"
    return RedirectResponse(gate.own_way(suite) if suite else sheet, 303)


@router.get("/{public_id}/recu")
@open_to(*WORKERS)
def received(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    fichier: UUID,
    ligne: Annotated[int, Query(ge=0, le=2**31 - 1)],
    feuille: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Show a line of a list as it was received, of an actor that is not masked."""
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        if found.is_masked:
            return to_open(found.public_id, "ligne")
        viewer = gate.viewer_of(signed)
        asked = (found.actor_id, fichier, feuille, ligne)
        line = read_line(session, desk.vault, viewer, *asked)
    note_persons(desk, signed, found, beside=True)
    return render(request, "desk/actors/received.html", signed, sheet=found, line=line)
