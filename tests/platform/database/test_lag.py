"""A copy of the database shows nothing that it may have to hide, and says so."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.commands.support.copies import CopiesBehind, wait_for_copies
from app.gazetteer.load import load
from app.lists.demo import load_demo
from app.main import create_app
from app.operations.spare_page import write_spare_page
from app.operations.withdrawn_again import accept
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, PublicDatabase, make_engine, role
from app.platform.database.lag import (
    BEAT,
    Heart,
    TooFarBehind,
    copies_without,
    is_too_far,
    read_nothing_old,
)
from app.platform.database.logins import create_database, enable_logins
from app.platform.database.migrating import migrate
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime
from app.settings import ROOT, Settings
from app.vault.sealing import Vault
from tests.platform.database.copies import SLOT, Copy, copy_of, primary, replays, superuser
from tests.releases import Release
from tests.serving import offline_settings, serving

pytestmark = pytest.mark.slow
NAME = "mesure23"
MOST = 2.0
SOON = 30.0
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)"')
SHEET = re.compile(r"/acteurs/([0-9a-z]+)/[a-z0-9-]+")


@dataclass(frozen=True)
class Pair:
    """What is written to and its copy, and the same service over each of them."""

    settings: Settings
    cluster: Cluster
    copy: Copy
    databases: Databases
    written: httpx.Client
    copied: httpx.Client

    @property
    def owner(self) -> str:
        return self.cluster.url(self.cluster.superuser, NAME)


def until(wanted: Callable[[], bool]) -> float:
    begun = time.monotonic()
    while not wanted():
        assert time.monotonic() - begun < SOON
        time.sleep(0.05)
    return time.monotonic() - begun


@pytest.fixture(scope="module")
def pair(vault: Vault, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    settings = offline_settings(tmp_path_factory.mktemp("pair")).model_copy(
        update={"rate_limit": 0, "lag_most": MOST}
    )
    with primary() as cluster:
        create_database(cluster.url(cluster.superuser, "postgres"), NAME)
        owner = cluster.url(cluster.superuser, NAME)
        migrate(owner)
        enable_logins(owner)
        with superuser(owner) as connection, connection.begin():
            load(connection, prepared)
        staff, public = (
            make_engine(cluster.url(role(NAME, each), NAME)) for each in ("staff", "public")
        )
        databases = Databases(staff, public)
        load_demo(staff, vault, settings)
        with copy_of(cluster) as copy:
            copied = PublicDatabase(make_engine(copy.url(role(NAME, "public"), NAME)))
            read_nothing_old(copied.public, MOST)
            with (
                Heart(staff),
                serving(create_app(settings, databases)) as here,
                serving(create_app(settings, copied)) as there,
                httpx.Client(base_url=here, timeout=60) as written,
                httpx.Client(base_url=there, timeout=60) as read,
            ):
                yield Pair(settings, cluster, copy, databases, written, read)
            copied.dispose()
        databases.dispose()


@pytest.fixture(autouse=True)
def _ready(pair: Pair) -> None:
    until(lambda: pair.copied.get("/readyz").status_code == 200)


def paths(client: httpx.Client) -> list[str]:
    """Return what the pages of a service lead to, one of each kind."""
    found, times = ["/", "/sante", "/departements/59"], dict[str, int]()
    for path in found:
        for each in LINK.findall(client.get(path).text):
            target = each.replace("&amp;", "&")
            shape = re.sub(r"[0-9A-Z][^/?&=]*|=[^&]*", "…", target)
            times[shape] = times.get(shape, 0) + 1
            if target not in found and times[shape] < 2 and len(found) < 60:
                found.append(target)
    return found


def test_a_copy_answers_whatever_the_pages_lead_to_as_the_server_does(pair: Pair) -> None:
    asked = paths(pair.written)
    assert len(asked) > 40
    different = {
        path: (here, there)
        for path in asked
        if (here := pair.written.get(path).status_code)
        != (there := pair.copied.get(path).status_code)
    }
    assert not different
    # The pool has given each of its connections to pages by then.
    assert pair.copied.get("/sante").status_code == 200


def test_what_was_protected_leaves_a_copy_that_stands_still(pair: Pair, vault: Vault) -> None:
    sheet = SHEET.search(pair.written.get("/departements/59").text)
    assert sheet is not None
    path = sheet[0]
    assert pair.copied.get(path).status_code == 200
    replays(pair.copy, on=False)
    try:
        with write(pair.databases.staff) as session:
            acts.protect(session, vault, sheet[1], who="essai", why="essai")
        assert copies_without(pair.owner, 0.5) == [SLOT]
        until(lambda: pair.copied.get(path).status_code == 503)
        behind = pair.copied.get(path)
        assert "119" in behind.text
        assert "copie" in behind.text
        until(lambda: pair.copied.get("/readyz").status_code == 503)
        assert pair.copied.get("/livez").status_code == 200
        assert pair.copied.get("/departements/59").status_code == 503
    finally:
        replays(pair.copy, on=True)
    assert copies_without(pair.owner, SOON) == []
    until(lambda: pair.copied.get(path).status_code != 503)
    assert pair.copied.get(path).status_code == pair.written.get(path).status_code == 404


def test_the_page_that_a_proxy_shows_is_not_made_of_a_copy_that_stands_still(
    pair: Pair, tmp_path: Path
) -> None:
    public = make_engine(pair.copy.url(role(NAME, "public"), NAME), pool_size=1)
    settings = pair.settings.model_copy(update={"data_dir": tmp_path})
    former = write_spare_page(public, settings, datetime.now(UTC)).stat()
    replays(pair.copy, on=False)
    try:
        until(lambda: pair.copied.get("/readyz").status_code == 503)
        with pytest.raises(TooFarBehind):
            write_spare_page(public, settings, datetime.now(UTC))
    finally:
        replays(pair.copy, on=True)
    assert (tmp_path / "spare" / "index.html").stat().st_ino == former.st_ino
    public.dispose()


def test_public_pages_start_on_a_copy_that_is_behind_and_are_ready_once_it_is_not(
    pair: Pair, tmp_path: Path
) -> None:
    url = pair.copy.url(role(NAME, "public"), NAME).replace("+psycopg", "")
    settings = {
        "MESURE23_PUBLIC_DATABASE_URL": url,
        "MESURE23_LAG_MOST": str(MOST),
        "MESURE23_DATA_DIR": str(tmp_path),
        "MESURE23_DRAIN": "0",
    }
    replays(pair.copy, on=False)
    try:
        until(lambda: pair.copied.get("/readyz").status_code == 503)
        with (
            Release(ROOT, settings).serving() as base,
            httpx.Client(base_url=base, timeout=60, trust_env=False) as started,
        ):
            behind = started.get("/departements/59")
            assert (behind.status_code, "119" in behind.text) == (503, True)
            assert started.get("/readyz").status_code == 503
            assert started.get("/livez").status_code == 200
            replays(pair.copy, on=True)
            until(lambda: started.get("/readyz").status_code == 200)
            assert started.get("/departements/59").status_code == 200
    finally:
        replays(pair.copy, on=True)


def test_a_copy_that_is_away_is_named(pair: Pair, vault: Vault) -> None:
    pair.copy.stop()
    try:
        assert copies_without(pair.owner, 0.2) == [SLOT]
        with pytest.raises(CopiesBehind, match=SLOT):
            wait_for_copies(Runtime(pair.settings, pair.databases, vault, pair.owner, None))
    finally:
        pair.copy.start()
    assert copies_without(pair.owner, SOON) == []


def test_while_a_copy_is_dead_its_pages_give_the_numbers_and_they_go_on_once_it_runs(
    pair: Pair,
) -> None:
    path = "/table?q=service"
    assert pair.copied.get(path).status_code == 200
    pair.copy.kill()
    try:
        dead = pair.copied.get(path)
        assert (dead.status_code, "119" in dead.text) == (503, True)
        assert pair.copied.get("/livez").status_code == 200
        assert pair.copied.get("/readyz").status_code == 503
        assert pair.written.get(path).status_code == 200
    finally:
        pair.copy.start()
    until(lambda: pair.copied.get(path).status_code == 200)
    assert copies_without(pair.owner, SOON) == []


def test_a_copy_whose_clock_is_behind_is_not_believed_either() -> None:
    assert is_too_far(MOST + 1, MOST)
    assert is_too_far(-MOST - 1, MOST)
    assert not is_too_far(MOST / 2, MOST)


def test_no_sign_is_written_where_nobody_reads_it(databases: Databases) -> None:
    with Heart(databases.staff):
        time.sleep(2.5 * BEAT)
    with databases.staff.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM heartbeat")) == 0


def test_a_copy_that_is_promoted_shows_nothing_until_somebody_says_that_it_lacks_nothing(
    pair: Pair, vault: Vault
) -> None:
    assert pair.copied.get("/departements/59").status_code == 200
    pair.copy.promote()
    until(lambda: pair.copied.get("/departements/59").status_code == 503)
    assert "119" in pair.copied.get("/departements/59").text
    assert pair.copied.get("/readyz").status_code == 503
    staff = make_engine(pair.copy.url(role(NAME, "staff"), NAME))
    with write(staff) as session:
        accept(session, vault, pair.settings, "os:essai", "rien ne manque")
    staff.dispose()
    until(lambda: pair.copied.get("/readyz").status_code == 200)
    # What is written to is never behind.
    time.sleep(MOST + BEAT)
    assert pair.copied.get("/readyz").status_code == 200
    assert pair.copied.get("/departements/59").status_code == 200
