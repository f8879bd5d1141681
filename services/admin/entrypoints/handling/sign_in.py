"""Commands about sign-in, and their use cases."""

from services.admin.application.sign_in.changes import publish_terms, take_in
from services.admin.application.sign_in.commands import PublishTerms, TakeIn
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.messaging.handlers import on, row, rows

SIGN_IN = (
    on(TakeIn, take_in, account=row("accounts", "staff_id"), accounts=rows("accounts", "staff_id")),
    on(
        PublishTerms,
        publish_terms,
        actor=ACTOR,
        terms=rows("terms", lambda a, _: [body(a).expected_version, body(a).expected_version + 1]),
    ),
)
