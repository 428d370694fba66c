"""What makes a line the same actor as another line, or as the same line of last year's list."""

from geo.text import fold
from importers.row import ActorRow


def identity_key(row: ActorRow) -> str:
    """Return "id:…" where the list has an id column, else name, commune and category, folded."""
    if row.external_id:
        return f"id:{row.external_id}"
    where = row.commune or f"{row.territory}/{fold(row.city or '')}"
    return f"name:{fold(row.name)}|{where}|{row.category}"
