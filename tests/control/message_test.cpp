// SPDX-License-Identifier: Apache-2.0
#include "core/control/message.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "core/base/clock.h"

namespace bw::control {
namespace {

struct Pair {
    Channel a, b;
};
Pair make_pair_of_channels() {
    auto pair = base::packet_pair();
    EXPECT_TRUE(pair.ok());
    return {Channel(std::move(pair->first)), Channel(std::move(pair->second))};
}

/// Waits for the next message at most `seconds`.
base::Result<Received> next(Channel& channel, int seconds = 10) {
    pollfd wait{channel.fd(), POLLIN, 0};
    poll(&wait, 1, seconds * 1000);
    return channel.receive();
}

TEST(Message, texts_are_cut_between_characters_and_terminated) {
    Message m;
    m.set_name("panel:supplies");
    EXPECT_EQ(m.name_view(), "panel:supplies");
    std::string chinese;
    while (chinese.size() < 300) chinese += "水";
    m.set_name(chinese);
    EXPECT_EQ(m.name_view().size(), 78u);  // 26 whole characters of 3 bytes; 79 would split one
    m.set_text(chinese);
    EXPECT_EQ(m.text_view().size(), 255u);
    m.set_text("short");
    EXPECT_EQ(m.text_view(), "short");
}

TEST(Message, malicious_field_without_terminator_is_not_read_past) {
    Message m;
    m.name.fill('x');
    m.aux.fill('y');
    EXPECT_EQ(m.name_view().size(), 80u);
    EXPECT_EQ(m.aux_view().size(), 128u);
}

TEST(Channel, carries_messages_and_descriptors) {
    auto [a, b] = make_pair_of_channels();
    EXPECT_EQ(b.receive().error().code, "empty");
    int pipe_fds[2];
    ASSERT_EQ(pipe(pipe_fds), 0);
    base::UniqueFd reading(pipe_fds[0]), writing(pipe_fds[1]);
    Message m;
    m.kind = Kind::plug;
    m.incarnation = 9;
    m.value = {1, 2, 3, 4};
    m.set_text("/run/x");
    ASSERT_TRUE(a.send(m, std::array{writing.get()}).ok());
    auto got = b.receive();
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got->message.kind, Kind::plug);
    EXPECT_EQ(got->message.incarnation, 9u);
    EXPECT_EQ(got->message.value[3], 4);
    ASSERT_EQ(got->fds.size(), 1u);
    ASSERT_EQ(write(got->fds[0].get(), "!", 1), 1);
    char c = 0;
    ASSERT_EQ(read(reading.get(), &c, 1), 1);
    EXPECT_EQ(c, '!');
}

TEST(Channel, a_peer_that_does_not_read_makes_full_and_a_gone_one_closed) {
    auto [a, b] = make_pair_of_channels();
    base::Status status;
    for (int i = 0; i < 100000 && status.ok(); ++i) status = a.send({});
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, "full");
    { Channel gone = std::move(b); }
    EXPECT_EQ(a.send({}).error().code, "closed");
}

TEST(Channel, malicious_sizes_and_magic_are_invalid) {
    auto [a, b] = make_pair_of_channels();
    Message m;
    ASSERT_EQ(write(a.fd(), &m, 100), 100);
    EXPECT_EQ(b.receive().error().code, "invalid");
    std::array<char, 600> longer{};
    ASSERT_EQ(write(a.fd(), longer.data(), longer.size()), 600);
    EXPECT_EQ(b.receive().error().code, "invalid");
    m.magic = 1;
    ASSERT_TRUE(a.send(m).ok());
    EXPECT_EQ(b.receive().error().code, "invalid");
}

/// Runs `body` in a child whose descriptor 3 is the other end of `channel`.
struct Child {
    explicit Child(const std::function<int()>& body) : channel(base::UniqueFd{}) {
        auto pair = base::packet_pair();
        channel = Channel(std::move(pair->first));
        pid = fork();
        if (pid != 0) return;
        { Channel closing = std::move(channel); }
        dup2(pair->second.get(), kControlFd);
        if (pair->second.get() == kControlFd) (void)pair->second.release();
        _exit(body());
    }
    int wait() const {
        int status = 0;
        waitpid(pid, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    Channel channel;
    pid_t pid = -1;
};

TEST(Joining, a_child_gets_start_with_its_descriptors_and_beats) {
    Child child([] {
        auto joined = join_supervisor(false);
        if (!joined || joined->second.message.name_view() != "supplies") return 1;
        if (joined->second.fds.size() != 1) return 2;
        int signal = 0;
        prctl(PR_GET_PDEATHSIG, &signal);
        if (signal != SIGTERM) return 3;
        Beat beat;
        for (int i = 0; i < 100; ++i) beat.tick(joined->first);  // one at once, none so soon again
        Message ready;
        ready.kind = Kind::ready;
        return joined->first.send(ready).ok() ? 0 : 4;
    });
    Message start;
    start.kind = Kind::start;
    start.set_name("supplies");
    ASSERT_TRUE(child.channel.send(start, std::array{0}).ok());
    EXPECT_EQ(child.wait(), 0);
    auto first = next(child.channel);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->message.kind, Kind::beat);
    auto second = next(child.channel);
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(second->message.kind, Kind::ready);
    EXPECT_EQ(next(child.channel).error().code, "closed");
}

TEST(Joining, one_that_survives_its_parent_asks_for_no_signal) {
    Child child([] {
        auto joined = join_supervisor(true);
        int signal = 0;
        prctl(PR_GET_PDEATHSIG, &signal);
        return joined.ok() && signal == 0 ? 0 : 1;
    });
    Message start;
    start.kind = Kind::start;
    ASSERT_TRUE(child.channel.send(start).ok());
    EXPECT_EQ(child.wait(), 0);
}

TEST(Joining, another_message_than_start_is_refused) {
    Child child([] {
        auto joined = join_supervisor(false);
        return !joined && joined.error().code == "invalid" ? 0 : 1;
    });
    Message stop;
    stop.kind = Kind::stop;
    ASSERT_TRUE(child.channel.send(stop).ok());
    EXPECT_EQ(child.wait(), 0);
}

TEST(Joining, without_a_supervisor_it_says_how_to_start) {
    const pid_t pid = fork();
    if (pid == 0) {
        close(kControlFd);
        auto joined = join_supervisor(false);
        _exit(!joined && joined.error().code == "closed" ? 0 : 1);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace bw::control
