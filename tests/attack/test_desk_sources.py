"""Pages of sources and their files, as each role: nobody reads of a hidden place but its name."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.lists import links
from app.models import Role, Source, SourceFile
from app.platform.database.sessions import read, write
from app.visibility import Viewer
from tests.attack.conftest import Attacked
from tests.attack.places import MARKER
from tests.attack.test_desk import ORIGIN, readable, sign_in
from tests.serving import serving

pytestmark = pytest.mark.slow
OUTCOMES = ("", "created", "updated", "unchanged", "rejected", "ignored")
DEEDS = ("", "/effacer", "/annuler", "/liens", f"/liens/{uuid4()}/fermer")


def known(written: Attacked) -> list[tuple[UUID, UUID, str | None]]:
    """Each file: its source, itself, the territory of its source."""
    statement = select(Source.id, SourceFile.id, Source.territory_code).join(SourceFile)
    with read(written.runtime.staff) as session:
        return [(row[0], row[1], row[2]) for row in session.execute(statement)]


@pytest.fixture
def followed(written: Attacked) -> Iterator[list[tuple[UUID, UUID, str | None]]]:
    """Each file; the first source is followed by a référent, though it has lines of all France."""
    first = known(written)[0][0]
    own = update(Source).where(Source.id == first)
    with write(written.runtime.staff) as session:
        session.execute(own.values(territory_code=min(written.dataset.territories)))
    yield known(written)
    with write(written.runtime.staff) as session:
        session.execute(own.values(territory_code=None))


def pages(source: UUID, file: UUID) -> list[str]:
    address = f"/gestion/sources/{source}"
    lines = [f"{address}/{file}?devenir={each}&page={page}" for each in OUTCOMES for page in (1, 2)]
    return [address, f"{address}?page=2", f"{address}/{uuid4()}", *lines]


@pytest.mark.parametrize("role", Role)
def test_a_source_shows_no_more_than_names_of_ones_own(
    written: Attacked, followed: list[tuple[UUID, UUID, str | None]], role: Role
) -> None:
    runtime = written.runtime
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    _, token = sign_in(written, role)
    territories = set(sorted(written.dataset.territories)[:3])
    source_word = f"{MARKER}isource".lower()
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN, "Accept": "text/html"}
    answered = 0
    with serving(desk) as address, httpx.Client(base_url=address, headers=headers) as client:
        for source, file, territory in followed:
            mine = role is Role.CURATEUR
            mine |= role is Role.REFERENT_DEPARTEMENT and territory in territories
            names = (readable(written, role) | {source_word}) if mine else set()
            for path in pages(source, file):
                answer = client.get(path, timeout=60)
                assert answer.status_code in ((200, 404) if mine else (403, 404)), path
                found = written.sentinels.in_text(answer.content, asked=path)
                assert found <= names, (path, found - names)
                answered += answer.status_code == 200
            if not mine:
                given = {"avant": "x", "lien": str(uuid4())}
                for deed in DEEDS:
                    answer = client.post(f"/gestion/sources/{source}{deed}", data=given)
                    assert answer.status_code in (403, 404), deed
                    assert not written.sentinels.in_text(answer.content)
    assert bool(answered) == (role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT))


def test_the_page_of_a_deposit_link_names_nothing_that_is_known(written: Attacked) -> None:
    runtime, now = written.runtime, datetime.now(UTC)
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    viewer = Viewer.staff(Role.CURATEUR, [])
    lists = select(Source.id).where(Source.register.is_(None))
    with write(runtime.staff) as session:
        sources = session.scalars(lists).all()
        tokens = [links.make(session, viewer, each, uuid4(), "os:test", now) for each in sources]
    assert tokens
    headers = {"Origin": ORIGIN, "Accept": "text/html"}
    with serving(desk) as address, httpx.Client(base_url=address, headers=headers) as client:
        for token in tokens:
            for answer in (client.get(f"/depot/{token}"), client.post(f"/depot/{token}")):
                assert answer.status_code in (200, 422)
                assert not written.sentinels.in_text(answer.content)
                assert not answer.cookies
