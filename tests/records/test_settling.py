"""What a former release hid for one reason has causes afterwards, and shows nothing more."""

from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected, ErasureDebt
from app.platform.database.sessions import read, write
from app.records.acts import unprotect
from app.records.causes import active, all_ended
from app.records.hidden import hidden
from app.records.proposals import waiting
from app.records.sealed import open_causes, open_record, seal_record
from app.records.settling import count_unsettled, settle_some
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.makers import decide
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, ids, run

CONSENT = date(2026, 11, 2)


def as_formerly(runtime: Runtime, name: str, **columns: Any) -> None:
    """Leave the row of an actor as a former release wrote it."""
    with Session(runtime.staff) as session, session.begin():
        for sealed in session.scalars(select(ActorProtected)).all():
            if open_record(runtime.vault, sealed.actor_id, sealed.record).name == name:
                session.execute(
                    update(ActorProtected)
                    .where(ActorProtected.actor_id == sealed.actor_id)
                    .values(causes=None, **columns)
                )


def settle(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        settle_some(session, runtime.vault, "os:essai")
    with read(runtime.staff) as session:
        assert count_unsettled(session) == 0


def whys(runtime: Runtime) -> dict[str, tuple[str | None, set[str], bool]]:
    """True name -> level, causes, and whether nothing says them any more."""
    with Session(runtime.staff) as session:
        return {
            open_record(runtime.vault, each.actor_id, each.record).name: (
                each.level,
                {cause.why for cause in active(causes)},
                all_ended(causes),
            )
            for each in session.scalars(select(ActorProtected))
            for causes in [open_causes(runtime.vault, each.actor_id, each.causes)]
        }


def test_each_former_reason_becomes_causes(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR, APART, CRIP, ASE))
    as_formerly(runtime, "Foyer fictif", level="neutral", former_reason="category")
    as_formerly(runtime, "Association voisine", level="neutral", former_reason="shared")
    as_formerly(runtime, "Association libre", level="neutral", former_reason="shared")
    as_formerly(runtime, "CRIP d'exemple", level="neutral", former_reason="category")
    as_formerly(runtime, "ASE d'exemple", level="neutral", former_reason="decision")
    settle(runtime)
    assert whys(runtime) == {
        "Foyer fictif": ("neutral", {"category", "word"}, False),
        "Association voisine": ("held", {"beside"}, False),
        # Nothing says any more why it was hidden: a person is asked.
        "Association libre": ("held", {"beside"}, True),
        "CRIP d'exemple": ("neutral", {"category"}, True),
        # Of what a person decided, no list is asked.
        "ASE d'exemple": ("neutral", {"decision"}, False),
    }
    with read(runtime.staff) as session:
        proposed = [
            each.record.name for each in hidden(session, runtime.vault, OPERATOR) if each.proposed
        ]
    assert sorted(proposed) == ["Association libre", "CRIP d'exemple"]


def test_what_a_list_had_published_is_hidden_again_and_owed_an_erasure(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    with Session(runtime.staff) as session, session.begin():
        # As the migration leaves it: published by a column, without a person.
        session.execute(update(Actor).values(protected=False, status="draft", name="Foyer fictif"))
        session.execute(
            update(ActorProtected).values(causes=None, level=None, former_decision=CONSENT)
        )
    settle(runtime)
    with Session(runtime.staff) as session:
        actor = session.scalars(select(Actor)).one()
        assert (actor.status, actor.protected, actor.address) == ("published", True, None)
        assert session.scalars(select(ErasureDebt)).all()
        (proposed,) = waiting(session, runtime.vault, OPERATOR)
        assert proposed.about == "consent"
        assert "02/11/2026" in proposed.detail["said"]


def test_what_a_person_published_stays_so_and_hides_nobody(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (public_id,) = ids(runtime).values()
    decide(runtime, unprotect, public_id, who="essai", consent=CONSENT, why="accord écrit")
    as_formerly(runtime, "Foyer fictif", level=None, former_decision=CONSENT)
    settle(runtime)
    assert whys(runtime)["Foyer fictif"][0] is None
    run(runtime, csv(NEIGHBOUR), source="autre")
    assert set(ids(runtime)) == {"Foyer fictif", "Association voisine"}
    assert whys(runtime)["Association voisine"][0] is None


def test_a_shelter_is_found_again_whichever_batch_it_came_in(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR))
    as_formerly(runtime, "Foyer fictif", level="neutral", former_reason="category")
    with Session(runtime.staff) as session, session.begin():
        # Marks of a former release: as those of anybody.
        session.execute(
            update(ActorFingerprint)
            .where(ActorFingerprint.kind.startswith("home "))
            .values(kind=ActorFingerprint.kind)
        )
    settle(runtime)
    run(runtime, csv(NEIGHBOUR.replace("voisine", "nouvelle")), source="autre")
    assert whys(runtime)["Association nouvelle"][0] == "held"


def test_words_of_a_record_hide_it_though_its_category_does_not(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    with Session(runtime.staff) as session, session.begin():
        sealed = session.scalars(select(ActorProtected)).one()
        record = open_record(runtime.vault, sealed.actor_id, sealed.record)
        record.name = "Foyer des Lilas"
        sealed.record = seal_record(runtime.vault, sealed.actor_id, record)
    as_formerly(runtime, "Foyer des Lilas", level=None)
    settle(runtime)
    assert whys(runtime)["Foyer des Lilas"][:2] == ("neutral", {"word"})
