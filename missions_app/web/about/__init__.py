"""About these pages: accessibility and feedback on it, personal data, what becomes public, the glossary."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app import db
from missions_app.edge.access import public
from missions_app.i18n import _, lazy
from missions_app.outbox.mail import queue_mail
from missions_app.web import glossary as words
from missions_app.web.forms import Form

bp = Blueprint("about", __name__, url_prefix="/about")


class FeedbackForm(Form):
    """What is hard to use, and where to answer if an answer is wanted."""

    text = TextAreaField(lazy("What is hard to use?"), validators=[InputRequired(), Length(max=5000)])
    email = EmailField(lazy("E-mail address, if you want an answer"), validators=[Optional(), Length(max=254)])
    about = HiddenField(validators=[Length(max=500)])


@bp.get("/glossary")
@public
def glossary() -> ResponseReturnValue:
    """The words of the interface, in the reader's alphabetical order."""
    return render_template("about/glossary.html", terms=words.glossary())


@bp.get("/what-becomes-public")
@public
def what_becomes_public() -> ResponseReturnValue:
    """What everybody may read, and what a claim of secrecy means."""
    return render_template("about/what_becomes_public.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Which personal data are kept, why and for how long."""
    return render_template("about/privacy.html", settings=current_app.extensions["settings"])


@bp.route("/accessibility", methods=["GET", "POST"])
@public
def accessibility() -> ResponseReturnValue:
    """The accessibility statement, and a way to say what is hard."""
    form = FeedbackForm(about=request.args.get("page", ""))
    region = current_app.extensions["region"]
    if form.validate_on_submit():
        with db.transaction():
            queue_mail(
                region.contact_email, "accessibility_feedback", locale="sv", text=form.text.data,
                answer_to=form.email.data or "", about=form.about.data or "",
            )  # fmt: skip
        flash(_("Thank you. Your message has been sent to the secretariat."))
        return redirect(url_for("about.accessibility"), 303)
    return render_template("about/accessibility.html", form=form)
