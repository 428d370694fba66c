"""Signs of accommodation: what houses children is found whatever its category says."""

import pytest

from importers.accommodation import read_signs
from importers.line import Cell, Line
from importers.mapping import Mapping
from importers.row import ActorRow, Sign
from importers.secrecy import read_secrecy
from tests.importers.conftest import Read


def rows_of(read: Read, *lines: dict[str, str]) -> list[ActorRow]:
    titles = list(dict.fromkeys(title for line in lines for title in line))
    body = "\n".join(
        ";".join('"' + line.get(title, "").replace('"', "") + '"' for title in titles)
        for line in lines
    )
    return list(read(f"{';'.join(titles)}\n{body}\n").rows)


def row_of(read: Read, **line: str) -> ActorRow:
    given = {"Nom": "Les Lilas", "Type": "Association", "Commune": "Bobigny"}
    return rows_of(read, given | line)[0]


def said(row: ActorRow) -> set[tuple[str, str]]:
    return {(sign.says, sign.field) for sign in row.signs}


HOUSES = [
    "MECS Les Lilas", "M.E.C.S. Les Lilas", "M E C S Les Lilas", "M-E-C-S Les Lilas", "Mecs Lilas",
    "M.E.C.S Les Lilas", "MECS2 Les Lilas", "MECS-Foyer", "Maison d'Enfants Les Lilas",
    "Maisons d’enfants à caractère social", "FOYER DE L'ENFANCE", "Foyers éducatifs",
    "Foyer d'action éducative", "FAE de Bobigny", "UEHC",
    "U.E.H.C. Bobigny", "UEHD", "CEF", "C.E.F.",
    "CER Les Dunes", "Centre éducatif fermé", "Centre éducatif renforcé", "CHRS L'Étape",
    "CHU Les Glycines", "LVA", "L.V.A. La Source", "Lieu de vie La Source", "Lieux de vie",
    "Lieu de Vie et d'Accueil", "Pouponnière", "Pouponnières départementales", "Maison maternelle",
    "Centre maternel", "Centre parental", "Village d'enfants SOS", "Famille d'accueil",
    "Service d'accueil familial", "Placement familial",
    "Service de placement", "Hébergement jeunes",
    "Structure hébergeant des jeunes", "Héberge des mineurs", "Nuitées", "Appartements éducatifs",
    "Appartement de semi-autonomie", "Colocation jeunes", "Logements relais", "Maison relais",
    "Semi-autonomie", "SAU Bobigny",
    "Service d'accueil d'urgence", "Halte de nuit", "Accueil de nuit",
    "Mise à l'abri", "Mises à l’abri MNA", "Le Refuge", "Internat éducatif", "Accueil 24h/24",
    "CDEF 93", "CDE", "IDEF", "Cité de l'enfance", "Accueil MNA", "MNA accueil", "Dispositif MNA",
    "Maison de l'enfance", "Orphelinat", "Foyer mère-enfant", "Hôtel social", "Foyer de vie",
    "EHPAD Les Lilas", "Foyer de jeunes travailleurs", "Pension de famille", "EPE PJJ de Bobigny",
]  # fmt: skip


@pytest.mark.parametrize("name", HOUSES)
def test_a_name_that_houses_says_so_under_any_category(read: Read, name: str) -> None:
    for case in ("Association", "PJJ", "ASE"):
        assert ("houses", "name") in said(row_of(read, Nom=name, Type=case))


@pytest.mark.parametrize("field", ["Type", "Sigle"])
def test_category_and_acronym_say_it_as_well(read: Read, field: str) -> None:
    (says,) = said(row_of(read, **{field: "M.E.C.S."}))
    assert says == ("houses", {"Type": "category", "Sigle": "acronym"}[field])


