#include "tests/unit/store/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>

namespace convoke::store::test {
namespace {

void in_cluster(std::string const& url, std::string const& sql) {
    std::unique_ptr<PGconn, decltype(&PQfinish)> const connection(PQconnectdb(url.c_str()), PQfinish);
    std::unique_ptr<PGresult, decltype(&PQclear)> const result(PQexec(connection.get(), sql.c_str()), PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw std::runtime_error("the test cluster: " + std::string(PQerrorMessage(connection.get())));
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
    auto pattern = (std::filesystem::temp_directory_path() / "convoke-store-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Postgresql::Postgresql() {
    auto const* given = std::getenv("CONVOKE_TEST_POSTGRESQL");
    if (given == nullptr)
        FAIL("CONVOKE_TEST_POSTGRESQL is not set: it names the cluster for these tests. tests/run sets it; by hand: "
             "export CONVOKE_TEST_POSTGRESQL=$(tests/support/postgresql_cluster start DIR)");
    static std::atomic<int> next{0};
    cluster_ = given;
    name_ = "store_" + std::to_string(getpid()) + "_" + std::to_string(++next);
    in_cluster(cluster_, "CREATE DATABASE " + name_);
    url_ = cluster_.substr(0, cluster_.rfind('/') + 1) + name_;
}

Postgresql::~Postgresql() {
    try {
        if (!name_.empty()) in_cluster(cluster_, "DROP DATABASE " + name_ + " WITH (FORCE)");
    } catch (std::exception const& e) {
        WARN(e.what());
    }
}

void run(Database& database, std::vector<std::string> const& statements) {
    for (auto const& sql : statements) {
        auto const done = database.write_now([&](Transaction& tx) -> result<void> {
            tx.execute(sql);
            return {};
        });
        INFO(sql);
        REQUIRE(done.has_value());
    }
}

std::int64_t count(Database& database, std::string const& sql) {
    auto const counted = database.read_now([&](Transaction& tx) -> result<std::int64_t> { return tx.query(sql)[0].integer(0); });
    return counted.value();
}

void complete(boost::asio::awaitable<void> work) {
    boost::asio::io_context context;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) { thrown = e; });
    context.run();
    if (thrown) std::rethrow_exception(thrown);
}

void Signal::raise() {
    std::lock_guard const lock(mutex_);
    raised_ = true;
    changed_.notify_one();
}

void Signal::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return raised_; });
}

BusyWriter::BusyWriter(Database& database) {
    thread_ = std::thread([this, &database] {
        (void)database.write_now([this](Transaction&) -> result<void> {
            started_.raise();
            free_.wait();
            return Failure(errc::invalid_state, "was only there to keep the writer busy");
        });
    });
    started_.wait();
}

BusyWriter::~BusyWriter() {
    release();
    thread_.join();
}

void BusyWriter::release() { free_.raise(); }

void eventually(std::function<bool()> const& condition, std::string const& what) {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) FAIL("waited 20 s in vain: " << what);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

}  // namespace convoke::store::test
