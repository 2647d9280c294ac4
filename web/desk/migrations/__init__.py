"""Migrations of the desk's database, run by `web.desk.database.migrate`; each describes one step from table to table."""
