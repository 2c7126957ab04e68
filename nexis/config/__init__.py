"""The configuration of one environment: a TOML file read into a typed model that refuses anything else.

Needs pydantic, which comes with the extra `nexis-baseline[cdk]`.
"""

from __future__ import annotations

from nexis.config.load import ConfigurationError, load_configuration
from nexis.config.model import Configuration
from nexis.config.problems import Problem

__all__ = ["Configuration", "ConfigurationError", "Problem", "load_configuration"]
