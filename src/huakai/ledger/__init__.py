"""Hours, points: double entry in integers. A bank that does not know why you pay."""
