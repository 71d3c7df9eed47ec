// SPDX-License-Identifier: Apache-2.0
// The records that a service owns, its site's files, and when its start has settled.
#pragma once

#include "core/sdk/service/records.h"  // IWYU pragma: export
