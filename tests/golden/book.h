// SPDX-License-Identifier: Apache-2.0
// The approved pictures (tests/golden/pictures), and what this run made of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/golden/picture.h"

namespace bw::golden {

class Book {
  public:
    static Book& get();

    /// BEACONWALL_GOLDEN=approve: pictures are written, not judged.
    [[nodiscard]] bool approving() const { return approving_; }
    /// tests/golden/pictures/NAME.png
    [[nodiscard]] std::filesystem::path approved(const std::string& name) const;
    /// Fails the running test where `actual` differs beyond the tolerance from the approved
    /// picture, and then leaves NAME.actual.png and NAME.difference.png in build/…/golden/RUN. RUN
    /// is BEACONWALL_GOLDEN_RUN, "plain" unless set.
    void check(const std::string& name, const Picture& actual);
    /// For tests that expect a difference: only looks. A missing picture fails the test.
    [[nodiscard]] Difference against(const std::string& name, const Picture& actual) const;
    /// Every approved picture's name.
    [[nodiscard]] std::vector<std::string> names() const;
    /// What drew the pictures, for the table's head.
    void drawn_by(const std::string& renderer) { renderer_ = renderer; }
    /// Prints what was compared, and writes it to build/…/golden/RUN/table.txt.
    void print_table() const;

  private:
    Book();
    struct Row {
        std::string name;
        Difference difference;
    };
    std::filesystem::path approved_, results_;
    std::string run_, renderer_;
    bool approving_ = false;
    std::vector<Row> rows_;
};

}  // namespace bw::golden
