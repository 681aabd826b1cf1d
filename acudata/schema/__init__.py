"""What a tenant's endpoint holds: entities, fields, details, links, actions and custom fields."""

from acudata.schema.endpoint import CustomField, Endpoint, Entity, Structure

__all__ = ["CustomField", "Endpoint", "Entity", "Structure"]
