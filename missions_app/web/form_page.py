"""One page for one act: a form, a service called with it, and back to where it belongs."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import FileField

from missions_app.edge import once
from missions_app.errors import DomainError, StaleVersion
from missions_app.i18n import _
from missions_app.web.forms import Form, show_error

Crumbs = Sequence[tuple[str, str]]


def form_page(
    form: Form, act: Callable[[], Any], *, heading: str, crumbs: Crumbs, button: str,
    done: str | Callable[[], str], intro: str = "",
    read_first: tuple[str, str] | None = None, back: str | Callable[[Any], str] = "", template: str = "_form_page.html",
    **shown: Any,
) -> ResponseReturnValue:  # fmt: skip
    """Show the form; when it is sent in order, call `act` and go back, or say at each field what to mend, and what
    somebody else has saved there meanwhile.

    Args:
        crumbs: (text, address) down to the page the act belongs to, where the reader comes back to.
        read_first: (heading, text) of something to be read before the form.
        done: what to say when it is done; a function where that depends on what was done.
        back: another address to come to when it is done; of what `act` has made, where it is a function.
        template: a page of its own, and what it shows besides.
    """
    status = 200
    if form.validate_on_submit():
        try:
            address = once.send(act, lambda made: (back(made) if callable(back) else back) or crumbs[-1][1])
        except DomainError as error:
            show_error(form, error)
            status = 409 if isinstance(error, StaleVersion) else 200
        else:
            flash(
                (done() if callable(done) else done)
                if address
                else _("It is being saved. Look whether it is there before you send it again.")
            )
            return redirect(address or crumbs[-1][1], 303)
    if form.errors:
        _ask_for_files_again(form)
    has_file = any(isinstance(field, FileField) for field in form)
    page = render_template(
        template, form=form, heading=heading, crumbs=list(crumbs), button=button, intro=intro,
        read_first=read_first, has_file=has_file, **shown,
    )  # fmt: skip
    return page, status


def _ask_for_files_again(form: Form) -> None:
    """A browser keeps no file while something else is mended: say so, where nothing is wrong with the file itself."""
    for field in form:
        if isinstance(field, FileField) and getattr(field.data, "filename", None) and not field.errors:
            field.errors = [_("Choose the file again. The browser does not keep it while you mend the rest.")]
