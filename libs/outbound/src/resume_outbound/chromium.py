"""How Chromium is started so that every byte of it goes through a `GuardProxy`."""

from typing import Literal, TypedDict
from urllib.parse import urlsplit


class ContextOptions(TypedDict):
    """Arguments of Playwright's `browser.new_context`."""

    accept_downloads: bool
    service_workers: Literal["block"]


def chromium_arguments(proxy_url: str) -> list[str]:
    """Command line switches; `proxy_url` is `GuardProxy.url`.

    Chromium asks the proxy for every host, its own loopback and link-local exceptions included
    (`<-loopback>`), and resolves no name itself: the resolver rules answer "not found" for all but
    the proxy's address. What does not go over TCP through a proxy (QUIC, WebRTC over UDP) is off.
    """
    proxy = urlsplit(proxy_url).hostname
    return [
        f"--proxy-server={proxy_url}",
        "--proxy-bypass-list=<-loopback>",
        f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {proxy}",
        "--dns-over-https-mode=off",
        "--dns-prefetch-disable",
        "--disable-quic",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--no-pings",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-domain-reliability",
        "--disable-extensions",
        "--disable-sync",
        "--metrics-recording-only",
        "--no-first-run",
    ]


def chromium_context() -> ContextOptions:
    """Each page's context: no downloads, no service workers, for which there are no switches."""
    return {"accept_downloads": False, "service_workers": "block"}
