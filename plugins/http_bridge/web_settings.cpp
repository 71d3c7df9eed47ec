// SPDX-License-Identifier: Apache-2.0
#include "web_settings.h"

#include <arpa/inet.h>
#include <beaconwall/service/settings.h>
#include <fmt/format.h>
#include <gio/gio.h>

#include <algorithm>

namespace bw::http_bridge {
namespace {

using sdk::SettingsTable;

/// What goes into a header as it is: visible ASCII.
std::string token(SettingsTable& table, const std::string& folder) {
    std::string token = table.secret("token_file", folder);
    const bool good =
        token.size() >= 16 && token.size() <= 512 &&
        std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (!good && !token.empty())
        table.fault("token_file",
                    "found no token in its file; allowed: 16 to 512 letters, digits "
                    "and signs in its first line");
    return token;
}

Listen read_listen(SettingsTable table, const std::string& folder) {
    Listen listen;
    listen.there = true;
    listen.address = table.text("address", listen.address);
    GInetAddress* address = g_inet_address_new_from_string(listen.address.c_str());
    if (address == nullptr)
        table.fault("address", fmt::format("found \"{}\"; allowed: an address, such as "
                                           "\"127.0.0.1\" or \"0.0.0.0\"",
                                           listen.address));
    else
        g_object_unref(address);
    listen.port = static_cast<int>(table.integer("port", 1, 65535, listen.port));
    listen.path = table.text("path", listen.path);
    if (listen.path.empty() || listen.path.front() != '/' ||
        listen.path.find('?') != std::string::npos)
        table.fault("path", "found no path; allowed: one such as \"/events\"");
    listen.token = token(table, folder);
    if (listen.token.empty() && !table.has("token_file") && address != nullptr &&
        !is_loopback(listen.address))
        table.fault("token_file", fmt::format("found no `token_file` with the address {}; it is "
                                              "required where other machines may ask",
                                              listen.address));
    listen.certificate = table.file("certificate", folder);
    listen.key = table.file("key", folder);
    if (table.has("certificate") != table.has("key"))
        table.fault("certificate", "found one of `certificate` and `key`; allowed: both or none");
    listen.types = table.texts("types");
    listen.origins = table.texts("origins");
    listen.durable = table.word("lane", {"durable", "telemetry"}, "durable") == "durable";
    listen.requests_per_minute = static_cast<int>(
        table.integer("requests_per_minute", 1, 600'000, listen.requests_per_minute));
    table.finish();
    return listen;
}

Hook read_hook(SettingsTable table, const std::string& folder) {
    Hook hook;
    hook.type = table.required_text("type");
    hook.subject = table.text("subject");
    hook.url = table.required_text("url");
    GUri* uri = g_uri_parse(hook.url.c_str(), G_URI_FLAGS_NONE, nullptr);
    const std::string scheme = uri != nullptr ? g_uri_get_scheme(uri) : "";
    const bool good = (scheme == "http" || scheme == "https") && g_uri_get_host(uri) != nullptr &&
                      *g_uri_get_host(uri) != '\0' && g_uri_get_userinfo(uri) == nullptr;
    if (uri != nullptr) g_uri_unref(uri);
    if (!good && !hook.url.empty())
        table.fault("url", fmt::format("found \"{}\"; allowed: http://… or https://…, without a "
                                       "name and a password in it",
                                       hook.url));
    hook.token = token(table, folder);
    hook.durable = table.word("lane", {"durable", "telemetry"}, "durable") == "durable";
    hook.binary = table.word("mode", {"structured", "binary"}, "structured") == "binary";
    hook.timeout_s = static_cast<int>(table.integer("timeout_s", 1, 120, hook.timeout_s));
    table.finish();
    return hook;
}

}  // namespace

bool is_loopback(const std::string& address) {
    GInetAddress* parsed = g_inet_address_new_from_string(address.c_str());
    const bool loopback = parsed != nullptr && g_inet_address_get_is_loopback(parsed) != FALSE;
    if (parsed != nullptr) g_object_unref(parsed);
    return loopback;
}

WebSettings read_settings(std::string_view text, const std::string& name, const std::string& folder,
                          std::vector<std::string>& faults) {
    const sdk::SettingsFile file(text, name);
    WebSettings settings;
    if (file.faults().empty()) {
        SettingsTable root = file.root();
        if (auto listen = root.table("listen"))
            settings.listen = read_listen(std::move(*listen), folder);
        settings.ca = root.file("ca", folder);
        for (SettingsTable& each : root.tables("out"))
            settings.hooks.push_back(read_hook(std::move(each), folder));
        if (!root.has("listen") && !root.has("out"))
            root.fault("listen", "found neither [listen] nor [[out]]; at least one is required");
        root.finish();
    }
    faults = file.faults();
    return settings;
}

}  // namespace bw::http_bridge
