"""The attacks: each is a notebook that a student hands in, with the points it has really earned."""

from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from tests.grading.course import LEAKY, LEAKY_STUB, SUM, SUM_STUB, cell, check_cell, notebook, solution_cell

FULL, NONE, EITHER = 3.0, 0.0, -1.0
SUM_FULL = 2.0


@dataclass(frozen=True)
class Attack:
    """A hostile notebook and what it must come to."""

    cells: list[dict[str, Any]]
    leaky: float = NONE  # points for the first exercise
    total: float = SUM_FULL  # … and for the second, honest in most of them: the notebook goes on
    status: str = ""  # of the first check cell, where there is only one way to call it
    says: str = ""  # words in the report
    shown: tuple[str, ...] = ()  # texts that must be in the executed notebook
    hidden: tuple[str, ...] = ()  # texts that must not be anywhere in it


def hostile(leaky: str = LEAKY, *, first: str = "", between: str = "", total: str = SUM) -> list[dict[str, Any]]:
    """A notebook as a student hands it in, with hostile cells of their own before or after the first exercise."""
    cells = [cell("import torch\n\nimport seqviz as sv", id="imports")]
    cells += [cell(dedent(first).strip(), id="mine-1")] if first else []
    cells += [solution_cell(leaky, "leaky-step"), check_cell("sv.check(leaky_step)", "leaky-step-check", 3.0)]
    cells += [cell(dedent(between).strip(), id="mine-2")] if between else []
    cells += [solution_cell(total, "time-sum"), check_cell("sv.check(time_sum)", "time-sum-check", 2.0)]
    return cells


def with_line(line: str) -> str:
    """The right function, with a line of its own before the answer."""
    return LEAKY.replace("return", f"{line}\n    return")


def attacks(places: dict[str, str], port: int) -> dict[str, Attack]:
    """Return all attacks; ``places`` are paths outside that an attacker would like, ``port`` is listened on outside."""
    wanted = list(places.values())
    return {
        **taking_everything(),
        **ending_things(),
        **looking_around(wanted, port),
        **forging(),
        **odd_notebooks(),
    }


def taking_everything() -> dict[str, Attack]:
    return {
        "endless loop": Attack(hostile(first="while True: pass"), FULL, says="timeout"),
        "endless loop that ignores interrupts": Attack(
            hostile(
                first="""
                import signal
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                while True: pass
                """
            ),
            total=NONE,
            status="not run",
            says="timeout",
        ),
        "endless loop in the function": Attack(hostile(with_line("while True: pass")), status="timeout"),
        "endless loop that catches everything": Attack(
            hostile(
                first="""
                import time
                while True:
                    try:
                        while True: time.time()
                    except BaseException:
                        continue
                """
            ),
            EITHER,  # the interrupt may meet it between two of its lines, and then the notebook goes on
            EITHER,
            says="timeout",
        ),
        "sleep": Attack(hostile(first="import time\ntime.sleep(10_000)"), FULL, says="timeout"),
        "fork bomb": Attack(
            hostile(
                first="""
                import os
                while True:
                    try:
                        os.fork()
                    except OSError:
                        pass
                """
            ),
            total=NONE,  # the kernel is killed, or goes on and gets no core beside its children
        ),
        "threads": Attack(
            hostile(
                first="""
                import threading, time
                for _ in range(5000):
                    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
                """
            ),
            EITHER,  # with no thread left, the check's own cannot start either
            EITHER,
        ),
        "memory bomb": Attack(
            hostile(first="hoard = []\nwhile True: hoard.append(bytes(10**7))"), EITHER, EITHER, says="out of memory"
        ),
        "memory bomb by many": Attack(
            hostile(
                first="""
                import os, time
                for _ in range(30):
                    if os.fork() == 0:
                        hoard = bytearray(2 * 10**8)
                        time.sleep(600)
                time.sleep(600)
                """
            ),
            total=NONE,  # out of memory, or of time on a busy machine
        ),
        "memory bomb without a name": Attack(
            hostile(
                first="""
                import os
                try:
                    os.memfd_create("x")
                    print("memfd", "made")
                except OSError as error:
                    print(error)
                """
            ),
            FULL,
            shown=("Operation not permitted",),
            hidden=("memfd made",),
        ),
        "disk bomb": Attack(
            hostile(
                first="""
                import tempfile
                for number in range(10**6):
                    with open(f"{tempfile.gettempdir()}/{number}", "wb") as file:
                        file.write(bytes(10**8))
                """
            ),
            FULL,
            shown=("No space left on device",),
        ),
        "disk bomb elsewhere": Attack(
            hostile(
                first="""
                import os
                for folder, inside, _ in os.walk("/"):
                    if folder.count("/") > 2:
                        inside.clear()
                    if not folder.startswith(("/proc", "/scratch", "/tmp", "/dev/shm")):
                        try:
                            open(os.path.join(folder, "x"), "w").close()
                            print("wrote", "to", folder)
                        except OSError:
                            pass
                """
            ),
            FULL,
            hidden=("wrote to",),
        ),
        "watches without end": Attack(
            hostile(
                first="""
                import os, select, time
                for _ in range(20):
                    if os.fork() == 0:
                        files = [os.eventfd(0) for _ in range(200)]
                        polls = [select.epoll() for _ in range(200)]
                        for poll in polls:
                            for file in files:
                                poll.register(file, select.EPOLLIN)
                        time.sleep(600)
                time.sleep(600)
                """
            ),
            total=NONE,
            status="not run",
            says="out of memory",
        ),
        "floods with output": Attack(hostile(first='for _ in range(1000): print("x" * 10**6)'), EITHER, EITHER),
        "one giant line": Attack(hostile(first='print("x" * 10**9)'), EITHER, EITHER),
        "a thousand outputs": Attack(hostile(first='for n in range(1000): display({"n": n})'), FULL),
    }


