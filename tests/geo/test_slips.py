"""Two places are one by whatever short form, sign or damage their addresses have."""

import pytest

from geo.address import address_keys, numbered_keys_in, place_keys, spelled_keys
from geo.slips import spelled_out

BOBIGNY = "93008"


def places(address: str) -> set[str]:
    """Return by what a place is compared; address: with its town, as a record has it."""
    written = f"{address}\n93000 Bobigny"
    keys = address_keys(None, written, BOBIGNY)
    return {*keys, *place_keys(keys, written, BOBIGNY, "Bobigny")}


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("10 boulevard du Lac Haut", "10 Blvd du Lac Haut"),
        ("10 boulevard du Lac Haut", "10 BLVD. DU LAC HAUT"),
        ("10 carrefour du Lac Haut", "10 CAR DU LAC HAUT"),
        ("10 corniche du Lac Haut", "10 COR DU LAC HAUT"),
        ("10 parvis du Lac Haut", "10 PRV DU LAC HAUT"),
        ("10 rocade du Lac Haut", "10 ROC DU LAC HAUT"),
        ("10 esplanade du Lac Haut", "10 bis, Espl. du Lac Haut"),
        ("10 Grande Rue", "10 Grande Rue"),
        ("10 Grande Rue", "10 bis, GRANDE RUE"),
        ("10 Grande Rue", "10 GR"),
        ("10 Grande Rue", "10 Grand'Rue"),
        ("10 Grand-Rue", "10, Grand’ Rue"),
        ("10 Grande Rue", "10 GDE RUE"),
        ("Résidence Haute, 10 Grande Rue", "10 Grande-rue - BP 12"),
        ("10 rue Haute", "10 RUE HAUTE RESIDENCE LES PINS"),
        ("10 rue Haute", "10 rue Haute Le Bourg"),
        ("10 rue Haute", "10 RUE HAUTE ENTREE B"),
        ("10 rue Haute", "10 R HAUTE LIEU DIT LES PINS"),
        ("10 rue Haute", "10 RUE HAUTE CIDEX 12"),
        ("10 rue Haute", "10 rue Haute 3ème"),
        ("10 rue du Lac Haut", "10 rue du Lac Haut ZA des Pins"),
        ("2 Le Clos", "2 LE CLOS"),
        ("5 l'Esplanade", "5 L ESPLANADE"),
        ("8 Le Parc", "8, le Parc"),
        ("10 rue du 8 mai 1945", "10 R DU 8 MAI 45"),
        ("10 rue Haute", "10- rue Haute"),
        ("10 rue Haute", "10. rue Haute"),
        ("10 rue Haute", "8 au 12 rue Haute"),
        ("10 rue Haute", "rue Haute 10"),
        ("10 rue Haute", "Rue Haute - 10"),
        ("10 rue Haute", "RUE HAUTE (10)"),
        ("10 rue Haute", "rue Haute n10"),
        ("10 rue du Grand Parc", "10 rue du Grand Parc Résidence les Pins"),
        ("10 rue du Moulin du Bourg", "10 rue du Moulin du Bourg, bât. A"),
        ("10 rue du Moulin", "10 rue du Moulin Le Bourg"),
        ("10 rue du Vieux Bourg", "10 R DU VIEUX BOURG BATIMENT C"),
        ("10 rue Jean Zay", "10 RUE JEAN ZAY TOUR B"),
        ("10 rue Haute", "10 rue Haute La Tour"),
        ("10 rue Haute", "10 RUE HAUTE LOTISSEMENT LES PINS"),
        # Surnames, and institutions that are called as a building is.
        ("10 rue Charles Petit", "10 rue Charles Petit Résidence Les Lilas"),
        ("10 rue Charles Petit", "10 rue Charles Petit Tour B"),
        ("10 rue du Docteur Petit", "10 rue du Docteur Petit Résidence Les Lilas"),
        ("10 rue Jean Bon", "10 rue Jean Bon Immeuble Le Cèdre"),
        ("10 rue Albert Petit", "10 RUE ALBERT PETIT RES LES PINS"),
        ("10 rue Albert Petit", "10 RUE ALBERT PETIT ENTREE SUD"),
        ("10 rue Albert Petit", "10 RUE ALBERT PETIT RES LES PINS ENTREE SUD"),
        ("10 rue Jean Zay", "Foyer de la Tour, 10 rue Jean Zay Tour B"),
        ("10 rue Jean Zay", "Foyer de la Tour\n10 rue Jean Zay Tour B"),
        ("10 rue Jean Zay", "10 rue Jean Zay Cité des Fleurs - Foyer de la Cité"),
        ("10 rue Haute", "MECS du Parc\n10 rue Haute Parc des Pins"),
        ("10 rue Haute", "Foyer Haute du Parc\n10 rue Haute Parc des Pins"),
        ("10 rue Jean Zay", "Maison du Bourg\n10 rue Jean Zay Le Bourg"),
        ("10 rue Jean Zay", "rue Jean Zay, bâtiment B (10)"),
        # What else stands behind a name without a comma.
        ("10 rue Jean Zay", "10 rue Jean Zay Tél. 01 99 00 00 10"),
        ("10 rue Jean Zay", "10 rue Jean Zay Tel : 0199000010"),
        ("10 rue Jean Zay", "10 rue Jean Zay Logt 12"),
        ("10 rue Jean Zay", "10 RUE JEAN ZAY LGT B12"),
        ("10 rue Jean Zay", "10 rue Jean Zay Bloc A"),
        ("10 rue Jean Zay", "10 rue Jean Zay Pavillon 3"),
        ("10 rue Jean Zay", "10 rue Jean Zay Villa Les Lilas"),
        ("10 rue Jean Zay", "10 RUE JEAN ZAY ETG 3"),
        ("10 rue A", "10 rue A tour 3"),
        ("10 rue Jean Zay", "10 RUE JEAN ZAY CHEZ CCAS"),
        ("10 rue Jean Zay", "10 rue Jean Zay à l'angle de la rue Haute"),
        ("10 rue Jean Zay", "10 rue Jean Zay angle rue Haute"),
        ("10 rue Jean Zay", "10 rue Jean Zay face à la gare"),
        ("10 rue Jean Zay", "10 rue Jean Zay derrière la mairie"),
        ("10 rue Jean Zay", "10 RUE JEAN ZAY ESPACE HAUT"),
        ("10 rue Jean Zay", "10 rue Jean Zay Maison des Associations"),
        ("10 rue Jean Zay", "10 RUE JEAN ZAY FOYER LES LILAS"),
        ("10 rue Jean Zay", "10 RUE JEAN ZAY SITE NORD"),
        ("10 rue Jean Zay", "10 RUE JEAN ZAY CTRE SOCIAL"),
        ("10 rue Jean Zay", "10 rue Jean Zay service AEMO"),
        ("10 rue Jean Zay", "10 rue Jean Zay antenne nord"),
        ("10 rue Jean Zay", "10 rue Jean Zay au fond de la cour"),
        ("10 rue Jean Zay", "10 rue Jean Zay BTE 4"),
        ("10 rue Jean Zay", "10 rue Jean Zay fax 01 99 00 00 11"),
        ("10 rue Jean Zay", "10 rue Jean Zay à Bobigny"),
        ("10 cours Lafayette", "Cours Lafayette 10"),
        ("4 square Zola", "Square Zola 4"),
        ("10 allée Jules Guesde", "Allées Jules Guesde 10"),
        ("12 route de Paris", "Route de Paris 12"),
        ("10 rue du 8 mai 1945", "Rue du 8 mai 1945 10"),
        ("10 rue du 8 mai 1945", "rue du 8 mai 45, 10"),
        ("10 rue du 11 novembre", "rue du 11 novembre 10"),
        ("10 quai Haut", "Quai Haut 10"),
        ("10 passage du Lac Haut", "Passage du Lac Haut 10"),
        ("10 faubourg du Lac Haut", "Fbg du Lac Haut - 10"),
        ("10 montée du Lac Haut", "Montée du Lac Haut (10)"),
        ("10 rond-point du Lac Haut", "Rond-point du Lac Haut 10"),
        ("12 route de Paris", "RTE DE PARIS 12"),
        ("10 cours Lafayette", "CRS LAFAYETTE 10"),
        ("10 allée Jules Guesde", "ALL JULES GUESDE 10"),
        ("12 lotissement Les Lilas", "Lot. Les Lilas n°12"),
        ("12 lotissement Les Lilas", "Lotissement Les Lilas 12"),
        ("1 lieu-dit Kerlann", "Lieu-dit Kerlann 1"),
        # Of overseas, where ways are counted in kilometres.
        ("PK 12 route de l'Est", "Route de l'Est PK 12"),
        ("PK 12 route de l'Est", "P.K.12, route de l'Est"),
        # Ways whose word is not the first of their name.
        ("46 ancienne route de Nice", "46, Ancienne Route de Nice"),
        ("46 ancienne route de Nice", "46 ANCIENNE RTE DE NICE - BP 12"),
        ("12 vieux chemin de Nice", "Foyer fictif 12 bis vieux chemin de Nice"),
        ("3 petite rue du Moulin", "3 PETITE RUE DU MOULIN BATIMENT B"),
        ("3 petite rue du Moulin", "3 Petite R. du Moulin"),
        ("8 haut chemin de Nice", "8, haut-chemin de Nice"),
        ("10 grande avenue", "10, Grande Avenue"),
        ("Résidence Les Lilas", "12 vieux chemin de Nice, Résidence Les Lilas"),
        ("10 Grande Place", "10 Grand’Place"),
        ("10 Grand-Place", "10, GRAND PLACE"),
        # Hamlets, and ways in other tongues.
        ("1 lieu-dit Kerlann", "1 Kerlann"),
        ("1 lieu-dit Kerlann", "1, Kerlann"),
        ("1 lieu-dit Kerlann", "1 hameau de Kerlann"),
        ("12 lotissement Les Lilas", "12, Les Lilas"),
        ("14, Kerlann", "14 bis, KERLANN"),
        ("2 Hent Kerlann", "2, Hent Kerlann"),
        ("1 Strada Suprana", "1, strada suprana"),
        ("12 porte Haute", "12, Porte Haute - BP 12"),
        # What has a day for a name is called without its year as well.
        ("10 rue du 8 mai 1945", "10 rue du 8 mai"),
        ("10 rue du 11 novembre 1918", "10, rue du 11-Novembre"),
        ("10 chemin du Lac Haut", "chemin du Lac Haut - 10"),
        ("10 rue de l'Étoile", "10 rue de l&#39;&Eacute;toile"),
        ("10 rue de l'Étoile", "10&nbsp;rue de l'Étoile"),
        ("10 rue de la Forêt", "10 rue de la ForÃªt"),
    ],
)
def test_a_place_is_one_however_it_is_written(plain: str, other: str) -> None:
    assert places(plain) & places(other)
    assert not places("12 rue Autre") & places(other)


