"""The names of ids: what a bare UUID or string stands for."""

from typing import NewType
from uuid import UUID

CaseId = NewType("CaseId", UUID)
MessageId = NewType("MessageId", UUID)
ClinicId = NewType("ClinicId", str)
"""The clinic's HSA-id, in upper case."""
StaffId = NewType("StaffId", str)
"""The staff member's HSA-id in upper case, which is how HSA-ids are compared."""
PortalId = NewType("PortalId", str)
CaseTypeId = NewType("CaseTypeId", str)
