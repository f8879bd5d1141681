"""How the world reaches admin: HTTP, the access log's topic, schedules and the operator's commands."""
