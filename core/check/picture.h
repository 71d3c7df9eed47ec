// SPDX-License-Identifier: Apache-2.0
// The test kit's half of the checker: one picture of a panel from recorded events, written, or
// compared with one that was approved.
#pragma once

#include "core/check/rules.h"
#include "core/check/trial.h"

namespace bw::check {

struct PictureWish {
    std::string panel;
    std::filesystem::path out;      // empty: none is written
    std::filesystem::path compare;  // empty: nothing to compare with
    Size size{1130, 520, 1.47F};
    std::string language = "zh";
};

/// Draws, writes, compares, and says on stderr what is wrong. The exit code: 0, or 1.
int make_picture(const Subject& subject, const PictureWish& wish);

}  // namespace bw::check
