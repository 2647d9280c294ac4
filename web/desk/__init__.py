"""The agents' room: queue, dispatch, the desk in the browser, and what is kept in SQL. See docs/frames.md."""
