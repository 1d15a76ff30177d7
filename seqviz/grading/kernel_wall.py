"""The wall around one kernel: its own namespaces, its own scratch folder, no privilege, few system calls, hard limits.

The kernel's keeper calls :func:`enter_namespaces` and forks; the child, process 1 of a world of its own, calls
:func:`furnish` and then :func:`lock`. Everything happens before the child has a second thread, since privileges
and system-call filters belong to a thread.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)

_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 1, 4, 8, 22, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38

_CAP_SETGID, _CAP_SETUID = 1 << 6, 1 << 7
_M_ARENA_MAX = -8
_HUGE_PAGE, _MADV_HUGEPAGE, _MADV_COLLAPSE = 1 << 21, 14, 25

SCRATCH = "/scratch"
FILES = "/files"  # the assignment's own, read-only
FONTS = "/fonts"  # where matplotlib keeps what it found out about fonts, before the first kernel is there


def _call(name: str, *arguments: int | bytes | None) -> None:
    """Call a C function that returns 0, or raise the OSError it reports."""
    if getattr(_libc, name)(*arguments):
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def _prctl(option: int, value: int) -> None:
    _call("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))  # type: ignore[arg-type]


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends, however it ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def hide_memory(hidden: bool = True) -> None:
    """Keep other processes of the same user from opening this one's memory (``/proc/<pid>/mem``, ptrace)."""
    _prctl(_PR_SET_DUMPABLE, 0 if hidden else 1)


def gather_memory() -> None:
    """Put this process's memory into huge pages, where the system has them: forking then copies hundreds of entries
    instead of tens of thousands, and takes a third of the time."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        extent, permissions, *_, name = [*line.split(maxsplit=5), ""][:6]
        if permissions.startswith("rw") and name in ("", "[heap]"):
            start, end = (int(address, 16) for address in extent.split("-"))
            start, end = -(-start // _HUGE_PAGE) * _HUGE_PAGE, end // _HUGE_PAGE * _HUGE_PAGE
            if start < end:
                for advice in (_MADV_HUGEPAGE, _MADV_COLLAPSE):  # older systems know the first only, and do nothing
                    _libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), advice)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none is lost sight of."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def become_another_user(user: int, *, able_to_change: bool = False) -> None:
    """Leave root for good: to ``user``, with a group of the same number, no other group and no capability.

    Whoever is ``able_to_change`` keeps those to change the user, for its children, and nothing else.
    """
    if able_to_change:
        _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _set_capabilities(_CAP_SETGID | _CAP_SETUID if able_to_change else 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _set_capabilities(held: int) -> None:
    header = struct.pack("=Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this thread
    _call("capset", header, struct.pack("=6I", held, held, 0, 0, 0, 0))


def give_way() -> None:
    """Let keepers and grader have the processor first, and be the first to go if the machine runs out of memory."""
    os.nice(10)
    hide_memory(False)  # otherwise the file is not ours to write
    Path("/proc/self/oom_score_adj").write_text("1000")


def uncover_proc() -> None:
    """Take away the read-only covers that bubblewrap, run as root, lays over parts of ``/proc``.

    With them the system refuses a kernel a ``/proc`` of its own. An ordinary user may not write there anyway.
    """
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    covers = [point for point in points if point.startswith("/proc/")]
    for cover in reversed(covers):
        _call("umount2", cover.encode(), 0)


def enter_namespaces() -> None:
    """Leave the parent's world: users, mounts, network, messages, names, and (for children) processes."""
    user, group = os.getuid(), os.getgid()
    hide_memory(False)  # otherwise /proc/self/uid_map is not ours to write
    flags = _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    _call("unshare", flags)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    hide_memory()


def _mount(kind: str, target: str, flags: int = 0, options: str = "") -> None:
    _call("mount", kind.encode(), target.encode(), kind.encode(), _MS_NOSUID | _MS_NODEV | flags, options.encode())


def furnish(scratch_bytes: int) -> None:
    """Give process 1 of a new world its own ``/proc``, scratch folder and shared memory of limited size, terminals."""
    _call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    _mount("proc", "/proc", _MS_NOEXEC)
    limits = f"size={scratch_bytes},nr_inodes=20000,mode=700"
    _mount("tmpfs", SCRATCH, options=limits)
    _mount("tmpfs", "/dev/shm", _MS_NOEXEC, limits)
    # `!command` runs on a terminal: with one list of them for all kernels, each could open its neighbour's
    _call("mount", b"devpts", b"/dev/pts", b"devpts", _MS_NOSUID | _MS_NOEXEC, b"ptmxmode=0666,mode=600,max=64")
    if Path(FONTS).is_dir():
        _mount("tmpfs", FONTS, _MS_RDONLY, "size=4k")  # all kernels could write into the server's
    if Path(FILES).is_dir():
        for place in Path(FILES).iterdir():
            (Path(SCRATCH) / place.name).symlink_to(place)
    os.chdir(SCRATCH)


