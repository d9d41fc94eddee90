"""Reads functions from SAM and CloudFormation templates."""

from .reading import read_templates

__all__ = ["read_templates"]
