"""The desk as an operator registered it with an identity provider, which runs beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import Connection

from app.desk.application import create_desk
from app.models import Role
from app.platform.cluster.server import Cluster
from app.vault.sealing import Vault
from tests.databases import cloned
from tests.desk.bureau import ORIGIN, Bureau, Clock
from tests.desk.proconnect.agents import Agent
from tests.provider import LEVELS, Peer, identity_provider
from tests.serving import offline_settings, serving


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with identity_provider(ORIGIN) as found:
        yield found


@pytest.fixture(scope="module")
def bureau(
    peer: Peer,
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bureau]:
    """The desk as an operator registered it with a provider."""
    known = peer.registered()
    settings = offline_settings(tmp_path_factory.mktemp("proconnect")).model_copy(
        update={
            "desk_url": ORIGIN,
            "rate_limit": 0,
            "trusted_proxies": ("127.0.0.1/32",),
            "proconnect_url": known.issuer,
            "proconnect_client_id": known.client,
            "proconnect_client_secret": known.secret,
            "proconnect_acr": LEVELS,
        }
    )
    with cloned(cluster, admin, lean_template) as databases:
        app = create_desk(settings, databases, vault)
        clock = Clock()
        app.state.desk = replace(app.state.desk, now=clock)
        with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield Bureau(app, client, databases, vault, clock, settings)


_numbers = iter(range(10_000))


@pytest.fixture
def agent(bureau: Bureau, peer: Peer) -> Agent:
    # What the provider signs is of this very minute.
    bureau.clock.at = datetime.now(UTC)
    person, token = bureau.invited(Role.PROFESSIONNEL)
    found = Agent(bureau, peer, f"agent-{next(_numbers)}", person, token)
    found.says()
    return found
