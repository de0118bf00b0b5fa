"""Standing talks: bodies that both sides set up, their meetings, and each side's zone and holidays."""

from parley.subjects.talks.body_view import BodyView, Delegation, Said
from parley.subjects.talks.calendar import CalendarView
from parley.subjects.talks.view import ItemView, MeetingView, NoteView, Offer

__all__ = ["BodyView", "CalendarView", "Delegation", "ItemView", "MeetingView", "NoteView", "Offer", "Said"]
