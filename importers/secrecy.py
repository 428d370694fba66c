"""Words that forbid to publish: of a cell, of a number, of a title. In doubt they forbid.

Most helplines write "anonyme et confidentiel" of themselves; that forbids nothing.
"""

import re
from typing import Literal

from geo.text import fold, may_have_words, remembered
from importers.discretion import PARTS, asks_discretion
from importers.line import Cell, Line
from importers.row import Sign

Asked = Literal["secret", "professionals"]

_REMARKS = re.compile(r"[\n;:,()\[\]|/•*–—!]|\s-")
_PLACE = (
    r"(?:adresses?|adr|lieux?|locaux|localisation|coordonnees|telephones?|tel|numeros?|num|mails?"
    r"|courriels?|emplacement|implantation|fiche|ligne)"
)
_GIVE = (
    r"(?:diffus|communiqu|publi(?!cs?\b|ques?\b)|divulgu|transmett|donn|affich|partag|cartographi|mentionn|indiqu"
    r"|montr|referenc|ebruit|revel|rendre public|faire apparaitre|faire figurer"
    r"|mettre (?:en ligne"
    r"|(?:sur|dans) (?:(?:la|une|l|le|cette) )?(?:carte|annuaire|site|liste|internet|web)))"
)
_HELPS = (
    r"(?:accueil\w*|ecoute\w*|anonym\w*|gratuit\w*|entretien\w*|echang\w*|appel\w*|services?|suivi"
    r"|accompagnement\w*|consultation\w*|cadre|espaces?|soutien|aide|permanence\w*|libres?|conseils?"
    r"|rendez vous|depistage\w*|tests?|prise en charge|parole|tchat\w*|chat|forum|contraception"
    r"|ivg|facon|maniere|toute|tout|rencontre\w*|discussion\w*|dialogue\w*|orientation|bienveillan\w*"
    r"|neutre\w*|individuel\w*|personnalise\w*|securis\w*|moment\w*"
    r"|donnees|propos|(?:vos|ces|les|des|toute|toutes les|aucune) informations?)"
)
# "accueil anonyme et confidentiel", "confidentielle et gratuite", "secret professionnel".
_HARMLESS = re.compile(
    rf"\b{_HELPS}(?: (?!{_PLACE}\b|ne\b|n\b|pas\b)\w+){{0,5}} confidentiel\w*"
    rf"|\bconfidentiel\w* (?:et|ou) {_HELPS}\b"
    r"|\bconfidentiel\w* (?:gratuit|anonym)\w*"
    r"|\b(?:ligne|numero|telephone|tel) (?:d ecoute|d appel|d aide|vert|gratuite?|anonyme)"
    r"(?: \w+){0,4} confidentiel\w*"
    r"|\bsecrets? (?:professionnels?|medica\w+|partages?|de l instruction|de la confession"
    r"|de famille|statistique|defense|fiscal|bancaire|des affaires|d etat)\b"
    r"|\brespect\w*(?: \w+){0,2} secrets?\b"
    r"|\b(?:tenue?s?|soumise?s?|astreinte?s?|liee?s?) (?:au|par le) secret\b"
    r"|\bn oublie\w* pas\b"
    r"|\bsecrets? (?:lourds?|familia\w+|de polichinelle)\b|\bsans secret\b"
)
# "adresse strictement confidentielle", "confidentialité du lieu", "lieu tenu secret".
_HIDDEN_PLACE = re.compile(
    rf"\b(?!lieux? confidentiel\w* (?:et )?(?:gratuit|anonym)){_PLACE}"
    r"(?: (?:est|sont|reste\w*|demeure\w*|doit|doivent|rester|etre|strictement"
    r"|totalement|tres|precise|exacte?|postale|du lieu|et|du service|tenue?s?|garde\w*)){0,4}"
    r" (?:confidentiel\w*|secrete?s?)"
    rf"|\bconfidentialite (?:de |d |des |du )?(?:l |la |les |son |sa |ses )?{_PLACE}\b"
)
_SECRET = re.compile(
    r"\bconfidentiel\w*|\bsecrete?s?\b|\bliste rouge\b|\bhors annuaire\b"
    rf"|\bne (?:pas|jamais|surtout pas|en aucun cas)(?: (?!hesit)\w+){{0,2}}? {_GIVE}\w*"
    r"|\b(?:pas|jamais|aucune?) (?:de |d |a )?"
    rf"(?:diffusion|communication|publication|{_GIVE}(?:er|re))\b"
    rf"|\bne (?:doit|doivent|peut|peuvent|souhaite\w*|veut|veulent|desire\w*) pas(?: \w+){{0,2}}?"
    rf" (?:{_GIVE}\w*|apparaitre|figurer)"
    r"|\bne (?:communiqu|diffus|publi|divulgu|donn)\w+ pas (?:son|sa|ses|leurs?|l|la|les|d) ?"
    rf"{_PLACE}"
    r"|\bnon (?:communi\w+|diffus\w+|publi(?:e|ee|es|ees|able|ables)|divulgu\w+|rendue? publi\w+)\b"
    rf"|\b{_PLACE} (?:non publi\w+|protegee?s?|cachee?s?|masquee?s?|sensibles?|anonymisee?s?)\b"
    r"|\b(?:diffusion|communication|publication)"
    r" (?:interdite|restreinte|limitee|refusee|non autorisee)\b"
    r"|\b(?:a )?(?:usage|diffusion) (?:strictement )?interne\b|\binterne uniquement\b"
    r"|\btenue?s? secrete?s?\b|\bdiscretion (?:absolue|totale|exigee)\b"
    r"|\b(?:adresses?|localisation|implantation|emplacement)"
    r" (?:(?:doit|doivent|a|est|sont|rester|reste\w*|tres|etre|tenir) )*"
    r"(?:discrete?s?|anonymes?|masquer|cacher)\b"
    rf"|\bdiscrete?s? (?:sur|quant a)(?: (?:l|la|le|les|notre|leurs?|son|sa)){{0,2}} {_PLACE}\b"
    r"|\b(?:adresses?|adr|localisation|coordonnees|fiche) reserve\w*\b(?! (?:aux?|a|pour|par)\b)"
    r"|\bpas (?:de pub|(?:sur|dans) (?:(?:la|le|l|cette|une) )?"
    r"(?:carte|cartographie|annuaire|site|internet|web))\b"
    r"|\b(?:pas|aucun) (?:d |de )?affichage\b|^(?:a )?(?:masquer|cacher)$"
    r"|^hors (?:carte|cartographie|annuaire)\b"
    rf"|\brefus\w*(?: (?:de|d|la|toute|que|etre|tout)){{0,3}} (?:{_GIVE}|public|figur|paraitr)\w*"
)
_PROFESSIONALS = re.compile(
    r"\b(?:reserve\w*|exclusive\w*|uniquement|seulement|strictement|usage)(?: \w+){0,3}?"
    r" (?:aux |les |des |pour |par )*(?:pro|pros|professionnel\w*|partenaires|services)\b"
)
FORBIDDING = (_HIDDEN_PLACE, _SECRET, _PROFESSIONALS)
# Without one of these no part of a cell forbids: most are done with here.
MAY_FORBID = re.compile(
    r"confidenti|secre|rouge|\bhors|intern|\bn(?:e|on)\b|\bpas\b|jamais|aucun|\bpubl|proteg|cach|masqu"
    r"|sensible|anonym|interdit|restrein|limite|autorise|discre|reserve|refus"
    r"|exclusi|uniquement|seulement|strictement|usage"
)
# Of what "réservé aux professionnels" must be said to forbid: else a training is for them.
_ABOUT = re.compile(rf"\b{_PLACE}\b")
# A remark behind an address, of which nobody knows what it forbids: "(sensible)", "- privé".
_DOUBTED_ADDRESS = re.compile(
    r"^(?:(?:adresse|adr|lieu|site) )?(?:confid|conf|prive\w*|sensibles?|discre\w+"
    r"|interne\w*(?: \w+)?|reserve\w*|masque\w*|protegee?s?|secret \w+|n c"
    r"|(?:cf|selon) convention"
    r"|a (?:taire|proteger|masquer|cacher|flouter|anonymiser))$"
    r"|\bconf$|^(?:merci de )?ne (?:pas|figure|jamais)\b|^pros?(?: uniquement)?$"
    r"|^uniquement (?!sur (?:rdv|rendez))"
)
_ADDRESS = frozenset({"address", "complement", "city", "postcode", "lonlat", "lon", "lat"})
_REFUSAL = re.compile(
    r"\b(?:non(?! stop)|ne|pas|jamais|aucune?|interdit\w*|refus\w*|oppos\w*|confidentiel\w*"
    r"|secret|(?<!poste )internes?|prive\w*|perso\w*|reserve\w*|masque\w*|desaccord|liste rouge"
    r"|sous reserve|en attente|a (?:verifier|confirmer|valider|voir)|sans reponse|professionnels?"
    r"|uniquement|exclusive\w*)\b"
)
# "Cellule CRIP : numéro gratuit et confidentiel" refuses nothing.
_DOUBT_OF_CONSENT = re.compile(
    r"\b(?:reserve|attente|verifier|confirmer|valider|voir|demander?|demandee?|relanc\w*|cours"
    r"|reponse|inconnu\w*|nr|nsp|partiel\w*|restrein\w*|limite\w*|sauf|hors|uniquement|seulement|retir\w*|revoqu\w*"
    r"|revoir|prevue?s?|apres|des (?:que|le)|a partir|quand|lorsque|bientot|ulterieur\w*"
    r"|plus tard|si|conditions?|selon|provisoire\w*|a (?:signer|venir))\b"
)
_WITHHELD_TITLE = re.compile(
    r"\b(?:confidentiel\w*|non (?:communi\w+|diffus\w+|publi\w+)|perso\w*|prive\w*|direct\w*"
    r"|internes?|secrete?s?|reserve\w*|astreinte\w*|ne pas \w+|pas diffuser|liste rouge"
    r"|professionnels? uniquement|pour les professionnels|referente?s?|responsable"
    r"|directeur|directrice|chef\w*|educat(?:eur|rice)s?)\b"
)
_PHONE_TITLE = re.compile(r"\b(?:tel|telephone|telephones|tels|portable|mobile|ligne|numero|n)\b")
_MAIL_TITLE = re.compile(r"\b(?:e ?mails?|mails?|courriels?|mel|messagerie)\b")
_CONSENT_TITLE = re.compile(
    r"^(?:des)?accords?$|^consentements?\b"
    r"|\b(?:(?:des)?accords?|consentement|autorisations?|autorise\w*|oppositions?|refus\w*|droit)\b"
    r".*\b(?:publi\w+|diffus\w+|communi\w+|internet|en ligne|cart\w+|annuaire|paraitre)\b"
    r"|^(?:publication|diffusion|publiable|diffusable|communicable|a publier|a diffuser)$"
    r"|^a (?:afficher|montrer|cartographier|masquer|mettre en ligne)$|^(?:affichable|visible)\b"
    r"|\b(?:afficher|figurer|apparaitre|paraitre|visible)\b"
    r".*\b(?:carte|cartographie|annuaire|site|internet|public|en ligne)\b"
    r"|^(?:annuaire|site|carte|cartographie|affichage) (?:public|grand public)\w*$"
    r"|^(?:publication|diffusion) (?:autorisee|acceptee|possible|internet|en ligne)$"
    r"|^(?:(?:accord|consentement|validation) )?rgpd$|^visibilite$"
    r"|^(?:statut|niveau|mode|degre) (?:de )?(?:confidentialite|diffusion|publication|visibilite)$"
    r"|\b(?:mise?s? en ligne|mettre en ligne)\b"
    r"|^(?:carto|cartographie|(?:ok|accord|sur la) cart\w+)$"
    r"|^(?:peut on |ok pour |ne pas |a )?"
    r"(?:publier|diffuser|afficher|cartographier|flouter|anonymiser)\b"
    r"|^(?:publiable|diffusable|affichable|communicable)\b"
    r"|^adresse (?:publiable|diffusable|affichable|communicable)$|^donnees? sensibles?$"
)
# Titles under which a "yes" refuses.
_OPPOSED_TITLE = re.compile(
    r"\b(?:desaccords?|refus\w*|oppositions?|non|masquer|flouter|anonymiser|sensibles?"
    r"|ne pas|niveau (?:de )?confidentialite|degre (?:de )?confidentialite)\b"
)
# A cell that says none of these, and no day, says no yes.
_AGREES = re.compile(
    r"\d|\b(?:oui|yes|o|x|v|vrai|true|ok|accords?|accordee?s?|signee?s?|favorable|autorise\w*|accepte\w*"
    r"|validee?s?|consent\w*|donnee?s?|recue?s?|possible|publi\w*|libre|ouverte?|totale?|complete?|tout|toute"
    r"|integrale?|diffus\w*|affich\w*|visible|communicable|faible|bas|nul|d accord)\b"
)


