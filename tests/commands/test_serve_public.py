"""`mesure23 serve --public`: no key, no other login, and nothing that it could write."""

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Semaphore

import httpx
import psycopg
import pytest
from sqlalchemy import Connection, Engine, make_url, text

from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine
from tests.commands.conftest import Command, Installation, line_of

# Seconds for which it goes on once it is told to end.
DRAIN = 2


@pytest.fixture
def home(installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A home that holds nothing, where no key is found nor could be made unseen."""
    home = Installation(tmp_path)
    yield home
    for child in home.children:
        child.kill()
        child.communicate()


def address_of(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.mark.slow
def test_it_needs_only_the_address_of_the_public_login(
    home: Installation, databases: Databases, admin: Connection
) -> None:
    service = home.start(
        *("serve", "--public"),
        PORT="0",
        MESURE23_ENV="production",
        MESURE23_DRAIN="3",
        MESURE23_PUBLIC_DATABASE_URL=address_of(databases.public),
    )
    said = json.loads(line_of(service))
    assert said["event"] == "serving"
    base = said["where"]
    pages = ("/readyz", "/sante", "/", "/departements/93", "/api/departements/93/actors.geojson")
    assert [httpx.get(base + path, trust_env=False).status_code for path in pages] == [200] * 5
    sessions = text(
        "SELECT DISTINCT usename FROM pg_stat_activity"
        " WHERE datname = :name AND backend_type = 'client backend'"
    )
    url = databases.public.url
    assert admin.scalars(sessions, {"name": url.database}).all() == [url.username]
    assert list(home.home.iterdir()) == []
    service.terminate()
    # It goes on, and says that it will not for long.
    paths = ("/livez", "/departements/93", "/readyz")
    assert [httpx.get(base + path, trust_env=False).status_code for path in paths] == [
        200,
        200,
        503,
    ]
    out, err = service.communicate(timeout=60)
    # A busy machine makes some statement slow.
    said = [line for line in out.splitlines() if "slow statement" not in line]
    assert (service.returncode, said, err) == (0, [], "")


@pytest.mark.slow
def test_who_asks_as_it_is_told_to_end_is_answered(
    home: Installation, databases: Databases
) -> None:
    service = home.start(
        *("serve", "--public"),
        PORT="0",
        # Twelve who ask without end may ask for more in five seconds than one may in a minute.
        MESURE23_RATE_LIMIT="0",
        MESURE23_DRAIN=str(DRAIN),
        MESURE23_PUBLIC_DATABASE_URL=address_of(databases.public),
    )
    base = line_of(service).split()[3]

    answered = Semaphore(0)
    refused: list[float] = []

    def ask(number: int) -> Counter[str]:
        """Ask on new connections for what is never cached, until nobody takes one any more."""
        found: Counter[str] = Counter()
        while True:
            try:
                answer = httpx.get(f"{base}/table?q=mot{number}", timeout=60, trust_env=False)
            except httpx.ConnectError:
                refused.append(time.monotonic())
                return found
            found[f"{answer.status_code} {answer.text.endswith('</html>')}"] += 1
            answered.release()

    with ThreadPoolExecutor(12) as clients:
        asking = [clients.submit(ask, number) for number in range(12)]
        # All of them are asking by then.
        for _ in range(36):
            assert answered.acquire(timeout=60)
        asked_to_end = time.monotonic()
        service.terminate()
        got = sum((each.result(timeout=60) for each in asking), Counter[str]())
    assert service.wait(60) == 0
    # Nobody is refused a connection while it goes on.
    assert min(refused) - asked_to_end >= DRAIN
    assert got.keys() <= {"200 True", "503 True"}
    assert got["200 True"] > 12


@pytest.mark.slow
def test_tables_of_a_former_release_are_told_at_start_and_waited_for(
    home: Installation, databases: Databases, cluster: Cluster
) -> None:
    owner = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))

    def rename(views: dict[str, str]) -> None:
        with owner.begin() as connection:
            for view, name in views.items():
                connection.execute(text(f"ALTER VIEW open.{view} RENAME TO {name}"))

    # As they were before anybody could ask which they are, nor how old a copy is.
    later = {"schema_revision": "revision_later", "lag": "lag_later"}
    rename(later)
    service = home.start(
        *("serve", "--public"),
        PORT="0",
        MESURE23_ENV="production",
        MESURE23_PUBLIC_DATABASE_URL=address_of(databases.public),
    )
    unready, serving = (json.loads(line_of(service)) for _ in range(2))
    assert "Exécutez « mesure23 release »" in unready["todo"]
    base = serving["where"]
    ready = base + "/readyz"
    assert httpx.get(ready, trust_env=False).status_code == 503
    assert httpx.get(base + "/departements/93", trust_env=False).status_code == 200
    rename({name: view for view, name in later.items()})
    end = time.monotonic() + 5
    while httpx.get(ready, trust_env=False).status_code != 200:
        assert time.monotonic() < end
    owner.dispose()
    service.terminate()
    _, err = service.communicate(timeout=60)
    assert (service.returncode, err) == (0, "")


@pytest.mark.parametrize("variable", ["MESURE23_PUBLIC_DATABASE_URL", "DATABASE_URL"])
@pytest.mark.parametrize("login", ["staff", "owner"])
def test_it_refuses_a_login_that_may_do_more(
    command: Command, databases: Databases, admin: Connection, login: str, variable: str
) -> None:
    engine = databases.staff if login == "staff" else admin.engine
    address = engine.url.set(drivername="postgresql", database=databases.staff.url.database)
    given = address.render_as_string(hide_password=False)
    # A platform's address counts in production alone.
    done = command("serve", "--public", PORT="0", MESURE23_ENV="production", **{variable: given})
    assert done.code == 1
    assert "peut lire ou écrire plus que les fiches publiées" in done.err


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        (["--demo"], {}, "ne fait que lire"),
        (["--prepare"], {}, "ne fait que lire"),
        ([], {"MESURE23_ENV": "production"}, "MESURE23_PUBLIC_DATABASE_URL"),
        ([], {"MESURE23_DATABASE_URL": "postgresql://u@h/b"}, "MESURE23_PUBLIC_DATABASE_URL"),
    ],
)
def test_what_it_lacks_is_reported_in_a_sentence(
    command: Command, arguments: list[str], settings: dict[str, str], sentence: str
) -> None:
    done = command("serve", "--public", *arguments, PORT="0", **settings)
    assert done.code == 1
    assert sentence in done.err


@pytest.mark.slow
def test_beside_an_embedded_service_it_logs_in_to_read_and_to_add_messages_alone(
    installation: Installation,
) -> None:
    service, _ = installation.serve("--no-worker")
    shown = installation.start("db", "url")
    staff = make_url(shown.communicate(timeout=60)[0].strip())
    where = dict(staff.query)
    with psycopg.connect(
        user="postgres", dbname="postgres", host=str(where["host"]), autocommit=True
    ) as owner:
        owner.execute("ALTER SYSTEM SET log_connections = on")
        owner.execute("SELECT pg_reload_conf()")
    log = installation.home / "var" / "postgres" / "postgres.log"
    before = len(log.read_text(errors="replace"))
    public = installation.start("serve", "--public", PORT="0")
    base = line_of(public).split()[3]
    with urllib.request.urlopen(f"{base}/sante", timeout=30) as answer:  # noqa: S310
        assert json.load(answer) == {"status": "ok"}
    authorized = [
        entry.partition("user=")[2].split(" application_name")[0]
        for entry in log.read_text(errors="replace")[before:].splitlines()
        if "connection authorized: user=" in entry
    ]
    # The superuser's is the question whether the cluster is up, in a database of nobody's.
    assert set(authorized) == {
        "postgres database=postgres",
        "mesure23_public database=mesure23",
        "mesure23_inbox database=mesure23",
    }
    for child in (public, service):
        child.terminate()
        assert "Traceback" not in child.communicate(timeout=60)[1]
