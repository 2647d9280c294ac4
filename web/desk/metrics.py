"""What the desk counts, as Prometheus reads it at /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """One desk's numbers; times in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        name, to = "shopdesk_desk_", self.registry
        self.connections = Gauge(name + "connections", "Open sockets", registry=to)
        self.waiting = Gauge(name + "waiting", "Conversations in the queue", registry=to)
        self.held = Gauge(name + "held", "Conversations with agents", registry=to)
        self.online = Gauge(name + "agents_online", "Agents online", registry=to)
        self.dispatch_s = Gauge(name + "dispatch_seconds", "How long the last dispatch took to decide", registry=to)
        self.leads = Gauge(name + "leads", "Whether this desk dispatches", registry=to)
        self.redis_up = Gauge(name + "redis_up", "Whether Redis answers", registry=to)
        self.frames_in = Counter(name + "frames_in", "Frames from agents", ["type"], registry=to)
        self.errors = Counter(name + "errors", "What was refused", ["code"], registry=to)
        self.dropped = Counter(name + "slow_readers_dropped", "Sockets that did not read", registry=to)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)
