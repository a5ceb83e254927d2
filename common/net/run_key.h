#pragma once
#include <string>

namespace thumbline {

/// The CURVE key pair of a run (Z85, 40 characters each; ZeroMQ RFC 26 and 32). Whoever has it is in, as server and as client;
/// nobody else is.
struct RunKey {
  std::string public_key;
  std::string secret_key;

  /// A new pair; throws Stop where libzmq was built without CURVE.
  static RunKey generate();

  /// Reads a key file; throws Stop (bad_usage) where it is missing, no file, damaged, or readable for others than its owner.
  static RunKey load(const std::string& file);

  /// Writes the key file with mode 0600, all at once; throws Stop where that fails. One that is there stays as it is.
  void save(const std::string& file) const;
};

}  // namespace thumbline
