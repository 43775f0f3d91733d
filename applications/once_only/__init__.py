"""Nobody says twice what the portal knows: from the account, from earlier applications, from the folder."""