# Under "Niveau de confidentialité".
_LOW = frozenset({"faible", "bas", "nul", "nulle", "public", "publique", "standard"})
_YES_OR_NO = re.compile(r" (?:oui non|o n)$")
_LONGEST_WORD = 40
_YES = frozenset({"oui", "yes", "o", "x", "1", "vrai", "true", "ok"})
# Beside a refusal; "X NON" is a box that is ticked.
_SAYS_YES = frozenset({"oui", "yes", "ok"})
# Under "Publication (O/N)".
_NO = frozenset({"n", "no", "0", "faux", "false", "ko"})
_NONE = frozenset({"", "non", "no", "n", "0", "aucun", "aucune", "neant", "sans objet", "so", "na"})


@remembered(5_000)
def forbids(text: str) -> tuple[Asked, str] | None:
    """Return what a cell asks, and by which words: not to publish it, or not this value."""
    found: tuple[Asked, str] | None = None
    if not may_have_words(text):
        return None
    # Folded part by part, as it is read: what stands between two parts is in none.
    parts = [part for part in map(fold, PARTS.split(text)) if part]
    if not any(map(MAY_FORBID.search, parts)):
        return None
    for number, part in enumerate(parts):
        words = _HARMLESS.sub(" . ", part)
        if place := _HIDDEN_PLACE.search(part):
            return "secret", place[0]
        if secret := _SECRET.search(words):
            if not (_bare(words) and _among_helps(parts, number)):
                return "secret", secret[0].strip()
        elif (only := _PROFESSIONALS.search(words)) and (
            len(re.findall(r"\b[a-z]+\b", words)) <= 5 or _ABOUT.search(words)
        ):
            found = "professionals", only[0].strip()
    return found


