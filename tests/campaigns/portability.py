# SPDX-License-Identifier: MIT
"""The same bits everywhere: alone sees what a machine, a compiler, an option or a C library changes.

    python3 tests/campaigns/portability.py [WORD...]      only rows with one of the words
    python3 tests/campaigns/portability.py --packages     the Debian packages that no row is skipped with

Builds the program for every machine, compiler, option and C library of the table below, runs it (emulated where it must
be), and prints one table of the reports' SHA-256s. Fails on any difference, and where an environment that cannot be
exact is not refused. What this machine lacks is skipped by name."""
import glob, os, platform, re, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(tempfile.gettempdir(), "portability-%d" % os.getpid())
NEEDED = "-std=gnu99 -ffp-contract=off".split()
LIBS = ["-lm", "-lpthread"]
OPTIMISATIONS = ["-O0", "-O1", "-O2", "-O3", "-Os", "-O3 -march=native", "-O2 -flto"]
NATIVE = [
    ("gcc-11", "gcc-11"),
    ("gcc-12", "gcc-12"),
    ("clang-14", "clang-14"),
    ("clang-16", "clang-16"),
    ("clang-19", "clang-19"),
]
# Machine, Debian's triplet, emulator, level: quick where standard takes more than some two minutes in the emulator.
CROSS = [
    ("aarch64", "aarch64-linux-gnu", "qemu-aarch64", "standard"),
    ("armhf", "arm-linux-gnueabihf", "qemu-arm", "quick"),
    ("riscv64", "riscv64-linux-gnu", "qemu-riscv64", "standard"),
    ("ppc64le", "powerpc64le-linux-gnu", "qemu-ppc64le", "standard"),
    ("ppc64", "powerpc64-linux-gnu", "qemu-ppc64", "standard"),
    ("s390x", "s390x-linux-gnu", "qemu-s390x", "standard"),
    ("mips64el", "mips64el-linux-gnuabi64", "qemu-mips64el", "quick"),
]

LIBC = {
    "i386": ("i686-linux-gnu", "i386"),
    "aarch64": ("aarch64-linux-gnu", "arm64"),
    "armhf": ("arm-linux-gnueabihf", "armhf"),
    "riscv64": ("riscv64-linux-gnu", "riscv64"),
    "ppc64le": ("powerpc64le-linux-gnu", "ppc64el"),
    "ppc64": ("powerpc64-linux-gnu", "ppc64"),
    "s390x": ("s390x-linux-gnu", "s390x"),
    "mips64el": ("mips64el-linux-gnuabi64", "mips64el"),
    "armel": ("arm-linux-gnueabi", "armel"),
    "m68k": ("m68k-linux-gnu", "m68k"),
}

ROUND_UP = "#include <fenv.h>\n__attribute__((constructor)) static void up(void) { fesetround(FE_UPWARD); }\n"
FLUSH = {  # what other code in a process, or a system's start-up, may have set: results below 2^-1022 become 0
    "x86-64": "#include <immintrin.h>\n"
    "__attribute__((constructor)) static void flush(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }\n",
    "aarch64": "__attribute__((constructor)) static void flush(void) { unsigned long f; "
    '__asm__ volatile("mrs %0, fpcr" : "=r"(f)); __asm__ volatile("msr fpcr, %0" : : "r"(f | 1ul << 24)); }\n',
    "armhf": "__attribute__((constructor)) static void flush(void) { unsigned f; "
    '__asm__ volatile("vmrs %0, fpscr" : "=r"(f)); __asm__ volatile("vmsr fpscr, %0" : : "r"(f | 1u << 24)); }\n',
}


class Row:
    """needs: {tool: its Debian package}.
    expect: "same" bits; "refused" at start-up (exit 3, one line); "not compiled" (#error)."""

    def __init__(
        self,
        machine,
        compiler,
        flags="-O2",
        run=(),
        level="standard",
        expect="same",
        needs=None,
        options=(),
        needed=NEEDED,
        extra=None,
        env=None,
        note="",
    ):
        self.machine, self.compiler, self.flags, self.run, self.level, self.expect = (
            machine,
            compiler,
            flags,
            list(run),
            level,
            expect,
        )
        self.needs, self.options, self.needed, self.extra, self.env, self.note = (
            dict(needs or {}),
            list(options),
            needed,
            extra,
            env or {},
            note,
        )
        self.needs.setdefault(compiler, compiler)
        if machine in LIBC:  # without its C library a cross compiler makes nothing
            self.needs["/usr/%s/include/stdio.h" % LIBC[machine][0]] = "libc6-dev-%s-cross" % LIBC[machine][1]
        self.status = self.result = ""
        self.program = None

    def title(self):
        return " ".join(
            filter(None, [self.machine, self.compiler, self.flags, " ".join(self.run + self.options), self.note])
        )