@pytest.mark.parametrize(
    ("title", "field"),
    [("Missions", "functions"), ("Description", "description"), ("Horaires", "opening_hours")],
)
def test_a_sentence_mentions_it(read: Read, title: str, field: str) -> None:
    assert said(row_of(read, **{title: "Accueil et hébergement de jeunes"})) == {
        ("mentions", field)
    }


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("UAPED du CHU de Lille", "UAPED"),
        ("CHU de Lille", "Santé"),
        ("EPREED – CHU Jeanne-de-Flandre", "Association"),
        ("CHU, service de pédiatrie", ""),
        ("SAU – urgences pédiatriques", ""),
        ("Centre hospitalier universitaire (CHU)", ""),
        ("Maison des femmes – CHU", ""),
        ("Foyer rural de Bobigny", "Association"),
        ("Foyers ruraux du Nord", "Association"),
        ("Foyer socio-éducatif du collège Pasteur", "Éducation nationale"),
        ("Lycée Pasteur, internat", "Éducation nationale"),
        ("CER auto-école", "Association"),
        ("École des parents et des éducateurs (EPE)", "Association"),
        ("CIDFF, appartement 42", "Association"),
        ("Accueil de jour sans hébergement", "Association"),
        ("Permanence rue du Foyer", "Association"),
        ("Police nationale, accueil 24h/24", "Police"),
        ("Hôtel de police", "Police"),
        ("Planning familial", ""),
        ("Action éducative en milieu ouvert", ""),
        ("Lieu d'accueil enfants-parents", "Association"),
        ("Refuge animalier de Bobigny", "Association"),
        ("CCAS, hôtel de ville", "Association"),
        ("Studio de danse", "Association"),
        ("Hôpital Avicenne, 40 lits", "Santé"),
    ],
)
def test_names_that_resemble_a_home_say_nothing(read: Read, name: str, case: str) -> None:
    assert row_of(read, Nom=name, Type=case).signs == ()


@pytest.mark.parametrize(
    "text",
    [
        "Ne propose pas d'hébergement",
        "accompagnement sans hébergement",
        "Suivi hors hébergement",
        "violences au sein du foyer",
        "Violences intrafamiliales dans le foyer",
        "retour au foyer familial",
        "composition du foyer fiscal",
        "femme au foyer",
        "association hébergée par la mairie",
        "consultations au CHU",
        "alternative au placement",
        "Écoute, information, orientation",
        "permanence 12 rue du Foyer",
        "accès au logement",
        "aide aux réfugiés",
        "orientation vers un hébergement",
        "aide à la recherche d'hébergement",
        "jeunes sans solution d'hébergement",
        "prévention dans tous les lieux de vie",
        "suivi des jeunes confiés à l'ASE",
        "accueil sans rendez-vous, pas d'internat",
        "le juge peut ordonner le placement",
    ],
)
def test_sentences_that_resemble_say_nothing(read: Read, text: str) -> None:
    assert row_of(read, Description=text).signs == ()


@pytest.mark.parametrize(
    "text",
    [
        "Accueil de jeunes en rupture, jour et nuit",
        "Prise en charge 24h/24 de jeunes filles, 6 places",
        "Mise en sécurité de mineures",
        "10 lits",
        "Éloignement de mineurs victimes de réseaux",
        "attention : certaines jeunes y dorment",
    ],
)
def test_a_sentence_says_it_in_other_words(read: Read, text: str) -> None:
    assert said(row_of(read, Description=text)) == {("mentions", "description")}


@pytest.mark.parametrize(
    ("title", "cell", "signs"),
    [
        ("Hébergement", "oui", [("mentions", "unread")]),
        ("Hébergement", "non", []),
        ("Nombre de places d'hébergement", "12", [("mentions", "unread")]),
        ("Nombre de places d'hébergement", "0", []),
        ("Adresse confidentielle", "x", [("secret", "unread")]),
        ("Adresse confidentielle", "12 rue des Lilas", [("secret", "unread")]),
        ("Adresse confidentielle", "non", []),
        ("Confidentiel", "oui", [("secret", "unread")]),
        ("Remarques (confidentiel)", "rappeler en mai", []),
    ],
)
def test_a_column_that_is_not_read_speaks_by_its_title(
    title: str, cell: str, signs: list[tuple[str, str]]
) -> None:
    line = Line(2)
    line.add("name", Cell("Nom", "Les Lilas", "Les Lilas"))
    line.add("unread", Cell(title, cell, cell))
    found = (*read_signs(line, None), *read_secrecy(line, houses=False))
    assert [(sign.says, sign.field) for sign in found] == signs


