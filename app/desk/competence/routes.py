"""Who is competent where in a territory: read for a function, said on a map, by list or by name."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.last_written import last_written
from app.desk.shell.page import WORKERS, render
from app.errors import ActorUnknown, Mesure23Error, TerritoryUnknown
from app.gazetteer.load import cached_gazetteer
from app.maps.areas import script
from app.models import Actor, Commune, Epci
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.platform.web.permissions import open_to
from app.records import undoing
from app.records.correcting import Outdated
from app.records.covering import Covering, correctable, cover, read_communes
from app.search.gaps import count_gaps
from app.search.holders import Function, Held, functions, read_holdings

HERE = f"{gate.HOME}/competence"
SCRIPT = f"{HERE}/carte.js"
# Colours of the map.
TONES = 8
# All communes of a territory, and a list of their names.
LARGEST = 100_000
DONE = {
    "ajoute": "C’est enregistré, et public : cet acteur a ces communes.",
    "retire": "C’est enregistré, et public : cet acteur n’a plus ces communes.",
    "inchange": "Rien n’avait changé : cet acteur a déjà ces communes.",
    "annule": "C’est annulé : la fiche est comme avant, dans une version nouvelle.",
    "reste": "Rien n’est annulé : la fiche a changé depuis, ou l’heure est passée.",
}
router = APIRouter(prefix=HERE)
Word = Annotated[str, Query(max_length=40)]
Deed = Literal["ajouter", "retirer"]
Communes = Annotated[list[Annotated[str, Form(max_length=5)]] | None, Form()]


class ChangedMeanwhile(Mesure23Error):
    """{who} a changé la fiche de {name} entre-temps ({what}). Votre choix n’est pas enregistré : la
    page montre ce qu’elle dit maintenant, et vos communes restent choisies.
    """

    status = 409
    title = "Fiche changée entre-temps"
    advice = "Relisez, puis enregistrez de nouveau."


class ActorGone(Mesure23Error):
    """Cet acteur n’est plus de ceux que cette page montre. Rien n’est enregistré, et vos communes
    restent choisies.
    """

    status = 404
    title = "Acteur introuvable"
    advice = "Choisissez-en un autre, ou cherchez sa fiche dans Acteurs."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose and did not save yet. error: why they could not."""

    error: Mesure23Error | None = None
    actor: str = ""
    communes: frozenset[str] = frozenset()
    text: str = ""
    epci: str = ""
    whole: bool = False


