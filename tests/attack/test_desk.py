"""Pages of the desk, as each role, searched for every secret that nobody has opened."""

import io
from datetime import UTC, date, datetime
from uuid import UUID, uuid4
from zipfile import ZipFile

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from app.accounts.sessions import open_session
from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.jobs import depositing
from app.lists import corrections, deposits
from app.lists.corrections import Cell
from app.lists.uploads import Upload
from app.maps.areas import read_outlines
from app.models import Deposit, DepositLine, Role
from app.platform.database.engines import Databases
from app.platform.database.sessions import read, write
from app.platform.web.permissions import routes_of
from app.records.wanted import CAUSES, LEVELS, SORTS
from importers.row import Where
from tests.attack.conftest import Attacked
from tests.attack.dataset import as_list
from tests.attack.places import COLUMNS, MARKER, InventedPlace
from tests.attack.resources import sent_of, words_for
from tests.desk.bureau import account_of
from tests.serving import serving

pytestmark = pytest.mark.slow
ORIGIN = "https://bureau.example.org"
LIST = f"Foyer {MARKER}isource {{}}.csv"
# Boundaries of territories, some of whose corners are near somebody hidden.
OUTLINES = "/gestion/couverture/contours.geojson"


# A provider that nobody answers for, and the pages that ask it, or lead back from it.
PROVIDER = {
    **{"proconnect_url": "https://127.0.0.1:9", "proconnect_client_id": "x"},
    "proconnect_client_secret": SecretStr("x"),
}
LEFT, BACK, CODE = (f"/connexion/proconnect{each}" for each in ("", "/retour", "/code"))


def sign_in(written: Attacked, role: Role) -> tuple[UUID, str]:
    """Somebody of a role, and the cookie of their session."""
    runtime = written.runtime
    somewhere = role.startswith("referent") or role is Role.PROFESSIONNEL
    territories = sorted(written.dataset.territories)[:3] if somewhere else []
    with write(runtime.staff) as session:
        mail = f"{uuid4().hex}@example.org"
        account = account_of(session, runtime.vault, role, mail, territories)
        now = datetime.now(UTC)
        token = open_session(
            session, runtime.vault, account, "passkey", device="x", network=b"x", now=now
        )
        return account.id, token


def readable(written: Attacked, role: Role) -> set[str]:
    """The words that somebody reads without opening anything: names of their territories' own."""
    if role in (Role.ADMINISTRATEUR, Role.REFERENT_ETAT, Role.PROFESSIONNEL):
        return set()
    places = [place for place in written.dataset.secrets if place.neutral]
    if role is Role.CURATEUR:
        # Lists are named after shelters, and a curateur works on all of them.
        return {f"{MARKER}isource".lower(), *(place.word(0).lower() for place in places)}
    own = set(sorted(written.dataset.territories)[:3])
    return {place.word(0).lower() for place in places if place.commune.territory in own}


def deposited(
    written: Attacked, name: str, territory: str | None, places: list[InventedPlace]
) -> UUID:
    """A list of hidden places that was deposited and read, each with a postcode that is none.

    Of each second one a word is corrected as in the list before.
    """
    header, *lines = as_list(places).decode("cp1252").split("\r\n")
    column = COLUMNS.index("Code postal")
    odd = []
    for place, line in zip(places, lines, strict=True):
        cells = line.split(";")
        odd.append(";".join([*cells[:column], place.word(3), *cells[column + 1 :]]))
    data = "\r\n".join((header, *odd)).encode("cp1252")
    filename = LIST.format(name)
    upload = Upload(filename, data, str(uuid4()), territory, source=filename)
    runtime = written.runtime
    with write(runtime.staff) as session:
        deposit, is_new = deposits.deposit(session, runtime.vault, upload, territory)
        hours = COLUMNS.index("Horaires")
        planted = {
            Where(None, line): {hours: Cell(place.word(3), place.word(3), recalled=True)}
            for line, place in list(enumerate(places, start=2))[::2]
        }
        sealed = corrections.seal(runtime.vault, deposit, planted, date(2026, 5, 1))
        session.get_one(Deposit, deposit).corrected = sealed
    assert is_new
    depositing.check(runtime, deposit)
    return deposit


