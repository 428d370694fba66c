"""Opens ahead what staff search by and reads what forms are read by, so that nobody waits first."""

from contextlib import suppress
from threading import Event, Thread
from typing import Any

from sqlalchemy import ColumnElement, Engine
from sqlalchemy.exc import SQLAlchemyError

from app.errors import OperatorError
from app.gazetteer.load import cached_gazetteer
from app.models import ActorProtected
from app.platform.database.sessions import read
from app.records.heard_names import HEARD
from app.records.known_causes import WHYS
from app.records.memory import LIFETIME, Memory
from app.records.true_names import HIDDEN, NAMES
from app.records.ungiven import READ, SAID
from app.vault.sealing import Vault

# What is remembered of which actors.
_AHEAD: tuple[tuple[Memory[Any], tuple[ColumnElement[bool], ...]], ...] = (
    (NAMES, (HIDDEN,)),
    (WHYS, (ActorProtected.level.is_not(None),)),
    (SAID, READ),
)


def open_ahead(engine: Engine, vault: Vault) -> None:
    """Open all names, reasons and texts to give, and read the gazetteer with its index of names."""
    for memory, which in _AHEAD:
        try:
            with read(engine) as session:
                memory.renew(session, vault, *which)
        except (SQLAlchemyError, OperatorError):
            # Whoever searches is told of it. What was erased stays in no memory all the same.
            memory.forget()
    # Opened as they are asked for, of a few territories.
    HEARD.forget()
    with suppress(SQLAlchemyError), read(engine) as session:
        cached_gazetteer(session.connection()).find("Paris")


def stay_open(engine: Engine, vault: Vault) -> Event:
    """Open them as long as this process lives, anew before they are forgotten, until it is set."""
    ended = Event()

    def work() -> None:
        while True:
            open_ahead(engine, vault)
            if ended.wait(LIFETIME.total_seconds() / 2):
                return

    Thread(target=work, daemon=True).start()
    return ended
