"""Whether the parts of a method document fit each other. Pure.

Every function yields (place, code, reason, remedy, values); reasons and remedies are msgids.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from missions_app.i18n import N_
from missions_app.workflow import checks, facts
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import Criterion, Gate, JourneyPlan
from missions_app.workflow.predicates import Predicate

Finding = tuple[str, str, str, str, dict[str, Any]]

SYSTEM_ACTORS = {"system"}
SIGNER_KEYS = {"problem_owner", "coordinator", "all_partners", "experiment_lead", "parties_of_experiment"}


def reference_problems(method: Method) -> list[Finding]:
    """Every problem of reference, in the document's order."""
    return [
        *_duplicates(method),
        *_languages(method),
        *_journeys(method),
        *_gates(method),
        *_rubrics(method),
        *_vocabularies(method),
        *_sites_and_bookings(method),
    ]


def _unknown(place: str, value: object, known: Iterable[str]) -> Finding:
    return (
        place, "unknown_reference", N_("“%(value)s” is not defined."), N_("Use one of: %(known)s."),
        {"value": value, "known": ", ".join(sorted(known))},
    )  # fmt: skip


def _each_known(place: str, values: Iterable[str], known: Iterable[str]) -> Iterator[Finding]:
    accepted = set(known)
    for value in values:
        if value not in accepted:
            yield _unknown(place, value, accepted)


def _repeated(place: str, ids: Iterable[str]) -> Iterator[Finding]:
    for name, times in Counter(ids).items():
        if times > 1:
            reason, remedy = N_("“%(id)s” stands %(times)d times."), N_("Give each an id of its own.")
            yield f"{place}[{name}]", "duplicate_id", reason, remedy, {"id": name, "times": times}


def _duplicates(method: Method) -> Iterator[Finding]:
    for name in type(method).model_fields:
        rows = getattr(method, name)
        if isinstance(rows, tuple) and rows and hasattr(rows[0], "id"):
            yield from _repeated(name.rstrip("_"), (row.id for row in rows))
    last = {one.id: gate.id for gate in method.gate_ for one in gate.criteria}
    every = [one.id for gate in method.gate_ for one in gate.criteria]
    for place, code, reason, remedy, values in _repeated("criterion", every):
        yield f"gate[{last[values['id']]}].{place}", code, reason, remedy, values
    for plan in method.journey_:
        yield from _repeated(f"journey[{plan.subject}].state", (state.id for state in plan.state))
        yield from _repeated(f"journey[{plan.subject}].move", (move.id for move in plan.move))
    for gate in method.gate_:
        yield from _repeated(f"gate[{gate.id}].outcome", (outcome.id for outcome in gate.outcomes))


def _languages(method: Method) -> Iterator[Finding]:
    if set(method.meta.languages) != {"sv", "en"}:
        yield "meta.languages", "missing_language", N_("A language is missing."), N_("List both sv and en."), {}


def _who(method: Method) -> set[str]:
    return {role.id for role in method.platform_role} | set(method.body_ids)


def _journeys(method: Method) -> Iterator[Finding]:
    stages = method.ids("stage")
    for subject in ("challenge", "mission", "experiment"):
        if subject not in {plan.subject for plan in method.journey_}:
            yield _unknown("journey", subject, {plan.subject for plan in method.journey_})
    for plan in method.journey_:
        place = f"journey[{plan.subject}]"
        states = {state.id for state in plan.state}
        yield from _each_known(f"{place}.initial", [plan.initial], states)
        for state in plan.state:
            yield from _each_known(f"{place}.state[{state.id}].stage", [state.stage], stages)
        for move in plan.move:
            yield from _each_known(f"{place}.move[{move.id}]", [*move.from_states, move.to], states)
            yield from _each_known(f"{place}.move[{move.id}].by", move.by, _who(method))
            for check in move.guard.checks if move.guard else ():
                yield from _check_known(f"{place}.move[{move.id}].guard", check.check, check.params, method)
        yield from _unreachable(plan, method)


