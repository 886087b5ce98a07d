# SPDX-License-Identifier: MIT
"""Every call that can fail, failing once: alone sees a failure ignored, a crash on one, or a half-written file.

    python3 tests/campaigns/failing.py PROGRAM [SCENARIO...]

failing.c, built here and preloaded, makes the n-th call of a kind fail: of an allocator, of pthread_create, of a system
call wherever in the C library it is made. Each scenario is run once with nothing failing, which counts the calls; then
with the n-th failing, alone or with all after it, for every n, or of more than 60 for the first 20, the last 10, 40
between; and of allocations that fail alone, the first from each place of the program, which meets what only some
callers do wrong. What came out must be one of
  right   output, files, messages and exit code of the run with nothing failing
  error   exit code 4, one line on standard error, no whole output; of every file the old contents or the whole new
          ones, of the output the old; a checkpoint sealed or absent, from which the same command then goes on
and of these right, where a call was interrupted (EINTR) or moved less than asked, where no thread could be created, or
where it was only a message that could not be written; error, where a write, fsync, close or rename of what is to be
kept failed. One line a scenario and kind: calls counted, runs, outcomes; `missed` are runs that ended before their
call. Needs cc and glibc on x86-64 or aarch64; where seccomp is refused, system calls are skipped by name."""
import collections, errno, hashlib, itertools, os, re, select, shutil, stat, struct, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "skipverify")
FAILED = 4  # the exit code
TIMEOUT = 60
COUNTS = 1 << 16  # bytes of the file that the shim counts in
MEMORY = ("malloc", "calloc", "realloc", "memalign")
with open(os.path.join(HERE, "failing.c")) as f:
    KINDS = re.findall(r"\w+", re.search(r"enum kind \{(.*?)\bKINDS\b", f.read(), re.S).group(1).lower())

# How calls fail: kinds, counted together; once or from the n-th on; the errno, 0 for half of what was asked.
Way = collections.namedtuple("Way", "kinds on error")
ONCE, ON, SHORT = 0, 1, 0
WAYS = [Way((kind,), on, errno.ENOMEM) for kind in MEMORY + ("mmap",) for on in (ONCE, ON)]
WAYS += [Way(MEMORY, ON, errno.ENOMEM)]
MEMORY_ONCE = [Way((kind,), ONCE, errno.ENOMEM) for kind in MEMORY]
WAYS += [Way(("thread",), on, errno.EAGAIN) for on in (ONCE, ON)]
WAYS += [Way((kind,), ONCE, errno.EINTR) for kind in ("open", "read", "write", "fsync", "close")]
WAYS += [Way((kind,), on, SHORT) for kind in ("read", "write") for on in (ONCE, ON)]
WAYS += [Way(("write",), on, errno.ENOSPC) for on in (ONCE, ON)]
WAYS += [Way((kind,), on, errno.EIO) for kind in KINDS if kind not in MEMORY + ("thread", "mmap") for on in (ONCE, ON)]

QUICK = ["--threads", "1", "--level", "quick"]
SHORT_RUN = QUICK + ["shamir.ex1", "wang.errata"]
THREE_CASES = QUICK + ["shamir.cor1"]
OLD = b"what was there before\n"
HIMMELBLAU = "(x^2+y-11)^2+(x+y^2-7)^2"
NETWORKS = os.path.join(HERE, "..", "..", "vectors", "networks")
SURFACE = [os.path.join(NETWORKS, "two-layer-a.npz"), "--data", os.path.join(NETWORKS, "iris.csv"), "--grid", "4"]
POINT = ["loss=squared", "w=0", "V=-8", "sample=1:0.125:1"]

# files: what is there before, by name: bytes, ("link", target), or "pipe". output, kept: the files that the report and
# the checkpoint become. redirect: standard output is a file. ways: only these.
Scenario = collections.namedtuple(
    "Scenario", "words files output kept redirect ways", defaults=({}, None, None, False, WAYS)
)


