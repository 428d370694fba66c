"""Lists as the field writes them: homes that no category gives away, among services that are none.

The names are those of the field, not those of importers/accommodation.toml: who adds one here does
not look whether a word finds it.
"""

import random
from collections.abc import Iterator

from tests.importers.field_services import HOURS, SENTENCES, SERVICES

# fmt: off
PROPER = (
    "Les Tilleuls", "Saint-Camille", "Le Prado", "La Renaissance", "Jean Bosco", "Les Genêts",
    "Arc-en-Ciel", "La Passerelle", "Les Filaos", "Le Cap", "Émile Zola", "Louise Michel",
    "L'Envol", "Les Hirondelles",
)
TOWNS = (
    "Bobigny", "Lille", "Montreuil", "Cayenne", "Mamoudzou", "Villefranche-sur-Saône",
)
# What a list calls them that knows no other word.
VAGUE = (
    "Association", "Association", "Partenaire", "ASE", "PJJ", "Protection de l'enfance", "",
    "Prévention spécialisée",
)
# Names of homes: {p} a proper name, {t} a town.
HOMES = (
    "MECS {p}", "M.E.C.S. {p}", "Maison d'enfants {p}", "Maison de l'enfance {p}",
    "Village d'enfants SOS de {t}", "SOS Villages d'Enfants", "Apprentis d'Auteuil, maison {p}",
    "Fondation Action Enfance, village de {t}", "Foyer {p}", "Foyer départemental de l'enfance",
    "CDEF de {t}", "IDEF {t}", "Pouponnière {p}", "Nurserie {p}", "Pension {p}",
    "Pension de famille {p}", "Accueil et protection de jeunes filles",
    "Le Relais des jeunes majeures", "Accueil de jeunes filles {p}", "ITEP {p}", "DITEP {p}",
    "IME {p}, internat", "IMPro {p} – internat", "Institut d'éducation sensorielle, internat",
    "Unité d'accueil de 8 adolescentes confiées", "Pavillon Les Pins", "Villa {p}", "Résidence {p}",
    "Maison d'accueil {p}", "Maison des parents", "Maison {p}", "Lieu d'accueil {p}",
    "Ferme éducative {p}", "Chalet {p}", "Château {p}", "Domaine {p}", "Manoir {p}",
    "Service d'accueil d'urgence", "SAU {p}", "Accueil de jour et de nuit {p}",
    "Accueil d'urgence mineurs", "Foyer de jeunes travailleurs {p}", "FJT {p}",
    "Habitat jeunes {p}", "DNMNA", "MNA accueil collectif", "Service MNA {p}", "DAMNA {t}",
    "Plateforme MNA", "Pôle mineurs isolés", "Unité de vie {p}",
    "Équipe éducative de l'internat {p}", "Accueil séquentiel {p}", "Accueil modulable", "PEAD {t}",
    "Placement à domicile", "SAPMN {t}", "SERAD", "DAPAD", "Placement externalisé",
    "Service de placement éducatif à domicile", "UEHC {t}", "UEHD", "EPE {t} (PJJ)", "CEF {t}",
    "CER {p}", "Centre éducatif fermé", "Unité éducative d'hébergement collectif", "CHRS {p}",
    "CHU {p}", "HUDA {p}", "CADA {t}", "CPH {t}", "ALT {p}", "ACT {p}", "LHSS {t}",
    "Appartements partagés {p}", "Studios {p}", "Appartements éducatifs",
    "Maison à dimension familiale", "Maisonnée {p}", "Maisonnées de {t}", "LVA {p}",
    "Lieu de vie {p}", "Case {p}, lieu de vie", "Lieu de ressourcement {p}",
    "Séjours de rupture {p}", "Centre maternel {t}", "Centre parental {p}",
    "Service d'accueil mère-enfant", "Maison maternelle {p}",
    "Accueil parent-enfant avec logement {p}", "Hôtel social {p}", "Résidence éducative {p}",
    "Internat socio-éducatif {p}", "Internat éducatif {p}", "Semi-autonomie {p}",
    "Service d'autonomie et de logement {p}", "Service logement jeunes {p}", "Logements diffus {p}",
    "Dispositif d'hébergement diversifié", "Service d'accueil diversifié",
    "Service d'hébergement individualisé", "Accueil familial {p}", "Service de placement familial",
    "Familles d'accueil {p}", "Parrainage et familles hébergeantes", "Accueil durable et bénévole",
    "Accueil relais {p}", "Le Refuge", "Maison sécurisée {p}", "Accueil sécurisant {p}",
    "Mise à l'abri {p}", "Halte de nuit",
    "Dispositif expérimental pour jeunes victimes, hébergement", "Centre {p}, 12 places",
    "Maison d'enfants à caractère sanitaire", "Orphelinat {p}", "Œuvre {p}, maison d'enfants",
    "Institution {p}, internat", "Centre d'accueil {p}", "Accueil 24/24 {p}", "Accueil {p} 24h/24",
    "Dispositif Altérité – accueil collectif", "Unité d'accueil immédiat",
    "Unité {p} filles 12-18 ans", "Groupe {p} garçons", "Foyer Éducatif Mixte {p}",
    "Foyer d'adolescents {p}", "Foyer ado {p}", "Accueil collectif de mineurs confiés",
    "Pôle accueil et hébergement", "Pôle hébergement {p}", "Pôle internat",
    "Service jeunes majeurs – appartements", "Relais parental {p}",
    "Centre {p} – accueil provisoire", "Fare {p}, accueil d'enfants confiés",
    "Dispositif hôtelier MNA", "Maison relais {p}", "Résidence sociale {p}",
    "Résidence habitat jeunes {p}", "CAFS {p}", "Foyer Clair Logis", "Centre éducatif Le Phare",
    "Le Clos Saint-Joseph", "Institut Don Bosco", "Maison Saint-Vincent de Paul",
    "MAISON DENFANTS DE LA COTE", "FOYER DE LENFANCE", "Maison Joséphine", "Maison d'Hestia",
    "La Maison d'Anna", "La petite maison", "Gîte éducatif", "Le Bercail", "Le Logis",
    "Un toit pour elles", "Établissement public départemental de l'enfance", "EPDEF", "EDEFS 35",
    "EPDSAE Lille", "Ensemble éducatif Saint-Jean", "Cité Saint-Louis",
    "Service d'accueil immédiat", "SAUO", "Accueil en famille", "Service d'accueil en famille",
    "Ctre départemental enfance famille", "Placemt familial", "Dispositif d'insertion sociale 91",
    "Plateforme d'accueil et d'orientation 77", "Unité accueils alternatifs",
    "ETAB.EXPER.ENF.PROT : DIS 95", "ACCUEIL COLLECTIF DE MINEURS", "Service majeurs",
    "Autonomie A2 et unité de répit", "Rayon de soleil de l'enfance", "Fondation Grancher",
    "La Vie au Grand Air", "Jean Cotxet, établissement Le Renouveau",
    "Mouvement pour les villages d'enfants", "Bon Pasteur", "M E C S Saint Jean", "Mecs/Foyer",
    "F.E.M. Les Pins", "Foyer-école", "Maison d’enfants", "Lieux d'accueil et de vie", "L.V.A",
    "Lieu d’accueil non traditionnel", "Structure d'accueil non traditionnelle", "SANT Les Chênes",
    "Permanent lieu de vie", "Accueil permanent d'enfants", "Accueil sans hébergement fixe, 6 lits",
    "UHU", "UHDR", "Unité d'hébergement diversifié renforcé", "Appartement relais",
    "Logement passerelle", "Sas d'accueil", "Unité d'accueil d'urgence", "SAFT",
    "Service d'accueil familial thérapeutique", "AFT", "Hébergement familial", "Famille bénévole",
    "Accueil solidaire", "Village d'enfants et d'adolescents", "Internat relais",
    "Internat éducatif et scolaire", "Internat tremplin", "ERS Le Cap",
    "Établissement de réinsertion scolaire", "Centre scolaire et éducatif, internat",
    "Centre de formation et d'hébergement", "Pensionnat Les Lys", "Préventorium", "Aérium",
    "Centre de soins études, internat", "Foyer de postcure", "Communauté thérapeutique",
    "CTR Les Buis", "Centre thérapeutique résidentiel", "Résidence Mère-enfant",
    "Maison mères-enfants", "Maisons de la mère et de l'enfant", "CAME",
    "Centre d'accueil mère enfant", "Centre d'hébergement d'urgence", "Accueil de nuit",
    "Nuit Blanche, halte", "La halte-nuit", "Hôtel Première étape", "Sleep-in",
    "Foyer Notre-Dame des Sans-Abri", "Carbet Les Hibiscus", "Fare Tama",
    "Maison Case Départ, accueil d'enfants", "TAMA Mayotte, placement", "Mlezi Maore – hébergement",
    "Accueil des enfants de la rue, dortoir", "Dispositif d'accueil de mineures victimes",
    "Lieu sécurisé pour mineures victimes de traite", "Maison protégée", "Safe house",
    "Home Sweet Home", "Pôle Accueil Collectif", "Service collectif", "Collectif filles",
    "Unité garçons", "Groupe des grands", "Fratries Les Pins", "Maison de fratries",
    "Villages de fratries", "DARE ITEP", "Dispositif intégré ITEP", "EFS Foyer scolaire",
    "CSE internat", "EREA internat", "MFR internat", "Maison familiale rurale",
    "SIE avec hébergement", "UEAT internat", "MNA Solidarité", "Pôle MIE", "Pôle M.I.E.", "CAOMI",
    "Taxi MNA", "Service des mineurs non accompagnés", "SMNA", "EMNA",
    "Dispositif d'accueil des jeunes isolés étrangers", "JIE Accueil", "Mise en sécurité",
    "Protection de jeunes filles", "Refuge pour jeunes LGBT", "Résidence jeunes actifs",
    "Foyer soleil", "Colocs solidaires", "Studios Bel Air", "Lits d'accueil d'urgence",
    "La Maisonnée", "La Bastide", "Les Chalets", "Les Pavillons", "Les Villas",
    "Les Maisons de Lille", "Maisons Les Chênes", "La Ferme du Pré", "Le Domaine", "Les Domaines",
    "Le Manoir", "Château de la Roche", "Le Moulin vert", "Le Prieuré", "L'Abbaye", "Le Couvent",
    "La Bergerie", "La Closerie", "L'Ermitage", "Le Mas Bleu",
)
# Of a home whose name says nothing, the cell that does: (column, text).
SPEAKING = (
    ("Description", "Agrément : 48 places"), ("Description", "Places d'accueil ASE"),
    ("Description", "Capacité 12 lits"), ("Description", "Capacité d'accueil : 10 jeunes"),
    ("Description", "Habilitation ASE et PJJ, 13-18 ans"), ("Description", "Prix de journée 210 €"),
    ("Description", "Tarif journalier fixé par le département"),
    ("Description", "Accueil de filles de 12 à 18 ans confiées par l'ASE"),
    ("Description", "Chambres individuelles"),
    ("Description", "Veilleur de nuit et maîtresse de maison"),
    ("Description", "Équipe : éducateurs, maître de maison"),
    ("Description", "Surveillants de nuit"), ("Description", "Prise en charge 24h/24"),
    ("Description", "Prise en charge 365 jours par an"), ("Description", "Internat de semaine"),
    ("Description", "Équipe éducative de l'internat"), ("Description", "Unité de vie de 8 jeunes"),
    ("Description", "Accueil séquentiel et modulable"),
    ("Description", "8 adolescentes accueillies"),
    ("Description", "Accueille 6 enfants de 3 à 12 ans"),
    ("Description", "Deux pavillons de 10 jeunes"),
    ("Description", "Les jeunes y vivent en studio"), ("Description", "Appartements partagés"),
    ("Description", "Retours en famille le week-end"),
    ("Description", "Mineurs confiés par le juge des enfants"),
    ("Description", "Autorisation : 15 mineurs"), ("Description", "Accueil jour et nuit"),
    ("Description", "Accueil de jour comme de nuit"),
    ("Description", "Ouvert toute l'année, week-ends et nuits compris"),
    ("Missions", "Hébergement"), ("Missions", "Accueil ; hébergement"),
    ("Missions", "Mise à l'abri"), ("Public", "Enfants placés"),
    ("Public", "Mineurs confiés à l'ASE, 8 places"), ("Nombre de places", "12"), ("Capacité", "24"),
    ("Nb places", "10 garçons"), ("Capacité autorisée", "36"), ("Nombre de lits", "8"),
    ("Places installées", "14"), ("Habilitation", "ASE / PJJ"), ("Type d'accueil", "Internat"),
    ("Mode d'accueil", "Collectif et diffus"), ("Prix de journée", "198,40"),
    ("Horaires", "20h-8h"), ("Horaires", "de 19h30 à 9h"), ("Horaires", "24h/24 7j/7"),
    ("Horaires", "24h/24"), ("Horaires", "Accueil 7j/7 et 24h/24"),
    ("Horaires", "365 jours par an"), ("Horaires", "Mo-Su 20:00-08:00"), ("Horaires", "24/7"),
    ("Horaires", "nuit"), ("Catégorie FINESS", "644"), ("Catégorie FINESS", "396"),
    ("Catégorie FINESS", "390"), ("Catégorie FINESS", "186"), ("Catégorie FINESS", "176"),
    ("Courriel", "mecs.lille@asso.example"), ("Site", "https://asso.example/internat"),
    ("Adresse", "Foyer éducatif, 3 rue Haute"), ("Description", "Structure ouverte jour/nuit"),
    ("Description", "Structure de douze places"), ("Description", "Durée de séjour : 6 mois"),
    ("Description", "Admission sur OPP"), ("Description", "Ordonnance de placement provisoire"),
    ("Description", "Équipe de nuit"), ("Description", "Présence éducative permanente"),
    ("Description", "Présence éducative continue"), ("Description", "14 filles, 13-18 ans"),
    ("Description", "Effectif : 14"), ("Description", "Accueil de 8 à 10 adolescentes"),
    ("Description", "Accueil pour 6 jeunes"), ("Description", "Jusqu'à 10 jeunes"),
    ("Description", "Internat, externat"), ("Description", "Moyen séjour"),
    ("Description", "Les résidentes disposent d'une chambre"),
    ("Description", "Maison mixte 13-18 ans"), ("Description", "Les enfants dorment sur place"),
    ("Description", "Repas, douche, nuit"), ("Description", "Accueil en continu"),
    ("Description", "Accueil permanent"), ("Description", "Accompagnement en appartement"),
    ("Description", "Prise en charge en internat"), ("Description", "Accueil de nuit et de jour"),
    ("Description", "Placement ASE"), ("Description", "Accueil 365j/365"),
    ("Description", "Ouvert 7j/7, 24h/24"), ("Description", "Ouvert toute l'année 24h sur 24"),
    ("Description", "Structure pérenne de 15 MNA"), ("Description", "Accueil de mineurs isolés"),
    ("Description", "Éducateurs internat"), ("Description", "Maîtresses de maison"),
    ("Description", "Surveillante de nuit"), ("Description", "Veilleuses"),
    ("Description", "Linge, repas, vie quotidienne"), ("Description", "Lieu de vie"),
    ("Description", "2 groupes de 8"), ("Description", "Trois maisonnées"),
    ("Description", "Unité de 6 garçons"), ("Description", "Accueil longue durée"),
    ("Description", "accueil d'urgence 72h"), ("Description", "Accueil 72 heures"),
    ("Description", "accueil court séjour"),
    ("Description", "mineurs en danger accueillis jour et nuit"),
    ("Description", "Cohabitation éducative"), ("Description", "partage de la vie quotidienne"),
    ("Description", "vivre avec"), ("Description", "Séjours en famille"),
    ("Description", "Capacité douze"), ("Description", "Habilité pour 12 mineurs"),
    ("Description", "arrêté d'autorisation de 12 mineurs"), ("Description", "12 pl."),
    ("Description", "12 pl. ASE"), ("Description", "Cap. 12"), ("Description", "20 pl"),
    ("Horaires", "24h/24h"), ("Horaires", "24/24h"), ("Horaires", "7/7 24/24"),
    ("Horaires", "365/365"), ("Horaires", "18h - 9h"), ("Horaires", "de 18 heures à 8 heures"),
    ("Horaires", "22h00 à 07h00"), ("Horaires", "0h-24h"), ("Horaires", "00h00-24h00"),
    ("Horaires", "ouvert en permanence"), ("Horaires", "H 24"), ("Horaires", "jour/nuit"),
    ("Horaires", "7j/7 jour et nuit"), ("Horaires", "Tous les jours 24h/24"),
    ("Horaires", "24 h / 24"), ("Horaires", "24h sur 24h"), ("Horaires", "H24 7J/7"),
    ("Horaires", "toute la nuit"), ("Horaires", "Week-end et vacances, internat"),
    ("Horaires", "18:00-09:00"), ("Horaires", "de 17h à 9h30 le lendemain"),
    ("Horaires", "18h30-8h30"), ("Horaires", "en continu"), ("Capacité", "douze"), ("Places", "12"),
    ("Nb de lits", "8"), ("Effectif autorisé", "14"), ("Nombre d'enfants accueillis", "9"),
    ("Agrément", "12"), ("Accueil", "jour/nuit"), ("Régime", "internat"), ("Places ASE", "6"),
    ("Nombre de jeunes", "8"), ("Capacité totale", "12 + 3 d'urgence"),
    ("Tranche d'âge", "13-18, 12 places"), ("Habilitation", "Justice"),
    ("Habilitation", "Double ASE-PJJ"), ("Type", "M.E.C.S"), ("Observations", "ancienne MECS"),
    ("Statut", "Établissement habilité ASE"), ("Public", "Adolescentes confiées"),
    ("Public", "jeunes placés"), ("Public", "Filles victimes, 6 places"),
    ("Autorisation", "CD59 – 12 places"), ("Tarif", "prix de journée 212 €"),
    ("Prix journée", "212,30"), ("FINESS catégorie", "177"), ("Code catégorie", "186"),
    ("Catégorie établissement", "166"), ("Unités", "3 unités de vie"),
    ("Modalités", "hébergement collectif"), ("Mode d'hébergement", "diffus"), ("Nuit", "oui"),
)
UNTOLD = (
    "{p}", "Association {p}", "ALEFPA {t}", "Association {p}, site de {t}", "{p} {t}",
    "Croix-Rouge française – {p}",
)
# fmt: on


def crowd(chance: random.Random, number: int) -> Iterator[tuple[bool, dict[str, str]]]:
    """Yield lines of a list, one in twenty a home under a category that does not say so."""
    for at in range(number):
        town, proper = chance.choice(TOWNS), chance.choice(PROPER)
        line = {"Commune": town, "Adresse": f"{at} rue des Écoles"}
        home = at % 20 == 0
        if home:
            named, line["Type"] = chance.choice(HOMES), chance.choice(VAGUE)
            if chance.random() < 0.4:
                named = chance.choice(UNTOLD)
                column, text = chance.choice(SPEAKING)
                line[column] = text
        else:
            named, line["Type"] = chance.choice(SERVICES)
            text = chance.choice(SENTENCES) if chance.random() < 0.6 else ""
            line |= {"Description": text, "Horaires": chance.choice(HOURS)}
        name = named.format(t=town, p=proper)
        if chance.random() < 0.2:
            name = name.upper()
        yield home, line | {"Nom": name, "Réf": f"R{at}"}
