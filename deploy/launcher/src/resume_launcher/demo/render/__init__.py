"""Results as a person reads them: one renderer a product, each from what the API answered."""
