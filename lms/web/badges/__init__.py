"""What wallets and verifiers ask for: badges, their status list, and whose the keys are."""

from lms.web.badges.views import blueprint

__all__ = ["blueprint"]
