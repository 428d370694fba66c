"""Several actors at once: verified, classified, archived, published if they are drafts, undone.

Of the hidden ones: left hidden for good, cleared of a doubt that shows nothing, protected. Never is
a protection lifted here: that is decided on the sheet of each.
"""

import re
from dataclasses import replace
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.audit.journal import gathered
from app.desk.actors import list_routes, piles_routes
from app.desk.actors.choices import Asked, asked_by
from app.desk.actors.deeds import DEEDS, OF_HIDDEN
from app.desk.actors.outcomes import written
from app.desk.actors.showing import ACTORS, WORKERS, Lacking
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.errors import Mesure23Error
from app.lists.learned import learn, unlearn, words_of
from app.models import Role
from app.platform.database.sessions import IMPORT_LOCK, hold, write
from app.platform.web.permissions import open_to
from app.records import many, many_hidden, undoing
from app.records.listing import everyone, mark_as_read, mark_of
from app.records.many import MOST, MOST_FOUND, Deed, Done
from app.records.piles import LONGEST
from app.records.wanted import Wanted
from importers import vocabulary
from importers.terms import OFF_MAP

PILE, HIDDEN = f"{gate.HOME}/a-classer", f"{gate.HOME}/masques"
# What a form may stand on beside the list, by what its address says.
PILES = {"a-classer": PILE, "masques": HIDDEN, "points": f"{gate.HOME}/points"}
PAGES = {PILE: piles_routes.to_classify_page, HIDDEN: piles_routes.hidden_page}
router = APIRouter()
# A public id and, where it is judged as it was read, the number of the revision.
_READ = re.compile(r"([0-9a-f]{16})(?:\.([0-9]{1,9}))?")
Ids = Annotated[tuple[str, ...], Form(max_length=MOST)]
Text = Annotated[str, Form(max_length=60)]


class NobodyChosen(Mesure23Error):
    """Rien n’a été fait : un geste touche ceux qui sont cochés."""

    status = 422
    title = "Aucun acteur n’est coché"
    advice = "Cochez les acteurs, puis choisissez le geste."


class DeedUnsaid(Mesure23Error):
    """Rien n’a été fait : aucune catégorie n’est choisie."""

    status = 422
    title = "Il manque la catégorie"
    advice = "Choisissez la catégorie à donner, puis « Classer »."


class WhyMissing(Mesure23Error):
    """Rien n’a été fait : personne ne saurait pourquoi ces acteurs sont protégés."""

    status = 422
    title = "La raison manque"
    advice = "Écrivez la raison, qui reste scellée, puis recommencez."


class ForCurateurs(Mesure23Error):
    """Un curateur seul écarte un doute. Rien n’a été fait."""

    status = 403
    title = "Réservé aux curateurs"
    advice = "Gardez ces acteurs cachés, ou signalez-les au curateur de leur territoire."


class TooManyFound(Mesure23Error):
    """Cette liste compte plus de {most} acteurs : un geste n’en touche pas davantage à la fois."""

    status = 422
    title = "Trop d’acteurs à la fois"
    advice = "Choisissez un territoire ou un filtre, puis recommencez."


class ListChanged(Mesure23Error):
    """Rien n’a été fait : la liste ne trouve plus ceux que vous lisiez."""

    status = 409
    title = "La liste a changé"
    advice = "Relisez ce qui est trouvé, puis recommencez."


LACKING = (NobodyChosen, DeedUnsaid, WhyMissing, ForCurateurs, TooManyFound, ListChanged)


@router.get(f"{ACTORS}/lot")
@open_to(*WORKERS)
def back_to_the_list(request: Request, signed: Signed) -> Response:
    """Lead to the list: a browser has this address once something was lacking."""
    return RedirectResponse(f"{_stood_on(request, signed)}?{request.url.query}", 303)


