#include "vitrine/net/ip_address.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

bool is_public(const char* text) { return !special_use(parse_ip_address(text).value()); }

TEST(IpAddress, ReadsFourDecimalNumbers) {
  const auto address = parse_ip_address("192.0.2.1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->version, 4);
  EXPECT_EQ(text_of(*address), "192.0.2.1");
}

TEST(IpAddress, WritesIpv6InItsShortForm) {
  EXPECT_EQ(text_of(parse_ip_address("2001:0DB8:0:0:0:0:0:1").value()), "2001:db8::1");
}

class NoAddress : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Texts, NoAddress,
                         ::testing::Values("", "1", "127.1", "127.0.0.1.", "127.0.0.01", "0177.0.0.1", "0x7f.0.0.1",
                                           "2130706433", "127.0.0.256", " 127.0.0.1", "127.0.0.1 ", "[::1]",
                                           "fe80::1%eth0", "::g", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9"));

TEST_P(NoAddress, IsEmpty) { EXPECT_FALSE(parse_ip_address(GetParam())); }

TEST(IpAddress, IsNoAddressWithAZeroByte) { EXPECT_FALSE(parse_ip_address(std::string_view("127.0.0.1\0x", 11))); }

class PublicAddress : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Addresses, PublicAddress,
                         ::testing::Values("1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
                                           "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0",
                                           "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
                                           "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1",
                                           "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"));

TEST_P(PublicAddress, HasNoSpecialUse) { EXPECT_TRUE(is_public(GetParam())); }

class SpecialAddress : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(
    Addresses, SpecialAddress,
    ::testing::Values("0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
                      "127.0.0.0", "127.255.255.255", "169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255",
                      "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0",
                      "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.0", "239.255.255.255", "240.0.0.0",
                      "255.255.255.255", "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1",
                      "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1", "2001:db8::1",
                      "2002:7f00:1::", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fdff::1", "fe80::1", "febf::1",
                      "fec0::1", "ff02::1", "2a00::5efe:10.0.0.1", "2a00::200:5efe:10.0.0.1"));

TEST_P(SpecialAddress, IsNotPublic) { EXPECT_FALSE(is_public(GetParam())); }

TEST(IpAddress, SaysWhatKeepsItFromBeingPublic) {
  EXPECT_EQ(special_use(*parse_ip_address("127.0.0.1")), "a loopback address");
  EXPECT_EQ(special_use(*parse_ip_address("::ffff:10.0.0.1")), "a private address");
}

}  // namespace
}  // namespace vitrine
