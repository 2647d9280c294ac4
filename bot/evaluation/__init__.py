"""Measures the assistant on files of real utterances: `python -m bot.evaluate` for one file, `make eval` for all of them."""
