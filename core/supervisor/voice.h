// SPDX-License-Identifier: Apache-2.0
// What a plugin's process writes to its standard output and error: comes into the wall's log with
// the plugin's name, its last lines are kept for a crash report. Never blocks.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace bw::supervisor {

class Voice {
  public:
    /// The ends of a pipe: the child's to give to spawn(), ours for a Voice.
    static base::Result<std::pair<base::UniqueFd, base::UniqueFd>> make();

    Voice(base::UniqueFd end, std::string name) : end_(std::move(end)), name_(std::move(name)) {}
    /// Whose lines they are from now on.
    void rename(std::string name) { name_ = std::move(name); }
    /// Readable when there is something; -1 once everybody has let go of the other end.
    [[nodiscard]] int fd() const { return end_.get(); }
    /// Takes what is there, up to a bearable amount; call it again when fd() is readable.
    void listen(int64_t now_ns);
    /// The newest lines, the oldest of them first.
    [[nodiscard]] const std::deque<std::string>& last_lines() const { return lines_; }

  private:
    void take(const char* text, size_t size, int64_t now_ns);
    void say(std::string line, int64_t now_ns);

    base::UniqueFd end_;
    std::string name_;
    std::string begun_;  // a line without its end
    std::deque<std::string> lines_;
    // Who never stops talking does not fill the log.
    int64_t counted_since_ns_ = 0;
    int told_ = 0, left_out_ = 0;
};

}  // namespace bw::supervisor
