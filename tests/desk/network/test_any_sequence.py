"""Whatever members, operators and administrateurs do, in any order: who reads what afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from app.models import Account, NetworkMember
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime
from app.visible.members import Audience
from tests.desk.bureau import Browser, Bureau
from tests.desk.network.conftest import Joined
from tests.makers import decide
from tests.networked import joins, leaves, public_id_of, says, works_for
from tests.short_lists import csv, run

pytestmark = pytest.mark.slow
TEXT = "Sentinelle du réseau"
AUDIENCES: tuple[Audience, ...] = ("moi", "departement", "reseau")
STEPS = st.sampled_from(("join", "leave", "exclude", "disable", *AUDIENCES, "work", "protect"))


@dataclass
class World:
    """What is so: by what was done, and by no query. actor: public id of whom they work for."""

    account: UUID
    actor: str
    is_member: bool = True
    is_excluded: bool = False
    is_disabled: bool = False
    audience: Audience | None = None
    works: bool = False
    is_protected: bool = False

    def reads(self, *, near: bool) -> bool:
        """Say whether another member reads the text."""
        shown = self.is_member and not self.is_excluded and not self.is_disabled
        allowed = self.audience == "reseau" or (self.audience == "departement" and near)
        return shown and allowed and not (self.works and self.is_protected)


def do(runtime: Runtime, world: World, step: str) -> None:
    active = world.is_member and not world.is_excluded
    own = NetworkMember.account_id == world.account
    if step == "join" and not world.is_excluded:
        joins(runtime, world.account)
        world.is_member = True
    elif step == "leave":
        leaves(runtime, world.account)
        world.is_member, world.audience, world.works = False, None, False
    elif step == "exclude" and active:
        with write(runtime.staff) as session:
            session.execute(update(NetworkMember).where(own).values(blocked_at=datetime.now(UTC)))
        world.is_excluded = True
    elif step == "disable":
        with write(runtime.staff) as session:
            session.get_one(Account, world.account).disabled_at = datetime.now(UTC)
        world.is_disabled = True
    elif step in AUDIENCES and active:
        audience: Any = step
        says(runtime, world.account, helps=TEXT, audiences={"helps": audience})
        world.audience = audience
    elif step == "work" and active and not world.is_protected:
        works_for(runtime, world.account, world.actor)
        world.works = True
    elif step == "protect" and not world.is_protected:
        decide(runtime, acts.protect, world.actor, who="essai", why="menaces")
        world.is_protected = True


@pytest.fixture(scope="module")
def numbers() -> list[int]:
    return []


def test_no_page_shows_what_its_reader_may_not_open(
    bureau: Bureau, runtime: Runtime, joined: Joined, numbers: list[int]
) -> None:
    readers: dict[bool, Browser] = {True: joined("93")[1], False: joined("13")[1]}
    outside = bureau.browser()

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, min_size=2, max_size=9))
    def any_sequence(steps: list[str]) -> None:
        numbers.append(number := len(numbers))
        name = f"Relais {number}"
        line = f"{name};Association;{number + 1} rue Quinte;93300;Aubervilliers;019900{number:04};"
        run(runtime, csv(line), source=name)
        world = World(joined("93", "75")[0].id, public_id_of(runtime, name))
        for step in steps:
            do(runtime, world, step)
            page = f"/pro/reseau/membres/{world.account}"
            for near, browser in readers.items():
                for path in (page, "/pro/reseau?q=sentinelle", "/pro/reseau"):
                    text = browser.get(path).text
                    assert not (world.is_protected and name in text), steps
                    if path == page:
                        assert (TEXT in text) is world.reads(near=near), steps
                found = str(world.account) in browser.get("/pro/reseau?q=sentinelle").text
                assert found is world.reads(near=near), steps
            assert TEXT not in outside.get(page).text

    any_sequence()
