// SPDX-License-Identifier: Apache-2.0
// Publishes events and receives them in threads, through a hub or by PUB and SUB alone; nobody
// parses what is received.
//     hub_load raw|frames|telemetry|durable|single|snapshot ENDPOINT SUBSCRIBERS EVENTS BYTES
//     EVENTS_A_SECOND SILENT
// frames: as raw, each event in the five frames of a delivery. single: as durable, but the
// subscribers take no bundles.
// EVENTS_A_SECOND 0: as fast as it goes. SILENT: so many more that subscribe and never read (hub).
// Prints one JSON object: events per second until the last subscriber had the last one, and from
// handing an event to the socket until the first subscriber had it, in microseconds. snapshot:
// EVENTS subjects are published, then one client asks for all of them; how long that took.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>
#include <zmq_addon.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/events/bundle.h"

namespace {

using bw::base::mono_ns;

// Durable events that may be without their reply: the hub holds 2048 replies for one that is slow
// to read.
constexpr uint64_t kWindow = 1024;
constexpr uint64_t kGrant = 1024;
constexpr uint64_t kSubjects = 1000;
constexpr int kPatienceMs = 30'000;

struct Wish {
    std::string how, endpoint;
    int subscribers = 0, silent = 0;
    uint64_t events = 0, rate = 0;
    size_t bytes = 0;
    [[nodiscard]] bool bundles() const { return how != "single"; }
    [[nodiscard]] bool durable() const { return how == "durable" || how == "single"; }
    [[nodiscard]] bool framed() const { return how == "frames"; }
    [[nodiscard]] bool raw() const { return how == "raw" || framed(); }
};

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "hub_load: %s\n", why.c_str());
    std::exit(1);
}

/// A CloudEvent of that many bytes.
std::string event_of(const Wish& wish, uint64_t number, uint64_t subjects = kSubjects) {
    std::string text = R"({"specversion":"1.0","id":")" + std::to_string(number) +
                       R"(","source":"load","type":"x.load.v1","subject":"load/)" +
                       std::to_string(number % subjects) + R"(","data":{"pad":")";
    const size_t end = std::strlen("\"}}");
    text.append(wish.bytes > text.size() + end ? wish.bytes - text.size() - end : 0, 'x');
    return text + "\"}}";
}

std::string text_of(const zmq::message_t& frame) {
    return {static_cast<const char*>(frame.data()), frame.size()};
}

/// A peer of a hub: a DEALER that has said hello.
class Dealer {
  public:
    Dealer(zmq::context_t& context, const Wish& wish, const std::string& name)
        : socket_(context, zmq::socket_type::dealer) {
        socket_.set(zmq::sockopt::linger, 0);
        socket_.set(zmq::sockopt::immediate, 1);
        socket_.set(zmq::sockopt::rcvtimeo, kPatienceMs);
        socket_.connect(wish.endpoint);
        say("hello", R"({"id":"h","protocol":1,"name":")" + name + R"(","bundles":)" +
                         (wish.bundles() ? "true" : "false") + R"(,"cycle":")" +
                         bw::base::random_hex(8) + "\"}");
        wait_for("reply");
    }
    void say(const char* verb, const std::string& body) {
        socket_.send(zmq::buffer(verb, std::strlen(verb)), zmq::send_flags::sndmore);
        socket_.send(zmq::buffer(body), zmq::send_flags::none);
    }
    void wait_for(const char* verb) {
        std::vector<zmq::message_t> frames;
        while (receive(frames))
            if (text_of(frames[0]) == verb) return;
        fail(std::string("no ") + verb + " from the hub");
    }
    bool receive(std::vector<zmq::message_t>& frames) {
        frames.clear();
        return zmq::recv_multipart(socket_, std::back_inserter(frames)).has_value();
    }
    zmq::socket_t& socket() { return socket_; }
    /// The deliveries in a message; the hub's beats are answered.
    size_t deliveries(const std::vector<zmq::message_t>& frames) {
        if (frames.size() == 5) return 1;
        if (frames.size() == 3 && text_of(frames[0]) == bw::events::kBundle)
            return frames[1].size() / bw::events::kHeadBytes;
        if (frames.size() == 2 && text_of(frames[0]) == "beat") say("beat", "{}");
        return 0;
    }

  private:
    zmq::socket_t socket_;
};

