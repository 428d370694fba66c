"""Links that visitors propose: they wait sealed, and become drafts or nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cataloguing.proposing import (
    DECIDED_FOR,
    LinkUnusable,
    ProposalDecided,
    accept,
    count,
    forget_decided,
    refuse,
    waiting,
)
from app.cataloguing.publishing import NotYourDecision
from app.cataloguing.versions import history, read
from app.inbox.message import ProposedLink
from app.inbox.opening import publish_key
from app.inbox.putting import put, read_lock
from app.models import InboxMessage, Report, ResourceProposal, Role
from app.platform.database.sessions import read as reading
from app.platform.database.sessions import write
from app.reports.receiving import receive
from app.runtime.staff import Runtime
from app.visibility import Viewer
from tests.makers_resources import CURATEUR, WRITER, made, now, seen, status

REFERENT = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"])
LINK = {"url": "https://exemple.fr/guide", "title": "Guide d’exemple", "why": "Pour éducateurs"}


def proposed(runtime: Runtime, **fields: str) -> UUID:
    """Propose a link as a visitor does, have the desk open it, and return its id."""
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
    with reading(runtime.databases.public) as session:
        lock = read_lock(session)
    assert lock is not None
    assert runtime.databases.inbox is not None
    with write(runtime.databases.inbox) as session:
        put(session, lock, "192.0.2.0/24", ProposedLink(**LINK | fields))
    with write(runtime.staff) as session:
        assert receive(session, runtime.vault) == 1
    with Session(runtime.staff) as session:
        newest = select(ResourceProposal.id).order_by(ResourceProposal.received_at.desc())
        return session.scalars(newest.limit(1)).one()


def decide(runtime: Runtime, proposal: UUID, *, accepts: bool) -> Any:
    with write(runtime.staff) as session:
        if accepts:
            return accept(session, runtime.vault, CURATEUR, WRITER, proposal, now())
        return refuse(session, CURATEUR, WRITER, proposal, now())


def test_a_link_waits_for_a_curateur_and_is_no_report(runtime: Runtime) -> None:
    proposed(runtime)
    with Session(runtime.staff) as session:
        assert count(session) == 1
        (found,) = waiting(session, runtime.vault, CURATEUR, WRITER.who, now())
        assert (found.url, found.title, found.why) == tuple(LINK.values())
        assert b"exemple" not in session.scalars(select(ResourceProposal.content)).one()
        assert session.scalars(select(Report)).all() == []
        assert session.scalars(select(InboxMessage)).all() == []
        with pytest.raises(NotYourDecision):
            waiting(session, runtime.vault, REFERENT, WRITER.who, now())


def test_one_that_is_there_already_is_named(runtime: Runtime) -> None:
    made(runtime, title="Guide d’exemple", subtitle="", url="https://www.exemple.fr/guide/")
    proposed(runtime)
    with Session(runtime.staff) as session:
        (found,) = waiting(session, runtime.vault, CURATEUR, WRITER.who, now())
    assert [each.title for each in found.twins] == ["Guide d’exemple"]


def test_an_accepted_one_is_a_draft_that_says_why(runtime: Runtime) -> None:
    saved = decide(runtime, proposed(runtime), accepts=True)
    assert status(runtime, saved.id) == "draft"
    assert "Guide d’exemple" not in seen(runtime)
    with Session(runtime.staff) as session:
        stored = read(session, runtime.vault, CURATEUR, saved.id)
        assert (stored.content.title, stored.content.url) == (LINK["title"], LINK["url"])
        (step,) = history(session, runtime.vault, CURATEUR, stored)
        assert step.note == "proposé par un visiteur · Pour éducateurs"
        assert count(session) == 0


@pytest.mark.parametrize("accepts", [True, False])
def test_each_is_decided_once(runtime: Runtime, accepts: bool) -> None:
    proposal = proposed(runtime)
    decide(runtime, proposal, accepts=accepts)
    with pytest.raises(ProposalDecided):
        decide(runtime, proposal, accepts=not accepts)


def test_what_is_no_address_becomes_no_draft(runtime: Runtime) -> None:
    proposal = proposed(runtime, url="javascript:alert(1)")
    with pytest.raises(LinkUnusable):
        decide(runtime, proposal, accepts=True)
    with Session(runtime.staff) as session:
        assert count(session) == 1


def test_what_was_decided_is_forgotten_in_time_and_what_waits_is_not(runtime: Runtime) -> None:
    decide(runtime, proposed(runtime), accepts=False)
    proposed(runtime, title="Un autre")
    for days, left in ((-1, 2), (1, 1)):
        with write(runtime.staff) as session:
            forget_decided(session, now() + DECIDED_FOR + timedelta(days=days))
            assert len(session.scalars(select(ResourceProposal)).all()) == left
