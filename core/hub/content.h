// SPDX-License-Identifier: Apache-2.0
// What an event says, without who said it when and under which id: two that have an id in common
// are one that was sent again only if they say the same. Any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace bw::hub {

/// Of type, subject, space and data; never 0. Differs from one life of the hub to the next.
uint64_t content_of(const nlohmann::json& event, std::string_view space);
/// The same of two events as they stand in the journal.
bool say_the_same(const std::string& one, const std::string& other);

}  // namespace bw::hub
