"""Meetings of the CDLP: their pages, their paper and what they confirm hold no hidden place."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import delete, select, text

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.models import Actor, CdlpMeeting, Role
from app.platform.database.sessions import read, write
from geo.zones import paris_day
from tests.attack.conftest import Attacked
from tests.attack.test_desk import ORIGIN, sign_in
from tests.serving import serving

pytestmark = pytest.mark.slow
OWN = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
ROOM = "/gestion/etat-des-lieux"


@pytest.fixture
def desk(written: Attacked) -> Iterator[httpx.Client]:
    """The desk, on which three territories have a meeting that is confirmed, and an open one."""
    runtime = written.runtime
    app = create_desk(runtime.settings.model_copy(update=OWN), runtime.databases, runtime.vault)
    day, before = days()
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        headers = cookie(written, Role.REFERENT_ETAT)
        for code in territories(written):
            for each in (day, before):
                given = {"jour": each.isoformat()}
                made = client.post(f"{ROOM}/{code}", data=given, headers=headers)
                assert made.status_code == 303
            said = client.post(f"{ROOM}/{code}/{day}/confirmer", headers=headers)
            assert said.status_code == 303
        yield client
    with write(runtime.staff) as session:
        session.execute(delete(CdlpMeeting))


def days() -> tuple[date, date]:
    """That of the meeting that is confirmed, and of the one that may still say what is right."""
    today = paris_day(datetime.now(UTC))
    return today, today - timedelta(days=1)


def territories(written: Attacked) -> list[str]:
    return sorted(written.dataset.territories)[:3]


def cookie(written: Attacked, role: Role) -> dict[str, str]:
    _, token = sign_in(written, role)
    return {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN}


@pytest.mark.parametrize("role", Role)
def test_pages_and_papers_hold_nothing_of_hidden_places(
    written: Attacked, desk: httpx.Client, role: Role
) -> None:
    headers, (day, before) = cookie(written, role), days()
    with read(written.runtime.staff) as session:
        hidden = session.scalars(select(Actor.public_id).where(Actor.protected).limit(20)).all()
        rows = session.scalars(text("SELECT t::text FROM cdlp_meeting AS t")).all()
    assert written.sentinels.in_text("\n".join(rows).encode()) == set()
    status = 403 if role in (Role.ADMINISTRATEUR, Role.PROFESSIONNEL) else 200
    pages = 0
    for code in territories(written):
        page = f"{ROOM}/{code}/{day}"
        for path in (ROOM, f"{ROOM}/{code}", page, f"{page}/etat-des-lieux.pdf"):
            answer = desk.get(path, headers=headers)
            assert answer.status_code == status, path
            assert written.sentinels.in_text(answer.content) == set(), path
            pages += answer.status_code == 200
        for each in hidden:
            said = desk.post(
                f"{ROOM}/{code}/{before}/justes", data={"juste": each}, headers=headers
            )
            assert said.status_code == (403 if status == 403 else 303)
            assert "fait=aucun" in said.headers.get("location", "fait=aucun")
    assert pages == (0 if status == 403 else 12)
