"""The demo shop (orders and logistics over HTTP, a few pages) and the typed client for any shop with such APIs."""
