#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The golden pictures drawn by another Debian's Mesa: the programs built here, run in a fresh root of that release with its own drivers,
# FreeType and fonts. Libraries that it has under a newer name only are taken along. Prints the table of differences of each way of
# drawing; exit 1 if a picture is not as approved.
# Usage (as root, with debootstrap): tests/golden/in_debian.sh ROOT [SUITE]   (default trixie; ROOT is made if it is not there)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
source=$PWD build=$PWD/build/dev root=$(mkdir -p "${1:?ROOT}" && readlink -f "$1") suite=${2:-trixie}
results=$build/golden/$suite
[ -x "$build/tests/test_golden" ] || { echo "not built yet: ./dev build" >&2; exit 1; }

if [ ! -x "$root/bin/bash" ]; then
    mirror=$(sed -n 's/^URIs: *//p;s/^deb \([^ ]*\) .*/\1/p' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -1)
    debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || { tail -5 "$root.log" >&2; exit 1; }
fi
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mkdir -p "$root$source" "$root/opt/taken-along"
trap 'for at in "$source" dev sys proc; do umount -R -l "$root/$at" 2>/dev/null || true; done' EXIT
for at in proc sys dev; do mount --rbind "/$at" "$root/$at"; mount --make-rslave "$root/$at"; done
mount --bind "$source" "$root$source"
chroot "$root" apt-get update -qq
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libegl1 libgl1-mesa-dri libepoxy0 \
    libpng16-16 libfreetype6 libbrotli1 libssl3 $(awk '$2 ~ /^fonts-/ {print $2}' packages.txt) >"$root.log" 2>&1 || { tail -5 "$root.log" >&2; exit 1; }

needed=$(for each in "$build/tests/test_golden" "$build"/lib/beaconwall/plugins/*/*.so; do ldd "$each"; done | awk '$3 ~ /^\// {print $3}' | sort -u)
for library in $needed; do
    [ -e "$root/usr/lib/x86_64-linux-gnu/${library##*/}" ] || cp -L "$library" "$root/opt/taken-along/"
done
chroot "$root" dpkg-query -W -f '${Package} ${Version}\n' libgl1-mesa-dri libfreetype6 libc6

status=0
rm -rf "$results"
for way in plain= width_128=LP_NATIVE_VECTOR_WIDTH=128 gpu=BEACONWALL_RENDERER=gpu; do
    chroot "$root" env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 LD_LIBRARY_PATH=/opt/taken-along BEACONWALL_SOURCE="$source" \
        BEACONWALL_BUILD="$build" BEACONWALL_GOLDEN_RUN="$suite/${way%%=*}" ${way#*=} \
        bash -c "cd '$source' && '$build/tests/test_golden' --gtest_filter='*LooksAsApproved*' --gtest_brief=1" || status=1
done
head -1000 "$results"/*/table.txt
exit $status
