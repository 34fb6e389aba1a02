"""Every models module, so that mappers and migrations see one schema."""

from missions_app.accounts import models as accounts
from missions_app.assessments import models as assessments
from missions_app.assessments import question_models as assessment_questions
from missions_app.audit import models as audit
from missions_app.bookings import block_models as booking_blocks
from missions_app.bookings import consent_models as booking_consents
from missions_app.bookings import demand_models as unmet_demand
from missions_app.bookings import fee_models as booking_fees
from missions_app.bookings import link_models as booking_links
from missions_app.bookings import models as bookings
from missions_app.bookings import outside_models as booking_outside
from missions_app.bookings import waitlist_models as waitlist
from missions_app.challenges import models as challenges
from missions_app.comments import models as comments
from missions_app.documents import disclosure_models as disclosures
from missions_app.documents import models as documents
from missions_app.evaluation import models as evaluation
from missions_app.experiments import log_models as experiment_logs
from missions_app.experiments import models as experiments
from missions_app.idempotency import models as idempotency
from missions_app.indicators import models as indicators
from missions_app.messages import models as messages
from missions_app.missions import models as missions
from missions_app.organisations import models as organisations
from missions_app.outbox import models as outbox
from missions_app.partnerships import coordination_models as coordination_offers
from missions_app.partnerships import follow_up_models as follow_up_funding
from missions_app.partnerships import funding_call_models as funding_calls
from missions_app.partnerships import models as partnerships
from missions_app.portfolio import models as portfolio
from missions_app.references import models as references
from missions_app.search import models as search
from missions_app.sites import entry_models as site_entries
from missions_app.sites import models as sites
from missions_app.sites import rule_models as site_rules
from missions_app.strategy import models as strategy
from missions_app.workflow import guard
from missions_app.workflow import method_models as method_models
from missions_app.workflow import models as workflow

__all__ = [
    "booking_fees", "booking_links", "booking_outside",
    "accounts", "assessment_questions",
    "assessments", "audit", "booking_blocks", "booking_consents", "bookings", "challenges", "comments",
    "coordination_offers",
    "disclosures", "documents", "evaluation", "experiment_logs", "experiments",
    "follow_up_funding", "funding_calls", "idempotency", "indicators", "messages",
    "method_models", "missions", "organisations", "outbox", "partnerships", "portfolio", "references", "search",
    "site_entries", "site_rules", "sites", "strategy", "unmet_demand", "waitlist", "workflow",
]  # fmt: skip

guard.attach(workflow.Evidence.metadata)
