"""The tables, in one import."""

from app.models.actor import Actor, new_public_id
from app.models.base import Base
from app.models.embed import Embed, EmbedRevocation, new_embed_id
from app.models.erasure import ErasedMark, ErasureRequest
from app.models.history import Batch, ErasureDebt, Revision
from app.models.proposal import Proposal
from app.models.protected import (
    ActorFingerprint,
    ActorProtected,
    Geocoding,
    Provenance,
    SealedSecret,
)
from app.models.register import RegisterState
from app.models.source import Source, SourceFile, SourceRecord, SourceRow
from app.models.territory import Commune, Epci, FormerCommune, Territory
from app.models.version import TerritoryVersion

__all__ = [
    "Actor",
    "ActorFingerprint",
    "ActorProtected",
    "Base",
    "Batch",
    "Commune",
    "Embed",
    "EmbedRevocation",
    "Epci",
    "ErasedMark",
    "ErasureDebt",
    "ErasureRequest",
    "FormerCommune",
    "Geocoding",
    "Proposal",
    "Provenance",
    "RegisterState",
    "Revision",
    "SealedSecret",
    "Source",
    "SourceFile",
    "SourceRecord",
    "SourceRow",
    "Territory",
    "TerritoryVersion",
    "new_embed_id",
    "new_public_id",
]
