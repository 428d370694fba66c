"""The table of facets: all that a search filters by. A filter is added here, and nowhere else.

Addresses, forms, conditions, counts, chips, cards, sheets, tables, files, embeds and the OpenAPI
document follow from a row. Its values come from columns of view open.actor and, where it is keyed,
from its part of column facet_key, whose parts a migration writes in the order of this table.
"""

from app.search.facet import Facet, FileColumn, OnCard, TableColumn
from app.search.facet_types import AgeFacet, CodesFacet, OpeningFacet

AUDIENCES = TableColumn("publics", "Pour qui", "Pour")
LANGUAGES = TableColumn("langues", "Langues", "Langues")

# Its values are drawn on the map, so that its filter is the legend as well.
CATEGORY = CodesFacet(
    name="categorie",
    title="Catégorie et légende",
    label="Catégorie",
    columns=("category",),
    terms_of=lambda words: words.categories,
    single=True,
)
OPENING = OpeningFacet(
    name="ouvert",
    title="Quand",
    label="Horaires",
    columns=("opening_hours",),
    anytime="À tout moment",
)

# In the order of addresses, forms and chips.
FACETS: tuple[Facet, ...] = (
    CATEGORY,
    CodesFacet(
        name="fonction",
        title="Ce qu’ils font",
        label="Missions",
        columns=("functions",),
        terms_of=lambda words: words.functions,
        on_card=OnCard.UNLESS_DESCRIBED,
        on_sheet=True,
        files=(FileColumn("missions", "Missions", 36, "ce que fait l’acteur"),),
    ),
    CodesFacet(
        name="public",
        title="Pour qui",
        label="Pour qui",
        columns=("audiences",),
        terms_of=lambda words: words.audiences,
        on_sheet=True,
        column=AUDIENCES,
        files=(
            FileColumn(
                "publics", "Pour qui", 30, "à qui il s’adresse ; vide : à tous, ou non renseigné"
            ),
        ),
    ),
    CodesFacet(
        name="langue",
        title="Langues parlées",
        label="Langues parlées",
        columns=("languages",),
        terms_of=lambda words: words.languages,
        on_card=OnCard.LABELLED,
        on_sheet=True,
        column=LANGUAGES,
        files=(FileColumn("langues", "Langues parlées", 24, "dans quelles langues il reçoit"),),
    ),
    AgeFacet(
        name="age",
        title="Âge du jeune, en années",
        label="Âge",
        columns=("age_min", "age_max"),
        most=25,
        on_card=OnCard.ALWAYS,
        on_sheet=True,
        column=AUDIENCES,
        files=(
            FileColumn("age_min", "Âge minimum", 8, "à partir de quel âge, en années"),
            FileColumn("age_max", "Âge maximum", 8, "jusqu’à quel âge, en années, compris"),
        ),
    ),
    OPENING,
)
BY_NAME = {facet.name: facet for facet in FACETS}
# Columns of the table, each once.
TABLE_COLUMNS = tuple(dict.fromkeys(facet.column for facet in FACETS if facet.column))