def _unreachable(plan: JourneyPlan, method: Method) -> Iterator[Finding]:
    steps = [(source, move.to) for move in plan.move for source in move.from_states]
    for gate in method.gates_of(plan.subject):
        steps += [(source, outcome.to) for outcome in gate.outcomes for source in gate.from_states]
    reached, grew = {plan.initial}, True
    while grew:
        new = {to for source, to in steps if source in reached} - reached
        reached |= new
        grew = bool(new)
    for state in plan.state:
        if state.id not in reached:
            yield (
                f"journey[{plan.subject}].state[{state.id}]",
                "unreachable",
                N_("No move or outcome leads to this state."),
                N_("Add a move to it, or remove it."),
                {},
            )


def _gates(method: Method) -> Iterator[Finding]:
    effects, who = set(method.ids("effect")), _who(method)
    for gate in method.gate_:
        place = f"gate[{gate.id}]"
        plan = next((one for one in method.journey_ if one.subject == gate.subject), None)
        states = {state.id for state in plan.state} if plan else set()
        yield from _each_known(f"{place}.from", gate.from_states, states)
        yield from _each_known(f"{place}.decided_by", [gate.decided_by], who)
        yield from _each_known(f"{place}.requested_by", gate.requested_by, who)
        yield from _each_known(f"{place}.recommended_by", gate.recommended_by, who)
        if (gate.escalate_to is None) != (gate.escalate_when is None):
            yield (
                place, "half_escalation", N_("Escalation needs both a body and a condition."),
                N_("Give escalate_to and escalate_when, or neither."), {},
            )  # fmt: skip
        if gate.escalate_to:
            yield from _each_known(f"{place}.escalate_to", [gate.escalate_to], who)
        if gate.escalate_when:
            yield from _predicate(f"{place}.escalate_when", gate.escalate_when, gate.subject)
        for outcome in gate.outcomes:
            yield from _each_known(f"{place}.outcome[{outcome.id}].to", [outcome.to], states)
            yield from _each_known(f"{place}.outcome[{outcome.id}].triggers", outcome.triggers, effects)
        for criterion in gate.criteria:
            yield from _criterion(gate, criterion, method)


def _criterion(gate: Gate, criterion: Criterion, method: Method) -> Iterator[Finding]:
    place = f"gate[{gate.id}].criterion[{criterion.id}]"
    yield from _check_known(place, criterion.check, criterion.params, method)
    for name in criterion.reads:
        if not facts.known(name, gate.subject):
            yield (
                f"{place}.reads", "unknown_fact", N_("A %(subject)s has no fact “%(fact)s”."),
                N_("Use a name from the catalogue of facts."), {"subject": gate.subject, "fact": name},
            )  # fmt: skip
    if criterion.when:
        yield from _predicate(f"{place}.when", criterion.when, gate.subject)
    yield from _each_known(f"{place}.waivable_by", [criterion.waivable_by], {*_who(method), "none"})
    yield from _each_known(f"{place}.who", criterion.who, _who(method))
    yield from _each_known(f"{place}.place", [criterion.place], method.ids("place"))
    if not criterion.id.startswith(f"{gate.id}."):
        yield (
            place, "wrong_prefix", N_("The id does not begin with its gate's."), N_("Begin it with “%(gate)s.”."),
            {"gate": gate.id},
        )  # fmt: skip


def _check_known(place: str, kind: str, params: dict[str, Any], method: Method) -> Iterator[Finding]:
    if kind not in checks.KINDS or kind not in method.ids("check_kind"):
        yield _unknown(f"{place}.check", kind, checks.KINDS)
        return
    yield from _each_known(f"{place}.params", params, method.term("check_kind", kind).params)  # type: ignore[attr-defined]
    if kind == "document":
        yield from _each_known(f"{place}.params.types", params["types"], method.ids("document_type"))
        yield from _each_known(f"{place}.params.signed_by", [params["signed_by"]], SIGNER_KEYS)
    if kind == "attest":
        yield from _each_known(f"{place}.params.role", [params["role"]], method.ids("platform_role"))
    if kind == "decision":
        yield from _each_known(f"{place}.params.body", [params["body"]], method.body_ids)
    if kind == "rubric":
        yield from _each_known(f"{place}.params.rubric", [params["rubric"]], (one.id for one in method.rubric_))


