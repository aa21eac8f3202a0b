"""The names of users at Kafka that are no service's."""

OPERATOR = "operator"
"""The operator's commands."""


def county_user(county: str) -> str:
    """The name of the county at Kafka."""
    return f"county-{county}"


def integrator_user(integrator: str) -> str:
    """The name of the integrator at Kafka."""
    return f"integrator-{integrator}"
