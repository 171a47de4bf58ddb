"""The blueprint that the view modules of this package share."""

from flask import Blueprint

blueprint = Blueprint("auth", __name__)
