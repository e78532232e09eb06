"""Pure rules of a board: scores, lists, the whole board, and what is wrong with a template."""
