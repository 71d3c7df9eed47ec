// SPDX-License-Identifier: Apache-2.0
// The client against a hub that this test plays frame by frame.
#include "core/events/client.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/events/bundle.h"
#include "core/events/socket.h"

namespace bw::events {
namespace {

using nlohmann::json;

class PlayedHub : public testing::Test {
  protected:
    PlayedHub() {
        begin();
        Client::Options options;
        options.name = "reader";
        options.endpoint = "ipc://" + path_;
        client_ = std::move(*Client::open(std::move(options)));
        client_->on_event([this](const Event& e, Lane, bool replayed) {
            seen_.push_back(e.subject + (replayed ? "*" : ""));
        });
        client_->on_gap([this](uint64_t missed) { gaps_.push_back(missed); });
    }
    ~PlayedHub() override { std::filesystem::remove(path_); }

    void begin() {
        router_.emplace(std::move(*Socket::make(Socket::Kind::router)));
        EXPECT_TRUE(router_->bind("ipc://" + path_).ok());
    }

    // Turns both ends until a message with this verb came; gives its JSON.
    json expect(const std::string& verb) {
        const int64_t end = base::mono_ns() + 20 * base::kSecond;
        passed_over_.clear();
        while (base::mono_ns() < end) {
            client_->pump();
            Frames frames;
            while (router_->receive(frames)) {
                route_ = frames[0];
                if (frames[1] == verb)
                    return frames.size() < 3 ? json() : json::parse(frames[2], nullptr, false);
                passed_over_.push_back(frames[1]);
            }
            pollfd wait{client_->fd(), POLLIN, 0};
            ::poll(&wait, 1, 5);
        }
        ADD_FAILURE() << "no " << verb;
        return json::object();
    }
    void send(const Frames& frames) {
        EXPECT_EQ(router_->send_to(route_, frames), Socket::Sent::yes);
    }
    void deliver(uint64_t n, const std::string& subject, bool replayed = false) {
        Event event;
        event.id = event.source = event.type = "x";
        event.subject = subject;
        send(encode_delivery(Lane::telemetry, replayed, 0, n, to_json(event)));
    }
    void deliver_durable(uint64_t n, uint64_t sequence, const std::string& subject,
                         bool replayed = false) {
        Event event;
        event.id = event.subject = subject;
        event.source = "s";
        event.type = "x.a";
        send(encode_delivery(Lane::durable, replayed, sequence, n, to_json(event)));
    }
    json greet() {
        json hello = expect("hello");
        send({"reply", json{{"id", hello["id"]}, {"ok", true}, {"session", "s"}}.dump()});
        return hello;
    }
    void until(const std::function<bool()>& done) {
        const int64_t end = base::mono_ns() + 20 * base::kSecond;
        while (!done() && base::mono_ns() < end) {
            pollfd wait{client_->fd(), POLLIN, 0};
            ::poll(&wait, 1, 5);
            client_->pump();
        }
        ASSERT_TRUE(done());
    }

