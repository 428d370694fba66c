"""What became of each register: its edition in force, and why a newer one is not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import RegisterState, Source, SourceFile, SourceRecord
from app.registers.errors import OlderEdition
from importers.registers.catalogue import Register
from importers.registers.competence import Competences
from importers.registers.edition import Edition


def read_state(session: Session, register: Register) -> RegisterState | None:
    """Return what became of a register, None before its first attempt."""
    return session.get(RegisterState, register.code)


def read_states(session: Session) -> Sequence[RegisterState]:
    """Return what became of all of them."""
    return session.scalars(select(RegisterState).order_by(RegisterState.code)).all()


def check_day(session: Session, register: Register, edition: Edition | Competences) -> None:
    """Raise OlderEdition where the one in force is of a later day."""
    state = read_state(session, register)
    if state and state.day and state.day > edition.day:
        raise OlderEdition(
            title=register.title,
            given=f"{edition.day:%d/%m/%Y}",
            present=f"{state.day:%d/%m/%Y}",
        )


def note_applied(
    session: Session,
    register: Register,
    edition: Edition | Competences,
    actors: int,
    validator: str | None,
) -> None:
    """Note the edition that is in force now; actors: how many of its lines are one, or communes.

    validator: by which the server that gave it knows it, None where somebody gave the file.
    """
    now = datetime.now(UTC)
    _note(
        session,
        register,
        day=edition.day,
        day_assumed=edition.day_assumed,
        validator=validator,
        applied_at=now,
        actors=actors,
        left_out=dict(edition.left_out),
        tried_at=now,
        failure=None,
    )


def note_nothing_new(session: Session, register: Register) -> None:
    """Note that the edition in force is still the newest one."""
    _note(session, register, tried_at=datetime.now(UTC), failure=None)


def note_failed(session: Session, register: Register, sentence: str) -> None:
    """Note why the last attempt changed nothing, or not all."""
    _note(session, register, tried_at=datetime.now(UTC), failure=sentence)


def _note(session: Session, register: Register, **values: Any) -> None:
    statement = insert(RegisterState).values(code=register.code, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))


def territories_of(session: Session, register: Register) -> dict[str, int]:
    """Return how many lines a register had the last time, by territory."""
    statement = (
        select(Source.territory_code, func.count())
        .join(SourceRecord, SourceRecord.source_id == Source.id)
        .where(Source.register == register.code, SourceRecord.missing_since.is_(None))
        .group_by(Source.territory_code)
    )
    return {code: count for code, count in session.execute(statement) if code}


def last_digests(session: Session, register: Register) -> dict[str, bytes]:
    """Return the SHA-256 of what was applied last, by territory."""
    statement = (
        select(Source.territory_code, SourceFile.sha256)
        .join(SourceFile, SourceFile.source_id == Source.id)
        .where(Source.register == register.code, SourceFile.status == "imported")
        .order_by(SourceFile.received_at)
    )
    return {code: digest for code, digest in session.execute(statement) if code}


def present_lines(session: Session, source: UUID) -> int:
    """Count the lines that a source had the last time."""
    statement = select(func.count()).where(
        SourceRecord.source_id == source, SourceRecord.missing_since.is_(None)
    )
    return session.scalars(statement).one()


def missing_lines(session: Session, source: UUID) -> set[bytes]:
    """Return the identities of the lines that a source had once, and no more the last time."""
    statement = select(SourceRecord.identity).where(
        SourceRecord.source_id == source, SourceRecord.missing_since.is_not(None)
    )
    return set(session.scalars(statement))
