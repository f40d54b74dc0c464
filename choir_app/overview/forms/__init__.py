"""What may be typed on the front pages."""
