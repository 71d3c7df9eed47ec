// SPDX-License-Identifier: Apache-2.0
// A row for tests of the journal.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/hub/stored.h"

namespace bw::hub {

/// Live, of the type x.test; without an id it is "id-SEQUENCE".
inline StoredPtr row(uint64_t sequence, Kept kept = Kept::durable, std::string id = {}) {
    auto out = std::make_shared<Stored>();
    out->kept = kept;
    out->space = "live";
    out->type = "x.test";
    out->subject = "s";
    out->source = "test";
    out->id = id.empty() ? "id-" + std::to_string(sequence) : std::move(id);
    out->sequence = sequence;
    out->json = "{\"n\":" + std::to_string(sequence) + "}";
    return out;
}

}  // namespace bw::hub
