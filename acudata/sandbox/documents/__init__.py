"""Writes an endpoint as the document that an instance serves: OpenAPI 3.0.1, or Swagger 2.0 in old builds."""
