"""Strategic documents and signals."""

from flask import Blueprint

bp = Blueprint("strategy", __name__)
