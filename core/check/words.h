// SPDX-License-Identifier: Apache-2.0
// The words of the command line: which plugins, which rules, or which picture.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/check/picture.h"

namespace bw::check {

/// What is wanted.
struct Wish {
    std::vector<std::filesystem::path> folders;
    std::vector<std::string> only;  // rules; none: all
    std::filesystem::path events;   // recorded ones; empty: none
    PictureWish picture;            // of no panel: the rules are wanted
    uint64_t seed = 1;              // of the fuzzing rule
    int rounds = 300;               // of it
    bool told = false;              // it prints its steps
    bool json = false;
    bool list = false;        // the rules, and nothing is run
    bool sandbox = true;      // each rule is closed in
    bool in_process = false;  // no rule has a process of its own, and no table is printed
    bool memcheck = false;    // also under a memory checker
};

/// False, with a line on stderr, for a word or a mixture that makes no sense.
bool read_words(int argc, char** argv, Wish& wish);

}  // namespace bw::check
