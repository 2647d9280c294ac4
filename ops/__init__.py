"""Setting up, starting, stopping and testing everything on one machine."""
