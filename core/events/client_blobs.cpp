// SPDX-License-Identifier: Apache-2.0
// Blobs in pieces: the next piece goes out when the one before was taken.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/client_impl.h"
#include "core/events/json.h"

namespace bw::events {

using nlohmann::json;

struct ClientImpl::Upload {
    std::vector<std::byte> bytes;
    std::string digest;
    size_t offset = 0;
    ReplyHandler handler;
};

namespace {

constexpr int64_t kPieceTimeoutNs = 5 * base::kSecond;

std::string sha256(const std::vector<std::byte>& bytes) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

}  // namespace

void ClientImpl::put_blob(std::vector<std::byte> bytes, ReplyHandler handler) {
    Reply refused;
    if (bytes.empty() || bytes.size() > kMaxBlobBytes) {
        refused.code = "invalid";
        refused.text = "a blob has 1 byte to 64 MiB";
        if (handler) handler(refused);
        return;
    }
    auto upload = std::make_shared<Upload>();
    upload->digest = sha256(bytes);
    upload->bytes = std::move(bytes);
    upload->handler = std::move(handler);
    next_piece(upload);
}

void ClientImpl::next_piece(const std::shared_ptr<Upload>& upload) {
    const size_t length = std::min(kBlobPieceBytes, upload->bytes.size() - upload->offset);
    std::string piece(reinterpret_cast<const char*>(upload->bytes.data()) + upload->offset, length);
    const json body = {{"op", "put"},
                       {"digest", upload->digest},
                       {"size", upload->bytes.size()},
                       {"offset", upload->offset}};
    upload->offset += length;
    const auto sent = [this, upload](const Reply& reply, const std::string&) {
        if (reply.ok && upload->offset < upload->bytes.size()) return next_piece(upload);
        if (upload->handler) upload->handler(reply);
    };
    add_pending("blob", body.dump(), base::mono_ns() + kPieceTimeoutNs, false, sent,
                std::move(piece));
}

base::Result<std::vector<std::byte>> ClientImpl::get_blob(std::string_view digest,
                                                          int64_t timeout_ms) {
    const int64_t deadline = base::mono_ns() + timeout_ms * base::kMillisecond;
    std::vector<std::byte> bytes;
    size_t size = 1;
    while (bytes.size() < size) {
        auto piece = std::make_shared<std::pair<Reply, std::string>>();
        auto done = std::make_shared<bool>(false);
        const json body = {{"op", "get"}, {"digest", digest}, {"offset", bytes.size()}};
        add_pending("blob", body.dump(), deadline, false,
                    [piece, done](const Reply& reply, const std::string& attachment) {
                        *piece = {reply, attachment};
                        *done = true;
                    });
        run_until([&] { return *done; }, deadline + 100 * base::kMillisecond);
        if (!*done) return base::Error{"timeout", "the blob did not come in time"};
        if (!piece->first.ok) return base::Error{piece->first.code, piece->first.text};
        json header;
        read_json(piece->first.body, header);
        size = static_cast<size_t>(integer_of(header, "size", 0));
        if (size == 0 || size > kMaxBlobBytes || piece->second.empty())
            return base::Error{"invalid", "the hub sent an impossible piece of a blob"};
        const auto* data = reinterpret_cast<const std::byte*>(piece->second.data());
        bytes.insert(bytes.end(), data, data + piece->second.size());
    }
    if (sha256(bytes) != digest)
        return base::Error{"invalid", "the blob's bytes do not have its digest"};
    return bytes;
}

}  // namespace bw::events
