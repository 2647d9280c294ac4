"""Finds or gets a Chromium for the browser tests, and prints its path: `python -m ops.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ops.problem import Problem

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def chromium(env: Mapping[str, str]) -> Path:
    """Path of a browser that runs: CHROMIUM, one that is there, Playwright's, or one from apt; else a `Problem`."""
    if named := env.get("CHROMIUM"):
        if not runs(Path(named)):
            raise Problem(f"CHROMIUM is {named}, but that does not run: set it to the path of a Chromium, or unset it.")
        return Path(named)
    for get in (installed, from_playwright, from_apt):
        for path in get():
            if runs(path):
                return path
    raise Problem(
        "No Chromium was found, and none could be fetched (see above): install Chromium or Google Chrome, "
        "or set CHROMIUM to the path of one, then run make test again."
    )


def runs(path: Path) -> bool:
    """Whether it starts: Ubuntu's placeholder and a browser without its libraries do not."""
    try:
        asked = subprocess.run([str(path), "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def installed() -> Iterator[Path]:
    """Browsers of this machine, then the one that Playwright fetched before."""
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    for app in MAC_APPS:
        if Path(app).exists():
            yield Path(app)
    own = playwrights()
    if own.exists():
        yield own


def playwrights() -> Path:
    """Where Playwright keeps its Chromium, whether it is there or not."""
    code = "from playwright.sync_api import sync_playwright as p\nwith p() as w: print(w.chromium.executable_path)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return Path(asked.stdout.strip())


def from_playwright() -> Iterator[Path]:
    """Playwright's installer, with the libraries that it needs where apt may put them."""
    say("Getting a Chromium with Playwright's installer")
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr).returncode == 0:
        own = playwrights()
        if not runs(own) and apt() is not None:
            subprocess.run([sys.executable, "-m", "playwright", "install-deps", "chromium"], stdout=sys.stderr)
        yield own


def from_apt() -> Iterator[Path]:
    """The distribution's package, where apt may install."""
    if apt() is not None:
        say("Getting a Chromium with apt")
        for package in ("chromium", "chromium-browser"):
            if apt_install(package) and (found := shutil.which(package)):
                yield Path(found)


def ensure_chinese_font() -> None:
    """Pages are Chinese: get a font where none is there; without one they are tested with empty boxes for letters."""
    if shutil.which("fc-list") is None or has_chinese_font():
        return
    if apt() is not None:
        say("Getting a Chinese font with apt")
        apt_install("fonts-noto-cjk")
    if not has_chinese_font():
        say("No Chinese font was found: the tests run, but screenshots show boxes. Install fonts-noto-cjk.")


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font with Chinese letters."""
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def apt() -> list[str] | None:
    """How apt-get is called where that needs no password; None where it may not be used."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    passwordless = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n", "apt-get"] if passwordless else None


def apt_install(package: str) -> bool:
    """Install one package; what apt says goes to the terminal."""
    command = apt()
    if command is None:
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*command, "update", "-q"], env=env, stdout=sys.stderr, check=False)
    wanted = [*command, "install", "-q", "-y", "--no-install-recommends", package]
    return subprocess.run(wanted, env=env, stdout=sys.stderr, check=False).returncode == 0


def say(text: str) -> None:
    """A line on what is being done; standard output is for the path alone."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Print the path of a Chromium that runs."""
    try:
        ensure_chinese_font()
        print(chromium(os.environ))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
