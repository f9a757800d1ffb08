"""What people and machines see: HTTP API, Prometheus metrics, MQTT events."""
