"""Commands about case types, and their use cases."""

from services.admin.application.catalogue.case_types import publish_case_type
from services.admin.application.catalogue.commands import PublishCaseType
from services.admin.entrypoints.handling.keys import ACTOR
from shared.messaging.handlers import on, rows

CATALOGUE = (on(PublishCaseType, publish_case_type, actor=ACTOR, case_types=rows("case_types", "case_type")),)
