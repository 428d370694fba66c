"""A curateur of a desk who is signed in, as a browser is one by its cookie."""

from datetime import UTC, datetime

from app.accounts import people, sessions
from app.models import Role
from app.platform.database.engines import Databases
from app.platform.database.sessions import write
from app.vault.sealing import Vault


def session_of_a_curateur(databases: Databases, vault: Vault) -> str:
    """Make an account, and return the value of the cookie of its session."""
    with write(databases.staff) as session:
        given = {"mail": "c@example.org", "name": "Camille Exemple", "by": "os:test"}
        account = people.create(session, vault, role=Role.CURATEUR, territories=[], **given)
        return sessions.open_session(
            session, vault, account, "passkey", device="x", network=b"x", now=datetime.now(UTC)
        )
