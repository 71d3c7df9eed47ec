// SPDX-License-Identifier: Apache-2.0
// What peers say, into the hub's own request path: the whole hub, with its journal and its threads,
// and peers whose sockets are there to be answered. An input is messages, 0x00 between them and
// 0x01 between their frames; the first byte of a message says who speaks.
//
// After some thousand inputs the hub is ended and made anew, with nothing left of the last one:
// what it then has in memory may not grow with the number of inputs.
#include <openssl/crypto.h>
#include <sanitizer/allocator_interface.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/keys.h"
#include "core/base/log.h"
#include "core/hub/hub.h"

namespace {

namespace fs = std::filesystem;
using bw::hub::Hub;

constexpr int kInputsOfOneHub = 4096;
constexpr size_t kMayGrow = 64 << 20;  // libFuzzer's own inputs are in there, too
constexpr const char* kPublic = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";  // of ZeroMQ RFC 26

struct Speaker {
    const char* route;
    const char* hello;
};
constexpr Speaker kSpeakers[] = {
    {"desk", R"({"protocol":1,"name":"desk","cycle":"c"})"},
    {"eyes", R"({"protocol":1,"name":"compositor:main","cycle":"c"})"},
    {"film", R"({"protocol":1,"name":"media:0","cycle":"c"})"},
    {"page", R"({"protocol":1,"name":"console","cycle":"c"})"},
    {"tcp:x", R"({"protocol":1,"name":"far","cycle":"c"})"},
    {"mute", nullptr},  // never greeted, unless by the input
};

/// One life of a hub, in a folder of its own.
class Life {
  public:
    Life() {
        std::string name =
            (fs::exists("/dev/shm") ? "/dev/shm" : "/tmp") + std::string("/bw-fuzz-XXXXXX");
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        folder_ = name;
        write_site();
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
        supervisor_.reset(ends[0]);
        bw::control::Arguments arguments;
        arguments.site = folder_ / "site";
        arguments.run_dir = folder_;
        arguments.state_dir = folder_ / "state";
        auto hub = Hub::open(arguments, bw::control::Channel(bw::base::UniqueFd(ends[1])));
        if (!hub) {
            std::fprintf(stderr, "%s\n", hub.error().text.c_str());
            std::abort();
        }
        hub_ = std::move(*hub);
        connect(arguments.hub_endpoint());
    }
    ~Life() {
        for (void* socket : sockets_) zmq_close(socket);
        zmq_ctx_term(context_);
        hub_.reset();
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Life(const Life&) = delete;
    Life& operator=(const Life&) = delete;

    void say(size_t who, const bw::events::Frames& frames) {
        const Speaker& speaker = kSpeakers[who % std::size(kSpeakers)];
        const std::string route = speaker.route;
        bw::hub::Origin origin;
        if (bw::hub::Remote::has(route)) origin = {kPublic, "192.0.2.1"};
        bool& greeted = greeted_[who % std::size(kSpeakers)];
        if (speaker.hello != nullptr && !greeted)
            hub_->handle(route, {"hello", speaker.hello}, origin);
        greeted = origin.key.empty();  // nothing can be sent there, so its stays are short
        hub_->handle(route, frames, origin);
    }
    void turn() {
        hub_->turn(0);
        char bytes[600];
        for (size_t i = 0; i < sockets_.size(); ++i)
            for (int n = 0; (n = zmq_recv(sockets_[i], bytes, sizeof(bytes), ZMQ_DONTWAIT)) >= 0;)
                if (std::string_view(bytes, std::min<size_t>(n, sizeof(bytes))) == "goodbye")
                    greeted_[i] = false;
        while (::recv(supervisor_.get(), bytes, sizeof(bytes), MSG_DONTWAIT) > 0) {
        }
    }

  private:
    void write_site() {
        fs::create_directories(folder_ / "site/layouts");
        fs::create_directories(folder_ / "state");
        std::ofstream(folder_ / "site/wall.toml")
            << "title = \"w\"\nfirst_layout = \"one\"\n[[display]]\nname = \"desk\"\nwidth_mm = "
               "598\n"
               "height_mm = 336\nwidth_px = 1280\nheight_px = 720\n[[zone]]\nname = \"side\"\n"
               "title = \"s\"\ndisplays = [\"desk\"]\n";
        for (const char* name : {"one", "two"})
            std::ofstream(folder_ / "site/layouts" / (std::string(name) + ".toml"))
                << "title = \"" << name << "\"\n[[grid]]\ncolumns = [\"1fr\"]\nrows = [\"1fr\"]\n"
                << "areas = [\"" << name << "\"]\n[[pane]]\nid = \"" << name
                << "\"\nshows = \"camera/T-1\"\n";
        std::ofstream(folder_ / "site/cameras.toml")
            << "[[camera]]\nid = \"T-1\"\nname = \"t\"\nkind = \"test\"\nmain = "
               "\"test://ball\"\n";
        (void)bw::access::change_keys(folder_ / "state",
                                      [](bw::access::Keys& keys) -> bw::base::Status {
                                          keys.list.push_back({"far", "duty_officer", kPublic, ""});
                                          return {};
                                      });
    }
    void connect(const std::string& endpoint) {
        for (const Speaker& speaker : kSpeakers) {
            void* socket = zmq_socket(context_, ZMQ_DEALER);
            const int none = 0;
            zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof(none));
            zmq_setsockopt(socket, ZMQ_ROUTING_ID, speaker.route,
                           std::string(speaker.route).size());
            if (zmq_connect(socket, endpoint.c_str()) != 0) std::abort();
            sockets_.push_back(socket);
        }
        // Until the hub knows them, it would take them for gone.
        for (void* socket : sockets_) zmq_send(socket, "x", 1, 0);
        for (int i = 0; i < 200; ++i) {
            hub_->turn(1);
        }
    }

