# SPDX-License-Identifier: MIT
# The static program and the source archive: sh tests/campaigns/static.sh MAKE BUILD, where `make dist` has put them.
# Alone sees bytes that depend on where and when they are made, and a need for anything beside the one file.
# Built twice, in directories and at times (and with umasks, zones and locales) that differ, they are the same files;
# the program runs alone in an empty root directory.
set -u
make=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0 skipped=0
ok() { passed=$((passed + 1)); echo "ok   $*"; }
bad() { failed=$((failed + 1)); echo "FAIL $*"; }
skip() { skipped=$((skipped + 1)); echo "SKIPPED $*"; }
recorded() { sed -n "s/^REPORT(\"$1\", \"\(.*\)\")/\1/p" "$root/vectors/golden.inc"; }
sum() { sha256sum "$1" | cut -c1-16; }

archive=$(cd "$build" && ls skipverify-*.tar.gz)
name=${archive%.tar.gz}
unpack() { mkdir -p "$1" && tar -C "$1" --strip-components=1 -xzf "$build/$archive"; }

# Once here; once from the archive, elsewhere, later.
deep=$dir/a/much/deeper/place
unpack "$deep"
sleep 2
(
    cd "$deep" && umask 077 && chmod -R go-rwx . &&
        env -i PATH="$PATH" TZ=Asia/Kathmandu LC_ALL=C.UTF-8 HOME=/nonexistent "$make" -s dist
) > "$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
if cmp "$build/skipverify-static" "$deep/skipverify-static"; then
    ok "the program is the same file built here and in $deep: $(sum "$build/skipverify-static")..."
else bad "the program depends on where and when it is built"; fi
if cmp "$build/$archive" "$deep/build/$archive"; then
    ok "so is the archive, made from itself: $(sum "$build/$archive")..."
else bad "the archive depends on where and when it is made"; fi
if ( cd "$build" && sha256sum --quiet -c SHA256SUMS ); then ok "checksums"; else bad "checksums"; fi

# What the archive holds builds as the README says, and by hand.
if ( cd "$deep" && cc -O2 -w skipverify.c -lm -o by-hand && ./by-hand -q --level quick ); then
    ok "cc -O2 skipverify.c -lm in the unpacked archive"
else bad "the unpacked archive does not build"; fi

program=$deep/skipverify-static
size=$(stat -c %s "$program")
if ! command -v musl-gcc > /dev/null; then
    skip "size below 1.5 MiB: no musl-gcc (apt-get install musl-tools); with glibc it has $size bytes"
elif [ "$size" -lt 1572864 ]; then ok "$size bytes, below 1.5 MiB"
else bad "$size bytes, not below 1.5 MiB"; fi
if readelf -lWd "$program" | grep -Eq 'INTERP|NEEDED'; then bad "the program needs other files"
else ok "no interpreter, no libraries"; fi

# Parts do not depend on the C library.
"$program" --level quick --shard 1/2 -o "$dir/1.part" && "$deep/by-hand" --level quick --shard 2/2 -o "$dir/2.part"
if "$deep/by-hand" merge "$dir/1.part" "$dir/2.part" | grep -q '^All as expected'; then
    ok "its parts merge with glibc's"
else bad "its parts do not merge with those of another C library"; fi

# An empty root directory: no /dev, no /proc, no /tmp, no locale, no other file.
mkdir "$dir/empty" && cp "$program" "$dir/empty/skipverify"
enter=
if chroot "$dir/empty" /skipverify --version > /dev/null 2>&1; then enter="chroot $dir/empty"
elif unshare -r chroot "$dir/empty" /skipverify --version > /dev/null 2>&1; then
    enter="unshare -r chroot $dir/empty"
fi
if [ -z "$enter" ]; then skip "the empty root directory: neither chroot nor unshare -r is allowed here"
else
    for level in quick standard full; do
        sha=
        got=$(env -i PATH="$PATH" COLUMNS=1000 $enter /skipverify --level $level < /dev/null) &&
            sha=$(echo "$got" | sed -n 's/^report SHA-256 \([0-9a-f]*\) (as recorded)/\1/p')
        if [ -n "$sha" ] && [ "$sha" = "$(recorded $level)" ]; then
            ok "alone in an empty root directory, level $level: $sha"
        else bad "in an empty root directory, level $level: $got"; fi
    done
    if got=$(env -i PATH="$PATH" $enter /skipverify selftest < /dev/null); then
        ok "selftest there: $(echo "$got" | tail -1)"
    else bad "selftest there: $got"; fi
    if [ "$(ls -A "$dir/empty")" = skipverify ]; then ok "and it left nothing behind"
    else bad "it left $(ls -A "$dir/empty")"; fi
fi
echo "static: $passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
