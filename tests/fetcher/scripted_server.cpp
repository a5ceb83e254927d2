#include "tests/fetcher/scripted_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace thumbline::test {

const std::string ScriptedServer::tiny_gif("GIF89a\1\0\1\0\0\0\0;", 14);

std::string ScriptedServer::Request::path() const {
  const std::size_t begin = head.find(' ') + 1;
  return head.substr(begin, head.find(' ', begin) - begin);
}

std::string ScriptedServer::answer(const std::string& status, const std::string& fields, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string ScriptedServer::picture(const std::string& fields) {
  return answer("200 OK", fields, tiny_gif);
}

ScriptedServer::ScriptedServer(Script script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), length) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0 || ::pipe(wake_) != 0) {
    throw std::runtime_error("no server");
  }
  port_ = std::to_string(ntohs(address.sin_port));
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  ::close(wake_[1]);
  thread_.join();
  for (const Connection& connection : open_) ::close(connection.socket);
  ::close(listener_);
  ::close(wake_[0]);
}

std::vector<ScriptedServer::Request> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::serve() {
  int connections = 0;
  while (true) {
    std::vector<pollfd> items{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Connection& connection : open_) items.push_back({connection.socket, POLLIN, 0});
    ::poll(items.data(), items.size(), -1);
    if (items[0].revents != 0) return;
    for (std::size_t i = items.size(); i-- > 2;) {
      if (items[i].revents == 0 || hear(open_[i - 2])) continue;
      ::close(open_[i - 2].socket);
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i - 2));
    }
    if (items[1].revents != 0) {
      open_.push_back({::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), ++connections, 0, {}});
    }
  }
}

bool ScriptedServer::hear(Connection& connection) {
  std::array<char, 4096> bytes{};
  const ssize_t count = ::read(connection.socket, bytes.data(), bytes.size());
  if (count <= 0) return false;
  connection.heard.append(bytes.data(), static_cast<std::size_t>(count));
  for (std::size_t end = 0; (end = connection.heard.find("\r\n\r\n")) != std::string::npos;) {
    const Request request{connection.number, ++connection.requests, connection.heard.substr(0, end + 2)};
    connection.heard.erase(0, end + 4);
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const Reply reply = script_(request);
    ::send(connection.socket, reply.bytes.data(), reply.bytes.size(), MSG_NOSIGNAL);
    if (reply.then == Then::reset) {
      const linger at_once{1, 0};
      ::setsockopt(connection.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    if (reply.then != Then::stay) return false;
  }
  return true;
}

}  // namespace thumbline::test
