"""Letters: their list, the form of one and how it will be read, its trial, its sending."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.composing import listing, writing
from app.composing.errors import LetterMissing, NothingToSendBy
from app.composing.writing import READERS
from app.desk.letters.entered import TEXT_MAX, Entered, read_form
from app.desk.letters.showing import as_page, lines_of, remarks_of
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.letters.letter import Block, title_of
from app.letters.mail import STYLE_DIGEST, halves_of
from app.letters.queries import MONTH, read_blocks
from app.models import Role
from app.models.job import Job
from app.models.letter_issue import LetterStatus, MailStatus
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer
from app.platform.web.permissions import open_to
from app.platform.web.site import Site
from geo.zones import paris_day

HERE = f"{gate.HOME}/lettres"
router = APIRouter(prefix=HERE)
STATUSES: dict[LetterStatus, str] = {
    "draft": "brouillon",
    "waiting": "à relire",
    "going": "en cours d’envoi",
    "sent": "envoyée",
    "withdrawn": "retirée",
}
# Of one, and of many.
MAILS: dict[MailStatus, tuple[str, str]] = {
    "gone": ("partie", "parties"),
    "queued": ("à envoyer", "à envoyer"),
    "going": ("en cours", "en cours"),
    "refused": ("refusée par son serveur", "refusées par leur serveur"),
    "doubt": (
        "dans le doute : le serveur n’a pas dit s’il l’a prise ; elle n’est pas renvoyée",
        "dans le doute : le serveur n’a pas dit s’il les a prises ; elles ne sont pas renvoyées",
    ),
}
DONE = {
    "enregistree": "C’est enregistré.",
    "soumise": "C’est soumis : une autre personne la lit et l’envoie.",
    "essai": "Un essai part vers votre adresse dans la minute.",
    "envoyee": "C’est approuvé : elle part vers chaque abonné.",
    "retiree": "C’est retiré : plus personne ne la reçoit ni ne la lit.",
}
# The mail in a frame: nothing of it runs, loads, or leads the page elsewhere.
OF_FRAME = f"default-src 'none'; style-src {STYLE_DIGEST}; sandbox; frame-ancestors 'self'"
EnteredOf = Annotated[Entered, Depends(read_form)]
Seen = Annotated[str, Form(max_length=40)]


@router.get("")
@open_to(*READERS)
def letters(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show the letters, and begin one."""
    return _list(request, desk, signed)


