"""What a turn costs, and what each patch of Rasa takes off it."""
