"""What the assistant does: slots in, at most a few reads of the shop, events out. Wording lives in domain.yml."""
