# SPDX-License-Identifier: MIT
# The first ten minutes of those who meet the program, as commands that are run in a fresh Debian: alone sees what a
# machine that is not an author's lacks. As root, with a root directory made by, say,
#   debootstrap --variant=minbase bookworm ROOT http://deb.debian.org/debian
#   sh tests/campaigns/newcomers.sh ROOT [WHO...]      WHO: setup reader ci packager airgapped; all in that order
# It clones this repository's last commit into ROOT/srv/skipverify.
set -u
root=${1:?a root directory of Debian}
shift
source=$(cd "$(dirname "$0")/../.." && pwd)
passed=0 failed=0
here=/srv/skipverify
mkdir -p "$root/proc"
mountpoint -q "$root/proc" || { mount -t proc proc "$root/proc" && trap 'umount "$root/proc"' EXIT; }

# run CODE COMMAND: in the fresh machine, without this one's environment; its last line is shown
run() {
    expected=$1
    echo "\$ $2"
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp DEBIAN_FRONTEND=noninteractive TERM=dumb \
        chroot "$root" sh -c "cd $here && $2" > "$root/tmp/out" 2>&1 < /dev/null
    got=$?
    tail -n 1 "$root/tmp/out" | cut -c1-120 | sed 's/^/    /'
    if [ $got = "$expected" ]; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1))
    echo "FAIL exit $got, expected $expected:"
    tail -n 20 "$root/tmp/out"
}
# The commands of README's "Set up", as they stand there.
command_of() { sed -n '/^## Set up/,/^## /s/^    \(apt-get .*\)/\1/p' "$source/README.md" | sed -n "$1p"; }

setup() {
    rm -rf "$root$here"
    git -C "$source" archive --prefix=skipverify/ HEAD | tar -x -C "$root/srv"
    run 0 "$(command_of 1)"
}

reader() {
    run 0 "./skipverify"
    run 0 "./skipverify list shamir"
    run 0 "./skipverify explain wang.thm11"
    run 0 "./skipverify explain walked terms verdicts"
    run 0 "./skipverify -v --case witness/m=2 wang.thm11"
    run 2 "./skipverify wang.thm12"
    run 0 "./skipverify figure all -o /tmp/pictures && ls /tmp/pictures"
    run 0 "./skipverify --case squared/2-1/random --certificate /tmp/path.cert wang.thm11"
    run 0 "apt-get install -y python3-minimal && python3 vectors/certificate.py /tmp/path.cert"
    run 0 "./skipverify path vectors/networks/two-layer-a.npz vectors/networks/two-layer-b.npz \
--data vectors/networks/iris.csv --certificate /tmp/own.cert --svg /tmp/own.svg"
    run 0 "./skipverify check /tmp/own.cert --data vectors/networks/iris.csv \
--from vectors/networks/two-layer-a.npz --to vectors/networks/two-layer-b.npz"
    run 0 "./skipverify landscape '(x^2+y-11)^2+(x+y^2-7)^2' box=-6,6,-6,6 --svg /tmp/himmelblau.svg"
    run 0 "./skipverify sopsp loss=squared w=0 V=-8 sample=1:0.125:1"
}

ci() {
    run 0 "$(command_of 2)"
    run 0 "./skipverify --format junit -o /tmp/report.xml && grep -c '<testcase' /tmp/report.xml"
    run 0 "./skipverify --format tap | sed '1s/14/13/' > /tmp/report.tap && apt-get install -y perl && \
prove -e cat /tmp/report.tap"
    run 0 "GITHUB_STEP_SUMMARY=/tmp/summary.md ./skipverify --format github && tail -n 1 /tmp/summary.md"
    run 0 "./skipverify --format json | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"exit\"])'"
    run 0 "./skipverify --format csv | wc -l"
    run 1 "./skipverify sopsp w=0 V=-8 sample=1:0.125:1 eps=0.03"
    run 3 "./skipverify landscape 'abs(x)+y^2'"
    run 4 "./skipverify --level quick -o /nowhere/report"
    run 0 "./skipverify -q --level quick"
    run 0 "for i in 1 2 3; do ./skipverify --level quick --shard \$i/3 -o /tmp/\$i.part; done && \
./skipverify merge /tmp/1.part /tmp/2.part /tmp/3.part"
}

packager() {
    run 0 "apt-get install -y musl-tools && make dist"
    run 0 "make install DESTDIR='/tmp/a root' PREFIX=/usr && find '/tmp/a root' -type f | wc -l"
    run 0 "apt-get install -y mandoc && mandoc -Tlint '/tmp/a root/usr/share/man/man1/skipverify.1'"
    run 0 "make uninstall DESTDIR='/tmp/a root' PREFIX=/usr && test -z \"\$(find '/tmp/a root' -type f)\""
    run 0 "cd build && sha256sum -c SHA256SUMS"
    run 0 "cp build/SHA256SUMS /tmp/first && rm -rf build && make -s dist && cmp build/SHA256SUMS /tmp/first"
    run 0 "apt-get install -y gcc-aarch64-linux-gnu && \
make CC=aarch64-linux-gnu-gcc BUILD=/tmp/arm install DESTDIR=/tmp/arm-root"
    run 0 "readelf -h /tmp/arm-root/usr/local/bin/skipverify | grep AArch64"
    run 0 "./skipverify --license | grep -c 'CC BY 4.0'"
}

# One file, in a directory with nothing else: no shell, no libraries, no /proc.
airgapped() {
    rm -rf "$root/empty" && mkdir "$root/empty"
    cp "$root$here/build/skipverify-static" "$root/empty/skipverify" || return
    for arguments in selftest "" "--level quick --format json" "explain wang.thm6" "help all" manual \
        "figure shamir.fig1" --license; do
        echo "\$ /skipverify $arguments     (alone)"
        if env -i PATH="$PATH" chroot "$root/empty" /skipverify $arguments > "$root/tmp/out" 2>&1; then
            passed=$((passed + 1)); tail -n 1 "$root/tmp/out" | cut -c1-120 | sed 's/^/    /'
        else failed=$((failed + 1)); echo "FAIL: $(tail -n 5 "$root/tmp/out")"; fi
    done
    rm -rf "$root/empty"
}

[ $# -gt 0 ] || set -- setup reader ci packager airgapped
for who; do echo "== $who"; $who; done
echo "newcomers: $passed passed, $failed failed"
[ $failed = 0 ]
