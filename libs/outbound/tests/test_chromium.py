from resume_outbound.chromium import chromium_arguments, chromium_context


def test_chromium_asks_the_proxy_for_every_host_and_resolves_none() -> None:
    arguments = chromium_arguments("http://127.0.0.1:4321")
    assert "--proxy-server=http://127.0.0.1:4321" in arguments
    assert "--proxy-bypass-list=<-loopback>" in arguments
    assert "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1" in arguments


def test_chromium_switches_are_each_given_once() -> None:
    """Chromium takes the last of two; Playwright's own `--disable-features` must stay."""
    names = [argument.partition("=")[0] for argument in chromium_arguments("http://127.0.0.1:1")]
    assert len(set(names)) == len(names)
    assert "--disable-features" not in names


def test_chromium_context_has_no_downloads_and_no_service_workers() -> None:
    assert chromium_context() == {"accept_downloads": False, "service_workers": "block"}
