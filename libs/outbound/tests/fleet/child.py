"""A replica as a process: `child.py URL SERVICE REPLICAS PORT CALLS SECONDS KIND`.

`KIND` calls: makes the calls, and prints how many had a result; probe: fails until its circuit is
half-open, then probes for so long.
"""

import asyncio
import importlib.util
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry

_spec = importlib.util.spec_from_file_location("world", Path(__file__).with_name("world.py"))
assert _spec is not None
assert _spec.loader is not None
world = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(world)


async def main(arguments: list[str]) -> None:
    url, service, told, port, calls, seconds, kind = arguments
    registry = CollectorRegistry()
    async with world.open_replica(
        url, service, world.POLICY, int(told), seed=int(calls), registry=registry
    ) as outbound:
        replica = world.Replica(outbound, registry)

        async def fail() -> str:
            raise ConnectionError

        if kind == "probe":
            await asyncio.gather(*(replica.call(fail) for _ in range(2)), return_exceptions=True)
            await world.until(lambda: outbound.is_probing("p"))
        print("ready", flush=True)  # noqa: T201  the parent reads it
        results = await asyncio.gather(
            *(
                replica.call(lambda: world.call_provider(int(port), float(seconds)), within=100)
                for _ in range(int(calls))
            ),
            return_exceptions=True,
        )
        print(results.count("ok"), flush=True)  # noqa: T201  as above


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
