"""Opens ahead what staff search by and reads what forms are read by, so that nobody waits first."""

from contextlib import suppress
from threading import Event, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.errors import OperatorError
from app.gazetteer.load import cached_gazetteer
from app.models import ActorProtected
from app.platform.database.sessions import read
from app.records.known_causes import WHYS
from app.records.memory import LIFETIME
from app.records.true_names import HIDDEN, NAMES
from app.records.ungiven import READ, SAID
from app.vault.sealing import Vault


def open_ahead(engine: Engine, vault: Vault) -> None:
    """Open all names, reasons and texts to give, and read the gazetteer with its index of names."""
    with read(engine) as session:
        NAMES.renew(session, vault, HIDDEN)
        WHYS.renew(session, vault, ActorProtected.level.is_not(None))
        SAID.renew(session, vault, *READ)
        cached_gazetteer(session.connection()).find("Paris")


def stay_open(engine: Engine, vault: Vault) -> Event:
    """Open them as long as this process lives, anew before they are forgotten, until it is set."""
    ended = Event()

    def work() -> None:
        while True:
            # Whoever searches is told of it.
            with suppress(SQLAlchemyError, OperatorError):
                open_ahead(engine, vault)
            if ended.wait(LIFETIME.total_seconds() / 2):
                return

    Thread(target=work, daemon=True).start()
    return ended
