"""A disk that is full as a list comes in, is read or applied: it is said, nothing is half there."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.desk.application import create_desk
from app.models import Deposit, SourceFile
from app.platform.cluster.server import Cluster
from app.vault.sealing import Vault
from tests import deposited
from tests.deposited import written
from tests.desk.bureau import ORIGIN, Clock
from tests.desk.imports.conftest import Lists, count
from tests.serving import offline_settings, serving
from tests.small_disk import database_on, filled, small_disk

pytestmark = pytest.mark.slow

SAID = "Le service n’a plus de place sur son disque"
MEGABYTE = 1_000_000
# What a session needs, and no list has room in.
A_LITTLE = 150_000
# Its letters are not compressed, once sealed.
LINES = tuple(
    f"Service {each};ASE;{each + 1} rue Pleine, {'accueil sur rendez-vous, ' * 20};93300;"
    "Aubervilliers;;"
    for each in range(600)
)


@dataclass
class Narrow(Lists):
    """A desk whose database lies on a small disk."""

    disk: Path = Path()


@pytest.fixture
def narrow(
    cluster: Cluster, admin: Connection, lean_template: str, vault: Vault, tmp_path: Path
) -> Iterator[Narrow]:
    settings = offline_settings(tmp_path).model_copy(
        update={"desk_url": ORIGIN, "rate_limit": 0, "trusted_proxies": ("127.0.0.1/32",)}
    )
    with (
        small_disk(200) as disk,
        database_on(disk, cluster, admin, lean_template) as databases,
    ):
        app, clock = create_desk(settings, databases, vault), Clock()
        app.state.desk = replace(app.state.desk, now=clock)
        with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield Narrow(app, client, databases, vault, clock, settings, disk)


def test_a_file_that_finds_no_room_beside_the_database_is_not_received(
    narrow: Narrow, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = narrow.signed_in()
    with small_disk(2) as disk:
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
        answer = narrow.send(browser, b"x" * 4 * MEGABYTE, source="Pleine")
        assert (answer.status_code, SAID in answer.text) == (503, True)
        assert (count(narrow, SourceFile), count(narrow, Deposit)) == (0, 0)
        # Nothing of it is left there, and what is small is received all the same.
        assert list(disk.iterdir()) == []
        assert narrow.send(browser, (LINES[0],), source="Petite").status_code == 303


def test_a_file_that_finds_no_room_in_the_database_is_not_received(narrow: Narrow) -> None:
    browser = narrow.signed_in()
    with filled(narrow.disk, but=A_LITTLE):
        answer = narrow.send(browser, LINES, source="Pleine")
        assert (answer.status_code, SAID in answer.text) == (503, True)
        assert (count(narrow, SourceFile), count(narrow, Deposit)) == (0, 0)
    assert narrow.send(browser, LINES, source="Pleine").status_code == 303


def test_a_list_that_finds_no_room_is_as_before_says_why_and_is_done_later(narrow: Narrow) -> None:
    browser, runtime = narrow.signed_in(), narrow.runtime
    answer = narrow.send(browser, LINES, source="Pleine")
    page = answer.headers["location"].partition("?")[0]
    deposit = UUID(page.rpartition("/")[2])
    for deed in deposited.ENDS:
        deposited.ask(runtime, deposit, deed)
        before = written(runtime, deposit)
        with filled(narrow.disk, but=A_LITTLE):
            # Of a statement, or of rows that are copied.
            with pytest.raises((OperationalError, psycopg.OperationalError)):
                deposited.do(runtime, deposit, deed)
            assert written(runtime, deposit) == before, deed
            assert SAID in browser.get(page).text, deed
        deposited.do(runtime, deposit, deed)
        assert deposited.state(runtime, deposit) == deposited.ENDS[deed]
        assert SAID not in browser.get(page).text, deed
        assert len(written(runtime, deposit).rows) == (0 if deed == "check" else len(LINES))
