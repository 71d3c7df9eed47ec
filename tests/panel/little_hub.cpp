// SPDX-License-Identifier: Apache-2.0
#include "little_hub.h"

#include "core/base/clock.h"

namespace bw::test {

using nlohmann::json;

namespace {

std::string big_endian(uint64_t value) {
    std::string bytes(8, '\0');
    for (int i = 7; i >= 0; --i, value >>= 8)
        bytes[static_cast<size_t>(i)] = static_cast<char>(value & 0xFF);
    return bytes;
}

}  // namespace

LittleHub::LittleHub(const std::string& socket_path) {
    router_.set(zmq::sockopt::linger, 0);
    router_.connect("ipc://" + socket_path);
}

void LittleHub::send(std::vector<std::string> frames) {
    if (peer_.empty()) return;
    router_.send(zmq::buffer(peer_), zmq::send_flags::sndmore);
    for (size_t i = 0; i < frames.size(); ++i)
        router_.send(zmq::buffer(frames[i]),
                     i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
}

void LittleHub::reply(const json& request, json body) {
    body["id"] = request.value("id", "");
    body["ok"] = true;
    send({"reply", body.dump()});
}

void LittleHub::answer(const std::string& verb, const json& body) {
    if (verb == "hello") {
        greeted = true;
        n_ = 0;
        prefixes.clear();
        elsewhere.clear();
        reply(body, {{"session", "little"},
                     {"name", "panel:test"},
                     {"protocol", 1},
                     {"version", "0"},
                     {"sequence", 0},
                     {"wall_ns", base::wall_ns()},
                     {"mono_ns", base::mono_ns()}});
    } else if (verb == "subscribe") {
        auto& known = body.contains("space") ? elsewhere[body["space"]] : prefixes;
        for (const json& prefix : body["prefixes"]) known.push_back(prefix);
    } else if (verb == "command") {
        commands.push_back(body);
        reply(body, json::object());
    } else if (verb == "record" && body.value("op", "") == "put") {
        for (const json& write : body["writes"]) writes.push_back(write);
        puts.push_back(body);
        reply(body, {{"sequence", ++sequence_}, {"revisions", {1}}});
    }
}

void LittleHub::turn() {
    for (;;) {
        std::vector<std::string> frames;
        zmq::message_t frame;
        while (router_.recv(frame, zmq::recv_flags::dontwait)) {
            frames.push_back(frame.to_string());
            if (!frame.more()) break;
        }
        if (frames.size() < 3) break;
        peer_ = frames[0];
        answer(frames[1], json::parse(frames[2]));
    }
    if (greeted && beating && base::mono_ns() - last_beat_ns_ > 100 * base::kMillisecond) beat();
}

void LittleHub::beat() {
    last_beat_ns_ = base::mono_ns();
    send({"beat", json{{"wall_ns", base::wall_ns()},
                       {"mono_ns", last_beat_ns_},
                       {"sequence", sequence_},
                       {"n", n_}}
                      .dump()});
}

void LittleHub::deliver(const std::string& type, const std::string& subject, const json& data,
                        bool snapshot, const std::string& space) {
    json event = {{"specversion", "1.0"},
                  {"id", std::to_string(n_)},
                  {"source", "service:test"},
                  {"type", type},
                  {"subject", subject},
                  {"time", "2026-07-01T08:00:00.000Z"},
                  {"recordedtime", base::rfc3339(base::wall_ns())},
                  {"space", space},
                  {"data", data}};
    send({"event", std::string(1, static_cast<char>(snapshot ? 0x80 : 0)), big_endian(sequence_),
          big_endian(++n_), event.dump()});
}

}  // namespace bw::test
