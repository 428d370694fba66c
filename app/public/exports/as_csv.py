"""A selection of actors as CSV: its columns, and where each line comes from."""

from typing import IO

from app.files import as_csv
from app.search.rows import Selection, licence_of

# Columns that repeat on every line, so that a copied line still says where it comes from.
ADDED = ("licence", "source", "extrait_le")


def write_csv(selection: Selection, file: IO[bytes]) -> None:
    """Write a header and one line for each actor."""
    about = selection.about
    added = (about.source, about.at.date())
    rows = (
        (
            (*(column.value(each) for column in selection.columns), licence_of(each), *added)
            for each in batch
        )
        for batch in selection.batches
    )
    as_csv.write_csv([*(column.name for column in selection.columns), *ADDED], rows, file)
