"""What administrators send about a review."""

from services.admin.application.wishes import Wish
from services.admin.domain.permission_review import Verdict


class Judgement(Wish):
    """What becomes of one person's roles at the clinic when the review is signed off."""

    verdict: Verdict
