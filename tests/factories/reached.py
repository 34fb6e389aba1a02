"""What is reached by a number or a secret of its own: series and waitlists, collisions, pictures, quotas, seats,
requests and objections, and the links of letters and of calendars."""

from collections.abc import Mapping

from missions_app import clock, db
from missions_app.accounts import account_service, password_service, request_service, seat_service
from missions_app.accounts.actor import SYSTEM, mission_scope, organisation_scope
from missions_app.accounts.models import User
from missions_app.bookings import collision_service, day_service, link_service, outside_service
from missions_app.bookings.intervals import Interval
from missions_app.bookings.link_models import FeedKind
from missions_app.bookings.link_service import Target
from missions_app.bookings.models import LineState
from missions_app.bookings.outside_read import Outside
from missions_app.challenges import author_service, following_service, hearing_service
from missions_app.challenges.models import Challenge
from missions_app.documents import picture_service
from missions_app.experiments.log_models import LogEntry
from missions_app.experiments.models import Experiment
from missions_app.missions.models import Mission
from missions_app.organisations import organisation_service
from missions_app.sites import photo_service, rule_service
from missions_app.sites.photo_service import PhotoWords
from missions_app.sites.rule_models import QuotaPeriod
from missions_app.sites.rule_service import QuotaEntry
from missions_app.workflow import journey_service
from tests.factories.accounts import PASSWORD, actor_of, make_secretariat, make_user
from tests.factories.bookings import PNG, between, make_booking
from tests.factories.challenges import make_draft, make_representative, make_submitted
from tests.factories.organisations import make_organisation
from tests.factories.outbox import queued_mail, work
from tests.factories.pictures import make_png
from tests.factories.series import make_series
from tests.factories.sites import make_manager, make_resource
from tests.factories.waitlist import make_entry

# Variable of an address -> secrets that fit it.
Secrets = Mapping[str, list[object]]


def make_everything_reached(
    holder: User, *, followed: Challenge, mission: Mission | None = None, experiment: Experiment | None = None
) -> Secrets:
    """One of each kind; gives the secrets, which are told only once. `holder` has the calendar links."""
    make_times()
    make_answers()
    if experiment is not None:
        with db.transaction() as session:
            note = LogEntry(
                experiment=experiment, happened_at=clock.now(), text="Pumpen stannade.", photo_text="Pumpen",
                photo=picture_service.take_in(make_png())[0], noted_at=clock.now(),
            )  # fmt: skip
            session.add(note)
    return {**secrets_of_letters(followed), "feeds/secret.ics": calendar_links(holder, mission)}


def make_times() -> None:
    """A series, somebody who waits for what is taken, a calendar kept elsewhere that collides, pictures, a quota."""
    series = make_series()
    photo_service.add_photo(series.resource.site, PNG, PhotoWords("Kajen i kvällsljus"), by=SYSTEM)
    rule_service.add_quota(QuotaEntry("Tio", QuotaPeriod.MONTH, 10), [series.resource], by=SYSTEM)
    booking = make_booking(make_resource(), state=LineState.APPROVED)
    line = booking.lines[0]
    day_service.note_deviation(
        booking, text="Bojen drev", is_incident=False, by=actor_of(booking.requested_by), photo=PNG, photo_text="Bojen"
    )
    make_entry(line.resource, within=between(8, 12))
    followed = outside_service.follow(
        line.resource, name="Hamnen", url="https://example.org/hamn.ics", by=actor_of(make_manager(line.resource.site))
    )
    outside_service.take_in(followed.id, [Outside("ett", Interval(line.starts_at, line.ends_at))])
    assert collision_service.open_cases([line.resource.site_id])


def make_answers() -> None:
    """What waits for somebody's answer: an objection, an invitation to write, to join, and an empty seat."""
    declined = make_submitted()
    journey_service.move(declined, "decline", by=make_secretariat(), reason="Ett vanligt inköp.")
    hearing_service.object_to_decline(declined, text="Nej.", by=make_representative(declined))
    draft = make_draft()
    author_service.invite_writer(draft, email=make_user().email, by=make_representative(draft))
    joining = make_user()
    organisation_service.ask_to_join(
        make_organisation(), user=joining, message="Jag arbetar här.", by=actor_of(joining)
    )
    seat_service.add_seat("run", "Ledamot", by=SYSTEM)


def secrets_of_letters(followed: Challenge) -> Secrets:
    """The secrets in the links of letters, none of them used."""
    request_service.request_account(email="ny@example.se", name="Ny", locale="sv", origin="192.0.2.1")
    work(request_service.SEND_CONFIRMATION)
    somebody = make_user()
    password_service.request_email_change(somebody, "annan@example.se", password=PASSWORD, by=actor_of(somebody))
    work(password_service.CHANGE_ADDRESS)
    password_service.request_reset(somebody.email, origin="192.0.2.2")
    work(password_service.SEND_RESET)
    scope = organisation_scope(followed.organisation_id)
    account_service.invite(email="gast@example.se", name="Gäst", role="member", scope=scope, by=SYSTEM)
    following_service.ask_to_follow(followed, email="foljer@example.se", locale="sv")
    letters = {
        "confirm/token": "confirm_request", "email/token": "confirm_email", "password/token": "reset",
        "invitation/token": "invitation", "follow/token": "follow_confirm",
    }  # fmt: skip
    return {variable: [queued_mail(letter)["data"]["token"]] for variable, letter in letters.items()}


def calendar_links(holder: User, mission: Mission | None) -> list[object]:
    """What the holder may follow: their own, a site, and the mission they take part in."""
    resource = make_booking(state=LineState.APPROVED).lines[0].resource
    targets = [
        Target(FeedKind.MINE, None, "Mina"), Target(FeedKind.SITE, resource.site_id, "Platsen"),
        Target(FeedKind.RESOURCE, resource.id, "Salen"),
    ]  # fmt: skip
    by = actor_of(holder)
    if mission is not None and by.has_any(("coordinator", "partner"), mission_scope(mission.id)):
        targets.append(Target(FeedKind.MISSION, mission.id, mission.title))
    return [link_service.make_link(one, by=by)[1] for one in targets]