    fs::path folder_;
    bw::base::UniqueFd supervisor_;
    std::unique_ptr<Hub> hub_;
    void* context_ = zmq_ctx_new();
    std::vector<void*> sockets_;
    bool greeted_[std::size(kSpeakers)] = {};
};

std::unique_ptr<Life> life;
int inputs = 0, messages = 0;
size_t after_first = 0;

void begin_anew() {
    life.reset();
    const size_t now = __sanitizer_get_current_allocated_bytes();
    if (inputs > 1 && after_first == 0) after_first = now;
    if (std::getenv("HUB_FUZZ_MEMORY") != nullptr)
        std::fprintf(stderr, "%d inputs, %d messages: %zu KiB\n", inputs, messages, now / 1024);
    if (after_first != 0 && now > after_first + kMayGrow) {
        std::fprintf(stderr, "from %zu to %zu bytes in %d inputs\n", after_first, now, inputs);
        std::abort();
    }
    life = std::make_unique<Life>();
}

}  // namespace

/// At the end of one run in some twenty the error state of one thread of OpenSSL's (904 bytes) is
/// left, of which nobody knows whose it was. What grows with the inputs is found by begin_anew().
extern "C" const char* __lsan_default_suppressions() {
    return "leak:CRYPTO_zalloc\n";
}

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    ::setenv("BEACONWALL_PLUGIN_PATH", "", 1);
    ::setenv("BEACONWALL_LOG", "error", 1);  // inputs cause a line each
    bw::base::log_init("fuzz");
    // The last hub's threads end while OpenSSL is still there to take back what it gave them.
    OPENSSL_init_crypto(0, nullptr);
    std::atexit([] { life.reset(); });
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (inputs++ % kInputsOfOneHub == 0) begin_anew();
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find('\0', at), text.size());
        bw::events::Frames frames;
        for (size_t from = at + 1; from <= end;) {
            const size_t to = std::min(text.find('\1', from), end);
            frames.push_back(text.substr(from, to - from));
            from = to + 1;
        }
        ++messages;
        life->say(static_cast<unsigned char>(text[at]), frames);
        at = end + 1;
    }
    life->turn();
    return 0;
}
