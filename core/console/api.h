// SPDX-License-Identifier: Apache-2.0
// What /api/v1 takes and gives as JSON, apart from HTTP and sockets. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/config/site.h"
#include "core/console/guard.h"
#include "core/events/client.h"

namespace bw::console {

inline constexpr const char* kJsonType = "application/json; charset=utf-8";

/// {"site", "title": {zh, en}, "language"}: what the page calls the wall.
std::string wall_json(const config::Site& site);
std::string error_json(const Refusal& refusal);

/// The `data` of the command made from a request's body. Errors "invalid", with a sentence.
base::Result<std::string> take_data(std::string_view body);
base::Result<std::string> preview_data(std::string_view body);
base::Result<std::string> undo_data(std::string_view body);

struct Answer {
    int status = 200;
    std::string body;
};
/// A hub's reply as an HTTP answer: what it holds when ok, else a refusal with the fitting status.
Answer to_answer(const events::Reply& reply);

}  // namespace bw::console
