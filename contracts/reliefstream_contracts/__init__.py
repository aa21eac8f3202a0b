"""Events and identifiers of reliefstream; needs pydantic only, so that an integrator can depend on it."""
