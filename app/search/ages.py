"""How long ago what is said of an actor was verified: the bands in which it is counted."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Date, FromClause, bindparam, case, literal_column, null

# The day of Paris by which an age is counted.
TODAY = bindparam("today", type_=Date)


@dataclass(frozen=True, slots=True)
class Age:
    """A band. code: in files; label: in French. within: months; None where no day says it.

    is_fresh: nobody need ask again yet.
    """

    code: str
    label: str
    within: int | None = None
    is_fresh: bool = False


# Each actor is in one of them, the first that holds.
NEUTRAL = Age("neutre", "Fiche protégée, sans date publiée")
REGISTER = Age("registre", "Connu d’un registre national seul")
UNDATED = Age("sans_date", "Jamais vérifié")
RECENT = Age("moins_de_6_mois", "Vérifié depuis moins de 6 mois", 6, is_fresh=True)
AGEING = Age("moins_d_un_an", "De 6 mois à un an", 12, is_fresh=True)
OLD = Age("plus_d_un_an", "Plus d’un an")
# In the order in which they are shown.
AGES = (RECENT, AGEING, OLD, UNDATED, REGISTER, NEUTRAL)


def age_of(actor: FromClause) -> ColumnElement[str]:
    """Return the code of an actor's band; TODAY is given when the statement is run."""
    column = actor.c
    dated = [
        # A date less whole months: the same day of another month, or the last one of a shorter.
        (column.verified_on > TODAY - literal_column(f"interval '{age.within} months'"), age)
        for age in (RECENT, AGEING)
    ]
    return case(
        (column.protected, _code(NEUTRAL)),
        # The day of a register is that of its edition: nobody was asked.
        (column.register.is_not(None), _code(REGISTER)),
        (column.verified_on.is_(null()), _code(UNDATED)),
        *((condition, _code(age)) for condition, age in dated),
        else_=_code(OLD),
    )


def _code(age: Age) -> ColumnElement[str]:
    return literal_column(f"'{age.code}'")
