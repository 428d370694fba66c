"""Pairs of one actor, and those of which the lines alone do not tell whether they are."""

from tests.lists.labelled.maker import (
    Maker,
    Pair,
    Variations,
    misspelt,
    neighbour,
    plain,
    shortened,
    street_in_short,
)
from tests.lists.labelled.words import BUILDINGS, HEADS, HOMES, KEEPERS, MERGED, TOWNS


def name_in_short(maker: Maker) -> Pair:
    line = maker.actor()
    heads = [head for heads in HEADS.values() for head in heads]
    full, short = next(each for each in heads if line["Nom"].startswith(each[0]))
    return line, maker.worn(line | {"Nom": line["Nom"].replace(full, short)})


def name_as_finess_writes_it(maker: Maker) -> Pair:
    line = maker.actor()
    short = {"Nom": shortened(line["Nom"]), "Adresse": street_in_short(line["Adresse"])}
    return line, maker.worn(line | short)


def capitals(maker: Maker) -> Pair:
    line = maker.actor()
    capital = {title: plain(line[title]).upper() for title in ("Nom", "Adresse", "Commune")}
    return line, maker.worn(line | capital)


def street_is_short(maker: Maker) -> Pair:
    line = maker.actor()
    return line, maker.worn(line | {"Adresse": street_in_short(line["Adresse"])})


def cedex(maker: Maker) -> Pair:
    line = maker.actor()
    code = next(cedex for code, _, cedex in TOWNS if code == line["Code postal"])
    box = f"{line['Adresse']} - BP {maker.chance.randint(10, 999)}"
    town = {"Code postal": code, "Commune": f"{line['Commune']} Cedex"}
    return line, maker.worn(line | town | {"Adresse": box})


def box_alone(maker: Maker) -> Pair:
    line, other = cedex(maker)
    reached = {title: line[title] for title in ("Téléphone", "Courriel")}
    return line, other | reached | {"Adresse": other["Adresse"].partition(" - ")[2]}


def building_in_front(maker: Maker) -> Pair:
    line = maker.actor()
    built = {"Adresse": f"{maker.chance.choice(BUILDINGS)} - {line['Adresse']}"}
    return line, maker.worn(line | built)


def town_in_name(maker: Maker) -> Pair:
    line = maker.actor()
    line["Nom"] = f"Antenne de {line['Commune']} {line['Nom'].partition(' ')[2]}"
    town = f" de {line['Commune']}"
    name = f"{line['Nom'].replace(town, '')} - {line['Commune']}"
    return line, maker.worn(line | {"Nom": name}, "Téléphone")


def keeper_behind(maker: Maker) -> Pair:
    line = maker.actor()
    keeper = maker.chance.choice(KEEPERS)
    behind = maker.chance.choice((f" ({keeper})", f" - {keeper}", f" {keeper}"))
    return line, maker.worn(line | {"Nom": line["Nom"] + behind})


def name_misspelt(maker: Maker) -> Pair:
    line = maker.actor()
    return line, maker.worn(line | {"Nom": misspelt(line["Nom"], maker.chance)})


def street_misspelt(maker: Maker) -> Pair:
    line = maker.actor()
    return line, maker.worn(line | {"Adresse": misspelt(line["Adresse"], maker.chance)})


def both_misspelt(maker: Maker) -> Pair:
    line = maker.actor()
    wrong = {title: misspelt(line[title], maker.chance) for title in ("Nom", "Adresse")}
    return line, maker.worn(line | wrong, "Téléphone")


def other_category(maker: Maker) -> Pair:
    line = maker.actor("Association")
    return line, maker.worn(line | {"Catégorie": "Centre social"})


def other_phone(maker: Maker) -> Pair:
    line = maker.actor()
    return line, line | {"Téléphone": maker.phone(), "Courriel": ""}


def moved_in_town(maker: Maker) -> Pair:
    line = maker.actor()
    return line, maker.worn(line | {"Adresse": maker.street()}, "Téléphone")


def moved_to_the_next_town(maker: Maker) -> Pair:
    line = maker.actor()
    return line, maker.worn(line | neighbour(line) | {"Adresse": maker.street()}, "Téléphone")


def renamed(maker: Maker) -> Pair:
    line = maker.actor()
    return line, maker.worn(line | {"Nom": maker.actor(near=line)["Nom"]}, "Téléphone")


