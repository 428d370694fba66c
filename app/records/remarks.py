"""Why a text is not published, as a person of the desk reads it."""

from app.records.unpublishing import Remark

_NAMED = {
    "phone": "un téléphone",
    "mail": "une adresse électronique",
    "said": "une adresse",
    "siret": "un SIRET",
    "finess": "un numéro FINESS",
    "rna": "un numéro RNA",
    "linked": "un lien",
    "site": "un site",
    "actor": "la fiche",
}


def remark_in_words(remark: Remark, where: str) -> str:
    """Say why a text waits. where: what its field is called, "" of what stands in several."""
    if remark.why == "erased":
        said = "ce qui a été effacé à la demande de quelqu’un"
    elif remark.why == "restored":
        said = (
            "ce texte a été corrigé après la sauvegarde qui a été restaurée, et cette correction "
            "n’y est pas : relisez-le, puis corrigez-le de nouveau, ou publiez-le tel quel s’il "
            "est juste"
        )
    elif remark.why == "near" and remark.what == "point":
        said = "un point de carte, qui peut être celui d’un lieu caché"
    elif remark.why == "near":
        said = f"une adresse près du mot « {remark.what} »"
    else:
        said = f"{_NAMED.get(remark.what, 'ce qui désigne')} d’un lieu ou d’un contact caché"
    return f"{where} : {said}" if where else said[:1].upper() + said[1:]
