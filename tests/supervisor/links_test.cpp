// SPDX-License-Identifier: Apache-2.0
// Links between fake incarnations: what arrives at both ends opens as a surface link.
#include "core/supervisor/links.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "core/base/packet.h"
#include "core/supervisor/link_sizes.h"
#include "core/surface/link.h"

namespace bw::supervisor {
namespace {

static_assert(kPanelArenaBytes == surface::kPanelArenaBytes);
static_assert(kMediaArenaBytes == surface::kMediaArenaBytes);
static_assert(kMirrorArenaBytes == surface::kMirrorArenaBytes);
static_assert(kControlPageBytes == sizeof(surface::ControlPage));
static_assert(PageHead{}.magic == surface::kControlMagic);

struct Links : testing::Test {
    Process& add(Role role, const std::string& name, bool alive = true) {
        processes.push_back(std::make_unique<Process>(role, name, Budget{}));
        Process& process = *processes.back();
        if (!alive) return process;
        auto pair = base::packet_pair();
        process.pid = 1;  // never signalled here
        process.incarnation = processes.size();
        process.channel.emplace(std::move(pair->first));
        children.emplace(&process, control::Channel(std::move(pair->second)));
        return process;
    }
    control::Received mail(const Process& process) {
        auto received = children.at(&process).receive();
        EXPECT_TRUE(received.ok()) << process.row_name();
        return received.ok() ? std::move(*received) : control::Received{};
    }
    bool silent(const Process& process) { return !children.at(&process).receive().ok(); }
    const Refused refused = [this](Process& process) { lost.push_back(&process); };

    Processes processes;
    std::map<const Process*, control::Channel> children;
    std::vector<Process*> lost;
};

TEST_F(Links, join_a_panel_with_the_compositor_and_work) {
    Process& compositor = add(Role::compositor, "main");
    Process& panel = add(Role::panel, "supplies");
    Process& hub = add(Role::hub, "main");
    link_up(processes, panel, refused);
    EXPECT_TRUE(silent(hub));
    auto theirs = mail(compositor);
    auto ours = mail(panel);
    EXPECT_EQ(theirs.message.kind, control::Kind::link);
    EXPECT_EQ(theirs.message.name_view(), "panel:supplies");
    EXPECT_EQ(theirs.message.value[0], static_cast<int64_t>(control::Direction::consume));
    EXPECT_EQ(theirs.message.value[1], static_cast<int64_t>(kPanelArenaBytes));
    EXPECT_EQ(ours.message.name_view(), "compositor:main");
    EXPECT_EQ(ours.message.value[0], static_cast<int64_t>(control::Direction::produce));
    EXPECT_EQ(ours.message.incarnation, panel.incarnation);
    EXPECT_EQ(theirs.message.incarnation, panel.incarnation);
    ASSERT_EQ(theirs.fds.size(), 3u);
    ASSERT_EQ(ours.fds.size(), 3u);
    auto consumer = surface::Consumer::open(std::move(theirs.fds[0]), std::move(theirs.fds[1]),
                                            std::move(theirs.fds[2]));
    auto producer = surface::Producer::open(std::move(ours.fds[0]), std::move(ours.fds[1]),
                                            std::move(ours.fds[2]));
    ASSERT_TRUE(consumer.ok() && producer.ok());
    auto number = (*consumer)->configure({64, 64, 1, surface::SlotKind::draw_list, 0, "{}"});
    ASSERT_TRUE(number.ok());
    auto request = surface::read_configure(*(*producer)->receive());
    auto writer = surface::Producer::Writer::make(**producer, *number, request->configure);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(surface::publish_draw_list(*writer, {}, 1).ok());
    EXPECT_TRUE((*consumer)->take(*number)->has_value());
}

TEST_F(Links, a_new_compositor_is_joined_with_everyone_that_lives) {
    Process& media = add(Role::media, "0");
    Process& panel = add(Role::panel, "a");
    Process& console = add(Role::console, "main");
    add(Role::panel, "dead", false);
    Process& service = add(Role::service, "a");
    Process& compositor = add(Role::compositor, "main");
    link_up(processes, compositor, refused);
    EXPECT_EQ(mail(compositor).message.name_view(), "media:0");
    EXPECT_EQ(mail(compositor).message.name_view(), "panel:a");
    auto mirror = mail(compositor);
    EXPECT_EQ(mirror.message.name_view(), "console");
    EXPECT_EQ(mirror.message.value[0], static_cast<int64_t>(control::Direction::produce));
    EXPECT_TRUE(silent(compositor));
    EXPECT_EQ(mail(media).message.value[1], static_cast<int64_t>(kMediaArenaBytes));
    EXPECT_EQ(mail(panel).message.value[1], static_cast<int64_t>(kPanelArenaBytes));
    auto to_console = mail(console);
    EXPECT_EQ(to_console.message.value[1], static_cast<int64_t>(kMirrorArenaBytes));
    EXPECT_EQ(to_console.message.value[0], static_cast<int64_t>(control::Direction::consume));
    EXPECT_EQ(to_console.message.incarnation, compositor.incarnation);
    EXPECT_TRUE(silent(service));
}

TEST_F(Links, partners_of_a_dead_process_are_told) {
    Process& compositor = add(Role::compositor, "main");
    Process& panel = add(Role::panel, "a");
    Process& console = add(Role::console, "main");
    unlink(processes, panel, refused);
    auto told = mail(compositor);
    EXPECT_EQ(told.message.kind, control::Kind::unlink);
    EXPECT_EQ(told.message.name_view(), "panel:a");
    EXPECT_TRUE(silent(console));
}

TEST_F(Links, a_full_socket_queues_and_a_closed_one_is_refused) {
    Process& compositor = add(Role::compositor, "main");
    Process& panel = add(Role::panel, "a");
    int sent = 0;
    while (compositor.outbox.empty()) {
        ASSERT_TRUE(post(compositor, {}));
        ASSERT_LT(++sent, 100000);
    }
    link_up(processes, panel, refused);
    EXPECT_TRUE(lost.empty());
    EXPECT_EQ(compositor.outbox.size(), 2u);
    int got = 0;
    control::Received last;
    for (;;) {
        auto received = children.at(&compositor).receive();
        if (received) {
            last = std::move(*received);
            ++got;
            continue;
        }
        if (compositor.outbox.empty()) break;
        ASSERT_TRUE(flush(compositor));
    }
    EXPECT_EQ(got, sent + 1);
    EXPECT_EQ(last.message.kind, control::Kind::link);
    EXPECT_EQ(last.fds.size(), 3u);
    children.erase(&compositor);
    link_up(processes, panel, refused);
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0], &compositor);
}

}  // namespace
}  // namespace bw::supervisor
