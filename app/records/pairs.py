"""Two actors that may be one, field by field: as far as their reader has them open."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.records.sheets import Sheet
from app.records.wording import FIELDS, said


@dataclass(frozen=True, slots=True)
class Pair:
    """A field of two actors, each value in words; None where it is not open to its reader."""

    label: str
    first: str | None
    second: str | None

    @property
    def differs(self) -> bool:
        """Say whether both are known, and say something else."""
        return None not in (self.first, self.second) and self.first != self.second


def pairs(first: Sheet, second: Sheet) -> Iterator[Pair]:
    """Yield the fields of which one of two actors says something, in the order of the sheet."""
    known = _known(first), _known(second)
    for field, label in FIELDS.items():
        values = [each.get(field) for each in known]
        if any(values):
            yield Pair(label, *values)


def _known(sheet: Sheet) -> dict[str, str]:
    """Return the values of an actor; of a masked one what is read without opening it."""
    if sheet.record is None:
        known = {"name": sheet.name, "territory": sheet.territory}
        return known | ({"city": sheet.commune_name} if sheet.commune_name else {})
    return {field: said(field, getattr(sheet.record, field)) for field in FIELDS}
