#pragma once
#include <curl/curl.h>

#include <string>

namespace thumbline {

/// Throws Stop where the file cannot be read or has no certificate in PEM: each HTTPS link would fail.
void require_certificates(const std::string& file);

/// Makes the handle trust the certificate authorities of `file` (PEM) and no others; where it is empty, those that libcurl was
/// built with. libcurl parses a file of certificates once for each multi handle, but only where it has no folder of
/// certificates (CURLOPT_CAPATH) besides; otherwise once for each connection, which takes 30 ms of processor time. So the
/// folder is left out wherever there is a file.
void trust_authorities(CURL* easy, const std::string& file);

}  // namespace thumbline
