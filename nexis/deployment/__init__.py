"""Deploying the baseline: preflight, the CDK CLI, read-back, and the removal."""
