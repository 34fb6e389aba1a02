"""Proposals to change the method: from anybody who works by it, with evidence from the cases, answered with reasons."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.workflow import method_queries, policy
from missions_app.workflow.errors import AlreadyAnswered
from missions_app.workflow.gate_doors import long_enough
from missions_app.workflow.method_models import MethodProposal, ProposalState

KINDS = ("refusal", "waiver", "lesson", "other")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the method should change: a refusal, a waiver, a lesson or something else; the reference of the case or
    criterion; and what it shows."""

    kind: str
    reference: str
    text: str


def propose(
    *, title: str, change: str, reason: str, place: str = "", evidence: Sequence[Evidence] = (), by: Actor
) -> MethodProposal:
    """Propose a change. Everybody who is signed in may.

    Args:
        place: the part of the method it is about, such as a criterion's id; "" for the whole.
    """
    permit(policy.can_propose, by, None)
    with db.transaction() as session:
        wrong = [
            Problem("missing", N_("Write this."), name)
            for name, text in (("title", title), ("change", change))
            if not text.strip()
        ]
        wrong += [Problem("unknown_choice", N_("Choose one of the alternatives."), "evidence")
                  for one in evidence if one.kind not in KINDS]  # fmt: skip
        if wrong:
            raise InvalidInput.of(wrong)
        long_enough(reason, "reason")
        proposal = MethodProposal(
            title=title.strip(), change=change.strip(), reason=reason.strip(), place=place.strip(),
            evidence=[asdict(one) for one in evidence], state=ProposalState.PROPOSED, proposed_by_id=by.user_id,
            proposed_at=clock.now(),
        )  # fmt: skip
        session.add(proposal)
        trail.record("method.change_proposed", proposal, by=by, place=place.strip())
        return proposal


def answer(
    proposal: MethodProposal, *, accept: bool, text: str, by: Actor, expected_version: int | None = None
) -> None:
    """Accept a proposal, to be worked into the draft there is, or decline it; with reasons either way.

    Raises:
        NotAllowed, AlreadyAnswered, TooShort, StaleVersion.
    """
    permit(policy.can_edit_method, by, None)
    with db.transaction():
        db.expect_version(proposal, expected_version)
        if proposal.state is not ProposalState.PROPOSED:
            raise AlreadyAnswered()
        long_enough(text, "answer")
        proposal.state = ProposalState.ACCEPTED if accept else ProposalState.DECLINED
        proposal.answer, proposal.answered_by_id, proposal.answered_at = text.strip(), by.user_id, clock.now()
        drafts = method_queries.drafts()
        if accept and drafts:
            proposal.method_version = drafts[0]
        trail.record("method.proposal_accepted" if accept else "method.proposal_declined", proposal, by=by)
