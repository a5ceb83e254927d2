#include "collector/network_file_system.h"

#include <linux/magic.h>

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("file systems of other machines are told from those of this one") {
  CHECK(network_file_system_name(NFS_SUPER_MAGIC) == "NFS");
  CHECK(network_file_system_name(SMB_SUPER_MAGIC) == "SMB");
  CHECK(network_file_system_name(0xfe534d42) == "SMB2");
  CHECK(network_file_system_name(V9FS_MAGIC) == "9p");
  CHECK(network_file_system_name(EXT4_SUPER_MAGIC).empty());
  CHECK(network_file_system_name(XFS_SUPER_MAGIC).empty());
  CHECK(network_file_system_name(BTRFS_SUPER_MAGIC).empty());
  CHECK(network_file_system_name(TMPFS_MAGIC).empty());
  CHECK(network_file_system_name(OVERLAYFS_SUPER_MAGIC).empty());
  CHECK(network_file_system("/proc").empty());
  CHECK(network_file_system("").empty() == network_file_system(".").empty());
}
