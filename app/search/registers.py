"""The national registers in force: view open.register, as the public login sees it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.visibility import published
from importers.registers.catalogue import Register, registers

_IN_FORCE = text("SELECT code, day FROM register")


@dataclass(frozen=True, slots=True)
class InForce:
    """An edition: of which register, of which day, and of how many actors it is said publicly."""

    register: Register
    day: date
    actors: int


def read_registers(session: Session) -> list[InForce]:
    """Return the registers in force, the largest first."""
    known, actor = registers(), published()
    counted = select(actor.c.register, func.count()).group_by(actor.c.register)
    counts = {code: count for code, count in session.execute(counted) if code}
    found = [
        InForce(known[code], day, counts.get(code, 0))
        for code, day in session.execute(_IN_FORCE)
        if code in known
    ]
    return sorted(found, key=lambda each: (-each.actors, each.register.code))
