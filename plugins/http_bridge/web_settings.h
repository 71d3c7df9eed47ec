// SPDX-License-Identifier: Apache-2.0
// What the site's file says: where events come in, and to whom they go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bw::http_bridge {

struct Listen {
    bool there = false;
    std::string address = "127.0.0.1", path = "/events";
    int port = 8790;
    std::string token;                 // empty: on a loopback address nobody needs one
    std::string certificate, key;      // files; empty: no TLS
    std::vector<std::string> types;    // beginnings; empty: all that the manifest names
    std::vector<std::string> origins;  // that may register as webhook senders; empty: any
    bool durable = true;
    int requests_per_minute = 6000;
};

struct Hook {
    std::string type, subject;  // beginnings
    std::string url, token;
    bool durable = true, binary = false;
    int timeout_s = 10;
};

struct WebSettings {
    Listen listen;
    std::string ca;  // file: whose certificates are believed, besides the system's
    std::vector<Hook> hooks;
};

/// As of mqtt_bridge: `faults` are "NAME:LINE: found …; allowed: …".
WebSettings read_settings(std::string_view text, const std::string& name, const std::string& folder,
                          std::vector<std::string>& faults);

bool is_loopback(const std::string& address);

}  // namespace bw::http_bridge
