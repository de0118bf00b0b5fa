"""Incidents: a first report in minutes, both sides' accounts, and the facts both sign without settling blame."""

from parley.subjects.incidents.report import Report, Unit
from parley.subjects.incidents.view import IncidentView

__all__ = ["IncidentView", "Report", "Unit"]
