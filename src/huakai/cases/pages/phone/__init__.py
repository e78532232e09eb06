"""Phone pages: the order home, my orders, and the tasks of those who take orders."""
