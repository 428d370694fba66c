"""Pairs of two actors that share a name, a number, a phone or a building."""

from tests.lists.labelled.maker import Maker, Pair, Variations, neighbour


def other_office_in_town(maker: Maker) -> Pair:
    line = maker.actor("Association")
    other = {"Adresse": maker.street(), "Téléphone": maker.phone(), "Courriel": ""}
    return line, line | other


def other_office_with_a_name(maker: Maker) -> Pair:
    line = maker.actor("Association")
    other = {"Adresse": maker.street(), "Téléphone": maker.phone(), "Courriel": ""}
    ends = maker.chance.choice(((" Nord", " Sud"), (" 1", " 2"), (" - Centre", " - Gare")))
    return line | {"Nom": line["Nom"] + ends[0]}, line | other | {"Nom": line["Nom"] + ends[1]}


def other_office_elsewhere(maker: Maker) -> Pair:
    line = maker.actor("Association") | {"Site": "https://reseau.example.org"}
    return line, line | neighbour(line) | {
        "Adresse": maker.street(),
        "Téléphone": maker.phone(),
        "Courriel": "",
    }


def siret_of_offices(maker: Maker) -> Pair:
    line = maker.actor("Association") | {"SIRET": maker.siret()}
    other = {"Adresse": maker.street(), "Téléphone": maker.phone(), "Courriel": ""}
    name = line["Nom"].partition(" ")[2]
    first = line | {"Nom": f"Antenne {line['Commune']} {name}"}
    next_one = neighbour(line)
    return first, line | other | next_one | {"Nom": f"Antenne {next_one['Commune']} {name}"}


def siret_of_services(maker: Maker) -> Pair:
    line = maker.actor("Association") | {"SIRET": maker.siret()}
    other = {"Adresse": maker.street(), "Téléphone": maker.phone(), "Courriel": ""}
    return line, line | other | {"Nom": maker.actor("PAEJ", near=line)["Nom"]}


def siret_of_two_offices(maker: Maker) -> Pair:
    first, second = other_office_in_town(maker)
    siret = {"SIRET": maker.siret()}
    return first | siret, second | siret


def finess_of_a_body(maker: Maker) -> Pair:
    line = maker.actor("CMPP")
    line["FINESS"] = maker.finess(line["Code postal"])
    other = {"Adresse": maker.street(), "Téléphone": maker.phone(), "Courriel": ""}
    return line, line | other | neighbour(line) | {"Nom": maker.actor("Santé", near=line)["Nom"]}


def rna_of_offices(maker: Maker) -> Pair:
    first, second = other_office_elsewhere(maker)
    rna = {"RNA": f"W93{maker.chance.randint(1000000, 9999999)}"}
    return first | rna, second | rna


def same_building(maker: Maker) -> Pair:
    line = maker.actor()
    return line, maker.actor(near=line) | {"Adresse": line["Adresse"]}


def service_next_door(maker: Maker) -> Pair:
    line, other = same_building(maker)
    return line, other | {"Téléphone": line["Téléphone"]}


def switchboard(maker: Maker) -> Pair:
    line, other = maker.actor("Maison des solidarités"), maker.actor("PMI")
    phones = ("01 99 99 00 00", "01 99 99 00 01", "01 99 99 00 02")
    phone = {"Téléphone": maker.chance.choice(phones)}
    return line | phone, other | phone


def namesake_in_the_next_town(maker: Maker) -> Pair:
    line = maker.actor()
    other = maker.actor(line["Catégorie"], near=line) | neighbour(line)
    return line, other | {"Nom": line["Nom"]}


def namesake_without_street(maker: Maker) -> Pair:
    line = maker.actor("Association") | {"Adresse": ""}
    return line, maker.actor("PMI", near=line) | {"Adresse": "", "Nom": line["Nom"]}


def namesake_at_one_address(maker: Maker) -> Pair:
    line = maker.actor("Association")
    other = maker.actor("PMI", near=line)
    return line, other | {"Adresse": line["Adresse"], "Nom": line["Nom"]}


def neighbour_of_a_home(maker: Maker) -> Pair:
    line = maker.actor("MECS")
    return line, maker.actor("Association", near=line)


DIFFERENT: Variations = {
    "autre antenne, même nom, même commune": (22, other_office_in_town),
    "autre antenne, nom presque le même": (24, other_office_with_a_name),
    "autre antenne, commune voisine": (20, other_office_elsewhere),
    "SIRET commun à des antennes": (20, siret_of_offices),
    "SIRET commun à des services": (12, siret_of_services),
    "SIRET commun à deux bureaux de même nom": (1, siret_of_two_offices),
    "FINESS de l'organisme": (12, finess_of_a_body),
    "RNA commun à des antennes": (16, rna_of_offices),
    "même immeuble, autre organisme": (24, same_building),
    "même immeuble, même téléphone": (16, service_next_door),
    "standard téléphonique": (24, switchboard),
    "homonyme, commune voisine": (22, namesake_in_the_next_town),
    "homonyme sans rue, autre métier": (10, namesake_without_street),
    "homonyme à la même adresse, autre métier": (10, namesake_at_one_address),
    "association dans la commune d'un foyer": (16, neighbour_of_a_home),
}
