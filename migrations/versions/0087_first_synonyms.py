"""The first synonyms of the resource centre, which the desk may change.

Words that the stemmer parts, abbreviations, and what people say instead of "prostitution".
"""

from alembic import op
from sqlalchemy import column, table, text
from sqlalchemy.types import Integer, Text

revision = "0087"
down_revision = "0086"

GROUPS = (
    (
        *("prostitution", "prostitutionnel", "prostituée"),
        *("michetonnage", "michetonner", "escorting", "escort"),
    ),
    ("fugue", "fugueuse", "fugueur"),
    ("proxénète", "lover boy", "loverboy"),
    ("MNA", "mineurs non accompagnés", "mineurs isolés étrangers", "mineur isolé étranger"),
    ("TEH", "traite des êtres humains"),
    ("ASE", "aide sociale à l’enfance"),
    ("PJJ", "protection judiciaire de la jeunesse"),
    ("CRIP", "cellule de recueil des informations préoccupantes"),
    ("119", "allô enfance en danger"),
    ("116 000", "enfants disparus"),
    ("3018", "e-Enfance"),
)
SYNONYM = table("resource_synonym", column("word", Text), column("group_id", Integer))


def upgrade() -> None:
    """Insert them, each group by its number."""
    rows = [
        {"word": word, "group_id": number}
        for number, group in enumerate(GROUPS, start=1)
        for word in group
    ]
    op.bulk_insert(SYNONYM, rows)


def downgrade() -> None:
    """Delete these words, in whichever group they are by now."""
    for group in GROUPS:
        op.get_bind().execute(
            text("DELETE FROM resource_synonym WHERE word = ANY (:words)"), {"words": list(group)}
        )
