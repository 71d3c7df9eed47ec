// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/png_worker.h"

#include <png.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace bw::compositor {

std::vector<std::byte> encode_png(const Pixels& pixels) {
    const auto count = static_cast<size_t>(pixels.width) * static_cast<size_t>(pixels.height);
    if (count == 0 || pixels.rgba.size() < count * 4) return {};
    std::vector<std::byte> rgb(count * 3);
    for (size_t i = 0; i < count; ++i) {
        for (size_t k = 0; k < 3; ++k) rgb[i * 3 + k] = pixels.rgba[i * 4 + k];
    }
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(pixels.width);
    image.height = static_cast<png_uint_32>(pixels.height);
    image.format = PNG_FORMAT_RGB;
    image.flags = PNG_IMAGE_FLAG_FAST;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::vector<std::byte> out(size);
    if (png_image_write_to_memory(&image, out.data(), &size, 0, rgb.data(), 0, nullptr) == 0)
        return {};
    out.resize(size);
    return out;
}

PngWorker::PngWorker() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    thread_ = std::thread([this] { work(); });
}

PngWorker::~PngWorker() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    more_.notify_one();
    thread_.join();
}

void PngWorker::encode(Pixels pixels, Done done) {
    {
        std::lock_guard lock(mutex_);
        waiting_.push_back({std::move(pixels), std::move(done), {}});
    }
    more_.notify_one();
}

void PngWorker::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        more_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
        if (stop_) return;
        Job job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        job.png = encode_png(job.pixels);
        job.pixels = {};
        lock.lock();
        finished_.push_back(std::move(job));
        uint64_t one = 1;
        [[maybe_unused]] ssize_t written = ::write(wake_.get(), &one, sizeof(one));
    }
}

void PngWorker::deliver() {
    uint64_t count = 0;
    [[maybe_unused]] ssize_t got = ::read(wake_.get(), &count, sizeof(count));
    std::deque<Job> done;
    {
        std::lock_guard lock(mutex_);
        done.swap(finished_);
    }
    for (Job& job : done) job.done(std::move(job.png));
}

}  // namespace bw::compositor