def rows():
    x86 = "x86-64"
    for level in ("sse2", "avx2", "avx512"):
        yield Row(x86, "gcc", options=["--dispatch", level])
    yield Row(
        x86,
        "gcc",
        "-O2 -static",
        run=["qemu-x86_64", "-cpu", "qemu64"],
        needs={"qemu-x86_64": "qemu-user"},
        level="quick",
        note="(no AVX, no FMA)",
    )
    for compiler, package in NATIVE:
        for flags in OPTIMISATIONS:
            yield Row(
                x86,
                compiler,
                flags,
                needs={
                    compiler: package,
                    **(
                        {"ld.lld-" + compiler[6:]: "lld-" + compiler[6:]}
                        if "lto" in flags and "clang" in compiler
                        else {}
                    ),
                },
            )
    yield Row(x86, "gcc", "-O2", needed=[], note="(the bare build)")
    yield Row(x86, "gcc", "-O3 -march=native -ffp-contract=fast", needed=[], note="(a pragma keeps it exact)")
    for compiler, libc in (("gcc", "glibc"), ("musl-gcc", "musl")):
        for flags in ("-O2", "-O2 -static"):
            yield Row(
                x86,
                compiler,
                flags,
                needs={"musl-gcc": "musl-tools"} if libc == "musl" else {},
                note="(%s, %s)" % (libc, "static" if "static" in flags else "dynamic"),
            )
    for compiler in ("gcc", "clang"):
        for sanitizer in ("undefined", "address"):
            yield Row(
                x86,
                compiler,
                "-O1 -g -fsanitize=%s -fno-sanitize-recover=all" % sanitizer,
                needs={"/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.asan-*.a": "libclang-rt-14-dev"}
                if compiler == "clang"
                else {},
            )
    for threads in ("1", "2", "7"):
        yield Row(x86, "gcc", options=["--threads", threads])
    yield Row(x86, "gcc", run=["sh", "-c", 'ulimit -s 64; exec "$0" "$@"'], note="(64 KiB of stack)")
    i386 = dict(needs={"i686-linux-gnu-gcc": "gcc-i686-linux-gnu"})
    yield Row("i386", "i686-linux-gnu-gcc", "-O2 -static -msse2 -mfpmath=sse", **i386)
    yield Row("i386", "i686-linux-gnu-gcc", "-O0 -static -msse2 -mfpmath=sse", **i386)
    for machine, triplet, emulator, level in CROSS:
        yield Row(
            machine,
            triplet + "-gcc",
            "-O2 -static",
            run=[emulator],
            level=level,
            needs={triplet + "-gcc": "gcc-" + triplet, emulator: "qemu-user"},
            note="" if level == "standard" else "(slow to emulate)",
        )
    # What cannot be exact must refuse to run.
    yield Row(
        "i386",
        "i686-linux-gnu-gcc",
        "-O2 -static -mno-sse -mfpmath=387",
        expect="refused",
        **i386,
        note="(x87: extended precision)"
    )
    yield Row(x86, "gcc", "-O2 -mfpmath=387", expect="refused", note="(x87: extended precision)")
    for machine, emulator, why in (
        ("armel", "qemu-arm", "software double arithmetic that is wrong"),
        ("m68k", "qemu-m68k", "extended precision"),
    ):
        triplet = LIBC[machine][0]
        yield Row(
            machine,
            triplet + "-gcc",
            "-O2 -static",
            run=[emulator],
            expect="refused",
            needs={triplet + "-gcc": "gcc-" + triplet, emulator: "qemu-user"},
            note="(%s)" % why,
        )
    yield Row(x86, "gcc", "-O2", expect="refused", extra=FLUSH[x86], note="(flush to zero, set by other code)")
    yield Row(
        x86,
        "gcc",
        "-O2 -shared -fPIC",
        expect="refused",
        extra=ROUND_UP,
        env={"LD_PRELOAD": "extra"},
        note="(rounds up: a preloaded library set it)",
    )
    for machine, triplet, emulator, level in CROSS[:2]:
        yield Row(
            machine,
            triplet + "-gcc",
            "-O2 -static",
            run=[emulator],
            expect="refused",
            extra=FLUSH[machine],
            needs={triplet + "-gcc": "gcc-" + triplet, emulator: "qemu-user"},
            note="(flush to zero, set by other code)",
        )
    yield Row(
        x86,
        "clang",
        "-O3 -mfma -ffp-contract=fast",
        needed=[],
        expect="refused",
        note="(the option overrides the pragma)",
    )
    yield Row(x86, "gcc", "-O2 -fno-signed-zeros -fno-trapping-math -fassociative-math", needed=[], expect="refused")
    for compiler in ("gcc", "clang"):
        yield Row(x86, compiler, "-O2 -ffast-math", needed=[], expect="not compiled")
        yield Row(x86, compiler, "-O2 -ffinite-math-only", needed=[], expect="not compiled")


