"""The blueprint of learners' pages; the view modules hang themselves on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("learn", __name__)