def _bare(words: str) -> bool:
    return re.fullmatch(r"(?:et |totalement |strictement )?confidentiel\w*", words) is not None


def _among_helps(parts: list[str], number: int) -> bool:
    """Return whether a lone "confidentiel" stands in a row of merits: "Gratuit / Confidentiel"."""
    beside = parts[max(0, number - 1) : number] + parts[number + 1 : number + 2]
    return any(re.match(r"(?:et )?(?:gratuit|anonym)\w*(?: \w+){0,2}$", each) for each in beside)


def refuses(text: str) -> bool:
    """Return whether a cell of a number or a mailbox refuses, or doubts, that it be given."""
    words = " ".join(_HARMLESS.sub(" . ", fold(part)) for part in PARTS.split(text))
    return "?" in text or bool(_REFUSAL.search(words)) or forbids(text) is not None


def refuses_consent(title: str, text: str) -> str | None:
    """Return the words by which a cell of a consent refuses or doubts, or None."""
    words = fold(text)
    if opposed := _OPPOSED_TITLE.search(_YES_OR_NO.sub("", fold(title))):
        # "Refus de diffusion" above anything refuses; "À masquer" above "non" does not.
        asked = opposed[0].startswith(("desaccord", "refus", "opposition", "non"))
        return opposed[0] if asked or words not in _NONE | _LOW else None
    if words in _NO:
        return words
    found = _REFUSAL.search(words) or _DOUBT_OF_CONSENT.search(words)
    if not found and "?" not in text and words and not _AGREES.search(words):
        return words[:_LONGEST_WORD]
    return found[0] if found else ("?" if "?" in text else None)


