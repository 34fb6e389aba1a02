"""Every revision of a challenge, and what changed between two of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.challenges import policy, queries, restore_service
from missions_app.challenges.comparing import Change, changes, rows_changed, word_changes
from missions_app.challenges.content import BY_NAME, FieldKind
from missions_app.challenges.models import Challenge, Revision, RevisionKind
from missions_app.documents import policy as documents
from missions_app.documents.queries import documents_of
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.i18n import N_, _, both
from missions_app.strategy import queries as strategy
from missions_app.web.challenges import words
from missions_app.web.challenges.blueprint import bp

KINDS = {
    RevisionKind.CREATED: N_("The draft was begun"), RevisionKind.SAVED: N_("Saved"),
    RevisionKind.AUTOSAVED: N_("Saved while writing"), RevisionKind.MERGED: N_("Two texts were brought together"),
    RevisionKind.INDICATORS: N_("An indicator was changed"),
    RevisionKind.STRATEGY: N_("A strategic document was gone through"),
    RevisionKind.RESTORED: N_("An earlier version was taken back"),
    RevisionKind.ATTACHMENTS: N_("An attachment was added or taken away"),
}  # fmt: skip


def _readable(reference: str) -> Challenge:
    challenge = queries.get_readable(reference, actor())
    authorise(policy.can_read_history, challenge)
    return challenge


@bp.get("/challenges/<reference>/history")
@signed_in
def show_history(reference: str) -> ResponseReturnValue:
    """Who saved what and when; two revisions can be chosen and compared."""
    challenge = _readable(reference)
    return render_template(
        "challenges/show_history.html", challenge=challenge, found=page_of(queries.revisions_of(challenge)),
        page_url=url_of_page, kinds={kind: _(text) for kind, text in KINDS.items()}, title_of=words.title_of,
        submissions={one.revision_number for one in queries.submissions_of(challenge)},
        latest=queries.latest_revision(challenge),
    )  # fmt: skip


@bp.get("/challenges/<reference>/compare")
@signed_in
def compare_revisions(reference: str) -> ResponseReturnValue:
    """What changed from one revision to another, word by word."""
    challenge = _readable(reference)
    newest = queries.latest_revision(challenge).number
    to = queries.revision_of(challenge, request.args.get("to", default=newest, type=int))
    start = queries.revision_of(challenge, request.args.get("from", default=max(1, to.number - 1), type=int))
    before, after = sorted((start, to), key=lambda one: one.number)
    return render_template(
        "challenges/compare_revisions.html", challenge=challenge, before=before, after=after,
        rows=_rows(challenge, before, after), title_of=words.title_of, newest=newest,
        can_restore=policy.can_edit(actor(), challenge) and policy.is_editable(challenge),
    )  # fmt: skip


@bp.post("/challenges/<reference>/history/<int:number>/restore")
@signed_in
def restore_revision(reference: str, number: int) -> ResponseReturnValue:
    """Let an earlier version stand again; the one that stood until now stays in the history."""
    challenge = _readable(reference)
    version = request.form.get("version", default=-1, type=int)
    revision = restore_service.restore_revision(challenge, number, by=actor(), expected_version=version)
    flash(_("Version %(number)s stands again.", number=number) if revision else _("Nothing differs."))
    return redirect(url_for("challenges.edit_challenge", reference=reference), 303)


def _rows(challenge: Challenge, before: Revision, after: Revision) -> list[dict[str, Any]]:
    return [_row(challenge, change) for change in changes(before.content, after.content)]


def _row(challenge: Challenge, change: Change) -> dict[str, Any]:
    if change.field in BY_NAME:
        return {"label": words.label_of(change.field), "pieces": _pieces(challenge, change), "table": None}
    table = [
        (kind, old and _words(challenge, change.field, old), new and _words(challenge, change.field, new))
        for kind, old, new in rows_changed(change.before, change.after)
    ]
    return {"label": words.label_of(change.field), "pieces": None, "table": table}


def _pieces(challenge: Challenge, change: Change) -> Any:
    method = policy.method_for(challenge)
    before, after = (words.value_words(change.field, one, method) for one in (change.before, change.after))
    if BY_NAME[change.field].kind in (FieldKind.TEXT, FieldKind.LINE, FieldKind.TEXTS):
        return word_changes(before, after)
    return [piece for piece in (_piece(before, "removed"), _piece(after, "added")) if piece["text"].strip()]


def _piece(text: str, kind: str) -> dict[str, str]:
    return {"text": f"{text} ", "kind": kind}


def _words(challenge: Challenge, field: str, row: Any) -> str:
    if field == "indicators":
        return words.indicator_words(row)
    if field == "attachments":
        there = documents_of(challenge.journey)
        if row["id"] not in {one.id for one in there}:
            return _("A document that has been deleted")
        hidden = row["id"] not in {one.id for one in documents.readable(actor(), there, challenge)}
        return _("A document that you may not read") if hidden else words.attachment_words(row)
    titles = {one.key: both(one.title_sv, one.title_en) for one in strategy.documents(with_retired=True)}
    return words.link_words(row, titles, policy.method_for(challenge))
