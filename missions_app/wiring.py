"""Which package reacts to what: every registration, on one page."""

from datetime import timedelta
from pathlib import Path

from config.region import load_region
from config.settings import Settings
from missions_app.accounts import jobs as account_jobs
from missions_app.accounts import password_service, request_service, tasks
from missions_app.accounts import queries as accounts
from missions_app.assessments import conflicts, deciders, hearing, interests, panel_service, recheck_service
from missions_app.assessments import events as assessment_events
from missions_app.assessments import facts as assessment_facts
from missions_app.assessments import reactions as assessment_reactions
from missions_app.assessments import tasks as assessment_tasks
from missions_app.audit import seals
from missions_app.audit.trail import Recorded
from missions_app.bookings import (
    alternatives,
    blackout_service,
    cancel_service,
    demand_service,
    drawdown,
    file_blackouts,
    letters,
    outside_service,
    relying,
    sweep_service,
    waitlist_service,
    waitlist_tasks,
)
from missions_app.bookings import facts as booking_facts
from missions_app.bookings import interests as booking_interests
from missions_app.bookings import reactions as booking_reactions
from missions_app.bookings import tasks as booking_tasks
from missions_app.bookings.events import HoldsExpired, OfferMet, TimeFreed, TimeRefused
from missions_app.challenges import facts as challenge_facts
from missions_app.challenges import finding as challenge_finding
from missions_app.challenges import following_service
from missions_app.challenges import interests as challenge_interests
from missions_app.challenges import owners as challenge_owners
from missions_app.challenges import queries as challenge_queries
from missions_app.challenges import reactions as challenge_reactions
from missions_app.challenges import revisions as challenge_revisions
from missions_app.challenges import tasks as challenge_tasks
from missions_app.documents import deletion_service, disclosure_service, print_service, scan_service, scanning, storage
from missions_app.documents import disclosable as document_disclosable
from missions_app.documents import facts as document_facts
from missions_app.documents import tasks as document_tasks
from missions_app.evaluation import drawdown as report_drawdown
from missions_app.evaluation import effects as evaluation_effects
from missions_app.evaluation import facts as evaluation_facts
from missions_app.evaluation import tasks as evaluation_tasks
from missions_app.events import subscribe
from missions_app.experiments import experiment_service
from missions_app.experiments import facts as experiment_facts
from missions_app.experiments import finding as experiment_finding
from missions_app.experiments import owners as experiment_owners
from missions_app.experiments import queries as experiment_queries
from missions_app.experiments import tasks as experiment_tasks
from missions_app.idempotency import key_service
from missions_app.messages import delivery, digests
from missions_app.missions import facts as mission_facts
from missions_app.missions import finding as mission_finding
from missions_app.missions import mission_service
from missions_app.missions import queries as mission_queries
from missions_app.missions import tasks as mission_tasks
from missions_app.missions.events import ChallengeJoined, MissionCreated
from missions_app.organisations import finding as organisation_finding
from missions_app.organisations import places, succession
from missions_app.organisations import queries as organisations
from missions_app.organisations import tasks as organisation_tasks
from missions_app.outbox import jobs, mail, rendering
from missions_app.partnerships import (
    agreement_print,
    agreement_service,
    commitment_service,
    merging,
    partner_service,
    statements,
    watch_service,
)
from missions_app.partnerships import disclosable as partnership_disclosable
from missions_app.partnerships import effects as partnership_effects
from missions_app.partnerships import facts as partnership_facts
from missions_app.partnerships import interests as partnership_interests
from missions_app.partnerships import owners as partnership_owners
from missions_app.partnerships import rights as partnership_rights
from missions_app.partnerships import tasks as partnership_tasks
from missions_app.partnerships.events import PartnerLeft
from missions_app.portfolio import printing
from missions_app.search import index
from missions_app.sites import file_parts, file_photos, file_rules
from missions_app.sites import finding as site_finding
from missions_app.sites import jobs as site_jobs
from missions_app.sites import tasks as site_tasks
from missions_app.strategy import facts as strategy_facts
from missions_app.strategy import weekly
from missions_app.work import reminders
from missions_app.workflow import decision_service, notices, owners, pinning, recusal, subjects, watching
from missions_app.workflow import tasks as workflow_tasks
from missions_app.workflow.conditions import asks
from missions_app.workflow.events import (
    BodyConsulted,
    CriterionTurnedStale,
    GateDecided,
    GateRecommended,
    GateRequested,
    StateEntered,
    SteppedAside,
)