def weigh_consent(said: str) -> Literal["yes", "doubt", "no"]:
    """Return what the cells of a consent say, a line each with its title: "Accord : NON".

    In doubt it is one: a refusal beside a yes, a condition, words that nobody knows.
    """
    found = {_weigh(*line.partition(" : ")[::2]) for line in said.splitlines() if line.strip()}
    if found <= {"yes"}:
        return "yes"
    return "no" if found == {"no"} else "doubt"


def _weigh(title: str, text: str) -> Literal["yes", "doubt", "no"]:
    if not refuses_consent(title, text):
        return "yes"
    words = fold(text)
    doubted = "?" in text or _DOUBT_OF_CONSENT.search(words) or "professionnel" in words
    if _OPPOSED_TITLE.search(_YES_OR_NO.sub("", fold(title))):
        return "doubt" if doubted or words in _NONE | _LOW else "no"
    refused = words in _NO or _REFUSAL.search(words)
    return "no" if refused and not doubted and _SAYS_YES.isdisjoint(words.split()) else "doubt"


@remembered(2_000)
def governs(title: str) -> str | None:
    """Return the field of a title that governs secrecy, else None: of withheld values, of consent.

    The whole title is read: "Désaccord de publication" resembles its opposite.
    """
    words = _YES_OR_NO.sub("", fold(title))
    if _WITHHELD_TITLE.search(words):
        if _MAIL_TITLE.search(words):
            return "email_withheld"
        if _PHONE_TITLE.search(words):
            return "phone_withheld"
    return "consent_on" if _CONSENT_TITLE.search(words) else None


