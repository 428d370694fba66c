"""The tables, in one import."""

from app.models.access import AccessForm, AccessMail, AccessRequest
from app.models.account import (
    Account,
    Challenge,
    Confirmation,
    Invitation,
    Passkey,
    ProviderIdentity,
    RecoveryCode,
    Role,
    SignInAttempt,
    StaffSession,
)
from app.models.actor import Actor, new_public_id
from app.models.agenda import AgendaEvent, AgendaMark, AgendaRecord
from app.models.agenda_registration import AgendaRegistration
from app.models.alert import Alert, FirstSeen
from app.models.audit import AuditAnchor, AuditEntry
from app.models.base import Base
from app.models.call import ActorCall
from app.models.committee import CommitteeAgenda, CommitteeDecision, CommitteeMember
from app.models.competence import Competence
from app.models.coverage import CoverageCount
from app.models.curateur import TerritoryCurateur
from app.models.deposit import Deposit, DepositLine
from app.models.deposit_link import DepositLink, LinkReceipt
from app.models.draft import DeskDraft
from app.models.duplicate import ActorCompared, FormerAddress
from app.models.embed import Embed, EmbedRevocation, new_embed_id
from app.models.erasure import ErasedMark, ErasureRequest
from app.models.heartbeat import Heartbeat
from app.models.history import Batch, ErasureDebt, Revision
from app.models.inbox import InboxCount, InboxKey, InboxMessage
from app.models.letter import LetterSubscriber, LinkKey, MailAct
from app.models.letter_issue import Letter, LetterIssue, LetterMail, LetterMark
from app.models.meeting import CdlpMeeting
from app.models.member_message import MemberBlock, MemberMessage, MemberReport
from app.models.network import MemberCalendar, NetworkMark, NetworkMember
from app.models.network_invitation import InvitationRefusal, NetworkInvitation
from app.models.operator_code import OperatorCode
from app.models.page_view import PageView, PageViewFacet
from app.models.proposal import Proposal
from app.models.protected import (
    ActorFingerprint,
    ActorProtected,
    Geocoding,
    Provenance,
    SealedSecret,
)
from app.models.question import ActorQuestion
from app.models.readers import ReadersChoice
from app.models.register import RegisterState
from app.models.report import Report
from app.models.resource import Resource, ResourceEdition, ResourceRelation, ResourceWithdrawn
from app.models.resource_arranged import (
    ClearedAround,
    IssuingBody,
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceOfSituation,
    ResourceSynonym,
)
from app.models.resource_import import ResourceImport
from app.models.resource_link import ResourceLink
from app.models.resource_proposal import ResourceProposal
from app.models.resource_record import (
    ResourceAct,
    ResourceDraft,
    ResourceHold,
    ResourceMark,
    ResourceRecord,
    ResourceVersion,
)
from app.models.reveal import Reveal, RevealChoice
from app.models.source import FormerTie, Source, SourceFile, SourceRecord, SourceRow
from app.models.territory import Commune, Epci, FormerCommune, Territory
from app.models.version import PublicVersion, TerritoryVersion
from app.models.withdrawal import DatabaseOrigin, Withdrawal

__all__ = [
    "AccessForm",
    "AccessMail",
    "AccessRequest",
    "Account",
    "Actor",
    "ActorCall",
    "ActorCompared",
    "ActorFingerprint",
    "ActorProtected",
    "ActorQuestion",
    "AgendaEvent",
    "AgendaMark",
    "AgendaRecord",
    "AgendaRegistration",
    "Alert",
    "AuditAnchor",
    "AuditEntry",
    "Base",
    "Batch",
    "CdlpMeeting",
    "Challenge",
    "ClearedAround",
    "CommitteeAgenda",
    "CommitteeDecision",
    "CommitteeMember",
    "Commune",
    "Competence",
    "Confirmation",
    "CoverageCount",
    "DatabaseOrigin",
    "Deposit",
    "DepositLine",
    "DepositLink",
    "DeskDraft",
    "Embed",
    "EmbedRevocation",
    "Epci",
    "ErasedMark",
    "ErasureDebt",
    "ErasureRequest",
    "FirstSeen",
    "FormerAddress",
    "FormerCommune",
    "FormerTie",
    "Geocoding",
    "Heartbeat",
    "InboxCount",
    "InboxKey",
    "InboxMessage",
    "Invitation",
    "InvitationRefusal",
    "IssuingBody",
    "Letter",
    "LetterIssue",
    "LetterMail",
    "LetterMark",
    "LetterSubscriber",
    "LinkKey",
    "LinkReceipt",
    "MailAct",
    "MemberBlock",
    "MemberCalendar",
    "MemberMessage",
    "MemberReport",
    "NetworkInvitation",
    "NetworkMark",
    "NetworkMember",
    "OperatorCode",
    "PageView",
    "PageViewFacet",
    "Passkey",
    "Proposal",
    "Provenance",
    "ProviderIdentity",
    "PublicVersion",
    "ReadersChoice",
    "RecoveryCode",
    "RegisterState",
    "Report",
    "Resource",
    "ResourceAct",
    "ResourceCollection",
    "ResourceCollectionEntry",
    "ResourceDraft",
    "ResourceEdition",
    "ResourceHold",
    "ResourceImport",
    "ResourceLink",
    "ResourceMark",
    "ResourceOfSituation",
    "ResourceProposal",
    "ResourceRecord",
    "ResourceRelation",
    "ResourceSynonym",
    "ResourceVersion",
    "ResourceWithdrawn",
    "Reveal",
    "RevealChoice",
    "Revision",
    "Role",
    "SealedSecret",
    "SignInAttempt",
    "Source",
    "SourceFile",
    "SourceRecord",
    "SourceRow",
    "StaffSession",
    "Territory",
    "TerritoryCurateur",
    "TerritoryVersion",
    "Withdrawal",
    "new_embed_id",
    "new_public_id",
]
