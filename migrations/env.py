"""Alembic's entry: on the connection that `lms.kernel.migration` gives, or on the application's engine."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy.engine import Connection

from lms.accounts import models as accounts
from lms.cohorts import models as cohorts
from lms.completion import models as completion
from lms.courses import models as courses
from lms.credit import models as credit
from lms.enrollments import models as enrollments
from lms.kernel import audit
from lms.kernel.db import Base, db
from lms.responses import models as responses

TABLES = (accounts, audit, cohorts, completion, courses, credit, enrollments, responses)
"""Imported so that the metadata holds every table."""


def run(connection: Connection) -> None:
    options: dict[str, Any] = {"compare_type": True, "compare_server_default": True}
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite cannot alter most of a table in place
        transaction_per_migration=False,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with db.engine.connect() as own, own.begin():
        run(own)
