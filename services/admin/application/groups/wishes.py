"""How clients say what a group shall be like."""

from pydantic import Field

from services.admin.application.wishes import Name, Wish
from shared.contracts.message import HsaId, Slug


class GroupWish(Wish):
    """How a group shall be."""

    name_sv: Name = Field(description="Name in Swedish", examples=["Diabetesteamet"])
    name_en: Name = Field(description="Name in English", examples=["The diabetes team"])
    members: frozenset[HsaId] = Field(
        default=frozenset(), max_length=500, description="HSA-ids of caregivers of the clinic"
    )
    removed: bool = Field(default=False, description="True: there is no such group any more")


class NewGroup(GroupWish):
    """A group that does not exist yet."""

    group_id: Slug = Field(description="Its name for machines, unique at the clinic")
