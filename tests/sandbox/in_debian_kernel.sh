#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# in_debian_kernel.sh [BUILD [KERNEL_WORDS]]: the panel sandbox's tests on Debian 12's own kernel (6.1, Landlock's
# second version), booted in an emulator with the built programs. Why: where we build there is often a newer kernel,
# which refuses more, so that what the sandbox lacks on a hall's wall would not show.
# Exit 0: they ran there and passed. 77: what this needs is not here and cannot be had. Else: they failed or never ran.
set -euo pipefail
root=$(readlink -f "$(dirname "$(readlink -f "$0")")/../..")
build=$(readlink -m "${1:-$root/build/dev}")
words=${2:-} # `lsm=yama` leaves Landlock out: then the tests have to fail
limit=${SANDBOX_BOOT_SECONDS:-180}
kept=$build/debian12 # what was fetched, and the last boot's log
log=$kept/boot.log
programs=(tests/test_panel tests/test_sandbox_service tests/sandbox/probe libexec/beaconwall-panel bin/beaconwall tests/panel/escape.so)

skip() { echo "skipped: $*" >&2; exit 77; }
fail() { echo "failed: $*" >&2; exit 1; }

for program in "${programs[@]}" libexec/beaconwall-glyphs; do
    [ -x "$build/$program" ] || fail "no $build/$program: build first"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$kept"
rm -f "$log"

# ---- What it needs --------------------------------------------------------------------------------------------------
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
renew() { [ -n "${renewed:-}" ] || "${sudo[@]}" apt-get update -qq >&2 || true; renewed=yes; }

# need PROGRAM PACKAGE
need() {
    command -v "$1" >/dev/null && return
    renew
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" \
        >"$work/apt.log" 2>&1 || { tail -5 "$work/apt.log" >&2; skip "no $1, and $2 cannot be installed"; }
}

# take PACKAGE MEMBER FILE: one file out of a package that is not installed: an installed kernel changes how this
# machine boots, and busybox-static takes the place of another busybox.
take() {
    renew
    mkdir "$work/$1"
    (cd "$work/$1" && apt-get download -qq "$1" && dpkg-deb --fsys-tarfile ./*.deb | tar -xf - --wildcards "$2") \
        >"$work/apt.log" 2>&1 || { tail -5 "$work/apt.log" >&2; skip "the package $1 cannot be had"; }
    # shellcheck disable=SC2086 # MEMBER is a pattern
    mv "$work/$1"/$2 "$3"
}

command -v apt-get >/dev/null || skip "no apt-get to fetch Debian's kernel with"
need qemu-system-x86_64 qemu-system-x86
need cpio cpio
[ -f "$kept/busybox" ] || take busybox-static './bin/busybox' "$kept/busybox"
if [ ! -f "$kept/vmlinuz" ]; then
    renew
    image=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-6\.1\..*-amd64\)$/\1/p') || true
    [ -n "$image" ] || skip "no package of Debian 12's kernel (linux-image-6.1.*-amd64) among this machine's sources"
    take "$image" './boot/vmlinuz-*' "$kept/vmlinuz"
fi

# ---- A system of the built programs and their libraries, nothing else -----------------------------------------------
# The tests have paths compiled in: inside, all lies where it lay when this was configured.
cached() { sed -n "s/^$1:INTERNAL=//p" "$build/CMakeCache.txt"; }
inside=$(cached CMAKE_CACHEFILE_DIR) source=$(cached CMAKE_HOME_DIRECTORY)
guest=$work/guest
mount_tmp="\$b mount -t tmpfs tmp /tmp"
case "$source:$inside" in /tmp/* | *:/tmp/*) mount_tmp= ;; esac # would hide what lies there
mkdir -p "$guest"/{proc,sys,dev,tmp,etc,usr/bin,usr/lib,usr/lib64}
for folder in bin lib lib64; do ln -s "usr/$folder" "$guest/$folder"; done # as Debian has them
for program in "${programs[@]}"; do install -D "$build/$program" "$guest$inside/$program"; done
ldd "${programs[@]/#/$build/}" | sed -n 's/.*[[:space:]]\(\/[^ ]*\) (0x.*/\1/p' | sort -u |
    while read -r library; do install -D "$library" "$guest$library"; done
# What it may not read has to be there: else a missing file would pass for a refusal.
echo 'root:x:0:0:root:/:/bin/sh' >"$guest/etc/passwd"
install -D -m 644 "$root/plugins/supplies/plugin.toml" "$guest$source/plugins/supplies/plugin.toml"
# Baked here; that program stays out, so that the tests take what was baked, as the fonts are not inside.
"$build/libexec/beaconwall-glyphs" "$guest$inside/tests/glyphs-1.000000.bin" 1.0
install "$kept/busybox" "$guest/bin/busybox"
for word in sh true; do ln -s busybox "$guest/bin/$word"; done
cat >"$guest/init" <<INIT
#!/bin/busybox sh
b=/bin/busybox
\$b mount -t proc proc /proc
\$b mount -t sysfs sys /sys
\$b mount -t devtmpfs dev /dev
$mount_tmp
\$b ip link set lo up
echo "KERNEL \$(\$b uname -r)"
cd $source
export BEACONWALL_BUILD=$inside BEACONWALL_SOURCE=$source
$inside/bin/beaconwall doctor 2>&1 | \$b grep -i sandbox | \$b sed 's/^/DOCTOR /'
$inside/tests/test_panel '--gtest_filter=Sandbox.*' --gtest_color=no
panels=\$?
$inside/tests/test_sandbox_service --gtest_color=no
services=\$?
echo "RESULT \$((panels | services))"
\$b stty -F /dev/ttyS0 sane # waits until all is written
\$b poweroff -f
INIT
chmod 755 "$guest/init"
(cd "$guest" && find . | cpio -o -H newc -R 0:0 --quiet >"$work/initramfs")

# ---- The boot -------------------------------------------------------------------------------------------------------
# tcg: the same everywhere, also where there is no /dev/kvm. A kernel that panics ends the emulator (-no-reboot).
timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg -cpu max -m 1024 -display none -monitor none -serial stdio \
    -nic none -no-reboot -kernel "$kept/vmlinuz" -initrd "$work/initramfs" \
    -append "console=ttyS0 quiet loglevel=3 panic=-1 $words" </dev/null 2>&1 | tr -d '\r' | tee "$log" || true

told() { grep -qE "$1" "$log"; }
told '^KERNEL ' || fail "it did not boot, or not within $limit s ($log)"
told '^KERNEL 6\.1\.' || fail "not Debian 12's kernel: remove $kept/vmlinuz and try again"
told '^RESULT ' || fail "the tests did not end, or not within $limit s"
told '^RESULT 0$' || fail "the tests failed"
[ "$(grep -cE '^\[  PASSED  \] [1-9][0-9]* tests?\.$' "$log")" = 2 ] || fail "the tests of panels or of services were not run"
told '^DOCTOR .*\(Landlock 2\)' || fail "doctor does not tell of Landlock's second version"
told '^DOCTOR ok +sandbox of panels .* refused files leave no trace' || fail "doctor does not say that refused files leave no trace"
told '^DOCTOR ok +sandbox of services ' || fail "doctor says that services are not closed in"
echo "passed: the sandbox holds on $(sed -n 's/^KERNEL //p' "$log")"
