"""Who renders: what a provider is asked, what it may answer, and the providers we speak to.

Services import :mod:`~shared.providers.provider` (the conversation),
:mod:`~shared.providers.outcomes` (its answers) and, in their wiring,
:mod:`~shared.providers.registry`.
"""
