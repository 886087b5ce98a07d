"""Inputs that nobody thought of, for all that reads what others wrote (fuzz.c tells what the targets are).

    python3 tests/campaigns/fuzz.py CLANG DIR [SECONDS [TARGET...]]      default 60 seconds a target, all targets

Builds the program and the targets with CLANG (libFuzzer, ASan, UBSan) in DIR, makes first inputs from real ones
(parts the program writes, formulas, words and options of its own texts), and runs each target on all cores. Inputs
that reached something new are kept in DIR/TARGET.corpus, from which the next run starts. Coverage is that of all
inputs kept: edges, and features (edges and how often). An input that is a finding is kept as DIR/TARGET-crash-...,
-timeout-... or -oom-..., and

    DIR/TARGET DIR/TARGET-crash-...

shows it again. The last line says how many targets passed and failed; exit 1 if one failed."""
import os, re, signal, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TARGETS = {  # the longest input in bytes
    "part": 12000,
    "formula": 400,
    "sopsp": 600,
    "options": 400,
    "library": 1200,
    "numbers": 300,
}
FLAGS = (
    "-std=gnu99 -O1 -g1 -ffp-contract=off -Wall -Wextra -Wno-unused-function -Wno-unused-const-variable "
    "-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined"
).split()
SLOWEST, MEMORY = 20, 2048  # seconds an input may take, MiB a target may have
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1"}
ENVIRONMENT = dict(os.environ, **SANITIZERS)


def build(clang, folder):
    os.makedirs(folder, exist_ok=True)
    program, fuzz = os.path.join(folder, "skipverify"), os.path.join(folder, "fuzz")
    source = os.path.join(ROOT, "skipverify.c")
    harness = os.path.join(ROOT, "tests", "campaigns", "fuzz.c")
    plain = os.path.join(folder, "plain")
    with open(plain, "w") as f:
        f.write("fun:sha_*\n")  # most of a part's time
    lists = ["-fsanitize-ignorelist=" + plain, "-fsanitize-coverage-ignorelist=" + plain]
    libraries = ["-lm", "-lpthread", "-o"]
    jobs = [
        subprocess.Popen([clang, "-O1", "-ffp-contract=off", source] + libraries + [program]),
        subprocess.Popen([clang] + FLAGS + lists + [harness] + libraries + [fuzz]),
    ]
    if any([job.wait() for job in jobs]):
        sys.exit("fuzz: cannot be built: expected clang with libFuzzer (apt-get install clang libclang-rt-14-dev)")
    for target in TARGETS:
        link = os.path.join(folder, target)
        if os.path.lexists(link):
            os.remove(link)
        os.symlink("fuzz", link)
    return program


def read(*name):
    with open(os.path.join(ROOT, *name), encoding="utf-8") as f:
        return f.read()


def written_part(program, folder, words):
    """What the harness does not write itself: without the first three lines and the seal."""
    name = os.path.join(folder, "seed.part")
    if subprocess.call([program, "--threads", "1", "-o", name] + words, stdout=subprocess.DEVNULL):
        sys.exit("fuzz: the program itself fails: no first inputs")
    with open(name, "rb") as f:
        lines = f.read().split(b"\n")
    os.remove(name)
    return b"\n".join(lines[3:-2]) + b"\n"


def part_seeds(program, folder):
    some = [
        ["--level", "quick", "shamir.ex1"],
        ["--level", "quick", "shamir.def1", "wang.remark4.1"],
        ["--level", "quick", "--seed", "7", "wang.lemma10"],
        ["--case", "himmelblau", "wang.thm4"],
    ]
    for words in some:
        whole, first, second = (written_part(program, folder, ["--shard", s] + words) for s in ("1/1", "1/2", "2/2"))
        yield b"\x08\0" + whole
        yield b"\x00\0" + whole
        yield b"\x08\0" + first
        yield b"\x00\0" + first + b"\f" + second
        yield b"\x10\0" + second + b"\f" + first
        yield b"\x20\0" + second + b"\f" + first
    yield b"\x0c\0level quick\nseed 1\nclaims all\ncase all\nshard 1/1\nfinished 0/1\n"
    yield b"\x03\0skipverify part 1\n"


