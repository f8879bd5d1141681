"""Commands about templates, and their use cases."""

from services.admin.application.templates.approval import (
    approve_template,
    send_back_template,
    submit_template,
)
from services.admin.application.templates.commands import ApproveTemplate, SendBackTemplate, SubmitTemplate
from services.admin.application.templates.kind import TEMPLATES as KIND
from services.admin.entrypoints.handling.documents import document_lines
from services.admin.entrypoints.handling.keys import ACTOR
from shared.messaging.handlers import on, row

_TEMPLATE = row("templates", "id")

TEMPLATES = (
    *document_lines(KIND),
    on(SubmitTemplate, submit_template, actor=ACTOR, document=_TEMPLATE),
    on(ApproveTemplate, approve_template, actor=ACTOR, document=_TEMPLATE),
    on(SendBackTemplate, send_back_template, actor=ACTOR, document=_TEMPLATE),
)
