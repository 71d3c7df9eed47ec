// SPDX-License-Identifier: Apache-2.0
#include "core/base/result.h"

#include <cerrno>
#include <system_error>

namespace bw::base {

Error errno_error(const std::string& what) {
    return Error{"system", what + ": " + std::system_category().message(errno)};
}

}  // namespace bw::base
