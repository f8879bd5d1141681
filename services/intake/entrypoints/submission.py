"""A case submitted by HTTP: read straight from the bytes, since this is the busiest route."""

from typing import Any

import orjson
from pydantic import ValidationError

from shared.contracts.commands.intake import SubmitCase
from shared.contracts.envelope import derived_id
from shared.errors import Refused
from shared.faults import Fault
from shared.messaging.faults import faults_of
from shared.security.tokens import Actor

_NOT_JSON = Fault(
    "",
    "not_json",
    "Begäran är inte ett giltigt JSON-objekt. Rätta den.",
    "The request is not a valid JSON object. Correct it.",
)
_KEY_REQUIRED = Fault(
    "Idempotency-Key",
    "required",
    "Ett nytt försök skulle bli ett nytt ärende. Skicka case_id eller huvudet Idempotency-Key.",
    "A repeat would be another case. Send case_id or the header Idempotency-Key.",
)


class NotJson(Refused):
    """The body can't be read."""

    status = 400


def read_submission(body: bytes, actor: Actor, idempotency_key: str) -> SubmitCase:
    """The command. Without a case id it gets one made of the portal and its Idempotency-Key.

    Raises Refused with a fault per field.
    """
    try:
        fields: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise NotJson(_NOT_JSON) from None
    if not isinstance(fields, dict):
        raise NotJson(_NOT_JSON)
    key = idempotency_key.strip('"')
    if fields.get("case_id") is None:
        if not key:
            raise Refused(_KEY_REQUIRED)
        fields["case_id"] = derived_id(actor.id, key)
    try:
        return SubmitCase.model_validate(fields)
    except ValidationError as error:
        raise Refused(*faults_of(error)) from None


_HERE = "#/paths/~1cases/post/requestBody/content/application~1json/schema"


def _schema() -> dict[str, Any]:
    schema = SubmitCase.model_json_schema(ref_template=_HERE + "/$defs/{model}")
    schema["required"] = [name for name in schema["required"] if name != "case_id"]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


SUBMISSION_SCHEMA = _schema()
