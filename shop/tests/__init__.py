"""Tests of the demo shop and of the client."""
