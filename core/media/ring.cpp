// SPDX-License-Identifier: Apache-2.0
#include "core/media/ring.h"

namespace bw::media {

void Ring::drop_front(size_t count) {
    for (; count > 0; --count) {
        bytes_ -= units_.front().bytes;
        units_.pop_front();
        if (read_ > 0)
            --read_;
        else
            skipped_ += reading_ ? 1 : 0;
        if (key_) key_ = *key_ > 0 ? std::optional(*key_ - 1) : std::nullopt;
    }
}

/// Makes room before a key frame.
void Ring::on_key() {
    const bool behind = key_ && *key_ >= read_;  // the last one has not even been begun
    drop_front(reading_ && !behind ? read_ : units_.size());
    key_ = units_.size();
    broken_ = false;
}

void Ring::trim() {
    // What was read is only kept for a reader who begins anew.
    while (bytes_ > most_bytes_ && read_ > 0 && units_.size() > 1) drop_front(1);
    if (bytes_ <= most_bytes_ || units_.size() <= 1) return;
    // Nobody reads, or he does not come along: the key frame alone is still a picture.
    if (key_) {
        drop_front(*key_);
        while (units_.size() > 1) {
            bytes_ -= units_.back().bytes;
            skipped_ += reading_ ? 1 : 0;
            units_.pop_back();
        }
    } else {
        drop_front(units_.size());
    }
    broken_ = true;
}

void Ring::put(Unit unit) {
    base::Lock lock(mutex_);
    if (unit.key)
        on_key();
    else if (broken_)
        return;
    bytes_ += unit.bytes;
    units_.push_back(std::move(unit));
    trim();
}

void Ring::back_to_key() {
    if (!key_) broken_ = true;
    drop_front(key_ ? *key_ : units_.size());
    read_ = 0;
}

void Ring::rewind() {
    base::Lock lock(mutex_);
    back_to_key();
    reading_ = true;
}

void Ring::rest() {
    base::Lock lock(mutex_);
    reading_ = false;
    back_to_key();
}

void Ring::clear() {
    base::Lock lock(mutex_);
    units_.clear();
    bytes_ = read_ = 0;
    key_.reset();
    broken_ = true;
}

std::optional<Ring::Next> Ring::next() {
    base::Lock lock(mutex_);
    if (read_ >= units_.size()) return std::nullopt;
    Next next{units_[read_], read_ + 1 < units_.size()};
    ++read_;
    return next;
}

int64_t Ring::unread_since_ns() const {
    base::Lock lock(mutex_);
    return read_ < units_.size() ? units_[read_].arrived_ns : 0;
}

Ring::Figures Ring::figures() const {
    base::Lock lock(mutex_);
    return {units_.size(), bytes_, skipped_};
}

}  // namespace bw::media