def ending_things() -> dict[str, Attack]:
    ended = "the kernel ended"
    return {
        "exit": Attack(hostile(first="import os\nos._exit(0)"), total=NONE, status="not run", says=ended),
        "exit in the function": Attack(hostile(with_line("import os; os._exit(0)")), total=NONE, status="died"),
        "crash": Attack(hostile(first="import ctypes\nctypes.string_at(0)"), total=NONE, status="not run", says=ended),
        "signals to everybody": Attack(
            hostile(
                first="""
                import os, signal
                own = {int(task) for task in os.listdir("/proc/self/task")}
                for signal_number in (signal.SIGTERM, signal.SIGKILL):
                    for kill in (os.kill, os.killpg):  # 0: one's own group, which the keeper must not be in
                        kill(0, signal_number)
                for number in {os.getppid(), -1, *range(2, 400)} - own - {0}:
                    for signal_number in (signal.SIGTERM, signal.SIGKILL):
                        for kill in (os.kill, os.killpg):
                            try:
                                kill(number, signal_number)
                            except OSError:
                                pass
                print("still", "here", os.getpid(), os.getppid())
                """
            ),
            FULL,
            shown=("still here 1 0",),
        ),
        "memory of the parent": Attack(
            hostile(
                first="""
                import os
                seen = sorted(filter(str.isdigit, os.listdir("/proc")))
                own = {int(task) for task in os.listdir("/proc/self/task")}
                for number in {os.getppid(), *map(int, seen), *range(1, 400)} - own:
                    for name in ("mem", "root", "environ", "maps", "fd/0"):
                        try:
                            open(f"/proc/{number}/{name}", "rb").read(1)
                            print("opened", "another", number, name)
                        except OSError:
                            pass
                print(seen)
                """
            ),
            FULL,
            shown=("['1']",),
            hidden=("opened another",),
        ),
        "inherited descriptors": Attack(
            hostile(
                first="""
                import os, socket
                for number in range(1024):
                    try:
                        copy = os.dup(number)
                    except OSError:
                        continue
                    try:
                        one = socket.socket(fileno=copy)
                        if one.type == socket.SOCK_SEQPACKET:
                            print("the", "keeper", number)
                        one.close()
                    except OSError:
                        os.close(copy)
                """
            ),
            FULL,
            hidden=("the keeper",),
        ),
        "a name that is no text": Attack(
            hostile(
                first="""
                import ctypes, time
                for name in (b"RssAnon: zz", b") Z 9 \\xff\\xfe", b"VmSwap: -9 kB"):
                    assert ctypes.CDLL(None).prctl(15, name, 0, 0, 0) == 0
                    for comm in ("/proc/self/comm", "/proc/thread-self/comm"):
                        open(comm, "wb").write(name)
                    time.sleep(0.6)  # for the keeper to have read it
                print("still", "here")
                """
            ),
            FULL,
            shown=("still here",),
        ),
        "a process that stays": Attack(
            hostile(
                first="""
                import subprocess
                subprocess.Popen(["sleep", "31337"], start_new_session=True)
                subprocess.Popen(["setsid", "-f", "sleep", "31337"])
                """
            ),
            FULL,
        ),
        "other namespaces": Attack(
            hostile(
                first="""
                import ctypes
                libc = ctypes.CDLL(None)
                for flag in (0x10000000, 0x00020000, 0x40000000, 0x20000000):
                    if libc.unshare(flag) == 0:
                        print("left", "the wall")
                for target in (b"/", b"/scratch", b"/proc"):
                    if libc.mount(b"tmpfs", target, b"tmpfs", 0, None) == 0 or libc.umount2(target, 2) == 0:
                        print("mounted", "something")
                if libc.syscall(56, 0x10000011, 0, 0, 0, 0) >= 0:
                    print("left", "the wall")
                wanted = ("CapEff", "NoNewPrivs", "Seccomp:")
                print([line.split() for line in open("/proc/self/status") if line.startswith(wanted)])
                """
            ),
            FULL,
            shown=("['CapEff:', '0000000000000000'], ['NoNewPrivs:', '1'], ['Seccomp:', '2']",),
            hidden=("left the wall", "mounted something"),
        ),
    }


