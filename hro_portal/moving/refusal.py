class MovingRefused(Exception):
    """An authority is not moved; carries one German sentence for the operator: what, and what to do."""
