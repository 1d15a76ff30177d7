"""A papermill engine for hostile notebooks: one status per cell, probes where check cells stood, limits on everything.

papermill (2.7) marks cells that never ran as completed once a kernel has died. Here each code cell gets a
:class:`CellRun`; the clock decides how long it may take; output is limited; and a check cell is not run but asked: see
:mod:`seqviz.grading.probe_in_grader`.
"""

import asyncio
import re
import resource
import signal
import time
from pathlib import Path
from typing import Any, cast

import papermill
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import remove_error_markers

from seqviz.grading.connection import Manager, shared_context, size_of
from seqviz.grading.errors import NotJudgedError
from seqviz.grading.execution import DIED, ERROR, OUT_OF_MEMORY, RAN, TIMEOUT, CellRun, Execution
from seqviz.grading.kernel_keeper import OUT_OF_MEMORY as KILLED_FOR_MEMORY
from seqviz.grading.provisioner import ForkProvisioner

_TOO_MUCH = "too much output"

_KEPT_BYTES, _KEPT_OUTPUTS = 256 << 10, 200  # of one cell's output
_NOTEBOOK_BYTES, _NOTEBOOK_OUTPUTS = 8 << 20, 5000  # of all cells' output
_TOLD_BYTES, _TOLD_MESSAGES = 64 << 20, 20_000  # of one cell's output, after which it is interrupted
_GROWTH_BYTES = 1 << 30  # of this process while a cell runs: what comes in faster, or in parts without an end
_TICK_SECONDS = 0.25
_LINE, _LOOKED_THROUGH = (
    re.compile(r"Cell In\[\d+\], line (\d{1,6})\b"),
    2000,
)  # the first of a traceback: the cell's own
_GRACE_SECONDS = 3.0  # between an interrupt and the kill
_STARVED = 0.1  # of its limit: a cell that waited so long for a core is judged only when it runs alone


