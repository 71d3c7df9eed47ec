// SPDX-License-Identifier: Apache-2.0
// One rule in a process of its own: closed in as a panel process is, watched, and ended when its
// time is over.
#pragma once

#include "core/check/rules.h"

namespace bw::check {

struct How {
    bool closed_in = true;  // not for a memory checker, nor for a service, which is a program
};

/// Runs it in a child. A child that dies or does not come back is a finding too, and so are the
/// calls that it was refused.
Finding run_apart(const Rule& rule, const Subject& subject, const How& how);

}  // namespace bw::check
