"""Lists as the field writes them: homes that no category gives away, and services that are none.

The names are those of the field, not those of importers/signs.toml: who adds a word there does not
copy it here, and who adds a name here does not look whether a word finds it.
"""

import random
from collections.abc import Iterator

# fmt: off
PROPER = (
    "Les Tilleuls", "Saint-Camille", "Le Prado", "La Renaissance", "Jean Bosco", "Les Genêts", "Arc-en-Ciel",
    "La Passerelle", "Les Filaos", "Le Cap", "Émile Zola", "Louise Michel", "L'Envol", "Les Hirondelles",
)
TOWNS = ("Bobigny", "Lille", "Montreuil", "Cayenne", "Mamoudzou", "Villefranche-sur-Saône")
# What a list calls them that knows no other word.
VAGUE = ("Association", "Association", "Partenaire", "ASE", "PJJ", "Protection de l'enfance", "", "Prévention spécialisée")
# Names of homes: {p} a proper name, {t} a town.
HOMES = (
    "MECS {p}", "M.E.C.S. {p}", "Maison d'enfants {p}", "Maison de l'enfance {p}", "Village d'enfants SOS de {t}",
    "SOS Villages d'Enfants", "Apprentis d'Auteuil, maison {p}", "Fondation Action Enfance, village de {t}",
    "Foyer {p}", "Foyer départemental de l'enfance", "CDEF de {t}", "IDEF {t}", "Pouponnière {p}", "Nurserie {p}",
    "Pension {p}", "Pension de famille {p}", "Accueil et protection de jeunes filles", "Le Relais des jeunes majeures",
    "Accueil de jeunes filles {p}", "ITEP {p}", "DITEP {p}", "IME {p}, internat", "IMPro {p} – internat",
    "Institut d'éducation sensorielle, internat", "Unité d'accueil de 8 adolescentes confiées", "Pavillon Les Pins",
    "Villa {p}", "Résidence {p}", "Maison d'accueil {p}", "Maison des parents", "Maison {p}", "Lieu d'accueil {p}",
    "Ferme éducative {p}", "Chalet {p}", "Château {p}", "Domaine {p}", "Manoir {p}", "Service d'accueil d'urgence",
    "SAU {p}", "Accueil de jour et de nuit {p}", "Accueil d'urgence mineurs", "Foyer de jeunes travailleurs {p}",
    "FJT {p}", "Habitat jeunes {p}", "DNMNA", "MNA accueil collectif", "Service MNA {p}", "DAMNA {t}", "Plateforme MNA",
    "Pôle mineurs isolés", "Unité de vie {p}", "Équipe éducative de l'internat {p}", "Accueil séquentiel {p}",
    "Accueil modulable", "PEAD {t}", "Placement à domicile", "SAPMN {t}", "SERAD", "DAPAD", "Placement externalisé",
    "Service de placement éducatif à domicile", "UEHC {t}", "UEHD", "EPE {t} (PJJ)", "CEF {t}", "CER {p}",
    "Centre éducatif fermé", "Unité éducative d'hébergement collectif", "CHRS {p}", "CHU {p}", "HUDA {p}", "CADA {t}",
    "CPH {t}", "ALT {p}", "ACT {p}", "LHSS {t}", "Appartements partagés {p}", "Studios {p}", "Appartements éducatifs",
    "Maison à dimension familiale", "Maisonnée {p}", "Maisonnées de {t}", "LVA {p}", "Lieu de vie {p}", "Case {p}, lieu de vie",
    "Lieu de ressourcement {p}", "Séjours de rupture {p}", "Centre maternel {t}", "Centre parental {p}",
    "Service d'accueil mère-enfant", "Maison maternelle {p}", "Accueil parent-enfant avec logement {p}", "Hôtel social {p}",
    "Résidence éducative {p}", "Internat socio-éducatif {p}", "Internat éducatif {p}", "Semi-autonomie {p}",
    "Service d'autonomie et de logement {p}", "Service logement jeunes {p}", "Logements diffus {p}", "Dispositif d'hébergement diversifié",
    "Service d'accueil diversifié", "Service d'hébergement individualisé", "Accueil familial {p}",
    "Service de placement familial", "Familles d'accueil {p}", "Parrainage et familles hébergeantes", "Accueil durable et bénévole",
    "Accueil relais {p}", "Le Refuge", "Maison sécurisée {p}", "Accueil sécurisant {p}", "Mise à l'abri {p}", "Halte de nuit",
    "Dispositif expérimental pour jeunes victimes, hébergement", "Centre {p}, 12 places", "Maison d'enfants à caractère sanitaire",
    "Orphelinat {p}", "Œuvre {p}, maison d'enfants", "Institution {p}, internat", "Centre d'accueil {p}", "Accueil 24/24 {p}",
    "Accueil {p} 24h/24", "Dispositif Altérité – accueil collectif", "Unité d'accueil immédiat", "Unité {p} filles 12-18 ans",
    "Groupe {p} garçons", "Foyer Éducatif Mixte {p}", "Foyer d'adolescents {p}", "Foyer ado {p}", "Accueil collectif de mineurs confiés",
    "Pôle accueil et hébergement", "Pôle hébergement {p}", "Pôle internat", "Service jeunes majeurs – appartements",
    "Relais parental {p}", "Centre {p} – accueil provisoire", "Fare {p}, accueil d'enfants confiés", "Dispositif hôtelier MNA",
    "Maison relais {p}", "Résidence sociale {p}", "Résidence habitat jeunes {p}", "CAFS {p}", "Foyer Clair Logis",
)
# A home that its name does not give away, and a cell that does: (column, text).
SPEAKING = (
    ("Description", "Agrément : 48 places"), ("Description", "Places d'accueil ASE"), ("Description", "Capacité 12 lits"),
    ("Description", "Capacité d'accueil : 10 jeunes"), ("Description", "Habilitation ASE et PJJ, 13-18 ans"),
    ("Description", "Prix de journée 210 €"), ("Description", "Tarif journalier fixé par le département"),
    ("Description", "Accueil de filles de 12 à 18 ans confiées par l'ASE"), ("Description", "Chambres individuelles"),
    ("Description", "Veilleur de nuit et maîtresse de maison"), ("Description", "Équipe : éducateurs, maître de maison"),
    ("Description", "Surveillants de nuit"), ("Description", "Prise en charge 24h/24"), ("Description", "Prise en charge 365 jours par an"),
    ("Description", "Internat de semaine"), ("Description", "Équipe éducative de l'internat"), ("Description", "Unité de vie de 8 jeunes"),
    ("Description", "Accueil séquentiel et modulable"), ("Description", "8 adolescentes accueillies"),
    ("Description", "Accueille 6 enfants de 3 à 12 ans"), ("Description", "Deux pavillons de 10 jeunes"),
    ("Description", "Les jeunes y vivent en studio"), ("Description", "Appartements partagés"), ("Description", "Retours en famille le week-end"),
    ("Description", "Mineurs confiés par le juge des enfants"), ("Description", "Autorisation : 15 mineurs"),
    ("Description", "Accueil jour et nuit"), ("Description", "Accueil de jour comme de nuit"), ("Description", "Ouvert toute l'année, week-ends et nuits compris"),
    ("Missions", "Hébergement"), ("Missions", "Accueil ; hébergement"), ("Missions", "Mise à l'abri"), ("Public", "Enfants placés"),
    ("Public", "Mineurs confiés à l'ASE, 8 places"), ("Nombre de places", "12"), ("Capacité", "24"), ("Nb places", "10 garçons"),
    ("Capacité autorisée", "36"), ("Nombre de lits", "8"), ("Places installées", "14"), ("Habilitation", "ASE / PJJ"),
    ("Type d'accueil", "Internat"), ("Mode d'accueil", "Collectif et diffus"), ("Prix de journée", "198,40"),
    ("Horaires", "20h-8h"), ("Horaires", "de 19h30 à 9h"), ("Horaires", "24h/24 7j/7"), ("Horaires", "24h/24"),
    ("Horaires", "Accueil 7j/7 et 24h/24"), ("Horaires", "365 jours par an"), ("Horaires", "Mo-Su 20:00-08:00"), ("Horaires", "24/7"),
    ("Horaires", "nuit"), ("Catégorie FINESS", "644"), ("Catégorie FINESS", "396"), ("Catégorie FINESS", "390"),
    ("Catégorie FINESS", "186"), ("Catégorie FINESS", "176"), ("Courriel", "mecs.lille@asso.example"),
    ("Site", "https://asso.example/internat"), ("Adresse", "Foyer éducatif, 3 rue Haute"),
)
NEUTRAL_NAMES = ("{p}", "Association {p}", "ALEFPA {t}", "Association {p}, site de {t}", "{p} {t}", "Croix-Rouge française – {p}")
# Services that house nobody: (name, category).
SERVICES = (
    ("CIDFF {t}", "Association"), ("Mouvement du Nid – délégation {t}", "Association"), ("Amicale du Nid {t}", "Association"),
    ("France Victimes {t}", "Aide aux victimes"), ("Planning familial {t}", "Association"), ("ACPE", "Association"),
    ("Centre social {p}", "Centre social"), ("Maison de quartier {p}", "Centre social"), ("Centre social Résidence du Parc", "Centre social"),
    ("Mission locale de {t}", "Mission locale"), ("PAEJ {p}", "PAEJ"), ("Point accueil écoute jeunes {t}", "PAEJ"), ("Point accueil {p}", "Association"),
    ("Maison des adolescents de {t}", "MDA"), ("Maison des adolescents", "Association"), ("Maison des familles {t}", "Association"),
    ("Maison des associations", "Association"), ("Maison des parents et de la famille", "Association"), ("Maison de la parentalité", "Association"),
    ("Maison de justice et du droit de {t}", "Justice"), ("Maison des droits de l'enfant", "Association"), ("Maison des jeunes et de la culture {p}", "Association"),
    ("MJC {p}", "Association"), ("Maison des femmes {t}", "Maison des femmes"), ("Maison départementale des solidarités {t}", "ASE"),
    ("Maison de la solidarité {p}", "ASE"), ("CMS Résidence du Parc", "Centre médico-social"), ("Maison France services {t}", "Association"),
    ("Commissariat de {t}", "Police"), ("Brigade de gendarmerie de {t}", "Gendarmerie"), ("Maison de protection des familles", "Gendarmerie"),
    ("Tribunal judiciaire de {t}", "Justice"), ("Point-justice {t}", "Justice"), ("CDAD {t}", "Accès au droit"),
    ("CHU de {t}", "Santé"), ("UAPED du CHU {t}", "UAPED"), ("Centre hospitalier de {t}", "Santé"), ("CMP {p}", "CMP"), ("CMP Villa {p}", "CMP"),
    ("CMPP {p}", "CMPP"), ("PMI {p}", "Santé"), ("CSAPA {p}", "CSAPA"), ("CAARUD {p}", "CAARUD"), ("CeGIDD {t}", "CeGIDD"),
    ("Collège {p}", "Éducation nationale"), ("Lycée {p}", "Éducation nationale"), ("Service social en faveur des élèves", "Éducation nationale"),
    ("Club de prévention {p}", "Prévention spécialisée"), ("Équipe de prévention spécialisée {p}", "Prévention spécialisée"),
    ("STEMO {t}", "PJJ"), ("UEMO {t}", "PJJ"), ("DTPJJ {t}", "PJJ"), ("Service d'investigation éducative {t}", "PJJ"),
    ("Service de réparation pénale {p}", "PJJ"), ("AEMO {p}", "AEMO"), ("Service AED {t}", "AEMO"), ("Service de milieu ouvert {p}", "Association"),
    ("CRIP", "CRIP"), ("ODPE", "ODPE"), ("Direction enfance famille", "ASE"), ("Circonscription ASE de {t}", "ASE"), ("Territoire d'action sociale {p}", "ASE"),
    ("Foyer rural de {t}", "Association"), ("Café associatif Le Foyer", "Association"), ("École des parents et des éducateurs", "Association"),
    ("LAEP {p}", "Association"), ("Lieu d'accueil enfants-parents {p}", "Association"), ("Halte-garderie {p}", "Association"),
    ("Crèche {p}", "Association"), ("Multi-accueil {p}", "Association"), ("Accueil de loisirs {p}", "Association"), ("Ludothèque {p}", "Association"),
    ("Espace rencontre {p}", "Association"), ("Point rencontre {t}", "Association"), ("Lieu neutre {p}", "Association"), ("Visites médiatisées {p}", "Association"),
    ("Espace de vie sociale {p}", "Centre social"), ("Espace santé jeunes", "Association"), ("Info jeunes {t}", "Info jeunes"), ("UDAF {t}", "Association"),
    ("Secours catholique {t}", "Association"), ("Médiation familiale {p}", "Association"), ("SOS homophobie", "Association"), ("e-Enfance", "Association"),
    ("Enfance et Partage {t}", "Association"), ("La Voix de l'enfant", "Association"), ("Accueil de jour {p}", "Association"),
    ("Accueil de jour femmes victimes", "Association"), ("Maraude {p}", "Association"), ("Unité mobile {p}", "Association"), ("Équipe mobile de rue", "Association"),
    ("SESSAD {p}", "Association"), ("CAMSP {t}", "Santé"), ("Service social polyvalent", "ASE"), ("CCAS de {t}", "Association"), ("Centre de ressources violences", "Association"),
    ("Groupe d'entraide {p}", "Association"), ("Réseau VIF {t}", "Association"), ("Centre {p}", "Association"), ("Espace {p}", "Association"),
    ("Association {p}", "Association"), ("{p}", "Association"), ("Plateforme d'écoute {t}", "Association"), ("Cabinet d'avocats d'enfants {t}", "Justice"),
    ("Barreau de {t}, antenne des mineurs", "Justice"), ("Préfecture – droits des femmes", "CDLP"), ("Ligue de l'enseignement {t}", "Association"),
    ("Protection civile {t}", "Association"), ("Emmaüs connect", "Association"), ("Unité médico-judiciaire {t}", "UMJ"), ("Service d'accueil des demandeurs (SPADA) {t}", "Association"),
    ("Pôle enfance {t}", "ASE"), ("Pôle territorial {t}", "ASE"), ("Cellule prostitution des mineurs", "ASE"), ("Service jeunesse {t}", "Association"),
    ("Bureau d'aide aux victimes", "Aide aux victimes"), ("Relais petite enfance {t}", "Association"), ("Relais d'assistantes maternelles", "Association"),
    ("Administrateurs ad hoc {t}", "Association"), ("Aide à domicile AVF {t}", "Association"), ("TISF {p}", "Association"), ("Parrainage de proximité {t}", "Association"),
)
SENTENCES = (
    "Écoute anonyme et confidentielle", "Accompagnement éducatif des mineurs et de leurs familles", "Accueil du public du lundi au vendredi",
    "Intervient en MECS et dans les collèges", "Interventions auprès des foyers et des établissements scolaires", "Oriente vers un foyer si besoin",
    "Orientation vers un hébergement", "Formation des équipes de MECS et de familles d'accueil", "Urgences 24h/24", "Visites médiatisées",
    "Exercice du droit de visite", "Le juge peut ordonner le placement", "Ordonner le placement d'un mineur", "Formation de 15 places par session",
    "Ateliers de 12 places, sur inscription", "Crèche de 20 places", "Permanence 20 place de la République", "Parking de 10 places", "10 professionnels",
    "Reçoit 300 jeunes par an", "Groupe de parole, 8 jeunes maximum", "Suivi des jeunes confiés à l'ASE", "Agréée par le ministère de la Justice",
    "Agrément jeunesse et éducation populaire", "Agrément Éducation nationale", "Association habilitée à recevoir des dons", "Habilitation à se constituer partie civile",
    "Aide aux femmes victimes de violences au foyer", "Accueil de jour, douche et repas", "Maraudes de 20h à minuit", "Secret professionnel",
    "Consultations de pédiatrie", "Accès au logement et à l'emploi", "Aide à la recherche d'un logement", "Information, orientation, accès aux droits",
    "Suivi psychologique, groupe de parole", "Numéro d'écoute 24h/24 7j/7", "Aller vers, travail de rue le soir", "Accueil inconditionnel, sans hébergement",
    "Ludothèque et accueil de loisirs", "", "", "", "", "Séjours de vacances et activités", "Capacité à agir des jeunes", "Accueil collectif et entretiens individuels",
)
HOURS = ("9h-12h / 14h-18h", "lundi au vendredi 9h-17h", "sur rendez-vous", "mardi 18h-22h", "", "", "lun-ven 8h30-12h 13h30-17h30", "Mo-Fr 09:00-18:00")
# fmt: on
HELD_IS_TRUE = frozenset({"{p}"})


def crowd(chance: random.Random, number: int) -> Iterator[tuple[bool, dict[str, str]]]:
    """Yield lines of a list, one in twenty a home under a category that does not say so."""
    for at in range(number):
        town, proper = chance.choice(TOWNS), chance.choice(PROPER)
        line = {"Commune": town, "Adresse": f"{at} rue des Écoles"}
        home = at % 20 == 0
        if home:
            named, line["Type"] = chance.choice(HOMES), chance.choice(VAGUE)
            if chance.random() < 0.4:
                named = chance.choice(NEUTRAL_NAMES)
                column, text = chance.choice(SPEAKING)
                line[column] = text
        else:
            named, line["Type"] = chance.choice(SERVICES)
            line |= {"Description": chance.choice(SENTENCES), "Horaires": chance.choice(HOURS)}
        name = f"{named.format(t=town, p=proper)}"
        if chance.random() < 0.2:
            name = name.upper()
        yield home, line | {"Nom": name, "Réf": f"R{at}"}
