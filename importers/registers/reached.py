"""Numbers to call in cells of other things, where an entry of a register has slipped."""

import re
from collections.abc import Iterable

from importers.phones import find_phones

_LONG = re.compile(r"\d(?:[\s./-]{0,2}\d){8}")


def numbers_in(cells: Iterable[str], known: str = "") -> str:
    """Return the telephone numbers of some cells, once each, "; " between them; "" for none.

    known: a cell whose numbers are left out.
    A number of nine digits, as of FINESS, may be one that lost its zero.
    """
    cells = tuple(cells)
    if not _LONG.search(" ; ".join(cells)):
        return ""
    long = (each for each in cells if _LONG.search(each))
    found = dict.fromkeys(phone for each in long for phone in find_phones(each)[0])
    own = find_phones(known)[0] if found else ()
    return "; ".join(each for each in found if each not in own)