@pytest.mark.parametrize(
    ("name", "code", "signs"),
    [
        ("Les Lilas", "177", {("houses", "finess_category")}),
        ("Les Lilas", "462.0", {("houses", "finess_category")}),
        ("Les Lilas", "Maison d'enfants", {("houses", "finess_category")}),
        ("CHU Nord", "101", set()),
        ("CHU Nord", "Centre Hospitalier", set()),
        ("CHU Nord", "295", {("houses", "name")}),
        ("Les Lilas", "295", set()),
    ],
)
def test_a_category_of_finess_says_who_houses(
    read: Read, name: str, code: str, signs: set[tuple[str, str]]
) -> None:
    assert said(row_of(read, Nom=name, **{"Catégorie FINESS": code})) == signs


def test_an_address_names_nothing(read: Read) -> None:
    row = row_of(read, Adresse="Appt 3, 12 impasse du Refuge", **{"Code postal": "93000"})
    assert row.signs == ()


def test_a_university_hospital_is_known_by_its_site(read: Read) -> None:
    assert row_of(read, Nom="CHU Nord", Type="", **{"Site": "www.chu-lille.fr"}).signs == ()
    assert said(row_of(read, Nom="CHU Nord", Type="")) == {("houses", "name")}


@pytest.mark.parametrize(
    ("cell", "hides"),
    [
        ("CHU Lille", False),
        ("CHU Grenoble-Alpes", False),
        ("CHRU Nancy", False),
        ("CHU de Lille", False),
        ("CHU", True),
        ("CHU Les Glycines", True),
        ("CHU Lille Sud", True),
        ("CHU Lille, hébergement d'urgence", True),
    ],
)
def test_a_carrier_may_be_a_university_hospital(read: Read, cell: str, hides: bool) -> None:
    row = row_of(read, Nom="Point écoute", Type="Association", Gestionnaire=cell)
    assert bool(row.signs) is hides


def test_placing_at_home_holds_the_address_alone(read: Read) -> None:
    assert said(row_of(read, Nom="PEAD de Bobigny")) == {("mentions", "name")}
    row = row_of(read, Nom="Service de placement éducatif à domicile")
    assert said(row) == {("mentions", "name")}


def test_a_sign_says_its_word_and_is_said_once(read: Read) -> None:
    row = row_of(read, Nom="Foyer Les Lilas, foyer de filles")
    assert row.signs == (Sign(says="houses", word="foyer", field="name"),)


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("Famille d'accueil", "DUPONT Marie"),
        ("Famille d'accueil", "M. et Mme Martin"),
        ("ASE", "Famille d'accueil Mme Dupont"),
        ("Assistante familiale", "Marie Dupont"),
        ("ASE", "Marie Dupont, assistante familiale"),
        ("Association", "Famille d'accueil Martin"),
        ("Familles d'accueil", "DUPONT Marie"),
        ("Assistants familiaux", "Marie Dupont"),
        ("ASE", "Mme Dupont, famille d'accueil du service de Lille"),
    ],
)
def test_a_foster_parent_is_not_taken_and_the_report_does_not_name_them(
    read: Read, case: str, name: str
) -> None:
    text = f"Nom;Type;Commune\n{name};{case};Bobigny\nCIDFF;Association;Bobigny\n"
    result = read(text)
    assert [row.name for row in result.rows] == ["CIDFF"]
    (problem,) = result.problems
    assert problem.fatal
    assert "données personnelles" in problem.message
    assert problem.value == ""


