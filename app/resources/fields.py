"""The table of fields: forms, filters, files, formats and imports follow from its rows."""

from collections.abc import Mapping
from operator import attrgetter

from app.resources.choices import (
    ACCESS,
    BY_PROOF,
    BY_VALIDATION,
    FORM,
    FUNCTIONS,
    LANGUAGES,
    MEDIA,
    NATURE,
    PROOF,
    PUBLICS,
    REACHES,
    SITUATIONS,
    THEMES,
    TYPE,
    by_codes,
    by_names,
)
from app.resources.content import SUMMARY_MAX, Content
from app.resources.field import Field, Offered, Tags
from app.resources.field_types import (
    CodesType,
    DayType,
    FreeCodesType,
    IdentifierType,
    LinkType,
    NumberType,
    TextsType,
    TextType,
)
from app.resources.forms import EVERY_FORM, Form, Reach
from app.search.facet import FileColumn

DOCUMENTS = frozenset({Form.DOCUMENT})
SHEETS = frozenset({Form.SHEET})
PRACTICES = frozenset({Form.PRACTICE})
# Of a publication, as the open table takes them.
YEARS = (1800, 2100)

FIELDS: tuple[Field, ...] = (
    Field(
        name="form",
        label="Genre",
        type=CodesType(FORM, single=True),
        value=attrgetter("form"),
        filter=by_codes("genre", "Genre", "form", FORM),
        file=FileColumn("genre", "Genre", 14, "document, fiche, pratique, formation ou étude"),
        titles=("genre",),
    ),
    Field(
        name="title",
        label="Titre",
        type=TextType(300),
        value=attrgetter("title"),
        file=FileColumn("titre", "Titre", 60, "le titre, comme sur la couverture"),
        tags=Tags(ris="title", citation="title", dublin_core="title", json_ld="name"),
        titles=("titre",),
        required=EVERY_FORM,
    ),
    Field(
        name="subtitle",
        label="Sous-titre",
        type=TextType(300),
        value=attrgetter("subtitle"),
        file=FileColumn("sous_titre", "Sous-titre", 40, "le sous-titre, s’il y en a un"),
        tags=Tags(ris="secondary_title", json_ld="alternativeHeadline"),
        titles=("sous-titre", "sous_titre"),
    ),
    Field(
        name="bodies",
        label="Organismes",
        type=TextsType(),
        value=attrgetter("bodies"),
        filter=by_names("organisme", "Organisme", "body_codes", most=15),
        file=FileColumn("organismes", "Organismes", 40, "les organismes qui la publient"),
        tags=Tags(ris="authors", citation="author", dublin_core="creator", json_ld="publisher"),
        titles=("auteurs", "organismes", "organisme"),
    ),
    Field(
        name="persons",
        label="Personnes",
        type=TextsType(),
        value=attrgetter("persons"),
        forms=DOCUMENTS,
        file=FileColumn("personnes", "Personnes", 30, "celles que nomme la couverture"),
        tags=Tags(ris="authors", citation="author", dublin_core="creator", json_ld="author"),
        titles=("personnes",),
    ),
    Field(
        name="year",
        label="Année",
        type=NumberType(*YEARS),
        value=attrgetter("said_year"),
        filter=by_names("annee", "Année", "year"),
        file=FileColumn("annee", "Année", 8, "l’année de publication, si elle est connue"),
        tags=Tags(ris="year", citation="year", dublin_core="date"),
        titles=("annee", "année"),
    ),
    Field(
        name="published_on",
        label="Publié le",
        type=DayType(*YEARS),
        value=attrgetter("published_on"),
        forms=DOCUMENTS,
        file=FileColumn("publie_le", "Publié le", 12, "le jour de publication, s’il est connu"),
        tags=Tags(
            ris="date", citation="publication_date", dublin_core="issued", json_ld="datePublished"
        ),
        titles=("publie_le", "date"),
    ),
    Field(
        name="type",
        label="Type",
        type=CodesType(TYPE, single=True),
        value=attrgetter("named_type"),
        forms=DOCUMENTS,
        filter=by_codes("type", "Type", "type", TYPE),
        file=FileColumn("type", "Type", 16, "rapport, guide, loi, étude…"),
        tags=Tags(ris="type_of_work", dublin_core="type"),
        titles=("type",),
        required=DOCUMENTS,
    ),
    Field(
        name="nature",
        label="Nature",
        type=CodesType(NATURE, single=True),
        value=attrgetter("nature"),
        forms=DOCUMENTS,
        filter=by_codes("nature", "Nature", "nature", NATURE),
        file=FileColumn("nature", "Nature", 20, "ce sur quoi le document se fonde"),
        titles=("nature",),
    ),
    Field(
        name="method",
        label="Méthode",
        type=TextType(300),
        value=attrgetter("method"),
        forms=DOCUMENTS,
        file=FileColumn("methode", "Méthode", 40, "la méthode, comme le document la dit"),
        titles=("methode_dite", "methode", "méthode"),
    ),
    Field(
        name="summary",
        label="Résumé",
        type=TextType(SUMMARY_MAX, several_lines=True),
        value=attrgetter("summary"),
        file=FileColumn("resume", "Résumé", 80, "ce qu’elle est, avec nos mots"),
        tags=Tags(
            ris="abstract", citation="abstract", dublin_core="description", json_ld="description"
        ),
        titles=("resume", "résumé"),
    ),
    Field(
        name="themes",
        label="Thèmes",
        type=CodesType(THEMES),
        value=attrgetter("themes"),
        filter=by_codes("theme", "Thème", "themes", THEMES),
        file=FileColumn("themes", "Thèmes", 30, "de quoi elle parle"),
        tags=Tags(ris="keywords", citation="keywords", dublin_core="subject", json_ld="keywords"),
        titles=("themes", "thèmes"),
    ),
    Field(
        name="publics",
        label="Pour qui",
        type=CodesType(PUBLICS),
        value=attrgetter("publics"),
        filter=by_codes("public", "Pour qui", "publics", PUBLICS),
        file=FileColumn("publics", "Pour qui", 30, "à qui elle s’adresse"),
        tags=Tags(dublin_core="audience"),
        titles=("publics",),
    ),
    Field(
        name="situations",
        label="Situations",
        type=CodesType(SITUATIONS),
        value=attrgetter("situations"),
        filter=by_codes("s", "Situation", "situations", SITUATIONS),
        file=FileColumn("situations", "Situations", 40, "les situations où elle sert"),
        titles=("situations",),
    ),
    Field(
        name="functions",
        label="Missions",
        type=CodesType(FUNCTIONS),
        value=attrgetter("functions"),
        filter=by_codes("fonction", "Mission", "functions", FUNCTIONS),
        file=FileColumn("missions", "Missions", 30, "les missions dont elle parle"),
        titles=("missions", "fonctions"),
    ),
    Field(
        name="reach",
        label="Portée",
        type=CodesType(REACHES, single=True, none=Reach.NATIONAL),
        value=attrgetter("reach"),
        file=FileColumn("portee", "Portée", 18, "si elle parle de toute la France ou d’une partie"),
        titles=("portee", "portée", "territoire"),
    ),
    Field(
        name="territories",
        label="Territoires",
        type=FreeCodesType(r"[0-9][0-9AB][0-9A-Z]{0,2}"),
        value=attrgetter("territories"),
        filter=by_names("territoire", "Territoire", "territories"),
        file=FileColumn("territoires", "Territoires", 16, "les codes de ceux dont elle parle"),
        tags=Tags(dublin_core="coverage"),
        titles=("territoires",),
    ),
    Field(
        name="languages",
        label="Langue",
        type=CodesType(LANGUAGES),
        value=attrgetter("languages"),
        filter=by_codes("langue", "Langue", "languages", LANGUAGES),
        file=FileColumn("langues", "Langues", 14, "les langues dans lesquelles elle se lit"),
        tags=Tags(
            ris="language",
            citation="language",
            dublin_core="language",
            json_ld="inLanguage",
            coded=True,
        ),
        titles=("langue", "langues"),
    ),
    *(
        Field(
            name=name,
            label=name.upper(),
            type=IdentifierType(name),
            value=attrgetter(name),
            forms=DOCUMENTS,
            file=FileColumn(name, name.upper(), 20, f"son {name.upper()}, s’il en a un"),
            tags=tags,
            titles=(name,),
        )
        for name, tags in (
            ("doi", Tags(ris="doi", citation="doi", dublin_core="identifier")),
            ("isbn", Tags(ris="issn", citation="isbn", dublin_core="identifier", json_ld="isbn")),
            ("nor", Tags(ris="call_number", dublin_core="identifier")),
            ("hal", Tags(ris="accession_number", dublin_core="identifier")),
        )
    ),
    Field(
        name="url",
        label="Adresse",
        type=LinkType(),
        value=attrgetter("url"),
        file=FileColumn("adresse", "Adresse", 50, "la page de son éditeur"),
        tags=Tags(ris="urls", citation="public_url", dublin_core="source", json_ld="sameAs"),
        titles=("url", "adresse", "lien"),
    ),
    Field(
        name="pages",
        label="Pages",
        type=NumberType(1, 20_000),
        value=attrgetter("pages"),
        forms=DOCUMENTS,
        file=FileColumn("pages", "Pages", 8, "le nombre de pages"),
        tags=Tags(ris="start_page", json_ld="numberOfPages"),
        titles=("pages",),
    ),
    Field(
        name="media",
        label="Support",
        type=CodesType(MEDIA, single=True),
        value=attrgetter("media"),
        filter=by_codes("support", "Support", "media", MEDIA),
        file=FileColumn("support", "Support", 12, "page web, PDF, vidéo, audio ou papier"),
        tags=Tags(dublin_core="format"),
        titles=("support", "format"),
    ),
    Field(
        name="accessibility",
        label="Accessibilité",
        type=CodesType(ACCESS, single=True),
        value=attrgetter("accessibility"),
        filter=by_codes("acces", "Accessibilité", "accessibility", ACCESS),
        file=FileColumn("accessibilite", "Accessibilité", 18, "si tous peuvent la lire"),
        titles=("accessibilite", "accessibilité"),
    ),
    Field(
        name="proof",
        label="Preuve",
        type=CodesType(PROOF, single=True),
        value=lambda content: content.evaluation and content.evaluation.proof,
        forms=PRACTICES,
        filter=BY_PROOF,
        file=FileColumn("preuve", "Preuve", 18, "si une pratique a été évaluée, et ce qu’on a vu"),
        titles=("preuve",),
    ),
    Field(
        name="validations",
        label="Validée par",
        type=TextsType(),
        value=lambda content: tuple(
            f"{each.body}, {each.day:%d/%m/%Y}" for each in content.validations
        ),
        forms=SHEETS,
        filter=BY_VALIDATION,
        file=FileColumn("validee_par", "Validée par", 30, "qui a validé une fiche, et quand"),
    ),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
# Filters by their name in addresses, in their order on the page.
FILTERS: Mapping[str, Offered] = {
    field.filter.name: field.filter for field in FIELDS if field.filter is not None
}


def fields_of(form: Form) -> tuple[Field, ...]:
    """Return the fields that resources of a form have."""
    return tuple(field for field in FIELDS if form in field.forms)


def shown_of(content: Content, name: str) -> tuple[str, ...]:
    """Return what a resource says of a field, by its name."""
    return BY_NAME[name].shown(content)
