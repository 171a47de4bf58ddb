"""The facilitator's pages under one name."""

from flask import Blueprint

blueprint = Blueprint("facilitate", __name__)