def connect(settings: Settings) -> None:
    """Join the packages. Doing it twice is the same as once."""
    storage.configure(Path(settings.files), settings.max_upload_bytes)
    scanning.configure(scanning.scanner_for(settings.clamd_url))
    _connect_cases()
    _connect_facts()
    _connect_interests()
    _connect_owners()
    _connect_effects()
    _connect_files()
    _connect_events()
    _connect_people(settings)
    _connect_jobs()


def _connect_cases() -> None:
    subjects.register("challenge", challenge_queries.challenge_of, challenge_queries.challenges_of_journeys)
    subjects.register("mission", mission_service.load, mission_queries.missions_of_journeys)
    subjects.register("experiment", experiment_service.load, experiment_queries.experiments_of_journeys)
    subjects.add_scopes("experiment", booking_facts.scopes_of)
    subjects.add_hindrance("mission", hearing.hindrance)
    subjects.add_revision("challenge", lambda challenge: challenge_queries.latest_revision(challenge).number)


def _connect_facts() -> None:
    for kind in ("challenge", "mission"):
        subjects.add_facts(kind, document_facts.facts_of)
    subjects.add_facts("challenge", challenge_facts.facts_of)
    subjects.add_facts("challenge", strategy_facts.strategy_facts)
    subjects.add_facts("challenge", assessment_facts.challenge_facts)
    subjects.add_facts("mission", assessment_facts.evaluation_facts)
    subjects.add_facts("mission", mission_facts.facts_of)
    subjects.add_facts("mission", partnership_facts.facts_of)
    subjects.add_facts("mission", experiment_facts.facts_of_mission)
    subjects.add_facts("mission", evaluation_facts.facts_of_mission)
    subjects.add_facts("experiment", experiment_facts.facts_of_experiment)
    subjects.add_facts("experiment", booking_facts.facts_of)
    subjects.add_facts("experiment", evaluation_facts.facts_of_experiment)


def _connect_interests() -> None:
    conflicts.add_ties(interests.ties_of)
    conflicts.group_by(organisations.groups_of)
    conflicts.add_parties("challenge", challenge_interests.parties_of)
    conflicts.add_persons("challenge", challenge_interests.persons_of)
    conflicts.add_parties("mission", partnership_interests.parties_of)
    conflicts.add_parties("mission", booking_interests.parties_of)
    conflicts.add_persons("mission", partnership_interests.persons_of)
    conflicts.add_parties("experiment", lambda experiment: partnership_interests.parties_of(experiment.mission))
    recusal.add_ties(deciders.ties_of_decider)
    recusal.add_parties(deciders.names_of_parties)


def _connect_owners() -> None:
    owners.add_owners("challenge", challenge_owners.owners_of)
    owners.add_owners("mission", partnership_owners.owners_of)
    owners.add_owners("experiment", experiment_owners.owners_of)


def _connect_effects() -> None:
    subjects.register_effect("create_mission", mission_service.create_mission)
    subjects.register_effect("new_experiment_round", experiment_service.new_round)
    subjects.register_effect("keep_partners", partnership_effects.keep_partners)
    subjects.register_effect("reopen_partnership", partnership_effects.reopen_partnership)
    subjects.register_effect("notify_partners", partnership_effects.notify_partners)
    subjects.register_effect("notify_funders", partnership_effects.notify_funders)
    subjects.register_effect("close_commitments", commitment_service.close_commitments)
    subjects.register_effect("release_bookings", cancel_service.release_bookings)
    subjects.register_effect("publish_lessons", evaluation_effects.publish_lessons)
    for effect, owner, days in (
        ("create_scaling_plan", "coordinator", 60),
        ("name_receiver", "problem_owner_rep", 60),
        ("open_procurement_dialogue", "problem_owner_rep", 90),
        ("add_to_showcase", "secretariat", 30),
        ("report_run", "secretariat", 60),
        ("follow_up_12_months", "secretariat", 365),
        ("archive", "registrar", 60),
        ("set_review_date", "secretariat", 180),
    ):
        subjects.register_effect(effect, asks(effect, owner=owner, days=days))