/// Deliveries that came, and credit for more of them when half of it is used.
struct Credit {
    Dealer& dealer;
    uint64_t came = 0, asked = 0;
    void add(size_t more) {
        came += more;
        if (came < asked + kGrant / 2) return;
        asked = came;
        dealer.say("credit", R"({"to":)" + std::to_string(came + kGrant) + "}");
    }
};

/// When each event was handed over, and what the receivers are to do.
struct Run {
    explicit Run(const Wish& w)
        : wish(w),
          sent_ns(w.events),
          latency_us(w.events),
          had(static_cast<size_t>(w.subscribers)) {}
    const Wish& wish;
    std::vector<std::atomic<int64_t>> sent_ns;
    std::vector<double> latency_us;  // the first subscriber's
    std::atomic<int> listening{0};
    std::vector<std::atomic<uint64_t>> had;  // of each subscriber

    void got(int subscriber, uint64_t number) {
        had[static_cast<size_t>(subscriber)].store(number + 1, std::memory_order_relaxed);
        if (subscriber == 0)
            latency_us[number] = static_cast<double>(mono_ns() - sent_ns[number].load()) / 1000.0;
    }
    /// Telemetry that waits is overtaken by the next of its subject: there is none before all have
    /// this one.
    void wait_for_slowest(uint64_t number) const {
        const auto slowest = [this] { return std::min_element(had.begin(), had.end())->load(); };
        while (number - slowest() >= kSubjects)
            std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    /// Paces, and notes when the event goes out.
    void leave(uint64_t number, int64_t began) {
        if (wish.rate != 0) {
            const int64_t due = began + static_cast<int64_t>(number * 1'000'000'000 / wish.rate);
            const timespec at{due / 1'000'000'000, due % 1'000'000'000};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
        }
        sent_ns[number].store(mono_ns());
    }
};

void listen_raw(zmq::context_t& context, Run& run, int me) {
    zmq::socket_t socket(context, zmq::socket_type::sub);
    socket.set(zmq::sockopt::subscribe, "");
    socket.set(zmq::sockopt::rcvtimeo, kPatienceMs);
    socket.connect(run.wish.endpoint);
    ++run.listening;
    zmq::message_t message;
    for (uint64_t number = 0; number < run.wish.events;) {
        if (!socket.recv(message)) fail("an event is missing");
        if (message.more() || message.size() < 2) continue;
        run.got(me, number++);
    }
}

void listen_hub(zmq::context_t& context, Run& run, int me) {
    Dealer dealer(context, run.wish, "load-" + std::to_string(me));
    dealer.say("subscribe",
               R"({"id":"s","prefixes":["x.load."],"to":)" + std::to_string(kGrant) + "}");
    dealer.wait_for("reply");
    ++run.listening;
    std::vector<zmq::message_t> frames;
    Credit credit{dealer};
    for (uint64_t number = 0; number < run.wish.events;) {
        if (!dealer.receive(frames)) fail("an event is missing");
        const size_t count = dealer.deliveries(frames);
        for (size_t i = 0; i < count; ++i) run.got(me, number++);
        credit.add(count);
    }
}

void publish_raw(zmq::socket_t& socket, Run& run, int64_t began) {
    for (uint64_t number = 0; number < run.wish.events; ++number) {
        const std::string event = event_of(run.wish, number);
        run.leave(number, began);
        if (run.wish.framed())
            for (const std::string_view frame : {"event", "1", "12345678", "12345678"})
                socket.send(zmq::buffer(frame), zmq::send_flags::sndmore);
        socket.send(zmq::buffer(event), zmq::send_flags::none);
    }
}

/// Durable ones are on the disk when their replies are here.
void publish_hub(Dealer& dealer, Run& run, int64_t began) {
    const bool durable = run.wish.durable();
    uint64_t replied = 0;
    std::vector<zmq::message_t> frames;
    const auto listen = [&] {
        if (!dealer.receive(frames)) fail("the hub does not answer");
        if (text_of(frames[0]) == "beat") dealer.say("beat", "{}");
        if (text_of(frames[0]) != "reply") return;
        if (text_of(frames[1]).find("\"ok\":true") == std::string::npos) fail(text_of(frames[1]));
        ++replied;
    };
    for (uint64_t number = 0; number < run.wish.events; ++number) {
        while (durable && number - replied >= kWindow) listen();
        if (!durable) run.wait_for_slowest(number);
        const std::string body = std::string(durable ? R"({"id":"p","lane":"durable","event":)"
                                                     : R"({"lane":"telemetry","event":)") +
                                 event_of(run.wish, number) + "}";
        run.leave(number, began);
        dealer.say("publish", body);
        while (durable && (dealer.socket().get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) listen();
    }
    while (durable && replied < run.wish.events) listen();
}

/// SUB sockets have reached the PUB: each has had one of its words.
void wait_for_subscribers(zmq::socket_t& socket, const Run& run) {
    int here = 0;
    while (here < run.wish.subscribers) {
        zmq::message_t word;
        if (!socket.recv(word)) fail("no subscriber");
        ++here;
    }
}

/// From the question to the last of the answers; each subject comes once.
void take_snapshot(const Wish& wish) {
    zmq::context_t context(1);
    {
        Dealer publisher(context, wish, "publisher");
        for (uint64_t number = 0; number < wish.events; ++number) {
            const bool last = number + 1 == wish.events;
            publisher.say("publish", std::string(last ? R"({"id":"p","event":)" : R"({"event":)") +
                                         event_of(wish, number, wish.events) + "}");
        }
        publisher.wait_for("reply");
    }
    Dealer dealer(context, wish, "late");
    const int64_t began = mono_ns();
    dealer.say("subscribe", R"({"id":"s","prefixes":["x.load."],"from":"snapshot","to":)" +
                                std::to_string(kGrant) + "}");
    std::vector<zmq::message_t> frames;
    Credit credit{dealer};
    while (credit.came < wish.events) {
        if (!dealer.receive(frames)) fail("a subject is missing");
        credit.add(dealer.deliveries(frames));
    }
    std::printf("{\"seconds\":%.4f}\n", static_cast<double>(mono_ns() - began) / 1e9);
}

double at(std::vector<double>& values, double part) {
    const auto index = static_cast<size_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index),
                     values.end());
    return values[index];
}

void run_all(const Wish& wish) {
    zmq::context_t context(1);
    Run run(wish);
    std::vector<std::thread> threads;
    std::vector<Dealer> silent;
    zmq::socket_t publisher(context, zmq::socket_type::xpub);
    if (wish.raw()) {
        publisher.set(zmq::sockopt::linger, 0);
        publisher.set(zmq::sockopt::xpub_nodrop, 1);
        publisher.set(zmq::sockopt::xpub_verbose, 1);  // each subscriber is told of
        publisher.set(zmq::sockopt::rcvtimeo, kPatienceMs);
        publisher.bind(wish.endpoint);
    }
    silent.reserve(static_cast<size_t>(wish.silent));
    for (int i = 0; i < wish.silent; ++i) {
        silent.emplace_back(context, wish, "silent-" + std::to_string(i));
        silent.back().say("subscribe", R"({"id":"s","prefixes":["x.load."],"to":)" +
                                           std::to_string(kGrant) + "}");
    }
    for (int i = 0; i < wish.subscribers; ++i)
        threads.emplace_back(
            [&, i] { wish.raw() ? listen_raw(context, run, i) : listen_hub(context, run, i); });
    if (wish.raw()) wait_for_subscribers(publisher, run);
    while (run.listening < wish.subscribers) std::this_thread::yield();
    const int64_t began = mono_ns();
    if (wish.raw()) {
        publish_raw(publisher, run, began);
    } else {
        Dealer dealer(context, wish, "publisher");
        publish_hub(dealer, run, began);
        for (std::thread& thread : threads) thread.join();
    }
    for (std::thread& thread : threads)
        if (thread.joinable()) thread.join();
    const double seconds = static_cast<double>(mono_ns() - began) / 1e9;
    const double p50 = at(run.latency_us, 0.5), p99 = at(run.latency_us, 0.99);
    std::printf("{\"per_second\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n",
                static_cast<double>(wish.events) / seconds, p50, p99);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 8) fail("see the first lines of hub_load.cpp");
    Wish wish;
    wish.how = argv[1];
    wish.endpoint = argv[2];
    wish.subscribers = std::atoi(argv[3]);
    wish.events = std::strtoull(argv[4], nullptr, 10);
    wish.bytes = std::strtoull(argv[5], nullptr, 10);
    wish.rate = std::strtoull(argv[6], nullptr, 10);
    wish.silent = std::atoi(argv[7]);
    if (wish.events == 0 || wish.subscribers < 1) fail("nothing to do");
    try {
        if (wish.how == "snapshot")
            take_snapshot(wish);
        else
            run_all(wish);
    } catch (const zmq::error_t& error) {
        fail(error.what());
    }
    return 0;
}
