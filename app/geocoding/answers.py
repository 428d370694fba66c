"""Judges what a geocoder answered, and stores it: an answer that is not trusted is not drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.geocoding.asking import Asked, is_current
from app.models import ActorProtected, Geocoding
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.history import History
from app.records.placing import Placed, question_digest
from app.records.stored import doubt_of
from app.records.writing import Writer
from app.vault.sealing import Vault
from geo.gazetteer import Gazetteer
from geo.geocoder import Answer, GeocoderError, Query, Result
from geo.trust import Verdict, judge


@dataclass(frozen=True, slots=True)
class Judged:
    """An actor, what was asked for it, what came back, and what to do with it."""

    actor_id: UUID
    query: Query
    answer: Answer | None
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """Return what is stored of it, sealed."""
        return {
            "decision": self.verdict.decision,
            "precision": self.verdict.precision,
            "reasons": self.verdict.reasons,
            "lon": self.answer.lon if self.answer else None,
            "lat": self.answer.lat if self.answer else None,
            "answer": asdict(self.answer) if self.answer else None,
        }


def judge_batch(
    asked: Iterable[Asked], answers: Iterable[Result], gazetteer: Gazetteer
) -> Iterator[Judged]:
    """Yield a judgement for each answer that came; what failed is left out, to be asked again."""
    for each, answer in zip(asked, answers, strict=True):
        if not isinstance(answer, GeocoderError):
            commune = gazetteer.by_insee(each.query.citycode or "")
            verdict = judge(each.query, answer, commune)
            yield Judged(each.actor_id, each.query, answer, verdict)


def save(
    session: Session,
    vault: Vault,
    key: bytes,
    writer: Writer,
    batch: Iterable[Judged],
    history: History,
) -> None:
    """Store the answers whose question is still the actor's, and move its point where trusted."""
    hold(session, IMPORT_LOCK)
    todo = {each.actor_id: each for each in batch}
    moved, doubted = [], []
    for actor_id, edit in writer.stored(todo).items():
        each = todo[actor_id]
        if not is_current(edit, each.query):
            continue
        values = {
            "question": question_digest(key, edit.record),
            "decision": each.verdict.decision,
            "answer": vault.seal_json("geocoding", actor_id, "answer", each.as_json()),
            "confirmed_at": None,
        }
        row = insert(Geocoding).values(actor_id=actor_id, **values)
        session.execute(
            row.on_conflict_do_update(index_elements=["actor_id"], set_=values | {"at": func.now()})
        )
        placed = None
        if each.verdict.decision == "accepted" and each.answer and each.verdict.precision:
            placed = Placed(each.answer.lon, each.answer.lat, each.verdict.precision)
            edit.move(placed)
            moved.append(edit)
        edit.doubt = doubt_of(each.verdict.decision, placed)
        if placed is None:
            doubted.append({"actor_id": actor_id, "point_doubt": edit.doubt_of_point})
    if doubted:
        session.execute(update(ActorProtected), doubted)
    writer.save(moved, history)
