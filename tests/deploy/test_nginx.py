"""A real nginx in front of two real processes of public pages, by the file of deploy/."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.places.geocoding import PATIENCE
from app.platform.database.engines import PublicDatabase, make_engine
from app.platform.database.preparation import PUBLIC_DEFAULTS
from app.platform.web.permissions import routes_of
from app.platform.web.static_files import UNCHANGING
from app.platform.web.turns import FileInTurn
from app.runtime.staff import Runtime
from app.settings import ROOT, Settings
from bench.deployed import NGINX, nginx_file
from tests.deploy.processes import Behind
from tests.makers import add_actor
from tests.meanwhile import until
from tests.serving import free_port

CONF = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
# Hidden places leave within this.
SECONDS = 2.0
SOUGHT = "motcherchesecret"
LIST = "/departements/93"
DATA = "/api/departements/93/actors.geojson"
# Seconds after which a page that has not begun is asked of the other process.
[PAGE] = map(int, re.findall(r"^    proxy_read_timeout (\d+)s;", CONF, re.MULTILINE))
# As many where a test waits for one that hangs.
HANGS = 5

pytestmark = pytest.mark.slow


@dataclass
class Front:
    """nginx, what it and the processes behind it write."""

    base: str
    folder: Path
    behind: Behind

    def get(self, path: str, **headers: str) -> httpx.Response:
        given = {"Accept": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return httpx.get(self.base + path, headers=given, timeout=30, trust_env=False)

    @property
    def written(self) -> str:
        """All that nginx wrote to its logs."""
        names = ("access.log", "error.log")
        return "".join((self.folder / each).read_text() for each in names)

    @property
    def said(self) -> str:
        """All that the processes wrote."""
        return "".join(each.read_text() for each in self.behind.folder.glob("service*.log"))

    @property
    def cached(self) -> bytes:
        """What it keeps, with the names under which it does."""
        files = [each for each in self.folder.glob("kept*/**/*") if each.is_file()]
        return b"".join(each.read_bytes() for each in files)


@pytest.fixture(scope="module")
def behind(module_runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    behind = Behind(module_runtime.databases, tmp_path_factory.mktemp("behind"))
    behind.start()
    yield behind
    for child, _ in behind.started:
        child.terminate()
    for child, _ in behind.started:
        child.wait(30)


@pytest.fixture
def front(behind: Behind, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Front]:
    """nginx in front of two processes, of which it waits PAGE seconds for one, or as many as a test
    says.
    """
    behind.start()
    with nginx(behind, tmp_path, getattr(request, "param", PAGE)) as front:
        until(lambda: status_of(front) == 200)
        yield front


@pytest.fixture
def front_of_nobody(behind: Behind, tmp_path: Path) -> Iterator[Front]:
    """nginx in front of two processes that were killed."""
    behind.kill()
    with nginx(behind, tmp_path, PAGE) as front:
        until(lambda: status_of(front) == 503)
        yield front


@contextmanager
def nginx(behind: Behind, folder: Path, seconds: int) -> Iterator[Front]:
    """Run nginx, which waits so long for a page of one process."""
    if not Path(NGINX).exists():
        pytest.skip("nginx: bin/setup all installs it")
    port = free_port()
    (folder / "spare").mkdir()
    (folder / "spare" / "index.html").write_text("<h1>Qui appeler</h1>")
    file = folder / "nginx.conf"
    text = nginx_file(folder, port, [each for _, each in behind.started])
    waited = f"proxy_read_timeout {seconds}s;"
    file.write_text(text.replace(f"proxy_read_timeout {PAGE}s;", waited), encoding="utf-8")
    child = subprocess.Popen([NGINX, "-e", "stderr", "-c", file], text=True)
    try:
        yield Front(f"http://127.0.0.1:{port}", folder, behind)
    finally:
        child.terminate()
        child.wait(30)


def paths_of_files() -> set[str]:
    """The paths of what is made as a file, but for the page of the table."""
    database = PublicDatabase(make_engine("postgresql+psycopg://nobody@/nowhere"))
    app = create_app(Settings(), database)
    files = (each for each in routes_of(app) if isinstance(each.original_route, FileInTurn))
    return {re.sub(r"\{.+?\}", "x", str(each.path)) for each in files} - {"/table"}


def status_of(front: Front) -> int | None:
    try:
        return front.get("/livez").status_code
    except httpx.TransportError:
        return None


def is_shown(front: Front, path: str) -> bool:
    return "Nouveau venu" in front.get(path).text


def asked_of_the_service(front: Front, route: str) -> int:
    """Count what the two processes answered themselves, by their own logs."""
    return front.said.count(f'"route": "{route}"')


def test_what_is_the_same_for_everybody_is_kept_for_a_second_and_never_by_browsers(
    front: Front,
) -> None:
    front.get(LIST)
    before = asked_of_the_service(front, "/departements/{code}")
    got = [front.get(LIST) for _ in range(60)]
    assert {each.status_code for each in got} == {200}
    assert asked_of_the_service(front, "/departements/{code}") - before < 50
    assert {each.headers["cache-control"] for each in got} == {"no-store"}
    assert not any("x-accel-expires" in each.headers for each in got)
    numbers = {each.headers["x-request-id"] for each in got}
    # Once the second is over it is asked for anew.
    until(lambda: front.get(LIST).headers["x-request-id"] not in numbers)


def test_files_are_kept_in_front_as_each_browser_takes_them_and_only_where_they_cannot_be_others(
    front: Front,
) -> None:
    [style] = re.findall(r"/static/built/explorer\.css\?v=\w+", front.get(LIST).text)
    ground = "/static/built/ground/93.geojson"
    for path, caching in ((style, UNCHANGING), (ground, "no-store")):
        for taken, packed in (("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)):
            first, second = (front.get(path, Accept_Encoding=taken) for _ in range(2))
            assert first.headers["x-request-id"] == second.headers["x-request-id"], path
            assert first.headers.get("content-encoding") == packed
            assert first.headers["cache-control"] == caching
            assert first.content == second.content
    # That of another release, which a process of before may be asked for, or whatever was invented.
    for path in ("/static/built/explorer.css?v=0123456789ab", f"{style}&a=1", f"{ground}?a=1"):
        numbers = {front.get(path).headers["x-request-id"] for _ in range(2)}
        assert len(numbers) == 2, path
    tag = front.get(style).headers["etag"]
    assert front.get(style, If_None_Match=tag).status_code == 304


def test_whoever_asks_without_end_is_refused_by_the_one_limit_of_all_processes(
    front: Front,
) -> None:
    with httpx.Client(base_url=front.base, timeout=30, trust_env=False) as client:
        answers = (client.get(LIST).status_code for _ in range(20_000))
        asked = [*takewhile(lambda status: status != 429, answers)]
        assert set(asked) == {200}
        # A proxy in front of it is on this machine: who comes by it is somebody else.
        elsewhere = {"X-Forwarded-For": "203.0.113.7"}
        others = [client.get(LIST, headers=elsewhere).status_code for _ in range(40)]
        assert set(others) == {200}
        # As many at once as its file says, and more while it lasts.
        assert len(asked) >= 1_200 - 10
        # The processes limit nobody here, and files that browsers keep are not counted.
        assert client.get("/static/icon.svg").status_code == 200
        assert '"status": 429' not in front.said


def test_who_is_new_comes_and_who_is_hidden_leaves_within_two_seconds(
    front: Front, module_runtime: Runtime
) -> None:
    for path in (LIST, DATA):
        assert not is_shown(front, path)
    with module_runtime.staff.begin() as connection:
        add_actor(
            connection,
            name="Nouveau venu",
            public_id="00000000000000ab",
            point="SRID=4326;POINT(2.44 48.91)",
            precision="street",
        )
    for path in (LIST, DATA):
        until(partial(is_shown, front, path))
    for path in (LIST, DATA) * 5:
        front.get(path)
    with module_runtime.staff.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE actor SET status = 'archived' WHERE public_id = '00000000000000ab'"
        )
    hidden = time.monotonic()
    while time.monotonic() - hidden < SECONDS:
        for path in (LIST, DATA):
            front.get(path)
    for path in (LIST, DATA):
        assert not is_shown(front, path)


def test_a_page_is_given_up_once_it_cannot_be_waiting_for_its_turn_any_more() -> None:
    statement = int(PUBLIC_DEFAULTS["statement_timeout"][1].removesuffix("s"))
    most = Settings().wait_most + PATIENCE + statement
    assert most <= PAGE <= most + 3
    # What takes longer, and is asked of one process alone, are files: no page that people wait for.
    [files] = re.findall(r'location ~ "(.+)" \{', CONF)
    for path in paths_of_files():
        assert re.search(files, path), path
    for path in ("/table", LIST, DATA, "/ressources", "/acteurs/a/tableau"):
        assert not re.search(files, path), path
    # What it has seen of a process is known to each of its workers.
    assert re.search(r"upstream mesure23 \{[^}]*\n    zone mesure23_\w+ \d+k;", CONF)


@pytest.mark.parametrize("front", [HANGS], indirect=True)
def test_a_process_that_hangs_holds_a_visitor_for_some_seconds_and_is_passed_over(
    front: Front,
) -> None:
    def asked(word: str) -> tuple[int, float]:
        """Ask for what is never cached; return the status, and the seconds that it took."""
        begun = time.monotonic()
        shown = front.get(f"/departements/93?q={word}")
        return shown.status_code, time.monotonic() - begun

    for number in range(8):
        assert asked(f"avant{number}")[0] == 200
    processes = [child for child, _ in front.behind.started]
    try:
        processes[0].send_signal(signal.SIGSTOP)
        found = [asked(f"mot{number}") for number in range(20)]
        assert {status for status, _ in found} == {200}
        longest = max(seconds for _, seconds in found)
        assert HANGS <= longest < 2 * HANGS
        # Whoever comes within two seconds waits for nothing.
        assert sum(seconds >= HANGS for _, seconds in found) < len(found) / 2
        # Both: the page that says whom to call.
        processes[1].send_signal(signal.SIGSTOP)
        status, seconds = asked("personne")
        assert (status, seconds < 2 * HANGS + 4) == (503, True)
    finally:
        for each in processes:
            each.send_signal(signal.SIGCONT)


def test_an_id_that_a_client_sends_is_not_taken_for_that_of_the_proxy(front: Front) -> None:
    sent = "ab" * 16
    answered = front.get("/livez", X_Request_Id=sent).headers["x-request-id"]
    assert answered != sent
    until(lambda: f'"request_id":"{answered}"' in front.written)
    until(lambda: f'"request_id": "{answered}"' in front.said)


# Those that kill come last, so that few processes are started.
def test_a_process_that_is_killed_is_passed_over(front: Front) -> None:
    front.behind.kill(1)
    for number in range(40):
        # Never cached, so that each is asked of a process.
        assert front.get(f"/departements/93?q=mot{number}").status_code == 200


def test_nothing_of_who_seeks_what_is_logged_or_kept(front: Front) -> None:
    for path in (
        f"/autour?q={SOUGHT}",
        f"/autour?ou={SOUGHT}",
        f"/autour?lieu=48.9,2.4&q={SOUGHT}",
    ):
        front.get(path, User_Agent=SOUGHT, Referer=f"https://{SOUGHT}")
    front.get(f"/departements/93?loin=48.91,2.44&q={SOUGHT}")
    front.get(f"/{SOUGHT}")
    front.behind.kill()
    assert front.get(f"/autour?q={SOUGHT}").status_code == 503
    # A line is written once its answer has left.
    until(lambda: '"status":503' in front.written)
    logged = front.written
    for secret in (SOUGHT, "48.9", "2.44", "autour", '127.0.0.1",'):
        assert secret not in logged.replace('"upstream":"127.0.0.1', ""), secret
    assert SOUGHT not in front.said
    assert SOUGHT.encode() not in front.cached
    assert b"48.9" not in front.cached


def test_where_nobody_answers_it_shows_the_page_that_says_whom_to_call(
    front_of_nobody: Front,
) -> None:
    front = front_of_nobody
    for path in (LIST, "/", "/acteurs/x/y", "/static/icon.svg"):
        shown = front.get(path)
        assert shown.status_code == 503
        assert "Qui appeler" in shown.text
        assert shown.headers["retry-after"] == "30"
        assert shown.headers["cache-control"] == "no-store"
        assert re.fullmatch(r"[0-9a-f]{32}", shown.headers["x-request-id"])
    posted = httpx.post(front.base + "/ressources/proposer", data={"a": "b"}, trust_env=False)
    assert posted.status_code == 503
