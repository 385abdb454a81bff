"""What brings its own work to an end has done so before the process cuts it off."""

from datetime import timedelta

import pytest

from services.router.entrypoints import usher
from services.webhooks.entrypoints import courier
from shared.runtime import service

TO_CANCEL = timedelta(seconds=1)


@pytest.mark.parametrize("drain", [usher.DRAIN, courier.DRAIN], ids=["usher", "courier"])
def test_lasting_work_takes_less_time_to_end_than_its_process_gives(drain: timedelta) -> None:
    assert drain + TO_CANCEL <= service.DRAIN