@pytest.mark.parametrize(
    "name",
    [
        "Service d'accueil familial",
        "Association des familles d'accueil du Nord",
        "Service « Famille d'accueil » de Lille",
    ],
)
def test_the_service_of_foster_parents_is_taken(read: Read, name: str) -> None:
    assert ("houses", "name") in said(row_of(read, Nom=name))


def test_what_a_mapping_makes_of_a_category_hides_no_word_of_it(read: Read) -> None:
    columns = {"Nom": "name", "Type": "category", "Commune": "city"}
    rule = {"category": [{"pattern": "^MECS", "value": "association"}]}
    own = Mapping.model_validate({"name": "x", "label": "x", "columns": columns, "values": rule})
    (row,) = read("Nom;Type;Commune\nLes Lilas;MECS;Bobigny\n", mapping=own).rows
    assert row.category == "association"
    assert said(row) == {("houses", "category")}


def test_what_says_nothing_in_a_sentence_names_a_home(read: Read) -> None:
    assert said(row_of(read, Nom="Foyer parental")) == {("houses", "name")}
    assert row_of(read, Description="Retour au foyer parental").signs == ()


def test_a_home_of_adults_is_left_to_class(read: Read) -> None:
    for case in ("EHPAD", "Foyer de vie", "FAM", "MAS", "Résidence autonomie", "CADA"):
        row = row_of(read, Type=case)
        assert row.category == "a_classer"
    # The same letters in the name of a house: of whom, nobody knows.
    assert said(row_of(read, Nom="Mas des Pins")) == {("mentions", "name")}


WAYS = [
    *(name.replace(" Les Lilas", "").replace(" Bobigny", "") for name in HOUSES),
    "mecs", "Mécs", "M. E. C. S.",
    "MAISON D ENFANTS", "maison d´enfants", "Foyer Départemental de l’Enfance",
    "foyer éducatif mixte", "Foyer d'hébergement", "Foyer d'accueil d'urgence", "Lieu-de-vie",
    "Unité éducative d'hébergement collectif", "Centre de placement immédiat", "Home d'enfants",
    "Accueil mère-enfant", "Hébergement d'urgence",
    "Hébergements diffus", "Accueil d'urgence mineurs",
    "Résidence éducative", "Villa éducative", "Groupe de vie", "Unité de vie", "Internat",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_it_is_a_sign_wherever_it_stands(read: Read, way: str) -> None:
    names = (f"Service {way} Les Lilas", f"Service – {way} 12".upper(), f"Pôle Moulin – {way}")
    for name in names:
        assert row_of(read, Nom=name).signs, name
    assert row_of(read, Nom="Service Les Lilas", Type=way.lower()).signs
    assert row_of(read, Missions=f"Accueil, {way}").signs


@pytest.mark.parametrize(
    "text",
    [
        "Chacune a sa chambre", "Lit d'urgence", "Offre un toit", "Toit pour mineures",
        "Les enfants y habitent", "Maison d'accueil non mixte", "Séjours de 15 jours",
        "Les jeunes filles restent de 3 à 12 mois", "Permanents du lieu", "Internat ASE",
    ],
)  # fmt: skip
def test_a_sentence_on_who_stays_holds_the_address(read: Read, text: str) -> None:
    assert ("mentions", "description") in said(row_of(read, Description=text))


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("Taux occupation", "95 %"), ("Dotation", "190 €/jour/jeune"), ("Équipe", "veilleurs"),
        ("Nb de mineurs", "9"), ("Durée", "6 à 18 mois"), ("Profil", "filles, accueil 18 mois"),
    ],
)  # fmt: skip
def test_a_free_column_on_who_stays_holds_the_address(read: Read, title: str, cell: str) -> None:
    assert ("mentions", "unread") in said(row_of(read, **{title: cell}))
