#pragma once
#include <string>

namespace thumbline {

/// A CURVE key pair (Z85, 40 characters each; ZeroMQ RFC 26 and 32).
struct KeyPair {
  std::string public_key;
  std::string secret_key;  ///< empty where only the public half is known
};

/// What somebody may say in a run: workers answer for the links they were given, the coordinator (producer and collector) alone
/// decides what the run is.
enum class Role { coordinator, worker };

/// The keys of a run, as one program has them. The coordinator has all of them, in coordinator.key; workers have the pair that
/// they share and the coordinator's public key, in run.key. The workers' pair follows from the coordinator's secret, so run.key
/// can be made again.
struct RunKey {
  KeyPair coordinator;
  KeyPair worker;

  [[nodiscard]] Role role() const { return coordinator.secret_key.empty() ? Role::worker : Role::coordinator; }
  /// The pair that is this program's own.
  [[nodiscard]] const KeyPair& own() const { return role() == Role::coordinator ? coordinator : worker; }
  /// What workers may know of it.
  [[nodiscard]] RunKey for_workers() const { return {{coordinator.public_key, ""}, worker}; }
  /// 32 bytes that follow from the coordinator's secret, others for each purpose (8 characters). The coordinator's alone.
  [[nodiscard]] std::string derived(const std::string& purpose) const;

  /// New keys; throws Stop where libzmq was built without CURVE.
  static RunKey generate();

  /// Reads run.key; throws Stop (bad_usage) where it is missing, no file, damaged, or readable for others than its owner.
  static RunKey load(const std::string& file);
  /// Reads the coordinator.key beside the run.key `file`; throws as load(), and where it belongs to another user.
  static RunKey load_coordinator(const std::string& file);

  /// As load_coordinator(); makes both files where they are missing. Throws Stop (bad_usage) also where run.key is that of
  /// another coordinator. A run.key of the time before there were roles is replaced.
  static RunKey make(const std::string& file);

  /// Writes run.key and, where the secret is known, the coordinator.key beside it with mode 0600, each all at once; throws Stop
  /// where that fails. Files that are there stay as they are.
  void save(const std::string& file) const;
};

}  // namespace thumbline
