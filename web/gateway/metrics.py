"""What the door counts, as Prometheus reads it at /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
APPEND_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """One gateway's numbers; times in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        name, to = "shopdesk_gateway_", self.registry
        self.connections = Gauge(name + "connections", "Open sockets", registry=to)
        self.long_polls = Gauge(name + "long_polls", "Requests that wait for news", registry=to)
        self.frames_in = Counter(name + "frames_in", "Frames from shoppers", ["type"], registry=to)
        self.frames_out = Counter(name + "frames_out", "Frames to sockets", ["type"], registry=to)
        self.errors = Counter(name + "errors", "What was refused", ["code"], registry=to)
        self.dropped = Counter(name + "slow_readers_dropped", "Sockets that did not read", registry=to)
        self.sessions = Counter(name + "sessions", "Sessions opened", registry=to)
        self.append_s = Histogram(
            name + "append_seconds", "Time until a message is stored", buckets=APPEND_BUCKETS, registry=to
        )
        self.redis_up = Gauge(name + "redis_up", "Whether Redis answers", registry=to)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)
