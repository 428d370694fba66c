"""Of which territory each line of a list is, so that a référent reads of its own alone."""

from collections.abc import Iterable

from app.lists.reading import Reading
from geo.postal import POSTCODE, area_of
from importers.row import Where

# Five digits in a column that is read as one of these, and as nothing else, are no postcode where
# another cell holds one: without, the line may stand a few columns further.
_NUMBERS = frozenset({"external_id", "finess", "finess_category", "siret", "rna"})


# Of a line that is a curateur's alone: it says what was erased, or is of no territory and corrected
# by somebody else than its sender.
NOBODYS = "-"


class LineTerritories:
    """own: the territory of the whole list, None of a national one.

    A line of which nothing sure is known is of none: of who reads of some territories its sender
    alone reads of it, unless somebody else corrected it. One that says what was erased does so to
    nobody but a curateur, whatever territory it gives itself: that may be of another one.
    """

    def __init__(self, reading: Reading, own: str | None) -> None:
        result = reading.result
        self._raw, self._own = result.raw, own
        self._by_others, self._of_erased = reading.upload.by_others, reading.of_erased
        # Whoever guesses who was erased elsewhere would read that they are right.
        gone = {where: each.territory for where, each in reading.erased.items()}
        self._known = {row.where: row.territory for row in result.rows} | gone
        self._is_mixed = any(code != own for code in self._known.values())
        numbers = {
            title
            for title, fields in result.mapping.items()
            if _NUMBERS.issuperset(fields.split(", "))
        }
        self._numbers = {
            sheet: {column for column, title in enumerate(titles) if title in numbers}
            for sheet, titles in zip(result.sheets, result.titles, strict=False)
        }

    def of(self, where: Where) -> str | None:
        """Return whose a line, or a header, is to read of."""
        found = self.said(where)
        if where in self._of_erased:
            return NOBODYS
        return NOBODYS if found is None and where in self._by_others else found

    def said(self, where: Where) -> str | None:
        """Return the territory of a line that is read, of one that is refused, or of a header."""
        if where in self._known:
            return self._known[where]
        if self._own is None or self._is_mixed:
            return None
        skipped = self._numbers.get(where.sheet, set())
        raw = self._raw.get(where, ())
        areas = _areas(cell for column, cell in enumerate(raw) if column not in skipped)
        areas = areas or _areas(raw)
        return None if areas and _area(self._own) not in areas else self._own


def _areas(cells: Iterable[str]) -> set[str]:
    return {area_of("".join(found)) for cell in cells for found in POSTCODE.findall(cell)}


def _area(territory: str) -> str:
    """Return how the postcodes of a territory begin."""
    return "20" if territory in {"2A", "2B"} else area_of(territory)
