"""The application: command line and composition root."""
