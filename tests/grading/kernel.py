"""One forked kernel, by hand."""

from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from seqviz.grading.provisioner import ForkProvisioner

WARM = "seqviz-warm"


class Manager(AsyncKernelManager):
    """A manager whose kernels come from a given parent."""

    settings: dict[str, Any]

    @property
    def kernel_spec(self) -> Any:
        spec = KernelSpecManager().get_kernel_spec(WARM)
        spec.metadata = {"kernel_provisioner": {"provisioner_name": WARM, "config": self.settings}}
        return spec


class Kernel:
    """A kernel and its client, to run code in."""

    def __init__(self, **settings: Any) -> None:
        self.manager = Manager()
        self.manager.settings = settings

    async def __aenter__(self) -> "Kernel":
        await self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=30)
        return self

    async def __aexit__(self, *_: Any) -> None:
        self.client.stop_channels()
        await self.manager.shutdown_kernel(now=True)

    @property
    def provisioner(self) -> ForkProvisioner:
        found = self.manager.provisioner
        assert isinstance(found, ForkProvisioner)
        return found

    async def run(self, code: str, expression: str = "None") -> Any:
        reply = self.client.execute(code, user_expressions={"x": expression}, reply=True, timeout=30)
        content = (await reply)["content"]
        if content["status"] == "error":
            return content["ename"]
        return content["user_expressions"]["x"]["data"]["text/plain"]
