"""What the hotline takes and gives under load, measured on the wire: `make bench`."""
