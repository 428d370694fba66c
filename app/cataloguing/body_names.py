"""Names of issuing bodies: the one that each gives itself, and those that texts have for it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.arranging import check_seen, let_change, note
from app.errors import Mesure23Error
from app.models import IssuingBody
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import fold


class BodyGone(Mesure23Error):
    """Cet organisme n’est pas dans la liste, ou n’y est plus : rien n’est enregistré."""

    status = 409
    title = "Organisme introuvable"
    advice = (
        "Ce que vous écriviez est ci-dessous : reportez-le sur un organisme de la liste, ou "
        "attendez qu’une ressource publiée le nomme de nouveau."
    )


class NameTaken(Mesure23Error):
    """« {name} » est déjà un nom de « {body} »."""

    status = 422
    title = "Nom déjà pris"
    advice = "Retirez ce nom de l’un des deux, puis enregistrez de nouveau."


def every(session: Session) -> list[IssuingBody]:
    """Return every body by its name."""
    return list(session.scalars(select(IssuingBody).order_by(IssuingBody.name)))


def change(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    code: str,
    name: str,
    variants: Sequence[str],
    seen: str | None = None,
) -> None:
    """Say how a body is called, and by which other names texts call it.

    seen: digest of what its form showed. Raises NotYourDecision, TextNames, BodyGone, NameTaken
    or ArrangedMeanwhile.
    """
    others = list(dict.fromkeys(each for each in variants if fold(each) != fold(name)))
    texts = {"name": name} | {f"variant {place}": each for place, each in enumerate(others)}
    let_change(session, vault, viewer, texts)
    bodies = {each.code: each for each in session.scalars(select(IssuingBody).with_for_update())}
    body = bodies.pop(code, None)
    if body is None:
        raise BodyGone
    check_seen(seen, _names(body), (name or body.name, *others))
    known = {fold(said): each.name for each in bodies.values() for said in _names(each)}
    for said in (name, *others):
        if (whose := known.get(fold(said))) is not None:
            raise NameTaken(name=said, body=whose)
    body.name, body.variants = name or body.name, others
    session.flush()
    note(session, vault, author, "organisme", code)


def _names(body: IssuingBody) -> tuple[str, ...]:
    return (body.name, *body.variants)
