"""Finding time."""

from flask import Blueprint

bp = Blueprint("finding", __name__)
