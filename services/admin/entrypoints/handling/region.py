"""A whole region at once."""

from services.admin.application.seed import FIRST, SeedRegion, seed_region
from services.admin.entrypoints.handling.keys import body
from shared.messaging.handlers import on, rows

REGION = (
    on(
        SeedRegion,
        seed_region,
        clinics=rows("clinics", lambda a, _: body(a).clinic_ids()),
        accounts=rows("accounts", lambda a, _: body(a).staff_ids()),
        portals=rows("portals", lambda a, _: body(a).portal_ids()),
        templates=rows("templates", lambda a, _: body(a).template_ids()),
        case_types=rows("case_types", lambda a, _: body(a).case_type_ids()),
        terms=rows("terms", lambda a, _: [FIRST] if body(a).terms is not None else []),
    ),
)
