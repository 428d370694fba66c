"""The form of an event: what somebody entered, and what of it is to be corrected."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Form
from sqlalchemy import any_, literal, select
from sqlalchemy.orm import Session

from app.agenda.event import AUDIENCES, FORMS
from app.announcing.content import Content
from app.models import Actor, Commune
from app.resources.choices import THEMES
from app.resources.criteria import PATH as RESOURCES
from app.resources.texts import line, lines
from app.visibility import Viewer
from geo.names import search_name
from geo.zones import PARIS_TIME, PLACES, day_by, zone_of

TITLE_MAX, TEXT_MAX, PLACE_MAX, URL_MAX, REASON_MAX = 200, 10_000, 300, 500, 300
MOST_PLACES = 100_000
LONGEST, AHEAD = timedelta(days=31), timedelta(days=3 * 366)
OUT_OF_TIME = "Une date entre il y a un an et dans trois ans."
# What a clock may still say wrong of an event that is written down afterwards.
BACK = timedelta(days=366)
URL = re.compile(r"https://[^\s/]+\.[^\s/]+(/\S*)?")
POSTCODE = re.compile(r"(\d{5})\s+(.+)")
SHEET = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
OF_TERRITORY = "territoire"
Text = Annotated[str, Form(max_length=2 * TEXT_MAX)]
Short = Annotated[str, Form(max_length=2 * URL_MAX)]


@dataclass(frozen=True, slots=True)
class Entered:
    """The fields of the form as they were sent. problems: field -> what to do."""

    type: str = "webinaire"
    titre: str = ""
    texte: str = ""
    jour: str = ""
    debut: str = ""
    fin: str = ""
    dernier: str = ""
    fuseau: str = OF_TERRITORY
    territoire: str = ""
    themes: tuple[str, ...] = ()
    organisateur: str = ""
    lieu: str = ""
    lien: str = ""
    lecteurs: str = "public"
    places: str = ""
    inscription: bool = False
    enregistrement: str = ""
    commune: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """Return the clock by which it is said: that of the territory, unless one is chosen."""
        if self.fuseau in PLACES:
            return ZoneInfo(self.fuseau)
        return zone_of(self.territoire) if self.territoire else PARIS_TIME


class NotWhole(Exception):
    """Something of the form is to be corrected; entered: the form with what."""

    def __init__(self, entered: Entered) -> None:
        super().__init__()
        self.entered = entered


def read_form(
    titre: Short = "",
    texte: Text = "",
    jour: Short = "",
    debut: Short = "",
    fin: Short = "",
    dernier: Short = "",
    fuseau: Short = OF_TERRITORY,
    territoire: Short = "",
    organisateur: Short = "",
    lieu: Short = "",
    lien: Short = "",
    lecteurs: Short = "public",
    places: Short = "",
    inscription: Annotated[bool, Form()] = False,
    enregistrement: Short = "",
    commune: Short = "",
    form: Annotated[str, Form(alias="type", max_length=20)] = "webinaire",
    themes: Annotated[tuple[str, ...], Form(max_length=30)] = (),
) -> Entered:
    """Return what was sent, each text as it may be read."""
    short = (titre, jour, debut, fin, dernier, fuseau, territoire, organisateur, lieu, lien)
    titre, jour, debut, fin, dernier, fuseau, territoire, organisateur, lieu, lien = map(
        line, short
    )
    return Entered(
        *(form, titre, lines(texte), jour, debut, fin, dernier, fuseau, territoire),
        *(tuple(each for each in THEMES() if each in themes), organisateur, lieu, lien),
        *(lecteurs, line(places), inscription),
        enregistrement=line(enregistrement),
        commune=line(commune),
    )


def shown(session: Session, viewer: Viewer, content: Content) -> Entered:
    """Return an event as its form shows it; an organiser as the viewer may read them."""
    zone = ZoneInfo(content.zone)
    begins, ends = content.begins_at.astimezone(zone), content.ends_at.astimezone(zone)
    first, last = day_by(content.begins_at, zone), day_by(content.ends_at, zone)
    own = zone_of(content.territory) if content.territory else PARIS_TIME
    return Entered(
        type=content.form,
        titre=content.title,
        texte=content.text,
        jour=first.isoformat(),
        debut=f"{begins:%H:%M}",
        fin=f"{ends:%H:%M}",
        dernier=last.isoformat() if last > first else "",
        fuseau=OF_TERRITORY if own.key == zone.key else zone.key,
        territoire=content.territory or "",
        themes=content.themes,
        organisateur=_address_of(session, viewer, content.actor),
        lieu=content.place,
        lien=content.url,
        lecteurs=content.audience,
        places=str(content.capacity or ""),
        inscription=content.registers,
        enregistrement=f"{RESOURCES}/{content.replay}" if content.replay else "",
        commune=_commune_said(session, content.commune),
    )


def content_of(
    session: Session,
    viewer: Viewer,
    entered: Entered,
    territories: Mapping[str, str],
    now: datetime,
    former: UUID | None = None,
) -> Content:
    """Return the event that a form says; raise NotWhole.

    former: who organises it until now, whom the viewer may not read of.
    """
    wrong: dict[str, str] = {}
    if entered.type not in FORMS:
        wrong["type"] = "Choisissez une sorte d’événement."
    for name, text, most in (
        ("titre", entered.titre, TITLE_MAX),
        ("texte", entered.texte, TEXT_MAX),
        ("lieu", entered.lieu, PLACE_MAX),
        ("lien", entered.lien, URL_MAX),
    ):
        if len(text) > most:
            wrong[name] = f"{len(text)} caractères : {most} au plus."
    if not entered.titre:
        wrong["titre"] = "Donnez un titre."
    if entered.lien and not URL.fullmatch(entered.lien):
        wrong["lien"] = "Une adresse qui commence par https://."
    if entered.territoire and entered.territoire not in territories:
        wrong["territoire"] = "Choisissez un territoire de la liste."
    if entered.lecteurs not in AUDIENCES:
        wrong["lecteurs"] = "Choisissez qui le lit."
    number = entered.places
    if number and not (number.isascii() and number.isdigit() and 0 < int(number) <= MOST_PLACES):
        wrong["places"] = "Un nombre de places, ou rien."
    begins, ends = _hours(entered, now, wrong)
    replay = _replay_of(session, viewer, entered.enregistrement, wrong)
    commune = _commune_of(session, entered.commune, wrong)
    actor = _actor_of(session, viewer, entered.organisateur, wrong) or former
    if wrong or begins is None or ends is None:
        raise NotWhole(replace(entered, problems=wrong))
    return Content(
        form=entered.type,
        title=entered.titre,
        text=entered.texte,
        begins_at=begins,
        ends_at=ends,
        zone=entered.zone.key,
        territory=entered.territoire or None,
        themes=entered.themes,
        actor=actor,
        place=entered.lieu,
        url=entered.lien,
        audience="reseau" if entered.lecteurs == "reseau" else "public",
        capacity=int(number) if number else None,
        registers=entered.inscription,
        replay=replay,
        commune=commune,
    )


def _hours(
    entered: Entered, now: datetime, wrong: dict[str, str]
) -> tuple[datetime | None, datetime | None]:
    begins = _moment(entered, "jour", "debut", wrong)
    ends = _moment(entered, "dernier" if entered.dernier else "jour", "fin", wrong)
    if begins is None or ends is None:
        return None, None
    if not now - BACK <= begins <= now + AHEAD:
        wrong["jour"] = OUT_OF_TIME
    if begins >= ends:
        wrong["fin"] = "L’heure de fin vient après celle du début."
    elif ends - begins > LONGEST:
        wrong["dernier"] = "Un événement dure un mois au plus."
    return begins, ends


def _moment(entered: Entered, day: str, hour: str, wrong: dict[str, str]) -> datetime | None:
    """Return a moment by the clock of the form; one that this clock leaps over is none."""
    try:
        on = date.fromisoformat(getattr(entered, day))
    except ValueError:
        wrong[day] = "Une date, comme 2027-03-18."
        return None
    if not 2000 < on.year < 3000:
        # At the ends of the calendar no clock says which day it is elsewhere.
        wrong[day] = OUT_OF_TIME
        return None
    try:
        at: time | None = time.fromisoformat(getattr(entered, hour))
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None:
        wrong[hour] = "Une heure, comme 14:30."
        return None
    said = datetime.combine(on, at.replace(second=0, microsecond=0), entered.zone)
    moment = said.astimezone(ZoneInfo("UTC"))
    if moment.astimezone(entered.zone).replace(tzinfo=None) != said.replace(tzinfo=None):
        wrong[hour] = "Cette nuit-là, l’horloge avance : cette heure n’existe pas."
        return None
    return moment


def _actor_of(session: Session, viewer: Viewer, text: str, wrong: dict[str, str]) -> UUID | None:
    if not text:
        return None
    found = SHEET.search(text)
    seen = viewer.actors().c
    readable = select(seen.public_id).where(seen.public_id == (found[0] if found else ""))
    actor = session.scalar(select(Actor.id).where(Actor.public_id.in_(readable)))
    if actor is None:
        wrong["organisateur"] = "Aucune fiche à cette adresse : copiez celle de sa fiche publique."
    return actor


def _replay_of(session: Session, viewer: Viewer, text: str, wrong: dict[str, str]) -> str:
    """Return the public id of a resource that the viewer reads, "" of none."""
    if not text:
        return ""
    found, seen = SHEET.search(text), viewer.resources().c
    asked = select(seen.public_id).where(seen.public_id == (found[0] if found else ""))
    replay = session.scalar(asked)
    if replay is None:
        wrong["enregistrement"] = (
            "Aucune ressource publiée à cette adresse : copiez celle de sa page."
        )
    return replay or ""


def _commune_of(session: Session, text: str, wrong: dict[str, str]) -> str:
    """Return the code of the one commune of a name and a postcode, "" of no text."""
    if not text:
        return ""
    said = POSTCODE.fullmatch(text)
    asked = select(Commune.code).where(
        Commune.search_name == search_name(said[2] if said else text)
    )
    if said:
        asked = asked.where(literal(said[1]) == any_(Commune.postcodes))
    found = session.scalars(asked.limit(2)).all()
    if len(found) != 1:
        wrong["commune"] = "Le code postal et le nom d’une commune, comme 93500 Pantin."
        return ""
    return found[0]


def _commune_said(session: Session, code: str) -> str:
    row = session.get(Commune, code) if code else None
    return " ".join([*row.postcodes[:1], row.name]) if row else ""


def _address_of(session: Session, viewer: Viewer, actor: UUID | None) -> str:
    """Return the address of the sheet of an organiser, "" of whom the viewer may not read."""
    if actor is None:
        return ""
    seen = viewer.actors().c
    own = select(Actor.public_id).where(Actor.id == actor).scalar_subquery()
    row = session.execute(
        select(seen.public_id, seen.slug).where(seen.public_id == own)
    ).one_or_none()
    return f"/acteurs/{row.public_id}/{row.slug}" if row else ""