def read_secrecy(line: Line, *, houses: bool) -> tuple[Sign, ...]:
    """Return the signs by which a line asks that it be not published; houses: it has one of those.

    "Réservé aux professionnels" is said of the value alone, unless the actor houses children.
    """
    signs: dict[Sign, None] = {}
    for field in sorted(line.fields):
        for cell in line.cells(field):
            if field == "consent_on":
                if word := refuses_consent(cell.title, cell.given):
                    signs[Sign(says="secret", word=word, field="consent")] = None
            elif found := forbids(asked := _asked(field, cell)):
                asks, word = found
                if asks == "secret" or houses:
                    signs[Sign(says="secret", word=word, field=field)] = None
                elif field in _ADDRESS:
                    # All that hides an address and nothing more.
                    signs[Sign(says="mentions", word=word, field=field)] = None
            elif remark := asks_discretion(asked) or _doubted(field, cell.given):
                signs[Sign(says="mentions", word=remark, field=field)] = None
    return tuple(signs)


def _doubted(field: str, given: str) -> str | None:
    """Return a remark behind an address that may ask for secrecy, or None."""
    if field not in ("address", "complement"):
        return None
    parts = [fold(part) for part in _REMARKS.split(given)]
    found = (_DOUBTED_ADDRESS.search(part) for part in parts if part)
    return next((each[0] for each in found if each), None)


def spoken(field: str, cell: Cell) -> str:
    """Return what a cell says, with its title where the column is none that is read.

    "Hébergement" above "oui" says it; above "non", neither says anything.
    """
    if field != "unread":
        return cell.given
    return "" if fold(cell.given) in _NONE else f"{cell.title} : {cell.given}"


def _asked(field: str, cell: Cell) -> str:
    """Return what a cell may ask: "Adresse confidentielle" above it, or "Confidentiel" above "oui".

    A column of internal remarks asks nothing for the actor.
    """
    words = fold(cell.title)
    if field in _ADDRESS or (field == "unread" and re.search(rf"\b{_PLACE}\b", words)):
        return spoken("unread", cell)
    return spoken("unread", cell) if fold(cell.given) in _YES else cell.given


def withdrawn(line: Line, field: str, value: str | None) -> str | None:
    """Return a text that may become public, or None, reported, where its cell forbids it."""
    if value is None or not any(
        forbids(cell.given) or forbids(cell.title) for cell in line.cells(field)
    ):
        return value
    line.report(
        field,
        "Ce texte demande à n'être pas publié : il n'est pas repris. S'il peut l'être, retirez ces "
        "mots.",
    )
    return None
