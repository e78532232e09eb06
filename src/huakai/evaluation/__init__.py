"""Evaluation: indicators collected per unit, ranks, red and yellow lists, published issues."""
