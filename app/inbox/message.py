"""What a visitor may write to the desk, as it is sealed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from app.models.report import Wrong

LONGEST_TEXT = 1_000
LONGEST_MAIL = 254
# Of a link: sealed, all of it is one box of the database, whatever its signs.
LONGEST_NAME, LONGEST_ORGANISATION, LONGEST_SIRET = 120, 200, 20
LONGEST_URL, LONGEST_TITLE, LONGEST_WHY = 700, 200, 500


class Correction(BaseModel):
    """An error on a public sheet. actor: its public id, whether there is one or not.

    right: what would be right, in their words. mail: where they want an answer, or nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Literal["correction"] = "correction"
    actor: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    wrong: Wrong
    right: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] = ""
    mail: Annotated[str, StringConstraints(max_length=LONGEST_MAIL)] = ""


class ProposedLink(BaseModel):
    """A page that the resource centre should lead to. why: whom it serves, in their words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Literal["link"] = "link"
    url: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_URL)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TITLE)]
    why: Annotated[str, StringConstraints(max_length=LONGEST_WHY)] = ""


class AccessAsked(BaseModel):
    """Somebody who asks for an account of a professional. territory: the code of a territory.

    siret: as they wrote it, or nothing: a wrong one refuses nobody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Literal["access"] = "access"
    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
    mail: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MAIL)]
    organisation: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ORGANISATION)]
    siret: Annotated[str, StringConstraints(max_length=LONGEST_SIRET)] = ""
    function: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
    territory: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,3}$")]


class EventAsked(BaseModel):
    """Somebody who wants to come to an event. event: its public id, whether there is one or not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Literal["event"] = "event"
    event: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    mail: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MAIL)]


class LetterAsked(BaseModel):
    """Somebody who wants the letter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Literal["letter"] = "letter"
    mail: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MAIL)]


Message = Correction | ProposedLink | AccessAsked | EventAsked | LetterAsked
MESSAGES: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="about")])
