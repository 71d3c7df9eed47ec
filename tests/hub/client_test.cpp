// SPDX-License-Identifier: Apache-2.0
// Our client against the built hub: restarts, silence, an inherited socket, blobs.
#include "core/events/client.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/control/message.h"
#include "core/events/wire.h"

namespace bw {
namespace {

using events::Client;
using events::Event;
using events::Lane;
using events::Reply;

class ClientTest : public testing::Test {
  protected:
    ClientTest() {
        std::filesystem::create_directories(root_ + "/run");
        start_hub();
    }
    ~ClientTest() override {
        end_hub(SIGKILL);
        std::filesystem::remove_all(root_);
    }

    void start_hub() {
        auto pair = base::packet_pair();
        ASSERT_TRUE(pair.ok());
        const std::string build = std::getenv("BEACONWALL_BUILD"),
                          source = std::getenv("BEACONWALL_SOURCE");
        const std::string program = build + "/libexec/beaconwall-hub",
                          site = source + "/tests/hub/site";
        const std::string run = root_ + "/run", state = root_ + "/state";
        const base::UniqueFd high(::fcntl(pair->second.get(), F_DUPFD_CLOEXEC, 50));
        hub_ = ::fork();
        ASSERT_GE(hub_, 0);
        if (hub_ == 0) {
            ::dup2(high.get(), control::kControlFd);
            ::execl(program.c_str(), program.c_str(), "--site", site.c_str(), "--run-dir",
                    run.c_str(), "--state-dir", state.c_str(), nullptr);
            ::_exit(127);
        }
        channel_.emplace(std::move(pair->first));
        control::Message start;
        start.kind = control::Kind::start;
        ASSERT_TRUE(channel_->send(start).ok());
        if (!plug_.name_view().empty()) {
            ASSERT_TRUE(channel_->send(plug_).ok());
        }
    }
    void end_hub(int signal) {
        ::kill(hub_, signal);
        ::waitpid(hub_, nullptr, 0);
        channel_.reset();
    }
    std::unique_ptr<Client> client(const std::string& name) {
        Client::Options options;
        options.name = name;
        options.endpoint = "ipc://" + root_ + "/run/hub.sock";
        auto opened = Client::open(std::move(options));
        EXPECT_TRUE(opened.ok());
        return std::move(*opened);
    }
    static Event event(const std::string& type, const std::string& subject,
                       const std::string& data) {
        Event out;
        out.type = type;
        out.subject = subject;
        out.data = data;
        return out;
    }
    static bool run_until(const std::vector<Client*>& clients, const std::function<bool()>& done) {
        const int64_t end = base::mono_ns() + 30 * base::kSecond;
        while (!done() && base::mono_ns() < end) {
            std::vector<pollfd> waits;
            int64_t wake = base::mono_ns() + base::kSecond;
            for (Client* c : clients) {
                waits.push_back({c->fd(), POLLIN, 0});
                wake = std::min(wake, c->next_wake_ns());
            }
            const int64_t left = std::max<int64_t>(0, wake - base::mono_ns());
            ::poll(waits.data(), waits.size(), static_cast<int>(left / base::kMillisecond));
            for (Client* c : clients) c->pump();
        }
        return done();
    }

