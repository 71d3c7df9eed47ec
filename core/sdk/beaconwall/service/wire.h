// SPDX-License-Identifier: Apache-2.0
// The client of the event wire, as Service::wire() gives it (bw::events::Client, docs/wire.md).
#pragma once

#include "core/events/client.h"  // IWYU pragma: export
