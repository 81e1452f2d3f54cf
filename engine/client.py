"""Connect to Temporal by its standard settings (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TLS…)."""

from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from engine.codec import encrypting_converter
from keys.ring import Keys
from tracing.switch import interceptors


async def connect(*, lazy: bool = False) -> Client:
    """A client of the engine; `lazy` connects at the first call, so that the engine may be down meanwhile."""
    settings = ClientConfig.load_client_connect_config()
    settings.setdefault("target_host", "127.0.0.1:7233")
    return await Client.connect(
        **settings,
        data_converter=encrypting_converter(Keys.from_environment()),
        interceptors=interceptors(),
        lazy=lazy,
    )
