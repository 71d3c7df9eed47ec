// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "tests/sandbox/closed_in.h"

namespace bw::sandbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

struct Outcome {
    int error = 0;
    std::vector<std::string> refused;
};

Outcome attempt(Words words, const NetworkGuard::Allowed& allowed) {
    words.insert(words.begin(), PROBE);
    ClosedIn service(words, allowed);
    const int error = service.run();
    return {error, service.refused()};
}

#define EXPECT_DONE(...)                         \
    do {                                         \
        const Outcome outcome = (__VA_ARGS__);   \
        EXPECT_EQ(outcome.error, 0);             \
        EXPECT_THAT(outcome.refused, IsEmpty()); \
    } while (false)

#define EXPECT_REFUSED(text, ...)                        \
    do {                                                 \
        const Outcome outcome = (__VA_ARGS__);           \
        EXPECT_EQ(outcome.error, EPERM);                 \
        EXPECT_THAT(outcome.refused, ElementsAre(text)); \
    } while (false)

std::string local(int port) {
    return "127.0.0.1:" + std::to_string(port);
}

class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "bw-sandbox-XXXXXX").string();
        path_ = fs::canonical(mkdtemp(name.data()));
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

/// A socket by path, bound here, that listens or receives.
base::UniqueFd make_path_socket(const fs::path& path, int type, int backlog = 8) {
    base::UniqueFd fd(socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.string().copy(at.sun_path, sizeof at.sun_path - 1);
    EXPECT_EQ(bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    if (type != SOCK_DGRAM) {
        EXPECT_EQ(listen(fd.get(), backlog), 0);
    }
    return fd;
}

TEST(ServiceNetwork, ConnectsWhereARuleCoversIt) {
    const Listener listener(SOCK_STREAM);
    const std::string port = std::to_string(listener.port());
    const auto allowed = allow({local(listener.port())});
    EXPECT_DONE(attempt({"connect", "127.0.0.1", port}, allowed));
    EXPECT_EQ(listener.take(), "x");
    EXPECT_DONE(attempt({"connect_later", "127.0.0.1", port}, allowed));
    EXPECT_DONE(attempt({"connect", "::ffff:127.0.0.1", port}, allowed));
    EXPECT_DONE(attempt({"udp_connect", "127.0.0.1", port}, allowed));
    EXPECT_DONE(attempt({"threads", "127.0.0.1", port}, allowed));
}

TEST(ServiceNetwork, ConnectsNowhereElse) {
    const Listener listener(SOCK_STREAM);
    const std::string port = std::to_string(listener.port());
    const auto allowed = allow({"192.0.2.7:502", "localhost:1"});
    EXPECT_REFUSED("connect to " + local(listener.port()),
                   attempt({"connect", "127.0.0.1", port}, allowed));
    EXPECT_REFUSED("connect to " + local(listener.port()),
                   attempt({"connect_later", "127.0.0.1", port}, allowed));
    EXPECT_REFUSED("connect to [::1]:" + port, attempt({"connect", "::1", port}, allowed));
    EXPECT_REFUSED("connect to [::ffff:127.0.0.1]:" + port,
                   attempt({"connect", "::ffff:127.0.0.1", port}, allowed));
    EXPECT_REFUSED("connect to 192.0.2.7:503",
                   attempt({"udp_connect", "192.0.2.7", "503"}, allowed));
    EXPECT_EQ(attempt({"fast_open", "127.0.0.1", port}, allowed).error, EOPNOTSUPP);
    EXPECT_EQ(listener.take(), "");
    const Outcome many = attempt({"threads", "127.0.0.1", port}, allowed);
    EXPECT_EQ(many.error, EPERM);
    EXPECT_EQ(many.refused.size(), 16U);
}

TEST(ServiceNetwork, WhatWasCheckedIsWhatIsConnectedTo) {
    const Listener good(SOCK_STREAM, "127.0.0.1", 1000), bad(SOCK_STREAM, "127.0.0.1", 1000);
    const Outcome outcome =
        attempt({"swapped", "127.0.0.1", std::to_string(good.port()), std::to_string(bad.port())},
                allow({local(good.port())}));
    EXPECT_EQ(outcome.error, 0);
    EXPECT_EQ(bad.take(), "");
    for (const std::string& text : outcome.refused)
        EXPECT_EQ(text, "connect to " + local(bad.port()));
}

TEST(ServiceNetwork, TellsThatNobodyListens) {
    int port = 0;
    {
        const Listener gone(SOCK_STREAM);
        port = gone.port();
    }
    const Outcome outcome =
        attempt({"connect", "127.0.0.1", std::to_string(port)}, allow({local(port)}));
    EXPECT_EQ(outcome.error, ECONNREFUSED);
    EXPECT_THAT(outcome.refused, IsEmpty());
}

TEST(ServiceNetwork, SendsWhereARuleCoversIt) {
    const Listener receiver(SOCK_DGRAM);
    const std::string port = std::to_string(receiver.port());
    const auto allowed = allow({local(receiver.port())});
    for (const char* call : {"sendto", "sendmsg", "sendmmsg"}) {
        EXPECT_DONE(attempt({call, "127.0.0.1", port}, allowed));
        EXPECT_EQ(receiver.take(), "hello") << call;
        EXPECT_REFUSED("send to 127.0.0.2:" + port, attempt({call, "127.0.0.2", port}, allowed));
    }
    EXPECT_REFUSED("sendmsg with control data 1/36", attempt({"mark", "127.0.0.1", port}, allowed));
    // AF_UNSPEC, which the kernel takes for IPv4 here.
    EXPECT_REFUSED("send to family 0", attempt({"sendto", "127.0.0.1", port, "0"}, allowed));
    EXPECT_EQ(receiver.take(), "");
}

TEST(ServiceNetwork, MessagesWithoutAnAddressPass) {
    EXPECT_DONE(attempt({"rights"}, {}));
    EXPECT_DONE(attempt({"blocking_send"}, {}));
}

TEST(ServiceNetwork, BindsOnLoopbackToAnyPortAndToThoseOfRules) {
    const auto allowed = allow({"192.0.2.0/24:24321", "192.0.2.9:*", "192.0.2.9:81"});
    EXPECT_DONE(attempt({"bind", "127.0.0.1", "23999"}, allowed));
    EXPECT_DONE(attempt({"bind", "0.0.0.0", "0"}, allowed));
    EXPECT_DONE(attempt({"bind", "0.0.0.0", "24321"}, allowed));
    EXPECT_REFUSED("bind to 0.0.0.0:24322", attempt({"bind", "0.0.0.0", "24322"}, allowed));
    EXPECT_REFUSED("bind to [::]:24322", attempt({"bind", "::", "24322"}, allowed));
    EXPECT_REFUSED("bind to 127.0.0.1:80", attempt({"bind", "127.0.0.1", "80"}, allowed));
    // AF_UNSPEC, which the kernel takes for IPv4's any address.
    EXPECT_REFUSED("bind to family 0", attempt({"bind", "0.0.0.0", "24322", "0"}, allowed));
}

TEST(ServiceNetwork, SocketsByPathAreReachedWhereAllowed) {
    const Folder folder, other;
    const auto stream = make_path_socket(folder / "stream", SOCK_STREAM);
    const auto datagram = make_path_socket(folder / "datagram", SOCK_DGRAM);
    const auto strange = make_path_socket(other / "stream", SOCK_STREAM);
    fs::create_symlink(other / "stream", folder / "link");
    fs::create_directory_symlink(other.path(), folder / "links");
    NetworkGuard::Allowed allowed;
    allowed.sockets = {folder.path()};
    EXPECT_DONE(attempt({"path", (folder / "stream").string()}, allowed));
    EXPECT_DONE(attempt({"path_send", (folder / "datagram").string()}, allowed));
    EXPECT_DONE(attempt({"path_bind", (folder / "made").string()}, allowed));
    EXPECT_TRUE(fs::is_socket(folder / "made"));
    EXPECT_EQ(attempt({"path", (folder / "none").string()}, allowed).error, ENOENT);
    // Not by links, and not by a way out.
    EXPECT_EQ(attempt({"path", (folder / "link").string()}, allowed).error, ELOOP);
    EXPECT_EQ(attempt({"path", (folder / "links/stream").string()}, allowed).error, ELOOP);
    EXPECT_EQ(attempt({"path_bind", (folder / "links/made").string()}, allowed).error, ELOOP);
    const std::string out = (folder / "..").string() + "/" + other.path().filename().string();
    EXPECT_EQ(attempt({"path", out + "/stream"}, allowed).error, EPERM);
    EXPECT_REFUSED("connect to " + (other / "stream").string(),
                   attempt({"path", (other / "stream").string()}, allowed));
    EXPECT_REFUSED("bind to " + (other / "made").string(),
                   attempt({"path_bind", (other / "made").string()}, allowed));
    EXPECT_REFUSED("connect to @abstract", attempt({"path", "@abstract"}, allowed));
    EXPECT_EQ(accept(strange.get(), nullptr, nullptr), -1);
}

TEST(ServiceNetwork, AFullListenerByPathIsWaitedFor) {
    const Folder folder;
    const auto listener = make_path_socket(folder / "full", SOCK_STREAM, 0);
    NetworkGuard::Allowed allowed;
    allowed.sockets = {folder / "full"};
    EXPECT_DONE(attempt({"path", (folder / "full").string()}, allowed));  // it has room for one
    ClosedIn service({PROBE, "path", (folder / "full").string()}, allowed);
    service.answer_for(200 * base::kMillisecond);
    const base::UniqueFd room(accept(listener.get(), nullptr, nullptr));
    EXPECT_TRUE(room.valid());
    EXPECT_EQ(service.run(), 0);
}

TEST(ServiceNetwork, NamesAndRoutesMayBeAskedFor) {
    EXPECT_DONE(attempt({"names"}, {}));
    EXPECT_DONE(attempt({"netlink_get"}, {}));
    EXPECT_REFUSED("netlink request 19", attempt({"netlink_set"}, {}));
    EXPECT_REFUSED("bind to family 16", attempt({"netlink_other"}, {}));
}

TEST(ServiceNetwork, OtherFamiliesAndWaysAreClosed) {
    const auto closed = [](int family, int type, int protocol) {
        return attempt(
            {"family", std::to_string(family), std::to_string(type), std::to_string(protocol)}, {});
    };
    const Outcome can = closed(AF_CAN, SOCK_RAW, 1);
    EXPECT_EQ(can.error, EAFNOSUPPORT);
    EXPECT_THAT(can.refused, ElementsAre("socket of family 29, protocol 1"));
    EXPECT_EQ(closed(AF_INET, SOCK_SEQPACKET, 0).error, EAFNOSUPPORT);
    EXPECT_EQ(closed(AF_INET, SOCK_STREAM, IPPROTO_SCTP).error, EAFNOSUPPORT);
    EXPECT_EQ(closed(AF_VSOCK, SOCK_STREAM, 0).error, EAFNOSUPPORT);
    EXPECT_DONE(closed(AF_INET6, SOCK_STREAM, IPPROTO_TCP));
    EXPECT_REFUSED("setsockopt", attempt({"source_route"}, {}));
}

/// A listener whose queue is full answers no more: who connects waits.
class Silent {
  public:
    Silent() : listener_(SOCK_STREAM, "127.0.0.1", 0) {
        sockaddr_in at{};
        socklen_t size = sizeof at;
        getsockname(listener_.fd(), reinterpret_cast<sockaddr*>(&at), &size);
        for (base::UniqueFd& fd : fillers_) {
            fd.reset(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            (void)connect(fd.get(), reinterpret_cast<sockaddr*>(&at), size);
        }
    }
    [[nodiscard]] int port() const { return listener_.port(); }

  private:
    Listener listener_;
    std::array<base::UniqueFd, 4> fillers_;
};

TEST(ServiceNetwork, AConnectionThatTakesItsTimeHoldsNobodyUp) {
    const Silent silent;
    const Listener listener(SOCK_STREAM);
    auto allowed = allow({local(silent.port()), local(listener.port())});
    allowed.patience_ns = 500 * base::kMillisecond;
    const std::string slow = std::to_string(silent.port());
    const std::string quick = std::to_string(listener.port());
    // One process of the service waits, another goes on.
    const std::string probe = PROBE;
    ClosedIn service({"/bin/sh", "-c",
                      probe + " connect 127.0.0.1 " + slow + " & waits=$!; " + probe +
                          " connect_often 127.0.0.1 " + quick +
                          " 20 && kill -0 $waits || exit 1; "
                          "wait $waits"},
                     allowed);
    EXPECT_EQ(service.run(), ETIMEDOUT);
    EXPECT_THAT(service.refused(), IsEmpty());
}

TEST(ServiceNetwork, WhoIsKilledWhileItWaitsIsForgotten) {
    const Silent silent;
    const auto allowed = allow({local(silent.port())});
    ClosedIn service({PROBE, "connect", "127.0.0.1", std::to_string(silent.port())}, allowed);
    const int64_t until = base::mono_ns() + 10 * base::kSecond;
    while (service.guard().deadline_ns() == INT64_MAX && base::mono_ns() < until)
        service.answer_for(10 * base::kMillisecond);
    EXPECT_NE(service.guard().deadline_ns(), INT64_MAX);
    service.kill_it();
    EXPECT_EQ(service.run(), -SIGKILL);
    const int64_t later = base::mono_ns() + 10 * base::kSecond;
    while (service.guard().state() != NetworkGuard::State::over && base::mono_ns() < later)
        (void)service.guard().turn(base::mono_ns());
    EXPECT_EQ(service.guard().state(), NetworkGuard::State::over);
    EXPECT_EQ(service.guard().deadline_ns(), INT64_MAX);
}

TEST(ServiceNetwork, WhoIsKilledBeforeItIsAnsweredIsForgotten) {
    for (int i = 0; i < 20; ++i) {
        const Listener listener(SOCK_STREAM);
        ClosedIn service({PROBE, "threads", "127.0.0.1", std::to_string(listener.port())},
                         allow({local(listener.port())}));
        service.answer_for(base::kMillisecond * (i % 10));
        service.kill_it();
        EXPECT_THAT(service.run(), testing::AnyOf(-SIGKILL, 0));
        EXPECT_THAT(service.refused(), IsEmpty());
    }
}

TEST(ServiceNetwork, WhatAThousandConnectionsCost) {
    const Listener listener(SOCK_STREAM, "127.0.0.1", 2000);
    const std::string port = std::to_string(listener.port());
    std::fprintf(stderr, "closed in: ");
    EXPECT_DONE(
        attempt({"connect_often", "127.0.0.1", port, "1000"}, allow({local(listener.port())})));
    const Listener other(SOCK_STREAM, "127.0.0.1", 2000);
    std::fprintf(stderr, "open: ");
    const std::string command =
        std::string(PROBE) + " connect_often 127.0.0.1 " + std::to_string(other.port()) + " 1000";
    EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT: one thread
}

}  // namespace
}  // namespace bw::sandbox
