"""Pages of the people who answer for a district's professional development."""

from lms.web.coordinate import certificates, enroll, files, left, people, records
from lms.web.coordinate.blueprint import blueprint

__all__ = ["blueprint", "certificates", "enroll", "files", "left", "people", "records"]