def lock(processes: int) -> None:
    """Give up every privilege, the way back to any, and the system calls a notebook has no use for."""
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    for capability in range(64):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno != errno.EINVAL:  # beyond the last capability this system knows
                raise
            break
    _set_capabilities(0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))  # counts this world's tasks only
    _filter_system_calls()
    hide_memory(False)  # the keeper measures memory there, and nobody else can see this process


def limit_memory(more: int) -> None:
    """Limit the address space of this process, and of each it starts, to what it has and ``more`` bytes."""
    most = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + more
    _limit(resource.RLIMIT_AS, most)


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def limit(memory_bytes: int, file_bytes: int, cpu_seconds: int) -> None:
    """Limit what this process, and each it starts, may take. Memory is counted on top of what it has already."""
    _libc.mallopt(_M_ARENA_MAX, 2)  # by default each thread reserves 64 MB that count here and are never used
    limit_memory(memory_bytes)
    for kind, most in (
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, 512),  # descriptors on their way between processes are counted per user, too
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 1024),  # signals and timers; counted for all kernels of an ordinary user
        (resource.RLIMIT_RTPRIO, 0),  # some systems let some users run before everybody else
    ):
        _limit(kind, most)


# --- system calls ---------------------------------------------------------------------------------------------------
# Denied with EPERM: ways to memory that no limit counts (memfd, System V, pages pinned in pipes, asynchronous
# input and output), into the kernel's rarely walked corners (keys, bpf, io_uring, userfaultfd, perf), into other
# namespaces and mounts, into other processes' memory, and to what all processes of a user share (watches on files)
# or of a machine (its log).
# Numbers are those of x86-64 and of the generic table (arm64, riscv64); None where a machine has no such call.
_DENIED = {
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "personality": (135, 92),
    "kcmp": (312, 272),
    "fanotify_init": (300, 262),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "vmsplice": (278, 75),
    "io_setup": (206, 0),
    "pidfd_getfd": (438, 438),
    "syslog": (103, 116),
    "modify_ldt": (154, None),
}
_CLONE, _CLONE3 = (56, 220), (435, 435)
_MMAP, _SOCKET, _SETSOCKOPT = (9, 222), (41, 198), (54, 208)
_MAP_SHARED, _MAP_ANONYMOUS, _MAP_HUGETLB = 0x01, 0x20, 0x40000
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK, _NETLINK_ROUTE = 1, 2, 10, 16, 0
_SOL_SOCKET, _SO_SNDBUF = 1, 7
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7), "riscv64": (1, 0xC00000F3)}
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


def _argument(position: int) -> tuple[int, int, int, int]:
    """Load the lower half of a system call's argument: these machines put it first."""
    return _LOAD, 0, 0, 16 + 8 * position


def _filter_program(machine: str) -> bytes:
    """Return the filter as classic BPF: kill foreign architectures, deny the list, allow the rest."""
    column, architecture = _MACHINES[machine]
    load_number = (_LOAD, 0, 0, 0)
    deny = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        load_number,
    ]
    if machine == "x86_64":  # the x32 table would be a second way to every call
        program += [(_AT_LEAST, 0, 1, 0x40000000), deny]
    for numbers in _DENIED.values():
        if numbers[column] is not None:
            program += [(_EQUAL, 0, 1, numbers[column]), deny]
    # clone3 hides its flags behind a pointer: say it does not exist and the C library takes clone, whose flags show
    program += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    namespaces = _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    allow = (_RETURN, 0, 0, _ALLOW)
    program += [(_EQUAL, 0, 4, _CLONE[column]), _argument(0), (_BITS, 0, 1, namespaces), deny, allow]
    # shared memory without a name stays when it is unmapped in one process and forgotten in another: no sum counts it
    program += [(_EQUAL, 0, 6, _MMAP[column]), _argument(3), (_BITS, 2, 0, _MAP_HUGETLB)]
    program += [(_BITS, 0, 2, _MAP_ANONYMOUS), (_BITS, 0, 1, _MAP_SHARED), deny, allow]
    # what a socket holds is counted by the size of its buffer, which therefore stays as it is
    program += [(_EQUAL, 0, 6, _SETSOCKOPT[column]), _argument(1), (_EQUAL, 0, 2, _SOL_SOCKET)]
    program += [_argument(2), (_EQUAL, 1, 0, _SO_SNDBUF), allow, deny]
    # a network namespace does not hold every family: AF_VSOCK reaches the host of a virtual machine
    program += [(_EQUAL, 1, 0, _SOCKET[column]), allow, _argument(0)]
    program += [step for family in (_AF_UNIX, _AF_INET, _AF_INET6) for step in ((_EQUAL, 0, 1, family), allow)]
    program += [(_EQUAL, 0, 3, _AF_NETLINK), _argument(2), (_EQUAL, 0, 1, _NETLINK_ROUTE), allow, deny]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _filter_system_calls() -> None:
    machine = platform.machine()
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no system-call filter for {machine}: grading needs one of {', '.join(_MACHINES)}")
    program = _filter_program(machine)
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _prctl_seccomp = _libc.prctl
    if _prctl_seccomp(_PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.c_char_p(head), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")
