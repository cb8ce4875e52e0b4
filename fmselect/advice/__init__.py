"""What follows from a recommendation for the alternatives that lost."""
