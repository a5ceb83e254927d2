#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace thumbline {

/// A connection to an SQLite file. This and the two below make the only calls to sqlite3. Whatever goes wrong ends the program:
/// each throws Stop with `cannot_go_on` and a line that names the file and what to do. Used by one thread at a time.
class Database {
 public:
  enum class Access : bool {
    read,
    write,  ///< the file is created where it is missing
  };
  explicit Database(const std::filesystem::path& file, Access access = Access::write);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs statements that give no rows back.
  void execute(const std::string& sql);
  /// The one number that `sql` asks for; 0 where it gives no row.
  std::int64_t number(const std::string& sql);
  /// How many rows the last INSERT, UPDATE or DELETE changed.
  [[nodiscard]] std::int64_t changes() const;
  /// Makes the statement that another thread is running fail at once.
  void interrupt();

  /// Ends the program because of what SQLite says of its last call.
  [[noreturn]] void refuse(int code) const;

 private:
  friend class Statement;
  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement, to be used again and again. Parameters are bound, and columns read, from the left.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Binds the next parameter. Text is not copied and must live until reset(); what is no UTF-8 becomes a BLOB, which every
  /// reader of the file can read.
  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Statement& bind_nulls(int count = 1);
  template <class Value>
  Statement& bind(const std::optional<Value>& value) {
    return value ? bind(*value) : bind_nulls();
  }

  /// Binds the digest of what was bound since reset() (a flipped bit makes it another one; no protection against intent).
  Statement& bind_digest();

  /// Goes to the next row; false where there is none.
  bool step();
  /// Makes it ready for the next use.
  void reset();
  /// step() to the end, and reset().
  void run();

  /// The next column of the row; 0, empty and nothing stand for NULL.
  std::int64_t number();
  std::string text();
  /// As text(), valid until the next step() or reset().
  std::string_view view();
  std::optional<std::int64_t> optional_number();
  /// What bind_digest() would have bound after the values of the next `count` columns; goes past them.
  std::int64_t digest(int count);

 private:
  static constexpr std::uint64_t empty_digest = 14695981039346656037U;

  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
  std::uint64_t digest_ = empty_digest;  ///< of what is bound
  int parameter_ = 0;
  int column_ = 0;
};

/// Rolls back unless it is committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace thumbline
