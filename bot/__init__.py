"""The bot: a reader of the ledger that answers shoppers with Rasa, one turn after the other."""