LISTS = (
    *(f"/gestion/acteurs?tri={sort}&page={page}" for sort in SORTS for page in (1, 2, 999)),
    *(f"/gestion/acteurs?protection={level}" for level in LEVELS),
    *(f"/gestion/{page}?cause={cause}" for page in ("acteurs", "masques") for cause in CAUSES),
    *("/gestion/acteurs?q=service", "/gestion/acteurs?q=rue", "/gestion/acteurs?q=0639"),
    *(
        "/gestion/acteurs?territoire=miens",
        "/gestion/desaccords",
        "/gestion/territoires?sans=curateur",
        "/gestion/sources",
        "/gestion/demandes/contacts",
        "/gestion",
        "/pro",
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
def test_pages_of_deposits_hold_no_more_than_names_of_ones_own(
    written: Attacked, role: Role
) -> None:
    runtime = written.runtime
    hidden = [place for place in written.dataset.secrets if place.neutral]
    territory = sorted(written.dataset.territories)[0]
    own = [place for place in hidden if place.commune.territory == territory]
    near = [place for place in hidden if place.commune.territory != territory][:20]
    ids = [
        deposited(written, f"de {role}", None, hidden[:60]),
        deposited(written, f"du {territory} de {role}", territory, [*own, *near]),
    ]
    address_of = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(
        runtime.settings.model_copy(update=address_of), runtime.databases, runtime.vault
    )
    _, token = sign_in(written, role)
    # Who keeps a territory knows the lists of it.
    names = readable(written, role) | {f"{MARKER}isource".lower()}
    masked = recalled = 0
    with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
        headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN}
        asked = ("recalled", "conflicting")
        ways = ("", "/relire", *(f"/relire?resultat={each}" for each in asked), "/colonnes")
        pages = (f"/gestion/imports/{each}{way}" for each in ids for way in ways)
        for path in ("/gestion/imports", *pages):
            answer = client.get(path, headers=headers)
            assert answer.status_code in (200, 403, 404), path
            assert written.sentinels.in_text(answer.content) <= names, path
            masked += answer.text.count("masquée")
            recalled += answer.text.count("Correction reprise</span>")
        for each in ids:
            answer = client.post(f"/gestion/imports/{each}/a-cote", headers=headers)
            assert answer.status_code in (303, 403), each
            answer = client.get(f"/gestion/imports/{each}", headers=headers)
            assert written.sentinels.in_text(answer.content) <= names, each
        # Of lines of protected actors whose sheets are shut, no cell is shown either.
        for each in ids:
            path = f"/gestion/imports/{each}/colonnes/cellules"
            answer = client.post(path, headers=headers, data={"vu": datetime.now(UTC).isoformat()})
            assert answer.status_code in (200, 403, 404), path
            assert written.sentinels.in_text(answer.content) <= names, path
    readers = (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
    assert bool(masked) is bool(recalled) is (role in readers)


@pytest.mark.parametrize("role", Role)
def test_whom_a_list_hides_beside_a_home_a_curateur_alone_reads_by_name(
    written: Attacked, role: Role
) -> None:
    runtime, territory = written.runtime, sorted(written.dataset.territories)[0]
    places = [each for each in written.dataset.places if each.case == "open"]
    place = next(each for each in places if each.commune.territory == territory)
    given = dict(zip(COLUMNS, place.line().split(";"), strict=True))
    named = ("Adresse", "Code postal", "Commune", "Code INSEE")
    where = [given[each] for each in named]
    home = ";".join((f"Foyer venu {role}", "MECS", *where))
    data = "\r\n".join((";".join(("Nom", "Catégorie", *named)), home)).encode("cp1252")
    upload = Upload("x.csv", data, str(uuid4()), territory, source=f"Liste venue {role}")
    with write(runtime.staff) as session:
        deposit, _ = deposits.deposit(session, runtime.vault, upload, territory)
    depositing.check(runtime, deposit)
    names = readable(written, role) | {f"{MARKER}isource".lower()}
    page, read = f"/gestion/imports/{deposit}", []
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    headers = {"Cookie": f"{COOKIE}={sign_in(written, role)[1]}", "Origin": ORIGIN}
    with (
        serving(desk) as address,
        httpx.Client(base_url=address, timeout=60, headers=headers) as client,
    ):
        for _ in range(2):
            answer = client.get(page)
            assert written.sentinels.in_text(answer.content) <= names
            read.append(place.word(0) in answer.text)
            client.post(f"{page}/a-cote")
    assert read == [False, role is Role.CURATEUR]


def applied_in_part(written: Attacked, name: str, *more: InventedPlace) -> tuple[str, UUID, UUID]:
    """A list of hidden places of which a référent applied their part: their cookie, and both.

    more: places that stand in it as well.
    """
    runtime, role = written.runtime, Role.REFERENT_DEPARTEMENT
    territory = sorted(written.dataset.territories)[0]
    hidden = [place for place in written.dataset.secrets if place.neutral]
    own = [place for place in hidden if place.commune.territory == territory]
    near = [place for place in hidden if place.commune.territory != territory][:20]
    deposit = deposited(written, name, territory, [*own, *near, *more])
    account, token = sign_in(written, role)
    with write(runtime.staff) as session:
        # Whatever its pages offer: as if all of it were theirs to apply.
        found = deposits.find_for_job(session, runtime.vault, deposit)
        assert found is not None
        here = DepositLine.file_id == deposit
        accepted = {"decision": "accept", "who": str(account), "at": datetime.now(UTC)}
        session.execute(update(DepositLine).where(here).values(**accepted))
        page = deposits.sealed_page(runtime.vault, deposit, {**found.page, deposits.OWN: True})
        deposits.ask_to_apply(session, deposit, found.since, str(account), content=page)
    depositing.apply(runtime, deposit)
    with write(runtime.staff) as session:
        found = deposits.find_for_job(session, runtime.vault, deposit)
        assert found is not None
        assert found.state == "applied"
        rest = UUID(found.page["rest"])
    depositing.check(runtime, rest)
    return token, deposit, rest


def test_a_referent_who_applies_their_part_reads_no_more_of_it(written: Attacked) -> None:
    runtime = written.runtime
    token, deposit, rest = applied_in_part(written, "en partie")
    own_desk = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    settings = runtime.settings.model_copy(update=own_desk)
    names = readable(written, Role.REFERENT_DEPARTEMENT) | {f"{MARKER}isource".lower()}
    desk = create_desk(settings, runtime.databases, runtime.vault)
    with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
        headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN}
        ways = ("", "/relire", "/relire?etat=reserved", "/colonnes", "/defaire")
        pages = [f"/gestion/imports/{each}{way}" for each in (deposit, rest) for way in ways]
        for path in ("/gestion", "/gestion/imports", *pages):
            answer = client.get(path, headers=headers)
            assert answer.status_code in (200, 303, 403), path
            assert written.sentinels.in_text(answer.content) <= names, path
        assert "Un curateur en décide" in client.get(pages[len(ways)], headers=headers).text


@pytest.mark.parametrize("role", Role)
def test_no_page_of_the_desk_holds_a_secret(
    written: Attacked, role: Role, worker_databases: Databases
) -> None:
    runtime = written.runtime
    with read(worker_databases.public) as session:
        where_nobody_is = read_outlines(session)
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True} | PROVIDER
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    account, token = sign_in(written, role)
    names = readable(written, role)
    if role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT):
        names |= {f"{MARKER}isource".lower()}
    territory = sorted(written.dataset.territories)[0]
    hidden = [place for place in written.dataset.secrets if place.neutral][:40]
    deposit = deposited(written, f"pour {role}", territory, hidden)
    catalogue, link = map(str, sent_of(runtime))
    names |= words_for(role)
    asked, there = 0, set[str]()
    with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
        for route in routes_of(desk):
            path = str(route.path)
            for name in ("key", "account_id", "session_id"):
                path = path.replace(f"{{{name}}}", str(account))
            path = path.replace("{token}", "x").replace("{number}", "1")
            path = path.replace("{deposit_id}", str(deposit))
            path = path.replace("{import_id}", catalogue).replace("{proposal_id}", link)
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                if path == "/connexion/sortir":
                    continue
                headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN}
                answer = client.request(method, path, headers=headers)
                silent = path.endswith(LEFT.rpartition("/")[2]) and answer.status_code == 503
                assert answer.status_code < 500 or silent, (method, path)
                if answer.status_code not in (404, 405):
                    there.add(path)
                asked += 1
                if path == OUTLINES and answer.is_success:
                    assert answer.text == where_nobody_is
                    continue
                assert written.sentinels.in_text(answer.content) <= names, (method, path)
    assert asked > 20
    assert {LEFT, BACK, CODE, "/gestion/comptes/partis"} <= there


@pytest.mark.parametrize("role", Role)
def test_no_file_of_a_territory_holds_a_secret_in_any_of_its_parts(
    written: Attacked, role: Role
) -> None:
    runtime = written.runtime
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    _, token = sign_in(written, role)
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN}
    given = 0
    # A référent's own three, and some that are not.
    territories = sorted(written.dataset.territories)
    asked = [*territories[:3], *territories[3::6]]
    with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
        for territory in asked:
            answer = client.post(
                "/gestion/acteurs/mise-a-jour", headers=headers, data={"territoire": territory}
            )
            assert answer.status_code in (200, 403, 404), territory
            assert written.sentinels.in_text(repr(answer.headers).encode()) == set()
            if answer.status_code == 200:
                given += 1
                with ZipFile(io.BytesIO(answer.content)) as archive:
                    for part in archive.namelist():
                        found = written.sentinels.in_text(archive.read(part))
                        assert found == set(), (territory, part)
    assert given == {Role.CURATEUR: len(asked), Role.REFERENT_DEPARTEMENT: 3}.get(role, 0)
