"""Public pages over a small world whose views are counted, and what the database has of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import httpx
import pytest
from sqlalchemy import delete, select

from app.main import create_app
from app.models import PageView
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.statistics import counters
from app.statistics.counters import Counters
from app.statistics.page_types import publish_facets
from tests.serving import serving
from tests.world import people

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
# Kind, territory, facet and embed of what was counted.
Cells = dict[tuple[str, str, str, str], int]


@dataclass
class Pages:
    """A browser of a visitor, and what its visits leave. now: of the service."""

    client: httpx.Client
    runtime: Runtime
    counters: Counters
    now: datetime

    def counted(self) -> Cells:
        """Return what was counted since the last call, whatever its day."""
        self.counters.flush()
        with write(self.runtime.staff) as session:
            rows = session.scalars(select(PageView)).all()
            cells = {(r.page, r.territory_code, r.facet, r.embed_id): r.count for r in rows}
            session.execute(delete(PageView))
            return cells


@pytest.fixture(scope="module")
def pages(module_runtime: Runtime) -> Iterator[Pages]:
    """One for a module, with the small world of tests/world.py."""
    with module_runtime.staff.begin() as connection:
        people(connection)
    with write(module_runtime.staff) as session:
        publish_facets(session)
    settings = module_runtime.settings.model_copy(update={"rate_limit": 0})
    app = create_app(settings, module_runtime.databases)
    headers = {"User-Agent": BROWSER}
    with pytest.MonkeyPatch.context() as patch:
        # Each test says itself when what was counted is told.
        patch.setattr(counters, "PERIOD", 3600.0)
        with (
            serving(app) as address,
            httpx.Client(base_url=address, timeout=60, headers=headers, trust_env=False) as client,
        ):
            found = Pages(client, module_runtime, app.state.counters, datetime.now(UTC))
            app.state.site = replace(app.state.site, now=lambda: found.now)
            yield found


@pytest.fixture
def days(runtime: Runtime) -> Callable[[], list[tuple[date, bool, str, int]]]:
    """Return the day, whether it is the rest of a month, the territory and the count of all."""

    def all_of_them() -> list[tuple[date, bool, str, int]]:
        with read(runtime.staff) as session:
            rows = session.scalars(
                select(PageView).order_by(PageView.day, PageView.is_rest, PageView.territory_code)
            )
            return [(each.day, each.is_rest, each.territory_code, each.count) for each in rows]

    return all_of_them
