"""Workbooks as people send them, in each format that is read."""

import datetime
import io
from collections.abc import Sequence

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P


def ods(*rows: Sequence[object]) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Liste")
    for values in rows:
        row = TableRow()
        for value in values:
            match value:
                case None:
                    cell = TableCell()
                case datetime.date():
                    cell = TableCell(valuetype="date", datevalue=value.isoformat())
                case int() | float():
                    cell = TableCell(valuetype="float", value=value)
                case str() if value.startswith("of:="):
                    cell = TableCell(formula=value)
                case _:
                    cell = TableCell(valuetype="string")
                    cell.addElement(P(text=str(value)))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xls(*rows: Sequence[object]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Liste")
    days = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for line, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, datetime.date):
                sheet.write(line, column, value, days)
            elif value is not None:
                sheet.write(line, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
