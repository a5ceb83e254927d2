#include "collector/network_file_system.h"

#include <sys/vfs.h>

#include <algorithm>
#include <array>

namespace thumbline {
namespace {

struct Type {
  std::uint64_t number;
  std::string_view name;
};

// linux/magic.h, statfs(2), and the sources of those that are not part of the kernel.
constexpr std::array types{
    Type{0x6969, "NFS"},        Type{0x517b, "SMB"},       Type{0xff534d42, "CIFS"},   Type{0xfe534d42, "SMB2"},
    Type{0x65735546, "FUSE"},   Type{0x01021997, "9p"},    Type{0x0bd00bd0, "Lustre"}, Type{0x47504653, "GPFS"},
    Type{0x00c36400, "Ceph"},   Type{0x5346414f, "AFS"},   Type{0x6b414653, "AFS"},    Type{0x73757245, "Coda"},
    Type{0x19830326, "BeeGFS"}, Type{0x7461636f, "OCFS2"}, Type{0x01161970, "GFS2"},   Type{0x20030528, "OrangeFS"},
    Type{0xaad7aaea, "PanFS"},  Type{0x564c, "NCP"},       Type{0x786f4256, "vboxsf"}, Type{0xbacbacbc, "vmhgfs"},
};

}  // namespace

std::string_view network_file_system_name(std::uint64_t type) {
  const auto found = std::ranges::find(types, type, &Type::number);
  return found == types.end() ? std::string_view() : found->name;
}

std::string network_file_system(const std::filesystem::path& folder) {
  struct statfs about {};
  if (::statfs(folder.empty() ? "." : folder.c_str(), &about) != 0) return {};
  // f_type is signed on some machines; the numbers have 32 bits.
  return std::string(network_file_system_name(static_cast<std::uint32_t>(about.f_type)));
}

}  // namespace thumbline
