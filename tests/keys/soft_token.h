#pragma once

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sfumato {

/// SoftHSM, a PKCS #11 token in software, whose tokens lie in a directory.
class SoftToken {
 public:
  /// Its library; none where it is not installed. SFUMATO_SOFTHSM may say where else it lies.
  static std::optional<std::string> library() {
    const char* const said = std::getenv("SFUMATO_SOFTHSM");
    for (const char* path :
         {said == nullptr ? "" : said, "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"})
      if (std::filesystem::is_regular_file(path)) return path;
    return std::nullopt;
  }

  /// Writes `FOLDER/conf`, which the variable SOFTHSM2_CONF has to name, as this process's then does.
  explicit SoftToken(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder / "tokens");
    std::ofstream(folder / "conf")
        << "directories.tokendir = " << (folder / "tokens").string() << "\nlog.level = ERROR\n";
    ::setenv("SOFTHSM2_CONF", (folder / "conf").c_str(), 1);
    void* const loaded = ::dlopen(library().value().c_str(), RTLD_NOW | RTLD_LOCAL);
    if (loaded == nullptr) throw std::runtime_error("SoftHSM can't be loaded");
    const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(loaded, "C_GetFunctionList"));
    must(list(&call_));
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    const CK_RV begun = call_->C_Initialize(&arguments);
    if (begun != CKR_CRYPTOKI_ALREADY_INITIALIZED) must(begun);
  }

  /// A token of this label and PIN.
  void add_token(std::string label, std::string pin) {
    CK_SLOT_ID slots[64];
    CK_ULONG count = 0;
    must(call_->C_GetSlotList(CK_FALSE, nullptr, &count));  // which makes room for one more token
    count = std::size(slots);
    must(call_->C_GetSlotList(CK_FALSE, slots, &count));
    const CK_SLOT_ID fresh = slots[count - 1];  // the last is the one that is not initialised
    std::string padded = label + std::string(32 - label.size(), ' ');
    must(call_->C_InitToken(fresh, bytes(pin), pin.size(), bytes(padded)));
    CK_SESSION_HANDLE session = 0;
    must(call_->C_OpenSession(fresh, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                              &session));
    must(call_->C_Login(session, CKU_SO, bytes(pin), pin.size()));
    must(call_->C_InitPIN(session, bytes(pin), pin.size()));
    must(call_->C_Logout(session));
    must(call_->C_CloseSession(session));
    slot_ = fresh;
    pin_ = pin;
  }

  /// An AES key of 32 bytes in the token that was added last.
  void add_key(std::string label, std::string id, std::array<unsigned char, 32> value,
               bool wraps = true) {
    CK_SESSION_HANDLE session = 0;
    must(call_->C_OpenSession(slot_, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                              &session));
    must(call_->C_Login(session, CKU_USER, bytes(pin_), pin_.size()));
    CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
    CK_KEY_TYPE aes = CKK_AES;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE, may_wrap = wraps ? CK_TRUE : CK_FALSE;
    CK_ATTRIBUTE described[] = {{CKA_CLASS, &secret, sizeof secret},
                                {CKA_KEY_TYPE, &aes, sizeof aes},
                                {CKA_TOKEN, &yes, 1},
                                {CKA_PRIVATE, &yes, 1},
                                {CKA_SENSITIVE, &yes, 1},
                                {CKA_EXTRACTABLE, &no, 1},
                                {CKA_WRAP, &may_wrap, 1},
                                {CKA_UNWRAP, &may_wrap, 1},
                                {CKA_LABEL, label.data(), label.size()},
                                {CKA_ID, id.data(), id.size()},
                                {CKA_VALUE, value.data(), value.size()}};
    CK_OBJECT_HANDLE key = 0;
    must(call_->C_CreateObject(session, described, std::size(described), &key));
    must(call_->C_Logout(session));
    must(call_->C_CloseSession(session));
  }

 private:
  static unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
  }
  static void must(CK_RV why) {
    if (why != CKR_OK) throw std::runtime_error("SoftHSM gives " + std::to_string(why));
  }

  CK_FUNCTION_LIST* call_ = nullptr;
  CK_SLOT_ID slot_ = 0;
  std::string pin_;
};

}  // namespace sfumato
