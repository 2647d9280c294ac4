"""Shows a shop's developer whether their API keeps the contract: `python -m shop.conform`, or `make conform`."""