def renamed_with_a_number(maker: Maker) -> Pair:
    line = maker.actor() | {"SIRET": maker.siret()}
    return line, maker.worn(line | {"Nom": maker.actor(near=line)["Nom"]})


def moved_with_a_number(maker: Maker) -> Pair:
    line = maker.actor()
    line["FINESS"] = maker.finess(line["Code postal"])
    return line, maker.worn(line | {"Adresse": maker.street(), "Téléphone": maker.phone()})


def renamed_and_not_reached(maker: Maker) -> Pair:
    line = maker.actor() | {"Courriel": ""}
    return line, line | {"Nom": maker.actor(near=line)["Nom"], "Téléphone": ""}


def no_street(maker: Maker) -> Pair:
    line = maker.actor()
    return line, maker.worn(line | {"Adresse": ""})


def merged_town(maker: Maker) -> Pair:
    line = maker.actor()
    code, today, before = maker.chance.choice(MERGED)
    now = {"Code postal": code, "Commune": today}
    return line | now | {"Commune": before}, maker.worn(line | now)


def home_of_other_spelling(maker: Maker) -> Pair:
    line = maker.actor("MECS")
    short, full = HOMES[0]
    name = maker.chance.choice((line["Nom"].replace(short, full), line["Nom"].upper()))
    return line, maker.worn(line | {"Nom": name})


def home_misspelt_as_an_office(maker: Maker) -> Pair:
    line = maker.actor("MECS")
    proper = misspelt(line["Nom"].partition(" ")[2], maker.chance)
    other = {"Nom": proper, "Catégorie": "Association", "Adresse": maker.street()}
    return line, line | other | {"Téléphone": maker.phone(), "Courriel": ""}


def name_without_street(maker: Maker) -> Pair:
    line = maker.actor()
    return line, line | {"Adresse": "", "Téléphone": "", "Courriel": ""}


def moved_and_not_reached(maker: Maker) -> Pair:
    line = maker.actor()
    return line, line | {"Adresse": maker.street(), "Téléphone": "", "Courriel": ""}


def misspelt_without_street(maker: Maker) -> Pair:
    line = maker.actor("Association")
    name = misspelt(line["Nom"], maker.chance)
    return line, line | {"Nom": name, "Adresse": "", "Téléphone": "", "Courriel": ""}


def moved_and_renamed(maker: Maker) -> Pair:
    line = maker.actor()
    other = {"Nom": maker.actor(near=line)["Nom"], "Adresse": maker.street()}
    return line, line | other | {"Site": ""}


SAME: Variations = {
    "nom abrégé": (28, name_in_short),
    "nom et rue comme dans FINESS": (28, name_as_finess_writes_it),
    "capitales sans accents": (22, capitals),
    "rue abrégée": (18, street_is_short),
    "CEDEX et boîte postale": (22, cedex),
    "boîte postale seule": (12, box_alone),
    "bâtiment devant la rue": (16, building_in_front),
    "commune dans le nom": (14, town_in_name),
    "gestionnaire derrière le nom": (18, keeper_behind),
    "faute dans le nom": (26, name_misspelt),
    "faute dans la rue": (16, street_misspelt),
    "fautes dans le nom et la rue": (16, both_misspelt),
    "autre catégorie": (12, other_category),
    "autre téléphone": (14, other_phone),
    "déménagé dans la commune": (22, moved_in_town),
    "déménagé dans la commune voisine": (18, moved_to_the_next_town),
    "renommé": (22, renamed),
    "renommé, sans rien qui le joigne": (8, renamed_and_not_reached),
    "renommé, même SIRET": (14, renamed_with_a_number),
    "déménagé, même FINESS": (12, moved_with_a_number),
    "sans rue": (16, no_street),
    "commune fusionnée": (16, merged_town),
    "foyer, autre graphie": (16, home_of_other_spelling),
    "foyer, faute, sous une autre catégorie": (16, home_misspelt_as_an_office),
}
DOUBTFUL: Variations = {
    "nom seul, sans rue ni téléphone": (14, name_without_street),
    "nom mal écrit, sans rue ni téléphone": (12, misspelt_without_street),
    "déménagé, sans rien qui le joigne": (8, moved_and_not_reached),
    "déménagé et renommé, même téléphone": (14, moved_and_renamed),
}
