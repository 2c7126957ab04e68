"""What stops a deployment."""


class DeploymentError(Exception):
    """Something that stops a deployment, with what was found, what was expected and what to do."""