@pytest.mark.parametrize("text", ["Reçoit au 10 blvd du Lac", "Reçoit au 10- boulevard du Lac."])
def test_a_text_names_a_place_by_its_slips_too(text: str) -> None:
    assert "10 BOULEVARD LAC" in numbered_keys_in(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Reçoit au 46, ancienne route de Nice", "46 ROUTE ANCIENNE NICE"),
        ("Reçoit au 3 petite rue du Moulin et au lac", "3 RUE PETITE MOULIN"),
        ("Reçoit au PK 12 route de Nice", "12 ROUTE NICE"),
    ],
)
def test_a_text_names_a_place_as_its_address_does(text: str, key: str) -> None:
    assert key in numbered_keys_in(text)
    written = text.removeprefix("Reçoit au ").removesuffix(" et au lac")
    assert key in spelled_keys(address_keys(None, written, BOBIGNY), written, BOBIGNY)


@pytest.mark.parametrize("other", ["10 rue Jean Moulin", "10 rue de la Tour", "12 rue Jean Zay"])
def test_places_of_other_names_are_two(other: str) -> None:
    assert not places("10 rue Jean Zay") & places(other)
    assert not places("10 rue du Centre") & places(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Words of buildings that belong to the name of a way.
        ("10 rue du Grand Parc", "10 rue Grand"),
        ("10 rue du Grand Parc", "10 rue du Grand Bourg"),
        ("10 RUE DU VIEUX BOURG", "10 rue du Vieux Moulin"),
        ("10 rue de la Vieille Tour", "10 rue de la Vieille Porte"),
        ("10 rue de la Belle Cité", "10 rue de la Belle Étoile"),
        ("10 rue du Petit Village", "10 rue du Petit Pont"),
        ("10 rue de l'Ancien Centre", "10 rue de l'Ancienne Gare"),
        ("10 rue du Moulin du Bourg", "10 rue du Moulin"),
        ("10 rue du Château de la Tour", "10 rue du Château"),
        ("10 avenue de l'Église de la Cité", "10 avenue de l'Église"),
        ("10 rue des Jardins du Centre", "10 rue des Jardins"),
        ("10 avenue de la Porte de Paris", "10 avenue de la Porte de Pantin"),
        ("10 rue du Parc", "10 rue du Bourg"),
        ("10 rue A tour 3", "10 rue B"),
        ("10 rue A tour 3", "10 rue"),
        ("10 rue Jean Zay à Bobigny", "10 rue A"),
        ("10 rue du Vieux Château", "10 rue du Vieux Pont"),
        ("10 rue de la Petite Maison", "10 rue de la Petite"),
        ("10 rue de l'Ancienne Mairie", "10 rue de l'Ancienne"),
        ("10 rue du Moulin de la Maison", "10 rue du Moulin"),
        ("10 rue du Moulin du Grand Parc", "10 rue du Moulin Grand"),
        ("10 rue du Moulin du Bourg\nFoyer du Moulin du Bourg", "10 rue du Moulin"),
        ("10 rue du Hameau", "10 rue du Village"),
        # Of a département, a box, a way or a building, and none of a house.
        ("Rue Haute (93)", "93 rue Haute"),
        ("Avenue Foch, Bobigny (75)", "75 avenue Foch"),
        ("Rue Haute BP 10", "10 rue Haute"),
        ("Rue Haute bâtiment 10", "10 rue Haute"),
        ("Route nationale 7", "7 route nationale"),
        ("Route Provinciale 10", "10 route Provinciale"),
        ("Route départementale 12", "12 route départementale"),
        ("Rue du 11 novembre 18", "18 rue du 11 novembre"),
        ("Place de la Mairie CS 10", "10 place de la Mairie"),
        ("Route de Paris D 20", "20 route de Paris"),
        ("Route de Paris km 20", "20 route de Paris"),
        ("46 ancienne route de Nice", "46 ancienne rue de Nice"),
        ("46 ancienne route de Nice", "46 ancienne route de Brest"),
        ("3 petite rue du Moulin", "4 petite rue du Moulin"),
        ("10 Grande Rue", "10 rue de la Grande"),
        ("14, Kerlann", "16, Kerlann"),
        ("14, Kerlann", "14, Kerhaut"),
        ("12, 14 rue Haute", "16 rue Haute"),
        ("10 rue du 8 mai 1945", "8 rue de mai"),
        ("10 rue du 8 mai 1945", "10 avenue du 8 mai"),
        ("Rue du 8 mai 1945", "8 rue du mai 1945"),
        ("10 rue du 11 novembre", "11 rue du novembre"),
        # Other numbers, ways and names.
        ("10 Grande Rue", "10 rue Grande"),
        ("10 Grande Rue", "10 rue de la Grande Ourse"),
        ("10 rue du Car", "10 carrefour du Lac"),
        ("10 rue Haute", "12 rue Haute"),
        ("10 rue Haute", "10 place Haute"),
        ("10 rue Haute Résidence A", "10 rue Basse Résidence A1"),
        ("2 Le Clos", "2 Le Parc"),
        ("8 au 12 rue Haute", "14 rue Haute"),
        ("rue Haute 10", "rue Haute 12"),
        ("1 rue Haute 2ème étage", "2 rue Haute"),
        ("10 rue de la Paix", "10 rue de la Paix du Nord"),
    ],
)
def test_other_places_are_two_though_their_words_are_alike(one: str, other: str) -> None:
    assert not places(one) & places(other)


@pytest.mark.parametrize("text", ["Reçoit au 10 Grande Rue.", "Au 10 grand'rue et au lac"])
def test_a_text_names_the_main_street(text: str) -> None:
    assert "10 GRANDE RUE" in numbered_keys_in(text)


@pytest.mark.parametrize(
    "text",
    [
        *("10 rue Haute", "Route nationale 7", "Bât. 2 - 5 rue Haute", "12 rue du Car", "10 rue Â"),
        *(
            "Place de la Mairie BP 10",
            "Rue Haute CS 123",
            "Avenue Haute bâtiment 3",
            "Rue Haute lot 12",
        ),
    ],
)
def test_what_most_people_write_stays(text: str) -> None:
    assert spelled_out(text) == text
