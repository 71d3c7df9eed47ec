// SPDX-License-Identifier: Apache-2.0
#include "core/access/audit_verify.h"

#include <fmt/core.h>

#include <fstream>
#include <set>

#include "core/access/audit_file.h"

namespace bw::access {
namespace {

namespace fs = std::filesystem;

struct Head {
    uint64_t n = 0;
    std::string hash;
};

class Verifier {
  public:
    explicit Verifier(const fs::path& folder, std::string known)
        : folder_(folder), known_(std::move(known)) {}
    AuditReport run();

  private:
    void fault(const fs::path& file, uint64_t line, std::string what);
    void check(const fs::path& file, uint64_t at, const std::string& text, bool whole);
    [[nodiscard]] std::string disorder(uint64_t n) const;
    void check_head(const Head& head, const fs::path& newest);

    const fs::path folder_;
    const std::string known_;
    AuditReport report_;
    std::set<uint64_t> numbers_;  // of all lines that are one
    std::string prev_{kNoHash}, hash_of_head_;
    Head head_;
    bool known_seen_ = false;
};

void Verifier::fault(const fs::path& file, uint64_t line, std::string what) {
    if (!report_.ok()) return;
    report_.file = file.filename().string();
    report_.line = line;
    report_.what = std::move(what);
}

/// Line `n` stands where another one belongs.
std::string Verifier::disorder(uint64_t n) const {
    const uint64_t expected = report_.lines + 1;
    if (n < expected)
        return fmt::format("reordered: line {} stands behind line {}", n, report_.lines);
    if (numbers_.contains(expected))
        return fmt::format("reordered: line {} stands where line {} belongs", n, expected);
    if (n == expected + 1) return fmt::format("removed: line {} is missing", expected);
    return fmt::format("removed: of the lines {} to {} the first is missing", expected, n - 1);
}

void Verifier::check(const fs::path& file, uint64_t at, const std::string& text, bool whole) {
    if (!report_.ok()) return;
    const auto line = whole ? read_line(text) : std::nullopt;
    if (!line)
        return fault(
            file, at,
            whole ? "changed: its hash is not that of its text" : "cut off: the line has no end");
    if (line->n != report_.lines + 1) return fault(file, at, disorder(line->n));
    if (line->prev != prev_)
        return fault(file, at,
                     report_.lines == 0
                         ? "changed: the first line names a line before it"
                         : fmt::format("changed: line {} is not the one that line {} was written "
                                       "behind",
                                       report_.lines, line->n));
    ++report_.lines;
    report_.head = prev_ = line->hash;
    if (line->n == head_.n) hash_of_head_ = line->hash;
    known_seen_ = known_seen_ || line->hash == known_;
}

void Verifier::check_head(const Head& head, const fs::path& newest) {
    const fs::path file = audit_head_file(folder_);
    if (head.n == 0)
        return fault(file, 0,
                     "missing or broken: whether newest lines were removed cannot be told");
    if (head.n > report_.lines)
        return fault(newest, 0,
                     fmt::format("cut off: it ends with line {}, but line {} was written",
                                 report_.lines, head.n));
    if (hash_of_head_ != head.hash)
        fault(file, 0, fmt::format("changed: line {} is another one than the one written", head.n));
}

AuditReport Verifier::run() {
    // First, since a hub that runs writes it last.
    std::ifstream(audit_head_file(folder_)) >> head_.n >> head_.hash;
    const auto files = audit_files(folder_);
    if (files.empty()) {
        fault(folder_ / "audit.jsonl", 0, "there is no audit here");
        return report_;
    }
    for (const fs::path& file : files)
        each_line(file, [&](const std::string& text, bool whole) {
            if (const auto line = whole ? read_line(text) : std::nullopt) numbers_.insert(line->n);
            return true;
        });
    for (const fs::path& file : files) {
        uint64_t at = 0;
        each_line(file, [&](const std::string& text, bool whole) {
            check(file, ++at, text, whole);
            return report_.ok();
        });
    }
    if (report_.ok()) check_head(head_, files.back());
    if (report_.ok() && !known_.empty() && !known_seen_)
        fault(files.back(), 0,
              fmt::format("changed: no line has the hash {}; the chain was written anew or cut off",
                          known_));
    return report_;
}

}  // namespace

AuditReport verify_audit(const fs::path& state_dir, const std::string& known_head) {
    return Verifier(state_dir, known_head).run();
}

}  // namespace bw::access
