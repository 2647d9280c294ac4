"""People on both sides of the counter: handoff, an agent's reply, and idle shoppers, through the real doors under load."""

from bench.people.figures import figures

__all__ = ["figures"]