class _NotebookClient(PapermillNotebookClient):
    execution: Execution

    def create_kernel_manager(self) -> Any:
        manager = Manager(context=shared_context())
        manager.place, manager.seed = self.execution.place, self.execution.seed
        self.km = manager
        return manager

    @property
    def provisioner(self) -> ForkProvisioner:
        return cast(ForkProvisioner, cast(Any, self.km).provisioner)

    def execute(self, **kwargs: Any) -> NotebookNode:
        del kwargs
        return run_sync(self._execute_all)()

    async def _execute_all(self) -> NotebookNode:
        self.reset_execution_trackers()
        self.notebook_bytes = self.notebook_outputs = 0
        self.killed = False  # by us: a reply that was on its way may still come
        for cell in self.nb.cells:
            if cell.cell_type == "code":
                self.execution.cells[cell.id] = CellRun()
        now = time.perf_counter()
        self.create_kernel_manager()
        try:
            await self.async_start_new_kernel()
            now = self.execution.timed("fork", now)
            await self.async_start_new_kernel_client()
            now = self.execution.timed("kernel ready", now)
            self.notebook_started = time.monotonic()
            for index, cell in enumerate(self.nb.cells):
                if cell.cell_type != "code":
                    continue
                if not cell.source.strip():
                    self.execution.cells[cell.id].status = RAN
                    continue
                self.nb_man.cell_start(cell, index)
                if not await self._run(cell, index):
                    self.nb_man.cell_exception(cell, index)
                    break
                self.nb_man.cell_complete(cell, cell_index=index)
                now = self.execution.timed("probe" if cell.id in self.execution.probes else "cells", now)
        finally:
            await self._end_kernel()
            self.execution.timed("end of kernel", now)
        return self.nb

    async def _end_kernel(self) -> None:
        if self.kc is not None:
            self.kc.stop_channels()
            self.kc = None
        if self.km is not None and cast(Any, self.km).provisioner is not None:
            await self.provisioner.kill()
            await self.provisioner.wait()
            await cast(AsyncKernelManager, self.km).cleanup_resources()

    # --- one cell ---------------------------------------------------------------------------------------------------
    async def _run(self, cell: NotebookNode, index: int) -> bool:
        """Run or probe one cell; return whether the kernel is still there for the next."""
        run = self.execution.cells[cell.id]
        probe = self.execution.probes.get(cell.id)
        self.limit_seconds = min(self.execution.place.cell_seconds, probe.seconds if probe else float("inf"))
        self.stopped, self.told_bytes, self.told_messages, self.kept_bytes = "", 0, 0, 0
        self.watcher, self.starved, self.clears_later = None, False, False
        started = time.monotonic()
        source = cell.source
        try:
            if probe:
                self.probing = (probe, run)
                cell.source = probe.code
            else:
                self.probing = None
            await self.async_execute_cell(cell, index, store_history=probe is None)
            run.status = RAN
        except CellExecutionError as error:
            run.status, run.error = ERROR, f"{error.ename}: {error.evalue}"
        except (DeadKernelError, CellTimeoutError, asyncio.CancelledError):
            run.status = DIED
        except Exception as error:  # what the kernel said in between made no sense to nbclient
            run.status, run.error = ERROR, f"{type(error).__name__}: {error}"
        finally:
            if self.watcher is not None:
                self.watcher.cancel()
            cell.source = source
            run.seconds = time.monotonic() - started
        if self.provisioner.lost:
            raise NotJudgedError("the kernels' parent process has gone, and its kernels with it")
        if self.starved:
            raise NotJudgedError("it waited for a core for too long")
        if run.status == DIED and self._killed_from_outside():
            raise NotJudgedError("its kernel was killed from outside (SIGKILL)")
        self._name_the_cause(run)
        return not self.killed and await self.provisioner.poll() is None

    def _killed_from_outside(self) -> bool:
        """Whether the kernel got a SIGKILL that is not ours; behind the wall, it cannot send one to itself."""
        died_by = self.provisioner.exit_code
        return died_by == -signal.SIGKILL and not self.killed and self.provisioner.reason is None

    def _name_the_cause(self, run: CellRun) -> None:
        """Tell an interrupt of ours and memory limits from errors of the student's."""
        if self.stopped:
            run.status, run.note = (TIMEOUT if self.stopped == TIMEOUT else ERROR), self.stopped
        if run.status == DIED and self.provisioner.reason == KILLED_FOR_MEMORY:
            run.status = OUT_OF_MEMORY
        elif run.status == DIED:
            run.note = f"the kernel ended (exit code {self.provisioner.exit_code})"
        elif run.status == ERROR and ("MemoryError" in run.error or "can't allocate memory" in run.error):
            run.status = OUT_OF_MEMORY

    async def _async_poll_kernel_alive(self) -> None:
        """Watch over the running cell, in place of a look once a second: returns when the kernel is gone."""
        self.watcher = asyncio.current_task()
        await self._watch()
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()

    async def _watch(self) -> None:
        started, own_memory = time.monotonic(), _own_memory()
        before: float | None = None
        grace = min(_GRACE_SECONDS, 0.75 * self.limit_seconds)
        while True:
            try:
                message = await asyncio.wait_for(self.provisioner.receive(), _TICK_SECONDS)
            except TimeoutError:
                pass
            else:
                if message is None or "exit" in message:
                    return None
                continue
            waited = await self.provisioner.waited()
            if waited is None:
                return None
            before = waited if before is None else before
            clock, whole = time.monotonic() - started, time.monotonic() - self.notebook_started
            notebook_seconds = self.execution.place.notebook_seconds
            # Early by the time that the second try, alone, has to wind up: both together take twice the limit at most.
            starved = clock > self.limit_seconds - grace and waited - before > _STARVED * self.limit_seconds
            starved |= whole > notebook_seconds and waited > _STARVED * notebook_seconds
            if starved and not self.execution.place.alone:
                self.starved = True
                return await self._stop(TIMEOUT, grace=0)
            if clock > self.limit_seconds:
                return await self._stop(TIMEOUT, grace)
            if whole > notebook_seconds:
                return await self._stop(TIMEOUT, grace=0)
            if self.told_bytes > _TOLD_BYTES or self.told_messages > _TOLD_MESSAGES:
                return await self._stop(_TOO_MUCH, grace)
            if _own_memory() - own_memory > _GROWTH_BYTES:
                return await self._stop(_TOO_MUCH, grace=0)

    async def _stop(self, why: str, grace: float) -> None:
        """Interrupt the cell; a kernel that does not heed it is killed."""
        self.stopped = why
        await self.provisioner.send_signal(signal.SIGINT)
        deadline = time.monotonic() + grace
        while time.monotonic() < deadline:  # the reply, when it comes, cancels this task
            await asyncio.sleep(_TICK_SECONDS)
        self.killed = True
        await self.provisioner.kill()
        while await self.provisioner.receive() is not None:
            pass

    # --- what the kernel says ---------------------------------------------------------------------------------------
    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take an answer, or a cell's output as long as there is room for it."""
        kind, content = msg["msg_type"], msg["content"]
        size = size_of(content) or 0
        self.told_bytes += size
        self.told_messages += 1
        if kind == "clear_output":
            self._clear(self.execution.cells[cell.id], later=bool(content.get("wait")))
        if kind in ("status", "execute_input", "clear_output"):
            return super().process_message(msg, cell, cell_index)
        if self.probing:
            probe, run = self.probing
            if kind == "display_data":
                probe.take(content.get("data"), run.answers)
            return None
        if kind not in ("stream", "display_data", "execute_result", "error", "update_display_data"):
            return None
        self._note(kind, content, self.execution.cells[cell.id])
        if "data" in content:
            kept = {mime: value for mime, value in content["data"].items() if isinstance(value, str) or "json" in mime}
            content["data"] = kept
        room = min(_KEPT_BYTES - self.kept_bytes, _NOTEBOOK_BYTES - self.notebook_bytes)
        if room <= 0 or len(cell.outputs) >= _KEPT_OUTPUTS or self.notebook_outputs >= _NOTEBOOK_OUTPUTS:
            return None
        size *= self._places(content)
        if size > room:
            if kind != "stream":
                return None
            content["text"] = str(content.get("text"))[:room] + "\n[cut here]\n"
        self.kept_bytes += size
        self.notebook_bytes += size
        self.notebook_outputs += 1
        return super().process_message(msg, cell, cell_index)

    def _places(self, content: dict[str, Any]) -> int:
        """Count the outputs that a message fills: all that bear its display id."""
        name = (content.get("transient") or {}).get("display_id")
        return max(1, sum(map(len, self._display_id_map.get(name, {}).values()))) if name else 1

    def _clear(self, run: CellRun, *, later: bool) -> None:
        """Forget what was shown: at once, or when something else is shown."""
        self.clears_later = later
        if not later:
            run.told.clear()

    def _note(self, kind: str, content: Any, run: CellRun) -> None:
        if self.clears_later:
            self._clear(run, later=False)
        if len(run.told) > _KEPT_OUTPUTS:
            return
        if kind == "stream" and content.get("name") == "stderr":
            run.told.append(("stderr", ""))
        elif kind == "error":
            run.told.append(("error", ""))
            found = _LINE.search("\n".join(content["traceback"])[:_LOOKED_THROUGH])
            run.line = int(found[1]) if found else 0
        elif kind == "execute_result":
            run.told.append((kind, str(content.get("data", {}).get("text/plain", ""))[:1000]))


