"""Questions about a case and their answers: talk beside the procedure, which decides nothing and moves no state."""
