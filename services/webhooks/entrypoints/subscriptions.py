"""What a webhooks process hears."""

from functools import partial

from services.webhooks.handlers.record_delivery import record_delivery
from services.webhooks.handlers.request_retry import request_retry
from services.webhooks.handlers.send_trial import send_trial
from services.webhooks.ports import Deliveries, Jobs, Wake
from shared.contracts.job_events import JobCanceled, JobExpired, JobFailed, JobSucceeded
from shared.contracts.market_events import DeliveryRetryRequested, DeliveryTestRequested
from shared.kernel.clock import Clock
from shared.runtime.subscriptions import Subscriptions


def subscriptions(*, jobs: Jobs, deliveries: Deliveries, wake: Wake, clock: Clock) -> Subscriptions:
    """The table of webhooks: endings go on the timetable, buyers' wishes change it."""
    record = partial(record_delivery, jobs=jobs, deliveries=deliveries, wake=wake)
    return Subscriptions(
        hears={
            JobSucceeded: record,
            JobFailed: record,
            JobCanceled: record,
            JobExpired: record,
            DeliveryRetryRequested: partial(request_retry, deliveries=deliveries, wake=wake),
            DeliveryTestRequested: partial(send_trial, deliveries=deliveries, wake=wake, clock=clock),
        },
        prefetch=50,
    )
