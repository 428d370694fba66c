"""The login that adds what visitors write, and what seals it."""

import pytest
from sqlalchemy import Engine

from app.inbox.opening import publish_key
from app.inbox.putting import Lock, read_lock
from app.platform.database.engines import Databases
from app.platform.database.sessions import read, write
from app.vault.sealing import Vault


@pytest.fixture
def inbox(databases: Databases) -> Engine:
    assert databases.inbox is not None
    return databases.inbox


@pytest.fixture
def lock(databases: Databases, vault: Vault) -> Lock:
    with write(databases.staff) as session:
        publish_key(session, vault)
    with read(databases.public) as session:
        found = read_lock(session)
    assert found is not None
    return found
