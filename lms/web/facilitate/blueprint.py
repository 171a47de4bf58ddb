"""The facilitator's pages under one name."""

from flask import Blueprint

blueprint = Blueprint("facilitate", __name__)

NUMBER = f"<int(max={2**31 - 1}):number>"
"""A number in an address. No page has a larger one than a database holds."""
