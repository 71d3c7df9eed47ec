// SPDX-License-Identifier: Apache-2.0
// A journal over a disk that misbehaves (faulty_disk.cpp is SQLite's file system here).
#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include <cstdlib>
#include <fstream>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/hub/journal.h"
#include "tests/hub/stored_row.h"

namespace bw::hub {

class DiskTest : public testing::Test {
  protected:
    DiskTest() {
        std::filesystem::create_directories(folder_);
        ::setenv("BEACONWALL_FAULTY_DISK", (folder_ / "disk").c_str(), 1);
        disk("well");
    }
    ~DiskTest() override { std::filesystem::remove_all(folder_); }

    void disk(const char* mode) const {
        std::ofstream(folder_ / "part") << mode;
        std::filesystem::rename(folder_ / "part", folder_ / "disk");
    }
    void run_until(Journal& journal, const std::function<bool()>& done) {
        const int64_t end = base::mono_ns() + 60 * base::kSecond;
        while (!done() && base::mono_ns() < end) {
            pollfd wait{mailbox_.fd(), POLLIN, 0};
            ::poll(&wait, 1, 10);
            mailbox_.run();
            journal.tick(base::mono_ns());
        }
        ASSERT_TRUE(done());
    }
    /// The outcome of one row.
    Outcome written(Journal& journal, StoredPtr what) {
        std::optional<Outcome> out;
        if (!journal.append({std::move(what)}, [&](const Outcome& outcome) { out = outcome; }))
            return {false, 0, 0, journal.refusal().value_or(base::Error{"", ""}).text};
        run_until(journal, [&] { return out.has_value(); });
        return out.value_or(Outcome{});
    }

    const std::filesystem::path folder_ = "/tmp/bw-disk-" + base::random_hex(6);
    Mailbox mailbox_;
};

}  // namespace bw::hub
