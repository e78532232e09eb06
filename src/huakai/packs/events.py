"""What packs announce."""

PACK_PUBLISHED = "pack.published"
"""A new edition stands. Subject ("pack", code); after: number, hash, changed_files."""
