"""What of received lists is past its period, as the table of retention says, and its purge.

What a list says today is never purged: conflicts and missing actors are read from its last version.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Select, delete, exists, func, or_, select, update

from app.lists.deposits import forget_pages
from app.lists.former_ties import forget_former_ties
from app.lists.uploads import empty_files
from app.models import Deposit, SourceFile, SourceRecord, SourceRow
from app.operations.erasure import check_owner
from app.operations.period import Period
from app.operations.retention import LINES, UNUSED
from app.platform.database.engines import make_engine
from app.platform.database.sessions import among, read, write

# Lines that are deleted in one transaction.
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Due:
    """What is past its period. files: of received files, those whose bytes or lines go."""

    files: tuple[UUID, ...]
    lines: int


def find_due(staff: Engine) -> Due:
    """Return which received files are past their period, and how many lines they have."""
    with read(staff) as session:
        files = tuple(session.scalars(_due()))
        lines = session.scalars(
            select(func.count()).where(among(SourceRow.source_file_id, files))
        ).one()
    return Due(files, lines)


def purge_due(owner_url: str, due: Due, progress: Callable[[int], None] | None = None) -> int:
    """Take the lines and bytes of files that are past their period; return how many lines.

    As the owner: staff delete nothing that was received. Each batch is committed by itself, so that
    an interrupted purge goes on where it was; no import waits for it. Raises OwnerMissing.
    """
    if not due.files:
        return 0
    owner = make_engine(owner_url)
    try:
        with read(owner) as session:
            check_owner(session.connection())
        done = 0
        for file in due.files:
            for count in _take_lines(owner, file):
                done += count
                if progress is not None:
                    progress(done)
            with write(owner) as session:
                empty_files(session, [file])
                emptied = update(SourceFile).where(SourceFile.id == file)
                session.execute(emptied.values(titles=None, mapping=None))
                forget_pages(session, [file])
                forget_former_ties(session, [file])
        return done
    finally:
        owner.dispose()


def _take_lines(owner: Engine, file: UUID) -> Iterator[int]:
    some = select(SourceRow.id).where(SourceRow.source_file_id == file).limit(AT_ONCE)
    while True:
        with write(owner) as session:
            gone = session.scalars(
                delete(SourceRow).where(SourceRow.id.in_(some)).returning(SourceRow.id)
            ).all()
        if not gone:
            return
        yield len(gone)


def _due() -> Select[UUID]:
    """Select files that hold something whose period is over."""
    newest = func.row_number().over(
        partition_by=SourceFile.source_id,
        order_by=(SourceFile.received_at.desc(), SourceFile.id),
    )
    versions = (
        select(SourceFile.id, newest.label("rank"))
        .where(SourceFile.status == "imported")
        .subquery()
    )
    # Of two imports at once, the one that was received first may have been written last.
    said_today = exists().where(
        SourceRecord.last_file_id == SourceFile.id, SourceRecord.missing_since.is_(None)
    )
    has_lines = exists().where(SourceRow.source_file_id == SourceFile.id)
    held = (Deposit.content, Deposit.corrected, Deposit.handling, Deposit.reading)
    has_page = exists().where(
        Deposit.file_id == SourceFile.id, or_(*(each.is_not(None) for each in held))
    )
    return (
        select(SourceFile.id)
        .outerjoin(versions, versions.c.id == SourceFile.id)
        .where(
            or_(
                # An undone list still says what stays of it, where somebody wrote the actor since.
                versions.c.id.is_(None) & _before(UNUSED) & ~said_today,
                (versions.c.rank > LINES.versions) & _before(LINES) & ~said_today,
            ),
            or_(SourceFile.content.is_not(None), has_lines, has_page),
        )
        .order_by(SourceFile.received_at)
    )


def _before(period: Period) -> ColumnElement[bool]:
    return SourceFile.received_at < func.now() - func.make_interval(0, period.months)