def formula_seeds():
    named = re.findall(r'\{ "[^"]+", "([^"]+)", \{ ([-0-9., ]+) \}', read("skipverify.c"))
    named += [(formula, "") for formula in ("abs(x)-sqrt(y)", "min(x,y)/max(x,-y)", "sin(x^64)*cos(1/y)", "-(.5-x)^0")]
    assert len(named) > 15
    for i, (formula, box) in enumerate(named):
        text = "%s\n%s\n" % (formula, "box=" + box.replace(" ", "") if box else "")
        yield b"\0\0" + text.encode() + bytes((37 * i + 11 * k) % 256 for k in range(80))
        yield b"\1\0" + text.encode() + bytes((91 * i + 5 * k) % 256 for k in range(80))
    yield b"\0\0" + b"(" * 31 + b"x" + b")" * 31 + b"\n\n"
    yield b"\0\0" + b"1+x*(" * 30 + b"y" + b")" * 30 + b"\nbox=-1e30,0x1p99,-1,1e-300\n"


def sopsp_seeds():
    texts = read("README.md") + read("tests", "face", "cli.sh")
    lines = re.findall(r"sopsp((?: [A-Za-z]+=[-0-9a-zA-Z.,:/]+)+)", texts)
    lines += [
        " loss=smoothed-hinge w=1,-2 V=1,2/3,-4 sample=1,2:1,0:1 sample=-1,0:0,1:-1 b=9 r=2 eps=1",
        " loss=logistic w=0x1p-3 V=-1e3 sample=1e-9:1:-1 r=0",
    ]
    assert len(lines) > 5
    for line in lines:
        yield b"\0\0" + line.strip().replace(" ", "\n").encode()


def option_rows():
    return re.findall(r'\{ (?:NULL|"(-\w)"), "(--[-a-z]+)", (?:NULL|"([A-Z/]+)")', read("skipverify.c"))


def options_seeds():
    values = {"N": "7", "L": "full", "NAME": "n=3", "FILE": "x", "I/N": "2/3", "D": "sse2", "F": "json"}
    rows = option_rows()
    assert len(rows) > 10
    for flag, name, argument in rows:
        yield b"\0\0" + "\n".join([flag or name] + ([values[argument]] if argument else []) + ["wang.thm6"]).encode()
        yield b"\0\0" + ("%s=%s\n--\nshamir.ex1" % (name, values.get(argument, ""))).encode()
    for words in ("explain\nwang.thm11\nshamir.fig1", "list", "--level\nquick\n-q\nwang.lemma10", "--\n-x"):
        yield b"\0\0" + words.encode()


def library_seeds():
    for which in range(5):
        for k in range(12):
            yield bytes([which, 0] + [(k * 7 + i * (3 + 2 * k)) % (64 if k % 2 else 256) for i in range(40 + 10 * k)])


def numbers_seeds():
    for words in ("18446744073709551615\n", "18446744073709551616", "3/8", "0", "x"):
        yield b"\0\0" + words.encode()
    for words in ("-33:00040000\n0", "nan\n67:00000001", "0:00000001ffffffff\n-1:12345678", "67:ffffffff\n67:00000001"):
        yield b"\1\0" + words.encode()
    for which in (2, 3, 4, 8, 9, 13):
        for k in range(8):
            yield bytes([which, 0] + [(k * 29 + i * 83) % 256 for i in range(60)])


SEEDS = {
    "formula": formula_seeds,
    "sopsp": sopsp_seeds,
    "options": options_seeds,
    "library": library_seeds,
    "numbers": numbers_seeds,
}


def words_of(target):
    """A dictionary: what the target's inputs are made of."""
    if target == "part":
        claims = re.findall(r'CLAIM\("([^"]+)"', read("vectors", "claims.inc")) or ["wang.thm1", "shamir.ex1"]
        return ["level ", "quick", "full", "seed ", "claims ", "all", "case ", "shard ", "finished ", "result ", "why ",
            "sums ", "figure ", "CERTIFIED", "REFUTED", "UNDECIDED", "0x1p+0", "inf", "nan", "-0x0p+0", "sha256 ",
            "skipverify part 1\n", "\n", "\f", "-9223372036854775808", "18446744073709551615"] + claims  # fmt: skip
    if target == "formula":
        return ["abs(", "sqrt(", "sin(", "cos(", "max(", "min(", "x", "y", "^2", "^64", "^0", "1/", "-", "--", "(", ")",
            ",", "box=", "1e30", "0x1p99", "-1e-300", ".000000000000001", "999999999999999"]  # fmt: skip
    if target == "sopsp":
        return ["loss=", "squared", "logistic", "smoothed-hinge", "w=", "V=", "sample=", "b=", "r=", "eps=", ":", "/",
            ",", "0x1p-1074", "1e30", "-0x1p99", "inf", "nan", "\n"]  # fmt: skip
    if target == "options":
        return [name for row in option_rows() for name in row[:2] if name] + ["explain\n", "list\n", "--\n", "=", "\n"]
    return ["0x1p", "nan", "-33:00040000", "ffffffff"]


