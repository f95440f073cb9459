"""How properties are tried: as many examples as always, and never by the clock on the wall."""

from hypothesis import HealthCheck, settings

settings.register_profile("on a busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on a busy machine")
