#include "sfumato/keys/token_key.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "keys/draw.h"

namespace sfumato {
namespace {

constexpr std::size_t kLockSize = 32;
constexpr const char* kEverySystemModule = "p11-kit-proxy.so";

Error failed(Errc code, std::string message) {
  return {code, "PKCS #11", std::move(message)};
}

/// "0xa0", as the standard's tables have it.
std::string number_of(CK_RV why) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, why, 16).ptr;
  return "0x" + std::string(digits, end);
}

Error refused(const char* what, CK_RV why) {
  switch (why) {
    case CKR_PIN_INCORRECT:
    case CKR_PIN_LEN_RANGE:
    case CKR_PIN_INVALID:
      return failed(Errc::refused,
                    "does not take this PIN: some tokens lock themselves after a few "
                    "wrong ones");
    case CKR_PIN_LOCKED:
      return failed(Errc::refused, "has locked its PIN: whoever keeps the token can set a new one");
    case CKR_MECHANISM_INVALID:
      return failed(Errc::unsupported,
                    "has a token that can't wrap by AES with padding (CKM_AES_KEY_WRAP_PAD)");
    case CKR_KEY_FUNCTION_NOT_PERMITTED:
      return failed(Errc::refused, "has a key that is not allowed to wrap and unwrap");
    default:
      return failed(Errc::unavailable,
                    std::string("failed to ") + what + ", and gives " + number_of(why) + " as why");
  }
}

/// Text of a fixed size, without the blanks that fill it.
template <std::size_t size>
std::string_view trimmed(const unsigned char (&text)[size]) {
  std::string_view all(reinterpret_cast<const char*>(text), size);
  const std::size_t last = all.find_last_not_of(" \0");
  return all.substr(0, last == all.npos ? 0 : last + 1);
}

bool is(const std::optional<std::string>& wanted, std::string_view there) {
  return !wanted || *wanted == there;
}

bool names(const TokenUri& uri, CK_SLOT_ID slot, const CK_TOKEN_INFO& token) {
  return is(uri.token, trimmed(token.label)) && is(uri.serial, trimmed(token.serialNumber)) &&
         is(uri.manufacturer, trimmed(token.manufacturerID)) &&
         is(uri.model, trimmed(token.model)) && (!uri.slot || *uri.slot == slot);
}

template <class Value>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, Value& value) {
  return {type, &value, sizeof value};
}

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, std::span<unsigned char> bytes) {
  return {type, bytes.data(), bytes.size()};
}

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, std::string& text) {
  return {type, text.data(), text.size()};
}

/// The library, which stays for as long as the program runs: threads and handlers of its own may hang on it.
Result<CK_FUNCTION_LIST*> load(const std::string& path) {
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const auto cannot = [&] {
    return Error{Errc::unavailable, path,
                 "cannot be loaded: name the token's library by module-path"};
  };
  if (library == nullptr) return cannot();
  const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (list == nullptr || list(&functions) != CKR_OK || functions == nullptr) return cannot();
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV begun = functions->C_Initialize(&arguments);
  if (begun != CKR_OK && begun != CKR_CRYPTOKI_ALREADY_INITIALIZED) return refused("begin", begun);
  return functions;
}

Result<CK_SLOT_ID> slot_of(CK_FUNCTION_LIST& call, const TokenUri& uri) {
  CK_ULONG count = 0;
  CK_RV why = call.C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(count);
  if (why == CKR_OK) why = call.C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (why != CKR_OK) return refused("list its tokens", why);
  slots.resize(std::min<std::size_t>(count, slots.size()));
  std::erase_if(slots, [&](CK_SLOT_ID slot) {
    CK_TOKEN_INFO token{};
    return call.C_GetTokenInfo(slot, &token) != CKR_OK || !names(uri, slot, token);
  });
  if (slots.size() == 1) return slots.front();
  return failed(Errc::invalid_parameter,
                slots.empty() ? "has no token that the URI names"
                              : "has several tokens that the URI names: add serial=");
}

}  // namespace

/// A session that is logged in, and the key found in it.
class TokenKey::Session {
 public:
  explicit Session(CK_FUNCTION_LIST* call) noexcept : call_(call) {}
  ~Session() {
    if (open_) call_->C_CloseSession(session_);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Status begin(CK_SLOT_ID slot, const Secret& pin);
  Status find(const TokenUri& uri);
  Result<FileLock> wrap();
  Result<FileLock> unwrap(const WrappedKey& wrapped);

 private:
  /// An object of this session alone, gone when it ends.
  class Passing {
   public:
    explicit Passing(const Session& session) noexcept : session_(session) {}
    ~Passing() {
      if (there_) session_.call_->C_DestroyObject(session_.session_, object_);
    }
    Passing(const Passing&) = delete;
    Passing& operator=(const Passing&) = delete;

    CK_OBJECT_HANDLE* handle() noexcept { return &object_; }
    CK_OBJECT_HANDLE object() const noexcept { return object_; }
    CK_RV made(CK_RV why) noexcept { return there_ = why == CKR_OK, why; }

   private:
    const Session& session_;
    CK_OBJECT_HANDLE object_ = 0;
    bool there_ = false;
  };

  CK_FUNCTION_LIST* call_;
  CK_SESSION_HANDLE session_ = 0;
  CK_OBJECT_HANDLE key_ = 0;
  bool open_ = false;
};

Status TokenKey::Session::begin(CK_SLOT_ID slot, const Secret& pin) {
  // Keys that pass are objects of the session, for which reading would do; some tokens want more.
  CK_RV why =
      call_->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session_);
  if (why != CKR_OK) return refused("open a session", why);
  open_ = true;
  std::string copy(pin.view());  // which the interface may write to
  why = call_->C_Login(session_, CKU_USER, reinterpret_cast<unsigned char*>(copy.data()),
                       copy.size());
  std::ranges::fill(copy, '\0');
  if (why != CKR_OK && why != CKR_USER_ALREADY_LOGGED_IN) return refused("log in", why);
  return ok();
}

