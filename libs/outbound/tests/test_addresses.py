import pytest

from resume_outbound.addresses import ends_in_number, is_private_name, is_public

PRIVATE = [
    "0.0.0.0",  # noqa: S104  an address to refuse, nothing binds to it
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "2600::5efe:127.0.0.1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2600::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_off_the_public_internet_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_public_internet_are_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["1", "0x7f.1", "127.1", "a.b.0x", "a.017", "0x", "1.2.3.4"])
def test_addresses_in_disguise_are_seen(host: str) -> None:
    assert ends_in_number(host)


@pytest.mark.parametrize("host", ["example.com", "1.example.com", "0xabc.de", "x1", "a.1a"])
def test_addresses_ordinary_names_are_no_disguise(host: str) -> None:
    assert not ends_in_number(host)


@pytest.mark.parametrize(
    "host", ["localhost", "intranet", "a.localhost", "printer.local", "metadata.google.internal"]
)
def test_addresses_local_names_are_private(host: str) -> None:
    assert is_private_name(host)


@pytest.mark.parametrize("host", ["example.com", "local.example.com", "mylocal.com"])
def test_addresses_public_names_are_not(host: str) -> None:
    assert not is_private_name(host)