    const std::string root_ = "/tmp/bw-client-" + base::random_hex(6);
    pid_t hub_ = -1;
    std::optional<control::Channel> channel_;
    control::Message plug_;
};

TEST_F(ClientTest, HealsAfterTheHubWasKilledAndLosesNothingDurable) {
    const auto feed = client("feed"), reader = client("reader");
    std::vector<bool> links;
    std::map<std::string, std::string> seen;
    reader->on_link([&](bool up) { links.push_back(up); });
    reader->on_event([&](const Event& e, Lane, bool) { seen[e.type + "/" + e.subject] = e.data; });
    reader->subscribe({"x."}, events::From::snapshot);
    feed->publish(event("x.level", "g", "1"));
    ASSERT_TRUE(run_until({feed.get(), reader.get()}, [&] { return seen["x.level/g"] == "1"; }));
    end_hub(SIGKILL);
    int acknowledged = 0;
    const auto note = [&](const Reply& reply) { acknowledged += reply.ok ? 1 : 0; };
    for (int i = 0; i < 20; ++i)
        feed->publish_durable(event("x.alarm", std::to_string(i), "{}"), note);
    feed->put_records({{"x.item", "i", "7"}}, note);
    for (int i = 0; i < 5; ++i) feed->publish(event("x.level", "g", std::to_string(10 + i)));
    std::string code;
    feed->command(event("x.nobody", "", "{}"), 200, [&](const Reply& reply) { code = reply.code; });
    ASSERT_TRUE(
        run_until({feed.get(), reader.get()}, [&] { return !code.empty() && !reader->up(); }));
    EXPECT_EQ(code, "timeout");
    start_hub();
    ASSERT_TRUE(run_until({feed.get(), reader.get()}, [&] {
        return acknowledged == 21 && seen["x.level/g"] == "14" && seen["x.item/i"] == "7";
    }));
    EXPECT_EQ(links, (std::vector<bool>{true, false, true}));
    EXPECT_LT(std::abs(reader->clock_offset_ns()), base::kSecond);
}

TEST_F(ClientTest, WhoFollowsFromASequenceHasEachDurableEventOnceThoughTheHubDies) {
    const auto feed = client("feed"), reader = client("reader");
    std::vector<std::string> seen;
    reader->on_event([&](const Event& e, Lane, bool) { seen.push_back(e.data); });
    reader->subscribe_since({"x."}, std::nullopt, 16);
    size_t published = 0;
    std::vector<std::string> wanted;
    const auto publish = [&](size_t count) {
        for (size_t i = 0; i < count; ++i) {
            wanted.push_back(std::to_string(wanted.size()));
            feed->publish_durable(event("x.alarm", "a", wanted.back()),
                                  [&](const Reply& reply) { published += reply.ok ? 1 : 0; });
        }
    };
    ASSERT_TRUE(run_until({feed.get(), reader.get()}, [&] { return reader->up(); }));
    for (int round = 0; round < 3; ++round) {
        publish(150);
        ASSERT_TRUE(run_until({feed.get(), reader.get()},
                              [&] { return seen.size() + 100 > wanted.size(); }));
        end_hub(SIGKILL);
        publish(20);
        start_hub();
        // All of it is in the journal before the reader is back.
        ASSERT_TRUE(run_until({feed.get()}, [&] { return published == wanted.size(); }));
        ASSERT_TRUE(run_until({feed.get(), reader.get()},
                              [&] { return seen.size() >= wanted.size() && reader->up(); }));
    }
    EXPECT_EQ(seen, wanted);
}

TEST_F(ClientTest, AHubThatStandsStillIsAwayAfterThreeSecondsAndComesBack) {
    const auto reader = client("reader");
    ASSERT_TRUE(run_until({reader.get()}, [&] { return reader->up() && reader->as_of_ns() != 0; }));
    ::kill(hub_, SIGSTOP);
    const int64_t as_of = reader->as_of_ns();
    ASSERT_TRUE(run_until({reader.get()}, [&] { return !reader->up(); }));
    EXPECT_LT(reader->as_of_ns() - as_of, base::kSecond);
    ::kill(hub_, SIGCONT);
    ASSERT_TRUE(run_until({reader.get()}, [&] {
        return reader->up() && reader->as_of_ns() - as_of > base::kSecond;
    }));
}

TEST_F(ClientTest, ACommandReachesItsHandlerAndItsAnswerComesBack) {
    const auto media = client("media:0"), ctl = client("ctl");
    media->on_command("beaconwall.compositor.snapshot.v1/",
                      [](const Event& e, const Client::Answer& answer) {
                          Reply reply;
                          reply.ok = e.subject == "camera/T-1";
                          reply.body = "{\"tried\":3}";
                          answer(reply);
                      });
    ASSERT_TRUE(run_until({media.get()}, [&] { return media->up(); }));
    Reply got;
    const auto send = [&] {
        ctl->command(event("beaconwall.compositor.snapshot.v1", "camera/T-1", "{}"), 2000,
                     [&](const Reply& r) { got = r; });
    };
    send();
    ASSERT_TRUE(run_until({media.get(), ctl.get()}, [&] { return got.ok || !got.code.empty(); }));
    EXPECT_TRUE(got.ok) << got.text;
    EXPECT_EQ(got.body, "{\"tried\":3}");
}

// A role of which there is one, started twice: each is there in turn, and has what it asks for.
TEST_F(ClientTest, TwoOfANamePushEachOtherOutAtMostOnceASecondAndBothAreServed) {
    constexpr size_t kTurns = 3;
    const int64_t began_ns = base::mono_ns();
    std::string turns;  // who was greeted, in order
    std::map<char, size_t> asked, served;
    std::vector<std::string> said;
    const auto reader = client("reader");
    reader->on_event([&](const Event& e, Lane, bool) { said.push_back(e.subject); });
    reader->subscribe_since({"x.turn"}, std::nullopt, 16);
    ASSERT_TRUE(run_until({reader.get()}, [&] { return reader->up(); }));
    const auto twin = [&](char which) {
        auto made = client("media:0");
        made->on_link([&, which, its = made.get()](bool up) {
            if (!up) return;
            turns += which;
            const std::string subject = which + std::to_string(++asked[which]);
            its->publish_durable(event("x.turn", subject, "{}"), [&, which](const Reply& reply) {
                served[which] += reply.ok ? 1 : 0;
            });
        });
        return made;
    };
    const auto a = twin('a');
    // Of two that are greeted at one moment, the first may be seen second.
    ASSERT_TRUE(run_until({a.get()}, [&] { return a->up(); }));
    const auto b = twin('b');
    ASSERT_TRUE(run_until({a.get(), b.get(), reader.get()}, [&] {
        return std::min(served['a'], served['b']) >= kTurns && said.size() >= 2 * kTurns;
    })) << turns;
    const auto seconds = static_cast<size_t>((base::mono_ns() - began_ns) / events::kReplacedNs);
    for (const char which : {'a', 'b'}) {
        const auto greeted = static_cast<size_t>(std::count(turns.begin(), turns.end(), which));
        EXPECT_LE(greeted, seconds + 1) << turns;  // each but the first after a rest
        EXPECT_EQ(turns.find(std::string(2, which)), std::string::npos) << turns;
        for (size_t n = 1; n <= kTurns; ++n)
            EXPECT_EQ(std::count(said.begin(), said.end(), which + std::to_string(n)), 1) << n;
    }
}

TEST_F(ClientTest, BlobsGoThereAndBackInPieces) {
    const auto ctl = client("ctl");
    std::vector<std::byte> bytes(600'000);
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 7 + i / 251);
    std::string digest;
    ctl->put_blob(bytes, [&](const Reply& reply) {
        digest = reply.ok ? reply.body : "failed: " + reply.text;
    });
    ASSERT_TRUE(run_until({ctl.get()}, [&] { return !digest.empty(); }));
    const size_t at = digest.find("\"digest\":\"");
    ASSERT_NE(at, std::string::npos) << digest;
    const auto back = ctl->get_blob(digest.substr(at + 10, 64), 10'000);
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(*back, bytes);
    EXPECT_FALSE(ctl->get_blob(std::string(64, '0'), 5000).ok());
}

TEST_F(ClientTest, AnInheritedSocketIsKnownByItsPlugAlsoToTheNextHub) {
    const std::string path = root_ + "/run/w1";
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener, 4), 0);
    plug_.kind = control::Kind::plug;
    plug_.incarnation = 3;
    plug_.set_name("service:trial");
    plug_.set_text(path);
    ASSERT_TRUE(channel_->send(plug_).ok());
    Client::Options options;
    options.listen_fd = listener;
    options.listen_path = path;
    auto opened = Client::open(std::move(options));
    ASSERT_TRUE(opened.ok());
    const auto plugin = std::move(*opened);
    std::vector<std::string> sources;
    plugin->on_event([&](const Event& e, Lane, bool) { sources.push_back(e.source); });
    plugin->subscribe({"x."}, events::From::now);
    int greeted = 0;  // the loss of a hub may be noticed together with the next one's greeting
    plugin->on_link([&greeted](bool up) { greeted += up ? 1 : 0; });
    for (int round = 0; round < 2; ++round) {
        sources.clear();
        ASSERT_TRUE(run_until({plugin.get()}, [&] { return greeted > round; }));
        plugin->publish(event("x.level", std::to_string(round), "{}"));
        ASSERT_TRUE(run_until({plugin.get()}, [&] { return !sources.empty(); }));
        EXPECT_EQ(sources.front(), "service:trial");
        if (round == 1) break;
        end_hub(SIGKILL);
        start_hub();
    }
}

}  // namespace
}  // namespace bw
