"""Whether what somebody wants to wait for can come at all; what is wrong is told at its field."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from missions_app import clock
from missions_app.bookings import bookables, checking, rules
from missions_app.bookings.askers import Asker
from missions_app.bookings.errors import Incomplete, NothingBookable
from missions_app.bookings.intervals import Interval
from missions_app.bookings.reservations import Wish
from missions_app.bookings.rules import Terms
from missions_app.bookings.waiting import Waiting, are_apart
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Resource

LONGEST_WAIT = timedelta(days=366)
MOST_WISHES = 5


def require_sensible(
    wishes: Sequence[tuple[Resource, int]], waiting: Waiting, organisation: Organisation
) -> None:  # fmt: skip
    """Refuse what can never be offered.

    Raises:
        NothingBookable, Incomplete.
    """
    if not 0 < len(wishes) <= MOST_WISHES or len({resource.id for resource, _units in wishes}) < len(wishes):
        text = N_("Choose from one to %(most)d things to wait for, each once.")
        raise Incomplete.of([Problem("wishes_out_of_range", text, "resource", {"most": MOST_WISHES})])
    there = bookables.load(Resource.id.in_([resource.id for resource, _units in wishes]))
    if len(there) < len(wishes):
        raise NothingBookable()
    problems = list(_time_problems(waiting))
    asked = {resource.id: units for resource, units in wishes}
    if not are_apart([(one, asked[one.resource.id]) for one in there]):
        text = N_("These can never be had at the same time: one takes what another needs. Wait for one of them.")
        problems.append(Problem("never_together", text, "resource"))
    if not problems:
        problems = [each for one in there for each in _length_problems(waiting, one.terms)]
    # What is so at every time: who may book it, and how many there are.
    asker = Asker(organisation.id, for_experiment=True, is_booking=False)
    for resource, units in wishes:
        broken = checking.problems(Wish(resource, waiting.within, units), asker)
        problems += [one for one in broken if one.code in ("not_among_bookers", "too_many_units")]
    if problems:
        raise Incomplete.of(problems)


def _length_problems(waiting: Waiting, terms: Terms) -> Iterable[Problem]:
    """What a resource says about the wanted and the shortest length, each told at its field."""
    start, shortest = waiting.within.start, waiting.shortest or waiting.length
    for problem in rules.longest_problems(Interval(start, start + waiting.length), terms):
        yield replace(problem, field="length")
    least = Interval(start, start + shortest)
    for problem in rules.shortest_problems(least, terms):
        yield replace(problem, field="shortest" if waiting.shortest else "length")
    if waiting.length // terms.step * terms.step < shortest:
        for problem in rules.step_problems(Interval(start, start + waiting.length), terms):
            yield replace(problem, field="length")


def _comes(waiting: Waiting) -> bool:
    """Whether any of the wanted weekdays comes in the time that is waited for."""
    first, last = clock.day_of(waiting.within.start), clock.day_of(waiting.within.end - timedelta(microseconds=1))
    days = {(first + timedelta(days=number)).weekday() for number in range(min(7, (last - first).days + 1))}
    return not waiting.weekdays or not days.isdisjoint(waiting.weekdays)


def _time_problems(waiting: Waiting) -> Iterable[Problem]:
    now, hours = clock.now(), waiting.hours
    if waiting.within.end <= now:
        yield Problem("in_the_past", N_("The time has passed. Choose a later one."), "last")
    if waiting.within.end > now + LONGEST_WAIT:
        latest = clock.day_of(now + LONGEST_WAIT - timedelta(days=1))
        yield Problem(
            "too_far_ahead", N_("One can wait for a year. The latest day is %(day)s."), "last", {"day": latest}
        )
    if waiting.length < timedelta(minutes=30) or waiting.length > waiting.within.length:
        yield Problem("length", N_("The time you need must fit between the first and the last day."), "length")
    if waiting.shortest is not None and not timedelta(0) < waiting.shortest <= waiting.length:
        yield Problem("shortest", N_("The shortest time must not be longer than the wanted one."), "shortest")
    if not _comes(waiting):
        text = N_("None of these weekdays comes between the first and the last day. Choose others, or more days.")
        yield Problem("no_such_weekday", text, "weekdays")
    if hours.are_turned():
        yield Problem("out_of_order", N_("The time must end after it begins."), "latest_end")
    elif not hours.have_room(waiting.shortest or waiting.length):
        yield Problem("no_room", N_("The hours that suit you have no room for the time you need."), "latest_end")