def looking_around(wanted: list[str], port: int) -> dict[str, Attack]:
    return {
        "reads the neighbours": Attack(
            hostile(
                first=f"""
                import glob
                near = glob.glob("/root/*") + glob.glob("/home/*/*") + ["/etc/shadow", "/etc/passwd", "/etc/hostname"]
                for path in {wanted!r} + near:
                    try:
                        print("opened", "it:", path, open(path, errors="replace").read(2000))
                    except OSError as error:
                        print(type(error).__name__)
                """
            ),
            FULL,
            shown=("FileNotFoundError",),
            hidden=("opened it:", "CANARY"),
        ),
        "rewrites the gradebook": Attack(
            hostile(
                LEAKY_STUB,
                first=f"""
                import os, sqlite3
                for path in {wanted!r}:
                    try:
                        os.makedirs(os.path.dirname(path), exist_ok=True)
                        sqlite3.connect(path).execute("UPDATE scores SET points = 99")
                        print("wrote", "it")
                    except Exception as error:
                        print(type(error).__name__)
                """,
            ),
            hidden=("wrote it",),
        ),
        "looks for the answers": Attack(
            hostile(
                dedent(
                    """
                    import gc, sys

                    def leaky_step(x, h, W, alpha):
                        frame, seen = sys._getframe(), []
                        while frame:
                            seen.append(frame.f_locals)
                            frame = frame.f_back
                        seen += [one for one in gc.get_objects() if isinstance(one, dict)]
                        for names in seen:
                            if callable(names.get("reference")):
                                return names["reference"](x, h, W, alpha)
                            for key in ("expected", "mistakes"):
                                value = names.get(key)
                                if isinstance(value, (list, tuple)) and value and torch.is_tensor(value[0]):
                                    return value[0]
                        raise ValueError("nothing found")
                    """
                )
            ),
            status="error",
        ),
        "hands its inputs on": Attack(
            hostile(
                "kept = []\n\n"
                "def leaky_step(x, h, W, alpha):\n    kept.append(x)\n    raise ValueError('HIDDEN ' + str(x))",
                between="print('SHOWN LATER', kept)",
            ),
            status="error",
        ),
        "network": Attack(
            hostile(
                first=f"""
                import socket
                near = (socket.AF_INET, ("127.0.0.1", {port}))
                for family, where in (near, (socket.AF_INET, ("10.0.0.1", 80)), (socket.AF_UNIX, "\\0outside-{port}")):
                    try:
                        one = socket.socket(family)
                        one.settimeout(0.5)
                        one.connect(where)
                        print("connected", "to it")
                    except OSError as error:
                        print("refused", error.errno)
                """
            ),
            FULL,
            shown=("refused",),
            hidden=("connected to it",),
        ),
        "helper a serves answers": Attack(
            hostile(
                first="""
                import socket, time
                for family, name in ((socket.AF_UNIX, "\\0answers"), (socket.AF_INET, ("127.0.0.1", 45454))):
                    one = socket.socket(family)
                    one.bind(name)
                    one.listen()
                time.sleep(3.5)
                """
            ),
            EITHER,  # there may be no loopback address to bind to
            EITHER,
        ),
        "helper b asks for them": Attack(
            hostile(
                LEAKY_STUB,
                first="""
                import socket, time
                for _ in range(20):
                    for family, name in ((socket.AF_UNIX, "\\0answers"), (socket.AF_INET, ("127.0.0.1", 45454))):
                        try:
                            socket.socket(family).connect(name)
                            print("found", "the other")
                        except OSError:
                            pass
                    time.sleep(0.15)
                """,
            ),
            hidden=("found the other",),
        ),
    }


