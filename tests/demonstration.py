"""The demonstration lists and resources, loaded as `bin/run` does, and the service over them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from app.cataloguing.demo import load_demo_resources
from app.lists.demo import load_demo
from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from app.platform.database.sessions import write
from app.vault.sealing import Vault
from tests.databases import cloned
from tests.serving import offline_settings, serving


@pytest.fixture(scope="session")
def demo(
    cluster: Cluster,
    admin: Connection,
    template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Databases]:
    """The demonstration lists, imported as `bin/run` does; only read."""
    with cloned(cluster, admin, template) as databases:
        settings = offline_settings(tmp_path_factory.mktemp("demo"))
        load_demo(databases.staff, vault, settings)
        with write(databases.staff) as session:
            load_demo_resources(session, vault)
        yield databases


@pytest.fixture(scope="session")
def live_server(demo: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the whole service over the demonstration lists, for a real browser."""
    offline = offline_settings(tmp_path_factory.mktemp("live"))
    settings = offline.model_copy(update={"tiles": "offered"})
    with serving(create_app(settings, demo), log_level="warning") as address:
        yield address
