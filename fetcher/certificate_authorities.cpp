#include "fetcher/certificate_authorities.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <string_view>

#include "common/base/program.h"

namespace thumbline {
namespace {

/// Distributions make folder and file from the same certificates. A system may have the folder alone, or an empty file.
bool is_there(const char* file) {
  std::error_code error;
  return file != nullptr && std::filesystem::file_size(file, error) > 0 && !error;
}

void set(CURL* easy, CURLoption option, const char* value) {
  if (curl_easy_setopt(easy, option, value) == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
}

}  // namespace

void require_certificates(const std::string& file) {
  std::ifstream in(file);
  bool found = false;
  for (std::string line; !found && std::getline(in, line);) {
    // OpenSSL also writes "TRUSTED CERTIFICATE" and reads "X509 CERTIFICATE".
    found = line.starts_with("-----BEGIN") && line.find(" CERTIFICATE-----") != std::string::npos;
  }
  if (found) return;
  const std::string why = in.is_open() && !in.bad() ? "there is no certificate in PEM in this file" : std::strerror(errno);
  throw Stop(ExitCode::bad_usage, "--ca-file " + file + ": " + why);
}

void trust_authorities(CURL* easy, const std::string& file) {
  const char* built_in = nullptr;
  curl_easy_getinfo(easy, CURLINFO_CAINFO, &built_in);
  if (!file.empty()) set(easy, CURLOPT_CAINFO, file.c_str());
  if (!file.empty() || is_there(built_in)) set(easy, CURLOPT_CAPATH, nullptr);
}

}  // namespace thumbline
