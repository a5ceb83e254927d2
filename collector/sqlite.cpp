#include "collector/sqlite.h"

#include <sqlite3.h>
#include <sys/resource.h>

#include <cerrno>

#include "common/base/program.h"
#include "common/base/utf8.h"

namespace thumbline {
namespace {

/// FNV-1a, 64 bits (RFC 9923), of a value's kind, its bytes and how many those are.
void add_to(std::uint64_t& digest, char kind, std::string_view bytes) {
  const auto add = [&digest](unsigned char byte) { digest = (digest ^ byte) * 1099511628211U; };
  add(static_cast<unsigned char>(kind));
  for (const char byte : bytes) add(static_cast<unsigned char>(byte));
  for (std::size_t size = bytes.size(); size != 0; size >>= 8U) add(static_cast<unsigned char>(size));
}

void add_to(std::uint64_t& digest, std::int64_t number) {
  add_to(digest, 'n', {reinterpret_cast<const char*>(&number), sizeof number});
}

}  // namespace

Database::Database(const std::filesystem::path& file, Access access) : file_(file) {
  // No mutexes: one thread.
  const int flags =
      SQLITE_OPEN_NOMUTEX | (access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr); code != SQLITE_OK) {
    try {
      refuse(code);
    } catch (...) {
      sqlite3_close_v2(handle_);
      throw;
    }
  }
  sqlite3_busy_timeout(handle_, 10'000);  // somebody looks at the ledger with a tool of their own
}

Database::~Database() {
  sqlite3_close_v2(handle_);
}

void Database::refuse(int code) const {
  const std::string name = file_.string();
  const int system_error = sqlite3_system_errno(handle_);
  if ((code & 0xff) == SQLITE_FULL || system_error == ENOSPC || system_error == EDQUOT) {
    throw Stop(ExitCode::cannot_go_on,
               "no room left in " + file_.parent_path().string() + "; make room and run the same command again");
  }
  // SQLite does not always keep the system's error, here EFBIG.
  rlimit size{};
  if ((code & 0xff) == SQLITE_IOERR && ::getrlimit(RLIMIT_FSIZE, &size) == 0 && size.rlim_cur != RLIM_INFINITY) {
    throw Stop(ExitCode::cannot_go_on, "cannot use " + name + ": " + sqlite3_errmsg(handle_) + "; files may have " +
                                           std::to_string(size.rlim_cur) +
                                           " bytes here: raise that (ulimit -f) and run the same command again");
  }
  switch (code & 0xff) {  // the rest of an extended code
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      throw Stop(ExitCode::cannot_go_on, name + " is damaged or no ledger of thumbline (" + sqlite3_errmsg(handle_) +
                                             "); move it away and run the same command again");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Stop(ExitCode::cannot_go_on, "another program holds " + name + "; end it and run the same command again");
    default: throw Stop(ExitCode::cannot_go_on, "cannot use " + name + ": " + sqlite3_errmsg(handle_));
  }
}

void Database::execute(const std::string& sql) {
  if (const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK) refuse(code);
}

std::int64_t Database::number(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.number() : 0;
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_);
}

void Database::interrupt() {
  sqlite3_interrupt(handle_);
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  const int code = sqlite3_prepare_v3(database.handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &handle_, nullptr);
  if (code != SQLITE_OK) database_.refuse(code);
}

Statement::~Statement() {
  sqlite3_finalize(handle_);
}

Statement& Statement::bind(std::string_view text) {
  const auto size = static_cast<sqlite3_uint64>(text.size());
  const char* data = text.data() == nullptr ? "" : text.data();  // a null pointer would be NULL
  ++parameter_;
  add_to(digest_, 't', text);
  const int code = is_utf8(text) ? sqlite3_bind_text64(handle_, parameter_, data, size, SQLITE_STATIC, SQLITE_UTF8)
                                 : sqlite3_bind_blob64(handle_, parameter_, data, size, SQLITE_STATIC);
  if (code != SQLITE_OK) database_.refuse(code);
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  add_to(digest_, number);
  if (const int code = sqlite3_bind_int64(handle_, ++parameter_, number); code != SQLITE_OK) database_.refuse(code);
  return *this;
}

Statement& Statement::bind_nulls(int count) {
  for (; count > 0; --count) {
    add_to(digest_, '0', {});
    if (const int code = sqlite3_bind_null(handle_, ++parameter_); code != SQLITE_OK) database_.refuse(code);
  }
  return *this;
}

Statement& Statement::bind_digest() {
  return bind(static_cast<std::int64_t>(digest_));
}

bool Statement::step() {
  column_ = 0;
  const int code = sqlite3_step(handle_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) database_.refuse(code);
  return code == SQLITE_ROW;
}

void Statement::reset() {
  parameter_ = 0;
  digest_ = empty_digest;
  sqlite3_reset(handle_);
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

std::int64_t Statement::number() {
  return sqlite3_column_int64(handle_, column_++);
}

std::string_view Statement::view() {
  const int column = column_++;
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string Statement::text() {
  return std::string(view());
}

std::optional<std::int64_t> Statement::optional_number() {
  if (sqlite3_column_type(handle_, column_) == SQLITE_NULL) {
    ++column_;
    return std::nullopt;
  }
  return number();
}

std::int64_t Statement::digest(int count) {
  std::uint64_t digest = empty_digest;
  for (; count > 0; --count) {
    switch (sqlite3_column_type(handle_, column_)) {
      case SQLITE_NULL:
        add_to(digest, '0', {});
        ++column_;
        break;
      case SQLITE_INTEGER: add_to(digest, number()); break;
      default: add_to(digest, 't', view());
    }
  }
  return static_cast<std::int64_t>(digest);
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const std::exception&) {  // SQLite has rolled back itself, as it does on a full disk
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace thumbline
