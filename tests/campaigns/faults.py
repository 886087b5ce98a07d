# SPDX-License-Identifier: MIT
"""What can go wrong around the program: alone sees a result after a fault, or half a file.

    python3 tests/campaigns/faults.py PROGRAM [CAMPAIGN...]

Every fault must end in the same bits as a quiet run, or in a clean error: exit code 2 or 4, one line on standard error,
nothing on standard output, and of a file the old contents or the whole new ones, never a part. What cannot be tried
here (no root, a tool not installed) is skipped by name."""
import hashlib, os, random, re, resource, shutil, signal, subprocess, sys, tempfile, time

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "skipverify")
ROOT = os.geteuid() == 0
QUICK = ["--level", "quick"]
RNG = random.Random(5)
count = {"ok": 0, "FAIL": 0, "SKIPPED": 0}


def say(status, what, detail=""):
    count[status] += 1
    print("%-7s %s%s" % (status, what, ": " + detail if detail else ""), flush=True)


def run(words, **options):
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    return subprocess.run([PROGRAM] + words, timeout=300, **options)


def clean(done, code=None, word=b""):
    return (
        (done.returncode in (2, 4) if code is None else done.returncode == code)
        and not done.stdout
        and (done.stderr or b"").count(b"\n") == 1
        and word in done.stderr
    )


def shown(done):
    return "exit %d, %d bytes, %s" % (
        done.returncode,
        len(done.stdout or b""),
        (done.stderr or b"").decode(errors="replace")[-200:].strip(),
    )


def same(what, words=QUICK, expected=None, **options):
    """The report of a quiet run; or another command's output, given as expected."""
    done = run(words, **options)
    fine = done.returncode == 0 and done.stdout == (reference(words) if expected is None else expected)
    say("ok" if fine else "FAIL", what, "" if fine else shown(done))


cache = {}


def reference(words):
    key = tuple(words)
    if key not in cache:
        done = run(words)
        assert done.returncode == 0, shown(done)
        cache[key] = done.stdout
    return cache[key]


def limit(what, soft):
    return lambda: resource.setrlimit(what, (soft, soft))


def read(name):
    try:
        return open(name, "rb").read()
    except FileNotFoundError:
        return None


def parts(folder, n, words):
    names = [os.path.join(folder, "%d.part" % i) for i in range(1, n + 1)]
    for i, name in enumerate(names):
        assert run(["--shard", "%d/%d" % (i + 1, n), "-o", name] + words).returncode == 0
    return names


