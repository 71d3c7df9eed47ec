// SPDX-License-Identifier: Apache-2.0
// Whether a sanitizer is built in: it has a malloc of its own, and makes everything several times
// slower.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // GCC
#define BW_SANITIZED 1
#elif defined(__has_feature)  // Clang
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BW_SANITIZED 1
#endif
#endif

namespace bw {

#if defined(BW_SANITIZED)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace bw
