// SPDX-License-Identifier: Apache-2.0
#include "core/cli/hub_link.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/access/keys.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/unique_fd.h"
#include "core/cli/folders.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kTimeoutMs = 5000;
constexpr size_t kMaxTokenBytes = 256;

/// Whether somebody listens there: a socket file alone may be left over.
bool listens(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = path.string();
    if (text.size() >= sizeof(address.sun_path)) return false;
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
    const base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

/// The threads that it starts must not get the signals that end `--follow` in order: until each of
/// them has run for the first time it would take them as this one does now.
base::Result<std::unique_ptr<events::Client>> open_quietly(events::Client::Options how) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    auto client = events::Client::open(std::move(how));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return client;
}

/// False after saying why not.
bool add_token(const CtlOptions& options, events::Client::Options& how) {
    if (!options.token_file) return true;
    std::ifstream file(*options.token_file);
    std::string word(kMaxTokenBytes + 1, '\0');
    file.read(word.data(), static_cast<std::streamsize>(word.size()));
    word.resize(static_cast<size_t>(file.gcount()));
    word.erase(0, word.find_first_not_of(" \t\r\n"));
    word.erase(std::min(word.size(), word.find_first_of(" \t\r\n")));
    const bool fine =
        !word.empty() && word.size() <= kMaxTokenBytes &&
        std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (fine) how.token = std::move(word);
    if (!fine)
        fmt::print(stderr, "{} holds no token: make one with `beaconwall operator token`\n",
                   options.token_file->string());
    return fine;
}

/// On another machine. The first question tells whether it lets us in.
std::unique_ptr<events::Client> open_remote(const CtlOptions& options, events::Client::Options how,
                                            int& exit_code) {
    exit_code = Exit::refused;
    const auto key = access::load_client_key(*options.key_file);
    if (!key) return fail(key.error().text), nullptr;
    how.endpoint = options.hub;
    how.keys = events::CurveKeys{key->pair.public_key, key->pair.secret_key, key->server};
    auto client = open_quietly(std::move(how));
    if (!client) return fail(client.error().text), nullptr;
    json answer;
    exit_code = judge((*client)->call("people", "{}", kTimeoutMs), answer);
    return exit_code == Exit::done ? std::move(*client) : nullptr;
}

}  // namespace

std::unique_ptr<events::Client> open_hub(const CtlOptions& options, int& exit_code) {
    // A name of its own: two ctl at once must not take each other's place at the hub.
    events::Client::Options how;
    how.name = "ctl:" + base::random_hex(4);
    how.space = options.space;
    if (!add_token(options, how)) {
        exit_code = Exit::refused;
        return nullptr;
    }
    if (!options.hub.empty()) return open_remote(options, std::move(how), exit_code);
    const auto run_dir = run_folder(options.run_dir);
    const auto socket = run_dir / "hub.sock";
    if (!listens(socket)) {
        fmt::print(stderr, "no running wall found in {} (--run-dir names another run folder)\n",
                   run_dir.string());
        exit_code = Exit::no_wall;
        return nullptr;
    }
    how.endpoint = "ipc://" + socket.string();
    auto client = open_quietly(std::move(how));
    if (client) return std::move(*client);
    fmt::print(stderr, "{}\n", client.error().text);
    exit_code = Exit::no_wall;
    return nullptr;
}

int judge(const events::Reply& reply, json& answer) {
    answer = json::parse(reply.body, nullptr, false);
    if (!answer.is_object()) answer = json::object();
    if (reply.ok) return Exit::done;
    if (reply.code == "closed") return fail(reply.text, Exit::no_wall);
    const bool late = reply.code == "timeout" || reply.code == "expired";
    fmt::print(
        stderr, "{}\n",
        reply.text.empty() ? (late ? "the wall did not answer in time" : "refused") : reply.text);
    return late ? Exit::timed_out : Exit::refused;
}

int ask(const CtlOptions& options, std::string_view verb, const json& body, json& answer) {
    int exit_code = Exit::done;
    const auto client = open_hub(options, exit_code);
    if (!client) return exit_code;
    return judge(client->call(verb, one_line(body), kTimeoutMs), answer);
}

int ask_command(events::Client& client, const char* type, const std::string& subject,
                const json& data, int64_t expires_ms, json& answer) {
    events::Event event;
    event.id = base::random_uuid();
    event.source = "ctl";
    event.type = type;
    event.subject = subject;
    event.time = base::rfc3339(base::wall_ns());
    event.data = one_line(data);
    json body = {{"event", json::parse(events::to_json(event), nullptr, false)},
                 {"expires_ms", expires_ms}};
    // By another machine's clock that says nothing; it is said once, and never again.
    if (!client.remote()) body["sent_ns"] = base::wall_ns();
    return judge(client.call("command", one_line(body), expires_ms), answer);
}

int ask_command(const CtlOptions& options, const char* type, const std::string& subject,
                const json& data, int64_t expires_ms, json& answer) {
    int exit_code = Exit::done;
    const auto client = open_hub(options, exit_code);
    return client ? ask_command(*client, type, subject, data, expires_ms, answer) : exit_code;
}

bool parse_data(const char* option, const std::string& text, json& out) {
    out = json::parse(text, nullptr, false);
    if (!out.is_discarded()) return true;
    fmt::print(stderr, "{} is no JSON in UTF-8: {}\n", option, text.substr(0, 200));
    return false;
}

std::string one_line(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string document(const json& value) {
    return value.dump(2, ' ', false, json::error_handler_t::replace);
}

void print_event(const json& event, bool as_json) {
    if (as_json) {
        fmt::print("{}\n", one_line(event));
    } else {
        const auto text = [&event](const char* key) {
            const auto at = event.find(key);
            return at != event.end() && at->is_string() ? at->get<std::string>() : std::string();
        };
        const std::string sequence = text("sequence");
        const size_t digit = sequence.find_first_not_of('0');
        fmt::print(
            "{}  {:>8}  {}  {}  {}  {}\n", text("time"),
            digit == std::string::npos ? "-" : sequence.substr(digit), text("type"),
            text("subject"), text("source"),
            event.value("tombstone", false) ? "(gone)" : one_line(event.value("data", json())));
    }
    std::fflush(stdout);
}

}  // namespace bw::cli
