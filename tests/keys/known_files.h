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

}  // namespace sfumato
