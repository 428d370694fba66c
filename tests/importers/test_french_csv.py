"""CSV as a French spreadsheet opens it."""

import io

from importers.french_csv import write_rows


def test_each_cell_is_in_quotes_and_each_line_ends_as_spreadsheets_write_it() -> None:
    file = io.StringIO(newline="")
    write_rows(file, [("Nom", "Nombre"), ('Dit "oui", ou non', 3), (None, "a;b")])
    assert file.getvalue() == ('"Nom";"Nombre"\r\n"Dit ""oui"", ou non";"3"\r\n"";"a;b"\r\n')
