class StackRefusal(Exception):
    """The stack cannot start; carries one German sentence for the operator: what is wrong and what to do."""
