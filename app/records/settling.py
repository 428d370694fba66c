"""Works out why actors are hidden that a former release wrote, which knew one reason alone."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.models import ActorProtected, Revision
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.causes import (
    Cause,
    Why,
    dismissed,
    level_of,
    of_record,
    of_signs,
    raised,
)
from app.records.edits import Edit
from app.records.history import History
from app.records.proposals import Proposed, propose
from app.records.record import ActorRecord
from app.records.sealed import seal_causes
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from geo.zones import paris_day
from importers import vocabulary
from importers.accommodation import read_signs
from importers.line import Cell, Line
from importers.row import Sign
from importers.secrecy import read_secrecy

BATCH = 1_000
_FORMER: dict[str, Why] = {
    "category": "category",
    "unknown": "unclassified",
    "shared": "beside",
    "decision": "decision",
}


def count_unsettled(session: Session) -> int:
    """Count the actors whose causes were never worked out."""
    statement = select(func.count()).where(ActorProtected.causes.is_(None))
    return session.scalars(statement).one()


def settle_some(session: Session, vault: Vault, who: str) -> int:
    """Work out the causes of some of them, in the caller's transaction; return how many."""
    hold(session, IMPORT_LOCK)
    statement = select(
        ActorProtected.actor_id, ActorProtected.former_reason, ActorProtected.former_decision
    ).where(ActorProtected.causes.is_(None))
    former = {
        actor_id: (reason, decision)
        for actor_id, reason, decision in session.execute(statement.limit(BATCH))
    }
    if not former:
        return 0
    gazetteer = cached_gazetteer(session.connection())
    writer = Writer(session, vault, index_key(session, vault), gazetteer)
    edits = writer.stored(former)
    today = paris_day()
    published = _published_by_a_person(session, former)
    for actor_id, edit in edits.items():
        reason, decision = former[actor_id]
        _begin(edit, reason, decision if actor_id in published else None, today)
    changes = writer.plan(edits)
    for actor_id in published & edits.keys():
        # Whoever published it knew its neighbours.
        edit = edits[actor_id]
        edit.causes = dismissed(edit.causes, former[actor_id][1] or today)
        edit.level = level_of(edit.causes)
    for edit in edits.values():
        # A neutral record says less than it did: its family alone.
        less = edit.turned or raised(edit.former_level, edit.level)
        edit.act = "settle" if edit.level and not less else None
    writer.write(changes, History(session, vault, who, "edit"))
    propose(session, vault, writer.key, _consents(former, edits, published))
    _seal(session, vault, edits)
    return len(edits)


def _consents(
    former: Mapping[UUID, tuple[str | None, date | None]],
    edits: Mapping[UUID, Edit],
    published: Collection[UUID],
) -> Iterator[Proposed]:
    """Yield the consents by which lists had published homes: a person says what they are worth."""
    for actor_id, (_, day) in former.items():
        edit = edits[actor_id]
        if day is not None and actor_id not in published and edit.level is not None:
            said = f"accord du {day:%d/%m/%Y}, écrit dans une liste"
            detail = {"said": said, "source": "reçue avant la mise à jour"}
            yield Proposed("consent", actor_id, f"{actor_id}/{said}", detail)


def _begin(edit: Edit, reason: str | None, published_on: date | None, today: date) -> None:
    causes = [*of_record(edit.record, today), *of_signs(_signs(edit.record), None, today)]
    if published_on is not None:
        edit.causes = dismissed(causes, published_on)
    elif reason is not None and (why := _FORMER[reason]) not in {each.why for each in causes}:
        # What a decision hid stays so; else it ends with the plan, as nothing says it any more.
        edit.causes = (*causes, Cause(why=why, since=today))
    else:
        edit.causes = tuple(causes)
    edit.why = {"settled": reason}


def _signs(record: ActorRecord) -> tuple[Sign, ...]:
    """Return the signs that a record bears, as a line that says the same would."""
    words = vocabulary.load()
    # Those of its category, which no list gave it, say nothing more than the category does.
    functions = set(record.functions) - set(words.categories[record.category].functions)
    line = Line(0)
    texts = {
        "name": record.name,
        "acronym": record.acronym,
        "description": record.description,
        "functions": ", ".join(words.functions[code].label for code in sorted(functions)),
    }
    for field, text in texts.items():
        if text:
            line.add(field, Cell(field, text, text))
    signs = read_signs(line, record.category)
    return signs + read_secrecy(line, houses=bool(signs))


def _published_by_a_person(session: Session, actors: Collection[UUID]) -> set[UUID]:
    """Return those that a person published, and that a former list did not."""
    statement = (
        select(Revision.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == Revision.actor_id)
        .where(
            Revision.action == "unprotect",
            ActorProtected.former_reason.is_(None),
            ActorProtected.former_decision.is_not(None),
            among(Revision.actor_id, actors),
        )
    )
    return set(session.scalars(statement))


def _seal(session: Session, vault: Vault, edits: dict[UUID, Edit]) -> None:
    """Note that the causes are known, of those as well that have none."""
    rows = [
        {
            "actor_id": actor_id,
            "causes": seal_causes(vault, actor_id, edit.causes),
            "former_reason": None,
            "former_decision": None,
        }
        for actor_id, edit in edits.items()
    ]
    session.execute(update(ActorProtected), rows)