def forging() -> dict[str, Attack]:
    return {
        "syntax tree transformer": Attack(
            hostile(
                LEAKY_STUB,
                first="""
                import ast
                class Strip(ast.NodeTransformer):
                    def visit_Raise(self, node): return ast.parse("return 3.0").body[0]
                    def visit_Assert(self, node): return None
                get_ipython().ast_transformers.append(Strip())
                """,
            ),
        ),
        "input transformer": Attack(
            hostile(
                LEAKY_STUB,
                first="""
                def earn(lines): return ["3.0\\n"] if "probe_in_kernel" in "".join(lines) else lines
                get_ipython().input_transformers_post.append(earn)
                """,
            ),
            total=NONE,
        ),
        "patched comparison": Attack(
            hostile(
                "def leaky_step(x, h, W, alpha):\n    return torch.zeros_like(h)",
                first="""
                import numpy, seqviz.checks
                torch.allclose = torch.equal = numpy.allclose = lambda *a, **k: True
                seqviz.checks.comparison.compare = seqviz.checks.diagnosis.compare = lambda *a, **k: None
                torch.Tensor.__eq__ = lambda *a: True
                """,
            ),
        ),
        "patched probe": Attack(
            hostile(
                LEAKY_STUB,
                first="""
                import base64
                import seqviz.grading.probe_in_kernel as answer
                from seqviz.checks.values import to_bytes

                def give(request, nonce):
                    for case in range(-5, 100):
                        for words in ({"passed": True, "points": 3.0}, "passed", True, 3.0, float("nan"), None):
                            value = base64.b64encode(to_bytes([words, [], "", ""])).decode()
                            told = {"nonce": nonce, "case": case, "points": 3.0, "passed": True, "answer": value}
                            get_ipython().display_pub.publish(data={answer.MIME: told}, metadata={})

                answer.give = give
                """,
            ),
            total=NONE,
        ),
        "malformed answers": Attack(
            hostile(
                LEAKY_STUB,
                first="""
                import seqviz.grading.probe_in_kernel as answer

                def give(request, nonce):
                    for told in (
                        None, 3, [], {"nonce": nonce}, {"nonce": [], "case": {}, "answer": {}},
                        {"nonce": nonce, "case": True, "answer": ""}, {"nonce": nonce, "case": 0, "answer": "!!"},
                        {"nonce": nonce, "case": 1, "answer": "A" * 100},
                        {"nonce": nonce, "case": 2, "answer": "AAAA" * 10**6},
                    ):
                        get_ipython().display_pub.publish(data={answer.MIME: told}, metadata={})

                answer.give = give
                """,
            ),
            total=NONE,
        ),
        "an answer of another type": Attack(
            hostile(
                dedent(
                    """
                    class Equal(torch.Tensor):
                        def __eq__(self, other): return True
                        def __array__(self, *a, **k): raise SystemExit

                    def leaky_step(x, h, W, alpha):
                        return torch.zeros_like(h).as_subclass(Equal)
                    """
                )
            ),
        ),
        "answers for another cell": Attack(
            hostile(
                LEAKY_STUB,
                first="""
                from seqviz.grading.probe_in_kernel import MIME
                session = get_ipython().kernel.session
                send, told = session.send, []

                def forged(stream, message, content=None, *rest, **named):
                    if isinstance(message, dict) and MIME in message["content"].get("data", {}):
                        told.append(message)
                        for earlier in told:  # every answer again, under the latest question's name, for every case
                            for case in range(3):
                                answer = {**earlier["content"]["data"][MIME], "case": case}
                                answer["nonce"] = message["content"]["data"][MIME]["nonce"]
                                again = {**message, "content": {"data": {MIME: answer}, "metadata": {}}}
                                send(stream, again, content, *rest, **named)
                    if message == "execute_reply":
                        content = {**content, "status": "ok", "points": 3.0}
                    return send(stream, message, content, *rest, **named)

                session.send = forged
                """,
            ),
            total=NONE,
        ),
        "other messages": Attack(
            hostile(
                LEAKY_STUB,
                first="""
                import threading, time
                kernel = get_ipython().kernel

                def talk():
                    for _ in range(200):
                        parent = kernel.get_parent()
                        for kind, content in (
                            ("status", {"execution_state": "idle"}), ("status", {}), ("execute_result", {}),
                            ("display_data", []), ("comm_open", {"data": 3}), ("comm_msg", {}), ("clear_output", {}),
                            ("update_display_data", {"transient": {"display_id": []}}), ("stream", {"name": 3}),
                            ("error", {}), ("execute_input", None), ("nonsense", {"a": 1}),
                        ):
                            try:
                                kernel.session.send(kernel.iopub_socket, kind, content, parent=parent)
                            except Exception:
                                pass
                        time.sleep(0.01)

                threading.Thread(target=talk, daemon=True).start()
                time.sleep(0.5)
                """,
            ),
            total=EITHER,  # it may have talked over its own right answer
        ),
        "points as the result": Attack(hostile("def leaky_step(x, h, W, alpha):\n    return 3.0"), status="ran"),
        "a forbidden layer": Attack(hostile(with_line("torch.nn.functional.hardtanh(x)")), status="ran"),
        "a forbidden layer nested deeply": Attack(
            hostile(
                with_line("(" + "-" * 950 + "x).torch.nn if x is None else torch.nn.functional.hardtanh(x)"),
                first="import sys\nsys.setrecursionlimit(10**6)",
            ),
            status="ran",
        ),
        "an enormous integer": Attack(hostile("def leaky_step(x, h, W, alpha):\n    return 10**1000"), status="ran"),
        "a forbidden layer behind a magic": Attack(
            hostile("%%time\n" + with_line("torch.nn.functional.hardtanh(x)")), status="ran"
        ),
    }