def prepare(target, program, folder):
    corpus = os.path.join(folder, target + ".corpus")
    os.makedirs(corpus, exist_ok=True)
    for k, data in enumerate(part_seeds(program, folder) if target == "part" else SEEDS[target]()):
        with open(os.path.join(corpus, "seed-%03d" % k), "wb") as f:
            f.write(data[: TARGETS[target]])
    with open(os.path.join(folder, target + ".dict"), "w") as f:
        for word in words_of(target):
            f.write('"%s"\n' % "".join("\\x%02x" % byte for byte in word.encode()))
    return corpus


def one_process(target, folder, corpus, seconds, k, log):
    words = [
        os.path.join(folder, target),
        "-max_len=%d" % TARGETS[target],
        "-max_total_time=%d" % seconds,
        "-timeout=%d" % SLOWEST,
        "-rss_limit_mb=%d" % MEMORY,
        "-dict=" + os.path.join(folder, target + ".dict"),
        "-artifact_prefix=" + os.path.join(folder, target + "-"),
        "-print_final_stats=1",
        "-reload=5",
        "-seed=%d" % (1 + k + int(time.time()) * 64 % (1 << 31)),
        corpus,
    ]
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT)


def covered(target, folder, corpus):
    """Edges and features of the corpus."""
    words = [os.path.join(folder, target), "-runs=0", "-max_len=%d" % TARGETS[target], corpus]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT, cwd=folder)
    last = re.findall(rb"cov: (\d+) ft: (\d+)", done.stderr)
    return tuple(map(int, last[-1])) if last else (0, 0)


def finding(log):
    """One line of a log on what was found, and the input's name."""
    what = re.search(r"fuzz: FOUND: .*|.*runtime error: .*|ERROR: (?:AddressSanitizer|libFuzzer): .*", log)
    name = re.search(r"Test unit written to (\S+)", log)
    return "%s: %s" % (what.group(0)[:300] if what else "ended early", name.group(1) if name else log[-300:].strip())


def run(target, program, folder, seconds, cores):
    """Prints the target's row and findings; how many there were."""
    corpus = prepare(target, program, folder)
    names = [os.path.join(folder, "%s.log%d" % (target, k)) for k in range(cores)]
    jobs = []
    for k, name in enumerate(names):
        with open(name, "w") as log:
            jobs.append(one_process(target, folder, corpus, seconds, k, log))
    try:
        codes = [job.wait(timeout=seconds + 10 * SLOWEST + 60) for job in jobs]
    finally:
        for job in jobs:
            if job.poll() is None:
                job.send_signal(signal.SIGKILL)
    texts = []
    for name in names:
        with open(name, errors="replace") as f:
            texts.append(f.read())
    executions = 0
    for text in texts:
        numbers = re.findall(r"number_of_executed_units: (\d+)", text) or re.findall(r"(?m)^#(\d+)\s", text) or ["0"]
        executions += int(numbers[-1])
    edges, features = covered(target, folder, corpus)
    found = [finding(text) for text, code in zip(texts, codes) if code]
    late = sum("libFuzzer: timeout" in line for line in found)
    print("%-10s %12d %8d %9d %8d %9d" % (target, executions, edges, features, len(found) - late, late), flush=True)
    for line in sorted(set(found)):
        print("    " + line, flush=True)
    return len(found)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: fuzz.py CLANG DIR [SECONDS [TARGET...]]")
    folder = os.path.abspath(sys.argv[2])
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    program = build(sys.argv[1], folder)
    chosen = sys.argv[4:] or list(TARGETS)
    cores = len(os.sched_getaffinity(0))
    head = ("target", "executions", "edges", "features", "crashes", "timeouts")
    print("%-10s %12s %8s %9s %8s %9s" % head, flush=True)
    failed = sum(run(target, program, folder, seconds, cores) > 0 for target in chosen)
    print("fuzz: %d passed, %d failed" % (len(chosen) - failed, failed))
    sys.exit(failed > 0)


main()
