"""The table of retention, and the purge that reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import inviting, people
from app.lists.conflicts import conflicts
from app.models import (
    Challenge,
    Invitation,
    Role,
    SignInAttempt,
    SourceFile,
    SourceRow,
    StaffSession,
)
from app.operations import past_period
from app.operations.erasure import OwnerMissing
from app.operations.forgetting import forget_ended
from app.operations.past_period import find_due, purge_due
from app.operations.retention import RETENTION, table
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.settings import ROOT
from app.visibility import OPERATOR
from importers.errors import UnreadableList
from tests.short_lists import APART, ASE, CRIP, csv, run


def age(runtime: Runtime, *months: int) -> None:
    """Make files as old as that, in the order in which they were received."""
    with write(runtime.staff) as session:
        order = (SourceFile.received_at, SourceFile.id)
        files = session.scalars(select(SourceFile.id).order_by(*order)).all()
        for file, months_ago in zip(files, months, strict=True):
            at = datetime.now(UTC) - timedelta(days=30.5 * months_ago)
            session.execute(update(SourceFile).where(SourceFile.id == file).values(received_at=at))


def stored(runtime: Runtime) -> list[tuple[bool, int]]:
    """Of each file, oldest first: whether its bytes are there, and how many lines."""
    with Session(runtime.staff) as session:
        counted = (
            select(SourceFile.content.is_not(None), func.count(SourceRow.id))
            .outerjoin(SourceRow, SourceRow.source_file_id == SourceFile.id)
            .group_by(SourceFile.id)
            .order_by(SourceFile.received_at)
        )
        return [(held, lines) for held, lines in session.execute(counted)]


def purge(runtime: Runtime) -> int:
    return purge_due(runtime.owner_url, find_due(runtime.staff))


def test_the_documents_print_the_table() -> None:
    assert table() in (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert all(each.how_long and each.why for each in RETENTION)


@pytest.mark.slow
def test_a_version_goes_that_is_neither_recent_nor_one_of_the_two_last(runtime: Runtime) -> None:
    for _ in range(4):
        run(runtime, csv(CRIP, ASE, ";;;;;;"))
    age(runtime, 40, 30, 28, 26)
    due = find_due(runtime.staff)
    assert (len(due.files), due.lines) == (2, 6)
    assert purge(runtime) == 6
    assert stored(runtime) == [(False, 0), (False, 0), (True, 3), (True, 3)]
    with Session(runtime.staff) as session:
        titled = select(SourceFile.titles.is_not(None)).order_by(SourceFile.received_at)
        assert list(session.scalars(titled)) == [False, False, True, True]
    assert find_due(runtime.staff).files == ()
    assert purge(runtime) == 0


@pytest.mark.slow
def test_all_versions_of_two_years_stay(runtime: Runtime) -> None:
    for _ in range(4):
        run(runtime, csv(CRIP))
    age(runtime, 23, 22, 21, 0)
    assert find_due(runtime.staff).files == ()


@pytest.mark.slow
def test_each_list_has_two_versions_of_its_own(runtime: Runtime) -> None:
    run(runtime, csv(CRIP), source="une")
    for _ in range(3):
        run(runtime, csv(ASE), source="autre")
    age(runtime, 60, 50, 40, 30)
    purge(runtime)
    assert [held for held, _ in stored(runtime)] == [True, False, True, True]


def test_what_gave_nothing_goes_after_two_years(runtime: Runtime) -> None:
    for _ in range(3):
        with pytest.raises(UnreadableList):
            run(runtime, b"")
    age(runtime, 30, 25, 1)
    purge(runtime)
    assert [held for held, _ in stored(runtime)] == [False, False, True]


def test_what_a_list_says_today_stays_however_old(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, APART), source="une")
    run(runtime, csv(CRIP.replace("00 01", "00 03")), source="autre")
    age(runtime, 90, 80)
    with read(runtime.staff) as session:
        before = list(conflicts(session, runtime.vault, OPERATOR))
    assert before
    assert purge(runtime) == 0
    with read(runtime.staff) as session:
        assert list(conflicts(session, runtime.vault, OPERATOR)) == before


@pytest.mark.slow
def test_a_purge_that_was_interrupted_goes_on(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        run(runtime, csv(CRIP, ASE, APART))
    age(runtime, 40, 30, 28)
    monkeypatch.setattr(past_period, "AT_ONCE", 2)

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        purge_due(runtime.owner_url, find_due(runtime.staff), stop)
    assert stored(runtime)[0] == (True, 1)
    # An import meanwhile changes nothing of what is due.
    run(runtime, csv(CRIP))
    due = find_due(runtime.staff)
    assert due.lines == 1 + 3
    assert purge(runtime) == 4


@pytest.mark.slow
def test_the_login_of_staff_deletes_no_line(runtime: Runtime) -> None:
    for _ in range(3):
        run(runtime, csv(CRIP))
    age(runtime, 40, 30, 28)
    staff = runtime.staff.url.render_as_string(hide_password=False)
    with pytest.raises(OwnerMissing):
        purge_due(staff, find_due(runtime.staff))
    assert stored(runtime)[0] == (True, 1)


def test_what_accounts_need_no_more_goes_at_night_and_the_rest_stays(runtime: Runtime) -> None:
    now = datetime.now(UTC)
    for days in (0, 40):
        at = now - timedelta(days=days)
        with write(runtime.staff) as session:
            account = people.create(
                session,
                runtime.vault,
                mail=f"a{days}@example.org",
                name="Camille Exemple",
                role=Role.CURATEUR,
                by="os:test",
            )
            inviting.invite(session, account, "os:test", at)
            session.add(SignInAttempt(login=b"x", network=b"y", at=at))
            session.add(Challenge(challenge=b"x", purpose="sign_in", made_at=at))
            session.flush()
            digest = f"{days}".encode()
            session.add(
                StaffSession(
                    token=digest,
                    account_id=account.id,
                    role="curateur",
                    factor="passkey",
                    device=b"x",
                    network=b"y",
                    opened_at=at,
                )
            )
    forget_ended(runtime.staff, now)
    for model in (SignInAttempt, Challenge, Invitation, StaffSession):
        with read(runtime.staff) as session:
            assert session.scalar(select(func.count()).select_from(model)) == 1
