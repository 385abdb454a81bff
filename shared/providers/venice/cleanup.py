"""What a reply to complete means: whether Venice still keeps the media."""

from collections.abc import Mapping
from http import HTTPStatus

from shared.kernel.secret import Secret
from shared.providers.outcomes import ForgetOutcome, Forgotten, NotForgotten
from shared.providers.venice.complaints import read_complaint
from shared.providers.venice.replies import Heard, Held, Lost, NeverSent, Reply, Unsendable
from shared.providers.venice.statuses import words_for
from shared.providers.venice.verdicts import BAD_KEY, HELD_BACK, is_success


def forget_outcome(reply: Reply, api_key: Secret) -> ForgetOutcome:
    """Whether the media is gone; a job that Venice does not know has none."""
    match reply:
        case Heard(status=HTTPStatus.NOT_FOUND):
            return Forgotten()
        case Heard():
            return _cleaned(reply, api_key)
        case NeverSent(reason) | Lost(reason):
            return NotForgotten(reason)
        case Held():
            return NotForgotten(HELD_BACK)
        case Unsendable():
            return NotForgotten(BAD_KEY)


def _cleaned(heard: Heard, api_key: Secret) -> ForgetOutcome:
    if not is_success(heard):
        return NotForgotten(read_complaint(heard.data, api_key).message or words_for(heard.status))
    if isinstance(heard.data, Mapping) and heard.data.get("success") is True:
        return Forgotten()
    return NotForgotten("the provider has not deleted the media yet")
