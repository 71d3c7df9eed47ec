// SPDX-License-Identifier: Apache-2.0
// What media reads from outside besides demand: source records and credentials. Main thread only.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/config/site.h"
#include "core/media/inspector.h"

namespace bw::media {

/// The addresses of a beaconwall.source.v1 record.
struct Address {
    std::string main_uri, sub_uri;  // one may be empty
    bool standby = false;           // received also while nobody looks
    Watchfulness watchfulness = {};
    bool operator==(const Address&) const = default;
};
/// Nothing when the record gives no address (yet).
std::optional<Address> parse_address(std::string_view json);

/// An address without "user:password@", and these two apart, decoded.
struct Login {
    std::string uri;
    config::Secret secret;
};
Login split_login(std::string_view uri);

/// secrets.toml, read again whenever it changed. A faulty file keeps the old content.
class Secrets {
  public:
    explicit Secrets(std::filesystem::path site) : site_(std::move(site)) {}
    /// The credentials of "camera/FF-001"; empty when there are none.
    config::Secret of(const std::string& source);

  private:
    void refresh();
    const std::filesystem::path site_;
    std::optional<std::filesystem::file_time_type> read_;
    std::map<std::string, config::Secret> secrets_;
};

}  // namespace bw::media
