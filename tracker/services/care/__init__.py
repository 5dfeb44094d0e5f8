"""Care of the database and the files beside it."""
