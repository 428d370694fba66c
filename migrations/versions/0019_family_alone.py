"""The public record of a protected actor says its family alone, and the table refuses more."""

from alembic import op

revision = "0019"
down_revision = "0018"

# Family -> what its protected actors are called, and the categories that they were of.
FAMILIES = {
    "proteger": ("Service de protection", ("ase", "crip")),
    "juger": ("Service d'enquête ou de justice", ("pjj", "police", "gendarmerie", "justice")),
    "soigner": ("Service de soin", ("uaped", "epreed", "sante")),
    "accompagner": (
        "Service d'accompagnement",
        ("association", "prevention", "milieu_ouvert", "education"),
    ),
    "heberger": (
        "Lieu d'accueil",
        ("mecs", "foyer_enfance", "lieu_de_vie", "pouponniere", "hebergement"),
    ),
    "piloter": ("Instance de pilotage", ("cdlp", "odpe", "a_classer")),
}
CONSTRAINT = "ck_actor_protected_is_neutral"
FORMER = (
    "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
    " hours_text, address, commune_code, point) = 0"
    " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0"
    " AND cardinality(languages) = 0)"
)
FAMILY_ALONE = (
    "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
    " hours_text, address, commune_code, point, age_min, age_max, verified_on) = 0"
    " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0"
    " AND cardinality(covers_territories) = 0 AND NOT covers_national"
    " AND cardinality(languages) = 0 AND cardinality(audiences) = 0)"
)
EMPTIED = """
UPDATE actor SET age_min = NULL, age_max = NULL, verified_on = NULL, audiences = '{}',
    covers_national = false, covers_territories = '{}', functions = '{}'
WHERE protected
"""


def upgrade() -> None:
    """Empty what the records of protected actors said beyond it, and refuse it from now on."""
    op.execute(EMPTIED)
    for family, (name, categories) in FAMILIES.items():
        written = "'" + name.replace("'", "''") + "'"
        functions = "'{hebergement}'" if family == "heberger" else "'{}'"
        op.execute(
            f"UPDATE actor SET category = '{family}', functions = {functions}, slug = 'acteur',"
            f" name = {written} || ' – ' || territory.name FROM territory"
            " WHERE territory.code = actor.territory_code AND protected"
            f" AND category IN ({', '.join(repr(each) for each in categories)})"
        )
    _refuse(FAMILY_ALONE)


def downgrade() -> None:
    """Let a record say more again; what was emptied comes back with the next list."""
    _refuse(FORMER)


def _refuse(check: str) -> None:
    op.execute(f"ALTER TABLE actor DROP CONSTRAINT {CONSTRAINT}")
    op.execute(f"ALTER TABLE actor ADD CONSTRAINT {CONSTRAINT} CHECK ({check})")
