#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace sfumato {

/// Where a test keeps its ledgers: files that SQLite keeps, or schemas of a PostgreSQL server.
class Shelf {
 public:
  /// "sqlite" or "postgres"; none where no server is installed.
  static std::unique_ptr<Shelf> make(const std::string& store);

  virtual ~Shelf() = default;

  virtual std::string path(const std::string& name) const = 0;  ///< what `Ledger::open` takes
  virtual std::string said(const std::string& name) const = 0;  ///< what messages call it

  /// Does to a ledger what no ledger would; checks and keys do not stand in its way where it is a copy.
  virtual void tamper(const std::string& name, const std::string& sql) const = 0;
  /// The first cells of an answer, row by row, as texts.
  virtual std::vector<std::string> cells(const std::string& name, const std::string& sql) const = 0;
  /// All of a ledger that no program has open, over what is there.
  virtual void copy(const std::string& from, const std::string& to) const = 0;
  /// Makes it one of another form.
  virtual void set_form(const std::string& name, int form) const = 0;

  // Its dialect: bytes by their hexadecimal digits, and those digits of a column.
  virtual std::string blob(const std::string& digits) const = 0;
  virtual std::string text(const std::string& digits) const = 0;
  virtual std::string digits_of(const std::string& column, bool is_blob) const = 0;
};

/// Tests that run on each store.
class OnEachStore : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!shelf_) GTEST_SKIP() << "no PostgreSQL server is installed";
  }

  std::string path(const std::string& name) const { return shelf_->path(name); }
  std::string said(const std::string& name) const { return shelf_->said(name); }

  const std::unique_ptr<Shelf> shelf_ = Shelf::make(GetParam());
};

#ifdef SFUMATO_POSTGRES
inline constexpr const char* kStores[] = {"sqlite", "postgres"};
#else
inline constexpr const char* kStores[] = {"sqlite"};
#endif

inline std::string name_of_store(const testing::TestParamInfo<const char*>& store) {
  return store.param;
}

}  // namespace sfumato
