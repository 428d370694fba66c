"""The national registers in force: view open.register, as the public login sees it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from importers.registers.catalogue import Register, registers

_IN_FORCE = text("SELECT code, day, actors FROM register ORDER BY actors DESC, code")


@dataclass(frozen=True, slots=True)
class InForce:
    """An edition: of which register, of which day, and how many of its entries are actors."""

    register: Register
    day: date
    actors: int


def read_registers(session: Session) -> list[InForce]:
    """Return the registers in force, the largest first."""
    known = registers()
    rows = session.execute(_IN_FORCE)
    return [InForce(known[row.code], row.day, row.actors) for row in rows if row.code in known]
