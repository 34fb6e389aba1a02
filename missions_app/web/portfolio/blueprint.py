"""Pages that look across missions."""

from flask import Blueprint

bp = Blueprint("portfolio", __name__)