    const std::string path_ = "/tmp/bw-played-" + base::random_hex(6);
    std::optional<Socket> router_;
    std::unique_ptr<Client> client_;
    std::string route_;
    std::vector<std::string> seen_;
    std::vector<uint64_t> gaps_;
    std::vector<std::string> passed_over_;  // verbs that came before the expected one
};

TEST_F(PlayedHub, AGapIsToldAndHealedByASnapshot) {
    client_->subscribe({"x."}, From::now, 8);
    greet();
    EXPECT_EQ(expect("subscribe")["from"], "now");
    deliver(1, "a");
    deliver(5, "b");
    const json again = expect("subscribe");
    EXPECT_EQ(again["from"], "snapshot");
    EXPECT_EQ(again["to"], 13);
    deliver(6, "c", true);
    until([&] { return seen_.size() == 3; });
    EXPECT_EQ(seen_, (std::vector<std::string>{"a", "b", "c*"}));
    EXPECT_EQ(gaps_, (std::vector<uint64_t>{3}));
}

/// Telemetry from `first` on, one subject each.
Frames bundle_of(uint64_t first, const std::vector<std::string>& subjects) {
    Frames frames = {kBundle, "", ""};
    for (const std::string& subject : subjects) {
        Event event;
        event.id = event.source = event.type = "x";
        event.subject = subject;
        const std::string text = to_json(event);
        append_head(frames[1], {Lane::telemetry, false, 0, first++, text});
        frames[2] += text;
    }
    return frames;
}

TEST_F(PlayedHub, DeliveriesOfABundleComeOneByOne) {
    client_->subscribe({"x."}, From::now, 8);
    EXPECT_EQ(greet()["bundles"], true);
    expect("subscribe");
    send(bundle_of(1, {"a", "b", "c"}));
    send(bundle_of(3, {"again", "d"}));
    send({kBundle, "no heads", "{}"});
    deliver(5, "e");
    until([&] { return seen_.size() >= 5; });
    EXPECT_EQ(seen_, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
    EXPECT_TRUE(gaps_.empty());
    send(bundle_of(8, {"f", "g"}));
    until([&] { return seen_.size() >= 7; });
    EXPECT_EQ(gaps_, (std::vector<uint64_t>{2}));
}

TEST_F(PlayedHub, WhoAsksTheHubInAHandlerGetsTheRestOfTheBundleInOrder) {
    std::vector<std::string> order;
    client_->on_event([&](const Event& e, Lane, bool) {
        order.push_back(e.subject);
        if (e.subject == "a") (void)client_->call("status", "{}", 50);  // nobody answers
    });
    client_->subscribe({"x."}, From::now, 8);
    greet();
    expect("subscribe");
    send(bundle_of(1, {"a", "b", "c"}));
    send(bundle_of(4, {"d", "e"}));
    until([&] { return order.size() >= 5; });
    EXPECT_EQ(order, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
    EXPECT_TRUE(gaps_.empty());
}

TEST_F(PlayedHub, ABundleAfterAGoodbyeIsOfACycleThatIsOver) {
    client_->subscribe({"x."}, From::now, 8);
    greet();
    expect("subscribe");
    send({"goodbye", "{}"});
    send(bundle_of(1, {"a", "b"}));
    greet();
    expect("subscribe");
    send(bundle_of(1, {"c"}));
    until([&] { return !seen_.empty(); });
    EXPECT_EQ(seen_, (std::vector<std::string>{"c"}));
}

TEST_F(PlayedHub, ABeatShowsWhatWasLostAtTheEnd) {
    client_->subscribe({"x."}, From::now, 8);
    greet();
    expect("subscribe");
    send(
        {"beat",
         json{{"wall_ns", base::wall_ns()}, {"mono_ns", base::mono_ns()}, {"sequence", 0}, {"n", 9}}
             .dump()});
    expect("subscribe");
    EXPECT_EQ(gaps_, (std::vector<uint64_t>{9}));
    EXPECT_GT(client_->as_of_ns(), 0);
}

TEST_F(PlayedHub, ASpaceThatIsNotTheClientsOwnIsNamedInEachRequest) {
    client_->subscribe({"x."}, From::now, 8);
    client_->subscribe({"x."}, From::snapshot, 8, "drill");
    client_->subscribe({"y."}, From::now, 8, "live");
    greet();
    EXPECT_FALSE(expect("subscribe").contains("space"));
    EXPECT_EQ(expect("subscribe")["space"], "drill");
    EXPECT_FALSE(expect("subscribe").contains("space"));
    for (const bool drill : {true, false}) {
        Event event;
        event.type = "x.go.v1";
        if (drill) event.space = "drill";
        client_->command(event, 1000, {});
        const json command = expect("command");
        EXPECT_EQ(command.value("space", "-"), drill ? "drill" : "-");
        EXPECT_EQ(command["event"]["space"], drill ? "drill" : "live");
        client_->put_records({{"x.r.v1", "a"}}, {}, drill ? "drill" : "");
        const json put = expect("record");
        EXPECT_EQ(put.value("space", "-"), drill ? "drill" : "-");
        EXPECT_EQ(put["writes"].size(), 1u);
    }
    client_->leave_space("live");  // its own: stays
    client_->leave_space("drill");
    deliver(5, "a");  // a gap: what it still wants is asked for again
    EXPECT_EQ(expect("subscribe")["prefixes"], json({"x."}));
    EXPECT_EQ(expect("subscribe")["prefixes"], json({"y."}));
    client_->request("layouts", "{}", 1000, {});
    expect("layouts");
    EXPECT_EQ(std::count(passed_over_.begin(), passed_over_.end(), "subscribe"), 0);
}

TEST_F(PlayedHub, FromASequenceAGapIsHealedWithNothingLostOrTwice) {
    client_->subscribe_since({"x."}, 4, 8);
    greet();
    const auto accept = [&](uint64_t since) {
        const json asked = expect("subscribe");
        EXPECT_EQ(asked["from"], "sequence");
        EXPECT_EQ(asked["since"], since);
        send({"reply", json{{"id", asked["id"]}, {"ok", true}}.dump()});
    };
    accept(4);
    deliver_durable(1, 4, "early");  // not later than what was asked for
    deliver_durable(2, 5, "a", true);
    deliver_durable(3, 6, "b");
    deliver_durable(4, 6, "c");  // two records of one list
    deliver_durable(7, 9, "f");  // shows that something is missing
    const json asked = expect("subscribe");
    EXPECT_EQ(asked["since"], 5);
    deliver_durable(8, 10, "g");  // was on its way already
    send({"reply", json{{"id", asked["id"]}, {"ok", true}}.dump()});
    uint64_t n = 9;
    const std::pair<uint64_t, const char*> past[] = {{6, "b"}, {6, "c"}, {6, "d"},
                                                     {8, "e"}, {9, "f"}, {10, "g"}};
    for (const auto& [sequence, subject] : past) deliver_durable(n++, sequence, subject, true);
    deliver_durable(n++, 11, "h");
    until([&] { return !seen_.empty() && seen_.back() == "h"; });
    EXPECT_EQ(seen_, (std::vector<std::string>{"a*", "b", "c", "d*", "e*", "f*", "g*", "h"}));
    EXPECT_EQ(gaps_, (std::vector<uint64_t>{2}));
}

TEST_F(PlayedHub, AHubThatBeganAnewIsHeardFromItsBeginning) {
    client_->subscribe_since({"x."}, std::nullopt, 8);
    const auto welcome = [&](int sequence) {
        const json hello = expect("hello");
        send({"reply",
              json{{"id", hello["id"]}, {"ok", true}, {"session", "s"}, {"sequence", sequence}}
                  .dump()});
        const json asked = expect("subscribe");
        send({"reply", json{{"id", asked["id"]}, {"ok", true}}.dump()});
        return asked["since"].get<int>();
    };
    EXPECT_EQ(welcome(70), 70);
    deliver_durable(1, 71, "a");
    until([&] { return seen_.size() == 1; });
    send({"goodbye", "{}"});
    EXPECT_EQ(welcome(3), 0);
    deliver_durable(1, 1, "b", true);
    until([&] { return seen_.size() == 2; });
}

TEST_F(PlayedHub, CreditIsToppedUpAtHalf) {
    client_->subscribe({"x."}, From::now, 8);
    greet();
    EXPECT_EQ(expect("subscribe")["to"], 8);
    for (uint64_t n = 1; n <= 4; ++n) deliver(n, "a");
    EXPECT_EQ(expect("credit")["to"], 12);
}

TEST_F(PlayedHub, AfterAGoodbyeEverythingIsRedoneWithANewCycle) {
    client_->subscribe({"x."}, From::now, 8);
    const json first = expect("hello");
    send({"reply", json{{"id", first["id"]}, {"ok", true}, {"session", "s"}}.dump()});
    expect("subscribe");
    Event alarm;
    alarm.type = "x.alarm";
    std::vector<bool> replies;
    client_->publish_durable(alarm, [&](const Reply& reply) { replies.push_back(reply.ok); });
    const json sent = expect("publish");
    send({"goodbye", "{}"});
    const json second = expect("hello");
    EXPECT_NE(first["cycle"], second["cycle"]);
    send({"reply", json{{"id", second["id"]}, {"ok", true}, {"session", "t"}}.dump()});
    EXPECT_EQ(expect("subscribe")["from"], "snapshot");
    const json resent = expect("publish");
    EXPECT_EQ(resent["event"]["id"], sent["event"]["id"]);
    send({"reply", json{{"id", resent["id"]}, {"ok", true}, {"sequence", 1}}.dump()});
    until([&] { return replies.size() == 1; });
    EXPECT_TRUE(replies[0]);
}

TEST_F(PlayedHub, AHubThatIsNewHearsOfTheConnectionItselfAndNeedNotWaitForABeat) {
    client_->subscribe({"x."}, From::now, 8);
    greet();
    until([&] { return client_->up(); });
    router_.reset();  // as a hub that is killed: without a word
    begin();
    expect("");  // ZMQ_PROBE_ROUTER
    EXPECT_EQ(passed_over_, std::vector<std::string>());
    send({"goodbye", "{}"});
    greet();
    EXPECT_EQ(expect("subscribe")["from"], "snapshot");
}

// While its hub is away a client tries: the most between two tries is the most that it is late.
TEST(Retries, AHubOnThisMachineIsTriedTenTimesASecondAndAnotherOneTwice) {
    EXPECT_EQ(retries_of("ipc:///run/beaconwall/hub.sock").most_ms, 100);
    EXPECT_EQ(retries_of("tcp://192.0.2.1:8781").most_ms, 500);
}

TEST_F(PlayedHub, OneThatWasReplacedMakesWayBeforeItSaysHelloAgain) {
    greet();
    until([&] { return client_->up(); });
    const int64_t told_ns = base::mono_ns();
    send({"goodbye", json{{"reason", "a newer one"}, {"replaced", true}}.dump()});
    until([&] { return !client_->up(); });
    greet();
    EXPECT_GE(base::mono_ns() - told_ns, kReplacedNs);
    until([&] { return client_->up(); });
}

TEST_F(PlayedHub, ACommandSentBeforeAGoodbyeIsNotSentAgain) {
    greet();
    until([&] { return client_->up(); });
    Event take;
    take.type = "x.take";
    std::string code;
    client_->command(take, 700, [&](const Reply& reply) { code = reply.code; });
    expect("command");
    send({"goodbye", "{}"});
    greet();
    until([&] { return client_->up(); });
    bool again = false;
    until([&] {
        Frames frames;
        while (router_->receive(frames)) again = again || frames[1] == "command";
        return !code.empty();
    });
    EXPECT_EQ(code, "timeout");
    EXPECT_FALSE(again);
}

}  // namespace
}  // namespace bw::events
