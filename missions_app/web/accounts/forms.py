"""The shapes of what people type about accounts."""

from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length

from missions_app.accounts.token_service import LONGEST_DAYS
from missions_app.i18n import lazy
from missions_app.web.forms import Form, LocalDateField, VersionMixin, WholeNumberField, choices

LANGUAGES = choices([("sv", "Svenska"), ("en", "English")])
FILL_IN = lazy("Fill this in.")
SAME = lazy("The two passwords are not the same.")


def _needed() -> InputRequired:
    return InputRequired(FILL_IN)


class SignInForm(Form):
    """Address and password."""

    email = EmailField(lazy("E-mail address"), validators=[_needed(), Length(max=254)])
    password = PasswordField(lazy("Password"), validators=[_needed(), Length(max=1000)])


class NewPasswordForm(Form):
    """A new password, typed twice."""

    password = PasswordField(lazy("New password"), validators=[_needed(), Length(max=1000)])
    again = PasswordField(lazy("New password again"), validators=[_needed(), EqualTo("password", SAME)])


class ResetForm(Form):
    """The address to send a link to."""

    email = EmailField(lazy("E-mail address"), validators=[_needed(), Length(max=254)])


class RequestAccountForm(Form):
    """Asking for an account."""

    name = StringField(lazy("Your name"), validators=[_needed(), Length(max=200)])
    email = EmailField(lazy("E-mail address at work"), validators=[_needed(), Length(max=254)])
    function = StringField(lazy("Your function"), validators=[Length(max=200)])
    organisation = StringField(lazy("Your organisation"), validators=[Length(max=200)])
    message = TextAreaField(lazy("What you want to do here"), validators=[Length(max=2000)])


class AccountForm(VersionMixin, Form):
    """One's own name, function and language."""

    name = StringField(lazy("Your name"), validators=[_needed(), Length(max=200)])
    function = StringField(lazy("Your function"), validators=[Length(max=200)])
    locale = SelectField(lazy("Language of pages and mail"), choices=LANGUAGES)


class ChangePasswordForm(Form):
    """The present password and a new one."""

    present = PasswordField(lazy("Present password"), validators=[_needed()])
    new = PasswordField(lazy("New password"), validators=[_needed(), Length(max=1000)])
    again = PasswordField(lazy("New password again"), validators=[_needed(), EqualTo("new", SAME)])


class ChangeEmailForm(Form):
    """A new address, and the password."""

    email = EmailField(lazy("New e-mail address"), validators=[_needed(), Length(max=254)])
    password = PasswordField(lazy("Present password"), validators=[_needed()])


class TokenForm(Form):
    """A token for machines."""

    name = StringField(lazy("What the token is for"), validators=[_needed(), Length(max=100)])
    scopes = SelectMultipleField(lazy("What it may do"))
    days = WholeNumberField(lazy("How many days it works"), validators=[_needed()], default=LONGEST_DAYS)


class DeputyForm(Form):
    """A role lent to somebody for some days."""

    grant_id = SelectField(lazy("Which role"), coerce=int)
    email = EmailField(lazy("The deputy’s e-mail address"), validators=[_needed(), Length(max=254)])
    valid_from = LocalDateField(lazy("First day"), validators=[_needed()])
    valid_until = LocalDateField(lazy("Last day"), validators=[_needed()])


class AnswerForm(VersionMixin, Form):
    """Why somebody gets no account."""

    reason = TextAreaField(lazy("Reason, sent to who asked"), validators=[Length(max=2000)])


class InviteForm(Form):
    """A new account with a role in the whole region."""

    name = StringField(lazy("Name"), validators=[_needed(), Length(max=200)])
    email = EmailField(lazy("E-mail address at work"), validators=[_needed(), Length(max=254)])
    role = SelectField(lazy("Role"))


class SitForm(Form):
    """Who sits in a seat."""

    email = EmailField(lazy("E-mail address"), validators=[_needed(), Length(max=254)])


class SeatForm(Form):
    """A seat in a body."""

    function = StringField(lazy("What the seat is called"), validators=[_needed(), Length(max=200)])
    organisation_label = StringField(lazy("Whom it represents"), validators=[Length(max=200)])
    email = EmailField(lazy("Who sits in it"), validators=[Length(max=254)])
    valid_from = LocalDateField(lazy("First day"))
    valid_until = LocalDateField(lazy("Last day"))