def recorded():
    text = open(os.path.join(ROOT, "vectors", "golden.inc")).read()
    return dict(re.findall(r'^REPORT\("(\w+)", "([0-9a-f]{64})"\)', text, re.M))


def command(words, env=None, seconds=1800):
    done = subprocess.run(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        timeout=seconds,
        env={**os.environ, **(env or {})},
    )
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace").strip()


def build(row, folder):
    """Compiles; returns the program and the environment to run it in, or says why it cannot."""
    program, env, sources, flags = os.path.join(folder, "skipverify"), {}, ["skipverify.c"], row.flags.split()
    if row.extra:
        extra = os.path.join(folder, "extra.c")
        with open(extra, "w") as f:
            f.write(row.extra)
        if row.env:  # a library of its own
            library = os.path.join(folder, "extra.so")
            code, out, err = command([row.compiler] + flags + [extra, "-lm", "-o", library])
            if code:
                return None, err
            env, flags = {name: library for name in row.env}, ["-O2"]
        else:
            sources.append(extra)
    if "-flto" in flags and "clang" in row.compiler:
        flags.append("--ld-path=" + shutil.which("ld.lld-" + row.compiler[6:]))
    code, out, err = command([row.compiler, "-w"] + flags + sources + row.needed + LIBS + ["-o", program])
    return (None, err) if code else (program, env)


def attempt(job):
    number, row, sha = job
    lacking = sorted({package for tool, package in row.needs.items() if not shutil.which(tool) and not glob.glob(tool)})
    if lacking:
        row.status, row.result = "skipped", "not installed: apt-get install " + " ".join(lacking)
        return row
    folder = os.path.join(BUILD, str(number))
    os.makedirs(folder)
    try:
        program, env = build(row, folder)
        if row.expect == "not compiled":
            fine = program is None and "must not be compiled with -ffast-math" in env
            row.status, row.result = (
                ("refused", "at compile time: must not be compiled with -ffast-math")
                if fine
                else ("FAILED", "was compiled")
            )
            return row
        if program is None:
            row.status, row.result = "FAILED", "does not compile: " + env.splitlines()[0][:150]
            return row
        row.program = program
        code, out, err = command(row.run + [program, "--no-progress", "--level", row.level] + row.options, env)
        judge(row, code, out, err, sha)
        if row.status == "same":
            paths(row, env)
    except (subprocess.TimeoutExpired, OSError) as trouble:
        row.status, row.result = "FAILED", str(trouble)[:150]
    return row


