"""Asks the geocoder for the addresses that lists left without coordinates, and keeps what it says.

Only addresses that are already public are asked: a protected one, or one of a category that nobody
knows, never leaves the service. An answer that is not trusted is kept, sealed, and not drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.gazetteer.load import read_gazetteer
from app.models import Actor, Geocoding
from app.platform.database.sessions import IMPORT_LOCK
from app.records.edits import Edit
from app.records.placing import Placed, question, question_digest
from app.records.protection import own_reason
from app.records.writing import Writer
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from app.vault.sealing import Vault
from geo.gazetteer import Gazetteer
from geo.geocoder import (
    Geocoder,
    GeocoderBusy,
    GeocoderError,
    GeocoderUnreachable,
    Query,
    Result,
)
from geo.trust import judge

BATCH = 1_000
Down = GeocoderUnreachable | GeocoderBusy


@dataclass(slots=True)
class Geocoded:
    """What became of the addresses asked.

    failure: why some could not be asked, or None. down: the geocoder let a whole batch down, so
    that the rest was not tried.
    """

    accepted: int = 0
    review: int = 0
    rejected: int = 0
    failed: int = 0
    failure: str | None = None
    down: bool = False


def geocode(
    runtime: Runtime, who: str, progress: Callable[[int, int], None] | None = None
) -> Geocoded:
    """Ask for every public address that has no answer yet; each batch is committed by itself.

    A geocoder that cannot be reached loses nothing: the actors stand at their commune's point, and
    the next call asks again.
    """
    outcome = Geocoded()
    settings = runtime.settings
    with (
        Session(runtime.staff) as session,
        Geocoder(settings.geocoder_url, timeout=settings.geocoder_timeout) as geocoder,
    ):
        key = index_key(session, runtime.vault)
        gazetteer = read_gazetteer(session.connection())
        work = _Work(session, runtime.vault, key, gazetteer, who)
        waiting = list(work.waiting())
        session.commit()
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            if outcome.down:
                outcome.failed += len(batch)
            else:
                work.ask(geocoder, batch, outcome)
            if progress:
                progress(start + len(batch), len(waiting))
    return outcome


class _Work:
    """What is asked, and what is kept of the answers."""

    def __init__(
        self, session: Session, vault: Vault, key: bytes, gazetteer: Gazetteer, who: str
    ) -> None:
        self._session, self._vault, self._key = session, vault, key
        self._gazetteer = gazetteer
        self._writer = Writer(session, vault, key, gazetteer, who)
        self._kept: dict[UUID, dict[str, Any]] = {}
        self._queries: dict[UUID, Query] = {}

    def waiting(self) -> Iterator[tuple[UUID, Query]]:
        """Yield the public actors whose address was never asked as it is now."""
        statement = (
            select(Actor.id, Geocoding.question)
            .outerjoin(Geocoding, Geocoding.actor_id == Actor.id)
            .where(~Actor.protected, Actor.status != "archived")
            .where(func.coalesce(Actor.precision, "commune") == "commune")
        )
        asked = dict(self._session.execute(statement).all())
        for actor_id, edit in self._writer.stored(asked).items():
            record = edit.record
            if may_be_asked(edit) and question_digest(self._key, record) != asked[actor_id]:
                yield actor_id, Query(str(actor_id), *question(record))

    def ask(
        self, geocoder: Geocoder, batch: Sequence[tuple[UUID, Query]], outcome: Geocoded
    ) -> None:
        """Ask for one batch, and commit what is kept of its answers."""
        # An import may have hidden some of them since they were listed.
        now = self._writer.stored(actor_id for actor_id, _ in batch)
        batch = [(each, query) for each, query in batch if _still(now.get(each), query)]
        # No transaction is open while the network is waited for.
        self._session.commit()
        answers = geocoder.search_many([query for _, query in batch])
        for (actor_id, query), answer in zip(batch, answers, strict=True):
            self.judge(actor_id, query, answer, outcome)
        outcome.down = bool(answers) and all(isinstance(each, Down) for each in answers)
        self.save()
        self._session.commit()

    def judge(self, actor_id: UUID, query: Query, answer: Result, outcome: Geocoded) -> None:
        """Judge one answer, to be kept by the next save; a failure is only counted."""
        if isinstance(answer, GeocoderError):
            outcome.failed += 1
            outcome.failure = str(answer)
            return
        commune = self._gazetteer.by_insee(query.citycode or "")
        verdict = judge(query, answer, commune)
        setattr(outcome, verdict.decision, getattr(outcome, verdict.decision) + 1)
        self._queries[actor_id] = query
        self._kept[actor_id] = {
            "decision": verdict.decision,
            "precision": verdict.precision,
            "reasons": verdict.reasons,
            "lon": answer.lon if answer else None,
            "lat": answer.lat if answer else None,
            "answer": asdict(answer) if answer else None,
        }

    def save(self) -> None:
        """Keep the answers whose question is still the actor's, and move its point."""
        self._session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
        moved = []
        for actor_id, edit in self._writer.stored(self._kept).items():
            kept = self._kept[actor_id]
            if not _still(edit, self._queries[actor_id]):
                continue
            values = {
                "question": question_digest(self._key, edit.record),
                "decision": kept["decision"],
                "answer": self._vault.seal_json("geocoding", actor_id, "answer", kept),
            }
            row = insert(Geocoding).values(actor_id=actor_id, **values)
            self._session.execute(
                row.on_conflict_do_update(
                    index_elements=["actor_id"], set_=values | {"at": func.now()}
                )
            )
            if kept["decision"] == "accepted":
                edit.geocoded = Placed(kept["lon"], kept["lat"], kept["precision"])
                edit.changes = {"point": [None, [kept["lon"], kept["lat"], kept["precision"]]]}
                moved.append(edit)
        self._writer.save(moved)
        self._kept.clear()
        self._queries.clear()


def _still(edit: Edit | None, query: Query) -> bool:
    """Return whether an actor may be asked for, and is where it was when query was made."""
    asked = (query.street, query.postcode, query.city, query.citycode)
    return edit is not None and may_be_asked(edit) and question(edit.record) == asked


def may_be_asked(edit: Edit) -> bool:
    """Return whether an actor's address may be sent to a geocoder, and gives one something to find.

    Asked again of the record itself: the column `protected` only narrowed the search.
    """
    public = edit.reason is None and own_reason(edit.record) is None
    return public and bool(edit.record.street) and edit.record.lon is None
