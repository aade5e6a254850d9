#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace sfumato {

enum class Errc {
  invalid_parameter,  ///< a parameter is outside what the contract allows
  unsupported,        ///< a sensible wish that this build or law does not serve
  unavailable,        ///< a file, column or source of entropy cannot be had
  malformed,          ///< bytes that are not what they claim to be
  refused,            ///< allowed in form, but a rule (a budget, a grant) says no
};

/// Why something could not be made, opened, loaded or spent.
///
/// `where` names the parameter, column or file; `message` is one sentence that says what would be
/// right. Neither ever holds a value that stems from a person's data.
struct Error {
  Errc code;
  std::string where;
  std::string message;
};

/// What `.value()` throws for callers who prefer exceptions.
class Failure : public std::runtime_error {
 public:
  explicit Failure(Error error)
      : std::runtime_error(error.where + ": " + error.message), error_(std::move(error)) {}
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

/// A T, or why there is none. Names as in `std::expected`, which C++20 lacks.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
  T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }

  /// The value; throws `Failure` where there is none.
  T& value() & { return check(), **this; }
  const T& value() const& { return check(), **this; }
  T value() && { return check(), std::move(**this); }

  const Error& error() const& noexcept { return *std::get_if<1>(&state_); }
  Error&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

 private:
  void check() const {
    if (!has_value()) throw Failure(error());
  }

  std::variant<T, Error> state_;
};

/// A Result that carries nothing but success.
using Status = Result<std::monostate>;
inline Status ok() {
  return std::monostate{};
}

}  // namespace sfumato
