"""What a sheet that is left out still hides: who would lead to a home that it names."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from geo.address import address_keys
from importers.identity import named_key, proper_key
from importers.row import ActorRow, Sign

# A number or a mailbox of so many places is their organisation's, and leads to none of them.
PLACES_OF_AN_ORGANISATION = 3
FIELD = "left_sheet"
# Who bears one of these is the home itself; whoever shares another mark may be beside it.
_SELF = frozenset({"name", "finess"})
Mark = tuple[str, str]


def still_hidden(rows: Mapping[str, ActorRow], left: Collection[ActorRow]) -> dict[str, ActorRow]:
    """Return the lines of a list, those with a sign that lead to a home of a sheet left out.

    left: the lines of these sheets. A person decides of each that is hidden so.
    """
    homes = [
        (row, next(sign for sign in row.signs if sign.says != "person"))
        for row in left
        if any(sign.says != "person" for sign in row.signs)
    ]
    if not homes:
        return dict(rows)
    places = defaultdict[Mark, set[str]](set)
    for row in (*rows.values(), *left):
        for mark in _reached_by(row):
            places[mark].add(min(_streets(row), default=named_key(row)))
    at = {
        mark: Sign(says=sign.says if mark[0] in _SELF else "mentions", word=sign.word, field=FIELD)
        for home, sign in homes
        for mark in _marks(home)
        if len(places[mark]) < PLACES_OF_AN_ORGANISATION
    }
    return {identity: _with(row, at) for identity, row in rows.items()}


def _with(row: ActorRow, at: Mapping[Mark, Sign]) -> ActorRow:
    found = dict.fromkeys(at[mark] for mark in _marks(row) if mark in at)
    return row.model_copy(update={"signs": (*row.signs, *found)}) if found else row


def _marks(row: ActorRow) -> Iterator[Mark]:
    """Yield by what a line leads to another one: its name, its address, how it is reached."""
    for name in filter(None, (named_key(row), proper_key(row))):
        yield "name", name
    for street in _streets(row):
        yield "street", street
    if row.finess:
        yield "finess", row.finess
    yield from _reached_by(row)


def _reached_by(row: ActorRow) -> Iterator[Mark]:
    # A short number, 119 or 17, is the nation's.
    yield from (("phone", phone) for phone in row.phones if phone.startswith("+"))
    yield from (("mail", email.casefold()) for email in row.emails)


def _streets(row: ActorRow) -> frozenset[str]:
    return address_keys(row.street, row.address, row.commune)
