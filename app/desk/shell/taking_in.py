"""What visitors wrote is opened as somebody comes to the desk: nobody else has the keys for it."""

from sqlalchemy import Engine

from app.platform.database.sessions import read, write
from app.reports.receiving import has_come, receive
from app.vault.sealing import Vault


def take_in(engine: Engine, vault: Vault) -> None:
    """Open what came since the last time; nothing is written where nothing did."""
    with read(engine) as session:
        come = has_come(session)
    if come:
        with write(engine) as session:
            receive(session, vault)
