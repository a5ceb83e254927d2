#pragma once
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace thumbline::test {

/// A server on 127.0.0.1 that answers each request as its script says, byte for byte. Connections stay open until the script
/// or the client closes them.
class ScriptedServer {
 public:
  struct Request {
    int connection = 0;  ///< the how manieth of this server, from 1
    int number = 0;      ///< on that connection, from 1
    std::string head;    ///< request line and header fields
    [[nodiscard]] std::string path() const;
  };
  enum class Then { stay, close, reset };
  struct Reply {
    std::string bytes;
    Then then = Then::stay;
  };
  using Script = std::function<Reply(const Request& request)>;

  /// The script is called by the server's own thread.
  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  /// "http://127.0.0.1:PORT" + path.
  [[nodiscard]] std::string url(const std::string& path) const { return "http://127.0.0.1:" + port_ + path; }
  [[nodiscard]] const std::string& port() const { return port_; }
  /// What has come so far.
  [[nodiscard]] std::vector<Request> requests() const;

  /// A whole answer.
  static std::string answer(const std::string& status, const std::string& fields, const std::string& body);
  /// One with a tiny picture.
  static std::string picture(const std::string& fields = "");
  static const std::string tiny_gif;

 private:
  struct Connection {
    int socket;
    int number;
    int requests = 0;
    std::string heard;
  };

  void serve();
  /// False where the connection is over.
  bool hear(Connection& connection);

  Script script_;
  int listener_;
  int wake_[2]{};
  std::string port_;
  std::vector<Connection> open_;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;  ///< behind mutex_
  std::thread thread_;
};

}  // namespace thumbline::test
