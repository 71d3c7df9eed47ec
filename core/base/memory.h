// SPDX-License-Identifier: Apache-2.0
// How a process that makes and gives up pictures all day treats its memory.
#pragma once

namespace bw::base {

/// From now on blocks of 256 KiB and more are the kernel's own mappings and go back to it when they
/// are freed. Left alone, glibc raises that limit up to 32 MiB with every large block freed, and
/// pictures and decoders of streams that come and go then leave holes between what stays.
/// Call it before threads are made.
void give_large_blocks_back();

/// Free pages between what is in use go back to the kernel, unless that was done in the last ten
/// seconds: threads that come and go leave such holes in heaps of their own. Takes milliseconds, in
/// which others may wait to allocate. Any thread.
void give_free_pages_back();

}  // namespace bw::base
