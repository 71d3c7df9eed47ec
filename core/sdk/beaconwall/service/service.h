// SPDX-License-Identifier: Apache-2.0
// A service: a program that talks to the field and publishes events (bw::sdk::Service).
#pragma once

#include "core/sdk/service/service.h"  // IWYU pragma: export
