"""`python -m bench.side_by_side.echo PORT`: a server of Sanic's that sends back what comes in, and does nothing else."""

from __future__ import annotations

import sys

from sanic import Request, Sanic, Websocket

app = Sanic("echo")


@app.websocket("/")
async def echo(request: Request, ws: Websocket) -> None:
    """Each message comes back."""
    async for message in ws:
        await ws.send(message)


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), single_process=True, access_log=False, motd=False)
