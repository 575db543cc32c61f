"""Calls to other people's services: breaker, bulkhead, retry, deadlines, safe fetch."""

from resume_outbound.availability import ProviderState
from resume_outbound.bootstrap import create_outbound
from resume_outbound.call import Outbound
from resume_outbound.chromium import chromium_arguments, chromium_context
from resume_outbound.connect import VettedConnector
from resume_outbound.errors import (
    CircuitOpenError,
    ConcurrencyLimitError,
    DeadlineTooCloseError,
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
    ReplicasExceedLimitError,
    WaitableError,
)
from resume_outbound.fetch import FetchLimits, Page, SafeFetcher
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.guard import UrlGuard, VettedTarget, resolve_by_system
from resume_outbound.metrics import OutboundMetrics
from resume_outbound.observer import NullObserver, Observer
from resume_outbound.policy import Policy, playbook_policies, share
from resume_outbound.proxy import GuardProxy
from resume_outbound.proxy_limits import ProxyLimits
from resume_outbound.settings import PolicySettings, load_policies
from resume_outbound.verdict import Classify, Verdict

__all__ = [
    "CircuitOpenError",
    "Classify",
    "ConcurrencyLimitError",
    "DeadlineTooCloseError",
    "FetchLimits",
    "FetchRefusedError",
    "GuardProxy",
    "NullObserver",
    "Observer",
    "Outbound",
    "OutboundError",
    "OutboundMetrics",
    "Page",
    "Policy",
    "PolicySettings",
    "ProviderFailedError",
    "ProviderRefusedError",
    "ProviderState",
    "ProxyLimits",
    "RateLimitedError",
    "ReplicasExceedLimitError",
    "SafeFetcher",
    "UrlGuard",
    "Verdict",
    "VettedConnector",
    "VettedTarget",
    "WaitableError",
    "chromium_arguments",
    "chromium_context",
    "create_outbound",
    "load_policies",
    "playbook_policies",
    "resolve_by_system",
    "share",
]
