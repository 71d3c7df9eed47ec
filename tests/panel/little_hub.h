// SPDX-License-Identifier: Apache-2.0
// Just enough of docs/wire.md for one plugin process: greets, beats, remembers subscriptions,
// delivers. The test turns it by hand.
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>
#include <zmq.hpp>

namespace bw::test {

class LittleHub {
  public:
    explicit LittleHub(const std::string& socket_path);

    /// Answers what has arrived and beats when it is time.
    void turn();
    void deliver(const std::string& type, const std::string& subject, const nlohmann::json& data,
                 bool snapshot = false, const std::string& space = "live");

    bool beating = true;
    bool greeted = false;
    std::vector<std::string> prefixes;                          // in live
    std::map<std::string, std::vector<std::string>> elsewhere;  // in other spaces
    std::vector<nlohmann::json> commands;                       // bodies
    std::vector<nlohmann::json> writes, puts;                   // of record puts; their bodies

  private:
    void answer(const std::string& verb, const nlohmann::json& body);
    void reply(const nlohmann::json& request, nlohmann::json body);
    void send(std::vector<std::string> frames);
    void beat();

    zmq::context_t context_{1};
    zmq::socket_t router_{context_, zmq::socket_type::router};
    std::string peer_;
    uint64_t n_ = 0, sequence_ = 0;
    int64_t last_beat_ns_ = 0;
};

}  // namespace bw::test
