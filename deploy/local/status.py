"""``status``: a table of what was started, and whether it lives and can be used."""

from deploy.local.http import answers
from deploy.local.ports import accepts
from deploy.local.record import Record, read_records
from deploy.local.state import StateFolder

ROW = "{:<14} {:>8}  {:>6}  {}"


def status(folder: StateFolder) -> tuple[list[str], bool]:
    """Return the lines of the table, and whether there is a stack of which everything is ready."""
    records = read_records(folder.records)
    states = [_state(record) for record in records]
    rows = [
        ROW.format(record.name, record.pid, record.port, state) for record, state in zip(records, states, strict=True)
    ]
    if not rows:
        return ["nothing is running: start it with make up"], False
    return [ROW.format("NAME", "PID", "PORT", "STATE"), *rows], all(state == "ready" for state in states)


def _state(record: Record) -> str:
    if not record.alive:
        return "dead"
    ready = accepts(record.port) if record.probe is None else answers(record.probe)
    return "ready" if ready else "not ready"
