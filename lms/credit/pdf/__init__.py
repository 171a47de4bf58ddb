"""The printed certificate: `certificate.typ` lays out, `printed.py` words, `typesetting.py` makes it."""

from lms.credit.pdf.printed import Standing
from lms.credit.pdf.typesetting import certificate_pdf, transcript_pdf

__all__ = ["Standing", "certificate_pdf", "transcript_pdf"]
