"""Commitments: what was promised, by whom, by when; each side's own view of whether it is kept."""

from parley.subjects.commitments.view import OVER, CommitmentView, Viewed, summary

__all__ = ["OVER", "CommitmentView", "Viewed", "summary"]
