"""Gates, moves and the method: pages that serve every kind of case."""

from flask import Blueprint

bp = Blueprint("workflow", __name__)
