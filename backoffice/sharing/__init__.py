"""Forms and services that authorities hand to one another, adopt and follow."""