def judge(row, code, out, err, sha):
    got = re.search(r"^report SHA-256 ([0-9a-f]{64})", out, re.M)
    if row.expect == "refused":
        fine = code == 3 and not out and "this environment would change figures" in err and "\n" not in err
        row.status, row.result = (
            ("refused", err.split("figures: ")[1])
            if fine
            else ("FAILED", "not refused: exit %d %s" % (code, got and got.group(1)))
        )
    elif code == 2 and "no such level on this machine" in err:
        row.status, row.result = "skipped", "this processor has no " + row.options[-1]
    elif code == 0 and got and got.group(1) == sha[row.level]:
        row.status, row.result = "same", got.group(1)
    else:
        row.status, row.result = "FAILED", "exit %d %s %s" % (
            code,
            got.group(1) if got else "no report",
            err.splitlines()[-1][:150] if err else "",
        )


def paths(row, env):
    """The rows of vectors/paths.txt, users' networks, their certificates and knots; those of vectors/pictures.txt."""
    runner = {"RUNNER": " ".join(row.run)} if row.run else {}
    for script in ("paths.sh", "pictures.sh"):
        code, out, err = command(["sh", "tests/face/" + script, row.program, "rows"], {**env, **runner})
        if code:
            row.status, row.result = "FAILED", (out or err).splitlines()[0][:150]


def mixed(chosen, sha):
    """One run whose shards are computed by machines of different kinds, little- and big-endian, with and without fma,
    and merged by the first: the same bits."""
    machines = list({row.machine: row for row in reversed(chosen) if row.status == "same"}.values())[::-1]
    if len(machines) < 2:
        return None
    parts = [os.path.join(BUILD, "%d.part" % i) for i in range(len(machines))]
    for i, row in enumerate(machines):
        code, out, err = command(
            row.run + [row.program, "--level", "quick", "--shard", "%d/%d" % (i + 1, len(machines)), "-o", parts[i]]
        )
        if code:
            print("FAILED    mixed shards: %s: exit %d %s" % (row.machine, code, err))
            return "FAILED"
    code, out, err = command(machines[0].run + [machines[0].program, "merge"] + parts[::-1])
    got = re.search(r"^report SHA-256 ([0-9a-f]{64})", out, re.M)
    fine = code == 0 and got and got.group(1) == sha["quick"]
    status = "same" if fine else "FAILED"
    print(
        "%-9s %-9s %-64s   %s"
        % (
            status,
            "quick",
            got.group(1) if got else err[:64],
            "one run, a shard each on " + ", ".join(row.machine for row in machines),
        )
    )
    return status


def packages():
    names = {package for row in rows() for package in row.needs.values()}
    print(" ".join(sorted(names | {"gcc", "clang", "libc6-dev"})))


def main():
    if sys.argv[1:] == ["--packages"]:
        return packages()
    sha, words = recorded(), sys.argv[1:]
    chosen = [row for row in rows() if not words or any(word in row.title() for word in words)]
    shutil.rmtree(BUILD, ignore_errors=True)
    count = {}
    print(
        "%-9s %-9s %-64s   %s" % ("result", "level", "report SHA-256, or what happened", "machine, compiler, options"),
        flush=True,
    )
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for row in pool.map(attempt, [(i, row, sha) for i, row in enumerate(chosen)]):
            count[row.status] = count.get(row.status, 0) + 1
            print(
                "%-9s %-9s %-64s   %s"
                % (row.status, row.level if row.expect == "same" else "-", row.result, row.title()),
                flush=True,
            )
    status = mixed(chosen, sha)
    if status:
        count[status] = count.get(status, 0) + 1
    shutil.rmtree(BUILD, ignore_errors=True)
    for level in ("quick", "standard"):
        print("recorded  %-9s %s" % (level, sha[level]))
    print(
        "compilers: "
        + "; ".join(
            sorted(
                {
                    command([c, "--version"])[1].splitlines()[0]
                    for c in {row.compiler for row in chosen}
                    if shutil.which(c)
                }
            )
        )
    )
    print(
        "host: %s, %s"
        % (
            platform.machine(),
            next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?"),
        )
    )
    print(
        "portability: %d same, %d refused as they must be, %d skipped"
        % tuple(count.get(s, 0) for s in ("same", "refused", "skipped"))
    )
    print(
        "%d passed, %d failed, %d skipped"
        % (count.get("same", 0) + count.get("refused", 0), count.get("FAILED", 0), count.get("skipped", 0))
    )
    return 1 if count.get("FAILED") or not count.get("same", 0) + count.get("refused", 0) else 0


if __name__ == "__main__":
    sys.exit(main())
