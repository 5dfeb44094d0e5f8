"""Every line of SQL; rows in, model objects out."""
