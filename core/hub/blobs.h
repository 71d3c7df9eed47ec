// SPDX-License-Identifier: Apache-2.0
// Blobs: files under STATE/pictures named by the SHA-256 of their bytes. All file work and hashing
// happens on a thread of its own; replies come back through the mailbox.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>

#include "core/hub/mailbox.h"

namespace bw::hub {

/// The reply's fields and, for get, the piece.
using BlobReply = std::function<void(nlohmann::json, std::string piece)>;

class Blobs {
  public:
    Blobs(std::filesystem::path folder, Mailbox& mailbox)
        : folder_(std::move(folder)), mailbox_(mailbox) {}

    /// One piece from the peer at `route`; pieces come in order.
    void put(const std::string& route, const nlohmann::json& body, std::string piece,
             const BlobReply& reply);
    void get(const nlohmann::json& body, const BlobReply& reply);
    /// Removes pictures that nothing names, unless somebody has put one again lately.
    void forget(std::vector<std::string> digests);
    void peer_left(const std::string& route);

  private:
    struct Upload {
        size_t size = 0;
        std::string bytes;
    };
    using Key = std::pair<std::string, std::string>;  // route, digest
    void forget_one(const std::string& digest) const;
    void keep(const std::string& digest, std::string bytes, const BlobReply& reply);

    const std::filesystem::path folder_;
    Mailbox& mailbox_;
    std::map<Key, Upload> uploads_;
    size_t uploading_bytes_ = 0;
    Worker worker_;
};

}  // namespace bw::hub
