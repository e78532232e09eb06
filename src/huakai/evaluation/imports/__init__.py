"""Figures from offices: the workbook made from a board (`workbooks`), and reading it back (`figures`)."""
