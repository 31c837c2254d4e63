"""Kind `document`: documents in the operator's checkout."""
