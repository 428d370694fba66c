"""Pages of the desk, as each role, searched for every secret that nobody has opened."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from app.accounts import people
from app.accounts.sessions import open_session
from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.models import Role
from app.platform.database.sessions import write
from app.platform.web.permissions import routes_of
from app.records.wanted import CAUSES, LEVELS, SORTS
from tests.attack.conftest import Attacked
from tests.attack.places import MARKER
from tests.serving import serving

pytestmark = pytest.mark.slow
ORIGIN = "https://bureau.example.org"


def sign_in(written: Attacked, role: Role) -> tuple[UUID, str]:
    """Somebody of a role, and the cookie of their session."""
    runtime = written.runtime
    territories = sorted(written.dataset.territories)[:3] if role.startswith("referent") else []
    with write(runtime.staff) as session:
        account = people.create(
            session,
            runtime.vault,
            mail=f"{uuid4().hex}@example.org",
            name="Camille Exemple",
            role=role,
            territories=territories,
            by="os:test",
        )
        now = datetime.now(UTC)
        token = open_session(
            session, runtime.vault, account, "passkey", device="x", network=b"x", now=now
        )
        return account.id, token


def readable(written: Attacked, role: Role) -> set[str]:
    """The words that somebody reads without opening anything: names of their territories' own."""
    if role in (Role.ADMINISTRATEUR, Role.REFERENT_ETAT):
        return set()
    places = [place for place in written.dataset.secrets if place.neutral]
    if role is Role.CURATEUR:
        # Lists are named after shelters, and a curateur works on all of them.
        return {f"{MARKER}isource".lower(), *(place.word(0).lower() for place in places)}
    own = set(sorted(written.dataset.territories)[:3])
    return {place.word(0).lower() for place in places if place.commune.territory in own}


LISTS = (
    *(f"/gestion/acteurs?tri={sort}&page={page}" for sort in SORTS for page in (1, 2, 999)),
    *(f"/gestion/acteurs?protection={level}" for level in LEVELS),
    *(f"/gestion/{page}?cause={cause}" for page in ("acteurs", "masques") for cause in CAUSES),
    *("/gestion/acteurs?q=service", "/gestion/acteurs?q=rue", "/gestion/acteurs?q=0639"),
    *(
        "/gestion/acteurs?territoire=miens",
        "/gestion/desaccords",
        "/gestion/territoires?sans=curateur",
        "/gestion",
    ),
    *("/gestion/acteurs?etat=secret", "/gestion/acteurs?etat=archive", "/gestion/masques?page=2"),
)


@pytest.mark.parametrize("role", Role)
def test_lists_of_the_desk_hold_no_more_than_names_of_ones_own(
    written: Attacked, role: Role
) -> None:
    runtime = written.runtime
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    _, token = sign_in(written, role)
    names = readable(written, role)
    read: set[str] = set()
    with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
        for path in LISTS:
            answer = client.get(path, headers={"Cookie": f"{COOKIE}={token}"})
            assert answer.status_code in (200, 403), path
            found = written.sentinels.in_text(answer.content)
            assert found <= names, path
            read |= found
    assert bool(read) == bool(names)


@pytest.mark.parametrize("role", Role)
def test_no_page_of_the_desk_holds_a_secret(written: Attacked, role: Role) -> None:
    runtime = written.runtime
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    account, token = sign_in(written, role)
    names = readable(written, role)
    asked = 0
    with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
        for route in routes_of(desk):
            path = str(route.path)
            for name in ("key", "account_id", "session_id"):
                path = path.replace(f"{{{name}}}", str(account))
            path = path.replace("{token}", "x").replace("{number}", "1")
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                if path == "/connexion/sortir":
                    continue
                headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN}
                answer = client.request(method, path, headers=headers)
                assert answer.status_code < 500, (method, path)
                assert written.sentinels.in_text(answer.content) <= names, (method, path)
                asked += 1
    assert asked > 20