def odd_notebooks() -> dict[str, Attack]:
    script = '<script>document.title="owned"</script>'
    return {
        "unlocked and edited checks": Attack(
            [
                cell("import torch", id="imports"),
                solution_cell(LEAKY_STUB, "leaky-step"),
                cell("3.0", grade_id="leaky-step-check", grade=True, solution=True, locked=False, points=1000),
                cell("1000.0", grade_id="extra", grade=True, solution=False, locked=True, points=1000),
                solution_cell(SUM_STUB, "time-sum"),
            ],
            total=NONE,
        ),
        "ten megabytes of notebook": Attack(
            [*hostile(), *(cell("x" * 50_000, "markdown", id=f"text-{n}") for n in range(200))], FULL
        ),
        "script in the output": Attack(
            hostile(
                f"def leaky_step(x, h, W, alpha):\n    raise ValueError('{script}')",
                first=f"from IPython.display import HTML\nHTML('{script}')",
            ),
            status="error",
        ),
        "<img src=x onerror=alert(1)>": Attack(hostile(), FULL),
        "=HYPERLINK(1+1)": Attack(hostile(), FULL),
        "Ωμέγα 学生 ñ": Attack(hostile(), FULL),
    }


def as_notebook(attack: Attack) -> dict[str, Any]:
    """The file that is handed in."""
    return notebook(attack.cells)
