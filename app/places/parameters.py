"""The parameter of an address that holds what a person typed of a place."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from app.errors import Mesure23Error

# Far above what the box takes and what is read of it.
TEXT_MOST = 500


class PlaceTextTooLong(Mesure23Error):
    """Ce texte est trop long : écrivez une commune ou un code postal."""

    status = 422
    title = "Texte trop long"
    advice = "Une adresse suffit aussi, avec sa commune : « 12 rue de la Paix, 93200 Saint-Denis »."


def _short(text: str) -> str:
    if len(text) > TEXT_MOST:
        raise PlaceTextTooLong
    return text


PlaceText = Annotated[
    str, Query(description="Commune, code postal ou adresse"), AfterValidator(_short)
]
