"""Numbers to call in cells of other things, where an entry of a register has slipped."""

from collections.abc import Iterable

from importers.phones import find_phones
from importers.strays import find_strays, may_call


def numbers_in(cells: Iterable[str], known: str = "", territory: str | None = None) -> str:
    """Return the telephone numbers of some cells, once each, "; " between them; "" for none.

    known: a cell whose numbers are left out.
    A number of nine digits, as of FINESS, may be one that lost its zero.
    """
    long = (each for each in cells if may_call(each, territory))
    found = dict.fromkeys(phone for each in long for phone in find_strays(each, territory))
    own = find_phones(known, territory)[0] if found else ()
    return "; ".join(each for each in found if each not in own)
