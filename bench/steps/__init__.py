"""Where the time of a turn goes, step by step."""
