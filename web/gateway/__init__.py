"""The shoppers' door: sessions, the WebSocket, the same over plain HTTP, and the widget's files. See docs/frames.md."""