def _own_memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class GradingEngine(Engine):
    """The engine under the name ``seqviz``; takes an :class:`Execution` as ``execution=``."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        """Run the notebook of ``nb_man`` and leave everything in the execution."""
        execution: Execution = kwargs["execution"]
        execution.notebook = nb_man.nb
        client = _NotebookClient(
            nb_man,
            raise_on_iopub_timeout=False,
            timeout=None,
            iopub_timeout=10,  # between a cell's end and its last output, on a busy machine
            startup_timeout=60,
            store_widget_state=False,
            record_timing=False,
            kernel_name=kernel_name,
        )
        client.execution = execution
        client.execute()


papermill_engines.register("seqviz", GradingEngine)


def execute(notebook: NotebookNode, execution: Execution) -> None:
    """Execute ``notebook`` with papermill; errors in cells are results, not exceptions.

    Raises:
        NotJudgedError: no kernel could be had, it was killed from outside, or it waited too long for a core beside
            others.
    """
    try:
        papermill.execute_notebook(
            notebook,
            None,
            engine_name="seqviz",
            kernel_name="seqviz-warm",
            language="python",
            progress_bar=False,
            autosave_cell_every=0,
            cwd=None if execution.place.walled else execution.place.files or None,
            execution=execution,
        )
    except PapermillExecutionError:
        remove_error_markers(execution.notebook)
    except NotJudgedError:
        raise
    except RuntimeError as error:
        raise NotJudgedError(f"the kernel did not start: {error}") from error