def _connect_files() -> None:
    """What a site's file holds, in the order in which it is taken in."""
    file_parts.register("qualifications", file_rules.QUALIFICATIONS)
    file_parts.register("bookers", file_rules.BOOKERS)
    file_parts.register("quotas", file_rules.QUOTAS)
    file_parts.register("photos", file_photos.PHOTOS)
    file_parts.register("blackouts", file_blackouts.BLACKOUTS)


def _connect_events() -> None:
    subscribe(Recorded, index.reindex)
    subscribe(TimeRefused, alternatives.tell_alternatives)
    subscribe(Recorded, watching.on_recorded)
    subscribe(Recorded, recheck_service.on_recorded)
    subscribe(Recorded, challenge_reactions.on_recorded)
    subscribe(Recorded, drawdown.on_recorded)
    subscribe(Recorded, report_drawdown.on_recorded)
    subscribe(TimeRefused, demand_service.note_refusal)
    subscribe(TimeFreed, blackout_service.take_freed)  # before those who wait
    subscribe(TimeFreed, outside_service.take_freed)
    subscribe(TimeFreed, waitlist_service.offer_freed)
    subscribe(OfferMet, waitlist_service.take_own_offer)
    subscribe(HoldsExpired, booking_reactions.on_holds_expired)
    subscribe(StateEntered, panel_service.close_panels)
    subscribe(StateEntered, challenge_reactions.on_state_entered)
    subscribe(GateDecided, challenge_reactions.on_gate_decided)
    subscribe(GateDecided, notices.on_gate_decided)
    subscribe(GateRequested, notices.on_gate_requested)
    subscribe(GateRecommended, notices.on_gate_recommended)
    subscribe(SteppedAside, notices.on_stepped_aside)
    subscribe(BodyConsulted, notices.on_body_consulted)
    subscribe(CriterionTurnedStale, notices.on_turned_stale)
    subscribe(assessment_events.AssessmentsIn, challenge_reactions.on_assessments_in)
    subscribe(assessment_events.AssessorAssigned, assessment_reactions.on_assigned)
    subscribe(assessment_events.AssessorConflicted, assessment_reactions.on_conflicted)
    index.register("challenge", challenge_finding.found)
    index.register("mission", mission_finding.found)
    index.register("site", site_finding.found)
    index.register("organisation", organisation_finding.found)
    index.register("experiment", experiment_finding.found)
    subscribe(MissionCreated, partner_service.open_partnership)
    subscribe(ChallengeJoined, partner_service.take_in_owner)
    subscribe(PartnerLeft, relying.on_partner_left)
    succession.register("partner", merging.move_places)
    succession.register("agreement_party", merging.move_parties)


