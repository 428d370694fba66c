"""What makes a line the same actor as another line, or as the same line of last year's list."""

from geo.text import fold
from importers.row import ActorFields, ActorRow


def identity_key(row: ActorRow) -> str:
    """Return "id:…" where the list has an id column, else what name_key returns."""
    return f"id:{row.external_id}" if row.external_id else name_key(row)


def name_key(actor: ActorFields) -> str:
    """Return "name:…": name, commune and category, folded."""
    where = actor.commune or f"{actor.territory}/{fold(actor.city or '')}"
    return f"name:{fold(actor.name)}|{where}|{actor.category}"