def damaged_parts(folder):
    names = parts(folder, 2, ["--level", "quick", "shamir.ex1", "wang.lemma10", "wang.errata"])
    good, bad = read(names[1]), os.path.join(folder, "bad.part")
    expected = run(["merge"] + names)
    assert expected.returncode == 0
    wrong = []

    def merge(data, what):
        with open(bad, "wb") as f:
            f.write(data)
        done = run(["merge", names[0], bad])
        if not clean(done, 2):
            wrong.append("%s: %s" % (what, shown(done)))

    places = RNG.sample(range(8 * len(good)), 600)
    for bit in places:
        data = bytearray(good)
        data[bit // 8] ^= 1 << bit % 8
        merge(data, "bit %d" % bit)
    say(
        "FAIL" if wrong else "ok",
        "%d flipped bits in a part of %d bytes: all refused" % (len(places), len(good)),
        "; ".join(wrong[:3]),
    )
    wrong.clear()
    lengths = RNG.sample(range(len(good)), 150) + [0, 1, len(good) - 1, len(good) - 65]
    for length in lengths:
        merge(good[:length], "%d bytes" % length)
    for extra in (b"\n", b"\0", good, b"x" * 10000):
        merge(good + extra, "%d bytes too many" % len(extra))
    for i in range(100):  # a block of zeros, as after a crash of the machine
        at = RNG.randrange(len(good))
        merge(good[:at] + bytes(len(good[at : at + 512])) + good[at + 512 :], "zeros at %d" % at)
    say(
        "FAIL" if wrong else "ok",
        "a part cut short in %d ways, with something after it, or zeros in it: all refused" % len(lengths),
        "; ".join(wrong[:3]),
    )
    merged = run(["merge"] + names[::-1])
    say("ok" if merged.stdout == expected.stdout else "FAIL", "and the good parts still merge")


def edited(lines):
    """One random change to the lines of a part; the digest is made anew, so that only the reader itself can object."""
    lines, i = list(lines), RNG.randrange(len(lines))
    words = lines[i].split(b" ")
    k = RNG.randrange(len(words))
    edge = RNG.choice(
        [
            b"",
            b" ",
            b"0",
            b"-1",
            b"1",
            b"99999999999999999999",
            b"-",
            b"nan",
            b"0x1p+0",
            b"-0x1p+0",
            b"1/1",
            b"2/2",
            b"67:ffffffff",
            b"33:" + 600 * b"f",
            b"x" * 300,
            b"all",
            b"result",
            b"sums",
            b"figure",
            b"%s%n",
            b"\0",
            b"\xff",
        ]
    )
    kind = RNG.randrange(6)
    if kind == 0:
        del lines[i]
    elif kind == 1:
        lines.insert(RNG.randrange(len(lines)), lines[i])
    elif kind == 2:
        j = RNG.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
    elif kind == 3:
        lines[i] = b" ".join(words[:k] + [edge] + words[k + 1 :])
    elif kind == 4:
        lines[i] = b" ".join(words[:k] + [edge] + words[k:])
    else:
        at = RNG.randrange(len(lines[i]) + 1)
        lines[i] = lines[i][:at] + bytes([RNG.randrange(256)]) + lines[i][at + 1 :]
    body = b"\n".join(lines) + b"\n"
    return body + b"sha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n"


def sealed_parts(folder):
    names = parts(folder, 2, ["--level", "quick", "shamir.ex1", "wang.lemma10", "wang.errata"])
    lines, bad, wrong, refused, differ, equal = (
        read(names[1]).split(b"\n")[:-2],
        os.path.join(folder, "bad.part"),
        [],
        0,
        0,
        0,
    )
    good = run(["merge"] + names).stdout
    for i in range(800):
        with open(bad, "wb") as f:
            f.write(edited(lines))
        done = run(["merge", names[0], bad])
        if clean(done, 2):
            refused += 1
        elif done.returncode == 0 and done.stdout == good:
            equal += 1  # a line moved onto itself
        elif done.returncode in (1, 3) and re.search(rb"^(FAIL|UNDECIDED) ", done.stdout, re.M) and not done.stderr:
            differ += 1  # a number that could have been computed: the record tells that it was not
        else:
            wrong.append(shown(done))
    say(
        "FAIL" if wrong else "ok",
        "800 edited parts with a digest that fits: %d refused, %d differ from the record, %d unchanged"
        % (refused, differ, equal),
        "; ".join(wrong[:3]),
    )


def full_disk(folder):
    old = b"what was there before\n"
    out = os.path.join(folder, "out")
    for room in (0, 100, 1024):
        with open(out, "wb") as f:
            f.write(old)
        done = run(QUICK + ["-o", out], preexec_fn=limit(resource.RLIMIT_FSIZE, room))
        fine = clean(done, 4, b"File too large") and read(out) == old and os.listdir(folder) == ["out"]
        say(
            "ok" if fine else "FAIL",
            "files limited to %d bytes: the old one is left" % room,
            "" if fine else shown(done) + str(os.listdir(folder)),
        )
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    if (
        not ROOT
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], stderr=subprocess.DEVNULL
        ).returncode
    ):
        return say("SKIPPED", "a full disk: a small file system cannot be mounted here")
    try:
        out = os.path.join(disk, "out")
        with open(out, "wb") as f:
            f.write(old)
        with open(os.path.join(disk, "ballast"), "wb", buffering=0) as f:
            try:
                while f.write(bytes(1024)):
                    pass
            except OSError:
                pass
        for words, what in (
            (QUICK + ["-o", out], "the report"),
            (QUICK + ["--shard", "1/2", "-o", out], "a part"),
            (QUICK + ["--checkpoint", os.path.join(disk, "kept")], "a checkpoint"),
        ):
            done = run(words)
            fine = (
                clean(done, 4, b"No space left on device")
                and read(out) == old
                and sorted(os.listdir(disk)) == ["ballast", "out"]
            )
            say(
                "ok" if fine else "FAIL",
                "a full disk, %s: exit 4, the old file is left" % what,
                "" if fine else shown(done) + str(os.listdir(disk)),
            )
    finally:
        subprocess.run(["umount", disk])