def _connect_people(settings: Settings) -> None:
    region = load_region(settings.region)
    deciders.set_host(region.owner)
    places.set_municipalities((one.code, one.name) for one in region.municipalities)
    tasks.register(organisation_tasks.tasks_for)
    tasks.register(challenge_tasks.tasks_for)
    tasks.register(assessment_tasks.tasks_for)
    tasks.register(mission_tasks.tasks_for)
    tasks.register(partnership_tasks.tasks_for)
    tasks.register(document_tasks.tasks_for)
    tasks.register(workflow_tasks.tasks_for)
    tasks.register(evaluation_tasks.tasks_for)
    tasks.register(experiment_tasks.tasks_for)
    tasks.register(booking_tasks.tasks_for)
    tasks.register(site_tasks.tasks_for)
    tasks.register(waitlist_tasks.tasks_for)
    accounts.add_following(partnership_rights.following)
    for template in ("booking_confirmed", "booking_postponed", "booking_put_off", "booking_cancelled"):
        rendering.attach(template, letters.calendar_file)
    in_words = rendering.renderer(settings.base_url, region.name)
    send = mail.sender(mail.transport_for(settings.mail_url), in_words, settings.mail_from, settings.base_url)
    jobs.register(mail.MAIL, delivery.deliverer(send))
    jobs.register("messages.digest", digests.digester(in_words), every=timedelta(hours=1))
    jobs.register("messages.forget_old", digests.forget_old, every=timedelta(days=1))
    jobs.register("work.remind", reminders.remind, every=timedelta(hours=1))
    jobs.register(password_service.SEND_RESET, password_service.send_reset)
    jobs.register(password_service.CHANGE_ADDRESS, password_service.send_email_change)
    jobs.register(request_service.SEND_CONFIRMATION, request_service.send_confirmation)
    jobs.register("accounts.forget_old", account_jobs.forget_old, every=timedelta(days=1))
    jobs.register("idempotency.forget_old", key_service.forget_old, every=timedelta(days=1))


def _connect_jobs() -> None:
    jobs.register(scan_service.SCAN, scan_service.scan_file)
    jobs.register(deletion_service.FORGET, deletion_service.forget_file)
    deletion_service.add_references(challenge_revisions.references_to)
    jobs.register(print_service.PRINT, print_service.make)
    disclosure_service.register("document", document_disclosable.source())
    disclosure_service.register(partnership_disclosable.PROMISE, partnership_disclosable.promises())
    disclosure_service.register(partnership_disclosable.OFFER, partnership_disclosable.offers())
    print_service.register(statements.KIND, statements.printed())
    print_service.register(agreement_print.KIND, agreement_print.printed())
    for kind, made in printing.prints().items():
        print_service.register(kind, made)
    jobs.register(agreement_service.REMIND, agreement_service.remind_of_endings, every=timedelta(days=1))
    jobs.register("audit.seal", lambda _payload: _seal_all(), every=timedelta(seconds=30))
    jobs.register("strategy.signals_of_the_week", weekly.send_week, every=timedelta(days=1))
    jobs.register("challenges.forget_unconfirmed", following_service.forget_unconfirmed, every=timedelta(days=1))
    jobs.register("outbox.forget_done", jobs.forget_done, every=timedelta(days=1))
    jobs.register(watch_service.SEND_DIGESTS, watch_service.send_digests, every=timedelta(days=1))
    jobs.register(outside_service.FETCH, outside_service.fetcher())
    jobs.register("bookings.plan_fetches", outside_service.plan_fetches, every=timedelta(minutes=15))
    jobs.register("bookings.expire_holds", cancel_service.expire_holds, every=timedelta(minutes=1))
    # What can only add to a case, or is written in numbers, is not worth a look.
    watching.ignore("booking.drafted", "booking.saved", "booking.submitted", "file.scanned")
    watching.freeze_on("booking.checked_in")
    watching.add_cases(partnership_effects.missions_resting_on)
    jobs.register(watching.RECHECK, pinning.recheck)
    jobs.register(recheck_service.RECHECK, recheck_service.recheck)
    jobs.register("assessments.sweep", recheck_service.sweep, every=timedelta(days=1))
    jobs.register("bookings.tend_waitlist", waitlist_service.tend, every=timedelta(minutes=1))
    jobs.register("bookings.look_again", waitlist_service.look_again, every=timedelta(hours=1))
    jobs.register("bookings.offer_later", waitlist_service.offer_later)
    jobs.register("bookings.sweep", sweep_service.sweep, every=timedelta(days=1))
    jobs.register("bookings.weather", sweep_service.tend_weather, every=timedelta(hours=1))
    jobs.register(site_jobs.REMIND, site_jobs.remind_of_reviews, every=timedelta(days=1))
    jobs.register("workflow.sweep", pinning.sweep, every=timedelta(days=1))
    jobs.register("workflow.publish_due", decision_service.publish_due, every=timedelta(minutes=10))


def _seal_all() -> None:
    while seals.seal_batch():
        pass