@router.get("")
@open_to(*WORKERS)
def territories(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """List the territories that somebody works on; who has one is led there."""
    with read(desk.engine) as session:
        own = gate.territories_of(session, signed)
        if len(own) == 1:
            return RedirectResponse(f"{HERE}/{next(iter(own))}", 303)
        found = count_gaps(session)
    # Where most is missing first.
    missing = {code: sum(found[code, each.code] for each in functions()) for code in own}
    return render(
        request,
        "desk/competence_list.html",
        signed,
        territories={code: own[code] for code in sorted(own, key=lambda each: -missing[each])},
        functions=functions(),
        found=found,
        here_url=HERE,
    )


@router.get("/carte.js")
@open_to(*WORKERS)
def map_script(request: Request) -> Response:
    """Return the script that Folium wrote for the map: no word of it is of an actor."""
    return script(SCRIPT, "mesure23.competence").answer(request)


@router.get("/{code}")
@open_to(*WORKERS)
def territory(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: str,
    fonction: Word = "",
    acteur: Word = "",
    fait: Word = "",
    lot: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show who has each commune of a territory for a function, nobody and doubts first.

    acteur: who is chosen at first. fait, lot: what was just done, which is undone by it.
    """
    done, batch = DONE.get(fait, ""), lot if fait in ("ajoute", "retire") else None
    return _page(request, desk, signed, code, fonction, Chosen(actor=acteur), done, batch)


@router.post("/{code}", max_body_size=LARGEST)
@open_to(*WORKERS)
def say(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: str,
    geste: Annotated[Deed, Form()] = "ajouter",
    fonction: Annotated[str, Form(max_length=40)] = "",
    acteur: Annotated[str, Form(max_length=60)] = "",
    decide: Annotated[str, Form(max_length=60)] = "",
    commune: Communes = None,
    liste: Annotated[str, Form(max_length=40_000)] = "",
    epci: Annotated[str, Form(max_length=20)] = "",
    tout: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Say which communes an actor has, or has not any more.

    acteur: its public id and the revision that was read, with a point between. decide: a commune,
    and as acteur whose it is, with a point between; then nothing else counts.
    """
    asked = _Asked(acteur, decide, tuple(commune or ()), liste, epci, tout == "oui")
    return _said(request, desk, signed, code, fonction, geste, asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A form as it was sent."""

    actor: str
    decided: str
    communes: tuple[str, ...]
    text: str
    epci: str
    whole: bool

    def has_communes(self) -> bool:
        """Say whether communes are chosen in any way."""
        return bool(self.communes or self.text.strip() or self.epci or self.whole)

    def chosen(self, error: Mesure23Error | None = None) -> Chosen:
        """Return what is chosen, to be shown again; error: why it could not be saved."""
        public_id, communes = self.actor.partition(".")[0], frozenset(self.communes)
        return Chosen(error, public_id, communes, self.text, self.epci, self.whole)


def _said(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    code: str,
    word: str,
    deed: Deed,
    asked: _Asked,
) -> Response:
    function = _function(word)
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    said = asked
    if asked.decided:
        commune, _, actor = asked.decided.partition(".")
        deed, said = "ajouter", _Asked(actor, "", (commune,), "", "", False)
    public_id, _, revision = said.actor.partition(".")
    try:
        with write(desk.engine) as session:
            own = gate.territories_of(session, signed)
            if code not in own:
                raise TerritoryUnknown(code=code[:10])
            # Before anything is read: who writes meanwhile makes it another version.
            hold(session, IMPORT_LOCK)
            gazetteer = cached_gazetteer(session.connection())
            chosen = read_communes(gazetteer, code, said.communes, said.text, said.epci)
            based_on = int(revision) if revision.isdecimal() and len(revision) < 10 else -1
            wish = Covering(code, deed, chosen, said.whole, based_on)
            saved = cover(
                session, desk.vault, viewer, author, public_id, function, wish, desk.now()
            )
            with_actor = select(Actor.id).where(Actor.public_id == saved.public_id)
            last = undoing.latest(session, desk.vault, author, session.scalars(with_actor).one())
    except TerritoryUnknown:
        raise
    except ActorUnknown:
        # Protected meanwhile, or never there: the answer is one.
        return _page(request, desk, signed, code, word, asked.chosen(ActorGone()))
    except Outdated:
        with read(desk.engine) as session:
            by = last_written(session, desk, signed, public_id)
        changed = ChangedMeanwhile(who=by.who, name=by.name, what=by.what)
        return _page(request, desk, signed, code, word, asked.chosen(changed))
    except Mesure23Error as refused:
        return _page(request, desk, signed, code, word, asked.chosen(refused))
    batch = last.batch if last and saved.changed else None
    done = "inchange" if not saved.changed else "retire" if deed == "retirer" else "ajoute"
    if asked.decided and asked.has_communes():
        # What else was chosen waits to be said: an address does not hold it.
        return _page(request, desk, signed, code, word, asked.chosen(), DONE[done], batch)
    given = {"fonction": function.code, "acteur": saved.public_id, "fait": done}
    given |= {"lot": str(batch)} if batch else {}
    return RedirectResponse(f"{HERE}/{code}?{urlencode(given)}", 303)


@router.get("/{code}/annuler")
@open_to(*WORKERS)
def back_to_the_page(code: str, fonction: Word = "") -> Response:
    """Lead to the page: a browser has this address once something was taken back."""
    return RedirectResponse(f"{HERE}/{quote(code)}?{urlencode({'fonction': fonction})}", 303)


@router.post("/{code}/annuler", max_body_size=LARGEST)
@open_to(*WORKERS)
def undo(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: str,
    lot: Annotated[UUID, Form()],
    fonction: Word = "",
    acteur: Annotated[str, Form(max_length=60)] = "",
    commune: Communes = None,
    liste: Annotated[str, Form(max_length=40_000)] = "",
    epci: Annotated[str, Form(max_length=20)] = "",
    tout: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Take back what somebody just said; what they chose of others since stays chosen."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    asked = _Asked(acteur, "", tuple(commune or ()), liste, epci, tout == "oui")
    with write(desk.engine) as session:
        if code not in gate.territories_of(session, signed):
            raise TerritoryUnknown(code=code[:10])
        undone = undoing.undo(session, desk.vault, viewer, author, lot).done
    done = "annule" if undone else "reste"
    if asked.has_communes():
        return _page(request, desk, signed, code, fonction, asked.chosen(), DONE[done])
    given = {"fonction": _function(fonction).code, "fait": done}
    return RedirectResponse(f"{HERE}/{code}?{urlencode(given)}", 303)


def _function(word: str) -> Function:
    """Return the function of an address, the first one where it names none."""
    return next((each for each in functions() if each.code == word), functions()[0])


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    code: str,
    word: str,
    chosen: Chosen,
    done: str = "",
    batch: UUID | None = None,
) -> Response:
    function, viewer = _function(word), gate.viewer_of(signed)
    with read(desk.engine) as session:
        own = gate.territories_of(session, signed)
        if code not in own:
            raise TerritoryUnknown(code=code[:10])
        found = read_holdings(session, function, code)
        revisions = correctable(session, viewer, found.actors)
        epcis = _epcis(session, code)
    counted = Counter(each.public_id for held in found.communes for each in held.holders)
    return render(
        request,
        "desk/competence.html",
        signed,
        http_status=chosen.error.status if chosen.error else 200,
        code=code,
        territory=own[code],
        path=f"{HERE}/{code}",
        functions=functions(),
        function=function,
        groups=_groups(found.communes),
        actors=found.actors,
        revisions=revisions,
        counted=counted,
        tones={each: number % TONES for number, each in enumerate(sorted(counted))},
        epcis=epcis,
        chosen=chosen,
        done=done,
        batch=batch,
        map=script(SCRIPT, "mesure23.competence"),
    )


def _groups(communes: tuple[Held, ...]) -> dict[str, list[Held]]:
    """Return communes by what is to be done: nobody is known, two sources differ, a register says
    otherwise than a person did, nothing.
    """
    groups: dict[str, list[Held]] = {"nobody": [], "unsure": [], "otherwise": [], "known": []}
    for each in communes:
        known = "otherwise" if each.aside else "known" if each.holders else "nobody"
        groups["unsure" if each.unsure else known].append(each)
    return groups


def _epcis(session: Session, code: str) -> dict[str, str]:
    """Return the intercommunalities that have communes in a territory, by code."""
    statement = (
        select(Epci.code, Epci.name)
        .join(Commune, Commune.epci_code == Epci.code)
        .where(Commune.territory_code == code)
        .distinct()
        .order_by(Epci.name)
    )
    return dict(session.execute(statement).all())
