"""After a fault: which cases it touched, and one message to all of these people."""
