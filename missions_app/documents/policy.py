"""Who may do what with documents. Pure: the case says where its roles are held."""

from collections.abc import Iterable
from dataclasses import dataclass

from missions_app.accounts.actor import Actor, Scope
from missions_app.accounts.policy import is_secretariat
from missions_app.documents.models import Document, Visibility
from missions_app.workflow.subjects import Subject, scopes_of

WRITERS = (
    "problem_owner_rep",
    "coordinator",
    "experiment_lead",
    "site_manager",
    "org_admin",
    "member",
    "registrar",
    "partner",
)
SPEAKERS = ("org_admin", "problem_owner_rep")


@dataclass(frozen=True, slots=True)
class InCase:
    """A document together with its case; `scopes` are where the case's roles are held, when they are known already."""

    document: Document
    subject: Subject
    scopes: frozenset[Scope] | None = None

    @property
    def places(self) -> frozenset[Scope]:
        """Where the case's roles are held."""
        return scopes_of(self.subject) if self.scopes is None else self.scopes


def can_add_document(actor: Actor, subject: Subject) -> bool:
    """Everyone with a writing role in the case, and the secretariat."""
    return is_secretariat(actor) or actor.has_any(WRITERS, *scopes_of(subject))


def can_change_document(actor: Actor, one: InCase) -> bool:
    """Whoever brought it in, whoever leads the case, the registrar and the secretariat void and publish it."""
    if can_register(actor) or actor.has_any(("coordinator", "problem_owner_rep"), *one.subject.scopes):
        return True
    return _gave(actor, one.document)


def can_read_document(actor: Actor, one: InCase) -> bool:
    """Public ones everybody; others those with a part in the case and whoever has signed it; claimed secrets who gave
    it and officers."""
    document = one.document
    if document.visibility is Visibility.PUBLIC and document.published_on is not None:
        return True
    if can_register(actor) or _gave(actor, document):
        return True
    if document.visibility is Visibility.CLAIMED_SECRET:
        return False
    held = {scope for _role, scope in actor.grants}
    return bool(held & one.places) or bool(actor.bodies()) or _has_signed(actor, document)


def _has_signed(actor: Actor, document: Document) -> bool:
    """Whether an organisation of the actor's has signed, such as the owner of a site who is no partner."""
    own = {f"organisation:{one}" for one in actor.organisations()}
    return bool(own) and any(one.party in own for one in document.signatures)


def readable(actor: Actor, documents: Iterable[Document], subject: Subject) -> list[Document]:
    """Those of a case's documents that the actor may read, in the given order."""
    scopes = scopes_of(subject)
    return [one for one in documents if can_read_document(actor, InCase(one, subject, scopes))]


def can_register(actor: Actor, _subject: object = None) -> bool:
    """The registrar keeps the register; the secretariat helps."""
    return actor.has("registrar") or is_secretariat(actor)


def can_list_documents(actor: Actor, subject: Subject) -> bool:
    """Everyone with a part in the case, members of bodies, the registrar and the secretariat."""
    held = {scope for _role, scope in actor.grants}
    return bool(held & scopes_of(subject)) or can_register(actor) or bool(actor.bodies())


def can_sign_for(actor: Actor, party: str) -> bool:
    """A person signs for themselves; an organisation's administrators and representatives for it.

    Args:
        party: "user:<id>" or "organisation:<id>".
    """
    kind, _colon, key = party.partition(":")
    if kind == "user":
        return actor.user_id is not None and key == str(actor.user_id)
    return actor.is_signed_in and any((role, Scope("organisation", key)) in actor.grants for role in SPEAKERS)


def _gave(actor: Actor, document: Document) -> bool:
    if document.added_by_id is not None and document.added_by_id == actor.user_id:
        return True
    kind, _colon, key = document.party.partition(":")
    return kind == "organisation" and any(scope == Scope("organisation", key) for _role, scope in actor.grants)