@router.post("")
@open_to(Role.CURATEUR)
def begin(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    mois: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Begin the letter of a month."""
    if not MONTH.fullmatch(mois):
        return _list(request, desk, signed, wrong="Un mois, comme 2027-03.")
    try:
        with write(desk.engine) as session:
            writing.create(session, desk.vault, gate.author_of(signed), mois, desk.now())
    except Mesure23Error as error:
        return _list(request, desk, signed, error=error)
    return RedirectResponse(f"{HERE}/{mois}", 303)


@router.get("/{month}")
@open_to(*READERS)
def letter(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    month: str,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the form of a letter, and how it will be read."""
    return _page(request, desk, signed, month, done=DONE.get(fait, ""))


@router.post("/{month}")
@open_to(Role.CURATEUR)
def save(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    month: str,
    entered: EnteredOf,
    vu: Seen = "",
    geste: Annotated[Literal["enregistrer", "soumettre"], Form()] = "enregistrer",
) -> Response:
    """Save a letter, and have it wait for a second person where that is asked for."""
    again = (request, desk, signed, month, entered.blocks)
    if entered.wrong:
        return _page(*again, seen=vu, wrong=entered.wrong)
    author, done = gate.author_of(signed), "enregistree"
    try:
        with write(desk.engine) as session:
            found = writing.find(session, month, lock=True)
            given = (session, desk.vault, author, found)
            writing.change(*given, entered.blocks, vu, desk.now())
            if geste == "soumettre":
                writing.ask(*given, writing.version_of(found))
                done = "soumise"
    except LetterMissing:
        raise
    except Mesure23Error as error:
        return _page(*again, seen=vu, error=error)
    return RedirectResponse(f"{HERE}/{month}?fait={done}", 303)


@router.get("/{month}/apercu")
@open_to(*READERS)
def preview(desk: DeskOf, month: str, forme: Literal["entiere", "lien"] = "entiere") -> Response:
    """Show the mail of a letter as it would leave now, for a frame."""
    with read(desk.engine) as session:
        found = writing.find(session, month)
        blocks = read_blocks(session, writing.content_of(desk.vault, found))
    halves = halves_of(month, blocks, site=_site(desk), leave="#", link_only=forme == "lien")
    return HTMLResponse(halves.html, headers={"Content-Security-Policy": OF_FRAME})


@router.post("/{month}/essai")
@open_to(*READERS)
def try_out(request: Request, desk: DeskOf, signed: Signed, month: str) -> Response:
    """Send a letter to who asks, as it would leave now."""
    try:
        with write(desk.engine) as session:
            found = writing.find(session, month)
            _check_settings(desk)
            defer(session, Job.LETTER_TEST, found.id, signed.account_id)
    except NothingToSendBy as error:
        return _page(request, desk, signed, month, error=error)
    return RedirectResponse(f"{HERE}/{month}?fait=essai", 303)


@router.post("/{month}/envoyer")
@open_to(*READERS)
def send(request: Request, desk: DeskOf, signed: Signed, month: str, vu: Seen = "") -> Response:
    """Approve a letter of somebody else, which leaves then."""
    author, alone = gate.author_of(signed), not desk.settings.four_eyes
    try:
        with write(desk.engine) as session:
            found = writing.find(session, month, lock=True)
            _check_settings(desk)
            writing.send(session, desk.vault, author, found, vu, desk.now(), alone=alone)
    except LetterMissing:
        raise
    except Mesure23Error as error:
        return _page(request, desk, signed, month, error=error)
    return RedirectResponse(f"{HERE}/{month}?fait=envoyee", 303)


@router.post("/{month}/retirer")
@open_to(Role.CURATEUR)
def withdraw(desk: DeskOf, signed: Signed, month: str) -> Response:
    """Take a letter from its readers."""
    with write(desk.engine) as session:
        found = writing.find(session, month, lock=True)
        writing.withdraw(session, desk.vault, gate.author_of(signed), found)
    return RedirectResponse(f"{HERE}/{month}?fait=retiree", 303)


def _list(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    wrong: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    with read(desk.engine) as session:
        found = listing.listed(session)
        count = listing.subscribers(session)
    return render(
        request,
        "desk/letters.html",
        signed,
        http_status=422 if wrong else error.status if error else 200,
        letters=[(each, title_of(each.month)) for each in found],
        statuses=STATUSES,
        subscribed=count,
        month=f"{paris_day(desk.now()):%Y-%m}",
        writes=signed.role is Role.CURATEUR,
        wrong=wrong,
        error=error,
    )


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    month: str,
    entered: tuple[Block, ...] | None = None,
    *,
    seen: str = "",
    error: Mesure23Error | None = None,
    wrong: str = "",
    done: str = "",
) -> Response:
    """Show a letter. entered, seen: what was not saved, and on which version that is based."""
    who = gate.author_of(signed).who
    with read(desk.engine) as session:
        found = writing.find(session, month)
        blocks = writing.content_of(desk.vault, found)
        shown = read_blocks(session, blocks)
        lines = lines_of(session, entered if entered is not None else blocks)
        is_open = found.status in writing.OPEN
        taken = {each.public_id for each in lines if each.public_id}
        offered = listing.offers(session, desk.now(), taken) if is_open else []
        mails = listing.sent(session, found)
        people = names_of(session, desk.vault, {*found.writers, found.approved_by or ""} - {""})
    may_send = is_open and (who not in found.writers or not desk.settings.four_eyes)
    page = render(
        request,
        "desk/letter.html",
        signed,
        http_status=422 if wrong else error.status if error else 200,
        letter=found,
        title=title_of(month),
        path=f"{HERE}/{month}",
        status=STATUSES[found.status],
        version=writing.version_of(found),
        seen=seen or writing.version_of(found),
        lines=lines,
        offers=offered,
        text=halves_of(month, shown, site=_site(desk), leave="…").text,
        blocks=as_page(shown),
        mails=[(said, mails[name]) for name, said in MAILS.items() if mails.get(name)],
        writers=[people.get(each, "le service") for each in found.writers],
        approver=people.get(found.approved_by or "", ""),
        is_open=is_open,
        writes=signed.role is Role.CURATEUR,
        may_send=may_send,
        text_max=TEXT_MAX,
        error=error,
        remarks=remarks_of(error),
        wrong=wrong,
        done=done,
    )
    site: Site = request.app.state.site
    policy = f"{site.headers.content_security()}; frame-src 'self'"
    page.headers["Content-Security-Policy"] = policy
    return page


def _site(desk: Desk) -> str:
    return desk.settings.public_url or ""


def _check_settings(desk: Desk) -> None:
    if desk.settings.smtp_url is None or desk.settings.public_url is None:
        raise NothingToSendBy
