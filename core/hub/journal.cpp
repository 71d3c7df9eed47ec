// SPDX-License-Identifier: Apache-2.0
#include "core/hub/journal.h"

#include <fmt/format.h>

#include "core/base/log.h"

namespace bw::hub {

namespace {

// Telemetry that waits for a slow disk is dropped beyond this; durable rows never are.
constexpr size_t kMaxQueuedBytes = 32 * 1024 * 1024;

size_t file_bytes(const std::filesystem::path& file) {
    std::error_code none;
    const auto size = std::filesystem::file_size(file, none);
    return none ? 0 : size;
}

}  // namespace

Journal::Journal(std::filesystem::path folder, Mailbox& mailbox)
    : folder_(std::move(folder)),
      file_(folder_ / "journal.db"),
      mailbox_(mailbox),
      thread_([this] { loop(); }) {}

Journal::~Journal() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

Remembered Journal::remember() {
    // Made here if it is missing, so that readers find their table.
    auto db = Database::open(file_, Database::Mode::write);
    if (!db) db = Database::open(file_, Database::Mode::read);
    auto remembered = db ? db->remember() : base::Result<Remembered>(db.error());
    if (remembered) return std::move(*remembered);
    base::log_error("the journal cannot be read: {}", remembered.error().text);
    return {};
}

void Journal::append(std::vector<StoredPtr> rows, std::function<void(const Outcome&)> done) {
    {
        const std::lock_guard lock(mutex_);
        for (const StoredPtr& row : rows) queued_bytes_ += row->json.size();
        queue_.push_back({std::move(rows), std::move(done)});
    }
    wake_.notify_one();
}

bool Journal::append_behind(StoredPtr row) {
    {
        const std::lock_guard lock(mutex_);
        if (queued_bytes_ > kMaxQueuedBytes) return false;
        queued_bytes_ += row->json.size();
        queue_.push_back({{std::move(row)}, nullptr});
    }
    wake_.notify_one();
    return true;
}

void Journal::query(Query query, std::function<void(base::Result<Page>)> done) {
    reader_.post([this, query = std::move(query), done = std::move(done)] {
        auto db = Database::open(file_, Database::Mode::read);
        auto page = std::make_shared<base::Result<Page>>(db ? db->query(query)
                                                            : base::Result<Page>(db.error()));
        mailbox_.post([page, done] { done(std::move(*page)); });
    });
}

void Journal::replay(ReplayQuery query, std::function<void(base::Result<ReplayPage>)> done) {
    reader_.post([this, query = std::move(query), done = std::move(done)] {
        auto db = Database::open(file_, Database::Mode::read);
        auto page = std::make_shared<base::Result<ReplayPage>>(
            db ? db->replay(query) : base::Result<ReplayPage>(db.error()));
        mailbox_.post([page, done] { done(std::move(*page)); });
    });
}

void Journal::loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) break;
        std::deque<Entry> batch;
        batch.swap(queue_);
        queued_bytes_ = 0;
        lock.unlock();
        write(batch);
        lock.lock();
    }
    writer_.reset();
}

void Journal::write(std::deque<Entry>& batch) {
    std::vector<Outcome> outcomes(batch.size());
    const base::Status written = write_all(batch, outcomes);
    const std::string fault =
        written ? std::string()
                : fmt::format("{}: nothing more is recorded; make room in {}, or make it writable",
                              written.error().text, folder_.string());
    if (!written) {
        if (last_fault_ != fault) base::log_error("{}", fault);
        for (Outcome& outcome : outcomes) outcome = {false, 0, fault};
    }
    last_fault_ = fault;
    bytes_.store(file_bytes(file_) + file_bytes(file_.string() + "-wal"),
                 std::memory_order_relaxed);
    for (size_t i = 0; i < batch.size(); ++i)
        if (batch[i].done)
            mailbox_.post([done = std::move(batch[i].done), outcome = std::move(outcomes[i])] {
                done(outcome);
            });
}

base::Status Journal::open_writer() {
    if (writer_) return {};
    auto db = Database::open(file_, Database::Mode::write);
    if (!db) return db.error();
    writer_.emplace(std::move(*db));
    return {};
}

base::Status Journal::write_all(std::deque<Entry>& batch, std::vector<Outcome>& outcomes) {
    if (const auto opened = open_writer(); !opened) return opened;
    const auto fail = [this](base::Error why) {
        writer_->rollback();
        writer_.reset();  // a disk that comes back is met with a fresh connection
        return why;
    };
    if (const auto begun = writer_->begin(); !begun) return fail(begun.error());
    for (size_t i = 0; i < batch.size(); ++i) {
        outcomes[i].ok = true;
        for (const StoredPtr& row : batch[i].rows) {
            const auto already = writer_->append(*row);
            if (!already) return fail(already.error());
            if (*already == 0) continue;
            outcomes[i].already = *already;
            break;
        }
    }
    if (const auto committed = writer_->commit(); !committed) return fail(committed.error());
    return {};
}

}  // namespace bw::hub
