// SPDX-License-Identifier: Apache-2.0
#include "core/media/records.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/log.h"
#include "core/events/json.h"

namespace bw::media {
namespace {

std::string uri_of(const nlohmann::json& record, const char* stream) {
    const auto it = record.find(stream);
    if (it == record.end() || !it->is_object()) return {};
    const auto uri = it->find("uri");
    return uri != it->end() && uri->is_string() ? uri->get<std::string>() : std::string();
}

std::optional<Mask> mask_of(const nlohmann::json& item) {
    if (!item.is_array() || item.size() != 4) return std::nullopt;
    std::array<double, 4> value{};
    for (size_t i = 0; i < value.size(); ++i) {
        if (!item[i].is_number()) return std::nullopt;
        value[i] = item[i].get<double>();
    }
    return Mask{value[0], value[1], value[2], value[3]};
}

Watchfulness watchfulness_of(const nlohmann::json& record) {
    Watchfulness out;
    const auto after = record.find("frozen_after_s");
    if (after != record.end() && after->is_number())
        out.frozen_after_ns =
            static_cast<int64_t>(std::clamp(after->get<double>(), 0.0, 86400.0) * 1e9);
    const auto masks = record.find("masks");
    if (masks == record.end() || !masks->is_array()) return out;
    out.masks.clear();
    constexpr size_t kMost = 16;
    for (size_t i = 0; i < masks->size() && i < kMost; ++i)
        if (const auto mask = mask_of((*masks)[i])) out.masks.push_back(*mask);
    return out;
}

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool escape =
            text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        out += escape ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
        if (escape) i += 2;
    }
    return out;
}

}  // namespace

std::optional<Address> parse_address(std::string_view json) {
    nlohmann::json record;
    if (!events::read_json(json, record) || !record.is_object()) return std::nullopt;
    const auto standby = record.find("standby");
    const Address address{uri_of(record, "main"), uri_of(record, "sub"),
                          standby != record.end() && standby->is_boolean() && standby->get<bool>(),
                          watchfulness_of(record)};
    if (address.main_uri.empty() && address.sub_uri.empty()) return std::nullopt;
    return address;
}

Login split_login(std::string_view uri) {
    const size_t scheme = uri.find("://");
    if (scheme == std::string_view::npos) return {std::string(uri), {}};
    const size_t start = scheme + 3;
    const std::string_view authority = uri.substr(start, uri.find('/', start) - start);
    const size_t at = authority.rfind('@');
    if (at == std::string_view::npos) return {std::string(uri), {}};
    const std::string_view login = authority.substr(0, at);
    const size_t colon = login.find(':');
    Login out;
    out.uri = std::string(uri.substr(0, start)) + std::string(uri.substr(start + at + 1));
    out.secret.user = percent_decoded(login.substr(0, colon));
    if (colon != std::string_view::npos)
        out.secret.password = percent_decoded(login.substr(colon + 1));
    return out;
}

void Secrets::refresh() {
    std::error_code error;
    const auto written = std::filesystem::last_write_time(site_ / "secrets.toml", error);
    const auto now = error ? std::optional<std::filesystem::file_time_type>() : written;
    if (now == read_) return;
    read_ = now;
    auto loaded = config::load_secrets(site_);
    for (const auto& fault : loaded.faults) base::log_warning("{}", config::to_string(fault));
    if (loaded.ok()) secrets_ = std::move(loaded.value);
}

config::Secret Secrets::of(const std::string& source) {
    refresh();
    const auto it = secrets_.find(source);
    return it != secrets_.end() ? it->second : config::Secret{};
}

}  // namespace bw::media
