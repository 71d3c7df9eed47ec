// SPDX-License-Identifier: Apache-2.0
// A mutex that Clang's thread-safety analysis understands: members it guards say so, and a build
// with -Wthread-safety refuses code that touches them without it. Header only.
#pragma once

#include <mutex>

#if defined(__clang__)
#define BW_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define BW_THREAD_ANNOTATION(x)
#endif
#define BW_GUARDED_BY(x) BW_THREAD_ANNOTATION(guarded_by(x))
#define BW_REQUIRES(...) BW_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))

namespace bw::base {

class BW_THREAD_ANNOTATION(capability("mutex")) Mutex {
  public:
    void lock() BW_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
    void unlock() BW_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

  private:
    std::mutex mutex_;
};

/// Holds a Mutex for a scope.
class BW_THREAD_ANNOTATION(scoped_lockable) Lock {
  public:
    explicit Lock(Mutex& mutex) BW_THREAD_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) {
        mutex_.lock();
    }
    ~Lock() BW_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    Mutex& mutex_;
};

}  // namespace bw::base
