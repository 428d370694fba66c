"""Who may answer whether two are one, and what keeps somebody from it."""

from sqlalchemy.orm import Session

from app.accounts.people import names_of
from app.desk.duplicates.showing import Pair, Side
from app.desk.shell.gate import Desk
from app.errors import Mesure23Error
from app.models import Role
from app.records import parting
from app.records.proposals import ProposalUnknown
from app.records.restoring import ChangedMeanwhile
from app.visibility import Viewer
from geo.zones import paris_day


class PairMasked(Mesure23Error):
    """L’une des deux fiches est protégée, et vous ne l’avez pas ouverte : rien n’a été décidé."""

    status = 403
    title = "Ouvrez d’abord les deux fiches"
    advice = "Ouvrez-les, à la page qui les compare ou sur leurs fiches, relisez-les, puis décidez."


class ForCurateur(Mesure23Error):
    """L’une des deux fiches est protégée : un curateur décide."""

    status = 403
    title = "Un curateur décide"
    advice = "Dites-lui ce que vous en savez : la paire l’attend dans sa file."


class PairChanged(Mesure23Error):
    """L’une des deux fiches a changé depuis que vous l’avez lue : rien n’a été décidé."""

    status = 409
    title = "À relire d’abord"
    advice = "Les voici comme elles sont aujourd’hui : relisez-les, puis répondez."


# What is said beside the way back to the queue.
REFUSALS: tuple[type[Mesure23Error], ...] = (
    *(PairMasked, ForCurateur, ProposalUnknown, ChangedMeanwhile),
    *(parting.NotAnswered, parting.NotJoined, parting.JoinedSince, parting.EditedSince),
)


def may_decide(viewer: Viewer, pair: Pair) -> bool:
    """Say whether somebody answers: of who is hidden a curateur alone, who has both open."""
    return not pair.is_masked and may_put_off(viewer, pair)


def may_put_off(viewer: Viewer, pair: Pair) -> bool:
    """Say whether somebody leaves a pair for later, which all others then find at the end."""
    return viewer.role is Role.CURATEUR or not pair.is_protected


def check(viewer: Viewer, pair: Pair, seen: str) -> None:
    """Raise PairMasked, ForCurateur or PairChanged where somebody may not answer."""
    check_put_off(viewer, pair)
    if pair.is_masked:
        raise PairMasked
    if seen != pair.seen:
        raise PairChanged


def check_put_off(viewer: Viewer, pair: Pair) -> None:
    """Raise ForCurateur where somebody may not leave a pair for later, nor take that back."""
    if not may_put_off(viewer, pair):
        raise ForCurateur


def check_back(viewer: Viewer, stays: Side) -> None:
    """Raise PairMasked or ForCurateur where somebody may not take back what was decided of two.

    stays: one that is written then.
    """
    if viewer.role is not Role.CURATEUR and stays.is_protected:
        raise ForCurateur
    if stays.record is None:
        raise PairMasked


def check_unedited(session: Session, desk: Desk, edited: list[parting.Edited]) -> None:
    """Raise EditedSince, with who changed what of two that were made one."""
    if edited:
        names = names_of(session, desk.vault, (each.who for each in edited))
        said = (
            f"{names.get(each.who, 'quelqu’un')}, le {paris_day(each.at):%d/%m/%Y}, « {each.what} »"
            for each in edited
        )
        raise parting.EditedSince(edits=" ; ".join(said))
