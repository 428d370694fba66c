"""What was public is erased from the files of the database, and owed until it is.

That no byte is left is shown by tests/attack/test_dump.py.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from app.commands.purge import erase
from app.models import Revision
from app.operations import erasure
from app.operations.doctor import examine
from app.operations.erasure import PATIENCE, Purged, StillInUse, owed
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine
from app.platform.database.sessions import write
from app.records.acts import protect, unprotect
from app.records.taking_back import take_back
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.makers import decide
from tests.short_lists import APART, NEIGHBOUR, SHELTER, csv, ids, run

pytestmark = pytest.mark.slow

FILES = "SELECT pg_relation_filenode('public.actor'), pg_relation_filenode('pg_statistic')"


def debts(runtime: Runtime) -> list[int]:
    with Session(runtime.staff) as session:
        return sorted(Counter(owed(session).values()).values())


def purge(runtime: Runtime, *, who: str = "essai", patience: float = 4 * PATIENCE) -> Purged:
    """Purge as the command does; more patient, since other tests write in the same server."""
    return erasure.purge(
        runtime.staff, runtime.owner_url, runtime.vault, who=who, patience=patience
    )


def hide(runtime: Runtime, name: str = "Association libre") -> None:
    decide(runtime, protect, ids(runtime)[name], who="essai", why="menaces")


@pytest.fixture
def hidden(runtime: Runtime) -> Runtime:
    """A service that was public, and is protected since."""
    run(runtime, csv(APART))
    hide(runtime)
    return runtime


@contextmanager
def reading(runtime: Runtime) -> Iterator[Connection]:
    """Another program that still reads what was there before."""
    engine = runtime.databases.public.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM actor"))
        yield connection


def test_what_an_act_hides_is_owed_until_it_is_erased(hidden: Runtime) -> None:
    assert debts(hidden) == [1]
    before = files(hidden)
    assert purge(hidden).actors == 1
    assert debts(hidden) == []
    assert not set(before) & set(files(hidden))
    assert purge(hidden).actors == 0


def test_what_was_never_public_owes_nothing(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR, APART))
    assert debts(runtime) == []


def test_what_a_list_hides_is_owed_too(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR, APART))
    run(runtime, csv(SHELTER), source="autre liste")
    assert debts(runtime) == [1]
    # Of another category from now on: changed, and hidden.
    run(runtime, csv(NEIGHBOUR, APART.replace(";Association;", ";MECS;")))
    assert debts(runtime) == [1, 1]
    assert purge(runtime).actors == 2
    assert debts(runtime) == []


def test_hidden_again_is_owed_again(hidden: Runtime) -> None:
    purge(hidden)
    (public_id,) = ids(hidden).values()
    decide(hidden, unprotect, public_id, who="essai", consent=paris_day(), why="erreur")
    assert debts(hidden) == []
    hide(hidden)
    assert debts(hidden) == [1]


@pytest.mark.parametrize("erased", [True, False])
def test_a_protection_is_taken_back_whether_it_was_erased_or_not(
    hidden: Runtime, erased: bool
) -> None:
    if erased:
        purge(hidden)
    (public_id,) = ids(hidden).values()
    with write(hidden.staff) as session:
        take_back(session, hidden.vault, OPERATOR, public_id, who="essai")
    assert set(ids(hidden)) == {"Association libre"}
    # What is owed of a time that is over is erased all the same, and hides nobody.
    purge(hidden)
    assert debts(hidden) == []
    assert set(ids(hidden)) == {"Association libre"}
    hide(hidden)
    assert debts(hidden) == [1]


def test_an_erasure_is_part_of_history_and_opens_with_the_keys(hidden: Runtime) -> None:
    purge(hidden)
    with Session(hidden.staff) as session:
        actions = session.scalars(select(Revision.action).order_by(Revision.at)).all()
        last = session.scalars(select(Revision).where(Revision.action == "purge")).one()
    assert actions == ["create", "protect", "purge"]
    assert hidden.vault.open_json("revision", last.id, "why", last.why) == {}


def test_who_still_reads_the_old_state_puts_it_off(hidden: Runtime) -> None:
    run(hidden, csv(APART.replace("00 99", "00 98"), NEIGHBOUR))
    with reading(hidden):
        hide(hidden, "Association voisine")
        with pytest.raises(StillInUse):
            purge(hidden, patience=0.3)
        assert debts(hidden) == [1, 1]
        assert "restes : 2 fiches" in {
            each.what for each in examine(hidden.databases, hidden.vault)
        }
    # The next one does what was left.
    assert purge(hidden).actors == 2
    assert not any("restes" in each.what for each in examine(hidden.databases, hidden.vault))


def test_an_erasure_that_is_interrupted_is_still_owed(
    hidden: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("app.operations.erasure._renew_journal", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            purge(hidden)
    assert debts(hidden) == [1]
    assert purge(hidden).actors == 1


def test_two_erasures_of_one_debt_are_noted_once(
    hidden: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def meanwhile(_: Connection) -> None:
            patch.undo()
            purge(hidden, who="autre")

        patch.setattr("app.operations.erasure._renew_journal", meanwhile)
        purge(hidden)
    with Session(hidden.staff) as session:
        assert session.query(Revision).filter_by(action="purge").count() == 1


def test_what_is_hidden_during_an_erasure_is_still_owed_after_it(
    hidden: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(hidden, csv(APART, NEIGHBOUR))
    with monkeypatch.context() as patch:

        def meanwhile(_: Connection) -> None:
            hide(hidden, "Association voisine")

        patch.setattr("app.operations.erasure._renew_journal", meanwhile)
        purge(hidden)
    assert debts(hidden) == [1]
    with Session(hidden.staff) as session:
        (actor_id,) = owed(session).values()
        last = select(Revision.action).filter_by(actor_id=actor_id).order_by(Revision.number.desc())
        assert session.scalars(last).first() == "protect"


def test_a_login_that_owns_nothing_erases_nothing_and_says_who_can(
    hidden: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    staff = hidden.staff.url.render_as_string(hide_password=False)
    before = files(hidden)
    assert erase(replace(hidden, owner_url=staff), "essai") is None
    assert files(hidden) == before
    assert debts(hidden) == [1]
    assert "MESURE23_OWNER_DATABASE_URL" in capsys.readouterr().err


@pytest.fixture
def as_owner(hidden: Runtime, cluster: Cluster, admin: Connection) -> Iterator[Runtime]:
    """The same, on a server where the login that owns the tables is no administrator."""
    database = hidden.staff.url.database or ""
    login, owner = f"{database}_login", owner_of(hidden)
    admin.exec_driver_sql(f'CREATE ROLE "{login}" LOGIN IN ROLE "{owner}"')
    admin.exec_driver_sql(f'GRANT CONNECT ON DATABASE "{database}" TO "{login}"')
    yield replace(hidden, owner_url=cluster.url(login, database))
    admin.exec_driver_sql(f'REVOKE CONNECT ON DATABASE "{database}" FROM "{login}"')
    admin.exec_driver_sql(f'DROP ROLE "{login}"')


def owner_of(runtime: Runtime) -> str:
    return (runtime.staff.url.username or "").replace("_staff", "_owner")


def files(runtime: Runtime) -> tuple[int, int]:
    """Which file holds the actors, and which the statistics."""
    with runtime.staff.connect() as connection:
        actors, statistics = connection.execute(text(FILES)).one()
    return actors, statistics


def test_the_owner_of_a_prepared_database_needs_no_administrator(as_owner: Runtime) -> None:
    assert purge(as_owner).actors == 1
    assert debts(as_owner) == []


@pytest.mark.parametrize(
    ("right", "statement"),
    [
        ("EXECUTE ON FUNCTION pg_switch_wal()", "GRANT EXECUTE ON FUNCTION pg_ls_waldir(), pg_sw"),
        ("MAINTAIN ON pg_statistic", "GRANT MAINTAIN ON pg_catalog.pg_statistic TO"),
    ],
)
def test_an_owner_without_rights_rewrites_its_table_and_tells_the_rest(
    hidden: Runtime,
    as_owner: Runtime,
    capsys: pytest.CaptureFixture[str],
    right: str,
    statement: str,
) -> None:
    superuser = make_engine(hidden.owner_url)
    with superuser.begin() as connection:
        connection.exec_driver_sql(f'REVOKE {right} FROM "{owner_of(hidden)}"')
    superuser.dispose()
    before = files(hidden)
    assert erase(as_owner, "essai") is None
    after = files(hidden)
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)
    assert debts(hidden) == [1]
    printed = capsys.readouterr().err
    assert printed.startswith("Reste à effacer : La table est réécrite")
    assert statement in printed


def test_the_demonstration_owes_nothing(demo: Databases) -> None:
    with Session(demo.staff) as session:
        assert owed(session) == {}