@router.post(f"{ACTORS}/lot")
@open_to(*WORKERS)
def several(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    geste: Text = "",
    categorie: Text = "",
    acteur: Ids = (),
    vu: Ids = (),
    portee: Annotated[Literal["", "page", "tous"], Form()] = "",
    trouves: Text = "",
    mot: Annotated[str, Form(max_length=LONGEST)] = "",
    pourquoi: Annotated[str, Form(max_length=1_000)] = "",
    retenir: Annotated[bool, Form()] = False,
) -> Response:
    """Do one thing to the actors that were chosen, and say what became of them.

    acteur: those that were checked, on the pile of the hidden with the revision that was read.
    vu: those of the page. trouves: the mark of all that was found.
    mot: the word of a pile that the form is of; retenir: it means so in the next lists as well.
    pourquoi: the reason to protect. What is lacking is said on the page itself.
    """
    sent = vu if portee == "page" else acteur
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    try:
        if not (sent or portee == "tous"):
            raise NobodyChosen
        deed = _deed(signed, geste, categorie, pourquoi.strip())
        with write(desk.engine) as session:
            # Before anything is read: a list that is being written changes what is found.
            hold(session, IMPORT_LOCK)
            asked = asked_by(session, request, desk, signed)
            found = [each for each in map(_READ.fullmatch, sent) if each]
            chosen, seen = [each[1] for each in found], {e[1]: int(e[2]) for e in found if e[2]}
            if portee == "tous":
                as_read = _stood_on(request, signed) == HIDDEN
                chosen = _all_found(asked, trouves, as_read=as_read)
            becomes = categorie if geste == "classer" else None
            means = OFF_MAP if geste == "archiver" else becomes
            by = (session, desk.vault, viewer, author)
            # Only a curateur says how the lists of others are read.
            tells = retenir and means and signed.role is Role.CURATEUR
            words = words_of(session, desk.vault, chosen, mot) if tells else ()
            # The journal last: whoever reads words anew elsewhere locks the source before it.
            with gathered(session, desk.vault):
                done = many.do(*by, chosen, deed, category=becomes, read=seen)
                known = done.batch if words else None
                learns = False
                if known is not None and means:
                    learns = learn(*by, words, means, known)
    except LACKING as error:
        checked = frozenset(each.partition(".")[0] for each in acteur)
        lacking = Lacking(error, checked, categorie, portee, mot)
        page = PAGES.get(_stood_on(request, signed), list_routes.page)
        return page(request, desk, signed, lacking)
    return _back(request, signed, asked.wanted, geste, done, word="retenu" if learns else "")


@router.post(f"{ACTORS}/lot/annuler")
@open_to(*WORKERS)
def undo(request: Request, desk: DeskOf, signed: Signed, lot: Annotated[UUID, Form()]) -> Response:
    """Take back what somebody just did to several."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        with gathered(session, desk.vault):
            done = undoing.undo(session, desk.vault, viewer, author, lot)
            forgets = done.done > 0 and unlearn(session, desk.vault, viewer, author, lot)
        wanted = asked_by(session, request, desk, signed).wanted
    return _back(request, signed, wanted, "annuler", done, word="oublie" if forgets else "")


def _all_found(asked: Asked, mark: str, *, as_read: bool) -> list[str]:
    """Return all that a list finds, if it finds those that its reader was shown.

    as_read: and as they were then.
    """
    found = everyone(asked.finding, asked.wanted)
    if len(found) > MOST_FOUND:
        raise TooManyFound(most=str(MOST_FOUND))
    if (mark_as_read(asked.finding.session, found) if as_read else mark_of(found)) != mark:
        raise ListChanged
    return found


def _deed(signed: SignedIn, name: str, category: str, why: str) -> Deed:
    if name == "proteger":
        if not why:
            raise WhyMissing
        return many_hidden.protect_because(why)
    if name == "ecarter" and signed.role is not Role.CURATEUR:
        raise ForCurateurs
    if name in DEEDS | OF_HIDDEN:
        return (DEEDS | OF_HIDDEN)[name]
    if name != "classer" or category not in vocabulary.load().categories:
        raise DeedUnsaid
    return many.classify_as(category)


def _stood_on(request: Request, signed: SignedIn) -> str:
    """Return the page that a form stood on: the list, or a pile that its sender may read."""
    place = PILES.get(request.query_params.get("depuis", ""), ACTORS)
    return ACTORS if place in PAGES and signed.role not in piles_routes.READERS else place


def _back(
    request: Request,
    signed: SignedIn,
    wanted: Wanted,
    deed: str,
    done: Done,
    *,
    word: str = "",
) -> Response:
    """Lead back to the list or the pile that the form stood on, as it was narrowed.

    word: what became of the word of the pile.
    """
    if signed.role is Role.REFERENT_ETAT:
        # How many others are hidden with it would say who stands beside it.
        done = replace(done, hid=0)
    place = _stood_on(request, signed)
    if place == HIDDEN:
        wanted = replace(wanted, masque="", sort="nom")
    said = written(deed, done)
    if word:
        said["mot"] = word
    if done.reread:
        said["relire"] = ".".join(done.reread)
    query = "&".join(part for part in (wanted.query(), urlencode(said)) if part)
    return RedirectResponse(f"{place}?{query}", 303)
