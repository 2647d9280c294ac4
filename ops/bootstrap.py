"""Makes the Python environments. Runs on any python3 (3.8 or newer) with nothing but its standard library.

python3 ops/bootstrap.py uv     puts uv into var/uv
python3 ops/bootstrap.py bot    makes .venv        (the Python of .python-version)
python3 ops/bootstrap.py web    makes web/.venv    (the Python of web/.python-version)
"""

import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV_HOME = ROOT / "var" / "uv"
UV = UV_HOME / "bin" / "uv"
FOLDERS = {"bot": ROOT, "web": ROOT / "web"}


class SetupError(Exception):
    """What is missing and what to do about it, in one line."""


def main(target):
    """Bring one target up to date; print a line on what is being done, or one on what is missing."""
    try:
        check_tools()
        if target == "uv":
            install_uv()
        else:
            make_environment(FOLDERS[target])
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def check_tools():
    """Refuse a machine that cannot work, before anything is written."""
    if sys.version_info < (3, 8):
        found = ".".join(map(str, sys.version_info[:2]))
        raise SetupError(f"python3 is {found}, but setting up needs 3.8 or newer: install one, then run make again.")
    if shutil.which("git") is None:
        raise SetupError("git was not found: install git (Debian, Ubuntu: apt-get install git), then run make again.")


def install_uv():
    """Put uv into an environment of its own with pip; its version and hashes are in ops/requirements.txt."""
    say("Setting up: installing uv into var/uv")
    (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(UV_HOME)], capture_output=True, text=True)
    if made.returncode != 0:
        version = ".".join(map(str, sys.version_info[:2]))
        raise SetupError(
            "python3 cannot make virtual environments: install venv and pip for it "
            f"(Debian, Ubuntu: apt-get install python{version}-venv), then run make again."
        )
    pip = [str(UV_HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = ["--only-binary", ":all:", "--require-hashes", "-r", str(ROOT / "ops" / "requirements.txt")]
    if subprocess.run(pip + wanted).returncode != 0:
        shutil.rmtree(UV_HOME)
        raise SetupError(
            "uv could not be installed with pip (see above): check the network, "
            "or set PIP_INDEX_URL to a package index that you can reach, then run make again."
        )


def make_environment(folder):
    """Make `folder`/.venv with the pinned packages, and the repository's root on its import path."""
    version = (folder / ".python-version").read_text().strip()
    python = folder / ".venv" / "bin" / "python"
    shown = python.parent.parent.relative_to(ROOT)
    environment = uv_environment()
    if python_version(python) != version:
        base = find_python(folder, version, environment)
        if run_uv(folder, environment, "venv", "--quiet", "--clear", "--python", base, ".venv").returncode != 0:
            raise SetupError(f"{shown} could not be made (see above): delete {shown}, then run make again.")
    say(f"Setting up: packages for Python {version} into {shown}")
    if not install_packages(folder, python, environment):
        raise SetupError(
            f"The packages of {shown} could not be installed (see above): check the network, "
            "or set UV_DEFAULT_INDEX to a package index that you can reach, then run make again."
        )
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    Path(packages, "shopdesk.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def install_packages(folder, python, environment):
    """Bring the environment to exactly the pinned packages; show uv's steps, but not each package's name."""
    command = [str(UV), "pip", "sync", "--python", str(python), "requirements-dev.txt"]
    with subprocess.Popen(command, cwd=str(folder), env=environment, stderr=subprocess.PIPE, text=True) as uv:
        for line in uv.stderr or ():
            if not line.startswith((" + ", " - ", " ~ ")):
                print(f"  {line}", end="", file=sys.stderr, flush=True)
    return uv.returncode == 0


def find_python(folder, version, environment):
    """Path of a Python of that version: one that is there (pyenv's too), else one that uv fetches."""
    found = run_uv(folder, environment, "python", "find", "--system", "--no-python-downloads", version, quiet=True)
    if found.returncode == 0:
        return found.stdout.strip()
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for candidate in sorted(glob.glob(f"{pyenv}/versions/{version}.*/bin/python")):
        if python_version(Path(candidate)) == version:
            return candidate
    say(f"Setting up: Python {version} is not here, fetching it")
    run_uv(folder, environment, "python", "install", version, quiet=True)  # one line of ours says more than its ten
    found = run_uv(folder, environment, "python", "find", "--system", "--no-python-downloads", version, quiet=True)
    if found.returncode != 0:
        raise SetupError(
            f"Python {version} was not found and could not be fetched: "
            f"install it with pyenv install {version}, then run make again."
        )
    return found.stdout.strip()


def python_version(python):
    """`3.10` for that interpreter; None when it does not run."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def run_uv(folder, environment, *arguments, quiet=False):
    """Run uv in `folder`, where pyenv offers the Python that .python-version names."""
    pipe = subprocess.PIPE if quiet else None
    return subprocess.run([str(UV), *arguments], cwd=str(folder), env=environment, stdout=pipe, stderr=pipe, text=True)


def uv_environment():
    """The environment for uv: it does not read pip's settings, so a mirror that pip is set to is passed on."""
    environment = dict(os.environ)
    environment.pop("VIRTUAL_ENV", None)
    chosen = {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE"} & set(environment)
    asked = [str(UV_HOME / "bin" / "python"), "-m", "pip", "config", "get", "global.index-url"]
    mirror = environment.get("PIP_INDEX_URL") or subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    if mirror and not chosen:
        environment["UV_DEFAULT_INDEX"] = mirror
    return environment


def say(text):
    """One line on what is being done, before uv's own progress."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
