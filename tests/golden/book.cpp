// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/book.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace bw::golden {

namespace {

std::string setting(const char* name, const char* fallback) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : fallback;
}

// The table is made when everything else is done.
class Table : public ::testing::Environment {
  public:
    void TearDown() override { Book::get().print_table(); }
};
[[maybe_unused]] const auto* const kTable = ::testing::AddGlobalTestEnvironment(new Table);

}  // namespace

Book& Book::get() {
    static Book book;
    return book;
}

Book::Book()
    : approved_(std::filesystem::path(setting("BEACONWALL_SOURCE", ".")) / "tests/golden/pictures"),
      run_(setting("BEACONWALL_GOLDEN_RUN", "plain")),
      approving_(setting("BEACONWALL_GOLDEN", "") == "approve") {
    results_ = std::filesystem::path(setting("BEACONWALL_BUILD", "build/dev")) / "golden" / run_;
}

std::filesystem::path Book::approved(const std::string& name) const {
    return approved_ / (name + ".png");
}

void Book::check(const std::string& name, const Picture& actual) {
    std::optional<Picture> expected = read_png(approved(name));
    if (approving_) {
        bool same = expected && expected->width == actual.width &&
                    expected->height == actual.height && expected->rgb == actual.rgb;
        if (!same) {
            EXPECT_TRUE(write_png(actual, approved(name))) << approved(name);
            fmt::print("approved {}\n", name);
        }
        return;
    }
    const auto actual_file = results_ / (name + ".actual.png");
    const auto difference_file = results_ / (name + ".difference.png");
    std::error_code ignored;
    std::filesystem::remove(actual_file, ignored);
    std::filesystem::remove(difference_file, ignored);
    if (!expected) {
        write_png(actual, actual_file);
        ADD_FAILURE() << "no approved picture " << approved(name) << "; look at " << actual_file
                      << ", then ./dev golden approve";
        return;
    }
    Picture map;
    Difference difference = compare(*expected, actual, &map);
    rows_.push_back({name, difference});
    if (difference.tolerable()) return;
    write_png(actual, actual_file);
    if (difference.same_size) write_png(map, difference_file);
    ADD_FAILURE() << fmt::format(
        "{}: {}{:.3f} % of the pixels differ to the eye, worst block {:.2f} at {},{}: see {} and, "
        "if it is meant so, ./dev golden approve",
        name, difference.same_size ? "" : "another size; ", difference.share * 100,
        difference.worst_block, difference.block_x, difference.block_y, actual_file.string());
}

Difference Book::against(const std::string& name, const Picture& actual) const {
    std::optional<Picture> expected = read_png(approved(name));
    if (!expected) {
        ADD_FAILURE() << "no approved picture " << approved(name);
        return {};
    }
    return compare(*expected, actual);
}

std::vector<std::string> Book::names() const {
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(approved_, none)) {
        if (entry.path().extension() != ".png") continue;
        out.push_back(
            std::filesystem::relative(entry.path(), approved_).replace_extension().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

void Book::print_table() const {
    if (rows_.empty()) return;
    std::string text = fmt::format("{}: {}\n{:<34} {:>9} {:>12} {:>12}  {}\n", run_, renderer_,
                                   "picture", "share %", "worst block", "worst pixel", "where");
    for (const Row& row : rows_) {
        const Difference& d = row.difference;
        text += fmt::format("{:<34} {:>9.4f} {:>12.3f} {:>12.2f}  {},{}{}\n", row.name,
                            d.share * 100, d.worst_block, d.worst_pixel, d.block_x, d.block_y,
                            d.tolerable() ? "" : "  FAILS");
    }
    text += fmt::format("allowed: {} % further off than {}, block {} (CIE Lab)\n",
                        kTolerance.share * 100, kTolerance.seen, kTolerance.block);
    fmt::print("{}", text);
    std::error_code ignored;
    std::filesystem::create_directories(results_, ignored);
    std::ofstream(results_ / "table.txt") << text;
}

}  // namespace bw::golden
