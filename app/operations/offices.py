"""Whom to call of a territory without waiting: its CRIP and its ASE, by what is public of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import Session

from app.hours.opening import on_duty
from app.hours.words import describe
from app.models import Territory
from app.visibility import published

# By category, in the order in which they are shown.
CALLED = {"crip": "CRIP", "ase": "ASE"}
# Of an office with many telephones the first ones, and those of the night.
MOST = 3


@dataclass(slots=True)
class Office:
    """Whom a territory is called at: "CRIP" or "ASE", and its telephones, E.164, first those that
    answer now for the night. duty: those of them that do so by night, and when, in words.
    """

    label: str
    phones: Sequence[str] = ()
    duty: dict[str, str] = field(default_factory=dict)


def read_offices(
    session: Session, at: datetime | None = None, territory: str | None = None
) -> dict[str, list[Office]]:
    """Return whom each territory is called at, or one of them, by its code: who acts for all of
    it, as published. at: when somebody is to call.

    Who has some communes of it is left out, since its telephone would tell of a place.
    """
    found: dict[str, dict[str, Office]] = {}
    first: dict[tuple[str, str], set[str]] = {}
    for code, category, phones, duty, hours, office_hours in session.execute(_offices(territory)):
        office = found.setdefault(code, {}).setdefault(category, Office(CALLED[category]))
        office.phones = tuple(dict.fromkeys((*office.phones, *phones)))
        said = ", ".join(describe(hours)) if hours else "quand le service est fermé"
        office.duty |= dict.fromkeys(duty, said)
        if at is not None and duty and on_duty(hours, office_hours, code, at):
            first.setdefault((code, category), set()).update(duty)
    return {
        code: [
            _in_order(offices[each], first.get((code, each), set()))
            for each in CALLED
            if each in offices
        ]
        for code, offices in found.items()
    }


def offices_near(session: Session, public_id: str, at: datetime) -> tuple[str, list[Office]]:
    """Return the name of the territory of a published actor and whom it is called at; nothing of
    what is not published.
    """
    column = published().c
    asked = (
        select(Territory.code, Territory.name)
        .join(published(), Territory.code == column.territory_code)
        .where(column.public_id == public_id)
    )
    row = session.execute(asked).one_or_none()
    if row is None:
        return "", []
    code, name = row
    return name, read_offices(session, at, code).get(code, [])


def _offices(territory: str | None) -> Select[str, str, list[str], list[str], str, str]:
    column = published().c
    statement = (
        select(
            *(column.territory_code, column.category, column.phones),
            *(column.duty_phones, column.duty_hours, column.opening_hours),
        )
        .where(
            column.category.in_([literal_column(f"'{each}'") for each in CALLED]),
            ~column.protected,
            func.cardinality(column.phones) > 0,
            func.cardinality(column.covers_communes) == 0,
            func.cardinality(column.covers_epcis) == 0,
        )
        .order_by(column.territory_code, column.name, column.public_id)
    )
    return statement if territory is None else statement.where(column.territory_code == territory)


def _in_order(office: Office, first: set[str]) -> Office:
    ordered = sorted(office.phones, key=lambda phone: phone not in first)
    office.phones = [phone for at, phone in enumerate(ordered) if at < MOST or phone in office.duty]
    return office
