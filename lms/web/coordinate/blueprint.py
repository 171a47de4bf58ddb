"""The coordinator's pages under one name."""

from flask import Blueprint

blueprint = Blueprint("coordinate", __name__)
