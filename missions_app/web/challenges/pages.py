"""The list of challenges, the page of one, its paper, and beginning a new one."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from missions_app.accounts.policy import is_secretariat
from missions_app.assessments import queries as assessments
from missions_app.assessments import results
from missions_app.challenges import policy, queries
from missions_app.challenges.models import Challenge
from missions_app.comments import queries as comments
from missions_app.documents import policy as documents
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.errors import NotAllowed
from missions_app.i18n import _
from missions_app.indicators.queries import indicators_of
from missions_app.indicators.small_numbers import without_small_baseline
from missions_app.organisations.places import municipality_names
from missions_app.strategy import queries as strategy
from missions_app.web.challenges import presenting, words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.forms import CommentForm, circle_words
from missions_app.web.challenges.joining import joined_for
from missions_app.web.stages import steps_of
from missions_app.web.start.coast import coast_map
from missions_app.workflow.method_service import method_in_force

FILTERS = ("q", "theme", "state", "municipality")
RUBRIC = "challenge"


@bp.get("/challenges")
@public
def list_challenges() -> ResponseReturnValue:
    """Challenges the reader may know of, narrowed by what is chosen."""
    chosen = {name: (request.args.get(name) or "").strip() for name in FILTERS}
    mine = request.args.get("mine") == "1" and actor().is_signed_in
    wanted = {name: value for name, value in chosen.items() if name != "q"}
    found = page_of(queries.challenges_for(actor(), text=chosen["q"], mine=mine, **wanted))
    method = method_in_force()
    return render_template(
        "challenges/list_challenges.html", found=found, chosen=chosen, mine=mine, method=method,
        places=municipality_names(), page_url=url_of_page, title_of=words.title_of,
        plan=method.journey(queries.KIND),
        can_screen=policy.can_screen(actor()), counts=queries.counts_by_state(actor()),
    )  # fmt: skip


@bp.get("/challenges/<reference>")
@public
def show_challenge(reference: str) -> ResponseReturnValue:
    """What it is about, where it stands, and whose turn it is."""
    challenge = queries.get_readable(reference, actor())
    circles = policy.can_read_discussion(actor(), challenge)
    form = CommentForm()
    form.fill_choices(presenting.circles_open(challenge, actor(), circles))
    state = policy.state_of(challenge)
    return render_template(
        "challenges/show_challenge.html", state=state, steps=steps_of(challenge),
        turn=presenting.turn_for(challenge, actor(), state), thread=presenting.thread_of(challenge, actor()),
        decisions=presenting.published_decisions(challenge, actor()), recused=presenting.recused_of(challenge),
        notes=comments.comments_on(challenge, circles), circles=circles, circle_words=circle_words(), form=form,
        assessed=_assessed(challenge), can_number=documents.can_register(actor(), challenge),
        can_link=_can_link(challenge), period=presenting.comment_period(challenge),
        can_screen=policy.can_screen(actor()), is_public=policy.is_public(challenge), **joined_for(challenge),
        **facts_for(challenge),
    )  # fmt: skip


@bp.get("/challenges/<reference>/paper")
@public
def show_paper(reference: str) -> ResponseReturnValue:
    """One page to print, as a basis for a decision."""
    challenge = queries.get_readable(reference, actor())
    return render_template(
        "challenges/show_paper.html", state=policy.state_of(challenge),
        decisions=presenting.published_decisions(challenge, actor()), **facts_for(challenge),
    )  # fmt: skip


@bp.get("/challenges/<reference>/receipt")
@signed_in
def show_receipt(reference: str) -> ResponseReturnValue:
    """That it has been sent in: when, by which reference, and what happens now."""
    challenge = queries.get_readable(reference, actor())
    authorise(policy.can_read_whole, challenge)
    submissions = queries.submissions_of(challenge)
    if not submissions:
        raise NotAllowed()
    return render_template(
        "challenges/show_receipt.html", challenge=challenge, submission=submissions[0],
        due=queries.answer_due(challenge), title_of=words.title_of,
    )  # fmt: skip


def facts_for(challenge: Challenge) -> dict[str, Any]:
    """What the page and the paper both show, as this reader may see it."""
    reader = actor()
    shows_place = "place" not in challenge.claims or policy.can_read_claims(reader, challenge)
    point = (challenge.latitude, challenge.longitude, challenge.radius_km) if shows_place else (None, None, None)
    names = ("title", "problem", "affected", "place", "target_statement")
    return {
        "challenge": challenge, "method": policy.method_for(challenge), "places": municipality_names(),
        "texts": {name: words.shown_text(challenge, name, reader) for name in names},
        "resources": challenge.resources if policy.can_read_whole(reader, challenge) else None,
        "whole": policy.can_read_whole(reader, challenge), "can_edit": policy.can_edit(reader, challenge),
        "map": coast_map(*point) if point[0] is not None else None, "point": point,
        "indicators": _indicators(challenge), "links": strategy.links_of(challenge.journey),
        "indicator_words": words.indicator_words, "title_of": words.title_of, "label_of": words.label_of,
        "directions": {key: _(text) for key, text in words.DIRECTIONS.items()},
    }  # fmt: skip


def _indicators(challenge: Challenge) -> list[Any]:
    plans = indicators_of(challenge.journey)
    if policy.can_read_whole(actor(), challenge):
        return list(plans)
    return [without_small_baseline(one) for one in plans]


def _can_link(challenge: Challenge) -> bool:
    writes = policy.can_edit(actor(), challenge) and policy.is_editable(challenge)
    return writes or (is_secretariat(actor()) and policy.state_of(challenge).kind == "waiting")


def _assessed(challenge: Challenge) -> bool:
    panel = assessments.current_panel(challenge.journey, RUBRIC)
    return panel is not None and results.may_read(actor(), challenge, panel)
