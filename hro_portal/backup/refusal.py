class BackupRefused(Exception):
    """A backup or a restore does not go on; carries one German sentence for the operator: what, and what to do."""
