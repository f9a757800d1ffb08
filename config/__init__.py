"""Settings, logging, the event bus and the database: the ground everything stands on."""
