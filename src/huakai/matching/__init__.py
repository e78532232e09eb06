"""Who goes where: ranks takers for an order on plain data, explains itself, and asks the case engine to offer."""
