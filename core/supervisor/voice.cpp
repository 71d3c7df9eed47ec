// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/voice.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::supervisor {
namespace {

constexpr size_t kKept = 80, kLongest = 1000;
constexpr int kMostTold = 200;
constexpr int64_t kCountedFor = 10 * base::kSecond;

/// It comes from base::log in the process: it has its time and its name already.
bool is_ours(const std::string& line, const std::string& name) {
    const size_t at = line.find(name + ": ");
    return at != std::string::npos && at < 64 && line.size() > 24 && line[4] == '-' &&
           line[10] == 'T';
}

/// "panel/supplies" writes as "panel supplies".
std::string spoken(std::string row_name) {
    std::replace(row_name.begin(), row_name.end(), '/', ' ');
    return row_name;
}

/// Control characters would do something to the terminal that shows the log.
void make_harmless(std::string& line) {
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
}

}  // namespace

base::Result<std::pair<base::UniqueFd, base::UniqueFd>> Voice::make() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return base::errno_error("pipe2");
    std::pair<base::UniqueFd, base::UniqueFd> pair{base::UniqueFd(ends[0]),
                                                   base::UniqueFd(ends[1])};
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return base::errno_error("fcntl");
    return pair;
}

void Voice::listen(int64_t now_ns) {
    constexpr int kReads = 16;
    std::array<char, 4096> buffer{};
    for (int i = 0; i < kReads && end_.valid(); ++i) {
        const ssize_t got = read(end_.get(), buffer.data(), buffer.size());
        if (got > 0) {
            take(buffer.data(), static_cast<size_t>(got), now_ns);
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            if (!begun_.empty()) say(std::move(begun_), now_ns);
            begun_.clear();
            end_.reset();
        } else {
            return;
        }
    }
}

void Voice::take(const char* text, size_t size, int64_t now_ns) {
    for (size_t i = 0; i < size; ++i) {
        if (text[i] == '\n') {
            say(std::move(begun_), now_ns);
            begun_.clear();
        } else if (begun_.size() < kLongest) {
            begun_ += text[i];
        }
    }
}

void Voice::say(std::string line, int64_t now_ns) {
    make_harmless(line);
    lines_.push_back(line);
    if (lines_.size() > kKept) lines_.pop_front();
    if (now_ns - counted_since_ns_ > kCountedFor) {
        if (left_out_ > 0) base::log_warning("{}: {} lines were left out", name_, left_out_);
        counted_since_ns_ = now_ns;
        told_ = left_out_ = 0;
    }
    if (++told_ > kMostTold) {
        ++left_out_;
        return;
    }
    if (is_ours(line, spoken(name_)))
        std::fprintf(stderr, "%s\n", line.c_str());
    else
        base::log_info("{} says: {}", name_, line);
}

}  // namespace bw::supervisor