def _predicate(place: str, predicate: Predicate, subject: str) -> Iterator[Finding]:
    for name in sorted(predicate.facts()):
        if not facts.known(name, subject):
            yield (
                place, "unknown_fact", N_("A %(subject)s has no fact “%(fact)s”."),
                N_("Use a name from the catalogue of facts."), {"subject": subject, "fact": name},
            )  # fmt: skip


def _rubrics(method: Method) -> Iterator[Finding]:
    for rubric in method.rubric_:
        yield from _repeated(f"rubric[{rubric.id}].criterion", (one.id for one in rubric.criteria))
        total = sum(one.weight for one in rubric.criteria)
        if total != 100:
            yield (
                f"rubric[{rubric.id}]", "weights", N_("The weights sum to %(total)d."), N_("Make them sum to 100."),
                {"total": total},
            )  # fmt: skip


def _vocabularies(method: Method) -> Iterator[Finding]:
    peaks, indicators = method.ids("peak"), method.ids("indicator")
    for area in method.specialisation:
        yield from _each_known(f"specialisation[{area.id}].peaks", area.peaks, peaks)
    for body in method.body_:
        if body.specialisation:
            yield from _each_known(
                f"body[{body.id}].specialisation", [body.specialisation], method.ids("specialisation")
            )
        if body.role:
            yield from _each_known(f"body[{body.id}].role", [body.role], method.ids("platform_role"))
    for who in (method.meta.decided_by, method.meta.maintained_by):
        yield from _each_known("meta", [who], _who(method))
    for bottleneck in method.bottleneck:
        yield from _each_known(f"bottleneck[{bottleneck.id}].indicator", [bottleneck.indicator], indicators)
    yield from _parts(method)


def _parts(method: Method) -> Iterator[Finding]:
    """Documents, stages, phases and indicators: what each names of the others."""
    for kind in method.document_type:
        yield from _each_known(f"document_type[{kind.id}].retention", [kind.retention], method.ids("retention"))
    for stage in method.stage:
        yield from _each_known(f"stage[{stage.id}].step", [stage.step], method.ids("step"))
        if stage.exit_gate:
            yield from _each_known(
                f"stage[{stage.id}].exit_gate", [stage.exit_gate], (gate.id for gate in method.gate_)
            )
    for phase in method.funding_phase:
        yield from _each_known(f"funding_phase[{phase.id}].stages", phase.stages, method.ids("stage"))
    for indicator in method.indicator:
        yield from _each_known(f"indicator[{indicator.id}].theme", [indicator.theme], method.ids("theme"))


def _sites_and_bookings(method: Method) -> Iterator[Finding]:
    questions = {question.id: {value.id for value in question.values} for question in method.site_question}
    for rule in method.site_rule:
        yield from _each_known(f"site_rule[{rule.order}].type", [rule.type], method.ids("site_type"))
        yield from _each_known(f"site_rule[{rule.order}].when", rule.when.facts(), questions)
    states = method.ids("booking_state")
    roles = {*method.ids("platform_role"), *SYSTEM_ACTORS}
    for step in method.booking_transition:
        yield from _each_known("booking_transition", [step.from_state, step.to], states)
        yield from _each_known("booking_transition.by", [step.by], roles)
    reached, grew = {"draft"}, True
    while grew:
        new = {step.to for step in method.booking_transition if step.from_state in reached} - reached
        reached |= new
        grew = bool(new)
    for state in set(states) - reached:
        yield (
            f"booking_state[{state}]", "unreachable", N_("No move or outcome leads to this state."),
            N_("Add a move to it, or remove it."), {},
        )  # fmt: skip
    for permit in method.permit:
        yield from _each_known(f"permit[{permit.id}].asks_for", permit.asks_for, method.ids("permit_question"))
    yield from _each_known(
        "booking.low_threshold.risk_level", [method.booking.low_threshold.risk_level], method.ids("risk_level")
    )
