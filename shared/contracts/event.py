"""What every event has: a type on the wire, a subject, and an id that repeats when the fact is said again."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.kernel.ids import derived_id


class Event(BaseModel):
    """A fact that one service says and others may hear.  Readers ignore fields they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    """``aggregate.past_participle``."""
    VERSION: ClassVar[int] = 1

    @property
    def subject(self) -> str:
        """Whom the fact is about."""
        raise NotImplementedError

    @property
    def routing_kind(self) -> str | None:
        """The kind of media that leads the routing key, where there is one."""
        return None

    @property
    def event_id(self) -> str:
        """The same for every repetition of the same fact."""
        raise NotImplementedError

    @property
    def routing_key(self) -> str:
        """``music.job.created``, or the type alone where no kind is concerned."""
        return f"{self.routing_kind}.{self.TYPE}" if self.routing_kind else self.TYPE


class JobEvent(Event):
    """A fact about one job."""

    job_id: str
    kind: str

    @property
    def subject(self) -> str:
        return self.job_id

    @property
    def routing_kind(self) -> str | None:
        return self.kind

    @property
    def event_id(self) -> str:
        return derived_id(self.job_id, 0, self.TYPE)


class AttemptEvent(JobEvent):
    """A fact about one attempt of a job; ``attempt`` counts from 1."""

    attempt: int

    @property
    def event_id(self) -> str:
        return derived_id(self.job_id, self.attempt, self.TYPE)


class OfferEvent(Event):
    """A fact about an offer at one of its revisions."""

    offer_id: str
    revision: int

    @property
    def subject(self) -> str:
        return self.offer_id

    @property
    def event_id(self) -> str:
        return derived_id(self.offer_id, self.revision, self.TYPE)