Status TokenKey::Session::find(const TokenUri& uri) {
  CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
  CK_KEY_TYPE aes = CKK_AES;
  std::string label = uri.object.value_or(""), id = uri.id.value_or("");
  std::vector<CK_ATTRIBUTE> wanted = {attribute(CKA_CLASS, secret), attribute(CKA_KEY_TYPE, aes)};
  if (uri.object) wanted.push_back(attribute(CKA_LABEL, label));
  if (uri.id) wanted.push_back(attribute(CKA_ID, id));
  CK_RV why = call_->C_FindObjectsInit(session_, wanted.data(), wanted.size());
  if (why != CKR_OK) return refused("look for the key", why);
  CK_OBJECT_HANDLE found[2] = {};
  CK_ULONG count = 0;
  why = call_->C_FindObjects(session_, found, 2, &count);
  call_->C_FindObjectsFinal(session_);
  if (why != CKR_OK) return refused("look for the key", why);
  if (count == 1) return key_ = found[0], ok();
  return failed(Errc::invalid_parameter,
                count == 0 ? "has no AES key in the token that the URI names"
                           : "has several AES keys in the token that the URI names: add id=");
}

Result<FileLock> TokenKey::Session::wrap() {
  Result<Secret> fresh = draw_secret(kLockSize);
  if (!fresh) return std::move(fresh).error();
  CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
  CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_ATTRIBUTE described[] = {attribute(CKA_CLASS, secret), attribute(CKA_KEY_TYPE, generic),
                              attribute(CKA_TOKEN, no), attribute(CKA_EXTRACTABLE, yes),
                              attribute(CKA_VALUE, fresh->bytes())};
  Passing passing(*this);
  CK_RV why = passing.made(
      call_->C_CreateObject(session_, described, std::size(described), passing.handle()));
  if (why != CKR_OK) return refused("take a key", why);
  CK_MECHANISM by{CKM_AES_KEY_WRAP_PAD, nullptr, 0};
  WrappedKey wrapped{};
  CK_ULONG size = wrapped.size();
  why = call_->C_WrapKey(session_, &by, key_, passing.object(), wrapped.data(), &size);
  if (why != CKR_OK) return refused("wrap a key", why);
  if (size != wrapped.size())
    return failed(Errc::unsupported, "wrapped a key otherwise than RFC 5649 says");
  return FileLock::token(*std::move(fresh), wrapped);
}

Result<FileLock> TokenKey::Session::unwrap(const WrappedKey& wrapped) {
  CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
  CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_ATTRIBUTE described[] = {attribute(CKA_CLASS, secret), attribute(CKA_KEY_TYPE, generic),
                              attribute(CKA_TOKEN, no), attribute(CKA_SENSITIVE, no),
                              attribute(CKA_EXTRACTABLE, yes)};
  WrappedKey copy = wrapped;
  CK_MECHANISM by{CKM_AES_KEY_WRAP_PAD, nullptr, 0};
  Passing passing(*this);
  CK_RV why = passing.made(call_->C_UnwrapKey(session_, &by, key_, copy.data(), copy.size(),
                                              described, std::size(described), passing.handle()));
  if (why == CKR_MECHANISM_INVALID || why == CKR_KEY_FUNCTION_NOT_PERMITTED)
    return refused("unwrap a key", why);
  if (why != CKR_OK)
    return failed(Errc::refused,
                  "does not unwrap what the file holds, and gives " + number_of(why) +
                      " as why: another key of the token wrapped it, or the file was "
                      "changed");
  Secret key(kLockSize);
  CK_ATTRIBUTE value = attribute(CKA_VALUE, key.bytes());
  why = call_->C_GetAttributeValue(session_, passing.object(), &value, 1);
  if (why != CKR_OK) return refused("give a key that it has unwrapped", why);
  if (value.ulValueLen != kLockSize)
    return failed(Errc::refused, "unwraps what is no key of 32 bytes");
  return FileLock::token(std::move(key), wrapped);
}

TokenKey::TokenKey(std::unique_ptr<Session> session) noexcept : session_(std::move(session)) {}
TokenKey::TokenKey(TokenKey&&) noexcept = default;
TokenKey& TokenKey::operator=(TokenKey&&) noexcept = default;
TokenKey::~TokenKey() = default;

Result<TokenKey> TokenKey::open(const TokenUri& uri, const Secret& pin) {
  const Result<CK_FUNCTION_LIST*> call = load(uri.module.value_or(kEverySystemModule));
  if (!call) return call.error();
  const Result<CK_SLOT_ID> slot = slot_of(**call, uri);
  if (!slot) return slot.error();
  auto session = std::make_unique<Session>(*call);
  if (Status begun = session->begin(*slot, pin); !begun) return std::move(begun).error();
  if (Status found = session->find(uri); !found) return std::move(found).error();
  return TokenKey(std::move(session));
}

Result<FileLock> TokenKey::new_lock() {
  return session_->wrap();
}

Result<FileLock> TokenKey::lock_of(const WrappedKey& wrapped) {
  return session_->unwrap(wrapped);
}

}  // namespace sfumato
