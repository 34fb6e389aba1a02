"""Why changes of sites are refused."""

from missions_app.errors import Conflict, InvalidInput


class UnitsInUse(Conflict):
    """Bookings to come occupy the units."""

    code = "units_in_use"
    message = "This is booked: %(bookings)s. Change the units when no bookings are left, or retire it and add another."


class PoolTooSmall(Conflict):
    """More are booked at the same time."""

    code = "pool_too_small"
    message = (
        "%(least)d are booked at the same time: %(bookings)s. Choose at least so many, or move the bookings first."
    )


class SiteInUse(Conflict):
    """Something has been booked at the site, so that its history must stay."""

    code = "site_in_use"
    message = "There are bookings here, so the site cannot be removed. Retire it instead."


class SiteRetired(Conflict):
    """It has been taken out of use already, for the reason that stands in its history."""

    code = "site_retired"
    message = "The site is out of use already. To take it into use again, change its state in the entry."


class BadFile(InvalidInput):
    """The file is no description of a site."""

    code = "bad_file"
    message = "This is no file with a site. Export a site to see what it looks like. Look at: %(what)s."


class TooManyPhotos(Conflict):
    """A page of pictures is looked at by nobody."""

    code = "too_many_photos"
    message = "A site has at most %(most)d pictures. Take one away first."


class QuotaEnded(Conflict):
    """A quota that limits nobody any more is history."""

    code = "quota_ended"
    message = "The quota has ended. Add a new one instead."


class UnknownOrganisations(InvalidInput):
    """The file names organisations that are not here."""

    code = "unknown_organisations"
    message = "These organisations are not here: %(names)s. Enter them first, or take them out of the file."
