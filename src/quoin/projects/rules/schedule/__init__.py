"""The scheduling engine: tasks, links and calendars in; dates, floats and the critical path out.

`schedule(network)` is the whole of it. All instants are whole minutes (`kernel.workcal.minute_of`).
"""

from quoin.projects.rules.schedule.engine import collector_at_rest, schedule
from quoin.projects.rules.schedule.values import Frame, Link, Network, PlannedTask, Row, Schedule

__all__ = ["Frame", "Link", "Network", "PlannedTask", "Row", "Schedule", "collector_at_rest", "schedule"]
