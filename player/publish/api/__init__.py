"""The archive's API: what its answers are, what may be asked, and the OpenAPI document that says both."""
