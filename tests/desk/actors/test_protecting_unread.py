"""What cannot be looked at once somebody is protected fails no page: the place is hidden."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.operations.backups import backups_read
from app.platform.cluster.server import Cluster
from app.platform.database.engines import database_name
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_sheet import url
from tests.platform.database.copies import superuser

UNREAD = "Les sauvegardes n’ont pas pu être lues d’ici"
UNKNOWN = "les copies de la base n’ont pas pu être vérifiées"


def protected(desk: Desk, name: str) -> str:
    """Protect an actor and return the page that says so."""
    browser = desk.signed_in()
    answer = browser.post(f"{url(desk, name)}/proteger", data={"pourquoi": "menaces"})
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200
    assert "L’acteur est protégé." in page.text
    return page.text


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Iterator[Path]:
    """Give the desk a folder of backups."""
    former = desk.app.state.desk
    settings = former.settings.model_copy(update={"backup_dir": tmp_path})
    desk.app.state.desk = replace(former, settings=settings)
    yield tmp_path
    desk.app.state.desk = former


@pytest.mark.slow
def test_backups_that_cannot_be_read_are_said_to_be_looked_at(desk: Desk, folder: Path) -> None:
    (folder / "novembre.dump").symlink_to("novembre.dump")
    assert UNREAD in protected(desk, "CRIP d'exemple")
    (folder / "novembre.dump").unlink()
    assert backups_read(folder) == []
    assert backups_read(None) == []


def test_a_database_that_tells_nothing_of_its_copies_is_said_so(
    desk: Desk, cluster: Cluster
) -> None:
    name = database_name(desk.databases.staff)
    right = "EXECUTE ON FUNCTION pg_current_wal_lsn"
    with superuser(cluster.url(cluster.superuser, name)) as admin:
        admin.exec_driver_sql(f"REVOKE {right} FROM PUBLIC")
        try:
            assert UNKNOWN in protected(desk, "ASE d'exemple")
        finally:
            admin.exec_driver_sql(f"GRANT {right} TO PUBLIC")