def claims():
    out = subprocess.run([PROGRAM, "list"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return re.findall(r"^((?:wang|shamir)\.\S+)", out, re.M)


def scenarios(made):
    """By name: those written here, and for each claim that is in none of them one of its own, of memory alone. made:
    parts and a checkpoint that the program wrote."""
    two, eight = ["--threads", "2", "--level", "quick"], ["--threads", "8", "--level", "quick"]
    certificate = ["--threads", "1", "--case", "squared/2-1/random", "--certificate", "path", "wang.thm11"]
    parts = {name: made[name] for name in ("1.part", "2.part")}
    whole = {
        "cor1": Scenario(QUICK + ["shamir.cor1", "--seed", "3"]),
        "lemma10": Scenario(QUICK + ["wang.lemma10"]),
        "thm11": Scenario(QUICK + ["wang.thm11"], ways=MEMORY_ONCE),
        "thm3": Scenario(QUICK + ["shamir.thm3"]),
        "cor1-threads": Scenario(two + ["shamir.cor1", "--seed", "3"]),
        "lemma10-threads": Scenario(two + ["wang.lemma10"]),
        "thm3-threads": Scenario(eight + ["shamir.thm3"]),
        "all-cores": Scenario(["--level", "quick", "shamir.ex1"]),
        "landscape": Scenario(["landscape", HIMMELBLAU, "box=-6,6,-6,6", "--threads", "1"]),
        "landscape-well": Scenario(["landscape", "(x^2-1)^2+y^2", "box=-2,2,-2,2", "--threads", "1"]),
        "sopsp": Scenario(["sopsp"] + POINT),
        "json": Scenario(SHORT_RUN + ["--format", "json"]),
        "junit": Scenario(SHORT_RUN + ["--format", "junit"]),
        "github": Scenario(SHORT_RUN + ["--format", "github"]),
        "list": Scenario(["list"]),
        "explain": Scenario(["explain", "wang.thm6", "shamir.cor1"]),
        "redirect": Scenario(SHORT_RUN + ["-v"], redirect=True),
        "new": Scenario(SHORT_RUN + ["-o", "out"], output="out"),
        "existing": Scenario(SHORT_RUN + ["-v", "-o", "out"], {"out": OLD}, "out"),
        "link": Scenario(SHORT_RUN + ["-o", "out"], {"out": ("link", "real"), "real": OLD}, "real"),
        "dangling": Scenario(SHORT_RUN + ["-o", "out"], {"out": ("link", "real")}, "real"),
        "pipe": Scenario(SHORT_RUN + ["-o", "out"], {"out": "pipe"}),
        "figure": Scenario(["figure", "shamir.fig1", "-o", "out"], {"out": OLD}, "out"),
        "part": Scenario(THREE_CASES + ["--shard", "1/2", "-o", "out"], {"out": OLD}, "out"),
        "merge": Scenario(["merge", "1.part", "2.part"], parts),
        "merge-existing": Scenario(["merge", "2.part", "1.part", "-o", "out"], {"out": OLD, **parts}, "out"),
        "checkpoint": Scenario(THREE_CASES + ["--checkpoint", "kept"], kept="kept"),
        "checkpoint-existing": Scenario(
            THREE_CASES + ["--checkpoint", "kept", "-o", "out"], {"out": OLD, "kept": made["kept"]}, "out", "kept"
        ),
        "resume": Scenario(THREE_CASES + ["--checkpoint", "kept"], {"kept": made["kept"]}, None, "kept"),
        "certificate": Scenario(certificate, {"path": OLD}),
        "surface": Scenario(
            ["surface"] + SURFACE + ["--threads", "1", "--svg", "svg", "--vtk", "vtk", "--knots", "knots", "-o", "out"],
            {"out": OLD, "svg": OLD, "vtk": OLD},
            "out",
        ),
    }
    swept = {word for scenario in whole.values() if scenario.words[:2] == QUICK[:2] for word in scenario.words}
    others = {c: Scenario(QUICK + [c], ways=MEMORY_ONCE) for c in claims() if c not in swept}
    return {**whole, **others}


def sealed(data):
    """A whole part file."""
    body, seal = (data or b"")[:-72], (data or b"")[-72:]
    return (
        body.startswith(b"skipverify part 1\n") and seal == b"sha256 %s\n" % hashlib.sha256(body).hexdigest().encode()
    )


def without_last_result(part):
    """A part of one shard of one, as a checkpoint would be before the last case is finished."""
    lines = part.split(b"\n")[:-2]
    del lines[max(i for i, line in enumerate(lines) if line.startswith(b"result ")) :]
    body = (
        b"\n".join(
            re.sub(rb"^finished (\d+)/(\d+)$", lambda m: b"finished %d/%s" % (int(m[1]) - 1, m[2]), line)
            for line in lines
        )
        + b"\n"
    )
    return body + b"sha256 %s\n" % hashlib.sha256(body).hexdigest().encode()


def make_files(folder):
    """The parts and the checkpoint that scenarios begin with."""
    made = {}
    for name, share in (("1.part", "1/2"), ("2.part", "2/2"), ("kept", "1/1")):
        path = os.path.join(folder, name)
        subprocess.run([PROGRAM] + THREE_CASES + ["--shard", share, "-o", path], check=True)
        with open(path, "rb") as f:
            made[name] = f.read()
    made["kept"] = without_last_result(made["kept"])
    return made


def lay_out(folder, files):
    """The files of a scenario. A pipe is kept open, so that no writer waits for a reader: its descriptor, or None."""
    pipe = None
    for name, contents in files.items():
        path = os.path.join(folder, name)
        if contents == "pipe":
            os.mkfifo(path)
            pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        elif isinstance(contents, tuple):
            os.symlink(contents[1], path)
        else:
            with open(path, "wb") as f:
                f.write(contents)
    return pipe


def state_of(folder):
    """What is there, as in a scenario's files."""
    state = {}
    for entry in os.scandir(folder):
        if entry.is_symlink():
            state[entry.name] = ("link", os.readlink(entry.path))
        elif entry.is_file():
            with open(entry.path, "rb") as f:
                state[entry.name] = f.read()
        else:
            state[entry.name] = "pipe" if stat.S_ISFIFO(os.lstat(entry.path).st_mode) else "?"
    return state


# code, out, err, state: of a run. piped: what came through the scenario's pipe. count: calls by kind. places: pairs of
# a kind and an n, the first allocation from each place.
Run = collections.namedtuple("Run", "code out err state piped hits written trapped count places resumed")
runs = itertools.count()


class Sweep:
    def __init__(self, folder):
        self.folder = folder
        self.shim = os.path.join(folder, "failing.so")
        compiler = os.environ.get("CC", "cc").split() + ["-O2", "-shared", "-fPIC"]
        subprocess.run(compiler + [os.path.join(HERE, "failing.c"), "-ldl", "-o", self.shim], check=True)

    def command(self, scenario, folder, output, **options):
        with open(output, "wb") as out:
            done = subprocess.run(
                [PROGRAM] + scenario.words,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out if scenario.redirect else subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=TIMEOUT,
                **options
            )
        with open(output, "rb") as out:
            return done, out.read() if scenario.redirect else done.stdout

    def run(self, scenario, way=None, n=0):
        """One run, in a folder of its own."""
        base = os.path.join(self.folder, "run-%d" % next(runs))
        folder, counts = os.path.join(base, "here"), os.path.join(base, "counts")
        os.makedirs(folder)
        pipe = lay_out(folder, scenario.files)
        with open(counts, "wb") as f:
            f.truncate(COUNTS)
        bits = sum(1 << KINDS.index(kind) for kind in way.kinds) if way else 0
        plan = "%d:%d:%d:%d" % (bits, n, way.on if way else 0, way.error if way else 0)
        env = {**os.environ, "LC_ALL": "C", "LD_PRELOAD": self.shim, "FAILING": plan, "FAILING_COUNTS": counts}
        try:
            done, out = self.command(scenario, folder, os.path.join(base, "out"), env=env)
            state, piped, resumed = state_of(folder), b"", None
            if pipe is not None:
                piped = os.read(pipe, 1 << 16) if pipe_has(pipe) else b""
            if way and scenario.kept and done.returncode == FAILED:
                again, whole = self.command(scenario, folder, os.path.join(base, "out"))
                resumed = (again.returncode, whole, state_of(folder))
            with open(counts, "rb") as f:
                trapped, hits, written, *numbers = struct.unpack("=%dQ" % (COUNTS // 8), f.read())
            count, noted = numbers[: len(KINDS)], numbers[len(KINDS)]
            places = [(KINDS[p >> 48], p % (1 << 48)) for p in numbers[len(KINDS) + 1 :][:noted]]
            return Run(
                done.returncode,
                out,
                done.stderr,
                state,
                piped,
                hits,
                written,
                trapped,
                dict(zip(KINDS, count)),
                places,
                resumed,
            )
        except subprocess.TimeoutExpired:
            return None
        finally:
            if pipe is not None:
                os.close(pipe)
            shutil.rmtree(base)


def pipe_has(pipe):
    return bool(select.select([pipe], [], [], 0)[0])


def required(way, run):
    """Which outcome it must be, if it may not be either."""
    kind = way.kinds[0]
    if not run.hits or kind in ("thread", "stderr") or way.error == SHORT:
        return "right"
    if way.error == errno.EINTR:
        return None if kind == "close" else "right"
    if kind in ("write", "rename") or (kind in ("fsync", "close") and run.written):
        return "error"
    return None


def same(clean, way, run):
    return (run.code, run.out, run.state, run.piped) == (clean.code, clean.out, clean.state, clean.piped) and (
        run.err == clean.err or way.kinds == ("stderr",)
    )


def whole_output(scenario, clean, run):
    """All of the report is out, as if nothing had failed."""
    if scenario.output:
        return run.state.get(scenario.output) == clean.state.get(scenario.output)
    return run.piped == clean.piped if clean.piped else run.out == clean.out


def wrong_files(scenario, clean, run, late):
    """What is wrong with the files after an error, or None."""
    for name in sorted({*scenario.files, *clean.state, *run.state}):
        now, old, new = run.state.get(name), scenario.files.get(name), clean.state.get(name)
        if name == scenario.kept:
            if now is not None and now != old and not sealed(now):
                return "the checkpoint is damaged"
        elif old is None and new is None:
            return "%s is left behind" % re.sub(r"\.\w{6}$", ".XXXXXX", name)
        elif now not in (old, new):
            return "%s is %s" % (name, "gone" if now is None else "neither the old nor the new")
        elif name == scenario.output and now != old and not late:
            return "%s is new, after an error" % name
    return None


def message(clean, run):
    """What was said besides what is said with nothing failing."""
    return run.err[len(clean.err) :] if run.err.startswith(clean.err) else run.err


def wrong_error(scenario, clean, way, run):
    """What keeps it from being a clean error, or None."""
    error = message(clean, run)
    # the report is out already where only the checkpoint cannot be looked at or removed, a directory not opened or
    # written to disk, standard output or what is no file not closed
    late = (
        (scenario.kept and re.search(rb"cannot (remove|look at) ", error))
        or (way.kinds[0] in ("fsync", "close", "open") and not run.written)
        or (way.kinds[0] == "close" and scenario.redirect)
    )
    if run.code < 0:
        return "killed by signal %d" % -run.code
    if run.code != FAILED:
        other = [what for what in ("out", "err", "state", "piped") if getattr(run, what) != getattr(clean, what)]
        return "exit code %d" % run.code + (", with other %s" % ", ".join(other) if run.code == clean.code else "")
    if not re.fullmatch(rb"skipverify: [^\n]+\n", error):
        return "not one line of message"
    if not late and whole_output(scenario, clean, run):
        return "a whole output, with an error"
    if not clean.out.startswith(run.out) or not clean.piped.startswith(run.piped):
        return "other output"
    if run.resumed and run.resumed != (clean.code, clean.out, clean.state):
        return "the same command does not go on from there"
    return wrong_files(scenario, clean, run, late)


def judged(scenario, clean, way, run):
    """ "right", "error", or what is wrong."""
    if run is None:
        return "hangs"
    must = required(way, run)
    if same(clean, way, run):
        return "right" if must != "error" else "the failure is ignored"
    return wrong_error(scenario, clean, way, run) or ("error" if must != "right" else "an error, not the right bytes")


def tried(way, clean):
    """The n to try."""
    count = sum(clean.count[kind] for kind in way.kinds)
    if count <= 60:
        return range(1, count + 1)
    between = {20 + (count - 30) * i // 41 for i in range(1, 41)}
    places = {n for kind, n in clean.places if (kind,) == way.kinds and way.on == ONCE}
    return sorted({*range(1, 21), *range(count - 9, count + 1), *between, *places})


def shown(way, n):
    name = errno.errorcode[way.error] if way.error else "short"
    return "n = %s, %s, %s" % (n, "from then on" if way.on else "once", name)


def several(numbers):
    return ", ".join(map(str, numbers[:8])) + (", ... (%d of them)" % len(numbers) if len(numbers) > 8 else "")


def sweep_scenario(sweep, pool, name, scenario, tally):
    """All of one scenario; a line a kind. tally: passed, failed, and the wrong ones, those alike together."""
    clean = sweep.run(scenario)
    if clean is None or clean.code:
        raise SystemExit("failing: %s: exit code %s with nothing failing" % (name, clean and clean.code))
    tally["trapped"] = bool(clean.trapped)
    jobs = [(way, n) for way in scenario.ways for n in tried(way, clean)]
    rows = {}
    for (way, n), run in zip(jobs, pool.map(lambda job: sweep.run(scenario, *job), jobs)):
        kind = way.kinds[0] if len(way.kinds) == 1 else "memory"
        outcome = judged(scenario, clean, way, run)
        row = rows.setdefault(kind, collections.Counter(calls=sum(clean.count[k] for k in way.kinds)))
        row["tried"] += 1
        row["missed"] += run is not None and not run.hits
        row[outcome if outcome in ("right", "error") else "WRONG"] += 1
        if outcome in ("right", "error"):
            tally["passed"] += 1
            continue
        tally["failed"] += 1
        line = message(clean, run).decode(errors="replace").split("\n")[0] if run else ""
        # alike but for figures: one line, with the first one's message
        key = (name, kind, way, outcome, run.code if run else None, re.sub(r"\d+", "0", line))
        tally["wrong"].setdefault(key, (line, []))[1].append(n)
    for kind, row in rows.items():
        columns = tuple(row[what] for what in ("calls", "tried", "missed", "right", "error", "WRONG"))
        print("%-20s %-9s %7d %6d %6d %6d %6d %6d" % ((name, kind) + columns), flush=True)


def main():
    tally = {"passed": 0, "failed": 0, "wrong": {}, "trapped": True}
    folder = tempfile.mkdtemp(prefix="failing-")
    try:
        sweep, every = Sweep(folder), scenarios(make_files(folder))
        unknown = [name for name in sys.argv[2:] if name not in every]
        if unknown:
            print("failing: no scenario %s; there are %s" % (unknown[0], " ".join(every)), file=sys.stderr)
            return 2
        print(
            "%-20s %-9s %7s %6s %6s %6s %6s %6s"
            % ("scenario", "kind", "calls", "tried", "missed", "right", "error", "WRONG")
        )
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for name in sys.argv[2:] or every:
                sweep_scenario(sweep, pool, name, every[name], tally)
    finally:
        shutil.rmtree(folder)
    for (name, kind, way, outcome, code, _), (line, wrong) in tally["wrong"].items():
        print("WRONG %s, %s, %s: %s; exit %s: %s" % (name, kind, shown(way, several(wrong)), outcome, code, line))
    if not tally["trapped"]:
        print("SKIPPED system calls: seccomp is refused here")
    print("failing: %d passed, %d failed" % (tally["passed"], tally["failed"]))
    return 1 if tally["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
