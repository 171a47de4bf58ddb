"""For WSGI servers: `wsgi:app`. `lms serve` does the same, with migrations before it."""

from lms.app import create_app

app = create_app()
