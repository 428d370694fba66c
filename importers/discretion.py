"""Sentences that may ask that a place be not shown, in words of their own: in doubt it is not.

"Adresse à ne communiquer à personne" forbids nothing in the words that secrecy.py knows, and means
it all the same. What is said of information, talks or a name is no sentence about a place.
"""

import re

from geo.text import fold, may_have_words, remembered

# Where one sentence of a cell ends and another begins.
PARTS = re.compile(r"[\n.;:()\[\]|/•*–—!]|\s-\s")
_PLACE = r"(?:adresses?|adr|lieux?|locaux|localisations?|implantations?|emplacements?|coordonnees)"
_SHOW = (
    r"(?:diffus|communiqu|publi(?!cs?\b|ques?\b)|divulgu|ebruit|revel|(?:geo)?localis|cartographi"
    r"|affich|transmett|transmis|referenc|rend\w*(?: \w+){0,2} (?:publique|visible)"
    r"|(?:faire|laisser) circul|laiss\w* voir|appara(?:it|iss)|figur)\w*"
)
# Verbs of which a sentence must say that they are of a place.
_GIVE = (
    rf"(?:{_SHOW}|donn\w+|partag\w+|mentionn\w+|indiqu\w+|montr\w+|conna\w+|connue?s?|visibles?"
    r"|dire|dite?s?)"
)
_NOT = (
    r"(?:ne|n|non|pas|point|jamais|personne|aucune?|nul|sans|evite[rz]?|interdi\w+|proscri\w+"
    r"|prohib\w+|defense|deconseill\w+)"
)
_ONLY = (
    r"(?:(?:des|aux?|les|le|la|par les?|du) seule?s?|seulement|uniquement|exclusivement|qu|que"
    r"|sur (?:simple )?(?:demande|orientation|rendez vous)|apres|lors|au moment)"
)
_ASKS = re.compile(
    # "ne diffuser sous aucun prétexte", "évitez de localiser", "diffusion proscrite".
    rf"\b{_NOT}(?: (?!{_NOT}\b)\w+){{0,3}}? {_SHOW}"
    r"|\b(?:diffusion|communication|publication|affichage|(?:geo)?localisation)s?(?: \w+){0,2}"
    r" (?:proscri|interdi|prohib|exclu|impossible|deconseill|sensible|limite|restrein|sous reserve)"
    r"\w*"
    r"|\bne l[ea]s? (?:donn|dire|indiqu|montr)\w*"
    r"|\bpas de (?:geo)?localisation\b|\b(?:strictement|document|liste|usage) interne\b"
    r"|(?<!toute )(?<!grande )(?<!et )(?<!la )(?<!avec )\bdiscretion$"
    r"|\bdiscretion (?:est de mise|demandee|requise|imperative|obligatoire|necessaire|svp|merci)\b"
    # "l'adresse n'est donnée qu'aux familles", "adresse connue des seuls partenaires".
    rf"|\b{_PLACE}(?: \w+){{0,4}}? {_NOT}(?: \w+){{0,5}}? {_GIVE}\b"
    rf"|\b{_NOT}(?: \w+){{0,3}}? {_GIVE}(?: \w+){{0,4}}? {_PLACE}\b"
    rf"|\b{_PLACE}(?: \w+){{0,2}}? {_GIVE}(?: \w+){{0,2}}? {_ONLY}\b"
    r"|\b(?:adresses?|adr|localisation|coordonnees) (?:sur (?:simple )?demande|a demander)\b"
    # "adresse à protéger", "gardez l'adresse pour vous", "anonymat du lieu".
    rf"|\b{_PLACE}(?: \w+){{0,3}}? a (?:ne pas|proteger|preserver|taire|masquer|cacher|garder"
    r"|flouter|anonymiser|securiser)\b"
    r"|\b(?:masqu|cach|tai[rs]|flout|anonymis|garde[rz]?|protege[rz]?|preserve[rz]?|anonymat)\w*"
    r"(?: \w+){0,2}? (?:adresses?|adr|localisation|implantation|coordonnees|lieu)\b"
    r"|\b(?:pas|sans|aucune) (?:d )?adresse (?:publique|visible|affichee|indiquee)\b"
    r"|(?:^|: )pas d adresse$"
)
# "les informations ne sont jamais transmises", "sans donner votre nom", "n'hésitez pas à…".
_OF_OTHERS = re.compile(
    r"\b(?:informations?|donnees|propos|dossiers?|identite|(?:votre|son|leur|sans) (?:nom|prenom)"
    r"|resultats?|contenus?"
    r"|echanges?|entretiens?|parents|hesit\w+|images?|photos?|videos?|violences?|maladies?|virus"
    r"|infections?|ist|vih|haine|savoirs?|documentations?|film|films|plaintes?|signalements?"
    r"|appels?|avis|conseils?|ordonnances?)\b"
)
_HARMLESS = re.compile(r"\bn oublie\w* pas\b|\bsi (?:vous|tu) ne connai\w+ pas\b")
_OF_PLACE = re.compile(rf"\b{_PLACE}\b")
# Without one of these no sentence asks: most cells of a list are done with here.
_MAY_ASK = re.compile(
    r"diffus|communi|publi|divulg|ebruit|revel|localis|carto|affich|transm|referenc|circul"
    r"|voir|appara|figur|donn|partag|mention|indiqu|montr|connai|connu|visib|\bdi[rt]e|intern"
    r"|discretion|demand|proteg|preserv|\btai|masqu|cach|gard|flout|anonym|securis|d adresse"
)
# What is longer and names no place is a sentence of the service about its work.
_MOST_WORDS = 12


@remembered(5_000)
def asks_discretion(text: str) -> str | None:
    """Return the words of a cell that may ask that its place be not shown, or None."""
    if not may_have_words(text):
        return None
    if not _MAY_ASK.search(fold(text)):
        return None
    for part in PARTS.split(text):
        words = _HARMLESS.sub(" . ", fold(part))
        found = _ASKS.search(words)
        if found is None:
            continue
        of_place = _OF_PLACE.search(words)
        if of_place or (len(words.split()) <= _MOST_WORDS and not _OF_OTHERS.search(words)):
            return found[0].strip()
    return None
