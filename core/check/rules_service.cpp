// SPDX-License-Identifier: Apache-2.0
// A service is started as the supervisor starts it, with a hub that only greets and listens.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "core/base/clock.h"
#include "core/base/unique_fd.h"
#include "core/check/rules.h"
#include "core/events/json.h"
#include "core/events/socket.h"
#include "core/schema/schema.h"

namespace bw::check {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kRoute = "service";
constexpr int64_t kGreets = 5 * base::kSecond, kWatched = 3 * base::kSecond,
                  kEnds = 1200 * base::kMillisecond;

/// The folder of a site with nothing in it, the wire's socket, the service's process.
class Stage {
  public:
    explicit Stage(const config::Plugin& plugin) : plugin_(plugin) {
        std::string pattern = (fs::temp_directory_path() / "bw-check-XXXXXX").string();
        if (mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
        fs::create_directories(folder_ / "site" / "data");
        fs::create_directories(folder_ / "state");
    }
    ~Stage() {
        end(SIGKILL, 5 * base::kSecond);
        std::error_code ignored;
        if (!folder_.empty()) fs::remove_all(folder_, ignored);
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    bool start() {
        const base::UniqueFd wire(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (path().size() >= sizeof address.sun_path) return false;
        path().copy(address.sun_path, path().size());
        if (bind(wire.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
            listen(wire.get(), 8) != 0)
            return false;
        pid_ = fork();
        if (pid_ == 0) become(wire.get());
        return pid_ > 0;
    }
    [[nodiscard]] std::string path() const { return (folder_ / "wire").string(); }
    /// How it ended, once it has.
    std::optional<int> ended() {
        int status = 0;
        if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) == pid_) pid_ = 0, status_ = status;
        return status_;
    }
    bool end(int signal, int64_t within_ns) {
        if (pid_ > 0) kill(-pid_, signal);
        const int64_t until = base::mono_ns() + within_ns;
        while (!ended() && pid_ > 0 && base::mono_ns() < until) poll(nullptr, 0, 10);
        return pid_ == 0;
    }

  private:
    [[noreturn]] void become(int wire) {
        setpgid(0, 0);
        if (wire != 3) dup2(wire, 3);
        fcntl(3, F_SETFD, 0);
        dup2(2, 1);
        const std::map<const char*, std::string> environment{
            {"BEACONWALL_WIRE_FD", "3"},
            {"BEACONWALL_WIRE_PATH", path()},
            {"BEACONWALL_SITE", (folder_ / "site").string()},
            {"BEACONWALL_LANGUAGE", "zh"},
            {"BEACONWALL_UTC_OFFSET_MINUTES", "480"},
            {"BEACONWALL_PLUGIN", plugin_.name},
            {"BEACONWALL_STATE", (folder_ / "state").string()}};
        for (const auto& [name, value] : environment) setenv(name, value.c_str(), 1);
        execl(plugin_.service.c_str(), plugin_.service.c_str(), nullptr);
        _exit(127);
    }

    const config::Plugin& plugin_;
    fs::path folder_;
    pid_t pid_ = 0;
    std::optional<int> status_;
};

/// Says yes to everything, and writes down what it was told.
class Listener {
  public:
    explicit Listener(const config::Plugin& plugin) : plugin_(plugin) {}

    bool join(const std::string& path) {
        auto made = events::Socket::make(events::Socket::Kind::router);
        if (!made) return false;
        socket_.emplace(std::move(*made));
        if (!socket_->connect_as("ipc://" + path, kRoute)) return false;
        send("goodbye", {{"reason", "say hello"}});
        return true;
    }
    void turn() {
        events::Frames frames;
        while (socket_->receive(frames)) {
            json body;
            if (frames.size() >= 3 && events::read_json(frames[2], body) && body.is_object())
                heard(frames[1], body);
        }
        if (base::mono_ns() < next_beat_) return;
        next_beat_ = base::mono_ns() + events::kBeatPeriodNs;
        send("beat", {{"wall_ns", base::wall_ns()},
                      {"mono_ns", base::mono_ns()},
                      {"sequence", 1},
                      {"n", 0}});
    }
    bool greeted = false;
    std::string said_name, mismatch;
    std::set<std::string> published, written, subscribed;

  private:
    void heard(const std::string& verb, const json& body) {
        if (verb == "hello") {
            greeted = true;
            said_name = events::text_of(body, "name");
        }
        const json event = body.value("event", json::object());
        if (verb == "publish") hold(event), published.insert(events::text_of(event, "type"));
        for (const json& prefix : body.value("prefixes", json::array()))
            if (verb == "subscribe" && prefix.is_string()) subscribed.insert(prefix);
        for (const json& write : body.value("writes", json::array()))
            hold(write), written.insert(events::text_of(write, "type"));
        if (const std::string id = events::text_of(body, "id"); !id.empty())
            send("reply", {{"id", id},
                           {"ok", true},
                           {"session", "check"},
                           {"name", "service"},
                           {"protocol", events::kProtocol},
                           {"version", "check"},
                           {"sequence", 1},
                           {"revisions", json::array()},
                           {"wall_ns", base::wall_ns()},
                           {"mono_ns", base::mono_ns()}});
    }
    /// The first that does not match its schema stands in `mismatch`.
    void hold(const json& event) {
        const auto found = plugin_.schemas.find(events::text_of(event, "type"));
        if (found == plugin_.schemas.end() || !mismatch.empty()) return;
        if (event.contains("tombstone") && event["tombstone"] == true) return;
        if (const auto fault = found->second->check(event.value("data", json::object())))
            mismatch = fmt::format("{}: {}", found->first, fault->text("data"));
    }
    void send(const char* verb, const json& body) {
        (void)socket_->send_to(kRoute, {verb, body.dump()});
    }

    const config::Plugin& plugin_;
    std::optional<events::Socket> socket_;
    int64_t next_beat_ = 0;
};

/// The first of `types` that the manifest's words do not cover; empty: all are.
std::string unnamed(const std::set<std::string>& types,
                    std::initializer_list<const std::vector<std::string>*> lists) {
    for (const std::string& type : types) {
        bool named = type.rfind("x.", 0) == 0;
        for (const auto* words : lists)
            for (const std::string& word : *words) named = named || type.rfind(word, 0) == 0;
        if (!named) return type;
    }
    return {};
}

Finding judge(const config::Plugin& p, const Listener& hub) {
    if (const auto type = unnamed(hub.published, {&p.publishes}); !type.empty())
        return {Verdict::fail, "it publishes " + type + ", which the hub will refuse",
                "name it in `publishes` of plugin.toml"};
    if (const auto type = unnamed(hub.written, {&p.owns}); !type.empty())
        return {Verdict::fail, "it writes records of " + type + ", which the hub will refuse",
                "name it in `owns` of plugin.toml"};
    if (const auto prefix = unnamed(hub.subscribed, {&p.subscribes, &p.publishes, &p.owns});
        !prefix.empty())
        return {Verdict::fail, "it subscribes to \"" + prefix + "\", which the hub will refuse",
                "name it in `subscribes` of plugin.toml"};
    if (!hub.mismatch.empty())
        return {Verdict::fail, "it sends what does not match its schema: " + hub.mismatch,
                "change the schema and what is sent together, or begin a new version of the type"};
    return {Verdict::pass,
            fmt::format("greets, publishes {} and writes {} types, ends when asked",
                        hub.published.size(), hub.written.size()),
            {}};
}

}  // namespace

Finding rule_service(const Subject& subject) {
    Stage stage(subject.plugin);
    Listener hub(subject.plugin);
    if (!stage.start() || !hub.join(stage.path()))
        return {Verdict::fail, "it cannot be started here", "run it by hand and see"};
    const int64_t began = base::mono_ns();
    int64_t greeted_ns = 0;
    while (greeted_ns == 0 || base::mono_ns() - greeted_ns < kWatched) {
        hub.turn();
        if (hub.greeted && greeted_ns == 0) greeted_ns = base::mono_ns();
        if (stage.ended()) {
            const int status = *stage.ended();
            return {Verdict::fail,
                    WIFSIGNALED(status)
                        ? fmt::format("it ended by signal {}", WTERMSIG(status))
                        : fmt::format("it ended with status {}", WEXITSTATUS(status)),
                    "a service runs until SIGTERM; without its field it waits and tries again"};
        }
        if (greeted_ns == 0 && base::mono_ns() - began > kGreets)
            return {Verdict::fail, "it says no hello within 5 s",
                    "bind the descriptor of BEACONWALL_WIRE_FD and say hello: docs/wire.md"};
        poll(nullptr, 0, 5);
    }
    if (!stage.end(SIGTERM, kEnds))
        return {Verdict::fail, "it does not end within 1.2 s of SIGTERM",
                "end when asked: it is killed otherwise"};
    return judge(subject.plugin, hub);
}

}  // namespace bw::check
