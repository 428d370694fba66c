"""Views of the pages of resources are counted, by their type alone."""

from alembic import op

revision = "0085"
down_revision = "0084"

BEFORE = (
    *("accueil", "territoires", "territoire", "recherche", "fiche", "tableau", "fichier"),
    *("impression", "couverture", "service", "integration", "carte", "sans_resultat"),
)
AFTER = (*BEFORE[:9], "ressources", "ressource", *BEFORE[9:])


def upgrade() -> None:
    """Let both types be added."""
    _only(AFTER)


def downgrade() -> None:
    """Forget the views of pages that the former release does not know."""
    op.execute("DELETE FROM page_view WHERE page IN ('ressources', 'ressource')")
    _only(BEFORE)


def _only(pages: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{page}'" for page in pages)
    op.drop_constraint(op.f("ck_page_view_page"), "page_view", type_="check")
    op.create_check_constraint(op.f("ck_page_view_page"), "page_view", f"page IN ({listed})")
