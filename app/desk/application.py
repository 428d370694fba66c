"""The desk's application: what is said with every answer, and its features put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import Response

from app.accounts.errors import RequestLinkEnded
from app.accounts.people import writer_of
from app.accounts.proconnect import provider_of
from app.desk.access import contact_routes as asked_contacts
from app.desk.access import routes as access
from app.desk.accounts import data_routes as account_data
from app.desk.accounts import leaving_routes as leavers
from app.desk.accounts import routes as accounts
from app.desk.actors import choice_routes as choice
from app.desk.actors import create_routes as create
from app.desk.actors import deed_routes as deeds
from app.desk.actors import draft_routes as drafts
from app.desk.actors import export_routes as export
from app.desk.actors import form_routes as form
from app.desk.actors import history_routes as history
from app.desk.actors import list_routes as actors
from app.desk.actors import locate_routes as locate
from app.desk.actors import look_routes as look
from app.desk.actors import lot_routes as lots
from app.desk.actors import move_routes as move
from app.desk.actors import operator_routes as operator
from app.desk.actors import piles_routes as piles
from app.desk.actors import points_routes as points
from app.desk.actors import protect_routes as protection
from app.desk.actors import readers_routes as readers
from app.desk.actors import sheet_routes as sheet
from app.desk.actors import update_routes as update_file
from app.desk.agenda import routes as agenda
from app.desk.alerts import routes as alerts
from app.desk.calls import routes as calls
from app.desk.competence import routes as competence
from app.desk.confirmations import routes as confirmations
from app.desk.conflicts import many_routes as conflicts_many
from app.desk.conflicts import routes as conflicts
from app.desk.coverage import routes as coverage
from app.desk.decisions import routes as decisions
from app.desk.door import access_routes as asked_access
from app.desk.door import confirm_routes as confirm
from app.desk.door import enrol_routes as enrol
from app.desk.door import hide_routes as hiding
from app.desk.door import proconnect_routes as proconnect
from app.desk.door import prove_routes as prove
from app.desk.door import register_routes as registration
from app.desk.door import routes as door
from app.desk.door import sheet_routes as own_sheet
from app.desk.door import uninvited_routes as uninvited
from app.desk.duplicates import routes as duplicates
from app.desk.embeds import routes as embeds
from app.desk.imports import apply_routes as applying
from app.desk.imports import beside_routes as beside
from app.desk.imports import columns_routes as columns
from app.desk.imports import handling_routes as handling
from app.desk.imports import leading_back
from app.desk.imports import line_routes as deposit_lines
from app.desk.imports import link_routes as deposit_links
from app.desk.imports import next_routes as deposit_next
from app.desk.imports import other_routes as deposit_others
from app.desk.imports import pair_routes as deposit_pairs
from app.desk.imports import review_routes as reviews
from app.desk.imports import routes as imports
from app.desk.imports import undo_routes as undoing
from app.desk.jobs import routes as jobs
from app.desk.journal import routes as journal
from app.desk.letters import routes as letters
from app.desk.meetings import meeting_routes
from app.desk.meetings import routes as meetings
from app.desk.mine import routes as mine
from app.desk.network import charter_routes as network_charter
from app.desk.network import (
    committee_routes,
    contacts_routes,
    convener_routes,
    member_routes,
    received_routes,
    watching_routes,
)
from app.desk.network import directory_routes as network_directory
from app.desk.network import profile_routes as network_profile
from app.desk.pro import agenda_routes as pro_agenda
from app.desk.pro import calendar_routes as pro_calendar
from app.desk.pro import place_routes as pro_places
from app.desk.pro import resource_routes as pro_resources
from app.desk.pro import routes as pro
from app.desk.reports import routes as reports
from app.desk.resources import arrange_routes as resource_arranging
from app.desk.resources import collection_routes as resource_collections
from app.desk.resources import dead_routes as dead_resources
from app.desk.resources import draft_routes as resource_drafts
from app.desk.resources import edit_routes as resource_form
from app.desk.resources import history_routes as resource_history
from app.desk.resources import hold_routes as resource_holds
from app.desk.resources import import_routes as resource_imports
from app.desk.resources import list_routes as resources
from app.desk.resources import new_routes as new_resources
from app.desk.resources import proposal_routes as proposed_resources
from app.desk.resources import quick_routes as quick_resources
from app.desk.resources import resource_routes as resource_page
from app.desk.resources import withdraw_routes as resource_withdrawal
from app.desk.shell import gate
from app.desk.shell.forgetting import Forgetting
from app.desk.shell.gate import Desk, FactorNeeded, SignInNeeded, StaffOnly
from app.desk.sources import answer_routes as source_answers
from app.desk.sources import link_routes as source_links
from app.desk.sources import name_routes as source_names
from app.desk.sources import routes as sources
from app.desk.statistics import routes as statistics
from app.desk.territories import routes as territories
from app.desk.today import routes as today
from app.errors import ActorUnknown, Mesure23Error, PageUnknown, RequestInvalid
from app.freshness.answering import LinkOver
from app.lists.links import EnoughForToday, LinkEnded
from app.platform.database.engines import Databases
from app.platform.database.patience import BeingWritten, Patience, waiting_at_most
from app.platform.web import exceptions, health, turns
from app.platform.web.errors import BodyTooLarge, MethodUnknown
from app.platform.web.headers import HeadAsGet, HeaderPolicy
from app.platform.web.outermost import surround
from app.platform.web.permissions import STAFF, Profile, audience_of
from app.platform.web.problems import answer, prefers_json
from app.platform.web.request_size import RequestSize
from app.platform.web.same_origin import SameOrigin
from app.platform.web.site import make_site
from app.platform.web.telemetry import NONE
from app.platform.web.templates import Templates
from app.records.operator_codes import CodeLinkOver
from app.registrations.registering import RegistrationEnded
from app.search.page_words import page_words
from app.settings import Settings
from app.vault.sealing import Vault
from app.vault.verifying import StillRight

if TYPE_CHECKING:
    # Its library is loaded where metrics are asked for.
    from app.platform.web.metrics import Metrics

# What lies below these is the desk's.
PREFIXES = (gate.HOME, gate.DOOR, gate.DEPOSIT, gate.PRO)
ERROR_PAGE = "desk/error.html"
ADVICE: dict[type[Mesure23Error], str] = {
    PageUnknown: "Vérifiez l’adresse, ou repartez de l’accueil.",
    RequestInvalid: "Corrigez l’adresse, ou repartez de l’accueil.",
    MethodUnknown: "Repartez de l’accueil.",
    BodyTooLarge: "Repartez de l’accueil.",
}
# A turn ends once the answer is made: who reads it slowly has none.
BEFORE_EACH = [Depends(turns.in_turn, scope="function"), Depends(gate.guard)]
# Whoever saves waits so long for somebody else's list, and is told whose it is.
PATIENCE_SECONDS = 5
PASSKEYS = ("publickey-credentials-create", "publickey-credentials-get")


class SheetUnknown(Mesure23Error):
    """Aucune fiche que vous pouvez lire n’est à cette adresse. Une fiche change d’adresse
    quand elle est protégée, ou quand sa protection est levée.
    """

    status = 404
    title = "Fiche introuvable"
    advice = "Cherchez dans Acteurs."


def create_desk(
    settings: Settings,
    databases: Databases,
    vault: Vault,
    *,
    alone: bool = False,
    metrics: "Metrics | None" = None,
) -> FastAPI:
    """Return the application of the staff; the caller opens and closes the databases.

    alone: no public page answers at its address. metrics: of this process, where it shows any.
    """
    # With "no-referrer" a browser would send our own forms with "Origin: null".
    policy = HeaderPolicy(referrer="same-origin", asked=PASSKEYS)
    words = page_words()
    site = make_site(settings, databases, Templates, words, None, policy, ERROR_PAGE, ADVICE)
    # A prefix of links to public pages; None where nobody has said where they are.
    site.templates.globals["public_base"] = settings.public_url or (None if alone else "")
    app = FastAPI(
        title="Mesure 23, bureau",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=NONE,
        lifespan=_lifespan,
    )
    app.state.site = site
    site.opens.append(StillRight(databases.staff, vault))
    patience = Patience(PATIENCE_SECONDS, partial(writer_of, vault))
    staff = waiting_at_most(databases.staff, patience)
    app.state.desk = Desk(settings, staff, vault, provider_of(settings))
    _answer_errors(app)
    # The last one added is the outermost. Nothing is compressed: beside what somebody may have
    # chosen, the length of an answer would tell of what is secret in it.
    app.add_middleware(Forgetting)
    app.add_middleware(exceptions.LastResort)
    app.add_middleware(SameOrigin)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestSize)
    surround(app, "desk", settings.desk_url or settings.public_url, metrics)
    app.router.routes += _pages().routes
    app.mount("/static", site.assets, name="static")
    return app


@cache
def _pages() -> APIRouter:
    """Return the routes of all features: to work out what each takes is most of the work."""
    router = APIRouter()
    for feature in (
        *(door, proconnect, enrol, confirm, own_sheet, hiding, prove, today, mine, pro, pro_places),
        *(pro_resources, pro_calendar, pro_agenda, agenda, letters, registration),
        *(network_charter, network_profile, network_directory, alerts),
        *(member_routes, received_routes, watching_routes, contacts_routes, uninvited),
        *(committee_routes, convener_routes),
        *(asked_contacts, access, asked_access),
        *(
            leavers,
            accounts,
            account_data,
            coverage,
            statistics,
            competence,
            meetings,
            meeting_routes,
        ),
        *(territories, imports, reviews, columns, deposit_lines, deposit_pairs, deposit_next),
        *(reports, confirmations, calls, applying, undoing, beside, deposit_links, embeds),
        *(duplicates, handling, conflicts, conflicts_many, jobs, journal, deposit_others),
        *(sources, source_links, source_names, source_answers),
        # Its pages with a word in the place of an id stand before what takes any id.
        *(actors, lots, piles, points, move, export, update_file),
        *(create, drafts, look, locate, form, sheet, deeds, history, protection),
        *(operator, choice, readers, decisions),
        *(resources, quick_resources, resource_holds, resource_collections, resource_arranging),
        *(resource_imports, dead_resources, proposed_resources),
        *(new_resources, resource_drafts, resource_form, resource_history, resource_withdrawal),
        resource_page,
    ):
        router.include_router(feature.router, dependencies=BEFORE_EACH)
    # What monitors ask waits for no turn, and no thread.
    router.include_router(health.router)
    return router


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    # Who asks whether it is ready starts the thread that reads them.
    app.state.site.versions.stop()


def _answer_errors(app: FastAPI) -> None:
    exceptions.register(app, {})
    app.add_exception_handler(SignInNeeded, _lead_to_the_door)
    app.add_exception_handler(ActorUnknown, _lead_to_actors)
    app.add_exception_handler(StaffOnly, _lead_to_their_own)
    app.add_exception_handler(FactorNeeded, prove.ask_before)
    app.add_exception_handler(BeingWritten, _say_who_writes)
    for refused in leading_back.HANDLED:
        app.add_exception_handler(refused, leading_back.lead_back)
    for each in (
        RequestLinkEnded,
        RegistrationEnded,
        LinkEnded,
        EnoughForToday,
        LinkOver,
        CodeLinkOver,
    ):
        app.add_exception_handler(each, _to_a_sender)


def _lead_to_actors(request: Request, _: Exception) -> Response:
    """Say where the sheet of an actor is looked for, since its old address leads nowhere."""
    return answer(request, SheetUnknown(), onward=("Chercher dans Acteurs", "/gestion/acteurs"))


def _lead_to_their_own(request: Request, _: Exception) -> Response:
    """Tell a professional that a page is of the staff, and lead to what is open to them."""
    return answer(request, StaffOnly(), onward=("Ouvrir votre espace", gate.PRO))


def _to_a_sender(request: Request, error: Exception) -> Response:
    """Answer who came by a link and has no account: nothing of the desk is theirs to go back to."""
    if not isinstance(error, Mesure23Error):
        raise error
    return answer(request, error, template="desk/link_error.html")


def _say_who_writes(request: Request, error: Exception) -> Response:
    """Answer who has to wait; the name of a colleague is read where nobody but staff comes."""
    if not isinstance(error, BeingWritten):
        raise error
    audience = audience_of(request.scope.get("endpoint")) or frozenset()
    if audience and audience <= STAFF:
        return answer(request, error)
    by_link = "desk/link_error.html" if Profile.LINK in audience else None
    return answer(request, BeingWritten(who="Quelqu’un"), template=by_link)


def _lead_to_the_door(request: Request, _: Exception) -> Response:
    """Lead to the door from a page; a form or a script is told instead that the session ended."""
    if request.method in {"GET", "HEAD"} and not prefers_json(request):
        return gate.to_the_door(request)
    door = gate.door_to(gate.way_back(request))
    return answer(request, SignInNeeded(), onward=("Se connecter", door))
