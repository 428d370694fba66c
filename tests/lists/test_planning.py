"""A plan says what applying it does, waits for nobody, and is made anew where others wrote."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.lists import importing
from app.lists.applying import apply
from app.lists.importing import import_list, preview
from app.lists.planning import Plan
from app.lists.uploads import Upload
from app.models import Actor, ActorProtected, SourceFile, SourceRecord, SourceRow
from app.platform.database.sessions import IMPORT_LOCK, hold, write
from app.runtime.staff import Runtime
from tests.short_lists import (
    APART,
    ASE,
    CRIP,
    NEIGHBOUR,
    SAME_AS_NEIGHBOUR,
    SAME_PHONE,
    SHELTER,
    counts,
    csv,
    run,
    sent,
)

LINES = (CRIP, ASE, SHELTER, NEIGHBOUR, SAME_PHONE, SAME_AS_NEIGHBOUR, APART)
CHANGES = (
    ("", ""),
    ("01 99 00 00", "01 99 00 01"),
    (";Association;", ";MECS;"),
    (";Association;", ";inconnue;"),
    ("93000;Bobigny", "93300;Aubervilliers"),
    (";Association;", ";nulle part;;;;"),
)


def planned(runtime: Runtime, upload: Upload) -> dict[str, int]:
    return preview(runtime.staff, runtime.vault, runtime.settings, upload).counts()


def imported(runtime: Runtime, upload: Upload) -> dict[str, int]:
    return import_list(runtime.staff, runtime.vault, runtime.settings, upload).counts()


def written(runtime: Runtime) -> dict[str, int]:
    """Count what the last list left in the database, in the words of its summary."""
    with Session(runtime.staff) as session:
        last = select(SourceFile).order_by(SourceFile.received_at.desc()).limit(1)
        file = session.scalars(last).one()
        rows = session.execute(
            select(SourceRow.outcome, func.count().label("lines"))
            .where(SourceRow.source_file_id == file.id)
            .group_by(SourceRow.outcome)
        )
        found = {row.outcome: row.lines for row in rows}
        protected = (
            select(func.count(ActorProtected.actor_id.distinct()))
            .join(SourceRow, SourceRow.actor_id == ActorProtected.actor_id)
            .where(SourceRow.source_file_id == file.id, ActorProtected.level.is_not(None))
        )
        missing = select(func.count()).where(
            SourceRecord.source_id == file.source_id, SourceRecord.last_file_id != file.id
        )
        assert file.summary is not None
        return found | {
            "protected": session.scalars(protected).one(),
            "missing": session.scalars(missing).one(),
        }


def random_list(chance: random.Random) -> tuple[str, ...]:
    """Return some lines, some of them changed, one perhaps twice; one is usable."""
    chosen = chance.sample(LINES[1:], chance.randint(1, len(LINES) - 1))
    changed = [line.replace(*chance.choice(CHANGES)) for line in chosen]
    return (CRIP, *changed, *chance.choice(((), ("",), (changed[0],))))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_plan_says_what_is_written(runtime: Runtime, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which lists are tried, nothing secret
    for _ in range(12):
        options: dict[str, Any] = {
            "source": chance.choice(("a", "b")),
            "draft": chance.random() < 0.2,
        }
        upload = sent(csv(*random_list(chance)), **options)
        before = hidden(runtime)
        plan = planned(runtime, upload)
        assert hidden(runtime) == before
        done = imported(runtime, upload)
        assert plan == done
        found = written(runtime)
        # Of these, the list hides those alone that its own words or homes hide.
        assert done["protected"] <= found.pop("protected")
        assert {name: done[name] for name in found} == found
        assert sum(found.get(name, 0) for name in ("created", "updated")) == (
            done["created"] + done["updated"]
        )


def hidden(runtime: Runtime) -> int:
    with Session(runtime.staff) as session:
        return session.scalars(select(func.count()).where(ActorProtected.level.is_not(None))).one()


def test_a_dry_run_says_whom_a_list_would_hide_beside(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR, SAME_AS_NEIGHBOUR, APART), source="associations")
    plan = planned(runtime, sent(csv(SHELTER), source="foyers"))
    assert (plan["protected"], plan["hidden_beside"]) == (1, 1)
    assert hidden(runtime) == 0


def test_a_dry_run_answers_while_another_import_writes(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    with write(runtime.staff) as other:
        hold(other, IMPORT_LOCK)
        other.execute(text("SET LOCAL lock_timeout = '5s'"))
        plan = planned(runtime, sent(csv(CRIP.replace("00 01", "00 09"), ASE)))
    assert (plan["created"], plan["updated"]) == (1, 1)


def test_what_is_written_is_planned_as_the_database_is_by_then(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same actor, which a neighbouring shelter hides while the list is read."""

    def late(*given: Any) -> Plan:
        monkeypatch.undo()
        run(runtime, csv(NEIGHBOUR, SHELTER), source="foyers")
        return apply(*given)

    monkeypatch.setattr(importing, "apply", late)
    done = run(runtime, csv(NEIGHBOUR, APART), source="associations")
    assert counts(done) == {"read": 2, "created": 1, "unchanged": 1}
    with Session(runtime.staff) as session:
        addresses = dict(session.execute(select(Actor.name, Actor.address)).all())
    assert len(addresses) == 3
    assert addresses["Association voisine"] is None


def test_a_list_that_waited_is_imported_after_the_one_it_waited_for(runtime: Runtime) -> None:
    waits = Event()
    with ThreadPoolExecutor(1) as pool:
        with write(runtime.staff) as session:
            hold(session, IMPORT_LOCK)
            upload = sent(csv(APART))
            given = (runtime.staff, runtime.vault, runtime.settings, upload)
            done = pool.submit(import_list, *given, on_wait=waits.set)
            assert waits.wait(30)
            before = session.scalars(select(func.clock_timestamp())).one()
        done.result()
    with Session(runtime.staff) as session:
        (at,) = session.scalars(select(SourceFile.imported_at))
    assert at is not None
    assert at > before


@pytest.mark.slow
def test_lists_imported_at_once_make_each_actor_once(runtime: Runtime) -> None:
    uploads = [sent(csv(*LINES), source=name) for name in ("a", "a", "b", "c")]
    with ThreadPoolExecutor(len(uploads)) as pool:
        done = list(pool.map(lambda upload: imported(runtime, upload), uploads))
    assert sum(each["created"] for each in done) == len(LINES)
    with Session(runtime.staff) as session:
        assert session.scalar(select(func.count()).select_from(Actor)) == len(LINES)
    assert hidden(runtime) == 3
