"""Points that the geocoder placed with a doubt: a person looks, and says of one that it is right.

Of what nothing hides alone: no other has a point. It is asked again once the address is another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author
from app.models import Actor, ActorProtected, Geocoding
from app.models.protected import Doubt
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records import many
from app.records.edits import Edit
from app.records.finding import Finding
from app.records.many import Deed, Done, Refusal
from app.records.placing import Placed
from app.records.viewing import see
from app.records.wanted import POINTS, Wanted, conditions, of_list, of_points
from app.records.writing import Writer
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import curled

# The answer did not become the point.
_REFUSED = ("review", "rejected")
CONFIRMED = "confirm_point"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A point to look at. address: as the public reads it. reasons: French sentences.

    label, score: of the geocoder's answer, in its words and out of 100; "" and 0 of none. mark: of
    that answer, sent back by whoever says that the point is right. placed: where the public sees
    it, None where its commune has no point either. refused: where the answer lies and in which
    commune, of one that did not become the point.
    """

    public_id: str
    doubt: Doubt
    address: str
    label: str
    score: int
    reasons: tuple[str, ...]
    mark: str
    placed: Placed | None
    refused: tuple[float, float, str] | None = None


def read(
    session: Session, vault: Vault, viewer: Viewer, actors: Iterable[UUID]
) -> dict[UUID, Doubtful]:
    """Return those of some actors whose point is to be looked at."""
    which = (among(Actor.id, set(actors)), *of_points(viewer))
    seen = {each.actor_id: each for each in see(session, vault, viewer, *which)}
    place = func.ST_X(Actor.point), func.ST_Y(Actor.point), Actor.precision
    statement = (
        select(Geocoding, ActorProtected.point_doubt, *place)
        .join(ActorProtected, ActorProtected.actor_id == Geocoding.actor_id)
        .join(Actor, Actor.id == Geocoding.actor_id)
        .where(among(Geocoding.actor_id, seen))
    )
    found = {}
    for row, doubt, lon, lat, precision in session.execute(statement):
        if doubt is None:
            continue
        stored = vault.open_json("geocoding", row.actor_id, "answer", row.answer)
        answer, actor = stored["answer"] or {}, seen[row.actor_id]
        found[row.actor_id] = Doubtful(
            actor.public_id,
            doubt,
            actor.record.address or "",
            answer.get("label", ""),
            round(answer.get("score", 0) * 100),
            tuple(map(curled, stored["reasons"])),
            _mark(row),
            Placed(lon, lat, precision) if precision else None,
            _refused(doubt, answer),
        )
    return found


def _refused(doubt: Doubt, answer: Mapping[str, Any]) -> tuple[float, float, str] | None:
    if doubt not in _REFUSED or not answer:
        return None
    return answer["lon"], answer["lat"], answer["citycode"]


def count_by(finding: Finding, wanted: Wanted) -> Counter[str]:
    """Return each value of POINTS -> how many of the points of a list have that doubt."""
    which = conditions(finding.viewer, wanted, finding.today)
    doubt = ActorProtected.point_doubt
    rows = finding.session.execute(of_list(which, doubt, func.count()).group_by(doubt))
    stored = dict(rows.all())
    return Counter({value: stored.get(each, 0) for value, (each, _) in POINTS.items()})


def confirm(
    session: Session, vault: Vault, viewer: Viewer, author: Author, marks: Mapping[str, str]
) -> Done:
    """Say that points are right, as they were read; marks: public id -> that of its answer."""
    # Before anything is read: an answer that comes meanwhile is another one.
    hold(session, IMPORT_LOCK)
    readable = viewer.sealed().with_only_columns(
        ActorProtected.actor_id, maintain_column_froms=True
    )
    statement = (
        select(Actor.public_id, Geocoding, ActorProtected.point_doubt)
        .join(Geocoding, Geocoding.actor_id == Actor.id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(among(Actor.public_id, marks), Actor.id.in_(readable))
    )
    refused: Counter[Refusal] = Counter()
    chosen = set(marks)
    for public_id, row, doubt in session.execute(statement):
        if doubt is None or _mark(row) != marks[public_id]:
            refused[Refusal.ALREADY if doubt is None else Refusal.CHANGED] += 1
            chosen.remove(public_id)
    act = partial(_confirm, session)
    deed = Deed(CONFIRMED, Action.POINT_CONFIRMED, lambda *_: None, act, "point juste")
    done = many.do(session, vault, viewer, author, chosen, deed)
    return replace(done, refused=done.refused + refused)


def doubt_again(session: Session, edits: Mapping[UUID, Edit], writer: Writer) -> None:
    """Let points be looked at again of which somebody said that they are right."""
    _write(session, edits, None)
    for actor, stored in writer.stored(edits).items():
        edits[actor].doubt = stored.doubt


def _confirm(session: Session, edit: Edit, _today: date) -> None:
    edit.doubt = None
    _write(session, [edit.actor_id], datetime.now(UTC))


def _write(session: Session, actors: Iterable[UUID], at: datetime | None) -> None:
    session.execute(
        update(Geocoding).where(among(Geocoding.actor_id, actors)).values(confirmed_at=at)
    )


def _mark(row: Geocoding) -> str:
    return sha256(row.question + str(row.at.timestamp()).encode()).hexdigest()[:16]
