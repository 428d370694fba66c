"""Any version of an actor can be read and restored, as a new one that publishes nothing."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.models import Actor
from app.models.protected import Level
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.history import Entry, History
from app.records.past import RevisionUnknown, Version, version_at
from app.records.restoring import ChangedMeanwhile, NothingToRestore, restore
from app.records.sheets import Sheet, last_revision, read_sheet
from app.records.viewing import see
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.makers import decide
from tests.short_lists import APART, ASE, csv, ids, run

WHO = {"who": "essai", "why": "essai"}


def sheet_of(session: Session, runtime: Runtime, public_id: str) -> Sheet:
    now = datetime.now(UTC)
    return read_sheet(session, runtime.vault, OPERATOR, "essai", public_id, now)


def version(runtime: Runtime, public_id: str, number: int) -> Version:
    with read(runtime.staff) as session:
        sheet = sheet_of(session, runtime, public_id)
        assert sheet.record is not None
        assert sheet.provenance is not None
        return version_at(
            session,
            runtime.vault,
            OPERATOR,
            sheet.actor_id,
            sheet.record,
            sheet.provenance,
            number,
        )


def revision(runtime: Runtime, public_id: str) -> int:
    with read(runtime.staff) as session:
        return sheet_of(session, runtime, public_id).revision


def take_back(runtime: Runtime, public_id: str, number: int, based_on: int) -> None:
    """Restore that version of an actor as an operator, and commit it."""
    with write(runtime.staff) as session:
        restore(session, runtime.vault, OPERATOR, public_id, number, based_on=based_on, **WHO)


def test_a_version_is_what_the_list_gave_before_a_person_changed_it(runtime: Runtime) -> None:
    run(runtime, csv(APART, ASE))
    public_id = ids(runtime)["Association libre"]
    first = version(runtime, public_id, 1)
    decide(runtime, acts.classify, public_id, "paej", **WHO)
    assert revision(runtime, public_id) == 2
    assert version(runtime, public_id, 2).fields["category"] == "paej"
    assert version(runtime, public_id, 1) == first
    with pytest.raises(RevisionUnknown):
        version(runtime, public_id, 3)


def test_restoring_after_a_change_gives_fields_and_origins_back(runtime: Runtime) -> None:
    run(runtime, csv(APART, ASE))
    public_id = ids(runtime)["Association libre"]
    first = version(runtime, public_id, 1)
    decide(runtime, acts.classify, public_id, "paej", **WHO)
    take_back(runtime, public_id, 1, based_on=2)
    again = version(runtime, public_id, 3)
    assert (again.fields, again.provenance) == (first.fields, first.provenance)
    with pytest.raises(NothingToRestore):
        take_back(runtime, public_id, 1, based_on=3)


def test_what_changed_meanwhile_is_not_written_over(runtime: Runtime) -> None:
    run(runtime, csv(APART, ASE))
    public_id = ids(runtime)["Association libre"]
    decide(runtime, acts.classify, public_id, "paej", **WHO)
    with pytest.raises(ChangedMeanwhile):
        take_back(runtime, public_id, 1, based_on=1)
    assert revision(runtime, public_id) == 2


MOVED = APART.replace("99 rue Autre", "12 rue Neuve")


def level(runtime: Runtime, public_id: str) -> Level | None:
    with read(runtime.staff) as session:
        return sheet_of(session, runtime, public_id).level


def published_elsewhere(runtime: Runtime) -> str:
    """Protect an association, let it move while it is hidden, and publish it where it is now."""
    run(runtime, csv(APART, ASE))
    hidden = decide(runtime, acts.protect, ids(runtime)["Association libre"], **WHO).public_id
    run(runtime, csv(MOVED, ASE))
    shown = decide(runtime, acts.unprotect, hidden, consent=paris_day(), **WHO).public_id
    assert level(runtime, shown) is None
    return shown


@pytest.mark.slow
def test_a_version_that_was_hidden_is_hidden_once_it_is_restored(runtime: Runtime) -> None:
    public_id = published_elsewhere(runtime)
    with write(runtime.staff) as session:
        done = restore(session, runtime.vault, OPERATOR, public_id, 2, based_on=4, **WHO)
    assert done.hid
    with read(runtime.staff) as session:
        (seen,) = see(session, runtime.vault, OPERATOR, Actor.public_id == done.public_id)
    assert seen.level == "neutral"
    assert seen.record.street == "99 rue Autre"
    # The accord was for the place that was public.
    assert seen.record.consent_on is None


@pytest.mark.slow
def test_a_version_of_after_the_publication_stays_public(runtime: Runtime) -> None:
    public_id = published_elsewhere(runtime)
    run(runtime, csv(f"{MOVED}libre@exemple.org", ASE))
    take_back(runtime, public_id, 4, based_on=5)
    assert level(runtime, public_id) is None


def test_what_was_only_unclassified_then_is_not_hidden_for_it(runtime: Runtime) -> None:
    run(runtime, csv(APART.replace(";Association;", ";Machin;"), ASE))
    with read(runtime.staff) as session:
        seen = {each.record.name: each for each in see(session, runtime.vault, OPERATOR)}
    unknown = seen["Association libre"].public_id
    public_id = decide(runtime, acts.classify, unknown, "paej", **WHO).public_id
    assert decide(runtime, acts.classify, public_id, "association", **WHO).public_id == public_id
    take_back(runtime, public_id, 2, based_on=3)
    assert level(runtime, public_id) is None


def test_a_purge_that_runs_meanwhile_is_no_change_of_the_actor(runtime: Runtime) -> None:
    run(runtime, csv(APART, ASE))
    public_id = ids(runtime)["Association libre"]
    decide(runtime, acts.classify, public_id, "paej", **WHO)
    seen = revision(runtime, public_id)
    with write(runtime.staff) as session:
        actor = session.query(Actor).filter_by(public_id=public_id).one().id
        History(session, runtime.vault, "essai", "purge").note([Entry(actor, "purge")])
    assert revision(runtime, public_id) == seen
    take_back(runtime, public_id, 1, based_on=seen)
    assert version(runtime, public_id, seen + 2).fields["category"] == "association"


def test_restoring_publishes_nothing_that_was_hidden_since(runtime: Runtime) -> None:
    run(runtime, csv(APART, ASE))
    before = ids(runtime)["Association libre"]
    outcome = decide(runtime, acts.protect, before, **WHO, secret=True)
    with write(runtime.staff) as session:
        record = session.query(Actor).filter_by(public_id=outcome.public_id).one()
        number = last_revision(session, record.id)
    with pytest.raises(NothingToRestore):
        take_back(runtime, outcome.public_id, 1, based_on=number)
    assert "Association libre" not in ids(runtime)
