"""The shop's terms as data with effective dates, and their pure evaluators."""
