"""A list that is planned twice in one transaction is planned each time by what is stored then."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.models import Actor
from app.platform.database.sessions import write
from app.records import acts
from app.records.edits import correct
from app.records.marks import quoted
from app.records.record import Origin
from app.records.twice import Twice
from app.records.writing import Writer
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from geo.zones import paris_day
from tests.short_lists import APART, csv, ids, run


def of_two_plans(session: Session, runtime: Runtime) -> Writer:
    key = index_key(session, runtime.vault)
    gazetteer = cached_gazetteer(session.connection())
    return Writer(session, runtime.vault, key, gazetteer, twice=True)


def stored(session: Session, runtime: Runtime) -> UUID:
    run(runtime, csv(APART))
    public = ids(runtime)["Association libre"]
    return session.scalars(select(Actor.id).where(Actor.public_id == public)).one()


def test_what_the_first_plan_writes_to_an_actor_is_not_in_the_second_one(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        actor = stored(session, runtime)
        writer = of_two_plans(session, runtime)
        first = writer.stored([actor])[actor]
        phones, origins = first.record.phones, dict(first.provenance)
        by = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        correct(first, {"phones": ("+33199000044",), "name": "Autre nom"}, by)
        second = writer.stored([actor])[actor]
        assert (second.record.phones, second.record.name) == (phones, "Association libre")
        assert (second.provenance, second.changes) == (origins, {})


def test_who_is_hidden_between_two_plans_is_hidden_in_the_second_one(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        actor = stored(session, runtime)
        writer = of_two_plans(session, runtime)
        assert writer.stored([actor])[actor].level is None
        with write(runtime.staff) as other:
            public = ids(runtime)["Association libre"]
            acts.protect(other, runtime.vault, public, who="essai", why="essai")
        second = writer.stored([actor])[actor]
        assert second.level is not None
        assert second.level == second.former_level
        assert second.causes == second.former_causes


def test_other_words_quote_otherwise(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        actor = stored(session, runtime)
        record = of_two_plans(session, runtime).stored([actor])[actor].record
    twice = Twice()
    for description in (None, "Appelez le 01 99 00 00 77.", "Au 3 rue Neuve", None):
        record.description = description
        for commune in ("93008", "69381"):
            record.commune = commune
            assert twice.quoted(record) == quoted(record)
            assert twice.quoted(record) == quoted(record)
