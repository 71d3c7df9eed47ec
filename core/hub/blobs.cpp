// SPDX-License-Identifier: Apache-2.0
#include "core/hub/blobs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/events/json.h"
#include "core/hub/disk_advice.h"
#include "core/hub/facts.h"

namespace bw::hub {

using events::integer_of;
using events::text_of;
using nlohmann::json;

namespace {

// Of all unfinished uploads together.
constexpr size_t kMaxUploading = 4 * events::kMaxBlobBytes;

std::string sha256(const std::string& bytes) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

bool is_digest(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

base::Error not_kept(const std::filesystem::path& file) {
    const std::string advice = disk_advice(errno, file.parent_path().string());
    base::Error error = base::errno_error("keeping a blob");
    error.text += "; " + advice;
    return error;
}

// Complete under its name or not there at all, also after a power cut.
base::Status write_file(const std::filesystem::path& file, const std::string& bytes) {
    std::error_code failed;
    std::filesystem::create_directories(file.parent_path(), failed);
    if (failed) {
        errno = failed.value();
        return not_kept(file);
    }
    const std::string part = file.string() + "." + base::random_hex(4) + ".part";
    const base::UniqueFd fd(::open(part.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC | O_EXCL, 0600));
    if (!fd.valid()) return not_kept(file);
    size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t n = ::write(fd.get(), bytes.data() + done, bytes.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        done += static_cast<size_t>(n);
    }
    if (done == bytes.size() && ::fsync(fd.get()) == 0 && ::rename(part.c_str(), file.c_str()) == 0)
        return {};
    const base::Error error = not_kept(file);
    ::unlink(part.c_str());
    return error;
}

}  // namespace

void Blobs::put(const std::string& route, const json& body, std::string piece,
                const BlobReply& reply) {
    const std::string digest = text_of(body, "digest");
    const int64_t size = integer_of(body, "size", 0), offset = integer_of(body, "offset", -1);
    if (!is_digest(digest) || size <= 0 || size > static_cast<int64_t>(events::kMaxBlobBytes) ||
        piece.empty() || piece.size() > events::kBlobPieceBytes)
        return reply(refusal("invalid",
                             "a piece needs digest (64 hex digits), size (to 64 MiB), offset, and "
                             "1 to 262144 bytes"),
                     {});
    const Key key{route, digest};
    if (offset == 0) {
        uploading_bytes_ -= uploads_[key].bytes.size();
        uploads_[key] = {static_cast<size_t>(size), {}};
    }
    const auto upload = uploads_.find(key);
    const size_t had = upload == uploads_.end() ? 0 : upload->second.bytes.size();
    if (upload == uploads_.end() || offset != static_cast<int64_t>(had) ||
        upload->second.size != static_cast<size_t>(size) ||
        had + piece.size() > upload->second.size)
        return reply(
            refusal("invalid",
                    fmt::format("this piece does not follow the {} bytes that are here", had)),
            {});
    if (uploading_bytes_ + piece.size() > kMaxUploading)
        return reply(refusal("full", "too many blobs are being sent at once"), {});
    upload->second.bytes += piece;
    uploading_bytes_ += piece.size();
    if (upload->second.bytes.size() < upload->second.size)
        return reply({{"ok", true}, {"received", upload->second.bytes.size()}}, {});
    std::string bytes = std::move(upload->second.bytes);
    uploading_bytes_ -= bytes.size();
    uploads_.erase(upload);
    keep(digest, std::move(bytes), reply);
}

void Blobs::keep(const std::string& digest, std::string bytes, const BlobReply& reply) {
    worker_.post([this, digest, bytes = std::move(bytes), reply] {
        json result = {
            {"ok", true}, {"digest", digest}, {"size", bytes.size()}, {"received", bytes.size()}};
        if (sha256(bytes) != digest) {
            result = refusal("invalid", "the bytes do not have this digest");
        } else if (const auto written = write_file(folder_ / digest, bytes); !written) {
            result = refusal("system", written.error().text);
        }
        mailbox_.post([reply, result] { reply(result, {}); });
    });
}

void Blobs::get(const json& body, const BlobReply& reply) {
    const std::string digest = text_of(body, "digest");
    const int64_t offset = integer_of(body, "offset", 0);
    const auto most = static_cast<int64_t>(events::kBlobPieceBytes);
    const int64_t length = std::clamp<int64_t>(integer_of(body, "length", most), 1, most);
    if (!is_digest(digest) || offset < 0)
        return reply(refusal("invalid", "a digest of 64 hex digits and an offset are needed"), {});
    worker_.post([this, digest, offset, length, reply] {
        std::string piece;
        json result = refusal("unknown", "there is no blob " + digest);
        const base::UniqueFd fd(::open((folder_ / digest).c_str(), O_RDONLY | O_CLOEXEC));
        struct stat info {};
        if (fd.valid() && ::fstat(fd.get(), &info) == 0) {
            piece.resize(static_cast<size_t>(length));
            const ssize_t n = ::pread(fd.get(), piece.data(), piece.size(), offset);
            piece.resize(n > 0 ? static_cast<size_t>(n) : 0);
            result = {{"ok", true}, {"size", info.st_size}, {"offset", offset}};
        }
        mailbox_.post([reply, result, piece = std::move(piece)] { reply(result, piece); });
    });
}

// Behind what is being kept, by the same thread: one that is put at this moment stays.
void Blobs::forget(std::vector<std::string> digests) {
    worker_.post([this, digests = std::move(digests)] {
        for (const std::string& digest : digests) forget_one(digest);
    });
}

void Blobs::forget_one(const std::string& digest) const {
    const std::filesystem::path file = folder_ / digest;
    struct stat info {};
    if (!is_digest(digest) || ::stat(file.c_str(), &info) != 0) return;
    if (base::wall_ns() - info.st_mtim.tv_sec * base::kSecond < JournalRound::kYoungNs) return;
    ::unlink(file.c_str());
}

void Blobs::peer_left(const std::string& route) {
    for (auto it = uploads_.begin(); it != uploads_.end();) {
        if (it->first.first != route) {
            ++it;
            continue;
        }
        uploading_bytes_ -= it->second.bytes.size();
        it = uploads_.erase(it);
    }
}

}  // namespace bw::hub
