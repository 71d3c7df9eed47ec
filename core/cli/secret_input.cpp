// SPDX-License-Identifier: Apache-2.0
#include "core/cli/secret_input.h"

#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace bw::cli {
namespace {

/// Typing is not shown while it lives.
class Unseen {
  public:
    Unseen() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~Unseen() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

  private:
    termios before_{};
    bool changed_ = false;
};

bool read_line(const char* prompt, std::string& line) {
    if (prompt != nullptr) fmt::print(stderr, "{}", prompt);
    const bool got = static_cast<bool>(std::getline(std::cin, line));
    if (prompt != nullptr) fmt::print(stderr, "\n");
    return got;
}

}  // namespace

base::Result<std::string> read_new_password() {
    const base::Error none{"invalid", "no password was given: type one, or pipe one line to stdin"};
    std::string first, again;
    if (::isatty(STDIN_FILENO) == 0) {
        if (!read_line(nullptr, first)) return none;
        return first;
    }
    const Unseen unseen;
    if (!read_line("password: ", first) || !read_line("again: ", again)) return none;
    if (first != again) return base::Error{"invalid", "the two are not the same"};
    return first;
}

}  // namespace bw::cli