def killed(folder):
    """SIGKILL at any moment: of a merge that writes a file, and of a run with a checkpoint, which then goes on."""
    names, out, old = parts(folder, 3, QUICK), os.path.join(folder, "out"), b"old\n"
    whole, seen, wrong = reference(["-v"] + QUICK), {"old": 0, "new": 0}, []
    start = time.monotonic()
    assert run(["merge", "-v"] + names).stdout == whole
    length = time.monotonic() - start
    for i in range(80):
        with open(out, "wb") as f:
            f.write(old)
        job = subprocess.Popen([PROGRAM, "merge", "-v", "-o", out] + names, stderr=subprocess.PIPE)
        time.sleep(RNG.uniform(0, 1.2 * length))
        job.kill()
        job.communicate()
        now = read(out)
        seen["old" if now == old else "new"] += 1
        if now not in (old, whole):
            wrong.append("%d bytes" % len(now))
    say(
        "FAIL" if wrong else "ok",
        "a merge killed 80 times: the old file %(old)d times, the whole new one %(new)d times" % seen,
        "; ".join(wrong[:3]),
    )
    kept, wrong, whole, kills = os.path.join(folder, "kept"), [], reference(["--level", "standard"]), 0
    for i in range(5):
        for kill in range(4):
            job = subprocess.Popen(
                [PROGRAM, "--level", "standard", "--checkpoint", kept], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            time.sleep(RNG.uniform(0.1, 1.6))
            job.kill()
            kills += job.wait() == -signal.SIGKILL
            job.communicate()
        done = run(["--level", "standard", "--checkpoint", kept])
        if done.returncode or done.stdout != whole or os.path.exists(kept):
            wrong.append(shown(done))
    say(
        "FAIL" if wrong else "ok",
        "runs killed %d times and gone on with: the same report" % kills,
        "; ".join(wrong[:3]),
    )


def clocks(folder):
    library = next(
        (p for p in ("/usr/lib/%s/faketime/libfaketime.so.1" % m for m in os.listdir("/usr/lib")) if os.path.exists(p)),
        None,
    )
    if not library:
        return say("SKIPPED", "clocks: apt-get install faketime")
    stamp = os.path.join(folder, "now")
    env = {**os.environ, "LD_PRELOAD": library, "FAKETIME_NO_CACHE": "1", "FAKETIME_TIMESTAMP_FILE": stamp}
    for now in ("-50y", "+90y"):
        with open(stamp, "w") as f:
            f.write(now + "\n")
        same("the clock %s away" % now, env=env)
    kept = os.path.join(folder, "kept")
    with open(stamp, "w") as f:
        f.write("+1d\n")
    job = subprocess.Popen(
        [PROGRAM, "--level", "standard", "--checkpoint", kept], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    for back in ("-1d", "-3d", "+0d", "-20y"):  # all clocks of the process jump back and forth while it runs
        time.sleep(0.4)
        with open(stamp, "w") as f:
            f.write(back + "\n")
    out, err = job.communicate()
    fine = job.returncode == 0 and out == reference(["--level", "standard"])
    say(
        "ok" if fine else "FAIL",
        "the clock set back, four times, while a run keeps a checkpoint",
        "" if fine else err.decode(),
    )


def locales(folder):
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(folder, "de_DE.UTF-8")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ).returncode in (0, 1)
    env = {**os.environ, "LOCPATH": folder, "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    comma = (
        subprocess.run(
            ["bash", "-c", "printf %.1f 1,5"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ).stdout
        == b"1,5"
    )
    if not made or not comma:
        say("SKIPPED", "LC_ALL=de_DE.UTF-8: the locale cannot be made here: apt-get install locales")
    else:
        same("LC_ALL=de_DE.UTF-8, where 1.5 is written 1,5", ["--level", "standard"], env=env)
        words = ["sopsp", "loss=squared", "w=0", "V=-8.5", "sample=1:0.125:1"]
        same("and numbers on the command line there", words, env=env)
        names = parts(folder, 2, QUICK)
        same("and merged parts", ["merge"] + names, reference(QUICK), env=env)
    for zone in ("Asia/Kathmandu", "nonsense", ":/etc/passwd", ""):
        same("TZ='%s'" % zone, env={**os.environ, "TZ": zone})


def places(folder):
    out = os.path.join(folder, "closed", "out")
    os.mkdir(os.path.dirname(out))
    os.chmod(os.path.dirname(out), 0o555)
    os.chmod(folder, 0o755)
    as_nobody = (lambda: os.setuid(65534)) if ROOT else None
    program = PROGRAM
    if ROOT:  # nobody may not see the directory that the program is in
        program = os.path.join(folder, "program")
        shutil.copy(PROGRAM, program)
    for words, what in ((["-o", out], "-o"), (["--checkpoint", out], "--checkpoint")):
        done = subprocess.run(
            [program] + QUICK + words,
            cwd=os.path.dirname(out),
            preexec_fn=as_nobody,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        fine = clean(done, 4, b"Permission denied") and not os.listdir(os.path.dirname(out))
        say("ok" if fine else "FAIL", "%s in a directory without write permission" % what, "" if fine else shown(done))
    done = subprocess.run(
        [program] + QUICK,
        cwd=os.path.dirname(out),
        preexec_fn=as_nobody,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    say(
        "ok" if done.stdout == reference(QUICK) and done.returncode == 0 else "FAIL",
        "run in a directory without write permission",
    )
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    if (
        not ROOT
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", disk], stderr=subprocess.DEVNULL).returncode
    ):
        return say("SKIPPED", "a read-only file system cannot be mounted here")
    try:
        done = run(QUICK + ["-o", os.path.join(disk, "out")])
        say("ok" if clean(done, 4, b"Read-only file system") else "FAIL", "-o on a read-only file system", shown(done))
        same("run on a read-only file system", cwd=disk)
    finally:
        subprocess.run(["umount", disk])


def descriptors(folder):
    out = os.path.join(folder, "out")
    whole = reference(QUICK)
    for closed in ("0<&-", "2>&-", "0<&- 2>&-"):
        done = subprocess.run(["sh", "-c", 'exec "$0" --level quick ' + closed, PROGRAM], stdout=subprocess.PIPE)
        say("ok" if done.returncode == 0 and done.stdout == whole else "FAIL", "closed: " + closed)
    for closed in ("1>&-", "0<&- 1>&-", "0<&- 1>&- 2>&-"):
        done = subprocess.run(
            ["sh", "-c", 'exec "$0" --level quick -o "$1" ' + closed, PROGRAM, out],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        say(
            "ok" if done.returncode == 0 and read(out) == whole and not done.stdout and not done.stderr else "FAIL",
            "closed: %s, with -o: the file is whole" % closed,
            "" if done.returncode == 0 else shown(done),
        )
        done = subprocess.run(
            ["sh", "-c", 'exec "$0" --level quick ' + closed, PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        say(
            "ok" if done.returncode == 4 and not done.stdout else "FAIL",
            "closed: %s, without: exit 4" % closed,
            "" if done.returncode == 4 else shown(done),
        )
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" --level quick -o "$1/no/such" 0<&- 2>&-', PROGRAM, folder], stdout=subprocess.PIPE
    )
    say("ok" if done.returncode == 4 else "FAIL", "an error with standard error closed: still exit 4")


def limits(folder):
    for words, name in (
        (QUICK, "quick"),
        (["--level", "standard"], "standard"),
        (["--level", "full"], "full"),
        (["--level", "quick", "--dispatch", "sse2"], "quick, sse2"),
        (["--level", "standard", "--threads", "1"], "standard, one thread"),
    ):
        whole = reference(words[:2])
        same("a stack of 64 KiB, level " + name, words, whole, preexec_fn=limit(resource.RLIMIT_STACK, 1 << 16))
    same("one core", preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}))
    same("the lowest priority", preexec_fn=lambda: os.nice(19))
    wrong = []
    for mb in list(range(4, 40, 3)) + [50, 70, 100]:
        done = run(QUICK, preexec_fn=limit(resource.RLIMIT_AS, mb << 20))
        if (
            not (done.returncode == 0 and done.stdout == reference(QUICK))
            and not clean(done, 4)
            and not (done.returncode == 127 and b"shared" in done.stderr)
        ):
            wrong.append("%d MiB: %s" % (mb, shown(done)))
    say(
        "FAIL" if wrong else "ok",
        "address space from 4 to 100 MiB: the same bits, or 'out of memory'",
        "; ".join(wrong[:3]),
    )
    same(
        "no thread can be created",
        ["--level", "quick", "--threads", "8"],
        reference(QUICK),
        preexec_fn=limit(resource.RLIMIT_NPROC, 0),
    ) if not ROOT else no_threads(folder)
    job = subprocess.Popen([PROGRAM] + QUICK, stdout=subprocess.PIPE)
    for i in range(8):
        time.sleep(0.05)
        job.send_signal(signal.SIGSTOP)
        time.sleep(0.05)
        job.send_signal(signal.SIGCONT)
    say(
        "ok" if job.communicate()[0] == reference(QUICK) and job.returncode == 0 else "FAIL",
        "stopped and continued eight times",
    )


def no_threads(folder):
    program = os.path.join(folder, "program")
    shutil.copy(PROGRAM, program)
    os.chmod(folder, 0o755)

    def nobody():
        os.setuid(65534)
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))

    done = subprocess.run(
        [program, "--level", "quick", "--threads", "8"],
        preexec_fn=nobody,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    say(
        "ok" if done.returncode == 0 and done.stdout == reference(QUICK) else "FAIL",
        "no thread can be created",
        "" if done.returncode == 0 else shown(done),
    )


def environments(folder):
    for name, value in (
        ("OMP_NUM_THREADS", "13"),
        ("OMP_DYNAMIC", "true"),
        ("OMP_WAIT_POLICY", "active"),
        ("OMP_PROC_BIND", "spread"),
        ("OMP_STACKSIZE", "16k"),
        ("OPENBLAS_NUM_THREADS", "3"),
        ("MALLOC_PERTURB_", "165"),
        ("MALLOC_ARENA_MAX", "1"),
        ("MALLOC_CHECK_", "3"),
        ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-AVX2,-FMA"),
        ("LD_BIND_NOW", "1"),
        ("TERM", "dumb"),
    ):
        same("%s=%s" % (name, value), env={**os.environ, name: value})
    same("an empty environment", env={})


def main():
    only = sys.argv[2:]
    for campaign in (
        damaged_parts,
        sealed_parts,
        full_disk,
        killed,
        clocks,
        locales,
        places,
        descriptors,
        limits,
        environments,
    ):
        if only and campaign.__name__ not in only:
            continue
        folder = tempfile.mkdtemp(prefix="faults-")
        try:
            campaign(folder)
        finally:
            shutil.rmtree(folder)
    print("faults: %d passed, %d failed, %d skipped" % (count["ok"], count["FAIL"], count["SKIPPED"]))
    return 1 if count["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
