#pragma once

namespace sfumato {

// Written by Python: hashlib.scrypt and AESGCM of the package `cryptography` 48.0.0.
inline constexpr const char* kByPassphrase =
    "sfumato key 1\n"
    "type ed25519\n"
    "public 03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8\n"
    "lock passphrase\n"
    "scrypt 14 8 1 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\n"
    "nonce 808182838485868788898a8b\n"
    "sealed b0a63904ffb2d2bac9e9bcbd063a458ed6e01222a3adf65a5a553e188992f5355128037e97e02bda12dfd12"
    "e721842ff\n";
inline constexpr const char* kByKey =
    "sfumato key 1\n"
    "type ed25519\n"
    "public 03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8\n"
    "lock key\n"
    "scrypt 14 8 1 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\n"
    "nonce 808182838485868788898a8b\n"
    "sealed 186a956782aeb895a4e6297df922305cc7c487a93bd11d0fae1c003563a733ee26bb18c97cb8cc6a85453eb"
    "835b98c87\n";

// Written by Python: hashlib.scrypt, HKDF and aes_key_wrap_with_padding of the package `cryptography`
// 48.0.0, hmac. The roots are the bytes 0 to 31 and 32 to 63, the locks those of the files above.
inline constexpr const char* kRingByPassphrase =
    "sfumato ring 1\n"
    "id 1011121314151617\n"
    "lock passphrase\n"
    "scrypt 14 8 1 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\n"
    "commitment 321525643e15798b3bcd8adfde59d6f9b153a34c9a204e0950734526df464d17\n"
    "rights reidentify\n"
    "key 1 a51784c997df1bd988ee85aeca96da449c165b5cf176b0e4959a83b567e84a1d58a65d2ee8e59a31\n"
    "key 2 eaa2df21eaa0fb0ffce67deba87ffc869a29f03c71f06a87fda24df1f4f565dd26a586fed1dccb65\n"
    "tag 79433aaefe82403ae586ff01e2bbb5fae3b569bd7381ce501d2b3e771b80a1ec\n";
inline constexpr const char* kRingByKey =
    "sfumato ring 1\n"
    "id 1011121314151617\n"
    "lock key\n"
    "scrypt 14 8 1 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\n"
    "commitment 2ff1408d5224cd83d6322f85776b770eb449c90daefe6c3823b31a8b0bc87690\n"
    "rights reidentify\n"
    "key 1 33577ad575143048210c7952e71ad8083b5a48ebcbe0ca586f920d8f2c54a25d8bb1eebd5b2d9fe6\n"
    "key 2 a454e085cfe65988033ba00da9ca743e52a98bc5edd958bf3f6acc3788f757d51ab6642f4d57ff2c\n"
    "tag ad2a4693b2b952d6e9d15ef4f3e6f0731abf0ebd558d61640fc3e89f9044ddf5\n";

// Of version 1 and 2 the key of 64 bytes for the purpose "pseudonym", "patient", "aes-siv".
inline constexpr const char* kDerivedByVersion1 =
    "af0d5c1781705171f1fa4f05462c8d75355227775a71dc84b1d6116dfed80874"
    "69d6deced98a3b929b7991b34d99ad5b6fc370f61023edd524621021b1dfb7d2";
inline constexpr const char* kDerivedByVersion2 =
    "4d221db894c88f1f1fc44459fcc774471bf4451a7d583aa488b05064107db3ac"
    "a2a542fc27eff04816e46836315de8764922a2a0a3f88d0cf518fc1608eae84a";

}  // namespace sfumato
