from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("manage", __name__)
