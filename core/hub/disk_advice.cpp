// SPDX-License-Identifier: Apache-2.0
#include "core/hub/disk_advice.h"

#include <cerrno>

namespace bw::hub {

std::string disk_advice(int number, const std::string& folder) {
    switch (number) {
        case ENOSPC:
        case EDQUOT:
            return "make room in " + folder;
        case EROFS:
            return "make it writable: " + folder +
                   " (its disk is mounted read-only: mount -o remount,rw)";
        case EACCES:
        case EPERM:
            return "make it writable: " + folder +
                   " (who runs the wall may not write there: its owner and permissions)";
        default:
            return "look after the disk of " + folder + ", or make it writable";
    }
}

}  // namespace bw::hub
