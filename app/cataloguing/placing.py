"""Puts a text that comes back where it stood: in collections, and beside situations.

Meanwhile that is sealed with what was noted as it was taken down or withdrawn. What stands there
since stays.
"""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.cataloguing.screening import screen_texts
from app.models import (
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceOfSituation,
    ResourceRecord,
)
from app.records.unpublishing import take_places
from app.vault.sealing import Vault

Each = TypeVar("Each")
# Of a collection, and beside a situation.
MOST, MOST_BESIDE = 60, 3


def put_where_it_stood(session: Session, vault: Vault, record: ResourceRecord) -> None:
    """Put a text that readers have again where it stood; under the import lock.

    What its collection says of it is looked through anew: it may name who is hidden since.
    """
    for noted in take_places(session, vault, record.id):
        for of, place, note in noted.collections:
            _into_collection(session, vault, record.public_id, of, place, note)
        for number, place in noted.situations:
            _beside(session, record.public_id, number, place)


def forget_places(session: Session, vault: Vault, resource: UUID) -> None:
    """Forget where a text stood that does not come back as it was."""
    for _ in take_places(session, vault, resource):
        continue


def _into_collection(
    session: Session, vault: Vault, public_id: str, of: str, place: int, note: str
) -> None:
    shown, entry = session.get(ResourceCollection, of), ResourceCollectionEntry
    columns = select(entry.place, entry.public_id, entry.note)
    rows = [
        (each.place, (each.public_id, each.note))
        for each in session.execute(columns.where(entry.collection == of).order_by(entry.place))
    ]
    others = dict(each for _, each in rows)
    if shown is None or len(rows) >= MOST or public_id in others:
        return
    texts = {"title": shown.title, "summary": shown.summary, "note": note}
    texts |= {f"note {each}": said for each, said in others.items()}
    if note and screen_texts(session, vault, {name: text for name, text in texts.items() if text}):
        note = ""
    session.execute(delete(entry).where(entry.collection == of))
    there = _with_one_more(rows, place, (public_id, note))
    values = [
        {"collection": of, "place": at, "public_id": each, "note": said}
        for at, (each, said) in there
    ]
    session.execute(insert(entry), values)


def _beside(session: Session, public_id: str, number: int, place: int) -> None:
    beside = ResourceOfSituation
    found = session.execute(
        select(beside.place, beside.public_id).where(beside.situation == number)
    )
    rows = sorted((each.place, each.public_id) for each in found)
    if len(rows) >= MOST_BESIDE or public_id in {each for _, each in rows}:
        return
    session.execute(delete(beside).where(beside.situation == number))
    values = [
        {"situation": number, "place": at, "public_id": each}
        for at, each in _with_one_more(rows, place, public_id)
    ]
    session.execute(insert(beside), values)


def _with_one_more(
    rows: Iterable[tuple[int, Each]], place: int, one: Each
) -> list[tuple[int, Each]]:
    """Return what stands at which place; where another one has it now, that one is behind."""
    there = dict(rows)
    if place not in there:
        return sorted([*there.items(), (place, one)], key=lambda each: each[0])
    before = [each for at, each in there.items() if at < place]
    behind = [each for at, each in there.items() if at >= place]
    return list(enumerate([*before, one, *behind], 1))
