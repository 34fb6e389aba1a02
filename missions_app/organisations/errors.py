"""Why organisations are refused."""

from missions_app.errors import Conflict


class NumberTaken(Conflict):
    """Another organisation has the number."""

    code = "number_taken"
    message = "%(name)s already has this organisation number."


class LooksLike(Conflict):
    """An organisation is easily entered twice under two spellings."""

    code = "looks_like"
    message = "%(name)s is here already. If yours is another one, say so below."


class AlreadyAnswered(Conflict):
    """Somebody has answered meanwhile."""

    code = "already_answered"
    message = "This has already been answered."


class AlreadyMember(Conflict):
    """The user belongs to it already."""

    code = "already_member"
    message = "You already belong to this organisation."


class NotMember(Conflict):
    """Only members can be given roles or be let go."""

    code = "not_member"
    message = "This person does not belong to the organisation."


class LastAdmin(Conflict):
    """An organisation with members keeps an administrator."""

    code = "last_admin"
    message = "The organisation needs an administrator. Give somebody else that role first."


class NotOpen(Conflict):
    """Only an active organisation can be closed or merged."""

    code = "not_open"
    message = "The organisation is not active."


class OwnsItself(Conflict):
    """An organisation cannot be owned by itself or by what it owns."""

    code = "owns_itself"
    message = "An organisation cannot be owned by itself or by one that it owns."
