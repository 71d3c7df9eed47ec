// SPDX-License-Identifier: Apache-2.0
#include "core/hub/reply.h"

#include <nlohmann/json.hpp>

namespace bw::hub {

nlohmann::json refusal(const char* code, const std::string& text) {
    return {{"ok", false}, {"code", code}, {"text", text}};
}

}  // namespace bw::hub
