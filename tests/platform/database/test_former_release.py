"""The release before this one goes on with the tables of this one, as their migrations say."""

import re
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.main import create_app
from app.platform.database.engines import Databases, PublicDatabase
from app.platform.database.migrating import GOES_ON
from app.runtime.staff import Runtime
from app.settings import ROOT, Settings
from app.vault.sealing import new_key, parse_keys
from tests import short_lists
from tests.back_and_forth import apply, undo
from tests.releases import Release, former
from tests.serving import offline_settings, serving

pytestmark = pytest.mark.slow
TERRITORY = "/departements/93"
SHEET = re.compile(r'"(/acteurs/[0-9a-z]+/(?!signaler)[a-z0-9-]+)"')
PAGES = ("/", TERRITORY, "/api" + TERRITORY + "/actors.geojson", "/livez", "/readyz", "/sante")


@pytest.fixture
def runtime(databases: Databases, tmp_path: Path) -> Runtime:
    key = new_key()
    (tmp_path / "key").write_text(key)
    return Runtime(offline_settings(tmp_path / "home"), databases, parse_keys(key), "", None)


@pytest.fixture
def before(runtime: Runtime, tmp_path: Path) -> Release:
    """The former release on the database of a test, which this one has migrated."""
    staff, public = (
        each.url.set(drivername="postgresql").render_as_string(hide_password=False)
        for each in (runtime.databases.staff, runtime.databases.public)
    )
    settings = {
        "MESURE23_DATABASE_URL": staff,
        "MESURE23_PUBLIC_DATABASE_URL": public,
        "MESURE23_KEYS": (tmp_path / "key").read_text(),
        "MESURE23_DATA_DIR": str(tmp_path / "home"),
        "MESURE23_GEOCODER_URL": "http://127.0.0.1:9",
        "MESURE23_TILES": "none",
        "MESURE23_DRAIN": "0",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    return former(tmp_path / "former", settings)


def goes_on(before: Release) -> bool:
    """Return what the migrations that it does not know say of it."""
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    known = {path.name for path in (before.root / "migrations" / "versions").iterdir()}
    new = [each.module for each in script.walk_revisions() if Path(each.path).name not in known]
    assert new
    return all(getattr(each, GOES_ON) for each in new)


def read(base: str) -> list[str]:
    """Read pages that visitors read; return the addresses of the sheets of a territory."""
    for path in PAGES:
        answer = httpx.get(base + path, trust_env=False, timeout=60)
        assert answer.status_code == 200, path
    listed = httpx.get(base + TERRITORY, trust_env=False, timeout=60).text
    sheets = sorted(set(SHEET.findall(listed)))
    for sheet in sheets:
        assert httpx.get(base + sheet, trust_env=False, timeout=60).status_code == 200
    return sheets


def test_the_former_release_goes_on_or_says_that_it_does_not(
    before: Release, runtime: Runtime
) -> None:
    public = PublicDatabase(runtime.databases.public)
    with before.serving() as base:
        if not goes_on(before):
            assert httpx.get(base + "/readyz", trust_env=False, timeout=60).status_code == 503
            return
        ours = apply(runtime, short_lists.ASE)
        theirs = UUID(before.python("-m", "tests.back_and_forth", "apply", short_lists.CRIP))
        sheets = read(base)
        assert len(sheets) == 2
        with serving(create_app(Settings(rate_limit=0, wait_most=60), public)) as here:
            assert read(here) == sheets
        before.python("-m", "tests.back_and_forth", "undo", str(ours))
        undo(runtime, theirs)
        assert read(base) == []


def test_without_history_it_says_what_to_do_and_does_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="clone the project whole"):
        former(tmp_path / "former", {})
