"""A server that is written to and its copy, and the same service over each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI

from app.cataloguing.demo import load_demo_resources
from app.embeds.registration import register
from app.gazetteer.load import load
from app.inbox import access_form
from app.inbox.opening import publish_key
from app.lists.demo import load_demo
from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, PublicDatabase, make_engine, role
from app.platform.database.lag import Heart, read_nothing_old
from app.platform.database.logins import create_database, enable_logins
from app.platform.database.migrating import migrate
from app.platform.database.sessions import write
from app.settings import Settings
from app.vault.sealing import Vault
from tests.embeds.samples import DRAFT, image
from tests.platform.database.copies import Copy, copy_of, primary, superuser
from tests.serving import offline_settings, serving

NAME = "mesure23"
EMBED = "0" * 24
MOST = 2.0
SOON = 30.0


@dataclass
class Clock:
    """The moment it is for the pages of both."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Pair:
    """What is written to and its copy, and the same service over each of them."""

    settings: Settings
    clock: Clock
    cluster: Cluster
    copy: Copy
    databases: Databases
    written: httpx.Client
    copied: httpx.Client

    @property
    def owner(self) -> str:
        return self.cluster.url(self.cluster.superuser, NAME)


@contextmanager
def paired(vault: Vault, prepared: Path, folder: Path) -> Iterator[Pair]:
    """Serve both, over the demonstration. prepared: its territories; folder: of the service."""
    settings = offline_settings(folder).model_copy(
        update={"rate_limit": 0, "lag_most": MOST, "public_url": "https://carte.exemple"}
    )
    clock = Clock()

    def application(databases: Databases | PublicDatabase) -> FastAPI:
        app = create_app(settings, databases)
        app.state.site = replace(app.state.site, now=clock)
        return app

    with primary() as cluster:
        create_database(cluster.url(cluster.superuser, "postgres"), NAME)
        owner = cluster.url(cluster.superuser, NAME)
        migrate(owner)
        enable_logins(owner)
        with superuser(owner) as connection, connection.begin():
            load(connection, prepared)
        staff, public, inbox = (
            make_engine(cluster.url(role(NAME, each), NAME))
            for each in ("staff", "public", "inbox")
        )
        databases = Databases(staff, public, inbox)
        load_demo(staff, vault, settings)
        with write(staff) as session:
            load_demo_resources(session, vault)
            publish_key(session, vault)
            access_form.keep_open(session, clock.at + timedelta(days=1))
            register(session, replace(DRAFT, logo=image("PNG")), "essai", EMBED)
        with copy_of(cluster) as copy:
            # As a process beside the copy has it: what visitors write goes to the other server.
            reader = make_engine(copy.url(role(NAME, "public"), NAME))
            copied = PublicDatabase(reader, make_engine(cluster.url(role(NAME, "inbox"), NAME)))
            read_nothing_old(copied.public, MOST)
            with (
                Heart(staff),
                serving(application(databases)) as here,
                serving(application(copied)) as there,
                httpx.Client(base_url=here, timeout=60) as written,
                httpx.Client(base_url=there, timeout=60) as read,
            ):
                yield Pair(settings, clock, cluster, copy, databases, written, read)
            copied.dispose()
        databases.dispose()
