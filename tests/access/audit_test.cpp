// SPDX-License-Identifier: Apache-2.0
// The chain: what is done to it is found, with the place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/access/audit_file.h"
#include "core/access/audit_verify.h"
#include "tests/access/folder.h"

namespace bw::access {
namespace {

using testing::HasSubstr;

AuditEntry entry(int i) {
    return {1'700'000'000'000'000'000 + i,
            "operator:li",
            "ctl",
            "beaconwall.wall.take.v1",
            "take",
            "layout " + std::to_string(i),
            i % 2 == 0,
            i % 2 == 0 ? "" : "a \"reason\"\n"};
}

void append(AuditFile& file, int from, int to) {
    std::vector<AuditEntry> entries;
    for (int i = from; i < to; ++i) entries.push_back(entry(i));
    const auto done = file.append(entries);
    ASSERT_TRUE(done.ok()) << done.error().text;
}

std::vector<std::string> lines_of(const test::Folder& folder) {
    std::vector<std::string> lines;
    each_line(folder.path / "audit.jsonl", [&](const std::string& text, bool) {
        lines.push_back(text);
        return true;
    });
    return lines;
}

void write_lines(const test::Folder& folder, const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    folder.write("audit.jsonl", text);
}

class Audit : public testing::Test {
  protected:
    void SetUp() override {
        AuditFile file(folder.path);
        append(file, 0, 4);
        append(file, 4, 8);
        head = file.head();
        ASSERT_EQ(file.n(), 8u);
        lines = lines_of(folder);
        ASSERT_EQ(lines.size(), 8u);
    }
    /// The first fault of these lines.
    AuditReport verify(const std::vector<std::string>& these) {
        write_lines(folder, these);
        return verify_audit(folder.path);
    }
    test::Folder folder;
    std::vector<std::string> lines;
    std::string head;
};

TEST_F(Audit, is_whole_as_it_was_written) {
    const AuditReport report = verify_audit(folder.path, head);
    EXPECT_TRUE(report.ok()) << report.what;
    EXPECT_EQ(report.lines, 8u);
    EXPECT_EQ(report.head, head);
}

TEST_F(Audit, a_changed_byte_is_found_wherever_it_is) {
    for (size_t line = 0; line < lines.size(); ++line)
        for (size_t at = 0; at < lines[line].size(); at += 7) {
            auto changed = lines;
            changed[line][at] = static_cast<char>(changed[line][at] ^ 1);
            const AuditReport report = verify(changed);
            EXPECT_FALSE(report.ok()) << "line " << line + 1 << ", byte " << at;
            EXPECT_EQ(report.line, line + 1) << report.what;
        }
}

TEST_F(Audit, a_line_changed_with_its_hash_is_found_at_the_next_one) {
    auto changed = lines;
    AuditEntry other = entry(3);
    other.who = "operator:wang";
    changed[3] = make_line(4, other, read_line(lines[2])->hash).text;
    const AuditReport report = verify(changed);
    EXPECT_EQ(report.line, 5u);
    EXPECT_THAT(report.what, HasSubstr("changed: line 4"));
}

TEST_F(Audit, a_removed_line_is_found) {
    for (size_t line = 0; line + 1 < lines.size(); ++line) {
        auto fewer = lines;
        fewer.erase(fewer.begin() + static_cast<long>(line));
        const AuditReport report = verify(fewer);
        EXPECT_EQ(report.line, line + 1);
        EXPECT_THAT(report.what, HasSubstr("removed: line " + std::to_string(line + 1)));
    }
}

TEST_F(Audit, every_exchange_of_two_lines_is_found) {
    for (size_t a = 0; a < lines.size(); ++a)
        for (size_t b = a + 1; b < lines.size(); ++b) {
            auto other = lines;
            std::swap(other[a], other[b]);
            const AuditReport report = verify(other);
            EXPECT_EQ(report.line, a + 1);
            EXPECT_THAT(report.what, HasSubstr("reordered"));
        }
}

TEST_F(Audit, a_line_twice_is_found) {
    auto more = lines;
    more.insert(more.begin() + 3, more[2]);
    const AuditReport report = verify(more);
    EXPECT_EQ(report.line, 4u);
    EXPECT_THAT(report.what, HasSubstr("line 3 stands behind line 3"));
}

TEST_F(Audit, newest_lines_that_are_gone_are_told_by_the_head) {
    lines.resize(6);
    AuditReport report = verify(lines);
    EXPECT_THAT(report.what, HasSubstr("it ends with line 6, but line 8 was written"));
    std::filesystem::remove(audit_head_file(folder.path));
    report = verify_audit(folder.path);
    EXPECT_EQ(report.file, "audit.head");
}

TEST_F(Audit, a_chain_written_anew_is_told_by_a_hash_kept_elsewhere) {
    std::filesystem::remove(folder.path / "audit.jsonl");
    AuditFile anew(folder.path);
    append(anew, 1, 9);
    EXPECT_TRUE(verify_audit(folder.path).ok()) << "a chain alone cannot tell: see docs/people.md";
    EXPECT_THAT(verify_audit(folder.path, head).what, HasSubstr("no line has the hash " + head));
}

TEST_F(Audit, goes_on_behind_a_line_that_a_crash_left_unfinished) {
    folder.write("audit.jsonl", folder.read("audit.jsonl") + lines[0].substr(0, 50));
    EXPECT_THAT(verify_audit(folder.path).what, HasSubstr("cut off"));
    AuditFile file(folder.path);
    append(file, 8, 9);
    EXPECT_EQ(file.n(), 10u);
    EXPECT_TRUE(verify_audit(folder.path).ok()) << verify_audit(folder.path).what;
    EXPECT_THAT(lines_of(folder)[8], HasSubstr("50 bytes of an unfinished line"));
}

TEST(AuditFiles, the_chain_goes_on_over_files) {
    const test::Folder folder;
    for (int i = 0; i < 30; ++i) {
        AuditFile file(folder.path, 1500);  // also over writers
        append(file, 2 * i, 2 * i + 2);
    }
    const auto files = audit_files(folder.path);
    ASSERT_GT(files.size(), 4u);
    const AuditReport report = verify_audit(folder.path);
    EXPECT_TRUE(report.ok()) << report.file << ": " << report.what;
    EXPECT_EQ(report.lines, 60u);
    std::filesystem::remove(files[2]);
    const AuditReport less = verify_audit(folder.path);
    EXPECT_EQ(less.file, files[3].filename().string());
    EXPECT_THAT(less.what, HasSubstr("removed: of the lines"));
}

TEST(AuditFiles, no_audit_is_none) {
    const test::Folder folder;
    EXPECT_THAT(verify_audit(folder.path).what, HasSubstr("no audit"));
}

TEST(AuditFiles, what_people_send_is_cut_and_stays_one_line) {
    AuditEntry long_one = entry(1);
    long_one.subject = std::string(100'000, 'x') + "\n\xff";
    const AuditLine line = make_line(1, long_one, std::string(kNoHash));
    EXPECT_LT(line.text.size(), 2000u);
    EXPECT_EQ(line.text.find('\n'), std::string::npos);
    long_one.subject = "\xff\n";
    EXPECT_TRUE(read_line(make_line(1, long_one, std::string(kNoHash)).text));
}

}  // namespace
}  // namespace bw::access
