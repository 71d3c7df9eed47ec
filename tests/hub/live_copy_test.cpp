// SPDX-License-Identifier: Apache-2.0
// A copy of live in slices is live at one moment; and what is no command of live cannot be made
// one.
#include "core/hub/live_copy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "core/hub/commands.h"
#include "core/hub/space_image.h"

namespace bw::hub {
namespace {

using nlohmann::json;

StoredPtr row(const std::string& subject, int n, uint64_t revision = 0) {
    auto out = std::make_shared<Stored>();
    out->kept = revision == 0 ? Kept::telemetry : Kept::durable;
    out->space = "live", out->type = "x.level", out->subject = subject, out->source = "test";
    out->id = subject + std::to_string(n);
    out->sequence = 7, out->revision = revision, out->recorded_ns = n;
    out->json = json{{"data", {{"n", n}, {"space", "live"}}},
                     {"id", out->id},
                     {"space", "live"},
                     {"subject", subject},
                     {"zz", "\"space\":\"live\""}}
                    .dump();
    return out;
}

std::map<std::string, int64_t> numbers(const std::vector<StoredPtr>& rows) {
    std::map<std::string, int64_t> out;
    for (const StoredPtr& each : rows) {
        EXPECT_FALSE(out.contains(each->subject)) << each->subject << " twice";
        out[each->subject] = each->recorded_ns;
    }
    return out;
}

std::string subject(int n) {
    return "s" + std::to_string(1000 + n);
}

TEST(LiveCopy, is_what_live_was_at_one_moment) {
    Values live;
    std::map<std::string, int64_t> then;
    for (int n = 0; n < 100; ++n) {
        live.last[Values::key("x.level", subject(n))] = row(subject(n), n);
        live.records[Values::key("x.level", subject(n) + "r")] = {row(subject(n) + "r", n, 1), 1,
                                                                  0};
        then[subject(n)] = then[subject(n) + "r"] = n;
    }
    LiveCopy copy(live);
    const auto change = [&](const std::string& name, int n) {
        StoredPtr& last = live.last[Values::key("x.level", name)];
        copy.before_last(Values::key("x.level", name), last);
        last = row(name, n);
        Values::Record& record = live.records[Values::key("x.level", name + "r")];
        copy.before_record(Values::key("x.level", name + "r"), record.committed);
        record.committed = row(name + "r", n, 2);
    };
    int steps = 0;
    change(subject(50), -1);  // before it began
    while (!copy.step(7)) {
        change(subject(steps), -2);       // where it was, or is
        change(subject(99 - steps), -3);  // where it will come
        change(subject(99 - steps), -4);  // again
        change("new" + std::to_string(steps), -5);
        change("a-new" + std::to_string(steps), -6);
        ++steps;
    }
    EXPECT_GE(steps, 25);
    EXPECT_EQ(numbers(copy.take()), then);
}

TEST(LiveCopy, of_nothing_is_nothing) {
    const Values live;
    LiveCopy copy(live);
    EXPECT_TRUE(copy.step(1));
    EXPECT_TRUE(copy.take().empty());
}

TEST(SpaceImage, an_event_goes_into_a_space_and_nothing_else_of_it_changes) {
    const StoredPtr was = row("s", 1);
    const StoredPtr is = in_space(*was, "drill");
    json expected = json::parse(was->json);
    expected["space"] = "drill";
    EXPECT_EQ(json::parse(is->json), expected);
    EXPECT_EQ(is->space, "drill");
    EXPECT_TRUE(is->copied);
}

TEST(SpaceImage, comes_back_as_it_was_written_or_not_at_all) {
    const auto folder = std::filesystem::path(::testing::TempDir()) / "beaconwall-image";
    std::filesystem::remove_all(folder);
    const auto file = image_file(folder, "drill");
    std::vector<StoredPtr> rows;
    for (int n = 0; n < 50; ++n) rows.push_back(in_space(*row(subject(n), n, n % 2), "drill"));
    ASSERT_TRUE(write_image(file, rows));
    const auto read = read_image(file);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
        const Stored &a = *rows[i], &b = *(*read)[i];
        EXPECT_EQ(a.json, b.json);
        EXPECT_EQ(std::tie(a.kept, a.space, a.type, a.subject, a.source, a.id, a.sequence),
                  std::tie(b.kept, b.space, b.type, b.subject, b.source, b.id, b.sequence));
        EXPECT_EQ(std::tie(a.revision, a.tombstone, a.copied, a.recorded_ns),
                  std::tie(b.revision, b.tombstone, b.copied, b.recorded_ns));
    }
    const auto size = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, size - 1);
    EXPECT_FALSE(read_image(file));
    std::filesystem::resize_file(file, 10);
    EXPECT_FALSE(read_image(file));
    remove_images_but(folder, {"other"});
    EXPECT_FALSE(std::filesystem::exists(file));
    std::filesystem::remove_all(folder);
}

TEST(SpaceImage, that_cannot_be_written_says_what_to_do_with_the_state_folder) {
    const auto folder = std::filesystem::path(::testing::TempDir()) / "beaconwall-no-folder";
    std::filesystem::remove_all(folder);
    std::ofstream(folder) << "a file where a folder has to be";
    const base::Status written = write_image(image_file(folder, "drill"), {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().text, "writing " + image_file(folder, "drill").string() +
                                        ": Not a directory: look after the disk of " +
                                        folder.string() + ", or make it writable");
    std::filesystem::remove(folder);
}

// A handler takes a command of live alone, and only an event of live becomes one.
static_assert(!std::is_default_constructible_v<LiveCommand>);
static_assert(!std::is_constructible_v<LiveCommand, json>);
static_assert(!std::is_constructible_v<LiveCommand, std::shared_ptr<const json>>);
static_assert(!std::is_invocable_v<Commands::Handler, json, std::string, ReplyFn>);
static_assert(std::is_invocable_v<Commands::Handler, LiveCommand, std::string, ReplyFn>);

TEST(LiveCommand, is_made_of_an_event_of_live_alone) {
    EXPECT_TRUE(LiveCommand::of({{"type", "x.do"}, {"space", "live"}}));
    for (const json& event : {json{{"type", "x.do"}, {"space", "drill"}}, json{{"type", "x.do"}},
                              json{{"space", 5}}, json{{"space", ""}}, json{{"space", "Live"}}})
        EXPECT_FALSE(LiveCommand::of(event)) << event;
}

}  // namespace
}  // namespace bw::hub
