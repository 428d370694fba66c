"""Which resources stand beside each situation of the search: at most three, in an order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.arranging import check_seen, let_change, note, only_read
from app.cataloguing.collections import Entry
from app.cataloguing.placing import MOST_BESIDE
from app.errors import Mesure23Error
from app.models import Resource, ResourceOfSituation
from app.search.situations import situations
from app.vault.sealing import Vault
from app.visibility import Viewer


class EnoughBeside(Mesure23Error):
    """Trois ressources au plus se montrent à côté d’une situation."""

    status = 422
    title = "Trois ressources au plus"
    advice = "Retirez-en une, puis ajoutez celle-ci."


class SituationUnknown(Mesure23Error):
    """Aucune situation de la recherche n’a ce numéro."""

    status = 404
    title = "Situation introuvable"
    advice = "Choisissez-la dans la liste des situations."


def every(session: Session) -> Mapping[int, tuple[Entry, ...]]:
    """Return number of a situation -> what stands beside it, in its order."""
    beside = ResourceOfSituation
    rows = (
        select(beside.situation, beside.public_id, Resource.title, Resource.audience)
        .join(Resource, Resource.public_id == beside.public_id)
        .order_by(beside.situation, beside.place)
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for number, public_id, title, audience in session.execute(rows):
        found[number].append(Entry(public_id, "", title, audience))
    return {number: tuple(found[number]) for number in situations()}


def put(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    number: int,
    ids: Sequence[str],
    seen: str | None = None,
) -> None:
    """Put resources beside a situation, in the place of those that stood there.

    seen: digest of what its form showed. Raises NotYourDecision, SituationUnknown, EnoughBeside or
    ArrangedMeanwhile.
    """
    let_change(session, vault, viewer, {})
    if number not in situations():
        raise SituationUnknown
    found = only_read(session, ids)
    check_seen(seen, _ids(session, number), found)
    if len(found) > MOST_BESIDE:
        raise EnoughBeside
    session.execute(delete(ResourceOfSituation).where(ResourceOfSituation.situation == number))
    rows = [
        {"situation": number, "place": place, "public_id": each}
        for place, each in enumerate(found, 1)
    ]
    if rows:
        session.execute(insert(ResourceOfSituation), rows)
    note(session, vault, author, "situation", str(number))


def _ids(session: Session, number: int) -> list[str]:
    beside = ResourceOfSituation
    rows = select(beside.public_id).where(beside.situation == number).order_by(beside.place)
    return list(session.scalars(rows))
