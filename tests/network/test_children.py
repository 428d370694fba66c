"""A name beside the age of a child is refused, ages of programmes and of services are not."""

import pytest

from app.network.children import names_a_child

PLACES = (
    "Aude",
    "Aveyron",
    "Cantal",
    "Ain",
    "Cher",
    "Calvados",
    "Charente-Maritime",
    "Bouches-du-Rhône",
    "Mayotte",
)
REFUSED = (
    "Léa, 14 ans",
    "LÉA, 14 ans, sera accueillie lundi.",
    "La situation de Léa (14 ans) est revue.",
    "la jeune K. (15 ans)",
    "La jeune K, 15 ans, a fugué deux fois.",
    "L. B., 16 ans : orientation vers l’UAPED",
    "mineure de 13 ans prénommée Anaïs",
    "mineure de 13 ans prénommée comme sa mère",
    "une adolescente de quinze ans, dénommée dans le dossier",
    "Inès a treize ans et vit à l’hôtel.",
    "Âgée de 14, Sarah est hébergée par sa tante.",
    "une mineure âgée de 12 ans, Maëlys, connue de l’ASE",
    "Le cas de Kevin a été évoqué. Il a 17 ans.",
    "Le cas de Kevin a été évoqué.\nIl a 17 ans.",
    "Emma née en 2012 est suivie par la PJJ.",
    "Emma est née le 3 mai 2012",
    "Nous avons parlé de Jean-Baptiste, bientôt 16 ans.",
    "15 ans, Yasmine, déscolarisée",
    "Un garçon de 9 ans, frère de Moussa D.",
    "Lina – entre 13 et 14 ans",
    "Léa,\u00a014\u202fans",
    "Le\u0301a, 14 ans",
    "Roger, 14 ans",
    "Axelle a 16ans",
    "Fillette de 11 ans, initiales inconnues",
    "La mineure l. b., 15 ans",
    "Léa, １４ ａｎｓ",
    "Léa, 14½ ans",
    "Léa, quatorze (14) ans",
    "Situation de Léa (14)",
    "Situation de Kelyan (14)",
    "Rose (14), Wendzi (9)",
    "Situation Kelyan (14)",
    "léa [14]",
    "Aude (14)",
    "Gabriel\n(14)",
    "Brondine (14/15)",
    "Léa ( 9 ), Kevin (16)",
    "La situation de L. (14) est revue",
    "Léa, 14 années",
    "Léa, âge : 14",
    "Lina agee de 14",
    "Emma, née à Bobigny le 3 mai 2012",
    "Emma, né(e) 12/03/2012",
    "Emma, DDN 12/03/2012",
    "Inès est en 4e au collège Jean-Moulin",
    "léa, élève de 5ème au collège Gagarine",
    "Lina, en classe de troisième",
    "Léa, classe de 3ème, collège Jean Moulin",
    "léa, 14 ans",
    "lea 14 ans",
    "la petite inès a treize ans",
    "nous avons parlé de jean-baptiste, bientôt 16 ans",
    "15 ans, yasmine, déscolarisée",
    "le cas de kevin a été évoqué. il a 17 ans.",
    "moussa est né en 2012",
    "marie (14 ans) est suivie",
    "rose a 13 ans",
    "claire, âgée de 15 ans",
    "Alexandre est suivi depuis ses 14 ans",
)
ACCEPTED = (
    "Aude (11), Aveyron (12), Cantal (15), Ain (01), Cher (18)",
    "Référents (12) et éducatrices (3)",
    "Calvados (14), Charente-Maritime (17), Bouches-du-Rhône (13), Mayotte (16)",
    "Présents : Parquet (2), ASE (3), Annexe (1), Formation (4), voir Loire Forez (12)",
    "Mme Durand (13), référente",
    "Rencontre avec Léa Exemple (PJJ) : 12 présents (6 membres)",
    "",
    "15 ans d’expérience",
    "Mme Durand, 15 ans d’expérience, présente l’UAPED.",
    "les mineurs de 13 à 15 ans",
    "Ouvrir à Bobigny un accueil pour les mineurs de 13 à 15 ans",
    "Ouvrir cinq places pour les jeunes de moins de 18 ans",
    "loi de 2024",
    "La loi de 2024 s’applique en Seine-Saint-Denis.",
    "Renforcer le repérage auprès des collégiens de 14 ans",
    "Décision : Former les équipes de la PJJ aux situations des jeunes de 16 ans",
    "Convention de 3 ans d’existence avec le CIDFF",
    "Depuis 10 ans le Mouvement du Nid intervient dans les collèges.",
    "Le bilan de Mme Martin est adopté. Les 15 ans et plus sont concernés.",
    "Mme Martin, 45 ans",
    "Réunion le 14 mars à la préfecture de Bobigny, salle 15",
    "La CRIP et l’ASE reçoivent les situations de mineurs de moins de 15 ans.",
    "une réponse claire aux jeunes de 15 ans et plus",
    "il se marie avant ses 18 ans",
    "former les équipes marines auprès des mineurs de 13 à 15 ans",
    "Le parquet de Lyon saisit l’UAPED dans les 48 heures.",
    "Intervenir en classe de 4e au collège Jean Moulin de Bobigny",
    "Les élèves de 4e et de 3e du collège Jean-Moulin sont sensibilisés.",
    "Au lycée Paul Éluard, en seconde, une séance par trimestre",
    "Mme Durand, en première ligne, présente le bilan.",
    "a. Les jeunes de 16 ans et plus suivis par la PJJ",
    "Vote (12), excusé (1), Médecin (2), Magistrat (1)",
)


@pytest.mark.parametrize("text", REFUSED)
def test_a_name_beside_an_age_names_a_child(text: str) -> None:
    assert names_a_child(text, PLACES)
    assert names_a_child(f"Ordre du jour\n\n{text}\nLa séance est levée.", PLACES)


@pytest.mark.parametrize("text", ACCEPTED)
def test_ages_that_are_of_nobody_name_no_child(text: str) -> None:
    assert not names_a_child(text, PLACES)


def test_a_text_made_to_be_slow_is_read_at_once() -> None:
    for hostile in (
        "14 ans " * 1_400,
        "L. " * 3_300,
        "née en " * 1_400,
        "a" * 10_000,
        "A(" * 5_000,
    ):
        names_a_child(hostile)
