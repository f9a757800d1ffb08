"""Logging: constant sentences with a call's id, on stderr; never personal data."""

import logging

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def set_up_logging(level: str = "INFO") -> None:
    """Log to stderr; libraries that tell every step are kept to warnings."""
    logging.basicConfig(level=level, format=FORMAT)
    for name in (
        "aiosqlite",
        "alembic",
        "sqlalchemy",
        "uvicorn",
        "pyttsx3",
        "mqtt",
        "httpx",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
